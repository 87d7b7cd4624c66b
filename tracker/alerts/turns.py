"""Whose turn it is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.model import Subscription, Told

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Half a day short, since a nightly run does not start on the second.
_QUIET_WEEK = timedelta(days=6, hours=12)


def has_turn(subscription: Subscription, told: Told, now: datetime) -> bool:
    """At once, or at the first look after the day's (week's) hour on the time zone's clock."""
    return subscription.frequency == "immediate" or told.looked_at < last_slot(subscription, now)


def last_slot(subscription: Subscription, now: datetime) -> datetime:
    """The latest hour of the subscription that is not in the future.

    >>> from datetime import UTC
    >>> weekly = Subscription(("a@b",), frequency="weekly", timezone="Europe/Brussels")
    >>> last_slot(weekly, datetime(2026, 7, 8, 12, tzinfo=UTC)).isoformat()
    '2026-07-06T08:00:00+02:00'
    """
    local = now.astimezone(ZoneInfo(subscription.timezone))
    slot = local.replace(hour=subscription.hour, minute=0, second=0, microsecond=0)
    if subscription.frequency == "weekly":
        slot -= timedelta(days=(slot.weekday() - _WEEKDAYS.index(subscription.weekday)) % 7)
    if slot <= local:
        return slot
    return slot - timedelta(days=7 if subscription.frequency == "weekly" else 1)


def misses_a_sign(told: Told, now: datetime) -> bool:
    """Whether a week went by without a message."""
    return now - told.mailed_at >= _QUIET_WEEK
