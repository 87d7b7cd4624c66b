"""The default strategy: a coarse grid, then halving wherever the text differs.

It promises: a text that is seen for at least one grid step is found, and each change it finds is
bounded by neighbouring captures (or by the window asked for), with at most 12 mementos a change:
a quarter with a capture every hour is 2,184 captures, halved 11 times.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from tracker import timestamps
from tracker.selection.line import Point, spread, tried_dead

# Mementos spent in vain before a stretch is left alone.
_NEIGHBOURS, _GRID_PATIENCE, _HALVING_PATIENCE = 3, 5, 12

Wanted = dict[int, str]  # index of a point -> why it is to be fetched


def wanted(points: Sequence[Point], grid_days: int, window_days: int) -> Wanted:
    grid = _grid(points, grid_days)
    return {**_halves(points, grid, window_days), **grid}


def settled(left: Point, right: Point, window_days: int) -> bool:
    """Nothing more is to be learned between two known texts."""
    near = timedelta(days=window_days)
    return left.text == right.text or (
        window_days > 0 and right.capture.at - left.capture.at <= near
    )


def _grid(points: Sequence[Point], days: int) -> Wanted:
    """So many that whatever lies between two of them was seen for less than `days`.

    From one known capture to the farthest known one within a step; where there is none, the
    first at or beyond the step is wanted.
    """
    live = [i for i, point in enumerate(points) if not point.dead]
    times = [points[i].capture.at for i in live]
    chosen: Wanted = {}
    bodies: set[object] = set()
    position = -1
    while (index := bisect_right(live, position)) < len(live):
        if position < 0 and tried_dead(points, -1, live[0]) < _NEIGHBOURS:
            end = 0
        else:
            start = points[max(position, live[0])].capture.at
            end = min(bisect_left(times, start + timedelta(days=days), index), len(live) - 1)
        ahead = reversed(live[index : end + 1])
        known = (i for i in ahead if points[i].text is not None or points[i].body in bodies)
        found = next(known, None)
        if found is None:
            pick = _pick(points, position, live[end], last=end == len(live) - 1)
            if pick is not None:
                chosen[pick] = _grid_reason(pick, live, days)
                bodies.add(points[pick].body)
        position = live[end] if found is None else found
    return chosen


def _pick(points: Sequence[Point], position: int, target: int, *, last: bool) -> int | None:
    """The target, unless too much was spent around it in vain; beyond the last one counts too."""
    in_vain = tried_dead(points, position, len(points) if last else target + 1)
    if in_vain < _NEIGHBOURS:
        return target
    return spread(points, position, target + 1) if in_vain < _GRID_PATIENCE else None


def _grid_reason(index: int, live: Sequence[int], days: int) -> str:
    if index == live[0]:
        return "the first capture"
    if index == live[-1]:
        return "the last capture"
    return f"the grid: one in {days} days"


def _halves(points: Sequence[Point], grid: Wanted, window_days: int) -> Wanted:
    chosen: Wanted = {}
    known = [i for i, point in enumerate(points) if point.text is not None or i in grid]
    for low, high in pairwise(known):
        if low in grid or high in grid or settled(points[low], points[high], window_days):
            continue
        if tried_dead(points, low, high) >= _HALVING_PATIENCE:
            continue
        middle = spread(points, low, high)
        if middle is not None:
            before, after = (timestamps.day(points[i].capture.at) for i in (low, high))
            chosen[middle] = f"the text changed between {before} and {after}"
    return chosen
