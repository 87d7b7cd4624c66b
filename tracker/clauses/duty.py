"""What the user must not do, which is no practice of the company's.

"You may not sell your account" says nothing on the sale of data, and promises nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from tracker.clauses.finder import Finder, Hit
from tracker.clauses.lexicon import BANS, shipped
from tracker.clauses.phrases import Phrase, fold

Span = tuple[int, int]


class Placed(Protocol):
    @property
    def start(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Duties:
    """Where in a sentence the user's duties stand."""

    spans: tuple[Span, ...] = ()

    def hold(self, phrases: Iterable[Placed]) -> bool:
        """Whether all of the phrases begin in a duty."""
        return bool(self.spans) and all(map(self._holds, phrases))

    def _holds(self, phrase: Placed) -> bool:
        return any(low <= phrase.start < high for low, high in self.spans)


_NONE = Duties()


def duties(folded: str, hits: Sequence[Hit], language: str, heading: str = "") -> Duties:
    """What the user must not do in a folded sentence: from such a word on, up to one that tells
    what the company does or the user may do.

    `hits` are all that `finder_for` finds in it. A heading may forbid all that stands under it.
    """
    bans = [hit for hit in hits if hit.phrase.action in BANS and not hit.phrase.topic]
    conduct = bool(heading) and _on_conduct(heading, language)
    if not bans and not conduct:
        return _NONE
    free, end = [hit.start for hit in _words("free", language).hits(folded)], len(folded)
    if any(hit.phrase.action == "banned" for hit in bans) or (conduct and not free):
        return Duties(((0, end),))
    spans = [(hit.start, next((at for at in free if at >= hit.end), end)) for hit in bans]
    return Duties(tuple(spans))


@lru_cache(maxsize=5_000)
def _on_conduct(heading: str, language: str) -> bool:
    """Whether a heading stands over what the user must and must not do."""
    return bool(_words("conduct", language).hits(fold(heading)))


@lru_cache(maxsize=32)
def _words(kind: str, language: str) -> Finder:
    table = shipped("duties")
    return Finder(Phrase("", text) for text in table.get(language, table["en"])[kind])
