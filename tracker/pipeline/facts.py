"""What is known of listed captures by now: enough for selection to choose the next."""

from collections.abc import Container, Sequence

from tracker import selection, text
from tracker.model import Capture, Policy
from tracker.pipeline import derive
from tracker.pipeline.workspace import Workspace
from tracker.selection import Fact, Key


def known(
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
    read = {key: learned[snapshot.record_id] for key, snapshot in held.items()}
    return {**given_up, **_twins(captures, held), **read}


def _twins(captures: Sequence[Capture], held: Container[Key]) -> dict[Key, Fact]:
    """Captures with the address and second of one that is held: asked for by these two, the
    archive would play that one again (zew.de 19970427191925 has two digests)."""
    played = {(c.timestamp, c.original) for c in captures if c.key in held}
    silent = Fact(None, "the archive plays another capture of its second", replayed=False)
    return {
        c.key: silent for c in captures if c.key not in held and (c.timestamp, c.original) in played
    }


def _fact(reading: derive.Reading) -> Fact:
    if reading.incident is None:
        return Fact(text.fingerprint(reading.document))
    return Fact(None, reading.incident.cause)
