"""What a reader of one format hands on: blocks in reading order, before dates and language."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.model import Block


@dataclass(frozen=True, slots=True)
class Page:
    title: str = ""
    blocks: tuple[Block, ...] = ()
    lang: str = ""  # as the page declares it, "" where it does not
    problem: str = ""  # why there is no or little text, in words


def sectioned(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, each with the headings above it."""
    path: list[Block] = []
    section: tuple[str, ...] = ()
    placed = []
    for block in blocks:
        if block.kind == "heading":
            path = [above for above in path if above.level < block.level]
            section = tuple(above.text for above in path)
        placed.append(replace(block, section=section) if section else block)
        if block.kind == "heading":
            path.append(block)
            section = (*section, block.text)
    return tuple(placed)
