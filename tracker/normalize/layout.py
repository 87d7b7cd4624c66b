"""Lines of a PDF page in the order they are read: one column or two."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

from tracker.text import tidy

_LETTER = 0.48  # mean width of a letter, of the font's size; pypdf gives starts, not ends
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
# Bullets of symbol fonts and of PDF's own charset, ligatures; a soft hyphen that is drawn is one.
_LETTERS = str.maketrans(
    {code: "•" for code in "\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf0fc\u25cf\x7f"}
    | {sign: letters for letters, sign in _LIGATURES.items()}
    | {"\xad": "-"}
)
_HYPHEN = 0.45  # width of the widest, of the font's size
_CAPITAL = 0.68  # mean width of a capital
_GAP = 1.2  # distance that no words of one sentence have, of the font's size
_MARKER = re.compile(  # of a list's item or a section
    r"[•–—*-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){0,3}\.?|§+ ?\d+"
)

Cell = tuple[float, str]  # where it starts, and its text


@dataclass(frozen=True, slots=True)
class TextLine:
    text: str
    x: float
    y: float  # of the base line; grows upwards
    size: float
    bold: bool
    page: int = 0
    column: int = 0
    left: float = 0.0  # of the column
    right: float = 0.0
    drawn: tuple[Cell, ...] = ()  # its parts as the page draws them
    cells: tuple[Cell, ...] = ()  # and as they are set wide apart
    row: tuple[str, ...] = ()  # cells of the table it is a row of

    @property
    def end(self) -> float:
        return self.x + len(self.text) * self.size * _LETTER

    @property
    def indent(self) -> int:
        """Letters between the column's left side and the line."""
        return max(0, round((self.x - self.left) / (self.size * _LETTER))) if self.size else 0

    def longer(self, text: str) -> "TextLine":
        return replace(self, text=text)


def page_lines(page: Any) -> list[TextLine]:
    """The lines of a pypdf page, columns one after the other."""
    fragments = _fragments(page)
    width = float(page.mediabox.width)
    middle = _second_column(fragments, width)
    if middle is None:
        return _placed(_lines(fragments), 0)
    return _columns(fragments, middle)


def _fragments(page: Any) -> list[TextLine]:
    """Runs of text as the page draws them, cut where it leaves a gap."""
    found: list[TextLine] = []
    drawn: defaultdict[float, list[tuple[float, int]]] = defaultdict(list)

    def show(operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        if operator in (b"Tj", b"TJ"):
            strings = operands[0] if operator == b"TJ" and operands else operands
            x, y = _place(cm, tm)
            if isinstance(strings, list):  # a damaged page shows anything
                drawn[round(y, 1)].append((x, sum(map(_length, strings))))

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if not text.strip():
            return
        x, y = _place(cm, tm)
        scale = abs(tm[3] * cm[3]) or abs(tm[1] * cm[1]) or 1.0
        name = str((font or {}).get("/BaseFont", "")).lower()
        bold = any(weight in name for weight in ("bold", "black", "heavy", "semibold"))
        found.append(TextLine(text, x, y, round(abs(size) * scale, 1), bold, page.page_number or 0))

    page.extract_text(visitor_operand_before=show, visitor_text=visit)
    for shows in drawn.values():
        shows.sort()
    pieces = [piece for line in found for piece in _pieces(line, drawn[round(line.y, 1)])]
    return [_spelt(piece) for piece in pieces]


def _spelt(line: TextLine) -> TextLine:
    drawn = tuple((x, text.translate(_LETTERS)) for x, text in line.drawn)
    return replace(line, text=line.text.translate(_LETTERS), drawn=drawn)


def _place(cm: Any, tm: Any) -> tuple[float, float]:
    return tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]


def _length(string: Any) -> int:
    """Bytes of a string that is shown; 0 for a number between two."""
    return len(getattr(string, "original_bytes", string if isinstance(string, bytes) else ""))


def _pieces(line: TextLine, drawn: list[tuple[float, int]]) -> list[TextLine]:
    """A run cut where what draws it goes on far behind. pypdf tells a run's text and start, and
    each drawing's start and bytes: letters are one byte each in it, or two."""
    text = line.text.strip()
    first = bisect_left(drawn, (line.x - 0.5, 0))
    shows = drawn[first : first + len(text)]
    ways = product((text, _ligated(text)), (1, 2))
    parts = next(filter(None, (_shared_out(written, shows, unit) for written, unit in ways)), [])
    if not parts:
        return [line]
    pieces = [[parts[0]]]
    for (x, before), part in pairwise(parts):
        if _is_apart(before, part[0] - x, line.size):
            pieces.append([part])
        else:
            pieces[-1].append(part)
    return [
        replace(line, text="".join(text for _, text in piece), x=piece[0][0], drawn=tuple(piece))
        for piece in pieces
    ]


