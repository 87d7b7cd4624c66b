"""The report for terminals: rich lines, colours where there are any.

Addresses stay in one piece: print with `crop=False`.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from tracker import timestamps
from tracker.model import Change, History, Report
from tracker.render import headlines, links, words
from tracker.render.hanging import Hanging
from tracker.render.view import (
    Finding,
    Quote,
    at_length,
    by_weight,
    findings,
    outdated,
    split_moved,
    standing_out,
    statements,
    version,
)

_STYLES = {
    "reversed": "bold red",
    "vanished": "red",
    "appeared": "green",
    "reworded": "yellow",
    "moved": "cyan",
}
# A quote is one sentence; the longest of the real ones are lists that never end.
_LONGEST = 600
# What only stands there still is known by its beginning.
_GLIMPSE = 200
_INCIDENTS = 5
_HOW_TO_SEE_ALL = "--topic TOPIC shows them, --output FILE.html shows all"

Names = Mapping[str, str]


def render(report: Report, names: Names) -> RenderableType:
    """The whole report, most severe first."""
    return Group(*_report(report, names))


def _report(report: Report, names: Names) -> Iterator[RenderableType]:
    yield Text(headlines.title(report), "bold")
    yield Hanging("", Text(headlines.made(report, names)))
    yield from _top(report, names)
    scope = headlines.scope(report, names)
    for history in report.policies:
        yield from _policy(history, names, scope)


def _top(report: Report, names: Names) -> Iterator[RenderableType]:
    found, stale = standing_out(report), outdated(report)
    if found or stale:
        yield Text("\nWhat stands out", "bold")
    for rank, finding in enumerate(found, 1):
        yield _top_line(rank, finding, headlines.whose(finding.history, report), names)
    for history, references in stale:
        for told, _ in words.dated(references):
            whose = headlines.whose(history, report)
            yield Hanging("  ! ", Text(f"{whose}{told}", "bold magenta"))


def _top_line(rank: int, finding: Finding, whose: str, names: Names) -> RenderableType:
    told = Text(whose)
    told.append(headlines.sentence(finding, names), _STYLES[finding.clause.kind])
    told.append(f", {headlines.when(finding)}")
    return Hanging(f"{rank:2}. ", told)


def _policy(history: History, names: Names, scope: str) -> Iterator[RenderableType]:
    yield Text(f"\n{words.line(history.policy.name)}", "bold underline")
    yield Text(f"{history.policy.id}, {words.spoken(history)}", "dim")
    yield Hanging("", Text(f"Evidence: {words.coverage(history.coverage)}"))
    for told, reference in words.dated(history.dated_references):
        seen = timestamps.day(reference.captured_at)
        yield Hanging("! ", Text(f"{told}, in the capture of {seen}", "bold magenta"))
        yield Hanging("  ", Text(f'"{words.shortened(words.line(reference.quote), _LONGEST)}"'))
    for incident in history.coverage.incidents[:_INCIDENTS]:
        yield Hanging("  ", Text(f"incident {words.incident(incident)}", "dim"))
    if len(history.coverage.incidents) > _INCIDENTS:
        more = len(history.coverage.incidents) - _INCIDENTS
        yield Text(f"  and {words.count(more, 'more incident')}: see `status`", "dim")
    if not history.changes:
        yield Text(words.unchanged(history, scope))
    for change in by_weight(history):
        yield from _change(history, change, names)
    yield from _profile(history, names)


def _change(history: History, change: Change, names: Names) -> Iterator[RenderableType]:
    """At length where the change is substantive, else in a line or two."""
    substantive = change.kind == "substantive"
    yield Text("")
    heading = words.capitalized(headlines.change(history, change))
    yield Hanging("", Text(heading, "bold" if substantive else "dim"))
    if redated := headlines.redated(
        version(history, change.before), version(history, change.after)
    ):
        yield Hanging("  ", Text(redated, "dim"))
    found, moved = split_moved(findings(history, change))
    if substantive and not found:
        yield Text("  no clause on a known topic said anything else", "dim")
    told, left = at_length(found) if substantive else ([], [])
    for finding in told:
        yield from _finding(finding, names)
    if left:
        more = f"and {headlines.rest(left, names)}: {_HOW_TO_SEE_ALL}"
        yield Hanging("  ", Text(more, "dim"))
    if moved:
        yield Hanging("  ", Text(headlines.moved(moved, names), "cyan"))


def _finding(finding: Finding, names: Names) -> Iterator[RenderableType]:
    clause = finding.clause
    heading = f"{headlines.subject(finding, names)}: {words.kind(clause)}"
    yield Hanging("  ", Text(heading, _STYLES[clause.kind]))
    for mark, quote in (("-", finding.before), ("+", finding.after)):
        if quote:
            yield from _quote(mark, quote)
    yield Hanging("      ", Text(f"why: {words.why(clause)}", "dim"))
    if finding.also:
        yield Hanging("      ", Text(headlines.also(finding, names), "dim"))


def _quote(mark: str, quote: Quote) -> Iterator[RenderableType]:
    yield Hanging(f"    {mark} ", Text(words.shortened(words.quoted(quote.clause), _LONGEST)))
    where = f"{words.place(quote.clause)}, {links.name(quote.sighting)}"
    yield Hanging("      ", Text(where, "dim"))
    yield from _address("      ", links.view(quote.sighting))


def _address(indent: str, url: str) -> Iterator[RenderableType]:
    if url:
        yield Text(indent + url, "dim blue", no_wrap=True, overflow="ignore")


def _profile(history: History, names: Names) -> Iterator[RenderableType]:
    """In quotes where nothing else is to be told, else by topic."""
    if not history.profile:
        return
    latest = history.versions[-1]
    yield Text(f"\nWhat it says now: {words.seen(latest)}", "bold")
    if words.dates(latest):
        yield Text(f"  {words.dates(latest)}", "dim")
    if history.changes:
        for told in headlines.summary(history, names):
            yield Hanging("  ", Text(told))
    else:
        yield from _statements(history, names)
    yield from _address("  ", links.view(latest.last_seen))


def _statements(history: History, names: Names) -> Iterator[RenderableType]:
    for topics, together in groupby(statements(history), key=lambda one: one.topics):
        yield Text(f"  {words.topics(topics, names)}", "bold")
        for statement in together:
            clause = statement.entry.clause
            told = f'{words.STANCES[clause.stance]}: "{headlines.brief(clause, _GLIMPSE)}"'
            yield Hanging("    ", Text(told))
