"""Whether a sentence says that something is done, is not done, or depends.

In order: mask what only looks like a denial ("Do Not Track", "no longer than"), cut the sentence into clauses,
look for a denial before or inside the phrase in its own clause, or behind it where the grammar puts it there
("cookies are not used", "uw gegevens worden niet verkocht").

    asserts      it is done; also every topic that is only spoken about
    denies       it is not done; also "not without your consent": the user alone can lift the promise
    conditional  not done, with an exception ("except to our partners"); or done only on the user's word ("only
                 with your consent"); or both said in one breath ("we do not sell, but we may trade")
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tracker.clauses.lexicon import shipped
from tracker.model import Stance

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cues:
    """The words of one language, compiled."""

    denies: re.Pattern[str]
    seems: re.Pattern[str]
    exception: re.Pattern[str]
    own_consent: re.Pattern[str]
    condition: re.Pattern[str]
    border: re.Pattern[str]
    aside: re.Pattern[str]
    after: re.Pattern[str]


@lru_cache(maxsize=16)
def cues(language: str) -> Cues:
    """The stance words of a language; those of English where it has none."""
    tables = shipped("stance")
    table = tables.get(language, tables["en"])
    return Cues(
        **{name: _any(words) for name, words in table.items() if name not in ("aside", "after")},
        aside=re.compile("|".join(table["aside"])),
        after=re.compile("(?:" + "|".join(table["after"]) + r")\W+$"),
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    """One expression for a list of words; an entry may begin or end with punctuation."""
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What in a sentence bears on the stance of any phrase in it."""

    folded: str
    cues: Cues
    denials: tuple[Span, ...]
    borders: tuple[int, ...]
    asides: tuple[Span, ...]

    def stance(self, start: int, end: int, *, denies: bool = False) -> Stance:
        """The stance on the phrase at start:end; `denies` where the phrase denies by itself."""
        negated = self._negated(start, end) != denies
        if negated:
            return "conditional" if self._excepted(start, end) else "denies"
        condition = None if denies else self.cues.condition.search(self.folded)
        if condition and not condition.start() <= start < condition.end():
            return "conditional"
        return "asserts"

    def remarks(self, at: int) -> bool:
        """Whether a phrase stands in brackets or a relative clause."""
        return self._aside(at) is not None

    def _negated(self, start: int, end: int) -> bool:
        if not self.denials:
            return False
        island = next((a for a in self.asides if a[0] <= start < a[1]), None)
        low, high = island or (0, len(self.folded))
        visible = [d for d in self.denials if low <= d[0] < high and self._aside(d[0]) == island]
        borders = [b for b in self.borders if low < b < high and self._aside(b) == island]
        left = max((b for b in borders if b <= start), default=low)
        right = min((b for b in borders if b >= end), default=high)
        for first, last in visible:
            if left <= first < end:
                return True
            if end <= first < right and self._reaches_back(end, last, first):
                return True
        return False

    def _aside(self, at: int) -> Span | None:
        return next((a for a in self.asides if a[0] <= at < a[1]), None)

    def _reaches_back(self, end: int, last: int, first: int) -> bool:
        """Whether a denial behind the phrase speaks of it: "cookies are | never | set"."""
        return bool(self.cues.after.match(self.folded[end:first])) or bool(
            self.cues.after.match(self.folded[end:last] + " ")
        )

    def _excepted(self, start: int, end: int) -> bool:
        """Whether an exception other than the user's own consent limits the denial."""
        own = [match.span() for match in self.cues.own_consent.finditer(self.folded)]
        for match in self.cues.exception.finditer(self.folded):
            within = any(low <= match.start() < high for low, high in own)
            if not within and (match.start() >= start or match.start() < 3):
                return True
        return False


def read(folded: str, language: str) -> Reading:
    """The denials, clause borders and asides of a folded sentence."""
    words = cues(language)
    denials: list[Span] = []
    if words.denies.search(folded):
        masked = words.seems.sub(lambda match: "\0" * len(match[0]), folded)
        denials = [match.span() for match in words.denies.finditer(masked)]
    if not denials:
        return Reading(folded, words, (), (), ())
    return Reading(
        folded,
        words,
        tuple(denials),
        tuple(match.start() for match in words.border.finditer(folded)),
        tuple(match.span() for match in words.aside.finditer(folded)),
    )


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
