"""The changelog site from the database: policies with versions, one in memory at a time."""

import hashlib
from functools import partial
from pathlib import Path

import msgspec

from tracker.clauses import legal_events, topics
from tracker.model import History, Policy
from tracker.pipeline.workspace import Workspace
from tracker.publish.site import SiteResult, write_site
from tracker.render import site
from tracker.store.database import Database


def build(workspace: Workspace, folder: Path, *, title: str, base_url: str) -> SiteResult:
    """Bring `folder` up to date; only what changed is rendered and written."""
    known = {policy.id: policy for policy in workspace.known()}
    last = next(iter(workspace.database.runs(1)), None)
    source = site.SiteInput(
        policies=tuple(
            site.PolicyRef(policy.id, _fingerprint(workspace, policy))
            for policy in known.values()
            if workspace.database.fingerprint(policy.id)
        ),
        load=partial(_history, workspace.database, known),
        topics=tuple(topics(workspace.lexicon)),
        events=legal_events(),
        title=title,
        base_url=base_url,
        last_run=last.ended if last else None,
        failed=tuple(sorted({f.subject.split()[0] for f in last.failures})) if last else (),
    )
    return write_site(folder, site.parts(source), mapper=workspace.mapper)


def _history(database: Database, policies: dict[str, Policy], ident: str) -> History:
    """Also called in other processes, to which the database goes as its URL."""
    return database.history(policies[ident]) or History(policies[ident])


def _fingerprint(workspace: Workspace, policy: Policy) -> str:
    """Of the derived content and of what the watchlist says of it."""
    content = workspace.database.fingerprint(policy.id).encode()
    return hashlib.sha256(content + msgspec.json.encode(policy)).hexdigest()
