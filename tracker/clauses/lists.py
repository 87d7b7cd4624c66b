"""Sentences that became lists and lists that became sentences: whoever did so said nothing new.

"We share data with affiliates and advertisers." is told as well by "We share data with:" and two
items, though no item is like it.
"""

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import NamedTuple

from tracker.clauses.find import with_leads
from tracker.clauses.passages import Passage, spoken
from tracker.model import Diff, Document
from tracker.text import sentences

_FEWEST = 2  # content words of an item; one is found in many a sentence by chance


class _Said(NamedTuple):
    text: str
    content: frozenset[str]
    negations: int

    def tells(self, other: "_Said") -> bool:
        return other.content <= self.content and other.negations == self.negations


class Relisted:
    """What one of two texts says in a sentence and the other in a list."""

    def __init__(self, before: Document, after: Document, diff: Diff, language: str) -> None:
        old, new = changed_blocks(diff)
        self._old, self._new = _Side(before, old, language), _Side(after, new, language)

    def in_new(self, passage: Passage) -> str:
        """The list, in one line, or the sentence of the new text that says what a sentence or a
        part of a list of the old one did; "" where there is none."""
        return self._new.telling(passage) if passage.clause.block in self._old.changed else ""

    def in_old(self, passage: Passage) -> str:
        return self._old.telling(passage) if passage.clause.block in self._new.changed else ""


def changed_blocks(diff: Diff) -> tuple[set[int | None], set[int | None]]:
    """The numbers of the blocks of both texts whose words are not all those of a partner."""
    changed = [block for block in diff.blocks if block.kind not in ("equal", "moved")]
    return (
        {n for block in changed for n in (block.before, *block.joined_before)},
        {n for block in changed for n in (block.after, *block.joined_after)},
    )


class _Side:
    """The sentences and the lists in the blocks of a document that changed."""

    def __init__(self, document: Document, changed: Collection[int | None], language: str) -> None:
        self.changed = changed
        self._lists: list[_Said] = []
        self._sentences: list[_Said] = []
        blocks = ((b, lead) for n, b, lead in with_leads(document.blocks) if n in changed)
        for lead, run in groupby(blocks, key=lambda one: one[1]):
            texts = [block.text for block, _ in run]
            if lead:
                whole = _said(" ".join((lead, *texts)), language)
                negations = spoken(lead, "", language).negations
                self._lists.append(whole._replace(negations=negations))
            else:
                self._sentences += _told(texts, language)

    def telling(self, passage: Passage) -> str:
        clause = passage.clause
        said = _said(f"{clause.lead_in} {clause.quote}".strip(), passage.spoken.language)
        if not passage.introduces and len(said.content) < _FEWEST:
            return ""
        others = self._sentences if passage.listed else self._lists
        return next((other.text for other in others if other.tells(said)), "")


def _told(texts: Iterable[str], language: str) -> list[_Said]:
    found = (sentence for text in texts for sentence in sentences(text))
    return [_said(sentence, language) for sentence in found if not sentence.endswith(":")]


def _said(text: str, language: str) -> _Said:
    read = spoken(text, "", language)
    return _Said(text, read.content, read.negations)
