"""When a policy's turn comes."""

from collections import Counter
from datetime import timedelta

import pytest
from support import at

from tracker import cadence
from tracker.cadence import Look
from tracker.model import Policy

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = at("2026-01-01")


def policies(number, every=DAY):
    return tuple(Policy(f"acme-{n}/privacy", "Acme", (), every=every) for n in range(number))


def looked(some, start, step, rounds, changed=NOW):
    """How often each of them was looked at by runs at a steady pace."""
    looks = {policy.id: Look(start, changed) for policy in some}
    times: list[list[str]] = []
    for number in range(1, rounds + 1):
        now = start + step * number
        due = cadence.due(some, looks, now, step)
        looks |= {policy.id: Look(now, changed) for policy in due}
        times.append([policy.id for policy in due])
    return times


def test_a_new_policy_is_due_at_once_and_before_the_others():
    old, new = policies(2)
    looks = {old.id: Look(NOW - 3 * DAY)}
    assert cadence.due((old, new), looks, NOW, DAY) == (new, old)


def test_just_looked_at_is_not_due():
    (one,) = policies(1)
    assert cadence.due((one,), {one.id: Look(NOW - 2 * HOUR, NOW)}, NOW, DAY) == ()


def test_a_run_right_after_another_looks_at_what_has_no_cadence_of_its_own():
    (daily,), (usual,) = policies(1), policies(1, None)
    looks = {daily.id: Look(NOW - HOUR / 6, NOW)}
    for gap, expected in ((HOUR / 6, (usual,)), (HOUR, ())):
        assert cadence.due((daily,), looks, NOW, gap) == ()
        assert cadence.due((usual,), looks, NOW, gap) == expected


def test_nightly_runs_look_at_every_daily_policy_every_night():
    for jitter in (0, 600, -600):
        rounds = looked(policies(50), NOW, DAY + timedelta(seconds=jitter), 10)
        assert [len(due) for due in rounds] == [50] * 10


def test_hourly_runs_spread_daily_policies_over_the_day():
    rounds = looked(policies(480), NOW, HOUR, 24 * 8)[24 * 2 :]
    assert max(map(len, rounds)) <= 480 / 24 * 2.5
    assert min(map(len, rounds)) >= 3
    times = Counter(policy for due in rounds for policy in due)
    assert set(times.values()) <= {6, 7}, "six days, none missed and none twice a day"


@pytest.mark.parametrize(
    ("quiet", "every", "days"),
    [
        (10, DAY, 1),
        (100, DAY, 2),
        (800, DAY, 4),
        (800, 12 * HOUR, 2),
        (800, 5 * DAY, 7),
        (800, 30 * DAY, 30),
    ],
)
def test_quiet_policies_are_looked_at_less_often_within_bounds(quiet, every, days):
    (one,) = policies(1, every)
    assert cadence.interval(one, Look(changed=NOW - quiet * DAY), NOW) == days * DAY


def test_overdue_is_late_by_more_than_a_day_over_twice_its_turn():
    (one,) = policies(1)
    assert cadence.overdue((one,), {one.id: Look(NOW - 3 * DAY, NOW)}, NOW) == ()
    assert cadence.overdue((one,), {one.id: Look(NOW - 3.1 * DAY, NOW)}, NOW) == (one,)
