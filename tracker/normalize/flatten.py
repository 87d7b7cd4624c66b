"""Lay a page flat: its lines in reading order, and the boxes they stand in.

Nothing is judged here: menus and banners come out as lines too (region.py judges). One walk
with an explicit stack: pages nest ten thousand deep.
"""

import re
from collections.abc import Callable, Iterator

from tracker.normalize import lists, names, panels, tables
from tracker.normalize.elements import BOXES, BREAKS, LISTS, PRE, SKIP, TYPED
from tracker.normalize.inline import Leave, is_bold, whole
from tracker.normalize.marks import legal
from tracker.normalize.placing import Placing
from tracker.normalize.shapes import Box, Sheet
from tracker.normalize.tree import ELEMENT, TEXT, Node

_TYPED_AT_MOST = 400  # characters of a hint in a text field
_BIG = re.compile(r"^\s*(?:\+[1-4]|[4-7])\s*$")  # <font size=...> of a heading


def flatten(*roots: Node) -> Sheet:
    """Every line of the trees under `roots`."""
    walk = _Walk(roots[0])
    walk.enter_box("page", roots[0])
    run, enter = walk.run, walk.enter
    above: list[tuple[Iterator[Node], Leave | None]] = []  # open elements: the rest of each
    nodes, leave = iter(roots), None
    while True:
        for node in nodes:
            kind = type(node)
            if kind is TEXT:
                text = node.text
                if walk.in_pre:
                    walk.preformatted(text)
                elif not text.isspace():
                    run.add(text)
                elif run.pieces:
                    run.pieces.append(" ")
                continue
            if kind is not ELEMENT:
                continue
            tag = node.tag
            begin = enter.get(tag)
            if begin:
                inner = begin(tag, node)
            elif tag in SKIP:
                walk.skip(tag, node)
                continue
            else:
                inner = walk.enter_custom(tag, node) if "-" in tag else None
            if children := node.children:
                above.append((nodes, leave))
                nodes, leave = iter(children), inner
                break
            if inner:
                inner[0](inner[1])
        else:
            if leave:
                leave[0](leave[1])
            if not above:
                break
            nodes, leave = above.pop()
    walk.leave_box((-1, "", 0, "page"))
    return walk.sheet


