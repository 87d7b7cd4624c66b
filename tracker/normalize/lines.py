"""Cut plain text and Markdown into lines that say what they are; decides no headings.

The corpora this reads come from html2text and from text browsers, where a line is a whole
paragraph, and from people's editors, where a paragraph is wrapped at some column.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from tracker.text import starts_with_month

LineKind = Literal["text", "heading", "item", "row"]

_ATX = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)[\s#]*$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{2,})\s*$")
_RULE = re.compile(r"\s{0,3}(?:(?:[-*_=]\s*){3,}|\\?-{3,})$")
_BULLET = re.compile(r"(\s*)([-*+•◦▪‣·○●■–—☐☑☒✓✔➢►])\s+(?=\S)")
_PARTS = (
    "Section Article Artikel Chapter Hoofdstuk Abschnitt Part Deel Teil Partie Parte "
    "Schedule Annex Annexe Appendix Bijlage Anlage Anhang Table"
).split()
PART = rf"(?:§|Art\.|{'|'.join(_PARTS)}|{'|'.join(map(str.upper, _PARTS))})"
_NUMBER = re.compile(
    rf"(\s*)(?P<marker>(?P<lead>{PART}\s*)?"
    r"(?:\((?P<in>\d{1,3}|[a-z]|[ivx]{1,5})\)"
    r"|(?P<out>\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})(?:[.)]|(?=\s)|(?=:)))[:–-]?)"
    r"\s+(?=\S)"
)
_SEPARATOR = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-{3,}:?\s*\|\s*$")
_ROW = re.compile(r"\s*\|[^|]*\|.*\|\s*$")
_CELL_MARK = re.compile(r"\s*\|\s*$")
_DEFINITION = re.compile(r"\s{0,3}\[[^\[\]]{1,100}\]:\s*\S+")
_ESCAPED_NUMBER = re.compile(r"(\s{0,3}[*_]{0,2}(?:\d{1,3}|[A-Za-z]))\\([.)])")
_COMMENT = re.compile(r"<!--.{0,10000}?-->", re.S)
_SENTENCE_END = re.compile(r"""[.!?:;]["'”’»)\]*_]*$""")


@dataclass(frozen=True, slots=True)
class Line:
    kind: LineKind
    text: str  # as written, marks inside the line still on
    indent: int = 0
    marker: str = ""  # of an item, as written
    style: str = ""  # of a number: "1", "1.1", "A", "a", "I", "i"; "-" for bullets
    value: int = 0  # the number counted: "C." is 3
    level: int = 0  # of a marked heading
    gap: bool = True  # an empty line stands before it
    cells: tuple[str, ...] = ()
    header: bool = False


def as_heading(line: Line) -> Line:
    """The line as a heading, with the number it may have as a list item."""
    text = f"{line.marker} {line.text}" if line.kind == "item" else line.text
    return replace(line, kind="heading", text=text)


def lines_of(text: str) -> list[Line]:
    """The lines that say something, wrapped paragraphs joined, tables put together."""
    if "<!--" in text:
        text = _COMMENT.sub("", text)
    raw = [line.expandtabs(4).rstrip("\r") for line in re.split("[\n\f\v\x85\u2028\u2029]", text)]
    raw = [_unquoted(line) for line in raw]
    found: list[Line] = []
    gap = True
    for line in _tables(_unwrapped(raw)):
        if isinstance(line, Line):
            found.append(replace(line, gap=gap))
            gap = False
        elif not line.strip() or _DEFINITION.match(line):
            gap = True
        elif found and not gap and _UNDERLINE.match(line) and _can_be_underlined(found[-1]):
            level = 1 if line.lstrip().startswith("=") else 2
            found[-1] = replace(as_heading(found[-1]), level=level)
        elif _RULE.match(line) or line.strip() in ("```", "~~~", "```text"):
            gap = True
        else:
            found.append(line_of(line, gap=gap))
            gap = False
    return found


def _can_be_underlined(line: Line) -> bool:
    numbered = line.kind == "item" and line.style != "-" and not line.indent
    return (line.kind == "text" or numbered) and len(line.text) < 200


def _unquoted(line: str) -> str:
    return re.sub(r"^\s{0,3}(?:>\s?){1,5}", "", line) if line.lstrip().startswith(">") else line


def line_of(line: str, *, gap: bool = True) -> Line:
    """What one line is by itself."""
    if marked := _ATX.match(line):
        return Line("heading", marked[2], level=len(marked[1]), gap=gap)
    if _ROW.match(line):
        return Line("row", line, gap=gap, cells=_cells(line))
    if bullet := _BULLET.match(line):
        text = line[bullet.end() :].strip()
        return Line("item", text, len(bullet[1]), bullet[2], "-", gap=gap)
    plain = _ESCAPED_NUMBER.sub(r"\1\2", line, count=1) if "\\" in line else line
    number = _NUMBER.match(plain)
    if number and (style := _style(number)):
        return _numbered(plain, number, style, gap=gap, escaped=plain is not line)
    return Line("text", plain.strip(), len(line) - len(line.lstrip()), gap=gap)


