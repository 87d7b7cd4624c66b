"""Dates for readers: "2 June 2018" on the page, ISO 8601 in the markup."""

from datetime import datetime

from markupsafe import Markup

from tracker import timestamps
from tracker.model import Window
from tracker.render import words
from tracker.render.site.texts import MONTHS, T


def day(at: datetime) -> Markup:
    """
    >>> from datetime import UTC
    >>> print(day(datetime(2018, 6, 2, 12, tzinfo=UTC)))
    <time datetime="2018-06-02T12:00:00Z">2 June 2018</time>
    """
    return _time(at, _day(at))


def window(since: datetime, by: datetime) -> Markup:
    """
    >>> from datetime import UTC
    >>> early, late = (datetime(2018, 6, n, 12, tzinfo=UTC) for n in (2, 9))
    >>> window(early, late).striptags()
    'after 2 June 2018 and by 9 June 2018 (7 days)'
    >>> window(early, early).striptags()
    'after 2 June 2018, 12:00 and by 12:00 UTC (the same day)'
    """
    days = Window(since, by).days
    if days == 0:
        clock = (_time(since, f"{_day(since)}, {since:%H:%M}"), _time(by, f"{by:%H:%M}"))
        return _said("window_in_a_day", *clock)
    return _said("window", day(since), day(by), words.count(days, "day"))


def since(after: datetime | None, by: datetime) -> Markup:
    """Since when something has been there, as far as captures tell."""
    if after is None:
        return _said("since_or_earlier", day(by))
    return _said("since_between", day(after), day(by))


def _day(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def _time(at: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(timestamps.iso(at), text)


def _said(text: str, *values: str) -> Markup:
    return Markup(T[text]).format(*values)
