"""Layout tables: the menus and offers that stand in a column beside the text's."""

from collections import defaultdict
from itertools import accumulate

from tracker.normalize.shapes import Box, Line, Sheet

_MAIN = 0.6  # share of the page's clauses that makes a cell the text's column


def drop_beside(sheet: Sheet) -> None:
    """Mark cells beside the one that holds the text, if no clause is in them."""
    rows: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)
    for box in sheet.cells:
        if box.start < box.end:
            rows[box.parent, box.row].append(box)
    if not rows:
        return
    weights = (
        line.prose if line.prose and not line.dropped and sheet.legal(line) else 0
        for line in sheet.lines
    )
    sums = list(accumulate(weights, initial=0))
    for cells in rows.values():
        clauses = [sums[cell.end] - sums[cell.start] for cell in cells]
        if len(cells) > 1 and max(clauses) > _MAIN * sums[-1]:
            for cell, inside in zip(cells, clauses, strict=True):
                lines = sheet.lines[cell.start : cell.end]
                if not inside and any(map(_is_furniture, lines)):
                    for line in lines:
                        line.dropped = line.dropped or "a column beside the text"


def _is_furniture(line: Line) -> bool:
    """A link that leads away, or an offer: not a label of the text or an address."""
    if line.linked * 2 > len(line.text):
        return not all(link.startswith(("#", "mailto:")) for link in line.links)
    return line.prose > 0
