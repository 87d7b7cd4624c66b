"""The comparison of two versions as HTML: folds, moves linked both ways, both views in one page.

Planned first, written second: links need to know which part of a long comparison a block is in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup

from tracker.model import Block, BlockChange, Diff, Document, Edit
from tracker.render import words
from tracker.render.site import texts
from tracker.render.site.blocks import PART, safe, words_of

_FOLD = 4  # fewer unchanged blocks than this are shown, not folded
_OLD: frozenset[str] = frozenset({"delete"})
_NEW: frozenset[str] = frozenset({"insert"})


@dataclass(slots=True)
class _Entry:
    kind: str  # a block change's, "same" for a run of unchanged blocks, "away" where one moved from
    changes: tuple[BlockChange, ...]
    part: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with changes below it."""

    name: str
    part: int
    anchor: str
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    parts: tuple[Markup, ...]
    sections: tuple[Section, ...]
    counts: dict[str, int] = field(default_factory=dict)
    part_of: dict[str, int] = field(default_factory=dict)  # anchor -> part


def compared(diff: Diff, old: Document, new: Document) -> Comparison:
    entries = list(_plan(diff))
    _page(entries, old, new)
    part_of = {anchor: entry.part for entry in entries for anchor in _anchors(entry)}
    writer = _Writer(old, new, part_of)
    parts = tuple(
        Markup("".join(writer.entry(entry) for entry in group))
        for _, group in groupby(entries, key=lambda entry: entry.part)
    )
    return Comparison(parts or (Markup(),), _sections(entries, old, new), _counts(diff), part_of)


def anchor(change: BlockChange) -> str:
    """b12 is a block of the new text, a12 one that only the old has."""
    return f"a{change.before}" if change.after is None else f"b{change.after}"


def _plan(diff: Diff) -> Iterator[_Entry]:
    """Unchanged runs together, and a mark at the place each moved block left."""
    away = sorted(
        (change for change in diff.blocks if change.kind.startswith("moved")),
        key=lambda change: change.before or 0,
    )
    for same, run in groupby(diff.blocks, key=_is_same):
        changes = list(run)
        first = next((one.before for one in changes if _in_place(one)), None)
        while away and first is not None and (away[0].before or 0) < first:
            yield _Entry("away", (away.pop(0),))
        if same:
            yield from _cut(changes, away)
        else:
            for change in changes:
                while away and _in_place(change) and (away[0].before or 0) < (change.before or 0):
                    yield _Entry("away", (away.pop(0),))
                yield _Entry(_kind(change), (change,))
    for left in away:
        yield _Entry("away", (left,))


def _cut(run: list[BlockChange], away: list[BlockChange]) -> Iterator[_Entry]:
    """An unchanged run, cut where a block has moved out of it."""
    start = 0
    for index, change in enumerate(run):
        if away and (away[0].before or 0) < (change.before or 0):
            if run[start:index]:
                yield _Entry("same", tuple(run[start:index]))
            start = index
            while away and (away[0].before or 0) < (change.before or 0):
                yield _Entry("away", (away.pop(0),))
    yield _Entry("same", tuple(run[start:]))


def _is_same(change: BlockChange) -> bool:
    return change.kind == "equal" and not change.renumbered


def _in_place(change: BlockChange) -> bool:
    return change.before is not None and not change.kind.startswith("moved")


def _kind(change: BlockChange) -> str:
    return "renumbered" if change.kind == "equal" else change.kind


def _page(entries: list[_Entry], old: Document, new: Document) -> None:
    """Number the parts: about as many bytes in each as a page should have."""
    part, size = 1, 0
    for entry in entries:
        length = sum(_weight(change, old, new) for change in entry.changes)
        if size and size + length > PART:
            part, size = part + 1, 0
        entry.part = part
        size += length


