"""Choose and rank what a report shows. Words and layout are left to render/."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tracker.model import Change, Clause, ClauseChange, DatedReference, History, Report, Version

_DAWN = datetime.min.replace(tzinfo=UTC)
_DUSK = datetime.max.replace(tzinfo=UTC)


def build(
    histories: Sequence[History],
    *,
    now: datetime,
    topics: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> Report:
    """The histories limited to `topics` (a topic brings its facets) and to what can have happened
    between `since` and `until`.

    Policies stand most severe first, changes in the order of time, clauses most severe first.
    Coverage stays that of the whole history: it is the evidence, not a finding.
    """
    wanted = tuple(sorted(topics))
    start, end = since or _DAWN, until or _DUSK
    shown = [_on_topics(_within(history, start, end), wanted) for history in histories]
    shown.sort(key=lambda history: (-_severity(history), history.policy.id))
    return Report(now, tuple(shown), wanted, since, until)


def _severity(history: History) -> int:
    return max((change.severity for change in history.changes), default=-1)


def _within(history: History, start: datetime, end: datetime) -> History:
    """Changes whose window touches the period, and versions seen in it or needed by a change.

    The profile speaks of the latest version: where that is first seen later, there is none.
    """
    changes = tuple(
        change
        for change in history.changes
        if change.window.by >= start and change.window.after <= end
    )
    needed = {number for change in changes for number in (change.before, change.after)}
    versions = tuple(
        version
        for version in history.versions
        if version.number in needed or _seen_within(version, start, end)
    )
    return replace(
        history,
        changes=changes,
        versions=versions,
        profile=history.profile if _reached(history, versions, end) else (),
        dated_references=tuple(
            reference
            for reference in history.dated_references
            if start <= reference.captured_at <= end
        ),
    )


def _reached(history: History, shown: Sequence[Version], end: datetime) -> bool:
    latest = history.versions[-1:]
    return tuple(shown[-1:]) == latest and all(v.first_seen.captured_at <= end for v in latest)


def _seen_within(version: Version, start: datetime, end: datetime) -> bool:
    return version.first_seen.captured_at <= end and version.last_seen.captured_at >= start


def _on_topics(history: History, wanted: tuple[str, ...]) -> History:
    changes = tuple(
        replace(change, clauses=_ranked(change.clauses, wanted)) for change in history.changes
    )
    if not wanted:
        return replace(history, changes=changes)
    changes = tuple(change for change in changes if change.clauses)
    profile = tuple(entry for entry in history.profile if _is_on(entry.clause.topic, wanted))
    quotes = {entry.clause.quote for entry in profile} | _quotes(changes)
    return replace(
        history,
        changes=changes,
        profile=profile,
        dated_references=tuple(
            reference for reference in history.dated_references if _speaks_in(reference, quotes)
        ),
    )


def _ranked(clauses: tuple[ClauseChange, ...], wanted: tuple[str, ...]) -> tuple[ClauseChange, ...]:
    kept = (clause for clause in clauses if not wanted or _is_on(clause.topic, wanted))
    return tuple(sorted(kept, key=_rank))


def _rank(clause: ClauseChange) -> tuple[int, str, int, int]:
    """Most severe first, then by topic, then in the order of reading."""
    return (-clause.severity, clause.topic, _place(clause.after), _place(clause.before))


def _place(clause: Clause | None) -> int:
    return clause.block if clause else -1


def _is_on(topic: str, wanted: tuple[str, ...]) -> bool:
    return topic in wanted or topic.partition(".")[0] in wanted


def _quotes(changes: tuple[Change, ...]) -> set[str]:
    return {
        side.quote
        for change in changes
        for clause in change.clauses
        for side in (clause.before, clause.after)
        if side
    }


def _speaks_in(reference: DatedReference, quotes: set[str]) -> bool:
    """A dated reference has no topic of its own: it belongs to the clauses that quote it."""
    return any(reference.quote in quote or quote in reference.quote for quote in quotes)
