"""Decide which lines of a page are the policy's text.

A range, not a root: everything between the first and the last line that reads like the policy
is kept, hidden or not, except what says it is furniture. When unsure keep: a lost clause is
worse than a stray line. Each decision is written on the line (`dropped`, `kept`) as its reason.
"""

import re
from collections.abc import Callable, Collection
from functools import partial
from itertools import accumulate, islice

from tracker.normalize import beside, columns, consent, little, marks, names, reach, repeats
from tracker.normalize.shapes import Box, Line, Sheet
from tracker.text import is_date_line

Spare = Callable[[Box, Sheet], bool]

# Shares of the page's text above which a box is no furniture, whatever its name says.
_MUCH = 0.4
_MOST = 0.7
_NEARLY_ALL = 0.85
_LONG = 100  # characters
_LOOKED_AT = 30  # lines, for the language
_NO_DIALOG = 1_500  # characters of running text
_SHARE = 0.3
_SEVERAL = 3  # boxes of one name
_FORM = 0.25
_CLAUSES = 150  # characters of clauses that outweigh a name
_SCOPE = 0.3  # share that makes <main> the place to look
_FOLDS = re.compile(r"header|button|toggle|dropdown")
_FOLDED = re.compile(r"accordion|collaps|expan|panel|faq|card-")
_MORE_THAN_HALF = 0.6
_CORE = 0.9  # share of the prose there that makes a box the core


def choose(sheet: Sheet) -> None:
    """Mark every line of `sheet` that is not the policy's text."""
    if not sheet.lines:
        return
    sheet.foreign = not _speaks_known_language(sheet.lines)
    named = _named(sheet)
    _drop_named(sheet, named["archive"], 1.0)
    _drop_named(sheet, named["strong"], _MUCH, spare=_reads_like_policy)
    _drop_named(sheet, named["consent"], _NEARLY_ALL, spare=_is_section)
    _drop_named(sheet, named["overlay"], _MOST, spare=_is_section)
    _drop_forms(sheet)
    consent.drop_dialogs(sheet)
    repeats.drop_copies(sheet.lines)
    little.drop_tools(sheet.lines)
    columns.drop_beside(sheet)
    scope = _scope(sheet)
    beside.drop_offers(sheet, _core(sheet, scope, _MORE_THAN_HALF))
    core = _core(sheet, scope, _CORE)
    _drop_named(sheet, named["weak"], _MUCH, spare=partial(_holds_text, core))
    reach.keep_range(sheet, scope, core)
    little.drop_contents(sheet)
    little.drop_ways_out(sheet.lines)
    _spare_date(sheet.lines)


def _spare_date(lines: list[Line]) -> None:
    """A footer may hold nothing of the policy but its date: "Last updated: 12 March 2001"."""
    below = [line for line in lines if "foot" in line.dropped and is_date_line(line.text)]
    if len(below) == 1 and not any(is_date_line(line.text) for line in lines if not line.dropped):
        below[0].dropped, below[0].kept = "", "the text's date, in the footer"


def _speaks_known_language(lines: list[Line]) -> bool:
    """Whether the vocabulary of policies is of use: some of the longer lines have words of it."""
    long = islice((line for line in lines if line.prose > _LONG), _LOOKED_AT)
    return any(marks.legal(line.text) for line in long)


def _named(sheet: Sheet) -> dict[str, list[tuple[Box, str]]]:
    """Boxes whose tag or names speak for furniture, by how strongly, each with the reason."""
    found: dict[str, list[tuple[Box, str]]] = {strength: [] for strength in names.STRENGTHS}
    for box in sheet.boxes:
        if box.start < box.end:
            suspicion = names.suspicion(box.tag, box.names)
            if suspicion:
                found[suspicion[0]].append((box, suspicion[1]))
    return found


def _plain(sheet: Sheet) -> list[int]:
    return _sums([0 if line.dropped else line.plain for line in sheet.lines])


def _prose(sheet: Sheet) -> list[int]:
    return _sums([0 if line.dropped else line.prose for line in sheet.lines])


def _sums(weights: list[int]) -> list[int]:
    """Weight before each line: that of a box is one subtraction."""
    return list(accumulate(weights, initial=0))


def _drop_named(
    sheet: Sheet, named: list[tuple[Box, str]], limit: float, spare: Spare | None = None
) -> None:
    """Drop such boxes, unless too much of the page's text is in them or `spare` says so."""
    if not named:
        return
    sums = _plain(sheet)
    building = _building_blocks(sheet, named) if limit < _NEARLY_ALL else ()
    for box, reason in named:
        dropped = sheet.lines[box.start].dropped
        large = sums[box.end] - sums[box.start] > limit * sums[-1] or box.names in building
        if not (dropped or large or (spare and spare(box, sheet))):
            _drop(sheet.lines, box, reason)


def _building_blocks(sheet: Sheet, named: list[tuple[Box, str]]) -> Collection[str]:
    """Names that a fair share of the page's running text bears, in several boxes: the page is
    built of them ("intercom-paragraph", "menu-page__text"), while furniture is there once."""
    boxes: dict[str, list[Box]] = {}
    for box, _ in named:
        boxes.setdefault(box.names, []).append(box)
    several = {name: of for name, of in boxes.items() if name and len(of) >= _SEVERAL}
    sums = _prose(sheet) if several else [0]
    return {
        name
        for name, of in several.items()
        if sum(sums[box.end] - sums[box.start] for box in of) > _SHARE * sums[-1]
    }


