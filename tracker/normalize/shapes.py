"""What reading a page yields before any judgement: lines, and the boxes they stand in."""

import re
from dataclasses import dataclass, field

from tracker.model import BlockKind
from tracker.normalize import marks

_SENTENCE = re.compile(r"[.!?:;。！？]['\"”’»)]*$")


@dataclass(slots=True)
class Line:
    """A block-to-be; mutable until region.py has judged it."""

    kind: BlockKind
    text: str
    box: int  # index of the innermost box
    level: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()
    header: bool = False
    links: tuple[str, ...] = ()
    linked: int = 0  # characters inside links
    look: str = ""  # "bold", "dt", "class", "button": may be a heading that is not marked as one
    implied: str = ""  # see Block
    place: tuple[int, int] | None = None  # row and column while its table is open
    dropped: str = ""  # why; "" while kept
    kept: str = ""  # why it was kept against the odds


@dataclass(slots=True)
class Box:
    """An element that can be furniture as a whole; its lines are start..end-1."""

    parent: int
    tag: str
    names: str  # id, classes and role, in lower case
    start: int
    end: int = 0
    inputs: int = 0  # fields to type into, of a form


@dataclass(slots=True)
class Sheet:
    """A page laid flat."""

    title: str = ""  # of <title>
    language: str = ""
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    scripts: int = 0
    frames: int = 0
    problem: str = ""
    spare: list[str] = field(default_factory=list)  # raw markup of <noscript>, <noframes>
    old: bool = False  # marks its text up by <font> and <center>
    foreign: bool = False  # in a language whose legal words are not known

    def legal(self, line: Line) -> bool:
        """Whether `line` uses the words of policies; taken for granted in unknown languages."""
        return self.foreign or marks.legal(line.text)


def prose(line: Line) -> int:
    """Characters of running text in `line`: 0 for labels, links and menu entries."""
    size = len(line.text)
    if line.kind == "heading" or line.linked * 2 > size:
        return 0
    return size if size >= 80 or (size >= 30 and _SENTENCE.search(line.text)) else 0


def plain(line: Line) -> int:
    """Characters of `line` unless it is a link."""
    size = len(line.text)
    return 0 if line.linked * 2 > size else size
