"""Which listed captures are held already, fetched or imported."""

from collections.abc import Iterable

from tracker import timestamps
from tracker.model import Capture, Snapshot
from tracker.selection.line import Key
from tracker.urlkey import urlkey


def held(captures: Iterable[Capture], snapshots: Iterable[Snapshot]) -> dict[Key, Snapshot]:
    """Capture.key -> its raw snapshot.

    An imported page knows no digest: it is the capture of its address and second.
    """
    asked: dict[tuple[str, str, str], Snapshot] = {}
    for snapshot in snapshots:
        if snapshot.source == "raw":
            timestamp = snapshot.asked_timestamp or timestamps.digits(snapshot.captured_at)
            url = urlkey(snapshot.asked_url or snapshot.url)
            asked[timestamp, url, snapshot.digest] = snapshot
    found = {}
    for capture in captures:
        time, url = capture.timestamp, urlkey(capture.original)
        snapshot_of = asked.get((time, url, capture.digest)) or asked.get((time, url, ""))
        if snapshot_of:
            found[capture.key] = snapshot_of
    return found
