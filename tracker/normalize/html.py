"""An HTML page to a title and blocks: what the page says, without what surrounds it."""

from dataclasses import dataclass

from tracker.model import Block
from tracker.normalize import charset, headings, region, titles, tree
from tracker.normalize.flatten import flatten
from tracker.normalize.shapes import Line, Row, Sheet

_LITTLE = 200  # characters of running text; a page with less and with scripts may be a shell


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML page says."""

    title: str
    blocks: tuple[Block, ...]
    lang: str = ""  # of <html lang>
    problem: str = ""  # why there is no or little text


def read_html(
    body: bytes,
    content_type: str | None = None,
    url: str | None = None,
    *,
    select: str | None = None,
    remove: tuple[str, ...] = (),
) -> Page:
    """The text of a page, whatever its bytes are.

    `select` and `remove` are CSS selectors; a ConfigError tells of one that is none.
    """
    sheet = judge(body, content_type, select=select, remove=remove)
    kept = [line for line in sheet.lines if not line.dropped]
    title = titles.name_of(kept, sheet.title)
    first = next((line for line in kept if line.kind == "heading"), None)
    if first:
        first.text = titles.without_owner(first.text, url)
    problem = _problem(kept, sheet)
    sheet.lines.clear()
    return Page(title, tuple(_blocks(kept)), sheet.language, problem)


def judge(
    body: bytes,
    content_type: str | None = None,
    *,
    select: str | None = None,
    remove: tuple[str, ...] = (),
) -> Sheet:
    """The page laid flat, with a decision on every line."""
    root = tree.document(charset.decode(body, content_type))
    for selector in remove:
        for node in tree.select(root, selector):
            node.decompose()
    if select:
        return _selected(root, select)
    sheet = flatten(root)
    del root  # the tree is as large as all that follows
    if not any(line.prose for line in sheet.lines):
        sheet = _spare(sheet)
    region.choose(sheet)
    headings.imply(sheet)
    return sheet


def _selected(root: tree.Node, selector: str) -> Sheet:
    """The lines of the elements somebody chose by hand: nothing is dropped from them."""
    nodes = tree.select(root, selector)
    if not nodes:
        return Sheet(problem=f'nothing on the page matches the selector "{selector}"')
    sheet = flatten(*nodes)
    sheet.language = root.attr("lang") or ""
    headings.imply(sheet)
    return sheet


def _spare(sheet: Sheet) -> Sheet:
    """A page without running text may have some for browsers without frames or scripts."""
    for markup in sheet.spare:
        spare = flatten(tree.fragment(markup))
        if sum(line.prose for line in spare.lines) >= _LITTLE:
            spare.title, spare.language = sheet.title, sheet.language
            return spare
    return sheet


def _blocks(lines: list[Line]) -> list[Block]:
    """The lines, each with the headings above it; they are used up, so as not to be held twice."""
    found: list[Block] = []
    path: list[tuple[int, str]] = []
    section: tuple[str, ...] = ()
    lines.reverse()
    while lines:
        line = lines.pop()
        kind, text, level = line.kind, line.text, line.level
        if kind == "heading":
            path = [entry for entry in path if entry[0] < level]
            section = tuple(name for _, name in path)
        cells, header = (line.cells, line.header) if isinstance(line, Row) else ((), False)
        found.append(
            Block(kind, text, section, level, line.marker, cells, header, line.links, line.implied)
        )
        if kind == "heading":
            path.append((level, text))
            section = (*section, text)
    return found


def _problem(kept: list[Line], sheet: Sheet) -> str:
    if sheet.problem:
        return sheet.problem
    if sum(line.prose for line in kept) >= _LITTLE or len(kept) > 10:
        return ""
    if sheet.frames:
        return "frames: the text is in the pages that this page shows in them"
    if sheet.scripts and not any(line.prose for line in kept):
        return "the page is an empty shell that a script fills"
    return "" if kept else "no text in the page"
