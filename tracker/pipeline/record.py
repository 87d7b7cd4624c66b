"""What a command did, kept by the database however it ends; `status` shows the last."""

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from tracker import timestamps
from tracker.errors import StoreError, TrackerError
from tracker.model import REMARKS, Failure, History, Incident, IncidentKind, Run
from tracker.pipeline import derive
from tracker.pipeline.crawl import Crawled
from tracker.pipeline.imports import Imported
from tracker.pipeline.workspace import Workspace

FETCHED = "mementos fetched"
# Pages that are no document at all: the capture failed. Walls and errors are ones of their time.
NO_DOCUMENT: frozenset[IncidentKind] = frozenset({"empty", "unreadable"})


@dataclass(slots=True)
class Record:
    """A run under way."""

    command: str
    started: datetime
    requests: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    # Writes what was done so far as if it ended now: to be shown by what it still does.
    save: Callable[[], None] = field(default=lambda: None, repr=False)

    def count(self, name: str, number: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def failed(self, failure: Failure) -> None:
        """Add it, unless another step met the same before."""
        if failure not in self.failures:
            self.failures.append(failure)

    def fetched(self) -> None:
        """One more memento is kept."""
        self.count(FETCHED, 1)

    def crawled(self, one: Crawled) -> None:
        """Add what a policy's crawl did, but for what was fetched: that is counted one by one."""
        self.count("captures listed", one.listed)
        self.count("captures new", one.new)
        self.count("captures held", one.held)
        self.count("saved by selection", one.saved)
        self.failures += [*one.failures, *one.remarks]
        if one.remarks:
            self.count(REMARKS, len(one.remarks))

    def imported(self, one: Imported) -> None:
        """Add what became of a file, or of a capture in it."""
        self.count(f"documents {one.outcome}", 1)
        if one.outcome == "unusable":
            why = one.message.removeprefix(f"{one.file}: ")
            self.failures.append(Failure("import", one.file, "unusable", why))

    def derived(self, changes_before: int, history: History) -> None:
        """Add a policy's changes."""
        found = len(history.changes)
        self.count("changes known", found)
        self.count("changes new", max(0, found - changes_before))

    def met(self, before: Container[Incident], history: History) -> list[Failure]:
        """Add the captures that turned out to be no document; the other new incidents of pages
        are returned."""
        new = (one for one in history.coverage.incidents if one not in before)
        told = [_told(one) for one in new if one.kind not in derive.REMEDIES]
        self.failures += [failure for failure in told if failure.kind in NO_DOCUMENT]
        return [failure for failure in told if failure.kind not in NO_DOCUMENT]

    def as_run(self, ended: datetime | None = None) -> Run:
        counts, failures = dict(self.counts), tuple(self.failures)
        return Run(self.started, self.command, ended, self.requests, counts, failures)


@contextmanager
def recorded(workspace: Workspace, command: str) -> Iterator[Record]:
    """Written at the start, so that a killed run is seen to have been one, and at the end."""
    record = Record(command, workspace.now())
    number = workspace.database.start_run(record.as_run())
    record.save = lambda: workspace.database.finish_run(number, record.as_run(workspace.now()))
    try:
        yield record
    except BaseException as error:
        record.failures.append(_end(command, error))
        with suppress(StoreError):  # likely the very error that ended the run
            record.save()
        raise
    record.save()


def _told(incident: Incident) -> Failure:
    at = timestamps.iso(incident.captured_at) if incident.captured_at else ""
    message = f"{incident.cause}; {incident.remedy}"
    return Failure("page", f"{incident.policy} {at}", incident.kind, message)


def _end(command: str, error: BaseException) -> Failure:
    if isinstance(error, KeyboardInterrupt):
        return Failure(
            "run", command, "interrupted", "stopped from outside; the same goes on from there"
        )
    if isinstance(error, TrackerError):
        return Failure("run", command, type(error).__name__, str(error))
    return Failure("run", command, "bug", f"{type(error).__name__}: {error}; please report it")
