"""Phrases as a lawyer writes them, found in a text by their first words.

A phrase is a Python regular expression over folded text (small letters, no accents, straight
quotes) with shorthands; it starts and ends at the border of a word:

    advertis*           any ending: "advertise", "advertising", "advertisers"
    (your |the )*data   a group any number of times, up to six
    share ... third     up to 60 characters between, not past a semicolon
    *vrij               any beginning: "reclamevrij" (German and Dutch compounds)

Searching for each of some hundred expressions costs 1 ms apiece in a document of 10,000 words,
because `\\b` in front keeps `re` from looking for the letters behind it. So the first words of each
phrase are worked out once, and an expression is tried only where one of its first words stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tracker.text import tidy

GAP = 60  # characters that " ... " may stand for; bounded, so that no phrase can run away
_GAP = rf"(?:\b|(?!\w))[^;]{{0,{GAP}}}?\b"
_TOKEN = re.compile(r"\w+")
_ACCENTS = re.compile("[\u0300-\u036f]")  # once taken off their letters
_MARKS_OF_TYPE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_ADDRESS = re.compile(r"\(?https?://[^\s)]*\)?")  # its words are no words of the policy


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters without accents, straight quotes and dashes.

    >>> fold("Wir geben Daten WEITER – für Ihre Bestellung")
    'wir geben daten weiter - fur ihre bestellung'
    """
    if "://" in text:
        text = _ADDRESS.sub(" ", text)
    if text.isascii():
        return " ".join(text.split()).casefold()
    return " ".join(_letters(tidy(text)).split())


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
    plain = unicodedata.normalize("NFKD", text.translate(_MARKS_OF_TYPE)).casefold()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))


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


# The phrases a word may open at once; those it may open if their later word follows, and those
# whose later word it may be, a bit each.
_Known = tuple[tuple[int, ...], int, int]


class _Triggers:
    """Which phrases a word may open, or promise a later word of."""

    def __init__(self) -> None:
        self._exact: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        self._inner: list[tuple[str, int]] = []  # "*vrij": anywhere in a word
        self._longest = 0

    def add(self, start: str, code: int) -> None:
        if start.startswith("*"):
            self._inner.append((start[1:], code))
        elif start.endswith(" "):
            self._exact.setdefault(start[:-1], []).append(code)
        else:
            self._stems.setdefault(start, []).append(code)
            self._longest = max(self._longest, len(start))

    def of(self, word: str) -> list[int]:
        found = list(self._exact.get(word, ()))
        stems = self._stems
        for length in range(1, min(len(word), self._longest) + 1):
            if word[:length] in stems:
                found += stems[word[:length]]
        found += [code for part, code in self._inner if part in word]
        return sorted(set(found))


class Finder:
    """All phrases of one language, ready to be found.

    A phrase of several words is tried only where its rarest later word follows in the text: most
    first words ("information", "you") are common, and most tries would fail at the end of a gap.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._regexes = tuple(re.compile(to_regex(phrase.text)) for phrase in self.phrases)
        self._triggers = _Triggers()  # number: may open the phrase; ~number: holds its later word
        self._symbols: list[tuple[str, int]] = []  # "@": tried where the symbol occurs
        self._waiting: set[int] = set()  # phrases that need a later word ahead of them
        self._memo: dict[str, _Known] = {}
        self._numbers: dict[int, tuple[int, ...]] = {}
        for number, phrase in enumerate(self.phrases):
            self._index(number, phrase.text)

    def _index(self, number: int, text: str) -> None:
        for start in first_words(text):
            if start.strip(" *").isalnum():
                self._triggers.add(start, number)
            else:
                self._symbols.append((start, number))
        for later in _later_words(text):
            self._waiting.add(number)
            self._triggers.add(later, ~number)

    def hits(self, folded: str) -> list[Hit]:
        """Where phrases stand in a folded text, in reading order."""
        found = []
        ahead = 0  # phrases whose later word follows, a bit each
        memo, numbers, regexes, phrases = self._memo, self._numbers, self._regexes, self.phrases
        for token in reversed(list(_TOKEN.finditer(folded))):
            eager, waiting, promised = memo.get(token[0]) or self._learn(token[0])
            ready = waiting & ahead
            if ready:
                eager += numbers.get(ready) or self._number(ready)
            for number in eager:
                match = regexes[number].match(folded, token.start())
                if match:
                    found.append(Hit(phrases[number], match.start(), match.end()))
            ahead |= promised
        found.reverse()
        for symbol, number in self._symbols:
            if symbol in folded:
                found += [Hit(phrases[number], *m.span()) for m in regexes[number].finditer(folded)]
        return found

    def _number(self, bits: int) -> tuple[int, ...]:
        """The numbers of phrases, a bit each, remembered: the same phrases wait together."""
        if len(self._numbers) > 100_000:
            self._numbers.clear()
        found = tuple(at for at in range(bits.bit_length()) if bits >> at & 1)
        return self._numbers.setdefault(bits, found)

    def _learn(self, word: str) -> _Known:
        """The phrases a word may open and close, remembered: texts repeat their words."""
        if len(self._memo) > 100_000:
            self._memo.clear()
        codes = self._triggers.of(word)
        known = (
            tuple(code for code in codes if code >= 0 and code not in self._waiting),
            sum(1 << code for code in codes if code in self._waiting),
            sum(1 << ~code for code in codes if code < 0),
        )
        return self._memo.setdefault(word, known)


def _later_words(text: str) -> frozenset[str]:
    """First words of the part behind the first that says most: long words are rare words."""
    parts = [part for part in _pieces(text)[1:] if not part.endswith((")?", ")*"))]
    choices = [first_words(part) for part in parts]
    usable = [c for c in choices if all(start.strip(" *").isalnum() for start in c)]
    return max(usable, key=lambda c: min(map(len, c)), default=frozenset())


def _pieces(text: str) -> list[str]:
    """The words of a phrase, brackets kept whole; one piece where it is alternatives.

    >>> _pieces("(sell|rent) (your )?data ... third part(y|ies)")
    ['(sell|rent)', '(your )?data', 'third', 'part(y|ies)']
    """
    if len(_alternatives(text)) > 1:
        return [text]
    found, depth = [""], 0
    for letter in text.replace(" ... ", " "):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == " " and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found
