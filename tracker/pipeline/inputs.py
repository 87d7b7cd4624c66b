"""What a policy's history depends on: while none of it changes, nothing is to be derived or chosen
again."""

import hashlib
from importlib.metadata import version

import msgspec

from tracker.model import Policy
from tracker.normalize import NORMALIZER
from tracker.pipeline.workspace import Workspace


def inputs_of(workspace: Workspace, policy: Policy, *more: object) -> str:
    """A digest of evidence, settings and rules, and of what else a decision depends on."""
    states = workspace.database.capture_states(policy.id)
    parts = (
        version("policy-tracker"),
        NORMALIZER,
        policy,
        [snapshot.record_id for snapshot in workspace.snapshots.list(policy.id)],
        workspace.listings.captures(policy.id),
        workspace.listings.answers(policy.id),
        sorted((key, state.cause) for key, state in states.items() if state.cause),
        workspace.topics,
        *more,
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
