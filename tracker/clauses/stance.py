"""Whether a sentence says that something is done, is not done, or depends.

In order: mask what only looks like a denial ("Do Not Track", "no longer than"), cut the sentence
into clauses, look for a denial before or inside the phrase in its own clause, or behind it where
the grammar puts it there ("cookies are not used", "uw gegevens worden niet verkocht").

    asserts      it is done; also every topic that is only spoken about
    denies       it is not done; also with an exception that is not the company's to make: "not
                 without your consent", "unless required by law"
    conditional  not done, with an exception ("except to our partners", "until you agree"); done on
                 a condition alone ("only with your consent", "unless you object"); a right with an
                 exception; in a passage, where any sentence is conditional
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from tracker.clauses.finder import Finder
from tracker.clauses.lexicon import shipped
from tracker.clauses.phrases import Phrase, fold
from tracker.model import Stance

Span = tuple[int, int]
REACH = 150  # characters over which a denial may speak of a phrase before it
_KINDS = ("denies", "refused", "seems", "exception", "outside", "condition", "border")


@lru_cache(maxsize=16)
def cues(language: str) -> Finder:
    """The stance words of a language, ready to be found; a plain sentence does without."""
    table = _table(language)
    return Finder(Phrase(kind, text) for kind in _KINDS for text in table[kind])


@lru_cache(maxsize=16)
def _asides(language: str) -> re.Pattern[str]:
    return re.compile("|".join(_table(language)["aside"]))


@lru_cache(maxsize=16)
def _after(language: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(_table(language)["after"]) + r")\W+$")


def _table(language: str) -> Mapping[str, list[str]]:
    """The stance words of a language; those of English where it has none."""
    tables: Mapping[str, dict[str, list[str]]] = shipped("stance")
    return tables.get(language, tables["en"])


class Reading(NamedTuple):
    """What in a sentence bears on the stance of any phrase in it."""

    folded: str
    language: str
    asides: tuple[Span, ...]
    denials: tuple[Span, ...] = ()
    refusals: tuple[Span, ...] = ()  # those that deny only what stands before them
    borders: tuple[int, ...] = ()
    exceptions: tuple[Span, ...] = ()  # those the company may make
    conditions: tuple[Span, ...] = ()

    def stance(self, start: int, end: int, *, denies: bool = False) -> Stance:
        """The stance on the phrase at start:end; `denies` where the phrase denies by itself."""
        if not (self.denials or self.refusals or denies or self.conditions):
            return "asserts"
        if self._negated(start, end, denies) != denies:
            return "conditional" if self.excepts(end if denies else start) else "denies"
        # "only with your consent" makes the sharing depend on the consent, not the consent itself.
        if not denies and any(not low <= start < high <= end for low, high in self.conditions):
            return "conditional"
        return "asserts"

    def remarks(self, at: int) -> bool:
        """Whether a phrase stands in brackets or a relative clause."""
        return bool(self.asides) and self._aside(at) is not None

    def excepts(self, start: int) -> bool:
        """Whether an exception behind a phrase, or one that opens the sentence, limits it."""
        return any(first >= start or first < 3 for first, _ in self.exceptions)

    def _negated(self, start: int, end: int, denies: bool) -> bool:
        if not (self.denials or self.refusals):
            return False
        island = self._aside(start)
        left, right = self._clause(start, end, island)
        near = [span for span in self.denials if self._cuts(span[0], island)]
        if denies:  # "not ad-free" is turned; "is not encrypted" has a denial of its own
            own = any(start <= first < end for first, _ in near)
            return not own and any(left <= first and last <= start for first, last in near)
        reach = min(right, end + REACH)
        return any(
            left <= first < end or (end <= first < reach and self._reaches_back(end, first, last))
            for first, last in near
        ) or any(start <= at < reach and self._cuts(at, island) for at, _ in self.refusals)

    def _clause(self, start: int, end: int, island: Span | None) -> Span:
        """The clause of a phrase; of one over two, "is never sold, it is shared", the latter."""
        low, high = island or (0, len(self.folded))
        at_start, at_end = bisect_right(self.borders, start), bisect_left(self.borders, end)
        left = next((b for b in reversed(self.borders[:at_start]) if self._cuts(b, island)), low)
        right = next((b for b in self.borders[at_end:] if self._cuts(b, island)), high)
        crossed = (b for b in reversed(self.borders[at_start:at_end]) if self.folded[b] == ",")
        left = next((b for b in crossed if self._cuts(b, island)), left)
        return max(left, low), min(right, high)

    def _aside(self, at: int) -> Span | None:
        """The brackets or relative clause that `at` stands in; they never overlap."""
        before = bisect_right(self.asides, at, key=lambda span: span[0])
        return self.asides[before - 1] if before and at < self.asides[before - 1][1] else None

    def _cuts(self, border: int, island: Span | None) -> bool:
        """Whether a border or denial counts for a phrase: in an aside, for those in it alone."""
        return self._aside(border) == island

    def _reaches_back(self, end: int, first: int, last: int) -> bool:
        """Whether a denial behind the phrase speaks of it: "cookies are | never | set"."""
        after = _after(self.language)
        return any(
            after.match(between)
            for between in (self.folded[end:first], self.folded[end:last] + " ")
        )


@lru_cache(maxsize=10_000)
def denials(text: str, language: str) -> int:
    """How many words and phrases of a sentence deny something: "out of the question", "is off"."""
    reading = read(fold(text), language)
    return len(reading.denials) + len(reading.refusals)


def read(folded: str, language: str, *, plain: bool = False) -> Reading:
    """The denials, clause borders, asides, exceptions and conditions of a folded sentence.

    `plain` where it is known to hold no word that denies or limits.
    """
    asides = tuple([match.span() for match in _asides(language).finditer(folded)])
    if plain:
        return Reading(folded, language, asides)
    spans: dict[str, list[Span]] = {kind: [] for kind in _KINDS}
    for hit in cues(language).hits(folded):
        spans[hit.phrase.topic].append((hit.start, hit.end))
    return Reading(
        folded,
        language,
        asides,
        denials=tuple(_outside(spans["denies"], spans["seems"])),
        refusals=tuple(_outside(spans["refused"], spans["seems"])),
        borders=tuple(sorted(first for first, _ in spans["border"])),
        exceptions=tuple(_outside(spans["exception"], spans["outside"])),
        conditions=tuple(spans["condition"]),
    )


def _outside(spans: list[Span], masks: list[Span]) -> list[Span]:
    """The spans that do not begin inside a mask."""
    return [span for span in spans if not any(m[0] <= span[0] < m[1] for m in masks)]


def combine(stances: Iterable[tuple[Stance, float]]) -> Stance:
    """One stance for several clauses on a topic, each with its weight.

    >>> combine([("asserts", 1.0), ("conditional", 1.0)])
    'conditional'
    """
    weights: dict[Stance, float] = {}
    for stance, weight in stances:
        weights[stance] = weights.get(stance, 0.0) + weight
    if "conditional" in weights:
        return "conditional"
    return "asserts" if weights.get("asserts", 0.0) > weights.get("denies", 0.0) else "denies"
