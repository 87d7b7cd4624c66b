"""Decide which lines of a page are the policy's text.

A range, not a root: everything between the first and the last line that reads like the policy
is kept, hidden or not, except what says it is furniture. When unsure keep: a lost clause is
worse than a stray line. Each decision is written on the line (`dropped`, `kept`) as its reason.
"""

import re
from itertools import accumulate

from tracker.normalize import consent, marks, repeats
from tracker.normalize.shapes import Box, Line, Sheet

_SENTENCE = re.compile(r"[.!?:;。！？]['\"”’»)]*$")
# Share of the page's text above which a box is no furniture, whatever its name says.
_LIMIT = {"consent": 0.8, "overlay": 0.7, "strong": 0.4, "weak": 0.4}
_SCOPE = 0.3  # share that makes <main> the place to look
_CORE = 0.9  # share of the prose there that makes a box the core


def choose(sheet: Sheet) -> None:
    """Mark every line of `sheet` that is not the policy's text."""
    if not sheet.lines:
        return
    for strength in ("strong", "consent", "overlay", "weak"):
        _drop_named(sheet, strength)
    consent.drop_dialogs(sheet)
    repeats.drop_copies(sheet.lines)
    _drop_outside(sheet)


def prose(line: Line) -> int:
    """Characters of running text in `line`: 0 for labels, links and menu entries."""
    size = len(line.text)
    if line.kind == "heading" or line.linked * 2 > size:
        return 0
    if size >= 80 or (size >= 30 and _SENTENCE.search(line.text)):
        return size
    return 0


def plain(line: Line) -> int:
    """Characters of `line` unless it is a link."""
    size = len(line.text)
    return 0 if line.linked * 2 > size else size


def _sums(sheet: Sheet, weigh) -> list[int]:
    """Weight before each line: that of a box is one subtraction."""
    return [0, *accumulate(0 if line.dropped else weigh(line) for line in sheet.lines)]


def _drop_named(sheet: Sheet, wanted: str) -> None:
    """Boxes whose tag or names say furniture, unless much of the text is in them."""
    lines = sheet.lines
    sums = None
    for box in sheet.boxes:
        if box.start >= box.end or lines[box.start].dropped:
            continue
        strength, reason = marks.box_reason(box.tag, box.names)
        if strength != wanted:
            continue
        if sums is None:
            sums = _sums(sheet, plain)
        if sums[box.end] - sums[box.start] > _LIMIT[strength] * sums[-1]:
            continue
        if strength == "weak" and not _idle(lines[box.start : box.end]):
            continue
        for line in lines[box.start : box.end]:
            line.dropped = line.dropped or reason


def _idle(lines: list[Line]) -> bool:
    """Whether nothing in `lines` reads like a clause, a title or a date of the policy."""
    return not any(
        (line.kind == "heading" and line.level < 3)
        or line.kind == "row"
        or marks.date_line(line.text)
        or (prose(line) and marks.legal(line.text))
        for line in lines
    )


def _drop_outside(sheet: Sheet) -> None:
    """All but the best range, its title and its date."""
    lines = sheet.lines
    scope = _scope(sheet)
    core = _core(sheet, scope)
    first, last = _range(lines, core, scope)
    keep = set(_title_and_date(lines, first))
    for n, line in enumerate(lines):
        if not first <= n < last and not line.dropped:
            if n in keep:
                line.kept = "title or date above the text"
            else:
                line.dropped = "outside the text"


def _scope(sheet: Sheet) -> Box:
    """<main>, if there is one with a fair share of the text; else the page."""
    sums = _sums(sheet, plain)
    mains = [box for box in sheet.boxes if box.tag == "main" or box.names.endswith("main")]
    for box in mains:
        if sums[box.end] - sums[box.start] >= _SCOPE * sums[-1]:
            return box
    return sheet.boxes[0]


def _core(sheet: Sheet, scope: Box) -> Box:
    """The innermost box that holds nearly all prose of the scope."""
    best = scope
    sums = _sums(sheet, prose)
    total = sums[scope.end] - sums[scope.start]
    if total < 500:
        return scope
    for box in sheet.boxes:
        if (
            best.start <= box.start
            and box.end <= best.end
            and sums[box.end] - sums[box.start] >= _CORE * total
        ):
            best = box
    return best


def _range(lines: list[Line], core: Box, scope: Box) -> tuple[int, int]:
    """First and past-last line: the core, and what around it reads like more of the policy."""
    landmark = scope.tag == "main"
    after = [_score(lines[n], landmark and n < scope.end) for n in range(core.end, len(lines))]
    before = [_score(lines[n], landmark and n >= scope.start) for n in range(core.start)]
    return core.start - _reach(before[::-1]), core.end + _reach(after)


def _reach(scores: list[float]) -> int:
    """How many of the first scores give the highest sum above zero."""
    best, reach = 0.0, 0
    for n, total in enumerate(accumulate(scores), 1):
        if total > best:
            best, reach = total, n
    return reach


def _score(line: Line, inside: bool) -> float:
    """How much a line around the core speaks for being policy text all the same."""
    size = len(line.text)
    if line.dropped or _in_page(line):
        return 0.0
    if line.linked * 2 > size:
        return -0.5 if inside else -1.0
    running = prose(line)
    if running:
        if inside or marks.legal(line.text):
            return min(running / 100, 4.0) + 1.0
        return -1.0
    if marks.date_line(line.text):
        return 1.0 if inside else 0.0
    if line.kind == "heading":
        return 0.0 if inside or marks.legal(line.text) else -0.5
    return -0.1 if inside else -0.5


def _in_page(line: Line) -> bool:
    return bool(line.links) and all(link.startswith("#") for link in line.links)


def _title_and_date(lines: list[Line], first: int) -> list[int]:
    """Lines above `first`: the nearest heading of level 1, and a date line near it."""
    found = []
    titled = any(line.kind == "heading" and line.level == 1 for line in lines[first : first + 3])
    for n in range(first - 1, max(-1, first - 60), -1):
        line = lines[n]
        if line.dropped and line.dropped != "<header>":
            continue
        if marks.date_line(line.text):
            found.append(n)
        elif not titled and line.kind == "heading" and line.level == 1:
            found.append(n)
            titled = True
    return found