def _ligated(text: str) -> str:
    for letters in _LIGATURES:
        text = text.replace(letters, _LIGATURES[letters])
    return text


def _shared_out(text: str, shows: list[tuple[float, int]], unit: int) -> list[Cell]:
    """`text` shared out to what draws it; nothing where it does not fit. A blank between two is
    the letters' distance."""
    parts, at = [], 0
    for x, size in shows:
        end = at + size // unit
        end += text[end : end + 1] == " "
        parts.append((x, text[at:end]))
        at = end
        if at >= len(text):
            break
    return parts if at == len(text) else []


def _is_apart(text: str, distance: float, size: float) -> bool:
    """Whether what starts `distance` behind the start of `text` is no continuation of it."""
    letter = _CAPITAL if text.isupper() else _LETTER
    return distance > (len(text) * letter + _GAP) * size


def _second_column(fragments: list[TextLine], width: float) -> float | None:
    """Where the second column starts; None on a page of one.

    Many lines of a column start at one place, while words set apart in a running text start
    anywhere, and hardly a line runs from the first column into the second.
    """
    starts = Counter(round(f.x / 3) for f in fragments if 0.4 * width < f.x < 0.66 * width)
    frequent = [start for start, count in starts.items() if count >= 5]
    if not frequent:
        return None
    middle = min(frequent) * 3 - 6
    right = sum(1 for f in fragments if f.x >= middle)
    across = sum(1 for f in fragments if f.x < middle and f.end > middle + 0.1 * width)
    many = right >= 0.25 * len(fragments) and across <= 0.15 * len(fragments)
    last = right >= 0.08 * len(fragments) and across <= 0.05 * len(fragments)  # page of the text
    return middle if many or last else None


def _columns(fragments: list[TextLine], middle: float) -> list[TextLine]:
    """Left before right, in the zones that lines over the whole width cut the page into."""
    right = [f for f in fragments if f.x >= middle]
    left = [f for f in fragments if f.x < middle]
    wide = [line for line in _lines(left) if line.end > middle + 0.25 * middle]
    narrow = [line for line in _lines(left) if line not in wide]
    ordered: list[TextLine] = []
    top = float("inf")
    for bottom, line in [*((w.y, w) for w in wide), (float("-inf"), None)]:
        for column, lines in ((1, narrow), (2, _lines(right))):
            ordered += _placed([each for each in lines if bottom < each.y <= top], column)
        ordered += _placed([line] if line else [], 0)
        top = bottom
    return ordered


def _lines(fragments: Iterable[TextLine]) -> list[TextLine]:
    """Fragments on one base line put together, from the top down."""
    lines: list[list[TextLine]] = []
    for fragment in sorted(fragments, key=lambda f: (-f.y, f.x)):
        if lines and abs(lines[-1][0].y - fragment.y) <= 0.4 * max(fragment.size, 1):
            lines[-1].append(fragment)
        else:
            lines.append([fragment])
    return [_one(sorted(line, key=lambda f: f.x)) for line in lines]


def _one(parts: list[TextLine]) -> TextLine:
    text = parts[0].text
    for before, part in pairwise(parts):
        text += part.text if _is_glued(text, before, part) else " " + part.text
    longest = max(parts, key=lambda part: len(part.text))
    bold = all(part.bold for part in parts)
    drawn = tuple(cell for part in parts for cell in part.drawn or ((part.x, part.text),))
    whole = replace(parts[0], text=tidy(text), size=longest.size, bold=bold, drawn=drawn)
    return replace(whole, cells=_cells(parts))


def _cells(parts: list[TextLine]) -> tuple[Cell, ...]:
    """Parts that stand wide apart; none where one is a list's marker or there is only one."""
    cells = [(parts[0].x, parts[0].text.strip())]
    for before, part in pairwise(parts):
        x, text = cells[-1]
        apart = _is_apart(before.text, part.x - before.x, part.size)
        if apart and not (len(cells) == 1 and _MARKER.fullmatch(text)):
            cells.append((part.x, part.text.strip()))
        else:
            cells[-1] = (x, tidy(f"{text} {part.text}"))
    return tuple(cells) if len(cells) > 1 else ()


def _is_glued(text: str, before: TextLine, part: TextLine) -> bool:
    """Whether a part belongs to the word that `text` ends with."""
    if part.text[:1] in ".,;:)!?’'" or text[-1:].isspace() or part.text == "-":
        return True
    return before.text == "-" and part.x - before.x < _HYPHEN * part.size


def _placed(lines: list[TextLine], column: int) -> list[TextLine]:
    """The lines with their column's sides."""
    if not lines:
        return []
    left, right = min(line.x for line in lines), max(line.end for line in lines)
    return [replace(line, column=column, left=left, right=right) for line in lines]
