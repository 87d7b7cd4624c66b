"""Tell tables of data from tables of layout; turn the former into rows, or into items where a
table was used to line up a list."""

import re
from collections import Counter
from dataclasses import dataclass, field

from tracker.normalize.lists import number
from tracker.normalize.shapes import Box, Line, weigh
from tracker.normalize.tree import Node

_PROSE = 1500  # characters in one cell: more is a page laid out in a table
_PARAGRAPHS = 8
_MARKER = re.compile(
    r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|[•·▪*–-]", re.I
)
_SPAN = 20  # columns of one cell
_WIDEST = 100  # columns of a table
_PLAIN_PARAGRAPHS = 3  # in a table without header cells and without lines


@dataclass(slots=True)
class Table:
    """An open <table>."""

    start: int  # index of its first line
    box: int  # its own
    row: int = -1
    column: int = -1  # of the grid: cells above may reach into a row, and leave it fewer cells
    nested: bool = False  # holds another table
    layout: bool = False  # says so itself
    ruled: bool = False  # lines between its cells
    heads: dict[int, int] = field(default_factory=dict)  # row -> header cells
    widths: dict[int, int] = field(default_factory=dict)  # row -> cells
    reach: dict[int, int] = field(default_factory=dict)  # row -> first column behind its cells
    taken: dict[int, int] = field(default_factory=dict)  # column -> first row that it is free in
    columns: set[int] = field(default_factory=set)  # in which cells begin

    def next_row(self) -> None:
        self.row += 1
        self.column = -1

    def begin_cell(self, tag: str, node: Node) -> int:
        """The next cell of the row begins; says which row that is."""
        rows, columns = (number(node.attr(name), 1) for name in ("rowspan", "colspan"))
        start = self.reach.get(self.row, 0)
        while start < _WIDEST and self.taken.get(start, 0) > self.row:
            start += 1
        end = start + min(max(columns, 1), _SPAN)  # colspan="0" happens
        self.column, self.reach[self.row] = start, end
        self.taken |= dict.fromkeys(range(start, end), self.row + rows)
        self.columns.add(start)
        self.widths[self.row] = self.widths.get(self.row, 0) + 1
        if tag == "th":
            self.heads[self.row] = self.heads.get(self.row, 0) + 1
        return self.row


def begin(node: Node, start: int, box: int) -> Table:
    """The table that opens with `node`."""
    layout = node.attr("role") in ("presentation", "none")
    return Table(start, box, layout=layout, ruled=(node.attr("border") or "0") != "0")


def fold(lines: list[Line], boxes: list[Box], table: Table) -> None:
    """Replace the table's lines by one line a row, if it is a table of data."""
    own = lines[table.start :]
    if not own or not _is_data(own, table):
        return
    for box in boxes[table.box + 1 :]:
        box.start = box.end = table.start  # its lines are no more
    rows: dict[int, dict[int, list[Line]]] = {}
    caption = []
    for line in own:
        if line.place is None:
            caption.append(line)
        else:
            rows.setdefault(line.place[0], {}).setdefault(line.place[1], []).append(line)
    if all(_is_item(cells) for cells in rows.values() if len(cells) > 1):
        lines[table.start :] = caption + [line for n in sorted(rows) for line in _items(rows[n])]
    else:
        lines[table.start :] = caption + [_row(n, rows[n], table) for n in sorted(rows)]


def _is_item(cells: dict[int, list[Line]]) -> bool:
    """Whether a row is a list's item: a cell with its marker, and one with its text."""
    if len(cells) != 2:
        return False
    first, second = (cells[n] for n in sorted(cells))
    return (
        len(first) == 1 and second[0].kind == "paragraph" and bool(_MARKER.fullmatch(first[0].text))
    )


def _items(cells: dict[int, list[Line]]) -> list[Line]:
    """The lines of such a row, or of one whose only cell spans the table: a title."""
    if len(cells) == 1:
        return next(iter(cells.values()))
    (marker,), (item, *rest) = (cells[n] for n in sorted(cells))
    numbered = any(map(str.isalnum, marker.text))
    if numbered and item.look == "bold":  # "1. Definitions"
        item.text = f"{marker.text} {item.text}"
    else:
        item.kind, item.level, item.marker = "item", 1, marker.text if numbered else "-"
    return [item, *rest]


def _is_data(lines: list[Line], table: Table) -> bool:
    wide = sum(1 for width in table.widths.values() if width > 1)
    if table.nested or not wide or (table.layout and not _is_grid(table)):
        return False
    if not table.heads and (wide < 2 or wide * 2 < len(table.widths)):
        return False
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for line in lines:
        if line.kind == "heading" and not table.heads:
            return False
        if line.place is not None:
            count, size = cells.get(line.place, (0, 0))
            cells[line.place] = (count + 1, size + len(line.text))
    if not table.heads and max(Counter(row for row, _ in cells).values(), default=0) < 2:
        return False  # a column of text beside one of pictures or of nothing
    longest = _PARAGRAPHS if table.heads or table.ruled else _PLAIN_PARAGRAPHS
    most = 1 if table.layout else longest
    big = sum(1 for count, size in cells.values() if size > _PROSE or count > most)
    return big == 0 or (bool(table.heads) and big * 4 < len(cells))


def _is_grid(table: Table) -> bool:
    """Whether all rows have the same columns: editors call any table role="presentation"."""
    return len(table.widths) > 1 and len(set(table.widths.values())) == 1


def _row(number: int, cells: dict[int, list[Line]], table: Table) -> Line:
    end = max(table.reach.get(number, 0), max(cells) + 1)
    columns = [n for n in sorted(table.columns | cells.keys()) if n < end]
    texts = tuple(" ".join(line.text for line in cells.get(n, ())) for n in columns)
    members = [line for n in sorted(cells) for line in cells[n]]
    row = Line(
        "row",
        " | ".join(texts),
        table.box,
        cells=texts,
        header=table.heads.get(number, 0) >= max(1, table.widths.get(number, 0)),
        links=tuple(link for line in members for link in line.links),
        linked=sum(line.linked for line in members),
    )
    return weigh(row)
