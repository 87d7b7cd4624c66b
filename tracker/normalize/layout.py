"""Lines of a PDF page in the order they are read: one column or two."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tracker.text import tidy

_LETTER = 0.48  # mean width of a letter, of the font's size; pypdf gives starts, not ends
_BULLETS = str.maketrans({code: "•" for code in "\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf0fc\u25cf"})


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
    """Runs of text as the page draws them."""
    found: list[TextLine] = []

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        text = text.translate(_BULLETS)
        if not text.strip():
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[3] * cm[3]) or abs(tm[1] * cm[1]) or 1.0
        name = str((font or {}).get("/BaseFont", "")).lower()
        bold = any(weight in name for weight in ("bold", "black", "heavy", "semibold"))
        found.append(TextLine(text, x, y, round(abs(size) * scale, 1), bold, page.page_number or 0))

    page.extract_text(visitor_text=visit)
    return found


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
    return middle if right >= 0.25 * len(fragments) and across <= 0.15 * len(fragments) else None


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
    for part in parts[1:]:
        glued = part.text[:1] in ".,;:)!?’'" or text[-1:].isspace()
        text += part.text if glued else " " + part.text
    longest = max(parts, key=lambda part: len(part.text))
    return replace(
        parts[0], text=tidy(text), size=longest.size, bold=all(part.bold for part in parts)
    )


def _placed(lines: list[TextLine], column: int) -> list[TextLine]:
    """The lines with their column's sides."""
    if not lines:
        return []
    left, right = min(line.x for line in lines), max(line.end for line in lines)
    return [replace(line, column=column, left=left, right=right) for line in lines]