def _weight(change: BlockChange, old: Document, new: Document) -> int:
    """About the bytes of a block's HTML; changed blocks are written once a view."""
    length = sum(
        len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        for text in (
            document.blocks[index].text
            for document, index in ((old, change.before), (new, change.after))
            if index is not None
        )
    )
    return 120 + (length // 2 if change.kind == "equal" else length * 2)


def _anchors(entry: _Entry) -> Iterator[str]:
    for change in entry.changes:
        yield f"a{change.before}" if entry.kind == "away" else anchor(change)


def _counts(diff: Diff) -> dict[str, int]:
    counts = dict.fromkeys(("changed", "added", "removed", "moved", "same"), 0)
    for change in diff.blocks:
        kind = "same" if _is_same(change) else _kind(change)
        counts[{"moved-changed": "moved", "renumbered": "changed"}.get(kind, kind)] += 1
    return counts


def _sections(entries: list[_Entry], old: Document, new: Document) -> tuple[Section, ...]:
    found: dict[str, Section] = {}
    for entry in entries:
        if entry.kind in ("same", "away"):
            continue
        change = entry.changes[0]
        name = _section(change, old, new)
        known = found.get(name)
        found[name] = (
            Section(name, known.part, known.anchor, known.count + 1)
            if known
            else Section(name, entry.part, anchor(change), 1)
        )
    return tuple(found.values())


def _section(change: BlockChange, old: Document, new: Document) -> str:
    block = _block(change, old, new)
    if block.kind == "heading":
        return words.line(block.text)
    return words.line(block.section[-1]) if block.section else ""


def _block(change: BlockChange, old: Document, new: Document) -> Block:
    """The block in the new text, or in the old where it is gone."""
    if change.after is not None:
        return new.blocks[change.after]
    return old.blocks[change.before or 0]


@dataclass(frozen=True, slots=True)
class _Writer:
    old: Document
    new: Document
    part_of: dict[str, int]

    def entry(self, entry: _Entry) -> str:
        if entry.kind == "same":
            return self._same(entry)
        change = entry.changes[0]
        if entry.kind == "away":
            return self._away(change, entry.part)
        block = _block(change, self.old, self.new)
        here = anchor(change)
        note = self._note(entry)
        return (
            f'<div class="block {entry.kind} {_shape(block)}" id="{here}">{_pin(here)}{note}'
            f"{self._body(entry.kind, change, block)}</div>\n"
        )

    def _same(self, entry: _Entry) -> str:
        rows = "".join(self._plain(change) for change in entry.changes)
        if len(entry.changes) < _FOLD:
            return rows
        count = texts.T["unchanged"].format(count=f"{len(entry.changes):,}")
        return f'<details class="same"><summary lang="en">{count}</summary>\n{rows}</details>\n'

    def _plain(self, change: BlockChange) -> str:
        block = _block(change, self.old, self.new)
        here = anchor(change)
        shape, tag = _shape(block), _tag(block)
        return (
            f'<div class="block equal {shape}" id="{here}">{_pin(here)}'
            f'<{tag} dir="auto">{_lead(block)}{safe(block.text)}</{tag}></div>\n'
        )

    def _away(self, change: BlockChange, part: int) -> str:
        block = self.old.blocks[change.before or 0]
        link = self._link(anchor(change), part, texts.T["its_new_place"])
        begin = safe(words.shortened(words.line(block.text), 80))
        return (
            f'<div class="block away" id="a{change.before}"><p class="note" lang="en">'
            f'{texts.T["moved_away"]} {link}</p><p dir="auto">{begin}</p></div>\n'
        )

    def _note(self, entry: _Entry) -> str:
        change = entry.changes[0]
        if entry.kind in ("moved", "moved-changed"):
            link = self._link(f"a{change.before}", entry.part, texts.T["its_old_place"])
            return f'<p class="note" lang="en">{texts.T["moved_here"]} {link}</p>'
        label = {"added": "added_block", "removed": "removed_block", "renumbered": "renumbered"}
        if entry.kind in label:
            return f'<p class="note" lang="en">{texts.T[label[entry.kind]]}</p>'
        return ""

    def _link(self, target: str, part: int, text: str) -> str:
        there = self.part_of.get(target, part)
        file = "" if there == part else ("index.html" if there == 1 else f"part-{there}.html")
        return f'<a href="{file}#{target}">{text}</a>'

    def _body(self, kind: str, change: BlockChange, block: Block) -> str:
        tag, lead = _tag(block), _lead(block)
        if kind in ("added", "removed"):
            mark = "ins" if kind == "added" else "del"
            return f'<{tag} dir="auto">{lead}<{mark}>{safe(block.text)}</{mark}></{tag}>'
        if kind in ("moved", "renumbered") and not change.edits:
            return f'<{tag} dir="auto">{lead}{safe(block.text)}</{tag}>'
        before = self.old.blocks[change.before or 0]
        edits = change.edits or (Edit("delete", before.text), Edit("insert", block.text))
        inline = words_of(edits, _OLD | _NEW)
        old, new = words_of(edits, _OLD), words_of(edits, _NEW)
        return (
            f'<{tag} class="inline" dir="auto">{lead}{inline}</{tag}>'
            f'<div class="sides"><p dir="auto">{_lead(before)}{old}</p>'
            f'<p dir="auto">{lead}{new}</p></div>'
        )


def _pin(here: str) -> str:
    """Blocks of the old text are numbered with a minus."""
    sign = "−" if here.startswith("a") else "#"
    return f'<a class="pin" href="#{here}">{sign}{here[1:]}</a>'


def _shape(block: Block) -> str:
    return f"item l{min(max(block.level, 1), 5)}" if block.kind == "item" else block.kind


def _tag(block: Block) -> str:
    return "h3" if block.kind == "heading" and words.line(block.text) else "p"


def _lead(block: Block) -> str:
    """An item's number or letter as written, or a bullet."""
    if block.kind != "item":
        return ""
    written = block.marker if any(map(str.isalnum, block.marker)) else "•"
    return f'<span class="marker">{safe(written)}</span> '
