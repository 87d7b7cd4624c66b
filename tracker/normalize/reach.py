"""From the core to the policy's first and last line.

The core is a box, and boxes are drawn by designers: the title and the introduction may stand
above it, the last sections below, and a menu or the footer's links inside.
"""

from collections.abc import Iterator
from itertools import accumulate, islice

from tracker.normalize import marks
from tracker.normalize.shapes import Box, Line, Sheet

_FAR = 60  # lines above the text in which its title is looked for
_NEAR = 20  # lines above a copyright notice in which a footer's menu stands
_MENU = 4  # links make one
_BELOW = 0.4  # share of the running text that may stand below a footer


def keep_range(sheet: Sheet, scope: Box, core: Box) -> None:
    """Drop every line outside the range, except the title and the date above it."""
    lines = sheet.lines
    first, last = _trimmed(sheet, core)
    first, last = _extended(sheet, first, last, scope)
    above = _title_and_date(sheet, first)
    for n, line in enumerate(lines):
        if not first <= n < last and not line.dropped:
            if n in above:
                line.kept = "title or date above the text"
            else:
                line.dropped = "outside the text"


def _trimmed(sheet: Sheet, core: Box) -> tuple[int, int]:
    """The core without menus before its first and after its last running text."""
    lines, boxes = sheet.lines, sheet.boxes
    start = _below_menus(sheet, core)
    end = _above_footer(lines, start, core.end)
    running = [n for n in range(start, end) if _is_running(lines[n])]
    if not running:
        return start, end
    head, tail = running[0], running[-1] + 1
    before = [_edge_score(line, boxes, lines[head]) for line in lines[start:head]]
    after = [_edge_score(line, boxes, lines[tail - 1]) for line in lines[tail:end]]
    return head - _reach(before[::-1]), tail + _reach(after)


def _is_running(line: Line) -> bool:
    return not line.dropped and line.prose > 0 and not marks.copyright_line(line.text)


def _above_footer(lines: list[Line], start: int, end: int) -> int:
    """Where a footer that no name gives away begins: at its copyright notice, below its menu.

    What follows it are dialogs and messages waiting to be shown; a page with much text below is
    no such page.
    """
    kept = [n for n in range(start, end) if not lines[n].dropped]
    notice = next((at for at, n in enumerate(kept) if marks.copyright_line(lines[n].text)), None)
    if notice is None:
        return end
    menu = sum(map(_is_link, (lines[n] for n in kept[max(0, notice - _NEAR) : notice])))
    below = sum(lines[n].prose for n in kept[notice:])
    if menu < _MENU or below > _BELOW * sum(lines[n].prose for n in kept):
        return end
    return kept[notice]


def _below_menus(sheet: Sheet, core: Box) -> int:
    """Where the page's title stands, if above it are only menus, however wordy."""
    lines = sheet.lines
    title = next((n for n in range(core.start, core.end) if _is_title(lines[n], sheet.title)), None)
    if title is None:
        return core.start
    above = [line for line in lines[core.start : title] if not line.dropped]
    links = sum(map(_is_link, above))
    clauses = sum(line.prose for line in above if sheet.legal(line))
    below = sum(line.prose for line in lines[title : core.end] if not line.dropped)
    if below > sum(line.prose for line in above) and (
        3 * links >= len(above) or (links and not clauses)
    ):
        return title
    return core.start


def _is_title(line: Line, title: str) -> bool:
    """Whether a heading of level 1 names the page, or names a legal text."""
    if line.kind != "heading" or line.level != 1 or line.dropped or len(line.text) > _FAR:
        return False
    return line.text.casefold() in title.casefold() or marks.legal(line.text)


def _edge_score(line: Line, boxes: list[Box], neighbour: Line) -> float:
    """How much a line at the core's edge, in no sentence, belongs to the text."""
    if line.dropped:
        return 0.0
    if marks.copyright_line(line.text):
        return -1.0
    if _is_link(line):
        near = neighbour.box in (line.box, boxes[line.box].parent)
        if _is_menu(line) or not near:
            return -0.2 if _in_page(line) else -1.0
    if line.kind == "heading":
        return 3.0 if line.level == 1 else 0.5
    return 1.0 if line.kind == "row" or marks.date_line(line.text) else 0.3


def _extended(sheet: Sheet, first: int, last: int, scope: Box) -> tuple[int, int]:
    """The range, and what around it reads like more of the policy."""
    landmark = scope.parent >= 0
    lines = sheet.lines
    foreign = sheet.foreign and not landmark
    after = [_score(lines[n], landmark and n < scope.end, foreign) for n in range(last, len(lines))]
    before = [_score(lines[n], landmark and n >= scope.start, foreign) for n in range(first)]
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
    if line.dropped or _in_page(line):
        return 0.0
    if marks.copyright_line(line.text):  # "All rights reserved" is no clause
        return -1.0
    if _is_link(line):
        return -0.5 if inside else -1.0
    running = line.prose
    if running:
        if inside or foreign or marks.legal(line.text):
            return min(running / 100, 4.0) + 1.0
        return -1.0
    if marks.date_line(line.text):
        return 1.0 if inside else 0.0
    if line.kind == "heading":
        return 0.0 if inside or marks.legal(line.text) else -0.5
    return -0.1 if inside else -0.5


def _is_link(line: Line) -> bool:
    return line.linked * 2 > len(line.text)


def _is_menu(line: Line) -> bool:
    """Whether a line of links is one: "Home | Products"; in a heading three of them."""
    return line.kind in ("paragraph", "heading") and len(line.links) > 1 + (line.kind == "heading")


def _in_page(line: Line) -> bool:
    return bool(line.links) and all(link.startswith("#") for link in line.links)


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
        if marks.date_line(line.text) and not _is_link(line):
            found.add(n)
        elif top or (heading and named) or (close and (named or _heads(sheet, n))):
            found.add(n)
            if not titled:
                found.update(m for m in below if _is_subtitle(sheet, lines[m], line))
            titled = True
            topped = topped or top
        else:
            below.append(n)
            close = False
    return found


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


def _heads(sheet: Sheet, n: int) -> bool:
    """Whether line `n` is a heading, and not that of a menu which was dropped: "Main menu"."""
    line = sheet.lines[n]
    if _is_link(line) and _is_menu(line):
        return False
    return line.kind == "heading" and (not sheet.lines[n + 1].dropped or marks.legal(line.text))


def _is_name(line: Line) -> bool:
    return line.kind == "heading" and line.level < 3 and marks.names_policy(line.text)


def _names_page(line: Line, title: str) -> bool:
    """Whether a line says what the <title> says."""
    text = line.text.casefold()
    return 3 < len(text) < 100 and not _is_link(line) and text in title.casefold()
