"""Ask the archive what there is; fetch what selection chooses until nothing more is learned."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker import selection, text, timestamps
from tracker.archive import Archive
from tracker.errors import ArchiveError, Blocked, DamagedBody, NotArchived, Unavailable, Unplayable
from tracker.model import Capture, CaptureState, Failure, IncidentKind, Listing, Policy
from tracker.pipeline import derive
from tracker.pipeline.workspace import Workspace
from tracker.selection import Choice, Fact, Key, Strategy

# New captures take up to a day to be listed, and a few appear years later: look back this far.
LATE = timedelta(days=60)
# A damaged body may come whole the next time; after that many runs it is given up.
PATIENCE = 3
KINDS: tuple[tuple[type[ArchiveError], IncidentKind], ...] = (
    (Unplayable, "unplayable"),
    (Blocked, "blocked"),
    (NotArchived, "missing"),
    (DamagedBody, "integrity"),
    (Unavailable, "unavailable"),
)


@dataclass(slots=True)
class Budget:
    """What a run may still spend; shared by all its policies."""

    mementos: int | None = None
    until: datetime | None = None

    def spent(self, now: datetime) -> bool:
        return self.mementos == 0 or (self.until is not None and now >= self.until)

    def take(self) -> None:
        if self.mementos is not None:
            self.mementos -= 1


@dataclass(frozen=True, slots=True)
class Crawled:
    """What one policy's crawl did."""

    policy: str
    listed: int = 0  # captures that can be a text
    new: int = 0  # of them not known before
    fetched: int = 0
    failures: tuple[Failure, ...] = ()
    finished: bool = True  # False: the budget ended first


@dataclass(frozen=True, slots=True)
class Watch:
    """Told what happens while it happens."""

    chosen: Callable[[int], None] = lambda _more: None
    fetched: Callable[[Capture], None] = lambda _capture: None


def crawl(
    workspace: Workspace,
    archive: Archive,
    policy: Policy,
    strategy: Strategy,
    budget: Budget,
    watch: Watch,
) -> Crawled:
    """List and fetch one policy. Unavailable ends it, and the whole run; the rest is a Failure."""
    before = len(workspace.listings.captures(policy.id))
    problems = list(list_captures(workspace, archive, policy))
    captures = workspace.listings.captures(policy.id)
    progress = _Progress(workspace, archive, policy, budget, watch)
    progress.failures += problems
    while choices := selection.plan(captures, progress.facts(captures), policy.urls, strategy):
        watch.chosen(len(choices))
        if not progress.fetch_all(choices):
            break
    return Crawled(
        policy=policy.id,
        listed=selection.coverage(captures, (), (), policy.urls).captures,
        new=len(captures) - before,
        fetched=progress.fetched,
        failures=tuple(progress.failures),
        finished=not choices,
    )


def list_captures(workspace: Workspace, archive: Archive, policy: Policy) -> Iterator[Failure]:
    """Bring the listings of all the policy's addresses up to date; a partial one is a Failure."""
    for url in policy.urls:
        asked = workspace.listings.asked(policy.id, url.url, archive.name)
        resume_key = asked.resume_key if asked and not asked.complete else None
        since = asked.asked_at - LATE if asked and asked.complete else None
        try:
            listing = archive.list(url.url, since=since, resume_key=resume_key, now=workspace.now())
        except (Blocked, NotArchived) as error:
            problem = f"{_kind(error)}: {error}"
            listing = Listing((), workspace.now(), complete=False, problem=problem)
        if _news(workspace, policy, asked, listing):
            workspace.listings.merge(policy.id, url.url, archive.name, listing)
        if not listing.complete:
            yield Failure("captures", policy.id, "partial-listing", f"{url.url}: {listing.problem}")


