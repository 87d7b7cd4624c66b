"""What reading a page yields before any judgement: lines, and the boxes they stand in."""

import re
from dataclasses import dataclass, field

from tracker.model import BlockKind
from tracker.normalize import marks

_STOPS = frozenset(".!?:;。！？")
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
    links: tuple[str, ...] = ()
    linked: int = 0  # characters inside links
    plain: int = 0  # characters, 0 where most of them are links
    prose: int = 0  # characters of running text: 0 for labels, links and menu entries too
    look: str = ""  # "bold", "dt", "class", "button": may be a heading that is not marked as one
    implied: str = ""  # see Block
    dropped: str = ""  # why; "" while kept
    kept: str = ""  # why it was kept against the odds


@dataclass(slots=True)
class Row(Line):
    """A row of a table, its cells in one line."""

    cells: tuple[str, ...] = ()
    header: bool = False


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
        return sum([line.prose for line in self.lines[box.start : box.end] if not line.dropped])


def weigh(line: Line) -> None:
    """Fill in the weights of a line's text."""
    text = line.text
    size = len(text)
    if line.linked * 2 <= size:
        start = text[:_BEGINNING]
        wide = not start.isascii() and _WIDE.search(start) is not None
        line.plain = size * 2 if wide else size
        if line.kind != "heading" and (size >= _SENTENCE or _is_sentence(text, size, wide)):
            line.prose = line.plain


def _is_sentence(text: str, size: int, wide: bool) -> bool:
    """Whether a short line ends like a sentence."""
    if size < (_WIDE_SENTENCE if wide else _SHORT_SENTENCE):
        return False
    return text.rstrip("'\"”’»)")[-1:] in _STOPS
