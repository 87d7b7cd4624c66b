"""What new evidence brought. A text is news if no capture known before shows it.

Rules never come into it: a rebuild, a new normaliser or a new lexicon may cut versions and clauses
otherwise, but brings no capture. Nor does a text number or hash, which new rules change.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tracker.model import Capture, Evidence, History, Notice, Snapshot, Version

_DAWN = datetime.min.replace(tzinfo=UTC)


def evidence(
    history: History,
    snapshots: Iterable[Snapshot],
    captures: Sequence[Capture],
    addresses: Sequence[str],
    before: Evidence | None,
    now: datetime,
) -> Evidence:
    """What is known now. `addresses` are those of which the archive listed all it has.

    The first listing of an address brings its past. That is history, up to its last capture; up
    to now where the listing is partial, since then nobody knows what is still to come.
    """
    held = tuple(snapshots)
    digests = {(one.archive, one.digest) for one in held if one.digest}
    seen_again = {one.at for one in captures if (one.archive, one.digest) in digests}
    undecided = _undecided(history)
    sightings = {one.captured_at for one in held} | seen_again
    known = Evidence(
        horizon=before.horizon if before else _DAWN,
        addresses=tuple(sorted({*addresses, *(before.addresses if before else ())})),
        sightings=tuple(sorted(sightings - undecided)),
    )
    if before and known.addresses == before.addresses:
        return known
    last = max((sightings | {one.at for one in captures}) - undecided, default=_DAWN)
    return replace(known, horizon=max(known.horizon, last if addresses or not captures else now))


def _undecided(history: History) -> set[datetime | None]:
    """Captures that may be a broken extraction; the next one will tell whether they are a text."""
    last = history.versions[-1].last_seen.captured_at if history.versions else _DAWN
    return {
        one.captured_at
        for one in history.coverage.incidents
        if one.kind == "extraction-break" and one.captured_at and one.captured_at > last
    }


def notices(
    history: History, before: Evidence | None, after: Evidence, now: datetime
) -> tuple[Notice, ...]:
    """What is to be told of a history just derived, `before` None where it is the first.

    A text that keeps alternating with another was told the first time it came back.
    """
    if not history.versions:
        return ()
    begun = before is None or before.horizon < after.horizon
    news = [
        Notice(history.policy.id, now, change.window.after, change.window.by)
        for change in history.changes
        if before is not None
        and change.window.by > after.horizon
        and "alternates" not in change.labels
        and not _shown(history.versions[change.after - 1], before.sightings)
    ]
    return (*([Notice(history.policy.id, now)] if begun else ()), *news)


def _shown(version: Version, sightings: Sequence[datetime]) -> bool:
    """Whether one of the sightings lies in the version's run of captures."""
    place = bisect_left(sightings, version.first_seen.captured_at)
    return place < len(sightings) and sightings[place] <= version.last_seen.captured_at


def of_changes(history: History, since: datetime) -> tuple[Notice, ...]:
    """As if all that happened since had been noticed one by one; for previews."""
    return tuple(
        Notice(history.policy.id, change.window.by, change.window.after, change.window.by, number)
        for number, change in enumerate(history.changes, 1)
        if change.window.by >= since
    )
