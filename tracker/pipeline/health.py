"""How the watching itself goes, for people and monitors."""

from collections.abc import Collection

from tracker.model import Health
from tracker.pipeline import turns
from tracker.pipeline.workspace import Workspace
from tracker.store.outbox import Outbox


def health(workspace: Workspace, addresses: Collection[str]) -> Health:
    """What was refused counts as long as its address is one of those that are still written to."""
    outbox = Outbox(workspace.database)
    refused = [one for one in outbox.failed() if one.address in addresses]
    return Health(
        last=next(iter(workspace.database.runs(1)), None),
        overdue=turns.overdue(workspace),
        deliveries=outbox.counts(),
        undelivered=(*refused, *outbox.waiting()),
    )
