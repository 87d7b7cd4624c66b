"""Tables of a PDF, which knows of none: lines whose parts stand below each other."""

from dataclasses import replace
from itertools import pairwise

from tracker.normalize.layout import Cell, TextLine
from tracker.text import tidy

_NEAR = 3.0  # points; parts of a column start at one place
_EQUAL = 1.1  # factor between distances that are meant to be one
_APART = 4.0  # of the type's size: what stands farther below is no row of the table


def with_rows(lines: list[TextLine]) -> list[TextLine]:
    """The lines of a page, those of tables put together to a line a row."""
    found: list[TextLine] = []
    at = 0
    while at < len(lines):
        table = _table(lines, at) if lines[at].cells else []
        found += _rows(table) if table else [lines[at]]
        at += max(1, len(table))
    return found


def _table(lines: list[TextLine], start: int) -> list[TextLine]:
    """The lines of the table that begins at `start`, each cut into cells; empty if none does."""
    columns = [x for x, _ in lines[start].cells]
    if start + 1 < len(lines) and len(lines[start + 1].cells) == len(columns):
        columns = [x for x, _ in lines[start + 1].cells]  # heads are often centred
    table = [lines[start]]
    for above, line in zip(lines[start:], lines[start + 1 :], strict=False):
        cells = _cut(line, columns)
        alone = len(cells) == 1 and line.end > columns[1] and _near(line.x, columns[0])
        if alone or not _is_below(above, line) or not _fits(cells, columns):
            break
        table.append(replace(line, cells=cells))
    while len(table) > 1 and _leaves(table, columns[0]):
        table.pop()
    full = sum(1 for line in table if len(line.cells) > 1 and _fits(line.cells, columns))
    return table if full > 1 else []


def _leaves(table: list[TextLine], margin: float) -> bool:
    """Whether the last line is the text that goes on below."""
    far = table[-2].y - table[-1].y > _EQUAL * _leading(table)
    return far and len(table[-1].cells) < 2 and _near(table[-1].x, margin)


def _leading(table: list[TextLine]) -> float:
    """The distance of lines in a cell, or of rows where every cell has one line."""
    return min(above.y - line.y for above, line in pairwise(table))


def _is_below(above: TextLine, line: TextLine) -> bool:
    same = (above.page, above.column, above.size) == (line.page, line.column, line.size)
    return same and 0 < above.y - line.y < _APART * line.size


def _cut(line: TextLine, columns: list[float]) -> tuple[Cell, ...]:
    """A line cut where a column starts, however close the cell before it comes."""
    starts = {x for x, _ in line.cells} | {
        x for x, _ in line.drawn if any(_near(x, column) for column in columns)
    }
    cells: list[Cell] = []
    for x, text in line.drawn or ((line.x, line.text),):
        if not cells or x in starts:
            cells.append((x, text))
        else:
            cells[-1] = (cells[-1][0], cells[-1][1] + text)
    return tuple((x, tidy(text)) for x, text in cells)


def _fits(cells: tuple[Cell, ...], columns: list[float]) -> bool:
    return all(any(_near(x, column) for column in columns) for x, _ in cells)


def _near(x: float, column: float) -> bool:
    return abs(x - column) <= _NEAR


def _rows(table: list[TextLine]) -> list[TextLine]:
    """The lines of a table as rows; a cell may take several lines."""
    widest = max(table, key=lambda line: len(line.cells))
    columns = [x for x, _ in widest.cells]
    leading = _EQUAL * _leading(table)
    spaced = any(above.y - line.y > leading for above, line in pairwise(table))
    rows: list[TextLine] = []
    for n, line in enumerate(table):
        texts = [""] * len(columns)
        for index, (x, text) in enumerate(line.cells):
            place = index if len(line.cells) == len(columns) else _nearest(columns, x)
            texts[place] = f"{texts[place]} {text}".strip()
        close = rows and table[n - 1].y - line.y <= leading
        if close and (spaced or not all(texts)):
            texts = [_joined(*cell) for cell in zip(rows.pop().row, texts, strict=True)]
        rows.append(replace(line, text=" | ".join(texts), row=tuple(texts)))
    return rows


def _joined(above: str, below: str) -> str:
    if above.endswith(("-", "\u2010")) and below[:1].islower():
        return above[:-1] + below
    return f"{above} {below}".strip()


def _nearest(columns: list[float], x: float) -> int:
    return min(range(len(columns)), key=lambda n: abs(columns[n] - x))
