"""Headings that are marked by their look alone: bold lines, numbered lines, <dt>, big type.

Their blocks are headings with a level and make sections like any other; only pages of the
<font> age, which had no other headings, show them as such in the text (`Block.implied`).
"""

import re
from itertools import pairwise

from tracker.normalize import marks
from tracker.normalize.shapes import Line, Sheet

_LONGEST = 110  # characters
_WORDS = 16
_SHORTEST = 6
_TITLE = 80  # characters
_STOP = re.compile(r"[.,;]['\"”’»)]*$")
# "1.", "2.3", "IV.", "A)", "§ 4", "Article 5", "Artikel 6:", with words after it
_NUMBER = re.compile(
    r"^(?:§{1,2}\s*|(?:article|section|artikel|abschnitt|art[íi]culo|part|teil|chapter|annex|schedule)\s+)?"
    r"(?:(\d{1,2}(?:\.\d{1,2}){0,3})|[IVX]{1,5}|[A-Z])(?:[.):]+|\s*[-–—:]|\s)\s*\S",
    re.I,
)
_SURE = re.compile(
    r"^(?:§{1,2}\s*\d|(?:article|section|artikel|abschnitt|art[íi]culo)\s+[\dIVX]|\d{1,2}[.):]|[IVX]{1,5}[.)]"
    r"|[一二三四五六七八九十]{1,3}[、．.]|第[一二三四五六七八九十\d]{1,3}[条條章節节])",
    re.I,
)


def imply(sheet: Sheet) -> None:
    """Turn lines that look like headings into headings, in `sheet.lines` still kept."""
    lines = [line for line in sheet.lines if not line.dropped]
    marked = [line for line in lines if line.kind == "heading" and line.level > 1]
    plain = dict.fromkeys(_capitals(lines), "capitals") | dict.fromkeys(_numbered(lines), "number")
    as_seen = bool(marked) or not sheet.old  # an old page had no other way to mark a heading
    if lines and _is_title(lines):
        title = lines[0]
        title.kind, title.level = "heading", 1
        title.implied = (title.look or "class") if as_seen else ""
    level = 1
    for n, line in enumerate(lines):
        if line.kind == "heading":
            level = line.level
        elif (line.look or n in plain) and _is_heading(lines, n):
            line.kind = "heading"
            line.implied = (line.look or plain[n]) if as_seen else ""
            line.level = min(6, (level if marked else 1) + _depth(line.text))


def _is_title(lines: list[Line]) -> bool:
    """Whether the first line, short and in the words of policies, is a title marked as none."""
    first = lines[0]
    return (
        first.kind == "paragraph"
        and len(lines) > 1
        and len(first.text) <= _TITLE
        and not _STOP.search(first.text)
        and (first.look != "" or not first.text.endswith(":"))
        and not marks.date_line(first.text)
        and marks.legal(first.text)
    )


def _is_heading(lines: list[Line], n: int) -> bool:
    line = lines[n]
    text = line.text
    if line.kind != "paragraph" or len(text) > _LONGEST:
        return False
    if len(text.split()) > _WORDS or not any(map(str.isalpha, text)):
        return False
    if line.linked * 2 > len(text) or (_STOP.search(text) and not _SURE.match(text)):
        return False
    if n + 1 == len(lines) or marks.date_line(text):
        return False
    following = lines[n + 1]
    if line.look == "button":
        return following.prose > 0 or following.kind in ("item", "row")
    return True


def _numbered(lines: list[Line]) -> set[int]:
    """Short plain lines "1. ...", "2. ..." that each stand above running text, in order."""
    found = [
        n
        for n, line in enumerate(lines[:-1])
        if line.kind == "paragraph"
        and len(line.text) <= _LONGEST
        and _SURE.match(line.text)
        and not _STOP.search(line.text)
        and lines[n + 1].kind in ("paragraph", "item")
        and not _SURE.match(lines[n + 1].text)
    ]
    return set(found) if len(found) > 2 else set()


def _capitals(lines: list[Line]) -> list[int]:
    """Short lines in capitals above running text: INFORMATION WE COLLECT."""
    return [
        n
        for n, (line, below) in enumerate(pairwise(lines))
        if below.prose
        and line.kind == "paragraph"
        and _SHORTEST <= len(line.text) <= _LONGEST
        and line.text.isupper()
        and not below.text.isupper()
    ]


def _depth(text: str) -> int:
    """1 for "2. Title" and unnumbered lines, 2 for "2.1 Title", 3 for "2.1.4 Title"."""
    found = _NUMBER.match(text)
    return 1 + (found.group(1).count(".") if found and found.group(1) else 0)
