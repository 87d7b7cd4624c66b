"""What renderings look up in a report: each quote with its capture, the findings by rank."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    History,
    ProfileEntry,
    Report,
    Sighting,
    Version,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause and the capture that proves it."""

    clause: Clause
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Finding:
    """What happened to a sentence, with all a reader needs to check it."""

    history: History
    change: Change
    topics: tuple[str, ...]  # one sentence may speak on several
    clause: ClauseChange  # of the most severe topic
    before: Quote | None
    after: Quote | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence of the latest version says, on which topics, since when."""

    topics: tuple[str, ...]
    entry: ProfileEntry


def findings(history: History, change: Change) -> list[Finding]:
    """The change's clauses in their order; what is equal but for the topic is told once."""
    old, new = version(history, change.before), version(history, change.after)
    same: dict[object, list[ClauseChange]] = {}
    for clause in change.clauses:
        key = (clause.kind, _said(clause.before), _said(clause.after), clause.effect)
        same.setdefault(key, []).append(clause)
    return [
        Finding(
            history,
            change,
            _topics(clause.topic for clause in together),
            together[0],
            Quote(together[0].before, old.last_seen) if together[0].before else None,
            Quote(together[0].after, new.first_seen) if together[0].after else None,
        )
        for together in same.values()
    ]


def statements(history: History) -> list[Statement]:
    """The profile, sentence by sentence."""
    same: dict[object, list[ProfileEntry]] = {}
    for entry in history.profile:
        same.setdefault((_said(entry.clause), entry.after, entry.by), []).append(entry)
    return [
        Statement(_topics(entry.clause.topic for entry in together), together[0])
        for together in same.values()
    ]


def _said(clause: Clause | None) -> tuple[str, ...]:
    return (clause.lead_in, clause.quote, clause.section, clause.stance) if clause else ()


def _topics(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, a facet in place of its topic: Privacy Shield says transfer already."""
    topics = dict.fromkeys(found)
    general = {topic.partition(".")[0] for topic in topics if "." in topic}
    return tuple(topic for topic in topics if topic not in general)


def standing_out(report: Report, limit: int = 10) -> list[Finding]:
    """The most severe findings over all policies, the latest first among equals.

    What only moved never stands out, nor what an editorial change or a flap touched.
    """
    found = [
        finding
        for history in report.policies
        for change in history.changes
        if change.kind == "substantive"
        for finding in findings(history, change)
        if finding.clause.kind != "moved" and finding.clause.severity > 0
    ]
    found.sort(key=lambda finding: finding.change.window.by, reverse=True)
    found.sort(key=lambda finding: -finding.clause.severity)
    return found[:limit]


def by_weight(history: History) -> list[Change]:
    """The substantive changes, then the others; the latest first."""
    latest_first = reversed(history.changes)
    return sorted(latest_first, key=lambda change: change.kind != "substantive")


def version(history: History, number: int) -> Version:
    return next(one for one in history.versions if one.number == number)


def sighting(history: History, at: datetime) -> Sighting | None:
    """The capture of that time, where a version was first or last seen in it."""
    seen = (one for version in history.versions for one in (version.first_seen, version.last_seen))
    return next((one for one in seen if one.captured_at == at), None)


def split_moved(found: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What was said differently, and what is only said elsewhere."""
    told = [finding for finding in found if finding.clause.kind != "moved"]
    return told, [finding for finding in found if finding.clause.kind == "moved"]


def anchor(history: History, change: Change | None = None) -> str:
    """The id of a policy's or a change's place in a page: "acme.privacy.1-2"."""
    place = history.policy.id.replace("/", ".")
    return f"{place}.{change.before}-{change.after}" if change else place
