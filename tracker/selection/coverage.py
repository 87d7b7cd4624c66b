"""How dense the evidence for one policy is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tracker.model import Capture, Coverage, Incident, Snapshot, WatchedUrl
from tracker.selection.rows import rows


def coverage(
    captures: Iterable[Capture],
    snapshots: Iterable[Snapshot],
    incidents: Iterable[Incident] = (),
    urls: Sequence[WatchedUrl] = (),
) -> Coverage:
    """Of captures that can be a text, and of snapshots that came from elsewhere."""
    usable = [row.capture for row in rows(captures, urls) if not row.objection]
    held = tuple(snapshots)
    times = sorted({capture.at for capture in usable} | {s.captured_at for s in held})
    gaps = ((later.date() - earlier.date()).days for earlier, later in pairwise(times))
    return Coverage(
        captures=len(usable),
        fetched=len(held),
        first=times[0] if times else None,
        last=times[-1] if times else None,
        longest_gap_days=max(gaps, default=0),
        incidents=tuple(incidents),
        per_month=tuple(sorted(Counter(f"{capture.at:%Y-%m}" for capture in usable).items())),
    )
