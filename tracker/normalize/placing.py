"""Text into lines, each placed by the elements around it."""

from tracker.normalize import bullets, lists, tables
from tracker.normalize.inline import Run, whole, without_permalink
from tracker.normalize.shapes import Line, Sheet, weigh
from tracker.normalize.tree import Node


class Placing(Run):
    """What is open around the text that comes next; `sheet` is the result."""

    def __init__(self, root: Node) -> None:
        super().__init__()
        self.root = root
        self.sheet = Sheet()
        self.lines, self.boxes = self.sheet.lines, self.sheet.boxes
        self.box = -1
        self.heading = 0
        self.headed = False  # it has a line already
        self.look = ""
        self.bullet = False  # a picture of one stands before the next line
        self.labels: dict[str, str] | None = None  # of tabs, once a panel was seen
        self.label = ""  # of the panel that begins
        self.lists: list[lists.List] = []
        self.items: list[lists.Item] = []
        self.tables: list[tables.Table] = []
        self.forms: list[int] = []

    def flush(self) -> None:
        """End the current line."""
        if self.parts:
            lines = self.take()
            for line in [whole(lines)] if self.heading else lines:
                self.place(line)
        elif (self.pieces or self.links) and (part := self.part()):
            self.place(part)

    def place(self, line: Line) -> None:
        """Add a line, and say what it is by the elements around it."""
        if line.text == bullets.PICTURE:
            self.bullet = True
            return
        if self.label:
            self.entitle()
        line.box = self.box
        marked = line.text[0] in bullets.SIGNS
        if marked and line.text[0] == bullets.PICTURE:
            self.bullet, line.text = True, line.text[1:].lstrip()
        item = self.items[-1] if self.items else None
        if self.heading:
            line.kind, line.level = "heading", self.heading
            line.text = without_permalink(line)
            self.headed = True
            if item:
                item.fresh = False
        elif item and item.fresh:
            line.kind, line.level, line.marker = "item", item.level, item.marker
            if marked:
                line.text = bullets.without(line.text)
            item.fresh = False
        elif (self.bullet and line.look != "bold") or (marked and bullets.begins(line.text)):
            line.kind, line.marker = "item", "-"
            line.level = 1 + (item.level if item else 0)
            line.text = bullets.without(line.text)
        if self.look:
            line.look = self.look
        self.bullet = False
        self.append(line)

    def append(self, line: Line) -> None:
        if self.tables:
            self.tables[-1].place(len(self.lines))
        weigh(line)
        self.lines.append(line)

    def entitle(self) -> None:
        """Begin a panel without a heading of its own with what its tab says."""
        title, self.label = Line("paragraph", self.label, self.box, look="button"), ""
        if not self.heading:
            self.append(title)
