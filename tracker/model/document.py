"""A snapshot's text: blocks in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    text: str
    section: tuple[str, ...] = ()  # headings above, outermost first; a heading's own is excluded
    level: int = 0  # heading 1-6; item nesting from 1
    marker: str = ""  # of an item, as written: "-", "1.", "a)"
    cells: tuple[str, ...] = ()  # of a row
    header: bool = False  # a row of header cells
    links: tuple[str, ...] = ()  # targets, kept apart from the text
    # What alone makes it a heading: "bold", "number", "capitals", "dt", "class" or "button".
    implied: str = ""


@dataclass(frozen=True)
class Document:
    """A snapshot's text: blocks in reading order, made by one version of the rules."""

    title: str
    blocks: tuple[Block, ...]
    language: str = ""
    declared_date: date | None = None  # "Last updated ..."
    effective_date: date | None = None
    rules: str = ""  # the normaliser's version; only equal ones may be compared
    problem: str = ""  # why there is no or little text, in words

    @cached_property
    def text(self) -> str:
        """Markdown-like: "# heading", "**implied heading**", "- item", "| cell |", blank lines."""
        return "\n".join(_lines(self.blocks))

    @cached_property
    def words(self) -> int:
        return sum(len(block.text.split()) for block in self.blocks)


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    """A line a block, after an empty one except within a run of items or of rows."""
    numbers: list[int] = []  # of the last item of each level
    previous = ""
    for block in blocks:
        line = _item(block, numbers) if block.kind == "item" else _line(block)
        if block.kind == "row" and block.header and previous != "row":
            line += "\n|" + " --- |" * max(1, len(block.cells))
        if previous and (block.kind != previous or block.kind not in ("item", "row")):
            yield ""
        yield line
        previous = block.kind


def _line(block: Block) -> str:
    if block.kind == "heading" and block.implied:
        return block.text if block.implied in ("number", "capitals") else f"**{block.text}**"
    if block.kind == "heading":
        return "#" * min(max(block.level, 1), 6) + " " + block.text
    if block.kind == "row":
        cells = (cell.replace("|", "\\|") for cell in block.cells or (block.text,))
        return "| " + " | ".join(cells) + " |"
    return block.text


def _item(block: Block, numbers: list[int]) -> str:
    """Markdown numbers its lists: "b." is written "2." there, "ii." too; "b)" becomes "- b)"."""
    depth = max(block.level, 1) - 1
    before = numbers[depth] if depth < len(numbers) else 0
    core = block.marker[:-1].lower()
    if not core:
        number, marker = 0, "-"
    elif core.isdecimal():
        number, marker = int(core), block.marker
    elif core.isalpha() and block.marker.endswith("."):
        letter = ord(core[0]) - 96 if len(core) == 1 and core not in "ivx" else before + 1
        number = 1 if core == "i" and before != 8 else letter  # no H stands before it
        marker = f"{number}."
    else:
        number, marker = 0, f"- {block.marker}" if any(map(str.isalnum, core)) else "-"
    numbers[depth:] = [0] * (depth - len(numbers)) + [number]
    return "  " * depth + marker + " " + block.text
