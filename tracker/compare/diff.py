"""Two documents side by side: every block once, and the words that changed."""

from collections.abc import Iterator

from tracker.compare.align import Joins, Pairs, align, unmoved
from tracker.compare.edits import Rewrite, rewrite
from tracker.compare.keys import count_words, key_of
from tracker.model import BlockChange, BlockChangeKind, Diff, Document

_KIND: dict[tuple[bool, bool], BlockChangeKind] = {  # by (same text, in place)
    (True, True): "equal",
    (True, False): "moved",
    (False, True): "changed",
    (False, False): "moved-changed",
}

_UNCHANGED = Rewrite((), 0, 0)


def compare(before: Document, after: Document) -> Diff:
    """How `after` came of `before`.

    Case, typography, the number of a heading or item, and its level make no difference.
    """
    old, new = _Side(before), _Side(after)
    pairs, joins = align(old.texts, new.texts)
    kept = unmoved(pairs, old.words)
    blocks = []
    added = removed = 0
    for i, j in _reading_order(pairs, joins, kept, len(old.keys), len(new.keys)):
        if i is None and j is not None:
            blocks.append(BlockChange("added", None, j))
            added += new.words[j]
        elif j is None and i is not None:
            blocks.append(BlockChange("removed", i, None))
            removed += old.words[i]
        elif i is not None and j is not None:
            joined = joins.get((i, j), ((), ()))
            edits, more, less = _edits(old, (i, *joined[0]), new, (j, *joined[1]))
            renumbered = old.keys[i].number != new.keys[j].number
            kind = _KIND[not edits, (i, j) in kept]
            blocks.append(BlockChange(kind, i, j, edits, renumbered, *joined))
            added += more
            removed += less
    return Diff(tuple(blocks), added, removed)


class _Side:
    """One document, as it is compared."""

    def __init__(self, document: Document) -> None:
        self.blocks = document.blocks
        self.keys = [key_of(block) for block in document.blocks]
        self.texts = [key.text for key in self.keys]
        self.words = [count_words(text) for text in self.texts]


def _edits(old: _Side, olds: tuple[int, ...], new: _Side, news: tuple[int, ...]) -> Rewrite:
    """None where the texts are equal, also where they merely differ in the spacing of marks
    ("and/or", "and / or")."""
    i, j = olds[0], news[0]
    if len(olds) == len(news) == 1 and old.texts[i] == new.texts[j]:
        return _UNCHANGED
    found = rewrite(
        " ".join(old.blocks[n].text for n in sorted(olds)),
        " ".join(new.blocks[n].text for n in sorted(news)),
        (old.keys[min(olds)].skip, new.keys[min(news)].skip),
    )
    # Pieces put together show their text, even if no word changed: it stands nowhere else.
    if len(olds) == len(news) == 1 and all(edit.kind == "equal" for edit in found.edits):
        return _UNCHANGED
    return found


def _reading_order(
    pairs: Pairs, joins: Joins, kept: set[tuple[int, int]], old: int, new: int
) -> Iterator[tuple[int | None, int | None]]:
    """Every block once, by new position; what was removed before what stands there now. Blocks
    joined to a pair come with it."""
    origin = {j: i for i, j in pairs}
    gone = {i for i, _ in pairs}.union(*(olds for olds, _ in joins.values()))
    told = set[int]().union(*(news for _, news in joins.values()))
    i = j = 0
    for until_i, until_j in [*sorted(kept), (old, new)]:
        yield from ((n, None) for n in range(i, until_i) if n not in gone)
        yield from ((origin.get(m), m) for m in range(j, until_j) if m not in told)
        if until_j < new:
            yield until_i, until_j
        i, j = until_i + 1, until_j + 1
