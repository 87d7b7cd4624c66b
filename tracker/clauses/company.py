"""Words that count beside a phrase of their topic, and never without one.

"Passed on" is half of a sharing and "your address" the other half, wherever it stands. A word that
common is looked up, not searched for: it has no place in the sentence and no say in the stance.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tracker.clauses.phrases import cut, to_regex

_MOST = 100_000  # words and sets of them remembered


class Beside(NamedTuple):
    """What any of some words adds to a topic."""

    topic: str
    words: str  # "*gegevens|adres"
    weight: float


class Company:
    """The companions of all topics in one language."""

    def __init__(self, entries: Iterable[Beside]) -> None:
        self._entries = tuple(entries)
        self._tests = [re.compile(to_regex(entry.words)) for entry in self._entries]
        self._any = re.compile("|".join(test.pattern for test in self._tests))
        self._known: dict[str, int] = {}  # word -> a bit for each entry that has it
        self._sums: dict[int, Mapping[str, float]] = {}

    def beside(self, folded: str) -> Mapping[str, float]:
        """What the words of a folded text add to each topic.

        >>> Company([Beside("sale_of_data", "*data|lists?", 0.4)]).beside("our user data")
        {'sale_of_data': 0.4}
        """
        if not self._entries:
            return {}
        known, found = self._known, 0
        for word in cut(folded).words:
            bits = known.get(word)
            found |= self._learn(word) if bits is None else bits
        return self._sums.get(found) or self._sum(found)

    def _learn(self, word: str) -> int:
        if len(self._known) > _MOST:
            self._known.clear()
        bits = 0
        if self._any.fullmatch(word):
            bits = sum(1 << at for at, test in enumerate(self._tests) if test.fullmatch(word))
        return self._known.setdefault(word, bits)

    def _sum(self, found: int) -> Mapping[str, float]:
        if len(self._sums) > _MOST:
            self._sums.clear()
        total: dict[str, float] = {}
        for at, entry in enumerate(self._entries):
            if found >> at & 1:
                total[entry.topic] = total.get(entry.topic, 0.0) + entry.weight
        return self._sums.setdefault(found, total)
