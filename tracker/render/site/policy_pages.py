"""All files of one policy: its page, versions, changes, feed, passages, and its summary."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from tracker.model import (
    BlockChange,
    Change,
    ClauseChange,
    Coverage,
    Document,
    History,
    Report,
    sha256,
)
from tracker.render import json, view, wording, words
from tracker.render.site import blocks, comparison, feeds, paths, search, summary, timeline
from tracker.render.site.look import File, Look

_UNFOLDED = 12  # clause changes before the rest is folded


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of a version's table of contents."""

    name: str
    part: int
    anchor: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause change with its place on the page and in the comparison."""

    finding: view.Finding
    anchor: str
    place: str  # link into the comparison, "" where it is not
    before: Markup  # the quotations, with the words that differ marked
    after: Markup


def files(history: History, look: Look) -> Iterator[File]:
    """In the order in which they may appear: what others link to comes first."""
    texts = {one.number: blocks.text_parts(one.document) for one in history.versions}
    found = search.passages(history)
    known = summary.summarize(history, found)
    headlines = [summary.headline(line, look.names) for line in known.changes]
    for number in texts:
        yield from _version(history, number, texts[number], look)
    for index, headline in enumerate(headlines):
        yield from _change(history, index, headline, look)
    part_of = {number: text.part_of for number, text in texts.items()}
    yield paths.passages(history.policy.id), search.script(history, found, part_of)
    yield _feed(known, look)
    yield _policy(history, headlines, texts, look)
    yield paths.summary(history.policy.id), summary.encode(known)


def _version(history: History, number: int, made: blocks.TextParts, look: Look) -> Iterator[File]:
    shown = view.version(history, number)
    index = history.versions.index(shown)
    pages = tuple(
        paths.version(history.policy.id, number, part) for part in range(1, len(made.parts) + 1)
    )
    contents = _contents(shown.document, made.part_of)
    for part, page in enumerate(pages, 1):
        yield look.page(
            "version.html",
            page,
            history=history,
            version=shown,
            earlier=history.versions[index - 1] if index else None,
            later=next(iter(history.versions[index + 1 :]), None),
            pages=pages,
            part=part,
            contents=contents,
            text=made.parts[part - 1],
        )


def _contents(document: Document, part_of: tuple[int, ...]) -> list[Heading]:
    return [
        Heading(words.line(block.text), part_of[index], f"b{index}")
        for index, block in enumerate(document.blocks)
        if block.kind == "heading" and words.line(block.text)
    ]


def _change(history: History, index: int, headline: str, look: Look) -> Iterator[File]:
    change = history.changes[index]
    old, new = view.version(history, change.before), view.version(history, change.after)
    made = comparison.compared(change.diff, old.document, new.document)
    pages = tuple(
        paths.change(history.policy.id, change.before, change.after, part)
        for part in range(1, len(made.parts) + 1)
    )
    places = _places(change.diff.blocks, made, pages)
    told, moved = view.split_moved(view.findings(history, change))
    for part, page in enumerate(pages, 1):
        yield look.page(
            "change.html",
            page,
            history=history,
            change=change,
            headline=headline,
            old=old,
            new=new,
            clauses=_clause_views(told, places),
            kinds=Counter(one.clause.kind for one in told),
            shown=_UNFOLDED if len(told) > _UNFOLDED + 2 else len(told),
            moved=_clause_views(moved, places),
            comparison=made,
            pages=pages,
            part=part,
            text=made.parts[part - 1],
            earlier=history.changes[index - 1] if index else None,
            later=next(iter(history.changes[index + 1 :]), None),
        )
    yield (
        paths.change_json(history.policy.id, change.before, change.after),
        json.render(_extract(history, change)),
    )


def _extract(history: History, change: Change) -> Report:
    """A report of this change alone, as known at the capture that proves it: it need not be
    written again when later captures or versions are found."""
    window = change.window
    only = replace(
        history,
        versions=(view.version(history, change.before), view.version(history, change.after)),
        changes=(change,),
        profile=(),
        dated_references=(),
        coverage=Coverage(2, 2, window.after, window.by, window.days),
    )
    return Report(window.by, (only,))


Places = dict[tuple[str, int], str]


def _places(
    changed: tuple[BlockChange, ...], made: comparison.Comparison, pages: tuple[str, ...]
) -> Places:
    """Path and anchor of each block of the old and of the new text."""
    places: Places = {}
    for one in changed:
        anchor = comparison.anchor(one)
        target = f"{pages[made.part_of[anchor] - 1]}#{anchor}"
        if one.before is not None:
            places["old", one.before] = target
        if one.after is not None:
            places["new", one.after] = target
    return places


def _clause_views(found: list[view.Finding], places: Places) -> list[ClauseView]:
    seen: dict[str, int] = {}
    made = []
    for finding in found:
        anchor = _anchor(finding.clause)
        seen[anchor] = seen.get(anchor, 0) + 1
        unique = anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"
        place = _place(finding.clause, places)
        made.append(ClauseView(finding, unique, place, *_marked(finding.clause)))
    return made


def _marked(clause: ClauseChange) -> tuple[Markup, Markup]:
    """Both quotations, the words that differ marked where much is alike."""
    before, after = (
        words.line(side.quote) if side else "" for side in (clause.before, clause.after)
    )
    edits = wording.edits(before, after) if before and after else ()
    if not edits:
        return Markup(blocks.safe(before)), Markup(blocks.safe(after))
    return blocks.one_side(edits, "delete"), blocks.one_side(edits, "insert")


def _anchor(clause: ClauseChange) -> str:
    """Made of what the clause says: stays when others come or the ranking changes."""
    quotes = "\n".join(side.quote if side else "" for side in (clause.before, clause.after))
    told = sha256(f"{clause.topic}\n{quotes}".encode(errors="replace"))
    return f"clause-{told[:10]}"


def _place(clause: ClauseChange, places: Places) -> str:
    if clause.after:
        return places.get(("new", clause.after.block), "")
    return places.get(("old", clause.before.block), "") if clause.before else ""


def _feed(known: summary.Summary, look: Look) -> File:
    path = paths.policy_feed(known.id)
    found = feeds.entries([known])
    title = f"{known.name}: {look.title}"
    return path, feeds.atom(look, path, paths.policy(known.id), title, found)


def _policy(
    history: History, headlines: list[str], texts: dict[int, blocks.TextParts], look: Look
) -> File:
    return look.page(
        "policy.html",
        paths.policy(history.policy.id),
        history=history,
        latest=history.versions[-1] if history.versions else None,
        changes=list(zip(history.changes, headlines, strict=True)),
        picture=timeline.timeline(history, look.events),
        out_of_time=words.dated(history.dated_references),
        statements=_by_topics(
            (one, _promise_place(history, one.entry.clause.block, texts))
            for one in view.statements(history)
        ),
    )


Placed = tuple[view.Statement, str]  # with its place in the latest version's text


def _by_topics(found: Iterable[Placed]) -> list[tuple[tuple[str, ...], list[Placed]]]:
    by_topics: dict[tuple[str, ...], list[Placed]] = {}
    for statement, place in found:
        by_topics.setdefault(statement.topics, []).append((statement, place))
    return list(by_topics.items())


def _promise_place(history: History, block: int, texts: dict[int, blocks.TextParts]) -> str:
    """Where the latest version's page has the block."""
    latest = history.versions[-1].number
    part_of = texts[latest].part_of
    part = part_of[block] if block < len(part_of) else 1
    return f"{paths.version(history.policy.id, latest, part)}#b{block}"
