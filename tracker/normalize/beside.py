"""What stands around the text and carries no name that gives it away: the footer, cards that lead
to other pages, boxes with an offer, messages of the site."""

import re

from tracker.normalize import marks
from tracker.normalize.shapes import Box, Line, Sheet

_NEAR = 20  # lines above a copyright notice in which a footer's menu stands
_MENU = 4  # links make one
_CARD = 160  # characters
_FEW = 200  # characters
_OFFER = 600  # characters of running text
_LITTLE_BELOW = 0.15
_BELOW = 0.4  # share of the running text that may stand below a footer or in cards
# Sentences in the words of policies, or of none, that sites put below anything.
_NOTICE = re.compile(
    r"recaptcha|outdated browser|(?:enable|disabled|requires?|activ\w+) javascript"
    r"|javascript (?:is|to be|seems to be) (?:disabled|enabled|required)"
    r"|browser (?:is not|isn't) supported|something went wrong|session is about to expire"
    r"|by (?:subscribing|signing up|submitting)\b.{0,80}(?:agree|accept|consent)",
    re.I,
)
_NOTICE_AT_MOST = 250  # characters
FORM = "a form to fill in"
_WAYS_TO_WRITE = ("mailto:", "tel:")


def above_footer(lines: list[Line], start: int) -> int:
    """Where a footer that no name gives away begins: at its copyright notice, below its menu, or
    at its menu, if that is one line.

    What follows it are dialogs and messages waiting to be shown; a page with much text below is
    no such page.
    """
    end = len(lines)
    kept = [(n, line) for n, line in enumerate(lines[start:], start) if not line.dropped]
    whole = below = sum([line.prose for _, line in kept])
    dated: int | None = None  # the last line with a date
    for at, (n, line) in enumerate(kept):
        if is_link(line) and is_menu(line):
            most = _BELOW if marks.names_policy(line.text) else _LITTLE_BELOW
            if below <= most * whole:
                return n
        if marks.copyright_line(line.text):
            if sum(is_link(above) for _, above in kept[max(0, at - _NEAR) : at]) >= _MENU:
                return n if below <= _BELOW * whole else end
            if dated is None:
                dated = max((m for m, each in kept if marks.date_line(each.text)), default=-1)
            if below < _FEW and dated <= n:
                return n
        below -= line.prose
    return end


def drop_cards(lines: list[Line], scope: Box, end: int) -> None:
    """Drop what leads to other pages below the text: linked headings, each over a line or two."""
    top, cards, below = end, 0, 0
    for n in range(end - 1, scope.start, -1):
        line = lines[n]
        if line.dropped:
            continue
        if line.kind != "heading":
            below += len(line.text)
        elif is_link(line) and not any("#" in link for link in line.links):
            top, cards, below = n, cards + 1, 0
        else:  # "More from our legal team"
            top = top if below else n
            break
        if below > _CARD:
            break
    prose = sum(line.prose for line in lines[top:end] if not line.dropped)
    whole = sum(line.prose for line in lines[scope.start : end] if not line.dropped)
    if cards > 1 and prose < _BELOW * whole:
        for line in lines[top:end]:
            line.dropped = line.dropped or "leads to other pages"


def drop_offers(sheet: Sheet, core: Box) -> None:
    """Drop boxes beside the core that say nothing in the words of policies and end in a button, a
    field or a link: "Ready to start? Join 10,000 teams. [Sign up]"."""
    for box in sheet.boxes:
        if core.start < box.end and box.start < core.end:
            continue
        parent = sheet.boxes[box.parent]
        if parent.start <= core.start and core.end <= parent.end and _is_offer(sheet, box):
            for line in sheet.lines[box.start : box.end]:
                line.dropped = line.dropped or "an offer of the site"


def _is_offer(sheet: Sheet, box: Box) -> bool:
    lines = sheet.lines[box.start : box.end]
    inside = [line for line in lines if not line.dropped]
    if not 0 < sum(line.prose for line in inside) < _OFFER or not _asks_in_the_end(lines):
        return False
    return not any(
        line.kind == "row"
        or (line.kind == "heading" and line.level == 1)
        or marks.date_line(line.text)
        or (not is_link(line) and not is_notice(line) and sheet.legal(line))
        for line in inside
    )


def _asks_in_the_end(lines: list[Line]) -> bool:
    """Whether what is there to be clicked stands below the text: above it, it unfolds the text."""
    for line in reversed(lines):
        if _asks(line):
            return True
        if line.prose and not (line.dropped or is_notice(line)):
            return False
    return False


def _asks(line: Line) -> bool:
    """Whether a line is there to be clicked, and not to write to somebody."""
    if line.look == "button" or line.dropped == FORM:
        return True
    if line.kind != "paragraph" or not is_link(line) or in_page(line):
        return False
    return not any(link.startswith(_WAYS_TO_WRITE) for link in line.links)


def is_notice(line: Line) -> bool:
    """Whether a line is a message of the site, told from clauses by standing outside the text."""
    return len(line.text) < _NOTICE_AT_MOST and _NOTICE.search(line.text) is not None


def is_menu(line: Line) -> bool:
    """Whether a line is a row of labels."""
    return line.kind != "row" and marks.menu_line(line.text)


def links_in_row(line: Line) -> bool:
    """Whether a line of links is a menu: "Home | Products"; in a heading three of them."""
    return line.kind in ("paragraph", "heading") and len(line.links) > 1 + (line.kind == "heading")


def is_link(line: Line) -> bool:
    """Whether most of a line is a link."""
    return line.linked * 2 > len(line.text)


def in_page(line: Line) -> bool:
    """Whether a line links into the page alone."""
    return bool(line.links) and all(link.startswith("#") for link in line.links)
