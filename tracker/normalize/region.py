"""Decide which lines of a page are the policy's text.

A range, not a root: everything between the first and the last line that reads like the policy
is kept, hidden or not, except what says it is furniture. When unsure keep: a lost clause is
worse than a stray line. Each decision is written on the line (`dropped`, `kept`) as its reason.
"""

import re
from itertools import accumulate

from tracker.normalize import marks
from tracker.normalize.shapes import Box, Line, Sheet

_SENTENCE = re.compile(r"[.!?:;]['\"”’»)]*$")
_LARGE = 0.4  # share of the page's prose above which a box is not furniture, whatever its name


def choose(sheet: Sheet) -> None:
    """Mark every line of `sheet` that is not the policy's text."""
    if not sheet.lines:
        return
    _drop_named(sheet)
    _drop_outside_core(sheet)


def prose(line: Line) -> int:
    """Characters of running text in `line`: 0 for labels, links and menu entries."""
    size = len(line.text)
    if line.kind == "heading" or line.linked * 2 > size:
        return 0
    if size >= 80 or (size >= 30 and _SENTENCE.search(line.text)):
        return size
    return 0


def _sums(sheet: Sheet) -> list[int]:
    """Prose before each line: the mass of a box is one subtraction."""
    return [0, *accumulate(0 if line.dropped else prose(line) for line in sheet.lines)]


def _drop_named(sheet: Sheet) -> None:
    """Boxes whose tag or names say furniture, unless much of the prose is in them."""
    sums = _sums(sheet)
    total = sums[-1]
    lines = sheet.lines
    for box in sheet.boxes:
        if box.start >= box.end or lines[box.start].dropped:
            continue
        reason = marks.box_reason(box.tag, box.names)
        if not reason:
            continue
        mass = sums[box.end] - sums[box.start]
        limit = 0.5 if reason == "consent manager" else _LARGE
        if mass > limit * total:
            continue
        for line in lines[box.start : box.end]:
            line.dropped = line.dropped or reason


def _drop_outside_core(sheet: Sheet) -> None:
    sums = _sums(sheet)
    core = _core(sheet, sums)
    lines = sheet.lines
    first = next((n for n in range(core.start, core.end) if not lines[n].dropped), core.start)
    title = _title_above(sheet, first)
    for n, line in enumerate(lines):
        if not core.start <= n < core.end and not line.dropped:
            if n == title:
                line.kept = "the title above the text"
            else:
                line.dropped = "outside the text"


def _core(sheet: Sheet, sums: list[int]) -> Box:
    """The innermost box that holds nearly all prose that is left."""
    best = sheet.boxes[0]
    total = sums[-1]
    for box in sheet.boxes:
        if (
            best.start <= box.start
            and box.end <= best.end
            and sums[box.end] - sums[box.start] >= 0.9 * total
        ):
            best = box
    return best


def _title_above(sheet: Sheet, first: int) -> int | None:
    """The nearest heading of level 1 above the core."""
    if any(
        line.kind == "heading" and line.level == 1 and not line.dropped
        for line in sheet.lines[first:]
    ):
        return None
    for n in range(first - 1, -1, -1):
        line = sheet.lines[n]
        if line.kind == "heading" and line.level == 1 and line.dropped in ("", "<header>"):
            line.dropped = ""
            return n
    return None
