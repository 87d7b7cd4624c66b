"""Lay a page flat: its lines in reading order, and the boxes they stand in.

Nothing is judged here: menus and banners come out as lines too (region.py judges). One walk
with an explicit stack: pages nest ten thousand deep.
"""

import re
from collections.abc import Callable
from typing import Any

from tracker.normalize import tables
from tracker.normalize.inline import Part, Run
from tracker.normalize.shapes import Box, Line, Sheet
from tracker.normalize.tree import ELEMENT, TEXT, Node
from tracker.text import tidy

_SKIP = frozenset(
    "script style noscript template svg iframe object embed canvas audio video map select "
    "textarea datalist frame noframes progress meter portal".split()
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BOXES = frozenset(
    "html body div section article main nav aside header footer form fieldset ul ol dl table td "
    "th details dialog center menu".split()
)
_BREAKS = frozenset(
    "p blockquote pre dd dt tr tbody thead tfoot caption address figure figcaption hr "
    "summary button legend label hgroup search listing xmp plaintext option".split()
)
_BOLD = frozenset(("b", "strong"))
_PRE = frozenset(("pre", "listing", "xmp", "plaintext"))
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)
_HEADING_CLASS = re.compile(
    r"(^|[\s_-])(heading|headline|head|header|title|titre|titel|subtitle|subhead|subheading)"
    r"(-?\d|$|[\s_-])",
    re.I,
)
_BULLET = re.compile(r"^[•·◦▪▫‣●○■□➢►▶→✓✔❖\uf0b7\uf0a7*–—-]\s+(?=\S)")
_DEEPEST = 12  # list levels told apart

Leave = tuple[Callable[..., None], Any]


def flatten(root: Node) -> Sheet:
    """Every line of the tree under `root`."""
    walk = _Walk()
    stack: list[Any] = [root]
    pop, push, extend = stack.pop, stack.append, stack.extend
    add, enter = walk.text, walk.enter
    while stack:
        node = pop()
        kind = type(node)
        if kind is TEXT:
            add(node.text)
        elif kind is ELEMENT:
            tag = node.tag
            if tag in _SKIP:
                walk.skip(tag)
                continue
            leave = enter(tag, node)
            if leave is not None:
                push(leave)
            extend(node.children[::-1])
        elif kind is tuple:
            node[0](node[1])
    walk.flush()
    return walk.sheet


