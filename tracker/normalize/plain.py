"""Plain text and Markdown into blocks."""

from tracker.model import Block
from tracker.normalize import junk, markdown, outline
from tracker.normalize.lines import Line, lines_of
from tracker.normalize.page import Page, sectioned
from tracker.text import tidy


def read_text(text: str) -> Page:
    """The page a plain text or Markdown file is.

    >>> [block.text for block in read_text("# Privacy\\n\\n* We sell *nothing*.").blocks]
    ['Privacy', 'We sell nothing.']
    """
    return page_of(lines_of(text))


def page_of(lines: list[Line]) -> Page:
    """The page that lines make once junk is out and headings are found."""
    blocks = _blocks(outline.with_headings(junk.without(lines)))
    title = next((b.text for b in blocks if b.kind == "heading" and b.level == 1), "")
    return Page(title=title, blocks=sectioned(blocks))


def _blocks(lines: list[Line]) -> list[Block]:
    found: list[tuple[list[Line], int]] = []  # an item's lines, how deep it is
    depths: list[int] = []  # indents of the items that are open
    known: dict[tuple[str, int], list[int]] = {}  # of this section: a list goes on after a text
    for line in lines:
        if line.kind == "item":
            depths = known.setdefault((line.style, line.indent), _opened(depths, line.indent))
        elif line.kind != "text" or not depths or line.indent <= depths[-1]:
            depths = []
            known = {} if line.kind == "heading" else known
        elif not line.gap:
            found[-1][0].append(line)
            continue
        found.append(([line], len(depths)))
    blocks = (_block(lines, depth) for lines, depth in found)
    return [block for block in blocks if block.text]


def _opened(depths: list[int], indent: int) -> list[int]:
    return [*(depth for depth in depths if depth < indent), indent]


def _block(lines: list[Line], depth: int) -> Block:
    line = lines[0]
    if line.kind == "row":
        cells = [markdown.shown(cell) for cell in line.cells]
        shown = tuple(text for text, _ in cells)
        links = tuple(link for _, found in cells for link in found)
        text = tidy(" | ".join(shown)) if any(shown) else ""
        return Block("row", text, cells=shown, header=line.header, links=links)
    text, links = markdown.shown(" ".join(each.text for each in lines))
    if line.kind == "heading":
        return Block("heading", text, level=line.level, links=links)
    if line.kind == "item":
        return Block("item", text, level=max(depth, 1), marker=line.marker, links=links)
    return Block("paragraph", text, links=links)
