"""Watched addresses the archive has not captured for a while."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracker.model import Capture, WatchedUrl
from tracker.urlkey import urlkey


def neglected(
    urls: Sequence[WatchedUrl], captures: Iterable[Capture], now: datetime, after: timedelta
) -> tuple[WatchedUrl, ...]:
    """Those in use now whose last capture, if any, is at least `after` old."""
    last: dict[str, datetime] = {}
    for capture in captures:
        key = urlkey(capture.original)
        last[key] = max(last.get(key, capture.at), capture.at)
    return tuple(
        url
        for url in urls
        if (url.since is None or url.since <= now.date())
        and (url.until is None or now.date() <= url.until)
        and ((seen := last.get(urlkey(url.url))) is None or now - seen >= after)
    )