def _drop(lines: list[Line], box: Box, reason: str) -> None:
    for line in lines[box.start : box.end]:
        line.dropped = line.dropped or reason


def _reads_like_policy(box: Box, sheet: Sheet) -> bool:
    """Whether a box named "footer-note" or "newsletter" is a section of the text.

    It has a heading over clauses; or its id, as so often, is its heading; or many clauses. Or it
    holds the page's title, with breadcrumbs beside it.
    """
    inside = sheet.lines[box.start : box.end]
    if box.tag in names.STRONG_TAGS:
        return False
    tops = [line.text for line in inside if line.kind == "heading" and line.level == 1]
    if any(map(marks.may_title, tops)):
        return True
    if names.SURE.intersection(box.names.split()):
        return False
    clauses = sum(line.prose for line in inside if line.prose and sheet.legal(line))
    if clauses <= 3 * sum(line.linked for line in inside):
        return False
    heading = _heading(inside)
    return clauses >= (_CLAUSES if heading else 4 * _CLAUSES) or _is_slug(heading, box)


def _heading(inside: list[Line]) -> str:
    """The first heading of a box."""
    return next((line.text for line in inside if line.kind == "heading"), "")


def _is_slug(heading: str, box: Box) -> bool:
    """Whether a box is named after its heading: <section id="cookie-banner">."""
    slug = re.sub(r"[\W_]+", "-", heading.casefold()).strip("-")
    return slug != "" and slug in box.names.split()


def _is_section(box: Box, sheet: Sheet) -> bool:
    """Whether a box named as a dialog is a section of the text or all of it: under its own
    heading, long or between running text, and without anything to choose."""
    inside = sheet.lines[box.start : box.end]
    heading = _heading(inside)
    if not heading or consent.offers_choice(inside):
        return False
    if _is_slug(heading, box) or sum(line.prose for line in inside) > _NO_DIALOG:
        return True
    return consent.amid_text(sheet.lines, box.start, box.end, sheet.boxes[box.parent])


def _holds_text(core: Box, box: Box, sheet: Sheet) -> bool:
    """Whether anything in the box reads like a clause, a title or a date of the policy."""
    inside = core.start <= box.start < core.end
    lines = sheet.lines[box.start : box.end]
    if inside and (_is_caption(box, sheet.lines) or _is_remark(box, sheet)):
        return True
    if box.tag == "menu" and not any(line.links for line in lines):
        return True  # a list, as HTML 3 had it
    return any(
        (line.kind == "heading" and (inside or line.level < 3))
        or line.kind == "row"
        or marks.date_line(line.text)
        or (line.prose > 0 and sheet.legal(line))
        for line in lines
    )


def _is_caption(box: Box, lines: list[Line]) -> bool:
    """Whether a box is the line to click on that unfolds the text below it, marked as no heading:
    <div class="card-header">, <div role="button">."""
    named = f"{box.tag} {box.names}"
    if box.end - box.start != 1 or not _FOLDS.search(named):
        return False
    line, below = lines[box.start], lines[box.end] if box.end < len(lines) else None
    if below is None or below.dropped or any("#" not in link for link in line.links):
        return False
    if _FOLDED.search(named):
        return below.plain > 0
    return (
        below.prose > 0
        or below.kind in ("item", "row")
        or (below.level > 2 or below.look == "bold")
    )


def _is_remark(box: Box, sheet: Sheet) -> bool:
    """Whether a box is a remark between paragraphs: <div class="alert">."""
    inside = sheet.lines[box.start : box.end]
    if sum(line.prose for line in inside) <= sum(line.linked for line in inside):
        return False
    return consent.amid_text(sheet.lines, box.start, box.end, sheet.boxes[box.parent])


def _drop_forms(sheet: Sheet) -> None:
    """Forms to fill in: registration, contact, search. A form around the whole page stays."""
    sums = None
    for box in sheet.boxes:
        if box.inputs and box.start < box.end:
            sums = sums or _plain(sheet)
            if sums[box.end] - sums[box.start] <= _FORM * sums[-1]:
                _drop(sheet.lines, box, beside.FORM)


def _scope(sheet: Sheet) -> Box:
    """<main>, if there is one with a fair share of the text; else the page."""
    mains = [box for box in sheet.boxes if box.tag == "main" or box.names.endswith("main")]
    weights = (_plain(sheet), _prose(sheet)) if mains else ()
    for box in mains:
        if all(sums[box.end] - sums[box.start] >= _SCOPE * sums[-1] for sums in weights):
            return box
    return sheet.boxes[0]


def _core(sheet: Sheet, scope: Box, share: float) -> Box:
    """The innermost box that holds so much of the scope's prose."""
    best = scope
    sums = _prose(sheet)
    total = sums[scope.end] - sums[scope.start]
    if total < 500:
        return scope
    for box in sheet.boxes:
        if (
            best.start <= box.start
            and box.end <= best.end
            and sums[box.end] - sums[box.start] >= share * total
        ):
            best = box
    return best
