"""Listings for terminals: versions, captures, health, one topic over time, search hits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from tracker import timestamps
from tracker.model import (
    Capture,
    Change,
    Coverage,
    Delivery,
    Failure,
    Health,
    History,
    MonthShare,
    Run,
    SearchHit,
    Topic,
    TopicHistory,
    TopicTimeline,
    Version,
)
from tracker.render import headlines, links, runs, words
from tracker.render.hanging import Columns, Hanging
from tracker.render.view import findings, split_moved

Names = Mapping[str, str]

_MOST_MESSAGES = 20  # that have not arrived

# A search hit may run from one section into the next; the mark of a heading is no word of it.
_HEADING = re.compile(r"(?<!\S)#{1,6} ")

# Columns that are wrapped where the terminal is narrow; dates and numbers never are.
_PROSE = frozenset(
    ("policy", "what", "when", "quote", "plan", "address", "text", "name", "definition")
)


def log(history: History, names: Names) -> RenderableType:
    """The versions of a policy, the latest first, each with the change that made it."""
    made_by = {change.after: change for change in history.changes}
    table = _table(
        "version", "first seen", "last seen", "captures", "words", "its own date", "what"
    )
    for version in reversed(history.versions):
        declared = version.document.declared_date
        _add(
            table,
            str(version.number),
            timestamps.day(version.first_seen.captured_at),
            timestamps.day(version.last_seen.captured_at),
            f"{version.sightings:,}",
            f"{version.document.words:,}",
            declared.isoformat() if declared else "none",
            _what(history, made_by.get(version.number), names),
        )
    return table if history.versions else Text(words.unchanged(history, ""))


def _what(history: History, change: Change | None, names: Names) -> str:
    """The heaviest of a change in a few words."""
    if change is None:
        return "first capture"
    told, _ = split_moved(findings(history, change))
    if change.kind != "substantive" or not told:
        return ", ".join([words.kind_of(change), *words.labels(change)])
    told.sort(key=lambda finding: -finding.clause.severity)
    shown = [headlines.event(one, names) for one in told[:2]]
    more = [f"{len(told) - 2} more"] if len(told) > 2 else []
    return "; ".join([*shown, *more, *words.labels(change)])


def show(version: Version) -> RenderableType:
    """A version's text under a line that says which it is."""
    head = [words.seen(version), words.dates(version), links.view(version.last_seen)]
    told = (Text(part, "dim", no_wrap=True, overflow="ignore") for part in head if part)
    body = (
        Text(line, "bold" if line.startswith("#") else "")
        for line in words.inert(version.document.text).splitlines()
    )
    return Group(*told, Text(""), *body)


def captures(planned: Iterable[tuple[Capture, str]]) -> RenderableType:
    """What the archive lists, each with why it would be fetched or why not."""
    table = _table("captured", "status", "type", "digest", "plan", "address")
    for capture, reason in planned:
        _add(
            table,
            timestamps.iso(capture.at),
            str(capture.status or "-"),
            words.line(capture.mimetype),
            words.line(capture.digest)[:8],
            words.line(reason),
            words.line(capture.original),
        )
    return table if table.row_count else Text("The archive lists no capture.")


def status(histories: Sequence[History], health: Health) -> RenderableType:
    """Health: the last run and its failures, what is overdue and why, what is held but not derived,
    messages on their way, each policy's evidence, incidents."""
    table = _table("policy", "versions", "listed", "fetched", "last", "gap", "incidents")
    for history in histories:
        _add(table, history.policy.id, str(len(history.versions)), *_evidence(history.coverage))
    run = health.last
    lines = [Text(_last_run(run), "bold"), *_failures(run.failures if run else ())]
    lines += [
        Text(f"overdue: {policy}, {reason}", "yellow") for policy, reason in health.overdue.items()
    ]
    if health.underived:
        waiting = ", ".join(sorted(health.underived))
        lines.append(Text(f"not derived yet: {waiting}; policy-tracker rebuild does it", "yellow"))
    lines += _messages(health)
    told = [
        Hanging(f"{history.policy.id}: ", Text(words.incident(incident), "dim"))
        for history in histories
        for incident in history.coverage.incidents
    ]
    known = table if histories else Text("Nothing is watched yet.")
    return Group(*lines, Text(""), known, *([Text("\nIncidents", "bold")] if told else []), *told)


def _evidence(known: Coverage) -> tuple[str, ...]:
    return (
        f"{known.captures:,}",
        f"{known.fetched:,}",
        timestamps.day(known.last) if known.last else "never",
        words.count(known.longest_gap_days, "day") if known.first != known.last else "none",
        str(len(known.incidents) or "none"),
    )


def _last_run(run: Run | None) -> str:
    if run is None:
        return "No run yet: policy-tracker update"
    end = f"ended {words.moment(run.ended)}" if run.ended else "not ended: at work, or killed"
    counts = ", ".join(runs.tally(number, what) for what, number in run.counts.items())
    told = [
        f"Last run: {run.command or 'update'}, started {words.moment(run.started)}",
        end,
        counts,
    ]
    return "; ".join(part for part in [*told, words.count(run.requests, "request")] if part)


