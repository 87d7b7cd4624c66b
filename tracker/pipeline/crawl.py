"""Ask the archive what there is; fetch what selection chooses until nothing more is learned."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tracker import selection, timestamps
from tracker.archive import Archive
from tracker.errors import ArchiveError, ConfigError, DamagedBody, Unavailable
from tracker.model import Capture, CaptureState, Failure, Policy
from tracker.pipeline import facts, listing
from tracker.pipeline.inputs import inputs_of
from tracker.pipeline.workspace import Workspace
from tracker.selection import Choice, Fact, Key, Strategy

# What may come right, a damaged body or an archive that does not answer, is asked for in so many
# runs before it is given up.
PATIENCE = 3
# So many in a row, over all policies, are the archive's trouble, not theirs.
IN_A_ROW = 5
PAUSE = 60.0


@dataclass(slots=True)
class Budget:
    """What a run may still spend; shared by all its policies."""

    mementos: int | None = None
    seconds: float | None = None
    clock: Callable[[], float] = time.monotonic  # the wall's may be set while we run
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.clock()

    @property
    def out_of_time(self) -> bool:
        return self.seconds is not None and self.clock() - self._started >= self.seconds

    @property
    def spent(self) -> bool:
        return self.mementos == 0 or self.out_of_time

    def take(self) -> None:
        if self.mementos is not None:
            self.mementos -= 1


@dataclass(frozen=True, slots=True)
class Crawled:
    """What one policy's crawl did."""

    policy: str
    listed: int = 0  # captures that can be a text
    new: int = 0  # captures not known before
    fetched: int = 0  # in this run
    held: int = 0  # in snapshots/, whichever run brought them
    saved: int = 0  # of the listed, never to be asked for: selection can do without
    failures: tuple[Failure, ...] = ()
    remarks: tuple[Failure, ...] = ()  # worth telling, but nothing of the crawl failed
    finished: bool = True  # False: the budget ended first, or the listing is not whole
    down: str = ""  # why the archive can be asked nothing more in this run

    @property
    def reached(self) -> bool:
        """Whether the archive told anything."""
        answered = not self.down and (self.finished or self.listed > 0)
        return answered or self.new > 0 or self.fetched > 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Told what happens while it happens."""

    chosen: Callable[[int], None] = lambda _more: None
    fetched: Callable[[Capture], None] = lambda _capture: None


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A capture that could not be had, until it shows whether that is the archive's fault."""

    policy: str
    capture: Capture
    cause: str


