"""From snapshots to a history: documents, versions, changes, clauses. Calls stages in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import pairwise

from tracker import quality, selection, versions
from tracker.clauses import (
    citation_labels,
    clause_changes,
    dated_references,
    find_clauses,
    load_lexicon,
    profile,
)
from tracker.compare import compare
from tracker.model import (
    Capture,
    Change,
    Clause,
    DatedReference,
    Document,
    History,
    Incident,
    IncidentKind,
    Observation,
    Policy,
    Sighting,
    Snapshot,
    Stance,
    Version,
)
from tracker.normalize import NORMALIZER, normalize
from tracker.normalize.furniture import drop_furniture
from tracker.pipeline.workspace import Workspace
from tracker.store.snapshots import SnapshotStore
from tracker.text import fingerprint
from tracker.urlkey import urlkey

REMEDIES: dict[IncidentKind, str] = {
    "unplayable": "nothing to do: a neighbouring capture stands in for it",
    "blocked": "nothing to do: the archive excludes this page",
    "missing": "nothing to do: the archive does not have it",
    "integrity": "run fetch again later; the archive sent a damaged body",
    "unavailable": "run fetch again later; it goes on where it stopped",
    "partial-listing": "run fetch again; it goes on where the listing stopped",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A snapshot with what it says."""

    snapshot: Snapshot
    document: Document
    incident: Incident | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a history is derived from, fit to be sent to another process."""

    policy: Policy
    snapshots: tuple[Snapshot, ...]
    documents: dict[str, Document]  # what each says, by record id
    captures: tuple[Capture, ...]
    refused: tuple[Incident, ...]  # by the archive
    bodies: SnapshotStore
    topics: str  # the user's, or ""


def history(workspace: Workspace, policy: Policy) -> History:
    """All that follows from what is kept of a policy. Writes documents to the cache, no more."""
    return derived(evidence(workspace, policy))


def evidence(workspace: Workspace, policy: Policy) -> Evidence:
    """What is kept of a policy; what was not normalised before is now, by the mapper."""
    snapshots = _counted(workspace.snapshots.list(policy.id))
    captures = tuple(workspace.listings.captures(policy.id))
    return Evidence(
        policy,
        snapshots,
        _documents(workspace, policy, snapshots),
        captures,
        tuple(archive_incidents(workspace, policy, captures)),
        workspace.snapshots,
        workspace.topics,
    )


def derived(given: Evidence) -> History:
    """The history that the evidence tells, whatever process it is derived in."""
    policy, captures = given.policy, given.captures
    readings = _read(given)
    observations = [*map(_observation, readings), *_seen_again(readings, captures)]
    found, doubts = versions.derive(policy.id, observations)
    language = policy.language or (found[-1].document.language if found else "")
    lexicon = load_lexicon(given.topics or None)
    clauses = {
        version.number: find_clauses(version.document, language or None, lexicon=lexicon)
        for version in found
    }
    return History(
        policy=policy,
        language=language,
        versions=found,
        changes=tuple(_changes(found, clauses)),
        spoken=tuple(map(_spoken, clauses.values())),
        profile=profile(found, clauses),
        dated_references=tuple(_dated(found, observations)),
        coverage=selection.coverage(
            captures, given.snapshots, (*doubts, *given.refused), policy.urls
        ),
    )


def archive_incidents(
    workspace: Workspace, policy: Policy, captures: Sequence[Capture]
) -> Iterator[Incident]:
    """What the archive refused or could not give, as remembered with each capture and listing."""
    for asked in workspace.listings.answers(policy.id):
        if not asked.answer.complete:
            yield _incident(policy, None, asked.url, asked.answer.problem, "partial-listing")
    states = workspace.database.capture_states(policy.id)
    for capture in captures:
        state = states.get(capture.key)
        if state and state.state in ("failed", "given-up"):
            yield _incident(policy, capture.at, capture.original, state.cause, "unavailable")


def _incident(
    policy: Policy, at: datetime | None, url: str, told: str, otherwise: IncidentKind
) -> Incident:
    """`told` is "kind: cause" as the crawl remembered it."""
    prefix, _, cause = told.partition(": ")
    kind = next((kind for kind in REMEDIES if kind == prefix), None)
    named = kind or otherwise
    return Incident(policy.id, named, at, url, cause if kind else told, REMEDIES[named])


def _read(given: Evidence) -> list[Reading]:
    """What each snapshot says in the light of the one before and of the whole history."""
    readings: list[Reading] = []
    previous: Document | None = None
    for snapshot in given.snapshots:
        document = given.documents[snapshot.record_id]
        reading = _judged(given.bodies, snapshot, document, previous)
        readings.append(reading)
        previous = previous if reading.incident else reading.document
    usable = [reading for reading in readings if _usable(reading)]
    cleaned = drop_furniture([reading.document for reading in usable])
    better = {r.snapshot.record_id: d for r, d in zip(usable, cleaned, strict=True)}
    return [replace(r, document=better.get(r.snapshot.record_id, r.document)) for r in readings]


def read_alone(
    workspace: Workspace, policy: Policy, snapshots: Sequence[Snapshot]
) -> Iterator[Reading]:
    """What each snapshot says by itself: enough to choose the next captures."""
    documents = _documents(workspace, policy, snapshots)
    for snapshot in snapshots:
        yield _judged(workspace.snapshots, snapshot, documents[snapshot.record_id], None)


def _documents(
    workspace: Workspace, policy: Policy, snapshots: Sequence[Snapshot]
) -> dict[str, Document]:
    """By record id. Only new snapshots are normalised; the rest comes from the cache."""
    known = workspace.database.documents(policy, NORMALIZER, snapshots)
    new = [snapshot for snapshot in snapshots if snapshot.record_id not in known]
    results = workspace.mapper(partial(normalised, workspace.snapshots, policy), new)
    made = list(zip(new, results, strict=True))
    if made:
        workspace.database.save_documents(policy, NORMALIZER, made)
    return {**known, **{snapshot.record_id: document for snapshot, document in made}}


def normalised(store: SnapshotStore, policy: Policy, snapshot: Snapshot) -> Document:
    """The document of a snapshot as read back from the store."""
    return normalize(
        store.read(snapshot),
        snapshot.content_type,
        snapshot.url,
        select=policy.select,
        remove=policy.remove,
        language=policy.language,
    )


def _judged(
    bodies: SnapshotStore, snapshot: Snapshot, document: Document, previous: Document | None
) -> Reading:
    body = bodies.read(snapshot)
    incident = quality.judge(snapshot, document, body=body, previous=previous)
    return Reading(snapshot, document, incident)


def _usable(reading: Reading) -> bool:
    """A suspected extraction break is decided by the next capture, so it takes part."""
    return reading.incident is None or reading.incident.kind == "extraction-break"


def _counted(snapshots: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    """Without somebody's extracted text of a capture that we hold raw; what that text says of the
    capture's address in the archive counts. The corpus often knows only the day, which reads as
    midnight."""
    raw = [_capture_of(snapshot) for snapshot in snapshots if snapshot.source == "raw"]
    seconds, days = set(raw), {(key, at.date()) for key, at in raw}
    links = {_capture_of(s): s.memento_url for s in snapshots if s.memento_url}

    def beaten(snapshot: Snapshot) -> bool:
        key, at = _capture_of(snapshot)
        midnight = (at.hour, at.minute, at.second) == (0, 0, 0)
        return (key, at) in seconds or (midnight and (key, at.date()) in days)

    return tuple(
        s if s.memento_url else replace(s, memento_url=links.get(_capture_of(s), ""))
        for s in snapshots
        if s.source == "raw" or not beaten(s)
    )


def _capture_of(snapshot: Snapshot) -> tuple[str, datetime]:
    return urlkey(snapshot.url), snapshot.captured_at


def _observation(reading: Reading) -> Observation:
    document = reading.document if _usable(reading) else None
    return Observation(_sighting(reading.snapshot), document, reading.incident)


def _sighting(snapshot: Snapshot) -> Sighting:
    return Sighting(
        captured_at=snapshot.captured_at,
        url=snapshot.url,
        memento_url=snapshot.memento_url,
        snapshot_sha256=snapshot.sha256,
        digest=snapshot.digest,
        digest_verified=snapshot.digest_verified,
        archive=snapshot.archive,
    )


def _seen_again(readings: Sequence[Reading], captures: Sequence[Capture]) -> Iterator[Observation]:
    """Captures we did not fetch, since the archive's digest says their bytes are ones we hold."""
    held = selection.held(captures, [reading.snapshot for reading in readings])
    by_digest = {
        (reading.snapshot.archive, reading.snapshot.digest): reading
        for reading in readings
        if reading.snapshot.digest and reading.incident is None and not reading.snapshot.via
    }
    for capture in captures:
        reading = by_digest.get((capture.archive, capture.digest))
        if reading and capture.status in (200, None) and capture.key not in held:
            sighting = Sighting(
                captured_at=capture.at,
                url=capture.original,
                memento_url=capture.memento_url,
                snapshot_sha256=reading.snapshot.sha256,
                digest=capture.digest,
                archive=capture.archive,
            )
            yield Observation(sighting, reading.document)


