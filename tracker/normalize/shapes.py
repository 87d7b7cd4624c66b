"""What reading a page yields before any judgement: lines, and the boxes they stand in."""

import re
from dataclasses import dataclass, field

from tracker.model import BlockKind
from tracker.normalize import marks

_STOPS = tuple(".!?:;。！？")
_SENTENCE = 80  # characters; a line as long is running text in any case
_SHORT_SENTENCE = 30
_WIDE_SENTENCE = 12  # Chinese, Japanese and Korean say as much in fewer characters
_BEGINNING = 40  # characters in which one of their letters is looked for
_WIDE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")


@dataclass(slots=True)
class Line:
    """A block-to-be; mutable until region.py has judged it."""

    kind: BlockKind
    text: str
    box: int = -1  # index of the innermost box
    level: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()
    header: bool = False
    links: tuple[str, ...] = ()
    linked: int = 0  # characters inside links
    plain: int = 0  # characters, 0 where most of them are links
    prose: int = 0  # characters of running text: 0 for labels, links and menu entries too
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
    row: int = -1  # of a table's cell


@dataclass(slots=True)
class Sheet:
    """A page laid flat."""

    title: str = ""  # of <title>
    language: str = ""
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    cells: list[Box] = field(default_factory=list)  # those of tables
    scripts: int = 0
    frames: int = 0
    problem: str = ""
    spare: list[str] = field(default_factory=list)  # raw markup of <noscript>, <noframes>
    old: bool = False  # marks its text up by <font> and <center>
    foreign: bool = False  # in a language whose legal words are not known

    def legal(self, line: Line) -> bool:
        """Whether `line` uses the words of policies; taken for granted in unknown languages."""
        return self.foreign or marks.legal(line.text)

    def prose(self, box: Box) -> int:
        """The running text left in `box`, in characters."""
        return sum(line.prose for line in self.lines[box.start : box.end] if not line.dropped)


def weigh(line: Line) -> Line:
    """`line` with the weights of its text filled in."""
    size = len(line.text)
    if line.linked * 2 <= size:
        wide = not line.text.isascii() and _WIDE.search(line.text, 0, _BEGINNING) is not None
        line.plain = size * 2 if wide else size
        if line.kind != "heading" and _is_running(line.text, size, wide):
            line.prose = line.plain
    return line


def _is_running(text: str, size: int, wide: bool) -> bool:
    if size >= _SENTENCE or size < _WIDE_SENTENCE:
        return size >= _SENTENCE
    return (wide or size >= _SHORT_SENTENCE) and _ends(text)


def _ends(text: str) -> bool:
    return text.rstrip("'\"”’»)")[-1:] in _STOPS
