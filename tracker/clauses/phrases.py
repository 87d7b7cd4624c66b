"""Phrases as a lawyer writes them, found in a text by their first words.

A phrase is a Python regular expression over folded text (small letters, no accents, straight quotes) with
two shorthands, and it starts and ends at the border of a word:

    advertis*           any ending: "advertise", "advertising", "advertisers"
    (your |the )*data   a group any number of times, up to six
    share ... third     up to 60 characters between, not past a semicolon
    *vrij               any beginning: "reclamevrij" (German and Dutch compounds)

Searching for each of some hundred expressions costs 1 ms apiece in a document of 10,000 words, because `\\b`
in front keeps `re` from looking for the letters behind it. So the first words of each phrase are worked out
once, and an expression is tried only where one of its first words stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.text import canonical

GAP = 60  # characters that " ... " may stand for; bounded, so that no phrase can run away
_GAP = rf"(?:\b|(?!\w))[^;]{{0,{GAP}}}?\b"
_TOKEN = re.compile(r"\w+")
_ADDRESS = re.compile(r"\(?https?://[^\s)]*\)?")  # its words are no words of the policy


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters without accents, straight quotes and dashes.

    >>> fold("Wir geben Daten WEITER – für Ihre Bestellung")
    'wir geben daten weiter - fur ihre bestellung'
    """
    if "://" in text:
        text = _ADDRESS.sub(" ", text)
    folded = canonical(text).casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))


def to_regex(phrase: str) -> str:
    """The regular expression a phrase stands for; the word border in front is left to the caller.

    >>> to_regex("sell* ... data")
    '(?:sell\\\\w*(?:\\\\b|(?!\\\\w))[^;]{0,60}?\\\\bdata)(?!\\\\w)'
    """
    regex = f"(?:{fold_pattern(phrase)})".replace(" ... ", _GAP)
    regex = regex.replace(")*", "){0,6}").replace(")+", "){1,6}").replace("*", r"\w*")
    return regex + r"(?!\w)"


def fold_pattern(phrase: str) -> str:
    """Like fold, but `\\W` and `\\D` keep their meaning."""
    return re.sub(r"\\.|[^\\]+", lambda m: m[0] if m[0][0] == "\\" else _letters(m[0]), phrase)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'")


def first_words(phrase: str) -> frozenset[str]:
    """How the first word of any match begins; a blank behind it where that is all of the word.

    >>> sorted(first_words("(re-?)?target* ... you"))
    ['re ', 'retarget', 'target']
    """
    return frozenset(_starts(f"({fold_pattern(phrase)})".replace(" ... ", " "), ""))


def _starts(pattern: str, stem: str) -> Iterator[str]:
    if not pattern:
        yield stem + " "
        return
    head, rest = pattern[0], pattern[1:]
    if head == "(":
        body, rest = _group(pattern)
        if body.startswith(("?!", "?=", "?<")):
            yield from _starts(rest, stem)
            return
        optional = rest[:1] in ("?", "*")
        rest = rest.lstrip("?*+")
        for option in [*_alternatives(body.removeprefix("?:")), *([""] if optional else [])]:
            yield from _starts(option + rest, stem)
    elif head == "[" and pattern[1:2] != "^" and pattern[1 : pattern.find("]")].isalnum():
        letters, _, rest = pattern[1:].partition("]")
        for option in [*letters, *([""] if rest[:1] == "?" else [])]:
            yield from _starts(option + rest.removeprefix("?"), stem)
    elif pattern.startswith(r"\d"):
        yield from (stem + digit for digit in "0123456789") if not stem else (stem,)
    elif rest[:1] == "?":
        yield from _starts(head + rest[1:], stem)
        yield from _starts(rest[1:], stem)
    elif head.isalnum() and rest[:1] in ("+", "{"):
        yield stem + head if rest[0] == "+" else stem
    elif head.isalnum():
        yield from _starts(rest, stem + head)
    elif head == "*" and not stem:
        yield from ("*" + start.strip() for start in _starts(rest, ""))
    elif head in "*.[\\":
        yield stem
    else:
        yield stem + " " if stem else head


def _group(pattern: str) -> tuple[str, str]:
    """What the leading parenthesis holds, and what follows it."""
    depth = 0
    for at, letter in enumerate(pattern):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return pattern[1:at], pattern[at + 1 :]
    return pattern[1:], ""


def _alternatives(body: str) -> list[str]:
    """The alternatives of a group, not those of groups inside it."""
    found, depth = [""], 0
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of the lexicon."""

    topic: str
    text: str  # as written in the TOML
    weight: float = 1.0
    action: str = ""  # what is done: "sell", "share"
    facet: str = ""
    denies: bool = False  # says by itself that it is not done: "ad-free"
    mention: bool = False  # names the topic and takes no side: gives way to any phrase that does
    excludes: bool = False  # looks like the topic and is not: "legal age"
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    phrase: Phrase
    start: int  # in the folded text
    end: int


@dataclass(frozen=True, eq=False)
class Finder:
    """All phrases of one language, ready to be found."""

    exact: Mapping[str, tuple[int, ...]]
    stems: Mapping[str, tuple[int, ...]]
    inner: tuple[tuple[str, int], ...]  # "*vrij": looked for in each new word
    symbols: tuple[tuple[str, re.Pattern[str], int], ...]  # "@": tried where the symbol occurs
    regexes: tuple[re.Pattern[str], ...]
    phrases: tuple[Phrase, ...]
    longest: int
    memo: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def hits(self, folded: str) -> list[Hit]:
        """Where phrases stand in a folded text, in reading order."""
        found = []
        memo, regexes, phrases = self.memo, self.regexes, self.phrases
        for token in _TOKEN.finditer(folded):
            word = token[0]
            candidates = memo.get(word)
            if candidates is None:
                candidates = self._candidates(word)
            for number in candidates:
                match = regexes[number].match(folded, token.start())
                if match:
                    found.append(Hit(phrases[number], match.start(), match.end()))
        for symbol, regex, number in self.symbols:
            if symbol in folded:
                found += [Hit(phrases[number], *m.span()) for m in regex.finditer(folded)]
        return found

    def _candidates(self, word: str) -> tuple[int, ...]:
        """The phrases that may begin with this word, remembered: texts repeat their words."""
        found = list(self.exact.get(word, ()))
        for length in range(1, min(len(word), self.longest) + 1):
            found += self.stems.get(word[:length], ())
        found += [number for part, number in self.inner if part in word]
        if len(self.memo) > 100_000:
            self.memo.clear()
        return self.memo.setdefault(word, tuple(sorted(set(found))))


def finder(phrases: Iterable[Phrase]) -> Finder:
    """Index the phrases by their first words."""
    phrases = tuple(phrases)
    regexes = tuple(re.compile(to_regex(phrase.text)) for phrase in phrases)
    exact: dict[str, list[int]] = {}
    stems: dict[str, list[int]] = {}
    inner, symbols = [], []
    for number, phrase in enumerate(phrases):
        for start in first_words(phrase.text):
            if start.endswith(" ") and start.strip():
                exact.setdefault(start.strip(), []).append(number)
            elif start.isalnum():
                stems.setdefault(start, []).append(number)
            elif start.startswith("*"):
                inner.append((start[1:], number))
            else:
                symbols.append((start, regexes[number], number))
    return Finder(
        exact={word: tuple(numbers) for word, numbers in exact.items()},
        stems={stem: tuple(numbers) for stem, numbers in stems.items()},
        inner=tuple(inner),
        symbols=tuple(symbols),
        regexes=regexes,
        phrases=phrases,
        longest=max(map(len, stems), default=0),
    )
