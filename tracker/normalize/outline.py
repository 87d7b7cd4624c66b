"""Which lines of a text are headings, where no mark says so.

A heading is a short line without a full stop that has text below it. Numbered lines are judged
together: "1. Name", "2. Address" in a row are a list, "1. Scope", text, "2. Data", text are not.
"""

import re
from collections import defaultdict
from dataclasses import replace

from tracker.normalize.lines import Line, roman
from tracker.text import is_date_line

_LONGEST = 120  # characters; the longest unnumbered heading of the development texts has 108
_LONGEST_NUMBERED = 160
_SENTENCES = re.compile(r"\w{3,}[.!?] +\w")
_STOP = re.compile(r"""[.;,…]["'”’»)\]*_]*$""")
_LABEL = re.compile(r"[^\W\d_][\w ./&()'-]{0,29}:\s+\S")  # "Phone: 02 123", "Last updated: ..."
_ADDRESS = re.compile(r"@|https?://|www\.|\b\d{4,}\b|\+\d|^[\W\d_]*$")
_BOLD = re.compile(r"(\*\*|__)(?!\s)(.{1,120}?)(?<!\s)\1:?$")
_POLICY = re.compile(
    r"polic|privacy|terms|conditions|notice|statement|agreement|beleid|verklaring|voorwaarden"
    r"|datenschutz|bedingungen|erklärung|confidentialit|mentions|conditions|aviso|política"
    r"|privacidad|términos|cookie|informativa",
    re.I,
)
_SITE_TITLE = re.compile(r"\s[|»–—-]\s")
_NUMBERED_HEADINGS = ("1", "A", "I", "§")


def with_headings(lines: list[Line]) -> list[Line]:
    """The lines, those that are headings turned into such, with levels."""
    if not lines:
        return []
    numbered = _numbered_headings(lines)
    marked = sum(1 for line in lines if line.kind == "heading" and line.level > 1)
    found = list(lines)
    for at in reversed(range(len(lines))):  # from below: a heading may stand above another
        line = lines[at]
        if at in numbered:
            found[at] = replace(line, kind="heading", text=f"{line.marker} {line.text}")
        elif line.kind == "text" and (bold := _BOLD.match(line.text)) and _is_short(bold[2]):
            found[at] = replace(line, kind="heading", text=bold[2])
        elif line.kind == "text" and marked < 2 and _is_unmarked(found, at):
            found[at] = replace(line, kind="heading")
    return _levelled(_titled(found))


def _numbered_headings(lines: list[Line]) -> set[int]:
    """Indices of numbered lines that are headings."""
    chosen: set[int] = set()
    for run in _runs(lines):
        short = {at for at in run if _is_short(lines[at].text, _LONGEST_NUMBERED)}
        bodies = [at for at in run if _has_body(lines, at) and at in short]
        introduced = run[0] > 0 and lines[run[0] - 1].text.rstrip().endswith(":")
        if len(bodies) * 2 > len(run) - 1 and len(bodies) > (1 if introduced else 0):
            chosen |= short
    return chosen


def _runs(lines: list[Line]) -> list[list[int]]:
    """Numbered lines at the margin, grouped by counting on: A, B, C; 1, 2, 3; 1.1, 1.2."""
    runs: list[list[int]] = []
    counting: dict[str, tuple[int, list[int]]] = {}
    for at, line in enumerate(lines):
        style, value = line.style, line.value
        if line.kind != "item" or line.indent or style[:1] not in _NUMBERED_HEADINGS:
            continue
        if style == "A" and counting.get("A", (0, []))[0] + 1 != value and roman_letter(line):
            style, value = "I", roman(line.marker.strip("().:"))
        last, run = counting.get(style, (0, []))
        if value != last + 1 or not run:
            run = []
            runs.append(run)
        run.append(at)
        counting[style] = (value, run)
    return [run for run in runs if len(run) > 1 or lines[run[0]].style != "A"]


def roman_letter(line: Line) -> bool:
    return line.marker.strip("().:").upper() in ("I", "V", "X")


def _has_body(lines: list[Line], at: int) -> bool:
    """Text stands below, or another heading of a deeper kind; not the list's next entry."""
    if at + 1 == len(lines):
        return False
    following = lines[at + 1]
    return following.kind != "item" or following.style != lines[at].style or bool(following.indent)


def _is_short(text: str, longest: int = _LONGEST) -> bool:
    text = text.strip()
    return (
        0 < len(text) <= longest
        and not _STOP.search(text)
        and not _SENTENCES.search(text)
        and not (text[0].islower() or text[0] in "([{*")
    )


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
    title = next((at for at, line in enumerate(leading) if _POLICY.search(line.text)), 0)
    while title + 1 < len(leading) and _repeats(leading[title], leading[title + 1]):
        title += 1
    kept = [
        replace(line, level=1)
        for line in leading[:title]
        if not _repeats(line, leading[title]) and not _SITE_TITLE.search(line.text)
    ]
    return [*kept, replace(leading[title], level=1), *lines[title + 1 :]]


def _repeats(line: Line, title: Line) -> bool:
    """A breadcrumb says the title, or a part of it, before the title does."""
    return line.text.casefold() in title.text.casefold()


def _levelled(lines: list[Line]) -> list[Line]:
    """The lines with a level for each heading: below the last marked one, in the order in
    which the kinds of numbering appear, the unnumbered last."""
    marked = 1
    ranks: dict[str, int] = defaultdict(lambda: len(ranks))
    levelled = []
    for line in lines:
        if line.kind == "heading" and line.level:
            marked = line.level
        elif line.kind == "heading":
            style, _, deeper = line.style.partition(".")
            rank = ranks[style] + (deeper.count("1")) if style else len(ranks)
            line = replace(line, level=min(marked + 1 + rank, 6))
        levelled.append(line)
    return levelled
