"""Whole runs over several policies: fetch, derive, rebuild. One that fails stops no other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from tracker import timestamps
from tracker.archive import Archive
from tracker.errors import Unavailable, Unreadable
from tracker.model import Failure, History, Policy
from tracker.pipeline import derive, listing
from tracker.pipeline.crawl import Budget, Crawled, Crawler, Watch
from tracker.pipeline.inputs import inputs_of
from tracker.pipeline.noticing import noticing
from tracker.pipeline.workspace import Workspace, checked_key
from tracker.selection import Strategy


def list_all(
    workspace: Workspace, archive: Archive, policies: Sequence[Policy]
) -> Iterator[Failure]:
    """Bring the listings up to date; the failures. Nothing is fetched."""
    down = ""
    for policy in policies:
        try:
            if not down:
                yield from listing.list_captures(workspace, archive, policy)
                continue
        except Unavailable as error:
            down = str(error)
        except Unreadable as error:
            yield _unreadable(policy, error)
            continue
        yield Failure("captures", policy.id, "unavailable", down)


def fetch(
    workspace: Workspace,
    archive: Archive,
    policies: Sequence[Policy],
    strategy: Strategy,
    budget: Budget,
    watch: Watch,
    *,
    save_after: timedelta | None = None,
) -> Iterator[Crawled]:
    """Crawl one policy after the other. An archive that is down ends the run: the rest are told
    so without being asked for. `save_after` is the neglect that Save Page Now is to end."""
    crawler = Crawler(workspace, archive, strategy, budget, watch, save_after)
    down = ""
    for policy in policies:
        if down:
            failure = Failure("fetch", policy.id, "unavailable", down)
            yield Crawled(policy.id, failures=(failure,), finished=False, down=down)
        elif budget.out_of_time:
            yield Crawled(policy.id, finished=False)
        else:
            crawled = _crawled(crawler, policy)
            down = crawled.down
            yield crawled
    crawler.settle()


def _crawled(crawler: Crawler, policy: Policy) -> Crawled:
    workspace = crawler.workspace
    try:
        crawled = crawler.crawl(policy)
    except Unreadable as error:
        return Crawled(policy.id, failures=(_unreadable(policy, error),), finished=False)
    if crawled.finished:
        workspace.database.set_meta(checked_key(policy.id), timestamps.iso(workspace.now()))
    return crawled


def bring_up_to_date(
    workspace: Workspace,
    policies: Iterable[Policy],
    *,
    force: bool = False,
    failed: Callable[[Failure], None] | None = None,
) -> Iterator[tuple[History, bool]]:
    """The history of each policy, and whether saving it changed anything. What is to be told of
    it is noted in the same transaction.

    Nothing is derived where nothing it depends on changed since it was saved last. A policy whose
    files are damaged is told to `failed`, and the others go on; without `failed` it is raised.
    """
    for policy in policies:
        try:
            yield _up_to_date(workspace, policy, force=force)
        except Unreadable as error:
            if failed is None:
                raise
            failed(_unreadable(policy, error))


def is_current(workspace: Workspace, policy: Policy) -> bool:
    """Whether nothing that its history depends on changed since it was saved."""
    known = workspace.database.meta(_inputs_key(policy))
    return bool(known) and known == inputs_of(workspace, policy)


def _inputs_key(policy: Policy) -> str:
    return f"inputs {policy.id}"


def _up_to_date(workspace: Workspace, policy: Policy, *, force: bool) -> tuple[History, bool]:
    known = None if force else workspace.database.history(policy)
    if known and is_current(workspace, policy):
        return known, False
    inputs = inputs_of(workspace, policy)
    history = derive.history(workspace, policy)
    changed = workspace.database.save_history(history, noticing(workspace, history))
    workspace.database.set_meta(_inputs_key(policy), inputs)
    return history, changed


def _unreadable(policy: Policy, error: Unreadable) -> Failure:
    return Failure("store", policy.id, "unreadable", str(error))