class _Walk:
    """The state of one walk; `sheet` is its result."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.run = Run()
        self.box = -1
        self.heading = 0
        self.look = ""
        self.in_pre = 0
        self.lists: list[list[Any]] = []  # [tag, next number, type]
        self.items: list[list[Any]] = []  # [level, marker, still without a line]
        self.tables: list[tables.Table] = []

    # Text and lines

    def text(self, text: str) -> None:
        if self.in_pre and "\n" in text:
            first, *rest = text.split("\n")
            self.run.add(first)
            for piece in rest:
                self.run.cut()
                self.run.add(piece)
        else:
            self.run.add(text)

    def flush(self) -> None:
        """End the current line."""
        run = self.run
        if run.pieces or run.parts:
            parts = run.take()
            if self.heading and len(parts) > 1:
                parts = [_whole(parts)]
            for part in parts:
                self.sheet.lines.append(self.line(part))

    def line(self, part: Part) -> Line:
        place = (self.tables[-1].row, self.tables[-1].column) if self.tables else None
        if place and place[0] < 0:
            place = None
        line = Line("paragraph", part.text, self.box, linked=part.linked, place=place)
        if part.links:
            line.links = tuple(part.links)
        if self.heading:
            line.kind, line.level = "heading", self.heading
            if self.items:
                self.items[-1][2] = False
        elif self.items and self.items[-1][2]:
            line.kind = "item"
            line.level, line.marker, _ = self.items[-1]
            line.text = _BULLET.sub("", line.text)
            self.items[-1][2] = False
        elif _BULLET.match(part.text):
            line.kind, line.marker = "item", "-"
            line.level = 1 + (self.items[-1][0] if self.items else 0)
            line.text = _BULLET.sub("", line.text)
        line.look = self.look or ("bold" if part.bold else "")
        return line

    # Elements

    def skip(self, tag: str) -> None:
        if tag == "script":
            self.sheet.scripts += 1
        elif tag == "frame":
            self.sheet.frames += 1

    def enter(self, tag: str, node: Node) -> Leave | None:
        """Note that `tag` begins; what to call when it ends."""
        if tag == "br":
            self.run.cut()
            return None
        if tag == "a":
            return self.enter_link(node)
        if tag in _BOLD:
            self.run.in_bold += 1
            return (self.leave_bold, None)
        if tag in _HEADINGS:
            return self.enter_heading(_HEADINGS[tag])
        if tag == "li":
            return self.enter_item(node)
        if tag in _BOXES:
            return self.enter_box(tag, node)
        if tag in _BREAKS:
            return self.enter_break(tag, node)
        if tag == "title":
            return (self.leave_title, None)
        if tag in ("span", "font"):
            style = node.attr("style")
            if style and _BOLD_STYLE.search(style):
                self.run.in_bold += 1
                return (self.leave_bold, None)
            mail = node.attr("data-cfemail")
            if mail:
                return self.mail(mail, node)
        return None

    def enter_link(self, node: Node) -> Leave | None:
        mail = node.attr("data-cfemail")
        if mail:
            return self.mail(mail, node)
        target = node.attr("href")
        if not target:
            return None
        self.run.links.append(target)
        self.run.in_link += 1
        return (self.leave_link, None)

    def mail(self, code: str, node: Node) -> None:
        """Cloudflare hides addresses behind their first byte."""
        try:
            key, *rest = bytes.fromhex(code)
            self.run.add(bytes(byte ^ key for byte in rest).decode("utf-8", "replace"))
        except ValueError:
            return
        node.clear()

    def leave_link(self, _: None) -> None:
        self.run.in_link -= 1

    def leave_bold(self, _: None) -> None:
        self.run.in_bold -= 1

    def leave_title(self, _: None) -> None:
        """The first <title> is the page's; later ones belong to drawings."""
        parts = self.run.take()
        if parts and not self.sheet.title:
            self.sheet.title = _whole(parts).text

    def enter_heading(self, level: int) -> Leave:
        self.flush()
        before, self.heading = self.heading, level
        return (self.leave_heading, before)

    def leave_heading(self, before: int) -> None:
        self.flush()
        self.heading = before

    def enter_break(self, tag: str, node: Node) -> Leave:
        self.flush()
        before = (self.look, self.in_pre)
        if tag == "tr" and self.tables:
            self.tables[-1].row += 1
            self.tables[-1].column = -1
        elif tag in _PRE:
            self.in_pre += 1
        elif tag == "dt":
            self.look = "dt"
        elif tag in ("summary", "button"):
            self.look = "button"
        return (self.leave_break, before)

    def leave_break(self, before: tuple[str, int]) -> None:
        self.flush()
        self.look, self.in_pre = before

    def enter_item(self, node: Node) -> Leave:
        self.flush()
        level = min(max(len(self.lists), 1), _DEEPEST)
        self.items.append([level, self.marker(node), True])
        return (self.leave_item, None)

    def leave_item(self, _: None) -> None:
        self.flush()
        self.items.pop()

    def marker(self, node: Node) -> str:
        if not self.lists or self.lists[-1][0] != "ol":
            return "-"
        value = node.attr("value")
        if value and value.isdecimal() and len(value) < 6:
            self.lists[-1][1] = int(value)
        number = self.lists[-1][1]
        self.lists[-1][1] += 1
        return f"{number}."

    def enter_box(self, tag: str, node: Node) -> Leave:
        self.flush()
        attributes = node.attrs
        names, hidden, look, heading = "", False, self.look, self.heading
        if attributes:
            names, hidden = _describe(attributes)
            if attributes.get("role") == "heading":
                level = attributes.get("aria-level")
                self.heading = int(level) if level in ("1", "2", "3", "4", "5", "6") else 2
            elif tag == "div" and names and _HEADING_CLASS.search(names):
                self.look = "class"
            elif self.look == "class":
                self.look = ""
        elif self.look == "class":
            self.look = ""
        boxes = self.sheet.boxes
        boxes.append(Box(self.box, tag, names, len(self.sheet.lines), hidden=hidden))
        before = (self.box, look, heading, tag)
        self.box = len(boxes) - 1
        if tag in ("ul", "ol", "menu"):
            start = attributes.get("start") if tag == "ol" else None
            first = int(start) if start and start.isdecimal() and len(start) < 6 else 1
            self.lists.append([tag, first, None])
        elif tag == "table":
            self.enter_table(attributes)
        elif tag in ("td", "th") and self.tables:
            table = self.tables[-1]
            table.column += 1
            table.widths[table.row] = table.column + 1
            if tag == "th":
                table.heads[table.row] = table.heads.get(table.row, 0) + 1
        elif tag == "html":
            self.sheet.language = str(attributes.get("lang") or attributes.get("xml:lang") or "")
        return (self.leave_box, before)

    def enter_table(self, attributes: Any) -> None:
        if self.tables:
            self.tables[-1].nested = True
        layout = attributes.get("role") in ("presentation", "none")
        self.tables.append(tables.Table(len(self.sheet.lines), self.box, layout=layout))

    def leave_box(self, before: tuple[int, str, int, str]) -> None:
        self.flush()
        box = self.sheet.boxes[self.box]
        parent, self.look, self.heading, tag = before
        if tag in ("ul", "ol", "menu"):
            self.lists.pop()
        elif tag == "table":
            tables.fold(self.sheet.lines, self.sheet.boxes, self.tables.pop())
        box.end = len(self.sheet.lines)
        self.box = parent


def _describe(attributes: Any) -> tuple[str, bool]:
    """Names of an element in lower case, and whether it starts hidden."""
    names = []
    for key in ("id", "class", "role"):
        value = attributes.get(key)
        if value:
            names.append(value if isinstance(value, str) else " ".join(value))
    style = attributes.get("style")
    hidden = (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(style and _HIDING.search(style))
    )
    return " ".join(names).lower(), hidden


def _whole(parts: list[Part]) -> Part:
    return Part(
        " ".join(part.text for part in parts),
        sum(part.linked for part in parts),
        all(part.bold for part in parts),
        [link for part in parts for link in part.links],
    )
