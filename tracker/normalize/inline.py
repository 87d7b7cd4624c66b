"""Collect the text between two block borders, and cut it where <br> means a new paragraph."""

import re
from dataclasses import dataclass

from tracker.text import tidy

# A sentence that goes on after a forced break: hard-wrapped mail, centred old pages.
_GOES_ON = re.compile(r"^[a-zß-öø-ÿ,;)]")
_ENDED = re.compile(r"[.!?:;…]['\"”’»)]*$")
_WRAPPED = 45  # characters; a hard-wrapped line is about this long or longer


@dataclass(slots=True)
class Part:
    """Text up to a break, with what is known of its look."""

    text: str
    linked: int
    bold: bool
    links: list[str]


class Run:
    """The text since the last block border."""

    __slots__ = ("bold", "in_bold", "in_link", "linked", "links", "parts", "pieces", "size")

    def __init__(self) -> None:
        self.in_link = 0
        self.in_bold = 0
        self.parts: list[Part | None] = []  # None: an empty line
        self._clear()

    def _clear(self) -> None:
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.linked = self.bold = self.size = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        if not text.isspace():
            size = len(text)
            self.size += size
            if self.in_link:
                self.linked += size
            if self.in_bold:
                self.bold += size

    def cut(self) -> None:
        """A <br>."""
        text = tidy("".join(self.pieces)) if self.size else ""
        if text:
            bold = self.bold > 0.9 * self.size
            self.parts.append(Part(text, min(self.linked, len(text)), bold, self.links))
        else:
            self.parts.append(None)
        if text or self.pieces:
            self._clear()

    def take(self) -> list[Part]:
        """The paragraphs collected, and start anew."""
        if not self.pieces and not self.parts:
            return []
        self.cut()
        parts, self.parts = self.parts, []
        if len(parts) == 1:
            return [parts[0]] if parts[0] else []
        return _paragraphs(parts)


def _paragraphs(parts: list[Part | None]) -> list[Part]:
    """Parts with those joined that one forced break cuts in the middle of a sentence."""
    found: list[Part] = []
    broken = True
    for part in parts:
        if part is None:
            broken = True
            continue
        if not broken and _continues(found[-1], part):
            _join(found[-1], part)
        else:
            found.append(part)
        broken = False
    return found


def _continues(before: Part, after: Part) -> bool:
    if before.bold != after.bold or _ENDED.search(before.text):
        return False
    return bool(_GOES_ON.match(after.text)) and len(before.text) >= _WRAPPED


def _join(before: Part, after: Part) -> None:
    before.text += " " + after.text
    before.linked += after.linked
    before.links += after.links
