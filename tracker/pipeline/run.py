"""A scheduled run: look at the policies whose turn it is, derive, build the site, tell people.

A step that fails stops no other, and stands in the run's record.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from tracker.archive import Archive
from tracker.errors import TrackerError
from tracker.model import Failure, Policy, Run
from tracker.pipeline import alerting, update
from tracker.pipeline.alerting import Desk, Sent
from tracker.pipeline.crawl import Budget, Crawled, Watch
from tracker.pipeline.record import Record, recorded
from tracker.pipeline.turns import overdue
from tracker.pipeline.workspace import Workspace
from tracker.publish.log import Log
from tracker.publish.metrics import Metric
from tracker.render import runs, words
from tracker.selection import Strategy
from tracker.store.outbox import Outbox

CHECKED, REACHED = "policies checked", "policies reached"


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run is to do, and with what."""

    policies: tuple[Policy, ...]
    archive: Archive
    strategy: Strategy
    budget: Budget
    desk: Desk
    log: Log
    site: Callable[[], object] | None = None  # builds it; None: there is none
    save_after: timedelta | None = None  # the neglect that Save Page Now is to end


def run(workspace: Workspace, orders: Orders) -> Run:
    """Do it all; the record that the database keeps, also of an interrupted run."""
    log = orders.log
    number = len(orders.policies)
    log("started", runs.tally(number, "policies to look at"), policies=number)
    with recorded(workspace, "run") as record:
        try:
            _crawl(workspace, orders, record)
            _derive(workspace, record, log)
        finally:
            record.requests = orders.archive.requests
        record.save()  # the site shows this run
        _build_site(orders, record)
        _tell(workspace, orders, record)
        record.save()  # and counts among those that failed in a row
        _tell_operators(workspace, orders, record)
    done = record.as_run(workspace.now())
    log("ended", _summary(done), **done.counts, failures=len(done.failures))
    return done


def _crawl(workspace: Workspace, orders: Orders, record: Record) -> None:
    """Each policy, the longest waiting first; told one by one."""
    watch = Watch(fetched=lambda _: record.fetched())
    crawled = update.fetch(
        workspace,
        orders.archive,
        orders.policies,
        orders.strategy,
        orders.budget,
        watch,
        save_after=orders.save_after,
    )
    with _step(orders.log, record, "fetch"):
        for one in crawled:
            record.crawled(one)
            record.count(CHECKED, one.finished)
            record.count("policies stopped at the bound", not one.finished and not one.failures)
            record.count(REACHED, one.reached)
            _log_crawled(orders.log, one)


def _log_crawled(log: Log, one: Crawled) -> None:
    for failure in one.failures:
        _log_failure(log, failure)
    told = f"{one.policy}: {words.count(one.new, 'new capture')}, {one.fetched} fetched"
    left = "" if one.finished else ", not finished"
    log("crawled", told + left, policy=one.policy, new=one.new, fetched=one.fetched)


def _derive(workspace: Workspace, record: Record, log: Log) -> None:
    """Of all policies: imports and settings may have changed since."""
    for policy in workspace.known():
        with _step(log, record, "derive", policy.id):
            before = workspace.database.change_count(policy.id)
            if before is not None and update.is_current(workspace, policy):
                continue
            for history, changed in update.bring_up_to_date(workspace, [policy]):
                new = len(history.changes) - (before or 0)
                record.count("changes new", max(new, 0))
                if changed:
                    versions = words.count(len(history.versions), "version")
                    told = f"{policy.id}: {versions}, {words.count(new, 'new change')}"
                    log("derived", told, policy=policy.id, changes=new)


def _build_site(orders: Orders, record: Record) -> None:
    if orders.site:
        with _step(orders.log, record, "site"):
            orders.site()


def _tell(workspace: Workspace, orders: Orders, record: Record) -> None:
    with _step(orders.log, record, "alerts"):
        record.count("messages queued", alerting.queue(workspace, orders.desk))
        _note(alerting.send(workspace, orders.desk), orders, record)


def _tell_operators(workspace: Workspace, orders: Orders, record: Record) -> None:
    with _step(orders.log, record, "alerts"):
        for problem in alerting.queue_problems(workspace, orders.desk):
            orders.log("problem", problem.message)
        _note(alerting.send_untried(workspace, orders.desk), orders, record)


def _note(sent: Sent, orders: Orders, record: Record) -> None:
    record.failures += sent.failures
    record.count("messages sent", sent.sent)
    for failure in sent.failures:
        _log_failure(orders.log, failure)


@contextmanager
def _step(log: Log, record: Record, stage: str, subject: str = "") -> Iterator[None]:
    """An expected error is the step's failure, not the run's end."""
    try:
        yield
    except TrackerError as error:
        failure = Failure(stage, subject or stage, type(error).__name__, str(error))
        record.failures.append(failure)
        _log_failure(log, failure)


def _log_failure(log: Log, failure: Failure) -> None:
    log(
        "failed",
        f"{failure.stage} {failure.subject}: {failure.kind}: {failure.message}",
        stage=failure.stage,
        subject=failure.subject,
        kind=failure.kind,
    )


def _summary(done: Run) -> str:
    counts = ", ".join(f"{name} {number}" for name, number in done.counts.items() if number)
    return f"{counts or 'nothing new'}; failures {len(done.failures)}, requests {done.requests}"


def metrics(workspace: Workspace, done: Run) -> list[Metric]:
    """What a monitor wants to know after each run."""
    ended = done.ended or done.started
    single = Metric.single
    prefix = "policy_tracker"
    outbox = Outbox(workspace.database).counts()
    late = len(overdue(workspace))
    return [
        single(f"{prefix}_run_end_time_seconds", "End of the last run.", ended.timestamp()),
        single(
            f"{prefix}_run_duration_seconds",
            "How long the last run took.",
            (ended - done.started).total_seconds(),
        ),
        single(f"{prefix}_run_failures", "Failures of the last run.", done.failed),
        single(f"{prefix}_run_requests", "Requests sent to the archive.", done.requests),
        Metric(
            f"{prefix}_run_count",
            "What the last run did.",
            {(("what", name),): number for name, number in sorted(done.counts.items())},
        ),
        single(f"{prefix}_policies", "Policies watched.", len(workspace.policies)),
        single(f"{prefix}_policies_overdue", "Of them not looked at in time.", late),
        Metric(
            f"{prefix}_deliveries",
            "Messages by state.",
            {(("state", state),): number for state, number in outbox.items()},
        ),
    ]
