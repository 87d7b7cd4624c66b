"""How the watching itself goes, for people and monitors."""

from collections.abc import Collection
from dataclasses import replace

from tracker import selection
from tracker.model import Health, History
from tracker.pipeline import questions, turns
from tracker.pipeline.update import is_current
from tracker.pipeline.workspace import Workspace
from tracker.store.outbox import Outbox


def health(workspace: Workspace, addresses: Collection[str]) -> Health:
    """What was refused counts as long as its address is one of those that are still written to."""
    outbox = Outbox(workspace.database)
    refused = [one for one in outbox.failed() if one.address in addresses]
    return Health(
        last=next(iter(workspace.database.runs(1)), None),
        overdue=turns.overdue(workspace),
        underived=_underived(workspace),
        deliveries=outbox.counts(),
        undelivered=(*refused, *outbox.waiting()),
    )


def standing(workspace: Workspace, found: Health) -> list[History]:
    """What the database holds of each policy; what is held counts though it is not derived yet."""
    known = questions.histories(workspace, workspace.known())
    return [_as_held(workspace, one) if one.policy.id in found.underived else one for one in known]


def _as_held(workspace: Workspace, history: History) -> History:
    policy = history.policy
    captures, held = workspace.listings.captures(policy.id), workspace.snapshots.list(policy.id)
    incidents = history.coverage.incidents
    return replace(history, coverage=selection.coverage(captures, held, incidents, policy.urls))


def _underived(workspace: Workspace) -> frozenset[str]:
    """A run was stopped before it derived, or settings or rules changed since."""
    return frozenset(
        policy.id
        for policy in workspace.known()
        if workspace.snapshots.list(policy.id) and not is_current(workspace, policy)
    )
