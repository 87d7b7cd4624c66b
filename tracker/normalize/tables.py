"""Tell tables of data from tables of layout; turn the former into rows."""

from dataclasses import dataclass, field

from tracker.normalize.shapes import Box, Line, weigh

_PROSE = 1500  # characters in one cell: more is a page laid out in a table
_PARAGRAPHS = 8
_PLAIN_PARAGRAPHS = 3  # in a table without header cells


@dataclass(slots=True)
class Table:
    """An open <table>."""

    start: int  # index of its first line
    box: int  # its own
    row: int = -1
    column: int = -1
    nested: bool = False  # holds another table
    layout: bool = False  # says so itself
    heads: dict[int, int] = field(default_factory=dict)  # row -> header cells
    widths: dict[int, int] = field(default_factory=dict)  # row -> cells

    def cell(self, *, header: bool) -> None:
        """The next cell of the row begins."""
        self.column += 1
        self.widths[self.row] = self.column + 1
        if header:
            self.heads[self.row] = self.heads.get(self.row, 0) + 1


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
    lines[table.start :] = caption + [_row(n, rows[n], table) for n in sorted(rows)]


def _is_data(lines: list[Line], table: Table) -> bool:
    wide = sum(1 for width in table.widths.values() if width > 1)
    if table.nested or table.layout or not wide:
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
    most = _PARAGRAPHS if table.heads else _PLAIN_PARAGRAPHS
    big = sum(1 for count, size in cells.values() if size > _PROSE or count > most)
    return big == 0 or (bool(table.heads) and big * 4 < len(cells))


def _row(number: int, cells: dict[int, list[Line]], table: Table) -> Line:
    width = max(table.widths.get(number, 0), max(cells) + 1)
    texts = tuple(" ".join(line.text for line in cells.get(n, ())) for n in range(width))
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