def _spoken(clauses: Iterable[Clause]) -> tuple[tuple[str, Stance], ...]:
    """Each topic with each of its stances, once."""
    return tuple(sorted({(clause.topic, clause.stance) for clause in clauses}))


def _changes(found: Sequence[Version], clauses: dict[int, list[Clause]]) -> Iterator[Change]:
    for index, (before, after) in enumerate(pairwise(found), start=1):
        diff = compare(before.document, after.document)
        kind, labels = versions.classify(found, index, diff)
        yield Change(
            policy=after.policy,
            before=before.number,
            after=after.number,
            kind=kind,
            window=versions.window(before, after),
            diff=diff,
            clauses=clause_changes(
                clauses[before.number],
                clauses[after.number],
                diff,
                before.document,
                after.document,
            ),
            labels=(*labels, *citation_labels(before.document, after.document)),
        )


def _dated(
    found: Sequence[Version], observations: Sequence[Observation]
) -> Iterator[DatedReference]:
    for version in found:
        yield from dated_references(version.document, _captures(version, observations))


def _captures(version: Version, observations: Sequence[Observation]) -> Iterator[datetime]:
    """When the version was seen; what looked like a broken extraction in between was not it."""
    first, last = version.first_seen.captured_at, version.last_seen.captured_at
    for observation in sorted(observations, key=lambda one: one.sighting.captured_at):
        at, document = observation.sighting.captured_at, observation.document
        if document and first <= at <= last and fingerprint(document) == version.text_sha256:
            yield at
