"""What a derived history brings that was not there to be seen before, saved with it."""

from collections.abc import Callable

from sqlmodel import Session

from tracker import alerts
from tracker.model import History
from tracker.pipeline.workspace import Workspace
from tracker.store.outbox import Outbox


def noticing(workspace: Workspace, history: History) -> Callable[[Session], None] | None:
    """What is to be written in the transaction that saves `history`; None where it brings no
    evidence that was not there before."""
    policy, now = history.policy.id, workspace.now()
    outbox = Outbox(workspace.database)
    before = outbox.evidence(policy)
    if before is None and not history.versions:
        return None
    answers = workspace.listings.answers(policy)
    after = alerts.evidence(
        history,
        workspace.snapshots.list(policy),
        workspace.listings.captures(policy),
        [f"{one.archive} {one.url}" for one in answers if one.answer.complete],
        before,
        now,
    )
    if after == before:
        return None
    news = alerts.notices(history, before, after, now)
    return lambda session: outbox.noticed(session, policy, after, news)
