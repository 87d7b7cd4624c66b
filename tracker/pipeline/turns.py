"""Which watched policies are to be looked at now, and which should have been long ago."""

from collections.abc import Iterable
from datetime import timedelta

from tracker import cadence, timestamps
from tracker.model import Policy
from tracker.pipeline.workspace import Workspace, checked_key


def due(workspace: Workspace, policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Those with an address whose turn it is."""
    watched = [policy for policy in policies if policy.urls]
    now = workspace.now()
    earlier = [one.started for one in workspace.database.runs() if one.command == "run"]
    gap = now - earlier[0] if earlier else timedelta()
    return cadence.due(watched, _looks(workspace, watched), now, gap)


def overdue(workspace: Workspace) -> dict[str, str]:
    """Watched policies that were not looked at for twice their cadence and a day, and since
    when. None where the archive was never asked: imports alone keep no schedule."""
    watched = [policy for policy in workspace.policies if policy.urls]
    looks = _looks(workspace, watched)
    if not any(look.checked for look in looks.values()):
        return {}
    late = {policy.id for policy in cadence.overdue(watched, looks, workspace.now())}
    found = {}
    for policy in watched:
        checked = looks[policy.id].checked
        if checked is None:
            found[policy.id] = "never looked at"
        elif policy.id in late:
            found[policy.id] = f"last looked at {timestamps.iso(checked)}"
    return found


def _looks(workspace: Workspace, policies: Iterable[Policy]) -> dict[str, cadence.Look]:
    """When each was looked at last, and since when its present text stands."""
    since = workspace.database.present_since()
    found = {}
    for policy in policies:
        checked = workspace.database.meta(checked_key(policy.id))
        at = timestamps.parse(checked) if checked else None
        found[policy.id] = cadence.Look(at, since.get(policy.id))
    return found
