"""How far each capture has come; the captures themselves are in the listings."""

import json
from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session, select

from tracker.model import Capture, CaptureState
from tracker.store.content import plain
from tracker.store.tables import CaptureRow

Key = tuple[str, str, str]


def states(session: Session, policy: str) -> dict[Key, CaptureState]:
    rows = session.exec(select(CaptureRow).where(CaptureRow.policy == policy))
    return {_key(row.key): _state(row) for row in rows}


def mark(session: Session, policy: str, captures: Iterable[Capture], state: CaptureState) -> None:
    """Give them all this state; a failure counts as one more try."""
    for capture in captures:
        before = session.get(CaptureRow, (policy, json.dumps(capture.key)))
        tries = (before.tries if before else 0) + (state.state == "failed")
        session.merge(_row(policy, capture.key, replace(state, tries=tries)))


def _state(row: CaptureRow) -> CaptureState:
    return CaptureState(row.state, row.tries, row.cause, row.changed_at)  # type: ignore[arg-type]


def _row(policy: str, key: Key, state: CaptureState) -> CaptureRow:
    return CaptureRow(
        policy=policy,
        key=json.dumps(key),
        state=state.state,
        tries=state.tries,
        cause=plain(state.cause),
        changed_at=state.changed_at,
    )


def _key(text: str) -> Key:
    timestamp, original, digest = json.loads(text)
    return (timestamp, original, digest)