def _numbered(line: str, number: re.Match[str], style: str, *, gap: bool, escaped: bool) -> Line:
    """A list item or the number of a heading, which looks the same so far."""
    indent, marker, text = len(number[1]), number["marker"].strip(), line[number.end() :].strip()
    bullet = _BULLET.match(text)
    if bullet and style != "§":  # "5. - the use of": an entry of a list inside the fifth
        return Line("item", text[bullet.end() :], indent + 2, bullet[2], "-", gap=gap)
    value = _value(number, style)
    if escaped:  # "1\\. Scope" is written so to be no list: a heading or a numbered paragraph
        return Line("text", line.strip(), indent, marker, style, value, gap=gap)
    return Line("item", text, indent, marker, style, value, gap=gap)


def _style(number: re.Match[str]) -> str:
    """How it is numbered; "" where the match is only a word: "I agree", "a person"."""
    core = number["in"] or number["out"]
    closed = number["in"] or number["marker"].rstrip(":–- ").endswith((".", ")"))
    following = number.string[number.end() :]
    if number["lead"]:  # "Section 4 of the Act applies." is a sentence
        sentence = len(following) > 90 or following.rstrip().endswith((".", ";", ","))
        return "" if sentence else "§"
    if starts_with_month(following):  # "3. Mai 2018"
        return ""
    if "." in core:  # "3.5 million" is a quantity
        quantity = not closed and core.count(".") == 1 and following[:1].islower()
        return "" if quantity else "1" + ".1" * core.count(".")
    if core.isdigit():
        return "1" if closed else ""
    if not closed:
        return ""
    if len(core) > 1:
        return ("I" if core.isupper() else "i") if core.isupper() or core.islower() else ""
    return "A" if core.isupper() else "a"


def _value(number: re.Match[str], style: str) -> int:
    core = (number["in"] or number["out"]).rpartition(".")[2]
    if core.isdigit():
        return int(core)
    if style in ("I", "i"):
        return roman(core)
    return ord(core.lower()[0]) - ord("a") + 1


def roman(text: str) -> int:
    """The value of a Roman number.

    >>> roman("xiv")
    14
    """
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in text.lower()]
    signed = [-a if a < b else a for a, b in pairwise([*values, 0])]
    return sum(signed)


def _unwrapped(lines: list[str]) -> list[str]:
    """Paragraphs wrapped at a column, each on one line; other texts as they are."""
    if not _is_wrapped(lines):
        return lines
    paragraphs: list[list[str]] = []
    for line in lines:
        if paragraphs and _continues(paragraphs[-1][-1], line):
            paragraphs[-1].append(line.strip())
        else:
            paragraphs.append([line])
    return [" ".join(paragraph) for paragraph in paragraphs]


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a text is wrapped at a column; else a line is a paragraph."""
    written = sorted(len(line) for line in lines if line.strip())
    if not written or written[int(len(written) * 0.95)] > 130:
        return False
    pairs = [(a, b) for a, b in pairwise(lines) if len(a) > 40 and b.strip()]
    broken = sum(
        1 for a, b in pairs if b.lstrip()[0].islower() and not _SENTENCE_END.search(a.rstrip())
    )
    return broken >= 3 and broken >= 0.2 * len(pairs)


def _continues(before: str, line: str) -> bool:
    if not before.strip() or not line.strip() or "|" in line:
        return False
    if _ATX.match(before) or _RULE.match(line) or _UNDERLINE.match(line):
        return False
    if _ATX.match(line) or _BULLET.match(line):
        return False
    number = _NUMBER.match(line)
    if number and _style(number):
        return False
    return line.lstrip()[0].islower() or len(before) > 45


def _tables(lines: list[str]) -> Iterator[str | Line]:
    """Tables as rows, everything else as it is."""
    at = 0
    while at < len(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if "|" in lines[at] and _SEPARATOR.match(following):
            header = _cells(lines[at])
            yield Line("row", lines[at], cells=header, header=True)
            at += 2
            rows, at = _rows(lines, at, len(header))
            yield from rows
        else:
            yield lines[at]
            at += 1


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip().replace("\\|", "\0")
    inner = inner.removeprefix("|").removesuffix("|")
    return tuple(cell.strip().replace("\0", "|") for cell in inner.split("|"))


def _rows(lines: list[str], at: int, width: int) -> tuple[list[Line], int]:
    """The rows below a separator and the line after them."""
    rows = []
    while at < len(lines) and "|" in lines[at]:
        if not _SEPARATOR.match(lines[at]):
            rows.append(Line("row", lines[at], cells=_cells(lines[at])))
        at += 1
    return (rows, at) if rows else _broken_rows(lines, at, width)


def _broken_rows(lines: list[str], at: int, width: int) -> tuple[list[Line], int]:
    """Rows of cells that hold lists: html2text writes a cell over many lines, a lone "|" between
    cells and lines of two blanks after a row. A part with fewer "|" stands below the table."""
    rows: list[Line] = []
    while width > 1 and at < len(lines):
        end = at
        while end < len(lines) and not lines[end].strip():
            end += 1
        start = end
        while end < len(lines) and lines[end] != "  ":
            end += 1
        part = lines[start:end]
        if sum(1 for line in part if _CELL_MARK.match(line)) != width - 1:
            return rows, at
        cells = re.split(r"^\s*\|\s*$", "\n".join(part), flags=re.M)
        rows.append(Line("row", " ", cells=tuple(_one_line(cell) for cell in cells)))
        at = end
    return rows, at


def _one_line(cell: str) -> str:
    kept = (line_of(line).text for line in cell.split("\n") if line.strip())
    return " ".join(kept)
