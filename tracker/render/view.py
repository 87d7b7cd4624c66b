"""What renderings look up in a report: each quote with its capture, the findings by rank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, islice, takewhile

from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    DatedReference,
    History,
    ProfileEntry,
    Report,
    Sighting,
    Version,
    Window,
)
from tracker.text import is_date_line

# Findings of one change that are told at length: a rewritten policy has a hundred.
_MOST = 12


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
    also: tuple[ClauseChange, ...] = ()  # its words came to or left these topics


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence of the latest version says, on which topics, since when."""

    topics: tuple[str, ...]
    entry: ProfileEntry


def findings(history: History, change: Change) -> list[Finding]:
    """The change's clauses in their order, each sentence told once.

    A sentence that was reversed on advertising may have left the topic of cookies by the same
    words: the reader has seen it already. A line that gives the text's own date is no promise:
    that date stands with the change.
    """
    groups = _grouped(clause for clause in change.clauses if not _redated(clause))
    pairs = [together[0] for together in groups if together[0].before and together[0].after]
    shown = [together for together in groups if not _repeats(together[0], pairs)]
    repeated = [clause for together in groups if together not in shown for clause in together]
    return [_finding(history, change, together, repeated) for together in shown]


def _redated(clause: ClauseChange) -> bool:
    sides = (clause.before, clause.after)
    return all(side is not None and is_date_line(side.quote) for side in sides)


def _grouped(clauses: Iterable[ClauseChange]) -> list[list[ClauseChange]]:
    """Together what is equal but for the topic."""
    same: dict[object, list[ClauseChange]] = {}
    for clause in clauses:
        key = (clause.kind, _said(clause.before), _said(clause.after))
        same.setdefault(key, []).append(clause)
    return list(same.values())


def _repeats(single: ClauseChange, pairs: Sequence[ClauseChange]) -> bool:
    """Whether a clause that appeared or vanished is one side of a pair."""
    if single.before and single.after:
        return False
    return any(_one_side(single, pair) for pair in pairs)


def _one_side(single: ClauseChange, pair: ClauseChange) -> bool:
    if single.after:
        return _said(single.after) == _said(pair.after)
    return _said(single.before) == _said(pair.before)


def _finding(
    history: History,
    change: Change,
    together: Sequence[ClauseChange],
    repeated: Iterable[ClauseChange],
) -> Finding:
    first = together[0]
    old, new = version(history, change.before), version(history, change.after)
    paired = first.before and first.after
    return Finding(
        history,
        change,
        _topics(clause.topic for clause in together),
        first,
        Quote(first.before, old.last_seen) if first.before else None,
        Quote(first.after, new.first_seen) if first.after else None,
        tuple(single for single in repeated if paired and _one_side(single, first)),
    )


def statements(history: History) -> list[Statement]:
    """The profile sentence by sentence, what is on the same topic together."""
    same: dict[object, list[ProfileEntry]] = {}
    for entry in history.profile:
        key = (_said(entry.clause), entry.clause.stance, entry.after, entry.by)
        same.setdefault(key, []).append(entry)
    found = [
        Statement(_topics(entry.clause.topic for entry in together), together[0])
        for together in same.values()
    ]
    order = list(dict.fromkeys(statement.topics[0] for statement in found))
    return sorted(found, key=lambda statement: order.index(statement.topics[0]))


def _said(clause: Clause | None) -> tuple[str, ...]:
    return (clause.lead_in, clause.quote, clause.section) if clause else ()


def _topics(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, a facet in place of its topic: Privacy Shield says transfer already."""
    topics = dict.fromkeys(found)
    general = {topic.partition(".")[0] for topic in topics if "." in topic}
    return tuple(topic for topic in topics if topic not in general)


def standing_out(report: Report, limit: int = 10) -> list[Finding]:
    """The most severe findings over all policies, the latest first among equals.

    Of a change that brought seven clauses on one topic, the gravest stands for all; a reversal,
    for whatever else became of its topic. What only moved never stands out, nor what an editorial
    change or a flap touched.
    """
    found = [
        finding
        for history in report.policies
        for change in history.changes
        if change.kind == "substantive"
        for finding in _gravest(findings(history, change))
    ]
    found.sort(key=lambda finding: finding.change.window.by, reverse=True)
    found.sort(key=lambda finding: -finding.clause.severity)
    return found[:limit]


def _gravest(found: Iterable[Finding]) -> Iterable[Finding]:
    """Of each topic, kind of change and instrument of law the most severe."""
    gravest: dict[object, Finding] = {}
    turned = set[str]()
    for finding in sorted(found, key=lambda finding: -finding.clause.severity):
        topic, clause = finding.topics[0], finding.clause
        if clause.kind == "reversed":
            turned.update(finding.topics)
        elif clause.kind == "moved" or clause.severity <= 0 or topic in turned:
            continue
        gravest.setdefault((topic, clause.kind, clause.instruments), finding)
    return gravest.values()


def at_length(found: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What to tell at length of a change, in its order, and what to count: each topic's gravest
    before any topic's second."""
    first = {id(finding) for finding in _gravest(found)}
    places = sorted(range(len(found)), key=lambda place: id(found[place]) not in first)
    told, left = sorted(places[:_MOST]), sorted(places[_MOST:])
    return [found[place] for place in told], [found[place] for place in left]


def outdated(report: Report, limit: int = 5) -> list[tuple[History, list[DatedReference]]]:
    """What the latest versions of some policies cite out of its time."""
    found = [(history, _cited_now(history)) for history in report.policies]
    return [(history, references) for history, references in found if references][:limit]


def _cited_now(history: History) -> list[DatedReference]:
    if not history.versions:
        return []
    since = history.versions[-1].first_seen.captured_at
    return [one for one in history.dated_references if one.captured_at >= since]


def by_weight(history: History) -> list[Change]:
    """The substantive changes, then the others; the latest first. Of a text that comes and goes,
    the first return stands for all."""
    goes_on = [one for change in history.changes for one in alternations(history, change)]
    latest_first = (change for change in reversed(history.changes) if change not in goes_on)
    return sorted(latest_first, key=lambda change: change.kind != "substantive")


def alternations(history: History, change: Change) -> list[Change]:
    """How a flap went on: text came and went again, with no other change in between."""
    behind = dropwhile(lambda one: one is not change, history.changes)
    run = takewhile(lambda one: "alternates" in one.labels, islice(behind, 1, None))
    return list(run) if change.kind == "flap" else []


def undone(history: History, change: Change) -> Window | None:
    """When the old text was back, where it was within days."""
    following = next((one for one in history.changes if one.before == change.after), None)
    if following is None or following.kind != "flap":
        return None
    old, back = version(history, change.before), version(history, following.after)
    return following.window if old.text_sha256 == back.text_sha256 else None


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
