"""What a crawl, an import or a plan did or would do, in lines for a terminal. Pure."""

from collections.abc import Sequence

from tracker.model import Failure
from tracker.render import words


def crawled(
    *, listed: int, fetched: int, requests: int, changes: int, failures: Sequence[Failure]
) -> list[str]:
    """The sum of a run: what selection saved, and what a change cost."""
    saved = f", {words.count(listed - fetched, 'memento')} not needed" if listed > fetched else ""
    cost = f" ({requests / changes:.1f} a change)" if changes else ""
    return [
        f"{words.count(listed, 'capture')} listed, {fetched:,} fetched{saved}; "
        f"{words.count(changes, 'change')} known, {words.count(requests, 'request')}{cost}",
        *(f"  {failure.kind}: {words.line(failure.message)}" for failure in failures),
    ]


def planned(*, least: int, most: int, listings: int, seconds: tuple[float, float]) -> str:
    """What a crawl would take at the configured pace."""
    mementos = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return (
        f"{words.count(listings, 'listing')} and {mementos} mementos to ask for; "
        f"at this pace {duration(seconds[0])}"
        + (f" to {duration(seconds[1])}" if least != most else "")
    )


def duration(seconds: float) -> str:
    """
    >>> duration(59), duration(600), duration(9000)
    ('59 s', '10 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
