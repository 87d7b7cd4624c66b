"""Tell tables of data from tables of layout; turn the former into rows, or into items where a
table was used to line up a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise, takewhile
from operator import itemgetter

from tracker.normalize.lists import number
from tracker.normalize.shapes import Box, Line, Row, weigh
from tracker.normalize.tree import Node

_PROSE = 1500  # characters in one cell: more is a page laid out in a table
_PARAGRAPHS = 8
_MARKER = re.compile(
    r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|[•·▪*–-]", re.I
)
_SPAN = 20  # columns of one cell
_WIDEST = 100  # columns of a table
_PLAIN_PARAGRAPHS = 3  # in a table without header cells and without lines


Cell = tuple[int, int, int]  # row, column, index of its first line


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
    heads: list[int] = field(default_factory=list)  # header cells of each row
    widths: list[int] = field(default_factory=list)  # cells of each row
    reach: list[int] = field(default_factory=list)  # first column behind the cells of each row
    taken: dict[int, int] = field(default_factory=dict)  # column -> first row that it is free in
    columns: set[int] = field(default_factory=set)  # in which cells begin
    cells: list[Cell] = field(default_factory=list)  # those with lines, in order

    def place(self, line: int) -> None:
        """The line with that index stands where the table has come to."""
        last = self.cells[-1] if self.cells else None
        if self.row >= 0 and (not last or last[0] != self.row or last[1] != self.column):
            self.cells.append((self.row, self.column, line))

    def next_row(self) -> None:
        self.row += 1
        self.column = -1
        for of_rows in (self.heads, self.widths, self.reach):
            of_rows.append(0)

    def begin_cell(self, tag: str, node: Node) -> int:
        """The next cell of the row begins; says which row that is."""
        if self.row < 0:
            self.next_row()
        rows, columns = number(node.attr("rowspan"), 1), number(node.attr("colspan"), 1)
        start = self.reach[-1]
        while start < _WIDEST and self.taken.get(start, 0) > self.row:
            start += 1
        end = start + min(max(columns, 1), _SPAN)  # colspan="0" happens
        self.column, self.reach[-1] = start, end
        self.taken |= dict.fromkeys(range(start, end), self.row + rows)
        self.columns.add(start)
        self.widths[-1] += 1
        self.heads[-1] += tag == "th"
        return self.row


def begin(node: Node, start: int, box: int) -> Table:
    """The table that opens with `node`."""
    layout = node.attr("role") in ("presentation", "none")
    return Table(start, box, layout=layout, ruled=(node.attr("border") or "0") != "0")


def fold(lines: list[Line], boxes: list[Box], table: Table) -> None:
    """Replace the table's lines by one line a row, if it is a table of data."""
    if table.start == len(lines) or not _is_data(lines, table):
        return
    for box in boxes[table.box + 1 :]:
        box.start = box.end = table.start  # its lines are no more
    first = table.cells[0][2] if table.cells else len(lines)  # above it is the caption
    folded: list[Line] = []
    if all(_is_item(cells) for _, cells in _rows(lines, table) if len(cells) > 1):
        for _, cells in _rows(lines, table):
            folded += _items(cells)
    else:
        columns = sorted(table.columns)
        folded += (_row(row, cells, table, columns) for row, cells in _rows(lines, table))
    lines[first:] = folded


def _cells(lines: list[Line], table: Table) -> Iterator[tuple[int, int, list[Line]]]:
    """Row, column and lines of each cell."""
    for (row, column, start), (_, _, end) in pairwise((*table.cells, (-1, -1, len(lines)))):
        yield row, column, lines[start:end]


def _rows(lines: list[Line], table: Table) -> Iterator[tuple[int, dict[int, list[Line]]]]:
    """The number of each row, and the lines of its columns."""
    for row, cells in groupby(_cells(lines, table), key=itemgetter(0)):
        yield row, {column: inside for _, column, inside in cells}


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
    widths = [width for width in table.widths if width]
    wide = sum(width > 1 for width in widths)
    if table.nested or not wide or (table.layout and not _is_grid(widths)):
        return False
    headed = any(table.heads)
    if not headed:
        if wide < 2 or wide * 2 < len(widths):
            return False
        if any(line.kind == "heading" for line in lines[table.start :]):
            return False
        if not any(above[0] == below[0] for above, below in pairwise(table.cells)):
            return False  # a column of text beside one of pictures or of nothing
    longest = _PARAGRAPHS if headed or table.ruled else _PLAIN_PARAGRAPHS
    most = 1 if table.layout else longest
    big = sum(
        len(inside) > most or sum(len(line.text) for line in inside) > _PROSE
        for _, _, inside in _cells(lines, table)
    )
    return big == 0 or (headed and big * 4 < len(table.cells))


def _is_grid(widths: list[int]) -> bool:
    """Whether all rows have the same columns: editors call any table role="presentation"."""
    return len(widths) > 1 and len(set(widths)) == 1


def _row(row: int, cells: dict[int, list[Line]], table: Table, columns: list[int]) -> Row:
    """`columns`: in which cells of the table begin, in order; those of cells above stay empty."""
    end = max(table.reach[row], max(cells) + 1)
    stray = [-1] if -1 in cells else []  # before the row's first cell
    texts = tuple(
        " ".join(line.text for line in cells.get(column, ()))
        for column in chain(stray, takewhile(end.__gt__, columns))
    )
    members = list(chain.from_iterable(cells.values()))
    line = Row(
        "row",
        " | ".join(texts),
        table.box,
        cells=texts,
        header=table.heads[row] >= max(1, table.widths[row]),
        links=tuple(link for line in members for link in line.links),
        linked=sum(line.linked for line in members),
    )
    weigh(line)
    return line
