"""Addresses that moved for good: where to, and the line to add to the watchlist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from tracker.model import Capture, Snapshot, WatchedUrl
from tracker.selection.rows import STABLE, answers, is_redirect, rows
from tracker.urlkey import urlkey


@dataclass(frozen=True, slots=True)
class Move:
    url: str  # as in the watchlist
    since: datetime  # first of the redirects that nothing else followed
    redirects: int
    successor: str  # where the last followed one led

    @property
    def line(self) -> str:
        """For `urls` in policies.toml."""
        return f'{{ url = "{self.successor}", since = {self.since.date()} }},'


def moves(
    urls: Sequence[WatchedUrl], captures: Iterable[Capture], snapshots: Iterable[Snapshot]
) -> tuple[Move, ...]:
    """Watched addresses whose latest captures all redirect to one that is not watched."""
    listed = answers(rows(captures, ()))
    led_to = {
        urlkey(s.asked_url): s.url
        for s in sorted(snapshots, key=lambda s: s.captured_at)
        if s.asked_url and urlkey(s.asked_url) != urlkey(s.url)
    }
    watched = {urlkey(url.url) for url in urls}
    found = []
    for url in urls:
        redirects = list(takewhile(is_redirect, reversed(listed.get(urlkey(url.url), []))))
        successor = led_to.get(urlkey(url.url), "")
        if len(redirects) >= STABLE and successor and urlkey(successor) not in watched:
            found.append(Move(url.url, redirects[-1].at, len(redirects), successor))
    return tuple(found)