@dataclass(slots=True)
class Crawler:
    """One run over several policies. `settle` it after the last."""

    workspace: Workspace
    archive: Archive
    strategy: Strategy
    budget: Budget
    watch: Watch
    save_after: timedelta | None = None  # ask for a capture of what was neglected so long
    doubts: list[_Doubt] = field(default_factory=list)

    def crawl(self, policy: Policy) -> Crawled:
        """List and fetch one policy; what goes wrong with the archive is in what comes back."""
        before = len(self.workspace.listings.captures(policy.id))
        progress = _Progress(policy)
        down = ""
        try:
            progress.failures += listing.list_captures(self.workspace, self.archive, policy)
            whole = not progress.failures
            progress.remarks += self._lost(policy)
            progress.decided = self._fetch_wanted(progress)
            finished = progress.decided and whole
            if whole:
                progress.remarks += listing.unlisted(self.workspace, policy)
                progress.remarks += self._save_neglected(policy)
        except Unavailable as error:
            self.doubts.clear()
            down, finished = str(error), False
            progress.failures.append(Failure("fetch", policy.id, "unavailable", down))
        return self._crawled(progress, before, finished, down)

    def settle(self) -> None:
        """The archive does answer: what it did not give is held against those captures."""
        for doubt in self.doubts:
            states = self.workspace.database.capture_states(doubt.policy)
            tries = states.get(doubt.capture.key, CaptureState()).tries
            failed = CaptureState("failed" if tries + 1 < PATIENCE else "given-up")
            self._mark(doubt.policy, [doubt.capture], replace(failed, cause=doubt.cause))
        self.doubts.clear()

    def _fetch_wanted(self, progress: "_Progress") -> bool:
        """Round by round, each chosen in the light of the one before; False where the budget
        ended first. No snapshot is read again where nothing changed since all was decided."""
        policy, workspace = progress.policy, self.workspace
        if workspace.database.meta(_decided_key(policy)) == self._inputs(policy):
            return True
        captures = workspace.listings.captures(policy.id)
        while True:
            known = {
                **facts.known(workspace, policy, captures, progress.learned),
                **progress.refused,
            }
            planned = selection.plan(captures, known, policy.urls, self.strategy)
            if not planned and not progress.refused:
                workspace.database.set_meta(_decided_key(policy), self._inputs(policy))
            # Whatever an archive answers, no run asks twice.
            choices = [one for one in planned if _place(one.capture) not in progress.asked]
            if not choices:
                return True
            self._plan(policy.id, choices)
            self.watch.chosen(len(choices))
            for capture in {_place(one.capture): one.capture for one in choices}.values():
                if self.budget.spent:
                    return False
                self.budget.take()
                self._fetch(progress, capture)

    def _inputs(self, policy: Policy) -> str:
        return inputs_of(self.workspace, policy, self.strategy)

    def _lost(self, policy: Policy) -> Iterator[Failure]:
        """Captures fetched before whose snapshots are gone or damaged."""
        captures = self.workspace.listings.captures(policy.id)
        held = selection.held(captures, self.workspace.snapshots.list(policy.id))
        states = self.workspace.database.capture_states(policy.id)
        lost = [c for c in captures if _state(states, c) == "fetched" and c.key not in held]
        self._mark(policy.id, lost, CaptureState("listed"))
        if lost:
            first = timestamps.day(lost[0].at)
            message = (
                f"{len(lost)} of the captures fetched before are missing in snapshots/, the first "
                f"of {first}; they are fetched again where they are needed"
            )
            yield Failure("store", policy.id, "integrity", message)

    def _fetch(self, progress: "_Progress", capture: Capture) -> None:
        policy = progress.policy.id
        progress.asked.add(_place(capture))
        try:
            memento = self.archive.fetch(capture)
        except ArchiveError as error:
            if isinstance(error, Unavailable) and error.retry_after is not None:
                raise
            progress.refuse(capture, error)
            self._refused(policy, capture, error)
            return
        self.workspace.snapshots.add(policy, memento)
        self._mark(policy, [capture], CaptureState("fetched"))
        self.settle()
        progress.fetched += 1
        self.watch.fetched(capture)

    def _refused(self, policy: str, capture: Capture, error: ArchiveError) -> None:
        """Given up for good, or in doubt where it may come right."""
        cause = listing.remembered(error)
        if not isinstance(error, DamagedBody | Unavailable):
            self._mark(policy, [capture], CaptureState("given-up", cause=cause))
            self.settle()
            return
        self.doubts.append(_Doubt(policy, capture, cause))
        if len(self.doubts) >= IN_A_ROW:
            raise Unavailable(
                f"{self.archive.name}: {IN_A_ROW} captures in a row could not be had, "
                f"the last since {error}; try again later",
                PAUSE,
            )

    def _plan(self, policy: str, choices: Iterable[Choice]) -> None:
        states = self.workspace.database.capture_states(policy)
        fresh = [choice.capture for choice in choices if choice.capture.key not in states]
        self._mark(policy, fresh, CaptureState("planned"))

    def _save_neglected(self, policy: Policy) -> Iterator[Failure]:
        """Each neglected address is asked for once a period, whether or not that succeeds."""
        if self.save_after is None:
            return
        now = self.workspace.now()
        captures = self.workspace.listings.captures(policy.id)
        for url in selection.neglected(policy.urls, captures, now, self.save_after):
            key = f"saved {url.url}"
            asked = self.workspace.database.meta(key)
            if asked and timedelta(0) <= now - timestamps.parse(asked) < self.save_after:
                continue
            self.workspace.database.set_meta(key, timestamps.iso(now))
            try:
                self.archive.save(url.url)
            except (ArchiveError, ConfigError) as error:
                message = (
                    f"{url.url}: {error}; it is asked for again in {self.save_after.days} days"
                )
                yield Failure("save", policy.id, "unavailable", message)

    def _crawled(self, progress: "_Progress", before: int, finished: bool, down: str) -> Crawled:
        policy, workspace = progress.policy, self.workspace
        captures = workspace.listings.captures(policy.id)
        snapshots = workspace.snapshots.list(policy.id)
        held = selection.held(captures, snapshots)
        listed = selection.coverage(captures, (), (), policy.urls).captures
        states = workspace.database.capture_states(policy.id)
        # A kill between keeping a snapshot and saying so leaves the state behind.
        late = [c for c in captures if c.key in held and _state(states, c) != "fetched"]
        self._mark(policy.id, late, CaptureState("fetched"))
        asked = {key for key, state in states.items() if state.state in ("failed", "given-up")}
        needed = len(held.keys() | asked | progress.refused.keys())
        return Crawled(
            policy=policy.id,
            listed=listed,
            new=len(captures) - before,
            fetched=progress.fetched,
            held=len(held),
            saved=max(0, listed - needed) if progress.decided else 0,
            failures=tuple(progress.failures),
            remarks=tuple(progress.remarks),
            finished=finished,
            down=down,
        )

    def _mark(self, policy: str, captures: Sequence[Capture], state: CaptureState) -> None:
        if captures:
            dated = replace(state, changed_at=self.workspace.now())
            self.workspace.database.mark_captures(policy, captures, dated)


@dataclass(slots=True)
class _Progress:
    """One policy's crawl under way."""

    policy: Policy
    fetched: int = 0
    decided: bool = False  # nothing more is wanted
    asked: set[tuple[str, str]] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    remarks: list[Failure] = field(default_factory=list)
    learned: dict[str, Fact] = field(default_factory=dict)  # record id -> what it says
    refused: dict[Key, Fact] = field(default_factory=dict)  # this run's captures without an answer

    def refuse(self, capture: Capture, error: ArchiveError) -> None:
        kind = listing.kind_of(error)
        self.refused[capture.key] = Fact(None, f"{kind}: {error}", replayed=False)
        subject = f"{self.policy.id} {timestamps.iso(capture.at)}"
        self.failures.append(Failure("fetch", subject, kind, str(error)))


def _decided_key(policy: Policy) -> str:
    """Where the database remembers the inputs that left nothing to fetch."""
    return f"decided {policy.id}"


def _state(states: dict[Key, CaptureState], capture: Capture) -> str:
    return states.get(capture.key, CaptureState()).state


def _place(capture: Capture) -> tuple[str, str]:
    """What a memento is asked for by."""
    return (capture.timestamp, capture.original)
