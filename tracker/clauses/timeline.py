"""One topic over all policies and months: who speaks on it, since when, and what the law was."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from tracker.clauses.law import legal_events
from tracker.model import (
    Clause,
    History,
    MonthShare,
    Stance,
    StancePeriod,
    TopicHistory,
    TopicTimeline,
    Version,
)

VersionClauses = Mapping[int, Sequence[Clause]]  # by version number


def timeline(
    topic: str, histories: Sequence[History], clauses: Mapping[str, VersionClauses]
) -> TopicTimeline:
    """When each policy spoke on `topic`, and the share that did, month by month.

    `topic` is a topic or "topic.facet"; `clauses` is by policy id.
    """
    seen = [history for history in histories if history.versions]
    stances = {
        history.policy.id: {
            version.number: stance_on(topic, clauses[history.policy.id][version.number])
            for version in history.versions
        }
        for history in seen
    }
    months = tuple(_months(seen, stances))
    return TopicTimeline(
        topic,
        tuple(_topic_history(topic, history, stances[history.policy.id]) for history in seen),
        months,
        tuple(
            event
            for event in legal_events()
            if months and months[0].month <= event.on < _next(months[-1].month)
        ),
    )


def stance_on(topic: str, clauses: Sequence[Clause]) -> Stance | None:
    """What a version says on the topic as a whole; None where it is silent."""
    stances = {
        clause.stance
        for clause in clauses
        if clause.topic == topic or clause.topic.startswith(topic + ".")
    }
    if not stances:
        return None
    return stances.pop() if len(stances) == 1 else "conditional"


def _topic_history(
    topic: str, history: History, stances: Mapping[int, Stance | None]
) -> TopicHistory:
    reversals = tuple(
        change.window
        for change in history.changes
        if any(c.kind == "reversed" and c.topic == topic for c in change.clauses)
    )
    return TopicHistory(history.policy.id, tuple(_periods(history.versions, stances)), reversals)


def _periods(
    versions: Sequence[Version], stances: Mapping[int, Stance | None]
) -> Iterator[StancePeriod]:
    runs = [
        (stance, list(run))
        for stance, run in groupby(versions, key=lambda version: stances[version.number])
    ]
    before: list[list[Version]] = [[], *(run for _, run in runs)]
    after: list[list[Version]] = [*(run for _, run in runs[1:]), []]
    for (stance, run), earlier, later in zip(runs, before, after, strict=False):
        if stance is not None:
            yield StancePeriod(
                stance,
                after=earlier[-1].last_seen.captured_at if earlier else None,
                by=run[0].first_seen.captured_at,
                last_seen=run[-1].last_seen.captured_at,
                gone_by=later[0].first_seen.captured_at if later else None,
                versions=(run[0].number, run[-1].number),
            )


def _months(
    histories: Sequence[History], stances: Mapping[str, Mapping[int, Stance | None]]
) -> Iterator[MonthShare]:
    """From the first capture of all to the last. A policy counts from the month of its first
    capture to that of its last; in between, a text stands until another is seen."""
    if not histories:
        return
    month = min(_month(history.versions[0].first_seen.captured_at) for history in histories)
    end = max(_month(history.versions[-1].last_seen.captured_at) for history in histories)
    while month <= end:
        standing = [
            stances[history.policy.id][version.number]
            for history in histories
            if (version := _standing(history.versions, month))
        ]
        yield MonthShare(
            month,
            len(standing),
            standing.count("asserts"),
            standing.count("denies"),
            standing.count("conditional"),
        )
        month = _next(month)


def _standing(versions: Sequence[Version], month: date) -> Version | None:
    if _month(versions[-1].last_seen.captured_at) < month:
        return None
    seen = [version for version in versions if _month(version.first_seen.captured_at) <= month]
    return seen[-1] if seen else None


def _month(at: datetime) -> date:
    return at.date().replace(day=1)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
