"""What readers ask of the database: a version at a time, a topic over time, two policies."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker import selection, timestamps
from tracker.clauses import find_clauses, law_names, timeline, topics
from tracker.clauses.check import Trial, try_out
from tracker.compare import compare
from tracker.errors import NotFound
from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    Diff,
    History,
    Policy,
    TopicTimeline,
    Version,
)
from tracker.pipeline.workspace import Workspace
from tracker.selection import Move
from tracker.text import nearest


def histories(workspace: Workspace, policies: Sequence[Policy]) -> list[History]:
    """What the database holds; an empty History for a policy without any."""
    return [workspace.database.history(policy) or History(policy) for policy in policies]


def history(workspace: Workspace, policy: Policy) -> History:
    found = workspace.database.history(policy)
    if found is None or not found.versions:
        raise NotFound(
            f'{policy.id} has no version yet; run "policy-tracker update {policy.id}" or import one'
        )
    return found


def version(known: History, wanted: str | None) -> Version:
    """By number, or the one seen at or last before a time; the latest where none is named."""
    if wanted is None:
        return known.versions[-1]
    if wanted.isdecimal() and len(wanted) < 4:
        found = next((v for v in known.versions if v.number == int(wanted)), None)
        if found is None:
            raise NotFound(
                f"{known.policy.id} has no version {wanted}; "
                f"it has 1 to {known.versions[-1].number}"
            )
        return found
    try:
        return version_at(known, timestamps.parse_end(wanted))
    except ValueError as error:
        expected = str(error).partition("; ")[2]
        raise NotFound(f'"{wanted}" is neither a version number nor a time; {expected}') from error


def version_at(known: History, at: datetime) -> Version:
    seen = [v for v in known.versions if v.first_seen.captured_at <= at]
    if not seen:
        first = timestamps.iso(known.versions[0].first_seen.captured_at)
        raise NotFound(f"{known.policy.id} was first seen {first}; ask for a later time")
    return seen[-1]


def difference(known: History, old: str | None, new: str | None) -> tuple[Version, Version, Diff]:
    """Two versions and what differs; the latest change where none is named."""
    after = version(known, new)
    if old is not None:
        before = version(known, old)
    elif after.number > 1:
        before = known.versions[after.number - 2]
    else:
        raise NotFound(f"{known.policy.id} has one version only; nothing to compare it with")
    stored = next(
        (c for c in known.changes if (c.before, c.after) == (before.number, after.number)), None
    )
    diff = stored.diff if stored else compare(before.document, after.document)
    return before, after, diff


def topic_timeline(workspace: Workspace, topic: str, policies: Sequence[Policy]) -> TopicTimeline:
    check_topics(workspace, [topic])
    known = histories(workspace, policies)
    clauses = {
        one.policy.id: {v.number: clauses_of(workspace, one, v) for v in one.versions}
        for one in known
    }
    return timeline(topic, known, clauses)


def clauses_of(workspace: Workspace, known: History, of: Version) -> list[Clause]:
    return find_clauses(of.document, known.language or None, lexicon=workspace.lexicon)


def with_facets(workspace: Workspace, known: History, wanted: Sequence[str]) -> History:
    """With clause changes on the wanted facets too; stored are those on whole topics."""
    facets = [topic for topic in wanted if "." in topic]
    if not facets or not known.changes:
        return known
    said = {
        (one.number, clause.topic, clause.quote)
        for one in known.versions
        for clause in clauses_of(workspace, known, one)
    }
    changes = tuple(
        replace(change, clauses=(*change.clauses, *_on_facets(change, facets, said)))
        for change in known.changes
    )
    return replace(known, changes=changes)


def _on_facets(
    change: Change, facets: Sequence[str], said: Collection[tuple[int, str, str]]
) -> Iterator[ClauseChange]:
    for facet in facets:
        for clause in change.clauses:
            sides = ((change.before, clause.before), (change.after, clause.after))
            on_facet = any(side and (number, facet, side.quote) in said for number, side in sides)
            if on_facet and clause.topic == facet.partition(".")[0]:
                yield replace(clause, topic=facet)


def check_topics(workspace: Workspace, wanted: Sequence[str]) -> None:
    """NotFound with the nearest topic for one that does not exist; facets are "topic.facet"."""
    known = {topic.id: topic.facets for topic in topics(workspace.lexicon)}
    for name in wanted:
        base, _, facet = name.partition(".")
        if base not in known:
            close = nearest(name, known) or _begun(name, known)
            hint = f'did you mean "{close}"?' if close else '"policy-tracker topics" lists them'
            raise NotFound(f'no topic "{name}"; {hint}')
        if facet and facet not in known[base]:
            expected = f"expected {', '.join(known[base])}" if known[base] else "it has none"
            raise NotFound(f'topic "{base}" has no facet "{facet}"; {expected}')


def _begun(name: str, known: Collection[str]) -> str:
    """The only topic whose id begins so: "ads" for "ads_personalised"."""
    found = [topic for topic in known if name and topic.startswith(name)]
    return found[0] if len(found) == 1 else ""


def topic_names(workspace: Workspace) -> dict[str, str]:
    """Topic id -> name; an instrument's facet ("international_transfer.gdpr") -> the law's."""
    names = {topic.id: topic.name for topic in topics(workspace.lexicon)}
    laws = {f"international_transfer.{term}": name for term, name in law_names().items()}
    return {**laws, **names}


@dataclass(frozen=True, slots=True)
class TopicPair:
    """What two policies say on a topic; "" where one is silent."""

    topic: str
    name: str
    first: str
    second: str


def side_by_side(
    workspace: Workspace, first: Policy, second: Policy, at: str | None
) -> list[TopicPair]:
    """Every topic that either speaks on, in the lexicon's order."""
    stances = [_stances(workspace, policy, at) for policy in (first, second)]
    return [
        TopicPair(topic.id, topic.name, *(one.get(topic.id, "") for one in stances))
        for topic in topics(workspace.lexicon)
        if any(topic.id in one for one in stances)
    ]


def _stances(workspace: Workspace, policy: Policy, at: str | None) -> dict[str, str]:
    """Topic -> its stances in the version, "denies, asserts" where both occur."""
    known = history(workspace, policy)
    found: dict[str, dict[str, None]] = {}
    for clause in clauses_of(workspace, known, version(known, at)):
        found.setdefault(clause.topic.partition(".")[0], {})[clause.stance] = None
    return {topic: ", ".join(stances) for topic, stances in found.items()}


def moved(workspace: Workspace) -> list[tuple[str, Move]]:
    """Watched addresses whose captures became redirects, with the line to add."""
    return [
        (policy.id, move)
        for policy in workspace.policies
        for move in selection.moves(
            policy.urls,
            workspace.listings.captures(policy.id),
            workspace.snapshots.list(policy.id),
        )
    ]


def tried(workspace: Workspace, topics_toml: str) -> Iterator[tuple[str, Trial]]:
    """The sentences of each policy's latest version that a user's phrases find."""
    for known in histories(workspace, workspace.known()):
        if known.versions:
            blocks = [block.text for block in known.versions[-1].document.blocks]
            for trial in try_out(topics_toml, blocks, known.language or "en"):
                yield known.policy.id, trial
