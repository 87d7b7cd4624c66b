"""Whole runs over several policies: fetch, derive, rebuild. One that fails stops no other."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

import msgspec

from tracker import timestamps
from tracker.archive import Archive
from tracker.errors import Unavailable
from tracker.model import Failure, History, Policy
from tracker.normalize import NORMALIZER
from tracker.pipeline import crawl, derive
from tracker.pipeline.crawl import Budget, Crawled, Watch
from tracker.pipeline.noticing import noticing
from tracker.pipeline.workspace import Workspace, checked_key
from tracker.selection import Strategy


def fetch(
    workspace: Workspace,
    archive: Archive,
    policies: Sequence[Policy],
    strategy: Strategy,
    budget: Budget,
    watch: Watch,
) -> Iterator[Crawled]:
    """Crawl one policy after the other. An archive that is down ends the run: the rest are told
    so without being asked for."""
    down: Unavailable | None = None
    for policy in policies:
        if down is None:
            try:
                crawled = crawl.crawl(workspace, archive, policy, strategy, budget, watch)
                if crawled.finished:
                    at = timestamps.iso(workspace.now())
                    workspace.database.set_meta(checked_key(policy.id), at)
                yield crawled
                continue
            except Unavailable as error:
                down = error
        failure = Failure("fetch", policy.id, "unavailable", str(down))
        yield Crawled(policy.id, failures=(failure,), finished=False)


def bring_up_to_date(
    workspace: Workspace, policies: Iterable[Policy], *, force: bool = False
) -> Iterator[tuple[History, bool]]:
    """The history of each policy, and whether saving it changed anything. What is to be told of
    it is noted in the same transaction.

    Nothing is derived where nothing it depends on changed since it was saved last.
    """
    for policy in policies:
        inputs = inputs_of(workspace, policy)
        key = f"inputs {policy.id}"
        known = workspace.database.history(policy)
        if known and not force and workspace.database.meta(key) == inputs:
            yield known, False
            continue
        history = derive.history(workspace, policy)
        changed = workspace.database.save_history(history, noticing(workspace, history))
        workspace.database.set_meta(key, inputs)
        yield history, changed


def inputs_of(workspace: Workspace, policy: Policy) -> str:
    """A digest of all that a history is derived from: evidence, settings and rules."""
    states = workspace.database.capture_states(policy.id)
    parts = (
        version("policy-tracker"),
        NORMALIZER,
        policy,
        [snapshot.record_id for snapshot in workspace.snapshots.list(policy.id)],
        workspace.listings.captures(policy.id),
        workspace.listings.answers(policy.id),
        sorted((key, state.state, state.cause) for key, state in states.items()),
        workspace.topics,
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
