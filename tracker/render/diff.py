"""A word diff for terminals: what changed, in its section; what did not, folded.

Marks stand beside the colours, so that it reads in a file too: [-old-] {+new+}.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tracker.model import Block, BlockChange, Diff, Document, Edit
from tracker.render import words
from tracker.render.hanging import Hanging

_REMOVED, _ADDED, _MOVED, _QUIET = "red", "green", "cyan", "dim"
_MARKS = {"delete": ("[-", "-]", _REMOVED), "insert": ("{+", "+}", _ADDED)}
_NUMBER = re.compile(
    r"^(?:(?:article|artikel|section)\s+)?(?:\d+(?:\.\d+)*|[a-z]|[ivx]+)[.)]\s+", re.I
)
# A moved block is known by its beginning; its words are the same.
_GLIMPSE = 100


@dataclass(frozen=True, slots=True)
class _Row:
    """One change: the blocks on both sides, where there are two."""

    change: BlockChange
    old: Block | None
    new: Block | None

    @property
    def shown(self) -> bool:
        return self.change.kind != "equal" or self.change.renumbered

    @property
    def section(self) -> str:
        block = self.new or self.old
        return block.section[-1] if block and block.section else ""


def inline(before: Document, after: Document, diff: Diff) -> RenderableType:
    """One text with both wordings in it."""
    return Group(*_inline(_rows(before, after, diff)), _sum(diff))


def side_by_side(before: Document, after: Document, diff: Diff) -> RenderableType:
    """Two columns: what was removed stands left, what was added right."""
    table = Table(box=None, padding=(0, 2, 1, 0), expand=True)
    table.add_column("before", ratio=1, overflow="fold")
    table.add_column("after", ratio=1, overflow="fold")
    for shown, run in groupby(_rows(before, after, diff), key=lambda row: row.shown):
        rows = list(run)
        if shown:
            for row in rows:
                table.add_row(_left(row), _right(row))
        else:
            table.add_row(_folded(rows), _folded(rows))
    return Group(table, _sum(diff))


def _rows(before: Document, after: Document, diff: Diff) -> list[_Row]:
    return [
        _Row(
            change,
            None if change.before is None else before.blocks[change.before],
            None if change.after is None else after.blocks[change.after],
        )
        for change in diff.blocks
    ]


def _inline(rows: list[_Row]) -> Iterator[RenderableType]:
    section = ""
    for shown, run in groupby(rows, key=lambda row: row.shown):
        together = list(run)
        if not shown:
            yield _folded(together)
            continue
        for row in together:
            if row.section != section and row.section:
                yield Hanging("§ ", Text(words.line(row.section), "bold"))
            section = row.section
            yield _line(row)


def _line(row: _Row) -> RenderableType:
    kind = row.change.kind
    written = [_written(block) for block in (row.old, row.new) if block]
    if kind == "added":
        return Hanging("+ ", Text(written[-1], _ADDED))
    if kind == "removed":
        return Hanging("- ", Text(written[0], _REMOVED))
    if kind == "moved":
        return Hanging("> ", _origin(row).append(words.shortened(written[-1], _GLIMPSE), _MOVED))
    if kind == "equal":
        return Hanging("= ", Text(" → ".join(written), _QUIET))
    return Hanging("~ ", _origin(row).append_text(_edited(row.change.edits)))


def _origin(row: _Row) -> Text:
    """That a block moved, and from which section if it is in another now."""
    if not row.change.kind.startswith("moved") or row.old is None:
        return Text()
    section = words.line(row.old.section[-1]) if row.old.section else ""
    if not section or _unnumbered(section) == _unnumbered(words.line(row.section)):
        return Text("(moved) ", _MOVED)
    return Text(f"(moved from “{section}”) ", _MOVED)


def _unnumbered(heading: str) -> str:
    """
    >>> _unnumbered("3. Your rights")
    'your rights'
    """
    return _NUMBER.sub("", heading).casefold()


def _edited(edits: tuple[Edit, ...], *, without: str = "") -> Text:
    text = Text()
    for edit in edits:
        shown = words.inert(edit.text)
        if edit.kind == without:
            continue
        if edit.kind == "equal":
            text.append(shown)
        else:
            opening, closing, style = _MARKS[edit.kind]
            bare = shown.strip()
            text.append(shown[: len(shown) - len(shown.lstrip())])
            text.append(f"{opening}{bare}{closing}" if bare else "", style)
            text.append(shown[len(shown.rstrip()) :] if bare else "")
    return text


def _left(row: _Row) -> Text:
    if row.old is None:
        return Text()
    if row.change.edits:
        return _edited(row.change.edits, without="insert")
    return Text(_written(row.old), _REMOVED if row.new is None else _MOVED)


def _right(row: _Row) -> Text:
    if row.new is None:
        return Text()
    if row.change.edits:
        return _origin(row).append_text(_edited(row.change.edits, without="delete"))
    if row.old is None:
        return Text(_written(row.new), _ADDED)
    return _origin(row).append(_written(row.new), _MOVED)


def _folded(rows: list[_Row]) -> Text:
    return Text(f"… {words.count(len(rows), 'block')} unchanged …", _QUIET)


def _written(block: Block) -> str:
    marks = {"heading": "#" * max(block.level, 1) + " ", "item": f"{block.marker or '-'} "}
    return marks.get(block.kind, "") + words.line(block.text)


def _sum(diff: Diff) -> Text:
    if diff.identical:
        return Text("The same text.")
    added, removed = diff.words_added, diff.words_removed
    return Text(f"{words.count(added, 'word')} added, {words.count(removed, 'word')} removed")
