"""What pages over all policies need of one policy: small, and kept between builds.

A build loads the histories that changed and reads these for the rest.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from tracker import timestamps
from tracker.model import Change, Clause, History, Stance, Version
from tracker.render import headlines, view, words
from tracker.render.site import search

_QUOTE = 280
_TOLD = 8  # clause changes that feeds and lists name; the change's page has all


Said = tuple[tuple[str, Stance], ...]


class Told(msgspec.Struct, frozen=True):
    """A clause change as lists and feeds tell it."""

    topics: tuple[str, ...]
    instruments: tuple[str, ...]  # of law, that it brings
    kind: str
    stance: Stance  # of what is said now, or was
    before: str
    after: str


class ChangeLine(msgspec.Struct, frozen=True):
    before: int
    after: int
    kind: str
    since: datetime  # the window
    by: datetime
    severity: int
    added: int
    removed: int
    size: str  # the same in words
    labels: tuple[str, ...]
    told: tuple[Told, ...]
    untold: int  # further clause changes
    topics: tuple[str, ...]  # of all clause changes but moves
    kinds: tuple[str, ...]


class Promise(msgspec.Struct, frozen=True):
    """A clause of the latest version."""

    topics: tuple[str, ...]
    stance: Stance
    quote: str
    after: datetime | None
    by: datetime


class Presence(msgspec.Struct, frozen=True):
    """From when to when the captured texts spoke on a topic, with which stances."""

    topic: str
    start: datetime
    end: datetime
    stances: tuple[str, ...]


class OutOfTime(msgspec.Struct, frozen=True):
    told: str
    quote: str
    topics: tuple[str, ...]
    days: int


class Summary(msgspec.Struct, frozen=True):
    id: str
    name: str
    language: str
    versions: int
    captures: int  # listed
    fetched: int
    first: datetime | None
    last: datetime | None
    incidents: tuple[tuple[str, int], ...]
    changes: tuple[ChangeLine, ...]
    promises: tuple[Promise, ...]
    presence: tuple[Presence, ...]
    out_of_time: tuple[OutOfTime, ...]
    words: str  # distinct search words, separated by spaces

    @property
    def service(self) -> str:
        return self.id.partition("/")[0]


def summarize(history: History, found: search.Passages) -> Summary:
    known = history.coverage
    return Summary(
        id=history.policy.id,
        name=history.policy.name,
        language=history.language,
        versions=len(history.versions),
        captures=known.captures,
        fetched=known.fetched,
        first=known.first,
        last=known.last,
        incidents=tuple(sorted(Counter(one.kind for one in known.incidents).items())),
        changes=tuple(_change(history, change) for change in history.changes),
        promises=tuple(_promises(history)),
        presence=tuple(presence(history)),
        out_of_time=tuple(_out_of_time(history)),
        words=" ".join(found.words),
    )


def encode(summary: Summary) -> bytes:
    return msgspec.json.encode(summary)


def decode(body: bytes) -> Summary:
    return msgspec.json.decode(body, type=Summary)


def headline(change: ChangeLine, names: Mapping[str, str]) -> str:
    """personalised advertising reversed; Privacy Shield appeared; and 4 more"""
    seen: dict[str, str] = {}
    for told in change.told:
        what = subject(told, names)
        seen.setdefault(what, words.happened(what, told.kind, told.stance))
    shown = list(seen.values())[:3]
    rest = len(seen) - len(shown) + change.untold
    if not shown:
        return change.size
    return "; ".join(shown) + (f"; and {rest:,} more" if rest else "")


def subject(told: Told, names: Mapping[str, str]) -> str:
    """In a few words: the instrument of law that came, else the first topic."""
    return ", ".join(told.instruments) or words.lowered(words.topic(told.topics[0], names))


def _change(history: History, change: Change) -> ChangeLine:
    found, _ = view.split_moved(view.findings(history, change))
    return ChangeLine(
        before=change.before,
        after=change.after,
        kind=change.kind,
        since=change.window.after,
        by=change.window.by,
        severity=change.severity,
        added=change.diff.words_added,
        removed=change.diff.words_removed,
        size=words.size(change.diff),
        labels=change.labels,
        told=tuple(_told(one) for one in found[:_TOLD]),
        untold=max(0, len(found) - _TOLD),
        topics=tuple(dict.fromkeys(topic for one in found for topic in one.topics)),
        kinds=tuple(dict.fromkeys(one.clause.kind for one in found)),
    )


def _told(found: view.Finding) -> Told:
    clause = found.clause
    before, after = (
        headlines.brief(side, _QUOTE) if side else "" for side in (clause.before, clause.after)
    )
    return Told(found.topics, clause.instruments, clause.kind, words.stance(clause), before, after)


def _promises(history: History) -> Iterator[Promise]:
    for statement in view.statements(history):
        clause = statement.entry.clause
        yield Promise(
            statement.topics,
            clause.stance,
            words.shortened(words.quoted(clause)[1:-1], _QUOTE),
            statement.entry.after,
            statement.entry.by,
        )


def presence(history: History) -> Iterator[Presence]:
    """Per topic the spans in which captured texts speak on it, each with its stances."""
    spoken = history.spoken or tuple(_from_profile(history))
    for topic in sorted({topic for said in spoken for topic, _ in said}):
        yield from _spans(topic, history.versions, spoken)


def _from_profile(history: History) -> Iterator[Said]:
    """Where nobody says what earlier versions speak on: what the latest says has been there since
    its clauses came. What has gone since is left out, not guessed at."""
    for version in history.versions:
        at = version.first_seen.captured_at
        yield tuple(
            (one.clause.topic, one.clause.stance) for one in history.profile if one.by <= at
        )


def _spans(
    topic: str, versions: tuple[Version, ...], spoken: tuple[Said, ...]
) -> Iterator[Presence]:
    """Neighbouring versions of equal stances make one span. A text stands until another is seen."""
    spans: list[Presence] = []
    ends = [one.first_seen.captured_at for one in versions[1:]]
    ends += [versions[-1].last_seen.captured_at]
    for version, end, said in zip(versions, ends, spoken, strict=True):
        stances = tuple(sorted({stance for one, stance in said if one == topic}))
        start = version.first_seen.captured_at
        if spans and spans[-1].stances == stances:
            start = spans.pop().start
        spans.append(Presence(topic, start, end, stances))
    yield from (span for span in spans if span.stances)


def _out_of_time(history: History) -> Iterator[OutOfTime]:
    for told, reference in words.dated(history.dated_references):
        topics = {
            clause.topic
            for clause in _clauses(history)
            if clause.quote and (reference.quote in clause.quote or clause.quote in reference.quote)
        }
        yield OutOfTime(
            told,
            words.shortened(words.line(reference.quote), _QUOTE),
            tuple(sorted(topics)),
            reference.days_after_end,
        )


def _clauses(history: History) -> Iterator[Clause]:
    for entry in history.profile:
        yield entry.clause
    for change in history.changes:
        for one in change.clauses:
            yield from (side for side in (one.before, one.after) if side)


def period(change: ChangeLine) -> str:
    """The month by which it had happened: changes of one month are ranked by weight."""
    return timestamps.day(change.by)[:7]
