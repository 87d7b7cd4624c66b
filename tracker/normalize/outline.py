"""Which lines of a text are headings, where no mark says so.

A heading is a short line without a full stop that has text below it. Numbered lines are judged
together: "1. Name", "2. Address" in a row are a list, "1. Scope", text, "2. Data", text are not.
"""

import re
from dataclasses import replace

from tracker.normalize.lines import PART, Line, as_heading, roman
from tracker.text import is_date_line

_LONGEST = 120  # characters; the longest unnumbered heading of the development texts has 108
_LONGEST_NUMBERED = 160
_NESTING = 8  # lists in lists that are counted at a time
_SENTENCES = re.compile(r"\w{3,}[.!?] +\w")
_STOP = re.compile(r"""[.;,…]["'”’»)\]*_]*$|[;,] (?:and|or|en|of|und|oder|et|ou|y|o)$""")
_LEADING_NUMBER = re.compile(
    r"[*_]{0,2}(?:(?P<digits>\d{1,3}(?:\.\d{1,3})*)[.):]?\s|(?P<letter>[A-Za-z]|[IVX]{1,5})[.)]\s"
    rf"|(?P<word>{PART})\s?[\dIVXA-Z])"
)
_NUMBER = re.compile(r"[\d.]+\)?\s")
_LABEL = re.compile(r"[^\W\d_][\w ./&()'-]{0,29}:\s+\S")  # "Phone: 02 123", "Last updated: ..."
_ADDRESS = re.compile(r"@|https?://|www\.|\b\d{4,}\b|\+\d|^[\W\d_]*$")
_BOLD = re.compile(r"(\*\*|__)(?!\s)(.{1,120}?)(?<!\s)\1:?$")
_PRIVACY = re.compile(
    r"privacy|privacidad|datenschutz|confidentialit|persoonsgegevens|données personnelles", re.I
)
_POLICY = re.compile(
    rf"{_PRIVACY.pattern}|polic|terms|conditions|notice|statement|agreement|beleid|verklaring"
    r"|voorwaarden|bedingungen|erklärung|mentions|aviso|política|términos|cookie|informativa",
    re.I,
)
_SITE_TITLE = re.compile(r"\s[|»–—-]\s")


def with_headings(lines: list[Line]) -> list[Line]:
    """The lines, those that are headings turned into such, with levels."""
    if not lines:
        return []
    spaced = sum(line.gap for line in lines) > 0.3 * len(lines)
    if spaced:
        lines = _with_lost_bullets(lines)
    numbered = _numbered_headings(lines)
    marked = sum(1 for line in lines if line.kind == "heading" and line.level > 1)
    found = list(lines)
    for at in reversed(range(len(lines))):  # from below: a heading may stand above another
        line = lines[at]
        if at in numbered:
            found[at] = as_heading(line)
        elif line.kind == "text" and (bold := _BOLD.match(line.text)) and _may_be_bold(bold[2]):
            found[at] = replace(line, kind="heading", text=bold[2])
        elif line.kind != "text" or marked >= 2 or (spaced and _is_in_a_row(lines, at)):
            continue
        elif _is_unmarked(found, at):
            found[at] = as_heading(line)
    return _levelled(_titled(found))


def _with_lost_bullets(lines: list[Line]) -> list[Line]:
    """The lines, short ones that stand together under "We collect:" as the list they were."""
    found = list(lines)
    for at, line in enumerate(lines):
        if line.kind != "text" or not line.text.rstrip().endswith(":"):
            continue
        end = at + 1
        while end < len(lines) and not lines[end].gap and _may_be_entry(lines[end]):
            end += 1
        if end - at > 2 and (end == len(lines) or lines[end].gap):
            found[at + 1 : end] = [replace(entry, kind="item") for entry in lines[at + 1 : end]]
    return found


def _may_be_entry(line: Line) -> bool:
    if line.kind != "text" or line.style or line.text.rstrip().endswith(":"):
        return False
    short = len(line.text) <= _LONGEST and not _SENTENCES.search(line.text)
    return short and not _LABEL.match(line.text)


def _numbered_headings(lines: list[Line]) -> set[int]:
    """Indices of numbered lines that are headings."""
    chosen: set[int] = set()
    for run in _runs(lines):
        titles = {at for at in run if _is_numbered_title(lines[at])}
        above = [at for at in run if at in titles and _has_body(lines, at)]
        introduced = run[0] > 0 and lines[run[0] - 1].text.rstrip().endswith(":")
        if len(above) * 2 > len(run) - 1 and len(above) > (1 if introduced else 0):
            chosen |= titles
        elif not introduced:  # among "1. Fees. You pay ...": "4. Who may call us?" over a text
            chosen.update(at for at in above if at != run[-1])
    return chosen


def _is_numbered_title(line: Line) -> bool:
    """Short; a full stop may end it where its words are written as in a title: "1.2 Updates."."""
    text = line.text.strip()
    long_words = [word for word in text.rstrip(".").split() if len(word) > 3]
    titled = len(text) < 80 and all(not word[0].islower() for word in long_words)
    return _is_short((text.rstrip(".") if titled else text).lstrip("("), _LONGEST_NUMBERED)


