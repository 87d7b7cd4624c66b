"""Bring what the archive lists up to date: resume what broke off, look back where it was whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from tracker import timestamps
from tracker.archive import Archive
from tracker.errors import ArchiveError, Blocked, DamagedBody, NotArchived, Unavailable, Unplayable
from tracker.model import Failure, IncidentKind, Listing, Policy
from tracker.pipeline.workspace import Workspace, checked_key
from tracker.urlkey import urlkey

# Captures are indexed late: asked for are those from so long before the last one known.
LATE = timedelta(days=60)
# The past changes: rows of 1999 appeared in 2022. So the first look of a month lists all, unless
# there are more captures than fit into one or two requests.
IN_FULL = 2000
# What is excluded stays so for a long time; ask again this often.
BLOCKED_FOR = timedelta(days=30)
KINDS: tuple[tuple[type[ArchiveError], IncidentKind], ...] = (
    (Unplayable, "unplayable"),
    (Blocked, "blocked"),
    (NotArchived, "missing"),
    (DamagedBody, "integrity"),
    (Unavailable, "unavailable"),
)


def kind_of(error: ArchiveError) -> IncidentKind:
    return next((kind for cause, kind in KINDS if isinstance(error, cause)), "unavailable")


def remembered(error: ArchiveError) -> str:
    """ "kind: cause", as it is kept with a capture or a listing."""
    return f"{kind_of(error)}: {error}"


def list_captures(workspace: Workspace, archive: Archive, policy: Policy) -> Iterator[Failure]:
    """Bring the listings of all the policy's addresses up to date; one that is not whole is a
    Failure, and kept with the point to resume at. Unavailable where the archive can be asked
    nothing more."""
    for url in policy.urls:
        asked = workspace.listings.asked(policy.id, url.url, archive.name)
        if asked and _still_blocked(asked, workspace.now()):
            continue
        since = _since(workspace, policy, url.url, asked)
        listing = _listed(archive, url.url, asked, since, workspace.now())
        if _news(workspace, policy, asked, listing):
            workspace.listings.merge(policy.id, url.url, archive.name, listing)
        if not listing.complete:
            yield Failure("captures", policy.id, "partial-listing", f"{url.url}: {listing.problem}")


def unlisted(workspace: Workspace, policy: Policy) -> Iterator[Failure]:
    """Addresses the archive answered for and has nothing of: a typo looks the same."""
    known = {urlkey(capture.original) for capture in workspace.listings.captures(policy.id)}
    answered = {one.url for one in workspace.listings.answers(policy.id) if one.answer.complete}
    for url in policy.urls:
        if url.url in answered and urlkey(url.url) not in known:
            message = f"{url.url}: the archive lists no capture of it; see that it is written right"
            yield Failure("captures", policy.id, "missing", message)


def _since(
    workspace: Workspace, policy: Policy, url: str, asked: Listing | None
) -> datetime | None:
    """Where a listing that was once whole may start; None for the beginning."""
    # An answer from the future was given while the clock was wrong.
    if asked is None or not asked.complete or asked.asked_at > workspace.now():
        return None
    key = urlkey(url)
    known = [c.at for c in workspace.listings.captures(policy.id) if urlkey(c.original) == key]
    if not known or (len(known) <= IN_FULL and _first_look_of_month(workspace, policy)):
        return None
    return min(asked.asked_at, known[-1]) - LATE


def _first_look_of_month(workspace: Workspace, policy: Policy) -> bool:
    before = workspace.database.meta(checked_key(policy.id))
    return not before or f"{timestamps.parse(before):%Y-%m}" != f"{workspace.now():%Y-%m}"


def _listed(
    archive: Archive, url: str, asked: Listing | None, since: datetime | None, now: datetime
) -> Listing:
    """The archive's answer; one without a row where it gave none to this address alone."""
    resume_key = asked.resume_key if asked and not asked.complete else None
    try:
        listing = archive.list(url, since=since, resume_key=resume_key, now=now)
    except Unavailable as error:
        if error.retry_after is not None:
            raise
        return Listing((), now, complete=False, resume_key=resume_key, problem=remembered(error))
    except ArchiveError as error:
        return Listing((), now, complete=False, problem=remembered(error))
    # The odd rows of a part are not all: fewer than before are no news.
    before = asked.odd_rows if asked and since else 0
    return replace(listing, odd_rows=max(listing.odd_rows, before))


def _still_blocked(asked: Listing, now: datetime) -> bool:
    age = now - asked.asked_at
    return asked.problem.startswith("blocked: ") and timedelta(0) <= age < BLOCKED_FOR


def _news(workspace: Workspace, policy: Policy, asked: Listing | None, listing: Listing) -> bool:
    """A run that learns nothing writes nothing; the next then looks back a little further."""
    known = {(capture.archive, capture.key) for capture in workspace.listings.captures(policy.id)}
    return (
        asked is None
        or asked.asked_at > listing.asked_at
        or replace(asked, asked_at=listing.asked_at) != replace(listing, captures=())
        or any((capture.archive, capture.key) not in known for capture in listing.captures)
    )
