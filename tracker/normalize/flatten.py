"""Lay a page flat: its lines in reading order, and the boxes they stand in.

Nothing is judged here: menus and banners come out as lines too (region.py judges).
"""

import re

from tracker.normalize import lists, names, panels, tables
from tracker.normalize.elements import BOXES, BREAKS, LISTS, PRE, SKIP, TYPED
from tracker.normalize.inline import is_bold, whole
from tracker.normalize.marks import legal
from tracker.normalize.placing import Placing
from tracker.normalize.shapes import Box, Sheet
from tracker.normalize.tree import OVER, Enter, Leave, Node, Skip, visit

_TYPED_AT_MOST = 400  # characters of a hint in a text field
_BIG = re.compile(r"^\s*(?:\+[1-4]|[4-7])\s*$")  # <font size=...> of a heading


def flatten(*roots: Node) -> Sheet:
    """Every line of the trees under `roots`."""
    walk = _Walk(roots[0])
    walk.enter_box("page", roots[0])
    for root in roots:
        visit(root, walk, _ENTER, _Walk.enter_custom)
    walk.leave_box((-1, "", 0))
    return walk.sheet


class _Walk(Placing):
    """The state of one walk; `sheet` is its result."""

    # Elements in a line

    def enter_font(self, tag: str, node: Node) -> Leave | None:
        self.sheet.old = True
        return self.enter_bold(tag, node) if _BIG.match(node.attr("size") or "") else None

    def enter_title(self, tag: str, node: Node) -> Leave:
        return (_Walk.leave_title, None)

    def leave_title(self, _: None) -> None:
        """The first <title> is the page's; later ones belong to drawings."""
        parts = self.take()
        if parts and not self.sheet.title:
            self.sheet.title = whole(parts).text

    def skip(self, tag: str, node: Node) -> Skip:
        if tag == "script":
            self.sheet.scripts += 1
        elif tag == "frame" or (tag == "iframe" and legal(node.attr("src") or "")):
            self.sheet.frames += 1
        elif tag in ("noscript", "noframes"):
            self.sheet.spare.append(node.text)
        return OVER

    # Blocks

    def enter_heading(self, tag: str, node: Node) -> Leave:
        self.flush()
        before, self.heading, self.headed = self.heading, int(tag[1]), False
        return (_Walk.leave_heading, before)

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
        return (_Walk.leave_block, before)

    def enter_paragraph(self, tag: str, node: Node) -> Leave:
        self.flush()
        self.close_heading()
        before = (self.look, self.in_pre)
        classes = node.attr("class")
        if classes and names.styled_as_heading(classes.lower()):
            self.look = "class"
        elif is_bold(node):
            self.look = "bold"
        return (_Walk.leave_block, before)

    def leave_block(self, before: tuple[str, int]) -> None:
        self.flush()
        self.look, self.in_pre = before

    def enter_item(self, tag: str, node: Node) -> Leave:
        self.flush()
        self.close_heading()
        self.items.append(lists.begin_item(self.lists, node))
        return (_Walk.leave_item, None)

    def leave_item(self, _: None) -> None:
        self.flush()
        self.items.pop()

    def enter_input(self, tag: str, node: Node) -> None:
        if self.forms and (node.attr("type") or "text").lower() in TYPED:
            self.boxes[self.forms[-1]].inputs += 1

    def enter_textarea(self, tag: str, node: Node) -> Leave | Skip:
        """A field to type into, or, on old pages, a window with the terms to scroll through."""
        if len(node.text) > _TYPED_AT_MOST:
            return self.enter_block("pre", node)
        self.enter_input(tag, node)
        return OVER

    # Boxes

    def enter_box(self, tag: str, node: Node) -> Leave:
        self.flush()
        before = (self.box, self.look, self.heading)
        self.boxes.append(Box(self.box, tag, names.of(node), len(self.lines)))
        self.box = len(self.boxes) - 1
        if self.look == "class":
            self.look = ""
        return (_Walk.leave_box, before)

    def leave_box(self, before: tuple[int, str, int]) -> None:
        self.flush()
        self.boxes[self.box].end = len(self.lines)
        self.box, self.look, self.heading = before

    def enter_div(self, tag: str, node: Node) -> Leave:
        """It may be a heading by its role or its class, be called by a tab, or be an item."""
        leave = self.enter_box(tag, node)
        if is_bold(node):
            self.look = "bold"
        named = self.boxes[-1].names
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
        return (_Walk.leave_item_box, leave[1]) if block == "item" else leave

    def leave_item_box(self, before: tuple[int, str, int]) -> None:
        self.leave_item(None)
        self.leave_box(before)

    def enter_custom(self, tag: str, node: Node) -> Leave | None:
        """<app-footer> and the like are boxes; other custom elements may stand in a sentence."""
        if not names.suspicion("div", tag):
            return None
        leave = self.enter_box(tag, node)
        box = self.boxes[-1]
        box.names = f"{tag} {box.names}".strip()
        return leave

    def enter_list(self, tag: str, node: Node) -> Leave:
        _, before = self.enter_box(tag, node)
        self.lists.append(lists.begin_list(tag, node))
        return (_Walk.leave_list, before)

    def leave_list(self, before: tuple[int, str, int]) -> None:
        self.leave_box(before)
        self.lists.pop()

    def enter_table(self, tag: str, node: Node) -> Leave:
        _, before = self.enter_box(tag, node)
        if self.tables:
            self.tables[-1].nested = True
        self.tables.append(tables.begin(node, len(self.lines), self.box))
        return (_Walk.leave_table, before)

    def leave_table(self, before: tuple[int, str, int]) -> None:
        self.flush()
        tables.fold(self.lines, self.boxes, self.tables.pop())
        self.leave_box(before)

    def enter_cell(self, tag: str, node: Node) -> Leave:
        leave = self.enter_box(tag, node)
        if self.tables:
            cell = self.boxes[-1]
            cell.row = self.tables[-1].begin_cell(tag, node)
            self.sheet.cells.append(cell)
            if tag == "th":
                self.look = "bold"
        return leave

    def enter_form(self, tag: str, node: Node) -> Leave:
        _, before = self.enter_box(tag, node)
        self.forms.append(self.box)
        return (_Walk.leave_form, before)

    def leave_form(self, before: tuple[int, str, int]) -> None:
        self.leave_box(before)
        self.forms.pop()

    def enter_html(self, tag: str, node: Node) -> Leave:
        self.sheet.language = node.attr("lang") or node.attr("xml:lang") or ""
        return self.enter_box(tag, node)

    def enter_body(self, tag: str, node: Node) -> Leave:
        if node.attr("bgcolor") or node.attr("text"):
            self.sheet.old = True
        return self.enter_box(tag, node)

    def enter_center(self, tag: str, node: Node) -> Leave:
        self.sheet.old = True
        return self.enter_box(tag, node)


_ENTER: dict[str, Enter] = {
    "br": _Walk.enter_break,
    "img": _Walk.enter_image,
    "a": _Walk.enter_link,
    "b": _Walk.enter_bold,
    "strong": _Walk.enter_bold,
    "big": _Walk.enter_bold,
    "u": _Walk.enter_bold,
    "span": _Walk.enter_span,
    "font": _Walk.enter_font,
    "p": _Walk.enter_paragraph,
    "li": _Walk.enter_item,
    "title": _Walk.enter_title,
    "input": _Walk.enter_input,
    "textarea": _Walk.enter_textarea,
    **dict.fromkeys(SKIP, _Walk.skip),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _Walk.enter_heading),
    **dict.fromkeys(BREAKS, _Walk.enter_block),
    **dict.fromkeys(BOXES, _Walk.enter_box),  # of which some do more:
    **dict.fromkeys(LISTS, _Walk.enter_list),
    "div": _Walk.enter_div,
    "table": _Walk.enter_table,
    "td": _Walk.enter_cell,
    "th": _Walk.enter_cell,
    "form": _Walk.enter_form,
    "html": _Walk.enter_html,
    "body": _Walk.enter_body,
    "center": _Walk.enter_center,
}