def _runs(lines: list[Line]) -> list[list[int]]:
    """Numbered lines at the margin, grouped by counting on: A, B, C; 1, 2, 3; 1.1, 1.2.

    A list that counts inside a section does not end the counting of the sections.
    """
    runs: list[list[int]] = []
    unfinished: dict[str, list[tuple[int, list[int]]]] = {}  # style -> number reached, run
    for at, line in enumerate(lines):
        if not line.style or line.indent or line.style[0] not in "1AIa§":
            continue
        style, value = line.style, line.value
        open_runs = unfinished.setdefault(style, [])
        reached = open_runs[-1][0] if open_runs else 0
        if style == "A" and line.marker[0] in "IVX" and reached + 1 != value:
            style, value = "I", roman(line.marker[0])  # no H stands before this I
            open_runs = unfinished.setdefault(style, [])
        going_on = [n for n, (number, _) in enumerate(open_runs) if number + 1 == value > 1]
        run: list[int] = []
        if going_on:  # a title goes on with the sections, another line with the list inside
            outer = _is_numbered_title(line) and _has_body(lines, at)
            place = going_on[0] if outer else going_on[-1]
            run = open_runs[place][1]
            del open_runs[place:]
        else:
            runs.append(run)
        run.append(at)
        open_runs.append((value, run))
        del open_runs[:-_NESTING]
    return [run for run in runs if len(run) > 1 or lines[run[0]].style not in "Aa"]


def _has_body(lines: list[Line], at: int) -> bool:
    """Something stands below that is not merely the list's next entry."""
    if at + 1 == len(lines):
        return False
    line, following = lines[at], lines[at + 1]
    return following.style != line.style or following.value != line.value + 1


def _is_short(text: str, longest: int = _LONGEST) -> bool:
    said = _NUMBER.sub("", text.strip())
    return (
        0 < len(said) <= longest
        and not _STOP.search(said)
        and not _SENTENCES.search(said)
        and not (said[0].islower() or said[0] in "([{*")
    )


def _may_be_bold(text: str) -> bool:
    return _is_short(text) and not is_date_line(text.replace("*", ""))


def _is_unmarked(lines: list[Line], at: int) -> bool:
    """A short line by itself with a body below: "Collection of Personal Information"."""
    text = lines[at].text
    if not _is_short(text) or text.endswith(":") or _LABEL.match(text) or _ADDRESS.search(text):
        return False
    if is_date_line(text) or (at and lines[at - 1].text.rstrip().endswith(":")):
        return False
    below = at + 1
    while below < len(lines) and is_date_line(lines[below].text):
        below += 1
    if below == len(lines):
        return False
    if at == 0 and _POLICY.search(text):
        return True
    following = lines[below]
    return following.kind in ("heading", "row") or _is_body(following)


def _is_in_a_row(lines: list[Line], at: int) -> bool:
    """Whether short lines stand together where paragraphs stand apart: an address, a list whose
    bullets were lost. At the top of a text they are its title."""
    if at < 3 or lines[at].gap:
        return False
    above = lines[at - 1]
    return above.kind == "text" and len(above.text.split()) < 9


def _is_body(line: Line) -> bool:
    words = len(line.text.split())
    if line.kind == "item":
        return words >= 3
    return words >= 9 or (words >= 4 and bool(re.search(r"[.!?:;]$", line.text.strip())))


def _titled(lines: list[Line]) -> list[Line]:
    """The lines with the leading headings put in order: the policy's own name is the title,
    what repeats it or names the site above it goes."""
    start = 0
    while start < len(lines) and lines[start].kind == "heading" and not lines[start].style:
        start += 1
    leading = lines[:start]
    if not leading or any(line.level == 1 for line in leading):
        return lines
    title = max(range(len(leading)), key=lambda at: (_titleness(leading[at].text), -at))
    while title + 1 < len(leading) and _repeats(leading[title], leading[title + 1]):
        title += 1
    kept = [
        replace(line, level=1)
        for line in leading[:title]
        if not _repeats(line, leading[title]) and not _SITE_TITLE.search(line.text)
    ]
    return [*kept, replace(leading[title], level=1), *lines[title + 1 :]]


def _titleness(text: str) -> int:
    return bool(_PRIVACY.search(text)) + bool(_POLICY.search(text))


def _repeats(line: Line, title: Line) -> bool:
    """A breadcrumb says the title, or a part of it, before the title does."""
    return line.text.casefold() in title.text.casefold()


def _levelled(lines: list[Line]) -> list[Line]:
    """The lines with a level for each heading: below the last marked one, in the order in
    which the kinds of numbering appear, the unnumbered last."""
    marked = 1
    ranks: dict[str, int] = {}
    levelled = []
    for line in lines:
        if line.kind == "heading" and line.level:
            marked = line.level
        elif line.kind == "heading":
            style, depth = _numbering(line.text)
            rank = ranks.setdefault(style, len(ranks)) if style else len(ranks)
            line = replace(line, level=min(marked + 1 + rank + depth, 6))
        levelled.append(line)
    return levelled


def _numbering(text: str) -> tuple[str, int]:
    """How a heading is numbered, and how deep: ("1", 1) for "2.3 Cookies", ("", 0) for none."""
    number = _LEADING_NUMBER.match(text)
    if not number:
        return "", 0
    letter = "a" if (number["letter"] or "A").islower() else "A"
    kind = "1" if number["digits"] else "§" if number["word"] else letter
    return kind, (number["digits"] or "").rstrip(".").count(".")