class _Walk(Placing):
    """The state of one walk; `sheet` is its result."""

    def __init__(self, root: Node) -> None:
        super().__init__(root)
        self.enter: dict[str, Callable[[str, Node], Leave | None]] = {
            "br": self.enter_break,
            "img": self.run.enter_image,
            "a": self.run.enter_link,
            "b": self.run.enter_bold,
            "strong": self.run.enter_bold,
            "big": self.run.enter_bold,
            "u": self.run.enter_bold,
            "span": self.run.enter_span,
            "font": self.enter_font,
            "p": self.enter_paragraph,
            "li": self.enter_item,
            "title": self.enter_title,
            "input": self.enter_input,
            "textarea": self.enter_textarea,
            **dict.fromkeys(BOXES, self.enter_box),
            **dict.fromkeys(BREAKS, self.enter_block),
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self.enter_heading),
        }

    # Elements in a line

    def enter_break(self, tag: str, node: Node) -> None:
        self.run.cut()

    def enter_font(self, tag: str, node: Node) -> Leave | None:
        self.sheet.old = True
        return self.run.enter_bold(tag, node) if _BIG.match(node.attr("size") or "") else None

    def enter_title(self, tag: str, node: Node) -> Leave:
        return (self.leave_title, None)

    def leave_title(self, _: None) -> None:
        """The first <title> is the page's; later ones belong to drawings."""
        parts = self.run.take()
        if parts and not self.sheet.title:
            self.sheet.title = whole(parts).text

    def skip(self, tag: str, node: Node) -> None:
        if tag == "script":
            self.sheet.scripts += 1
        elif tag == "frame" or (tag == "iframe" and legal(node.attr("src") or "")):
            self.sheet.frames += 1
        elif tag in ("noscript", "noframes"):
            self.sheet.spare.append(node.text)

    # Blocks

    def enter_heading(self, tag: str, node: Node) -> Leave:
        self.flush()
        before, self.heading, self.headed = self.heading, int(tag[1]), False
        return (self.leave_heading, before)

    def leave_heading(self, before: int) -> None:
        self.flush()
        self.heading = before

    def close_heading(self) -> None:
        """A heading never closed ends where lists, tables and further paragraphs begin."""
        if self.headed:
            self.heading = 0

    def enter_block(self, tag: str, node: Node) -> Leave:
        self.flush()
        before = (self.look, self.in_pre)
        if tag == "tr" and self.tables:
            self.tables[-1].next_row()
            self.bullet = False
        elif tag in PRE:
            self.in_pre += 1
            self.sheet.old = True
        elif tag == "dt":
            self.look = "dt"
        elif tag in ("summary", "button"):
            self.look = "button"
        return (self.leave_block, before)

    def enter_paragraph(self, tag: str, node: Node) -> Leave:
        self.flush()
        self.close_heading()
        before = (self.look, self.in_pre)
        classes = node.attr("class")
        if classes and names.styled_as_heading(classes.lower()):
            self.look = "class"
        elif is_bold(node):
            self.look = "bold"
        return (self.leave_block, before)

    def leave_block(self, before: tuple[str, int]) -> None:
        self.flush()
        self.look, self.in_pre = before

    def enter_item(self, tag: str, node: Node) -> Leave:
        self.flush()
        self.close_heading()
        self.items.append(lists.begin_item(self.lists, node))
        return (self.leave_item, None)

    def leave_item(self, _: None) -> None:
        self.flush()
        self.items.pop()

    def enter_input(self, tag: str, node: Node) -> None:
        if self.forms and (node.attr("type") or "text").lower() in TYPED:
            self.sheet.boxes[self.forms[-1]].inputs += 1

    def enter_textarea(self, tag: str, node: Node) -> Leave | None:
        """A field to type into, or, on old pages, a window with the terms to scroll through."""
        if len(node.text) > _TYPED_AT_MOST:
            return self.enter_block("pre", node)
        self.enter_input(tag, node)
        node.clear()
        return None

    def enter_box(self, tag: str, node: Node) -> Leave:
        self.flush()
        named = names.of(node)
        before = (self.box, self.look, self.heading, tag)
        if self.look == "class":
            self.look = ""
        boxes = self.sheet.boxes
        boxes.append(Box(self.box, tag, named, len(self.sheet.lines)))
        self.box = len(boxes) - 1
        if tag == "div":
            if is_bold(node):
                self.look = "bold"
            if named and self.enter_named(named, node):
                return (self.leave_item_box, before)
        elif tag in LISTS:
            self.lists.append(lists.begin_list(tag, node))
        elif tag == "table":
            self.enter_table(node)
        elif tag in ("td", "th") and self.tables:
            boxes[-1].row = self.tables[-1].begin_cell(tag, node)
            self.sheet.cells.append(boxes[-1])
            self.look = "bold" if tag == "th" else self.look
        elif tag == "html":
            self.sheet.language = node.attr("lang") or node.attr("xml:lang") or ""
        elif tag == "form":
            self.forms.append(self.box)
        elif tag == "center" or (tag == "body" and (node.attr("bgcolor") or node.attr("text"))):
            self.sheet.old = True
        return (self.leave_box, before)

    def enter_named(self, named: str, node: Node) -> bool:
        """A <div> that may be a heading by its role or its class, or be called by a tab; whether it
        is an item."""
        block = names.block_of(named)
        if named.endswith("heading") and node.attr("role") == "heading":
            level = node.attr("aria-level") or ""
            self.heading = int(level) if level in ("1", "2", "3", "4", "5", "6") else 2
        elif block == "heading":
            self.look = "class"
        elif block == "panel":
            if self.labels is None:
                self.labels = panels.labels(self.root)
            self.label = panels.label_of(node, self.labels)
        elif block == "item":
            self.items.append(lists.begin_block(self.items))
        return block == "item"

    def leave_item_box(self, before: tuple[int, str, int, str]) -> None:
        self.leave_item(None)
        self.leave_box(before)

    def enter_custom(self, tag: str, node: Node) -> Leave | None:
        """<app-footer> and the like are boxes; other custom elements may stand in a sentence."""
        if not names.suspicion("div", tag):
            return None
        leave = self.enter_box(tag, node)
        box = self.sheet.boxes[self.box]
        box.names = f"{tag} {box.names}".strip()
        return leave

    def enter_table(self, node: Node) -> None:
        if self.tables:
            self.tables[-1].nested = True
        self.tables.append(tables.begin(node, len(self.sheet.lines), self.box))

    def leave_box(self, before: tuple[int, str, int, str]) -> None:
        self.flush()
        box = self.sheet.boxes[self.box]
        parent, self.look, self.heading, tag = before
        if tag in LISTS:
            self.lists.pop()
        elif tag == "table":
            tables.fold(self.sheet.lines, self.sheet.boxes, self.tables.pop())
        elif tag == "form":
            self.forms.pop()
        box.end = len(self.sheet.lines)
        self.box = parent
