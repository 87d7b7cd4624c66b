"""From the core to the policy's first and last line.

The core is a box, and boxes are drawn by designers: the title and the introduction may stand
above it, the last sections below, and a menu or the footer's links inside.
"""

from collections.abc import Iterator
from itertools import accumulate, islice

from tracker.normalize import marks
from tracker.normalize.beside import (
    above_footer,
    drop_cards,
    in_page,
    is_link,
    is_menu,
    is_notice,
    links_in_row,
)
from tracker.normalize.shapes import Box, Line, Sheet

_MOST = 0.8  # share of the running text
_FAR = 60  # lines above the text in which its title is looked for


def keep_range(sheet: Sheet, scope: Box, core: Box) -> None:
    """Drop every line outside the range, except the title and the date above it."""
    lines = sheet.lines
    footer = above_footer(lines, scope.start)
    drop_cards(lines, scope, min(footer, scope.end))
    first, last = _trimmed(sheet, core, min(footer, core.end))
    page = sheet.boxes[0]
    whole = scope is page or sheet.prose(scope) >= _MOST * sheet.prose(page)
    around = scope if whole else page
    first, last = _extended(sheet, first, last, scope, around.start, min(footer, around.end))
    above = _title_and_date(sheet, first)
    for n, line in enumerate(lines):
        if not first <= n < last and not line.dropped:
            if n in above:
                line.kept = "title or date above the text"
            else:
                line.dropped = "outside the text"


def _trimmed(sheet: Sheet, core: Box, end: int) -> tuple[int, int]:
    """The core without menus before its first and after its last running text."""
    lines, boxes = sheet.lines, sheet.boxes
    start = _below_menus(sheet, core)
    head = next((n for n in range(start, end) if _is_running(lines[n])), None)
    if head is None:
        return start, end
    tail = next(n for n in range(end, head, -1) if _is_running(lines[n - 1]))
    before = [_edge_score(line, boxes, lines[head]) for line in lines[start:head]]
    after = [_edge_score(line, boxes, lines[tail - 1]) for line in lines[tail:end]]
    return head - _reach(before[::-1]), tail + _reach(after)


def _is_running(line: Line) -> bool:
    if line.dropped or not line.prose:
        return False
    return not (marks.copyright_line(line.text) or is_menu(line))


def _below_menus(sheet: Sheet, core: Box) -> int:
    """Where the page's title stands, if above it are only menus, however wordy."""
    lines = sheet.lines
    title = next((n for n in range(core.start, core.end) if _is_title(lines[n], sheet.title)), None)
    if title is None:
        return core.start
    above = [line for line in lines[core.start : title] if not line.dropped]
    links = sum(map(is_link, above))
    clauses = sum(line.prose for line in above if line.prose and sheet.legal(line))
    below = sum(line.prose for line in lines[title : core.end] if not line.dropped)
    dialogs = all(line.kind == "heading" and line.level == 1 for line in above)
    if below > sum(line.prose for line in above) and (
        3 * links >= len(above) or (links and not clauses) or dialogs
    ):
        return title
    return core.start


def _is_title(line: Line, title: str) -> bool:
    """Whether a heading of level 1 names the page, or names a legal text."""
    if line.kind != "heading" or line.level != 1 or line.dropped or len(line.text) > _FAR:
        return False
    return line.text.casefold() in title.casefold() or marks.may_title(line.text)


def _edge_score(line: Line, boxes: list[Box], neighbour: Line) -> float:
    """How much a line at the core's edge, in no sentence, belongs to the text."""
    if line.dropped:
        return 0.0
    if marks.copyright_line(line.text) or is_menu(line):
        return -1.0
    if is_link(line):
        near = neighbour.box in (line.box, boxes[line.box].parent)
        if links_in_row(line) or not near:
            return -0.2 if in_page(line) else -1.0
    if line.kind == "heading":
        return 3.0 if line.level == 1 else 0.5
    return 1.0 if line.kind == "row" or marks.date_line(line.text) else 0.3


def _extended(
    sheet: Sheet, first: int, last: int, scope: Box, start: int, end: int
) -> tuple[int, int]:
    """The range, and what around it, from `start` to `end`, reads like more of the policy."""
    landmark = scope.parent >= 0
    lines = sheet.lines
    foreign = sheet.foreign and not landmark
    after = [_score(lines[n], landmark and n < scope.end, foreign) for n in range(last, end)]
    before = [_score(lines[n], landmark and n >= scope.start, foreign) for n in range(start, first)]
    return first - _reach(before[::-1]), last + _reach(after)


