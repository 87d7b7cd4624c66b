"""The report as Markdown (CommonMark), for repositories, tickets and notes."""

import re
from collections.abc import Iterator, Mapping

from tracker import timestamps
from tracker.model import Change, ClauseChangeKind, History, Report
from tracker.render import headlines, links, words
from tracker.render.view import (
    Finding,
    Quote,
    Statement,
    by_weight,
    findings,
    outdated,
    split_moved,
    standing_out,
    statements,
    version,
)

# What opens something inside a line: emphasis, code, links, HTML, entities, tables, mathematics,
# template braces; then what does so at a line's start, and addresses GitHub would link by itself.
_INLINE = re.compile(r"([\\`*_{\[\]<>~|&$])")
_START = re.compile(r"^([#+\-=:]|\d+(?=[.)]))")
_ADDRESS = re.compile(r"(?i)(?<=[a-z])(?=://)|(?<=\bwww)(?=\.)")
_BOLD: frozenset[ClauseChangeKind] = frozenset({"reversed", "vanished", "appeared"})

Names = Mapping[str, str]


def render(report: Report, names: Names) -> str:
    """The whole report, most severe first."""
    return "\n".join(_report(report, names)) + "\n"


def escaped(text: str) -> str:
    """One line of text that Markdown shows as it is.

    >>> print(escaped("1. <b>We</b> *never* sell on https://example.org"))
    1\\. \\<b\\>We\\</b\\> \\*never\\* sell on https\\://example.org
    """
    shown = _ADDRESS.sub(r"\\", _INLINE.sub(r"\\\1", words.line(text)))
    return _START.sub(lambda found: _guarded(found[1]), shown)


def _guarded(start: str) -> str:
    """A number keeps its digits: the backslash goes before the mark that makes it a list."""
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def _report(report: Report, names: Names) -> Iterator[str]:
    yield f"# {escaped(headlines.title(report))}"
    yield f"\n{escaped(headlines.made(report, names))}."
    yield from _top(report, names)
    scope = headlines.scope(report, names)
    for history in report.policies:
        yield from _policy(history, names, scope)


def _top(report: Report, names: Names) -> Iterator[str]:
    told = [
        (one.history, f"{headlines.sentence(one, names)}, {headlines.when(one)}")
        for one in standing_out(report)
    ]
    told += [
        (history, stale)
        for history, references in outdated(report)
        for stale, _ in words.dated(references)
    ]
    if told:
        yield "\n## What stands out\n"
    for rank, (history, line) in enumerate(told, 1):
        yield f"{rank}. {escaped(headlines.whose(history, report) + line)}"


def _policy(history: History, names: Names, scope: str) -> Iterator[str]:
    yield f"\n## {escaped(history.policy.name)}\n"
    language = words.spoken(history)
    yield f"`{history.policy.id}`, {language}. Evidence: {words.coverage(history.coverage)}."
    for told, reference in words.dated(history.dated_references):
        seen = timestamps.day(reference.captured_at)
        yield f"\n**{escaped(words.capitalized(told))}** (in the capture of {seen}):"
        yield f"\n> {escaped(reference.quote)}"
    if history.coverage.incidents:
        yield "\n### Incidents\n"
    for incident in history.coverage.incidents:
        yield f"- {escaped(words.incident(incident))}"
    if not history.changes:
        yield f"\n{escaped(words.unchanged(history, scope))}"
    for change in by_weight(history):
        yield from _change(history, change, names)
    yield from _profile(history, names)


def _change(history: History, change: Change, names: Names) -> Iterator[str]:
    """At length where the change is substantive, else in a line or two."""
    heading = escaped(words.capitalized(headlines.change(history, change)))
    found, moved = split_moved(findings(history, change))
    redated = headlines.redated(version(history, change.before), version(history, change.after))
    if change.kind == "substantive":
        yield f"\n### {heading}"
        if redated:
            yield f"\n{words.capitalized(redated)}"
        for finding in found:
            yield from _finding(finding, names)
    else:
        yield f"\n*{heading}*"
    if moved:
        yield f"\n{escaped(headlines.moved(moved, names))}"


def _finding(finding: Finding, names: Names) -> Iterator[str]:
    clause = finding.clause
    kind = words.kind(clause)
    kind = f"**{escaped(kind)}**" if clause.kind in _BOLD else escaped(kind)
    yield f"\n#### {escaped(headlines.subject(finding, names))}: {kind}"
    for label, quote in (("Before", finding.before), ("After", finding.after)):
        if quote:
            yield from _quote(label, quote)
    why = "; ".join(part for part in (words.why(clause), headlines.also(finding, names)) if part)
    yield f"\nWhy: {escaped(why)}"


def _quote(label: str, quote: Quote) -> Iterator[str]:
    where = f"{words.place(quote.clause)}, {words.STANCES[quote.clause.stance]}"
    yield f"\n{label} ({escaped(where)}, {_evidence(quote)}):"
    yield f"\n> {escaped(words.quoted(quote.clause))}"


def _evidence(quote: Quote) -> str:
    """A link in angle brackets: parentheses of the address cannot end it."""
    url = links.to_quote(quote.sighting, quote.clause.quote)
    name = escaped(links.name(quote.sighting))
    return f"[{name}](<{url}>)" if url else name


def _profile(history: History, names: Names) -> Iterator[str]:
    if not history.profile:
        return
    latest = history.versions[-1]
    yield f"\n### What it says now: {words.seen(latest)}\n"
    if words.dates(latest):
        yield f"The text {escaped(words.dates(latest))}.\n"
    yield "| topic | stance | quote | since |\n| --- | --- | --- | --- |"
    for statement in statements(history):
        yield _row(history, statement, names)


def _row(history: History, statement: Statement, names: Names) -> str:
    clause = statement.entry.clause
    quote = escaped(words.shortened(words.quoted(clause), 240))
    url = links.to_quote(history.versions[-1].last_seen, clause.quote)
    cells = (
        escaped(words.topics(statement.topics, names)),
        words.STANCES[clause.stance],
        f"[{quote}](<{url}>)" if url else quote,
        escaped(words.since(statement.entry)),
    )
    return f"| {' | '.join(cells)} |"
