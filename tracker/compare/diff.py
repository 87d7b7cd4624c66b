"""Two documents side by side: every block once, and the words that changed."""

from collections.abc import Iterator

from tracker.compare.align import Pairs, align, unmoved
from tracker.compare.edits import Rewrite, rewrite
from tracker.compare.keys import Key, key_of, words_of
from tracker.model import Block, BlockChange, BlockChangeKind, Diff, Document

_KIND: dict[tuple[bool, bool], BlockChangeKind] = {  # by (same text, in place)
    (True, True): "equal",
    (True, False): "moved",
    (False, True): "changed",
    (False, False): "moved-changed",
}


def compare(before: Document, after: Document) -> Diff:
    """How `after` came of `before`.

    Case, typography, the number of a heading or item, and its level make no difference.
    """
    old, new = [key_of(block) for block in before.blocks], [key_of(block) for block in after.blocks]
    pairs = align([key.text for key in old], [key.text for key in new])
    kept = unmoved(pairs, [len(words_of(key.text)) for key in old])
    blocks = []
    added = removed = 0
    for i, j in _reading_order(pairs, kept, len(old), len(new)):
        if i is None and j is not None:
            blocks.append(BlockChange("added", None, j))
            added += len(words_of(new[j].text))
        elif j is None and i is not None:
            blocks.append(BlockChange("removed", i, None))
            removed += len(words_of(old[i].text))
        elif i is not None and j is not None:
            edits, more, less = _edits(before.blocks[i], after.blocks[j], old[i], new[j])
            renumbered = old[i].number != new[j].number
            blocks.append(BlockChange(_KIND[not edits, (i, j) in kept], i, j, edits, renumbered))
            added += more
            removed += less
    return Diff(tuple(blocks), added, removed)


def _edits(before: Block, after: Block, old: Key, new: Key) -> Rewrite:
    """None where the texts are equal, also where they merely differ in the spacing of marks
    ("and/or", "and / or")."""
    if old.text == new.text:
        return Rewrite((), 0, 0)
    found = rewrite(before.text, after.text, (old.skip, new.skip))
    return found if any(edit.kind != "equal" for edit in found.edits) else Rewrite((), 0, 0)


def _reading_order(
    pairs: Pairs, kept: set[tuple[int, int]], old: int, new: int
) -> Iterator[tuple[int | None, int | None]]:
    """Every block once, by new position; what was removed before what stands there now."""
    origin = {j: i for i, j in pairs}
    paired = {i for i, _ in pairs}
    i = j = 0
    for until_i, until_j in [*sorted(kept), (old, new)]:
        yield from ((n, None) for n in range(i, until_i) if n not in paired)
        yield from ((origin.get(m), m) for m in range(j, until_j))
        if until_j < new:
            yield until_i, until_j
        i, j = until_i + 1, until_j + 1
