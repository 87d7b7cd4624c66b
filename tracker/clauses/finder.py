"""Where the phrases of a lexicon stand in a text.

Searching for each of some hundred expressions costs 1 ms apiece in a document of 10,000 words,
because `\\b` in front keeps `re` from looking for the letters behind it. So it is worked out once
which words a phrase may begin with, go on with, and must hold later; and an expression is tried
only at such a first word, before such a second, with such a word ahead.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tracker.clauses.openings import openings, usable
from tracker.clauses.phrases import Phrase, fold_pattern, to_regex

_TOKEN = re.compile(r"\w+")
_MOST = 100_000  # words and sets of phrases remembered


class Hit(NamedTuple):
    """A phrase in a text. A tuple, since there are thousands: it is made in a third of the time."""

    phrase: Phrase
    start: int  # in the folded text
    end: int


class _Known(NamedTuple):
    """What a word may be to each phrase, a bit a phrase."""

    alone: int  # opens it, whatever follows
    paired: int  # opens it, if the next word goes on
    second: int  # goes on
    later: int  # the word that must be ahead


class Finder:
    """All phrases of one language, ready to be found.

    An expression is compiled when it is first tried: a short text tries few.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._regexes: list[re.Pattern[str] | None] = [None] * len(self.phrases)
        self._words = _Words()  # of each phrase one bit for each field of _Known
        self._symbols: list[tuple[str, int]] = []  # "@": tried where the symbol occurs
        self._ready = 0  # phrases that wait for no later word
        self._memo = _Memo(self._learn)
        self._numbers: dict[int, tuple[int, ...]] = {}
        for number, phrase in enumerate(self.phrases):
            self._index(number, fold_pattern(phrase.text))

    def _index(self, number: int, folded: str) -> None:
        found = openings(folded)
        symbols = {start for start in found.alone if not usable(frozenset((start,)))}
        self._symbols += ((symbol, number) for symbol in sorted(symbols))
        starts = (found.alone - symbols, found.paired, found.second, found.later)
        for field, own in enumerate(starts):
            self._words.add(own, 1 << field * len(self.phrases) + number)
        if not found.later:
            self._ready |= 1 << number

    def hits(self, folded: str) -> list[Hit]:
        """Where phrases stand in a folded text, in reading order."""
        found: list[Hit] = []
        numbers, regexes, phrases = self._numbers, self._regexes, self.phrases
        words = _TOKEN.findall(folded)
        words.reverse()
        known = map(self._memo.__getitem__, words)
        at, following, ahead = len(folded), 0, self._ready
        for word, (alone, paired, second, later) in zip(words, known, strict=True):
            at = folded.rindex(word, 0, at)
            tried = (alone | paired & following) & ahead
            if tried:
                for number in numbers.get(tried) or self._number(tried):
                    match = (regexes[number] or self._regex(number)).match(folded, at)
                    if match:
                        found.append(Hit(phrases[number], at, match.end()))
            following = second
            ahead |= later
        found.reverse()
        for symbol, number in self._symbols:
            if symbol in folded:
                phrase, regex = self.phrases[number], self._regex(number)
                found += (Hit(phrase, *match.span()) for match in regex.finditer(folded))
        return found

    def _regex(self, number: int) -> re.Pattern[str]:
        regex = self._regexes[number] or re.compile(to_regex(self.phrases[number].text))
        self._regexes[number] = regex
        return regex

    def _number(self, bits: int) -> tuple[int, ...]:
        """The numbers of phrases, remembered: the same phrases are tried together."""
        if len(self._numbers) > _MOST:
            self._numbers.clear()
        found = tuple(at for at in range(bits.bit_length()) if bits >> at & 1)
        return self._numbers.setdefault(bits, found)

    def _learn(self, word: str) -> _Known:
        bits, width = self._words.of(word), len(self.phrases)
        each = (1 << width) - 1
        return _Known(*(bits >> field * width & each for field in range(len(_Known._fields))))


class _Memo(dict[str, _Known]):
    """What words are to the phrases, remembered: texts repeat their words."""

    def __init__(self, learn: Callable[[str], _Known]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, word: str) -> _Known:
        if len(self) > _MOST:
            self.clear()
        return self.setdefault(word, self._learn(word))


class _Words:
    """Beginnings of words, each with what it is to the phrases, a bit each."""

    def __init__(self) -> None:
        self._whole: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._inner: dict[str, int] = {}  # "*vrij": anywhere in a word
        self._longest = 0

    def add(self, starts: Iterable[str], bit: int) -> None:
        for start in starts:
            if start.startswith("*"):
                table, key = self._inner, start[1:]
            elif start.endswith(" "):
                table, key = self._whole, start[:-1]
            else:
                table, key = self._stems, start
                self._longest = max(self._longest, len(start))
            table[key] = table.get(key, 0) | bit

    def of(self, word: str) -> int:
        found = self._whole.get(word, 0)
        for length in range(1, min(len(word), self._longest) + 1):
            found |= self._stems.get(word[:length], 0)
        for part, bits in self._inner.items():
            if part in word:
                found |= bits
        return found