def _reach(scores: list[float]) -> int:
    """How many of the first scores give the highest sum above zero."""
    best, reach = 0.0, 0
    for n, total in enumerate(accumulate(scores), 1):
        if total > best:
            best, reach = total, n
    return reach


def _score(line: Line, inside: bool, foreign: bool) -> float:
    """How much a line around the core speaks for being policy text all the same."""
    if line.dropped or in_page(line):
        return 0.0
    if marks.copyright_line(line.text) or is_menu(line):  # "All rights reserved" is no clause
        return -1.0
    if is_link(line):
        return -0.5 if inside else -1.0
    running = line.prose
    if running:
        if is_notice(line):
            return -1.0
        if inside or foreign or marks.legal(line.text):
            return min(running / 100, 4.0) + 1.0
        return -1.0
    if line.kind == "row" or marks.date_line(line.text):
        return 1.0 if inside else 0.0
    if line.kind == "heading":
        return 0.0 if inside or marks.legal(line.text) else -0.5
    return -0.1 if inside else -0.5


def _title_and_date(sheet: Sheet, first: int) -> set[int]:
    """Lines above `first` that are the text's title, what stands below it, and its date."""
    lines = sheet.lines
    found = set()
    begin = list(islice(_opening(lines, first), 3))
    topped = any(line.kind == "heading" and line.level == 1 for line in begin)
    titled = topped or any(_is_name(line) for line in begin)
    close = True  # nothing but titles and dates so far
    below: list[int] = []
    for n in range(first - 1, max(-1, first - _FAR), -1):
        line = lines[n]
        if line.dropped:
            continue
        heading = line.kind == "heading"
        top = heading and line.level == 1 and not topped and (not titled or _is_name(line))
        named = _names_page(line, sheet.title) and (not titled or marks.legal(line.text))
        if marks.date_line(line.text) and not is_link(line):
            found.add(n)
        elif _dates(lines, n):
            found |= {n, n + 1}
        elif top or (heading and named) or (close and (named or _heads(sheet, n, topped))):
            found.add(n)
            if not titled:
                found.update(m for m in below if _is_subtitle(sheet, lines[m], line))
            titled = True
            topped = topped or top
        else:
            below.append(n)
            close = False
    return found


def _dates(lines: list[Line], n: int) -> bool:
    """Whether a label and the line below it say the date: "Last updated", "3 May 2018"."""
    label, below = lines[n], lines[n + 1] if n + 1 < len(lines) else None
    if below is None or below.dropped or below.prose or below.kind == "heading":
        return False
    return not is_link(label) and marks.date_label(label.text, below.text)


def _opening(lines: list[Line], first: int) -> Iterator[Line]:
    """The lines kept from `first` on, up to the first running text."""
    for line in lines[first : first + 9]:
        if line.prose:
            return
        if not line.dropped:
            yield line


def _is_subtitle(sheet: Sheet, line: Line, title: Line) -> bool:
    """Whether a line in the title's box, or one inside it, says more than who wrote it when.

    Running text has been judged by its words.
    """
    if title.box not in (line.box, sheet.boxes[line.box].parent) or line.prose or line.links:
        return False
    return len(line.text.split()) > 3 and not any(map(str.isdigit, line.text))


def _heads(sheet: Sheet, n: int, topped: bool) -> bool:
    """Whether line `n` is a heading of the text: neither that of a menu which was dropped ("Main
    menu"), nor that of a dialog above a text that has its own title."""
    line = sheet.lines[n]
    if line.kind != "heading" or (is_link(line) and (links_in_row(line) or not in_page(line))):
        return False
    return marks.may_title(line.text) or not (topped or sheet.lines[n + 1].dropped)


def _is_name(line: Line) -> bool:
    return line.kind == "heading" and line.level < 3 and marks.names_policy(line.text)


def _names_page(line: Line, title: str) -> bool:
    """Whether a line says what the <title> says."""
    text = line.text.casefold()
    return 3 < len(text) < 100 and not is_link(line) and text in title.casefold()
