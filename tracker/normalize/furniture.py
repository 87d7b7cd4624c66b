"""Furniture that one capture cannot show, but a policy's history can: blocks that come and go
around a text that stays the same.

A lost clause is worse than a stray line. A block is furniture only if it has both appeared and
vanished while everything else stayed, and if it is short and says nothing in the words of
policies; one that does must have come and gone twice over, at the text's edge.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from tracker.model import Block, Document
from tracker.normalize import marks
from tracker.text import block_key

_SHORT = 200  # characters
_COME_AND_GONE = 2  # flips; a clause that is added and stays flips once
_OFTEN = 4
_SAME = 0.8  # share of the characters that must be common to call the rest unchanged


def drop_furniture(documents: Sequence[Document]) -> tuple[Document, ...]:
    """`documents`, of one policy in the order of their captures, without such blocks."""
    flips: Counter[str] = Counter()
    inside: set[str] = set()
    for before, after in pairwise(documents):
        changed = _flips(before.blocks, after.blocks)
        flips.update(changed)
        inside.update(key for key, at_edge in changed.items() if not at_edge)
    plain = {key for document in documents for key in _harmless(document.blocks)}
    furniture = {
        key
        for key, count in flips.items()
        if (count >= _COME_AND_GONE and key in plain) or (count >= _OFTEN and key not in inside)
    }
    return tuple(_without(document, furniture) for document in documents)


def _flips(before: Sequence[Block], after: Sequence[Block]) -> dict[str, bool]:
    """Keys of the blocks that one of two neighbours lacks -> whether at the edge.

    Empty where more than that changed: then the text itself may have been rewritten.
    """
    old, new = [block_key(block) for block in before], [block_key(block) for block in after]
    if old == new:
        return {}
    pieces = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    common = sum(len(key) for tag, i, j, _, _ in pieces if tag == "equal" for key in old[i:j])
    if common < _SAME * max(sum(map(len, old)), sum(map(len, new))):
        return {}
    if any(tag == "replace" for tag, *_ in pieces[1:-1]):
        return {}
    found = {}
    for number, (tag, i, j, k, m) in enumerate(pieces):
        if tag != "equal":
            for key in (*old[i:j], *new[k:m]):
                found[key] = number in (0, len(pieces) - 1)
    return found


def _harmless(blocks: Iterable[Block]) -> Iterable[str]:
    """Keys of short blocks that no policy would miss."""
    for block in blocks:
        text = block.text
        if len(text) <= _SHORT and not marks.legal(text) and not marks.date_line(text):
            yield block_key(block)


def _without(document: Document, furniture: set[str]) -> Document:
    """`document` itself where it has none of it; headings that lead a section stay."""
    leading = {name for block in document.blocks for name in block.section}
    kept = tuple(
        block
        for block in document.blocks
        if block_key(block) not in furniture or (block.kind == "heading" and block.text in leading)
    )
    return document if len(kept) == len(document.blocks) else replace(document, blocks=kept)
