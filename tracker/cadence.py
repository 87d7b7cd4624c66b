"""When a policy is to be looked at again. Spread over its interval, quiet ones less often."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.model import Policy

# After so long without a new text, so many times its interval; never more than a week, or its own
# interval where that is longer. Real policies change about once a year.
_QUIET = ((timedelta(days=365), 4), (timedelta(days=90), 2))
_LONGEST = timedelta(days=7)
_USUAL = timedelta(days=1)
# Schedules have longer gaps; so short a one is somebody who tries something and waits for it.
_BY_HAND = timedelta(minutes=30)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of the looks at a policy so far."""

    checked: datetime | None = None  # None: never
    changed: datetime | None = None  # when its text changed last, as far as captures tell


def due(
    policies: Iterable[Policy], looks: Mapping[str, Look], now: datetime, gap: timedelta
) -> tuple[Policy, ...]:
    """Those whose turn it is, the longest waiting first. `gap` is the time since the last run,
    and so likely until the next.

    Each policy has its own moment of the interval, so that of a thousand daily ones hourly runs
    look at forty. Where runs are rare, none waits for a moment that the next would find long past.
    A run right after another looks at all that have no cadence of their own.
    """
    wanted = [policy for policy in policies if _is_due(policy, _look(looks, policy), now, gap)]
    return tuple(sorted(wanted, key=lambda policy: _look(looks, policy).checked or _EPOCH))


def overdue(
    policies: Iterable[Policy], looks: Mapping[str, Look], now: datetime
) -> tuple[Policy, ...]:
    """Those that should have been looked at twice since they were, or a day ago."""
    return tuple(
        policy
        for policy in policies
        if (look := _look(looks, policy)).checked
        and now - look.checked > 2 * interval(policy, look, now) + timedelta(days=1)
    )


def interval(policy: Policy, look: Look, now: datetime) -> timedelta:
    """
    >>> quiet = Look(changed=datetime(2020, 1, 1, tzinfo=UTC))
    >>> interval(Policy("acme/privacy", "Acme", ()), quiet, datetime(2026, 1, 1, tzinfo=UTC)).days
    4
    """
    quiet = now - look.changed if look.changed else timedelta()
    factor = next((factor for after, factor in _QUIET if quiet >= after), 1)
    every = policy.every or _USUAL
    return min(every * factor, max(every, _LONGEST))


def _look(looks: Mapping[str, Look], policy: Policy) -> Look:
    return looks.get(policy.id, Look())


def _is_due(policy: Policy, look: Look, now: datetime, gap: timedelta) -> bool:
    if look.checked is None or (policy.every is None and gap < _BY_HAND):
        return True
    every = interval(policy, look, now)
    waited = now - look.checked
    passed = look.checked < _last_moment(policy, every, now)
    return waited >= every / 2 and (passed or waited + gap > every * 1.5)


def _last_moment(policy: Policy, every: timedelta, now: datetime) -> datetime:
    """The latest of the policy's moments; which one of the interval follows from its id."""
    digest = hashlib.sha256(policy.id.encode()).digest()
    phase = every * (int.from_bytes(digest[:4], "big") / 2**32)
    return now - (now - _EPOCH - phase) % every