def _failures(failures: Sequence[Failure]) -> list[Text]:
    return [
        Text(words.line(f"failed: {failure.subject}, {failure.message}"), "red")
        for failure in failures
    ]


def _messages(health: Health) -> list[Text]:
    """How many there are in each state, and those that have not arrived."""
    told = ", ".join(f"{number:,} {state}" for state, number in health.deliveries.items() if number)
    lines = [Text(f"Messages: {told}")] if told else []
    lines += [Text(_undelivered(one), "yellow") for one in health.undelivered[:_MOST_MESSAGES]]
    if (more := len(health.undelivered) - _MOST_MESSAGES) > 0:
        lines.append(Text(f"and {more:,} more", "yellow"))
    return lines


def _undelivered(one: Delivery) -> str:
    told = [f'{one.state}: {one.address}, "{one.subject}"']
    if one.tries:
        again = f", again from {words.moment(one.next_try)}" if one.next_try else ""
        told += [f"tried {words.count(one.tries, 'time')}{again}: {one.cause}"]
    return words.line(", ".join(told))


def timeline(shown: TopicTimeline, names: Names) -> RenderableType:
    """When each policy spoke on a topic and with which stance, what share of all did month by
    month, and the law of the time."""
    lines: list[RenderableType] = [Text(words.topic(shown.topic, names), "bold")]
    periods, shares = _periods(shown.policies), _shares(shown.months)
    if periods.row_count:
        lines.append(periods)
    silent = [history.policy for history in shown.policies if not history.periods]
    if silent:
        lines.append(Hanging("Says nothing on it: ", Text(", ".join(silent))))
    if shares.row_count:
        lines += ["", shares]
    lines += [""] if shown.events else []
    lines += [
        Hanging(
            f"{event.on.isoformat()}  ", Text(f"{words.line(event.name)}: {event.event}", "dim")
        )
        for event in shown.events
    ]
    return Group(*lines)


def _periods(policies: Iterable[TopicHistory]) -> Columns:
    table = _table("policy", "stance", "versions", "when")
    for history in policies:
        turns = {(window.after, window.by) for window in history.reversals}
        for period in history.periods:
            versions = "–".join(map(str, dict.fromkeys(period.versions)))
            when = words.period(period, turned=(period.after, period.by) in turns)
            _add(table, history.policy, words.STANCES[period.stance], versions, when)
    return table


def _shares(months: Iterable[MonthShare]) -> Columns:
    """How many policies spoke, a row for each run of months in which nothing changed."""
    table = _table("months", "policies", *words.STANCES.values(), "share")
    for counts, run in groupby(months, key=_counts):
        known, *spoke = counts
        first, *rest = [f"{share.month:%Y-%m}" for share in run]
        share = f"{sum(spoke) / known:.0%}" if known else ""
        _add(table, f"{first} to {rest[-1]}" if rest else first, *map(str, counts), share)
    return table


def _counts(share: MonthShare) -> tuple[int, ...]:
    return share.policies, share.asserts, share.denies, share.conditional


def hits(found: Sequence[SearchHit]) -> RenderableType:
    """Where a phrase stands and stood."""
    table = _table("policy", "versions", "first seen", "last seen", "latest", "text")
    for hit in found:
        _add(
            table,
            hit.policy,
            _numbers(hit.versions),
            timestamps.day(hit.first_seen.captured_at),
            timestamps.day(hit.last_seen.captured_at),
            "yes" if hit.current else "no",
            words.shortened(_HEADING.sub("", words.line(hit.excerpt)), 160),
        )
    return table if found else Text("No version holds these words.")


def _numbers(of: Sequence[int]) -> str:
    """
    >>> _numbers([1, 2, 3, 5])
    '1–3, 5'
    """
    runs: list[list[int]] = []
    for number in sorted(of):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def two_policies(first: str, second: str, rows: Sequence[tuple[str, str, str]]) -> RenderableType:
    """Topic by topic what two policies say: (topic's name, the first's stances, the second's)."""
    table = _table("topic", first, second)
    for name, one, other in rows:
        _add(table, name, _stances(one), _stances(other))
    return table if rows else Text("Neither speaks on any topic we know.")


def _stances(found: str) -> str:
    """
    >>> _stances("denies, asserts"), _stances("")
    ('stated, denied', 'silent')
    """
    return ", ".join(words.STANCES[one] for one in words.STANCES if one in found) or "silent"


def topics(known: Sequence[Topic]) -> RenderableType:
    """The lexicon as readers see it."""
    table = _table("topic", "name", "languages", "definition")
    for topic in known:
        facets = f" Facets: {', '.join(topic.facets)}." if topic.facets else ""
        definition = words.line(topic.definition) + facets
        _add(table, topic.id, topic.name, " ".join(topic.languages), definition)
    return table


def _table(*columns: str) -> Columns:
    return Columns(*columns, prose=_PROSE)


def _add(table: Columns, *cells: str) -> None:
    """A row of plain text: rich reads markup in strings, and a page may hold some."""
    table.add_row(*map(Text, cells))
