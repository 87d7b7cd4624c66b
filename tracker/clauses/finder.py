"""Where the phrases of a lexicon stand in a text.

Searching for each of some hundred expressions costs 1 ms apiece in a document of 10,000 words,
because `\\b` in front keeps `re` from looking for the letters behind it. So it is worked out once
which words a phrase may begin with, go on with, and cannot do without; and an expression is tried
only at such a first word, before such a second, with such words ahead. Of what is tried, half is
there.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from tracker.clauses.openings import openings, usable
from tracker.clauses.phrases import Phrase, cut, fold_pattern, to_regex

_MOST = 100_000  # words and sets of phrases remembered
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


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
    needed: int  # it cannot do without one like this


class Finder:
    """All phrases of one language, ready to be found.

    An expression is compiled when it is first tried: a short text tries few.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._words = _Words()  # of each phrase one bit for each field of _Known
        self._symbols: list[tuple[str, int]] = []  # "@": tried where the symbol occurs
        self._ready = 0  # phrases that need no other word
        self._known = _Memo(self._learn)  # by word
        self._numbers = _Memo(_places)  # of phrases: the same ones are tried together
        self._regexes = _Memo(self._compile)
        for number, phrase in enumerate(self.phrases):
            self._index(number, fold_pattern(phrase.text))

    def _index(self, number: int, folded: str) -> None:
        found = openings(folded)
        symbols = {start for start in found.alone if not usable((start,))}
        self._symbols += ((symbol, number) for symbol in sorted(symbols))
        starts = (found.alone - symbols, found.paired, found.second, found.needed)
        for field, own in enumerate(starts):
            self._words.add(own, 1 << field * len(self.phrases) + number)
        if not found.needed:
            self._ready |= 1 << number

    def hits(self, folded: str) -> list[Hit]:
        """Where phrases stand in a folded text, in reading order."""
        found: list[Hit] = []
        numbers, regexes, phrases = self._numbers, self._regexes, self.phrases
        words, starts = cut(folded)
        known = map(self._known.__getitem__, reversed(words))
        following, ahead = 0, self._ready
        for at, (alone, paired, second, needed) in zip(reversed(starts), known, strict=True):
            tried = (alone | paired & following) & ahead
            if tried:
                for number in numbers[tried]:
                    match = regexes[number].match(folded, at)
                    if match:
                        found.append(Hit(phrases[number], at, match.end()))
            following = second
            ahead |= needed
        found.reverse()
        for symbol, number in self._symbols:
            if symbol in folded:
                phrase, regex = phrases[number], regexes[number]
                found += (Hit(phrase, *match.span()) for match in regex.finditer(folded))
        return found

    def _learn(self, word: str) -> _Known:
        bits, width = self._words.of(word), len(self.phrases)
        each = (1 << width) - 1
        return _Known(*(bits >> field * width & each for field in range(len(_Known._fields))))

    def _compile(self, number: int) -> re.Pattern[str]:
        return re.compile(to_regex(self.phrases[number].text))


def _places(bits: int) -> tuple[int, ...]:
    return tuple(place for place in range(bits.bit_length()) if bits >> place & 1)


class _Memo(dict[_Key, _Value]):
    """What was worked out once, by what it was worked out from: texts repeat their words."""

    def __init__(self, work_out: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: _Key) -> _Value:
        if len(self) > _MOST:
            self.clear()
        return self.setdefault(key, self._work_out(key))


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
