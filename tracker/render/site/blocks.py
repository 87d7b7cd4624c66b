"""Page text as inert HTML, block by block.

The hot path of a build, so written without a template: it makes nine tenths of all bytes, in a
fifth of the time jinja2 took for the same. Every text passes `safe` and nothing else makes markup.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from tracker.model import Block, Document, Edit
from tracker.render import words

# Bytes of one page's text; larger texts go on in further parts, so that no page is heavy.
PART = 170_000
_TAGS = {"delete": "del", "insert": "ins"}


@dataclass(frozen=True, slots=True)
class TextParts:
    """A version's text, and in which part each block stands."""

    parts: tuple[Markup, ...]
    part_of: tuple[int, ...]


def safe(text: str) -> str:
    """
    >>> safe("<script>\\u202e")
    '&lt;script&gt;'
    """
    return str(escape(text if text.isprintable() else words.inert(text)))


def text_parts(document: Document) -> TextParts:
    """The whole text; blocks are anchors b0, b1, ..."""
    parts: list[Markup] = []
    part_of: list[int] = []
    gathered: list[str] = []
    size = 0
    for html, blocks in _groups(document.blocks):
        if gathered and size + len(html) > PART:
            parts.append(Markup("".join(gathered)))
            gathered, size = [], 0
        gathered.append(html)
        size += len(html)
        part_of.extend([len(parts) + 1] * blocks)
    parts.append(Markup("".join(gathered)))
    return TextParts(tuple(parts), tuple(part_of))


def _groups(blocks: tuple[Block, ...]) -> Iterator[tuple[str, int]]:
    """The HTML of a heading, a paragraph, a whole list or a whole table, and its blocks' count."""
    depth = 1  # headings never skip a level, whatever the page did: the outline stays walkable
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if block.kind in ("item", "row"):
            end = _run(blocks, index)
            make = _list if block.kind == "item" else _table
            yield make(blocks[index:end], index), end - index
            index = end
            continue
        if block.kind == "heading" and words.line(block.text):
            depth = max(2, min(depth + 1, block.level + 2, 6))
            yield _heading(block, index, depth), 1
        else:
            yield f'<p id="b{index}" dir="auto">{safe(block.text)}</p>\n', 1
        index += 1


def _run(blocks: tuple[Block, ...], start: int) -> int:
    """Where the list or table that begins at `start` ends; long ones are cut for paging."""
    end = start + 1
    while end < len(blocks) and blocks[end].kind == blocks[start].kind and end - start < 200:
        end += 1
    return end


def _heading(block: Block, index: int, depth: int) -> str:
    pin = f'<a class="pin" href="#b{index}">#{index}</a>'
    return f'<h{depth} id="b{index}" dir="auto">{safe(block.text)} {pin}</h{depth}>\n'


def _list(items: tuple[Block, ...], start: int) -> str:
    rows = (
        f'<li id="b{number}" class="l{min(max(item.level, 1), 5)}" dir="auto">'
        f"{_marker(item)}{safe(item.text)}</li>\n"
        for number, item in enumerate(items, start)
    )
    return f'<ul class="items">\n{"".join(rows)}</ul>\n'


def _marker(item: Block) -> str:
    """A number or letter as written; bullets of all kinds become one."""
    written = item.marker if any(map(str.isalnum, item.marker)) else "•"
    return f'<span class="marker">{safe(written)}</span> '


def _table(rows: tuple[Block, ...], start: int) -> str:
    body = "".join(_row(row, number) for number, row in enumerate(rows, start))
    return f'<div class="scroll" tabindex="0" role="group"><table>\n{body}</table></div>\n'


def _row(row: Block, number: int) -> str:
    tag = "th" if row.header else "td"
    cells = "".join(f'<{tag} dir="auto">{safe(cell)}</{tag}>' for cell in row.cells or (row.text,))
    return f'<tr id="b{number}">{cells}</tr>\n'


def words_of(edits: tuple[Edit, ...], shown: frozenset[str]) -> str:
    """The edits of the kinds `shown`, as text with del and ins."""
    made = []
    for edit in edits:
        if edit.kind == "equal":
            made.append(safe(edit.text))
        elif edit.kind in shown:
            made.append(_marked(_TAGS[edit.kind], safe(edit.text)))
    return "".join(made)


def one_side(edits: Iterable[Edit], kind: str) -> Markup:
    """The words of one of two short texts, those marked that the other has not; for edits without
    the spaces between them."""
    made = (
        safe(one.text) if one.kind == "equal" else _marked(_TAGS[kind], safe(one.text))
        for one in edits
        if one.kind in ("equal", kind) and one.text
    )
    return Markup(" ".join(made))


def both_sides(edits: Iterable[Edit]) -> Markup:
    """The same edits in one line: what went struck through, what came underlined."""
    return Markup(" ").join(
        Markup(safe(one.text) if one.kind == "equal" else _marked(_TAGS[one.kind], safe(one.text)))
        for one in edits
        if one.text
    )


def _marked(tag: str, text: str) -> str:
    """White space stays outside the mark, where it would be struck through or underlined."""
    inner = text.strip()
    if not inner:
        return text
    lead, _, trail = text.partition(inner)
    return f"{lead}<{tag}>{inner}</{tag}>{trail}"
