"""Text into lines, each placed by the elements around it."""

from tracker.normalize import bullets, lists, tables
from tracker.normalize.inline import Run, whole, without_permalink
from tracker.normalize.shapes import Line, Sheet, weigh
from tracker.normalize.tree import Node


class Placing:
    """What is open around the text that comes next; `sheet` is the result."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.sheet = Sheet()
        self.run = Run()
        self.box = -1
        self.heading = 0
        self.headed = False  # it has a line already
        self.look = ""
        self.bullet = False  # a picture of one stands before the next line
        self.labels: dict[str, str] | None = None  # of tabs, once a panel was seen
        self.label = ""  # of the panel that begins
        self.in_pre = 0
        self.lists: list[lists.List] = []
        self.items: list[lists.Item] = []
        self.tables: list[tables.Table] = []
        self.forms: list[int] = []

    def preformatted(self, text: str) -> None:
        """Text whose line breaks count."""
        self.run.typed = True
        first, *rest = text.split("\n")
        self.run.add(first)
        for piece in rest:
            self.run.cut()
            self.run.add(piece)

    def flush(self) -> None:
        """End the current line."""
        run = self.run
        if run.pieces or run.parts or run.links:
            lines = run.take()
            if self.heading and len(lines) > 1:
                lines = [whole(lines)]
            for line in lines:
                if line.text == bullets.PICTURE:
                    self.bullet = True
                else:
                    if self.label:
                        self.entitle()
                    self.place(line)
                    self.sheet.lines.append(weigh(line))

    def entitle(self) -> None:
        """Begin a panel without a heading of its own with what its tab says."""
        title, self.label = Line("paragraph", self.label, self.box, look="button"), ""
        if not self.heading:
            self.sheet.lines.append(weigh(title))

    def place(self, line: Line) -> None:
        """Say what a line is, by the elements around it."""
        line.box = self.box
        marked = line.text[0] in bullets.SIGNS
        if marked and line.text[0] == bullets.PICTURE:
            self.bullet, line.text = True, line.text[1:].lstrip()
        if self.tables and self.tables[-1].row >= 0:
            line.place = (self.tables[-1].row, self.tables[-1].column)
        if self.heading:
            line.kind, line.level = "heading", self.heading
            line.text = without_permalink(line)
            self.headed = True
            if self.items:
                self.items[-1].fresh = False
        elif self.items and self.items[-1].fresh:
            item = self.items[-1]
            line.kind, line.level, line.marker = "item", item.level, item.marker
            if marked:
                line.text = bullets.without(line.text)
            item.fresh = False
        elif (self.bullet and line.look != "bold") or (marked and bullets.begins(line.text)):
            line.kind, line.marker = "item", "-"
            line.level = 1 + (self.items[-1].level if self.items else 0)
            line.text = bullets.without(line.text)
        line.look = self.look or line.look
        self.bullet = False
