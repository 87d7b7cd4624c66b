"""Decide which lines of a page are the policy's text.

A range, not a root: everything between the first and the last line that reads like the policy
is kept, hidden or not, except what says it is furniture. When unsure keep: a lost clause is
worse than a stray line. Each decision is written on the line (`dropped`, `kept`) as its reason.
"""

from collections.abc import Callable
from itertools import accumulate

from tracker.normalize import consent, little, marks, reach, repeats
from tracker.normalize.shapes import Box, Line, Sheet, plain, prose

# Share of the page's text above which a box is no furniture, whatever its name says.
_LIMIT = {"archive": 1.0, "consent": 0.8, "overlay": 0.7, "strong": 0.4, "weak": 0.4}
_FORM = 0.25
_CLAUSES = 150  # characters of clauses that outweigh a name
_SCOPE = 0.3  # share that makes <main> the place to look
_CORE = 0.9  # share of the prose there that makes a box the core


def choose(sheet: Sheet) -> None:
    """Mark every line of `sheet` that is not the policy's text."""
    if not sheet.lines:
        return
    named = _named(sheet)
    for strength in ("archive", "strong", "consent", "overlay"):
        _drop_named(sheet, named[strength], _LIMIT[strength])
    _drop_forms(sheet)
    consent.drop_dialogs(sheet)
    repeats.drop_copies(sheet.lines)
    little.drop_tools(sheet.lines)
    scope = _scope(sheet)
    core = _core(sheet, scope)
    _drop_named(sheet, named["weak"], _LIMIT["weak"], core)
    reach.keep_range(sheet, scope, core)
    little.drop_contents(sheet)


def _named(sheet: Sheet) -> dict[str, list[tuple[Box, str]]]:
    """Boxes whose tag or names speak for furniture, by how strongly, each with the reason."""
    found: dict[str, list[tuple[Box, str]]] = {strength: [] for strength in _LIMIT}
    for box in sheet.boxes:
        if box.start < box.end:
            strength, reason = marks.box_reason(box.tag, box.names)
            if strength:
                found[strength].append((box, reason))
    return found


def _sums(sheet: Sheet, weigh: Callable[[Line], int]) -> list[int]:
    """Weight before each line: that of a box is one subtraction."""
    return [0, *accumulate(0 if line.dropped else weigh(line) for line in sheet.lines)]


def _drop_named(
    sheet: Sheet, named: list[tuple[Box, str]], limit: float, core: Box | None = None
) -> None:
    """Drop such boxes, unless much of the page's text is in them or they read like a policy."""
    lines = sheet.lines
    sums = _sums(sheet, plain) if named else []
    for box, reason in named:
        if lines[box.start].dropped or sums[box.end] - sums[box.start] > limit * sums[-1]:
            continue
        if core is None and limit == _LIMIT["strong"] and _reads_like_policy(box, lines):
            continue
        if core and not _idle(lines[box.start : box.end], core.start <= box.start < core.end):
            continue
        _drop(lines, box, reason)


def _drop(lines: list[Line], box: Box, reason: str) -> None:
    for line in lines[box.start : box.end]:
        line.dropped = line.dropped or reason


def _reads_like_policy(box: Box, lines: list[Line]) -> bool:
    """Whether a box named "footer-note" or "social-terms" has a heading over clauses."""
    inside = lines[box.start : box.end]
    clauses = sum(prose(line) for line in inside if marks.legal(line.text))
    return (
        box.tag not in marks.STRONG_TAGS
        and not marks.SURE_NAMES.intersection(box.names.split())
        and clauses >= _CLAUSES
        and clauses > 3 * sum(line.linked for line in inside)
        and any(line.kind == "heading" and line.level < 5 for line in inside)
    )


def _idle(lines: list[Line], inside: bool) -> bool:
    """Whether nothing in `lines` reads like a clause, a title or a date of the policy."""
    return not any(
        (line.kind == "heading" and (inside or line.level < 3))
        or line.kind == "row"
        or marks.date_line(line.text)
        or (prose(line) and marks.legal(line.text))
        for line in lines
    )


def _drop_forms(sheet: Sheet) -> None:
    """Forms to fill in: registration, contact, search. A form around the whole page stays."""
    sums = None
    for box in sheet.boxes:
        if box.inputs and box.start < box.end:
            sums = sums or _sums(sheet, plain)
            if sums[box.end] - sums[box.start] <= _FORM * sums[-1]:
                _drop(sheet.lines, box, "a form to fill in")


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