def _news(workspace: Workspace, policy: Policy, asked: Listing | None, listing: Listing) -> bool:
    """A run that learns nothing writes nothing; the next then looks back a little further."""
    known = {(capture.archive, capture.key) for capture in workspace.listings.captures(policy.id)}
    return (
        asked is None
        or replace(asked, asked_at=listing.asked_at) != replace(listing, captures=())
        or any((capture.archive, capture.key) not in known for capture in listing.captures)
    )


def facts(
    workspace: Workspace,
    policy: Policy,
    captures: Sequence[Capture] | None = None,
    learned: dict[str, Fact] | None = None,
) -> dict[Key, Fact]:
    """What snapshots and earlier refusals say of each listed capture.

    `learned` (record id -> fact) spares reading a snapshot twice; new ones are added to it.
    """
    if captures is None:
        captures = workspace.listings.captures(policy.id)
    learned = {} if learned is None else learned
    held = selection.held(captures, workspace.snapshots.list(policy.id))
    unread = [s for s in held.values() if s.record_id not in learned]
    for reading in derive.read_alone(workspace, policy, unread):
        learned[reading.snapshot.record_id] = _fact(reading)
    states = workspace.database.capture_states(policy.id)
    given_up = {
        key: Fact(None, state.cause, replayed=False)
        for key, state in states.items()
        if state.state == "given-up"
    }
    return {**given_up, **{key: learned[s.record_id] for key, s in held.items()}}


@dataclass(slots=True)
class _Progress:
    """One policy's crawl under way."""

    workspace: Workspace
    archive: Archive
    policy: Policy
    budget: Budget
    watch: Watch
    fetched: int = 0
    failures: list[Failure] = field(default_factory=list)
    learned: dict[str, Fact] = field(default_factory=dict)  # record id -> what it says
    refused: dict[Key, Fact] = field(default_factory=dict)  # this run's captures without an answer

    def facts(self, captures: Sequence[Capture]) -> dict[Key, Fact]:
        """What is known of each capture, this run's refusals included."""
        known = facts(self.workspace, self.policy, captures, self.learned)
        return {**known, **self.refused}

    def fetch_all(self, choices: Iterable[Choice]) -> bool:
        """Fetch and keep each; False where the budget ended first."""
        for choice in choices:
            if self.budget.spent(self.workspace.now()):
                return False
            self.budget.take()
            self._fetch(choice.capture)
        return True

    def _fetch(self, capture: Capture) -> None:
        try:
            memento = self.archive.fetch(capture)
        except ArchiveError as error:
            self._refuse(capture, error)
            if isinstance(error, Unavailable) and error.retry_after is not None:
                raise
            return
        self.workspace.snapshots.add(self.policy.id, memento)
        self._mark(capture, CaptureState("fetched", changed_at=self.workspace.now()))
        self.fetched += 1
        self.watch.fetched(capture)

    def _refuse(self, capture: Capture, error: ArchiveError) -> None:
        """What may come right is failed, until it failed too often; the rest is given up."""
        kind = _kind(error)
        cause = f"{kind}: {error}"
        tries = self.workspace.database.capture_states(self.policy.id)
        again = kind in ("integrity", "unavailable") and (
            tries.get(capture.key, CaptureState()).tries + 1 < PATIENCE
        )
        state = CaptureState(
            "failed" if again else "given-up", cause=cause, changed_at=self.workspace.now()
        )
        self._mark(capture, state)
        self.refused[capture.key] = Fact(None, cause, replayed=False)
        subject = f"{self.policy.id} {timestamps.iso(capture.at)}"
        self.failures.append(Failure("fetch", subject, kind, str(error)))

    def _mark(self, capture: Capture, state: CaptureState) -> None:
        self.workspace.database.mark_captures(self.policy.id, [capture], state)


def _fact(reading: derive.Reading) -> Fact:
    if reading.incident is None:
        return Fact(text.fingerprint(reading.document))
    return Fact(None, reading.incident.cause)


def _kind(error: ArchiveError) -> IncidentKind:
    return next((kind for cause, kind in KINDS if isinstance(error, cause)), "unavailable")
