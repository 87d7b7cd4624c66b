"""An HTML page to a title and blocks: what the page says, without what surrounds it."""

from dataclasses import dataclass

from tracker.model import Block
from tracker.normalize import charset, headings, region, tree
from tracker.normalize.flatten import flatten
from tracker.normalize.shapes import Line, Sheet


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML page says."""

    title: str
    blocks: tuple[Block, ...]
    lang: str = ""  # of <html lang>
    problem: str = ""  # why there is no text


def read_html(
    body: bytes,
    content_type: str | None = None,
    url: str | None = None,
    *,
    select: str | None = None,
    remove: tuple[str, ...] = (),
) -> Page:
    """The text of a page; never raises on any bytes."""
    sheet = judged(body, content_type, url, select=select, remove=remove)
    blocks = tuple(_blocks([line for line in sheet.lines if not line.dropped]))
    title = next((block.text for block in blocks if block.kind == "heading"), sheet.title)
    return Page(title, blocks, sheet.language, "" if blocks else _problem(sheet))


def judged(
    body: bytes,
    content_type: str | None = None,
    url: str | None = None,
    *,
    select: str | None = None,
    remove: tuple[str, ...] = (),
) -> Sheet:
    """The page laid flat with a decision on every line."""
    root = tree.document(charset.decode(body, content_type))
    sheet = flatten(root)
    region.choose(sheet)
    headings.imply(sheet)
    return sheet


def _blocks(lines: list[Line]) -> list[Block]:
    """The lines kept, each with the headings above it."""
    found: list[Block] = []
    path: list[tuple[int, str]] = []
    section: tuple[str, ...] = ()
    for line in lines:
        if line.kind == "heading":
            path = [entry for entry in path if entry[0] < line.level]
            section = tuple(text for _, text in path)
        found.append(
            Block(
                line.kind,
                line.text,
                section,
                line.level,
                line.marker,
                line.cells,
                line.header,
                line.links,
                line.implied,
            )
        )
        if line.kind == "heading":
            path.append((line.level, line.text))
            section = tuple(text for _, text in path)
    return found


def _problem(sheet: Sheet) -> str:
    if sheet.frames:
        return "a frameset: the text is in the pages it frames"
    if sheet.scripts:
        return "the page is an empty shell that a script fills"
    return "no text in the page"
