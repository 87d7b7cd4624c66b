"""What a crawl, an import or a plan did or would do, in lines for a terminal. Pure."""

import re
from collections.abc import Iterable, Mapping

from tracker.model import Failure
from tracker.render import words


def crawled(counts: Mapping[str, int], requests: int) -> str:
    """The sum of a run: what selection saved, and what a change cost."""
    number = counts.get
    listed, new = number("captures listed", 0), number("changes new", 0)
    parts = [
        f"{words.count(listed, 'capture')} listed, {number('mementos fetched', 0):,} fetched, "
        f"{number('captures held', 0):,} held, {number('saved by selection', 0):,} saved by "
        f"selection",
        f"{words.count(number('changes known', 0), 'change')} known, {new:,} new",
    ]
    if requests:
        cost = f", {requests / new:.1f} a change" if new else ""
        parts.append(words.count(requests, "request") + cost)
    return "; ".join(parts)


def tally(number: int, what: str) -> str:
    """
    >>> tally(1, "changes new"), tally(2, "policies checked"), tally(1, "policies checked")
    ('1 change new', '2 policies checked', '1 policy checked')
    """
    noun, _, rest = what.partition(" ")
    if number == 1:
        noun = re.sub(r"ies$", "y", noun) if noun.endswith("ies") else noun.removesuffix("s")
    return f"{number:,} {noun} {rest}".rstrip()


def failures(found: Iterable[Failure]) -> list[str]:
    """A line each: whose, what kind, why and what to do."""
    return [
        words.line(f"{failure.subject}: {failure.kind}: {failure.message}") for failure in found
    ]


def planned(*, least: int, most: int, listings: int, seconds: tuple[float, float]) -> str:
    """What a crawl would take at the configured pace."""
    mementos = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    least_time, most_time = (duration(one) for one in seconds)
    time = least_time if least_time == most_time else f"{least_time} to {most_time}"
    wait = f"at this pace {time}" if seconds[1] else "in local files, without waiting"
    return f"{words.count(listings, 'listing')} and {mementos} mementos to ask for; {wait}"


def duration(seconds: float) -> str:
    """
    >>> duration(59), duration(600), duration(9000)
    ('59 s', '10 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
