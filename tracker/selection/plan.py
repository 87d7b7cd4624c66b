"""The next captures to fetch, from what is known so far, and a word on every other one.

Called again with the facts learned until it returns nothing. Every capture it returned must get a
fact, or it is returned again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from tracker import timestamps
from tracker.model import Capture, WatchedUrl
from tracker.selection import adaptive
from tracker.selection.line import Fact, Key, Point, line, tried_dead
from tracker.selection.rows import Row, rows

Action = Literal["fetch", "held", "equal", "wait", "skip"]
Period = Literal["month", "quarter", "year"]
_SAMPLE_PATIENCE = 3  # mementos spent in vain before a period is left without

_GIVEN_UP = "too many captures around it gave no text"


@dataclass(frozen=True, slots=True)
class Strategy:
    kind: Literal["adaptive", "all", "sample"] = "adaptive"
    grid_days: int = 91  # adaptive: shorter-lived texts may be missed
    window_days: int = 0  # adaptive: windows this tight are tight enough; 0: as tight as it gets
    per: Period = "quarter"  # sample: one a period
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    capture: Capture
    action: Action
    reason: str


def plan(
    captures: Iterable[Capture],
    known: Mapping[Key, Fact],
    urls: Sequence[WatchedUrl] = (),
    strategy: Strategy = Strategy(),
) -> tuple[Choice, ...]:
    """The captures to fetch next, oldest first; none when nothing more is to be learned."""
    points = line(_rows(captures, urls, strategy), known)
    chosen = _wanted(points, strategy)
    return tuple(Choice(points[i].capture, "fetch", chosen[i]) for i in sorted(chosen))


def explain(
    captures: Iterable[Capture],
    known: Mapping[Key, Fact],
    urls: Sequence[WatchedUrl] = (),
    strategy: Strategy = Strategy(),
) -> tuple[Choice, ...]:
    """What becomes of every capture, oldest first, each once."""
    judged = _rows(captures, urls, strategy)
    points = line(judged, known)
    told = {choice.capture.key: choice for choice in _told(points, known, strategy)}
    return tuple(
        told.get(row.capture.key) or Choice(row.capture, "skip", row.objection) for row in judged
    )


def estimate(
    captures: Iterable[Capture],
    known: Mapping[Key, Fact],
    urls: Sequence[WatchedUrl] = (),
    strategy: Strategy = Strategy(),
) -> tuple[int, int]:
    """Mementos needed: if no text changed since those known, and if all of them differ."""
    points = line(_rows(captures, urls, strategy), known)
    chosen = _wanted(points, strategy)
    bodies = len({point.body for point in points if point.open})
    if strategy.kind != "adaptive":
        return len(chosen), len(chosen)
    ends = [i for i, point in enumerate(points) if point.text is not None or i in chosen]
    most = len(chosen)
    for low, high in pairwise(ends):
        both_known = low not in chosen and high not in chosen
        if not (both_known and adaptive.settled(points[low], points[high], strategy.window_days)):
            inside = {points[i].body for i in range(low + 1, high) if points[i].open}
            most += len(inside).bit_length()
    return len(chosen), min(most, bodies)


def _rows(
    captures: Iterable[Capture], urls: Sequence[WatchedUrl], strategy: Strategy
) -> tuple[Row, ...]:
    def outside(at: datetime) -> bool:
        before = strategy.since is not None and at < strategy.since
        return before or (strategy.until is not None and at > strategy.until)

    return tuple(
        replace(row, objection="outside the time asked for")
        if not row.objection and outside(row.capture.at)
        else row
        for row in rows(captures, urls)
    )


def _wanted(points: Sequence[Point], strategy: Strategy) -> adaptive.Wanted:
    if strategy.kind == "adaptive":
        return adaptive.wanted(points, strategy.grid_days, strategy.window_days)
    if strategy.kind == "sample":
        return _samples(points, strategy.per)
    first: dict[object, int] = {}
    for i, point in enumerate(points):
        if point.open:
            first.setdefault(point.body, i)
    return dict.fromkeys(first.values(), "every distinct body")


def _samples(points: Sequence[Point], per: Period) -> adaptive.Wanted:
    periods: dict[tuple[int, int], list[int]] = {}
    months = {"month": 1, "quarter": 3, "year": 12}[per]
    for i, point in enumerate(points):
        at = point.capture.at
        periods.setdefault((at.year, (at.month - 1) // months), []).append(i)
    chosen: adaptive.Wanted = {}
    bodies = {point.body for point in points if point.text is not None}
    for inside in periods.values():
        tried = tried_dead(points, inside[0] - 1, inside[-1] + 1)
        if any(points[i].body in bodies for i in inside) or tried >= _SAMPLE_PATIENCE:
            continue
        pick = next((i for i in inside if points[i].open), None)
        if pick is not None:
            chosen[pick] = f"one a {per}"
            bodies.add(points[pick].body)
    return chosen


def _told(
    points: Sequence[Point], known: Mapping[Key, Fact], strategy: Strategy
) -> Iterator[Choice]:
    chosen = _wanted(points, strategy)
    holders = {p.body: p.capture for p in reversed(points) if p.tried and p.text is not None}
    coming = {points[i].body: points[i].capture for i in chosen}
    between = _known_neighbours(points)
    for i, point in enumerate(points):
        own = known.get(point.capture.key)
        if i in chosen:
            yield Choice(point.capture, "fetch", chosen[i])
        elif own and own.text is not None:
            yield Choice(point.capture, "held", "its text is known")
        elif own:
            yield Choice(point.capture, "skip", own.cause or "it gave no text")
        elif point.dead:
            yield Choice(point.capture, "skip", "its body equals one that gave no text")
        elif point.text is not None:
            yield Choice(point.capture, "equal", _equals(holders[point.body]))
        elif point.body in coming:
            yield Choice(point.capture, "wait", _equals(coming[point.body]) + ", to be fetched")
        else:
            yield Choice(point.capture, "wait", _why_not(points, chosen, *between[i], strategy))


def _equals(capture: Capture) -> str:
    return f"its body equals that of {timestamps.day(capture.at)}"


def _known_neighbours(points: Sequence[Point]) -> list[tuple[int | None, int | None]]:
    """Index of the nearest known point on either side of each."""

    def nearest(indices: Iterable[int]) -> list[int | None]:
        last: int | None = None
        return [last := i if points[i].text is not None else last for i in indices]

    ordered = range(len(points))
    return list(zip(nearest(ordered), reversed(nearest(reversed(ordered))), strict=True))


def _why_not(
    points: Sequence[Point],
    chosen: adaptive.Wanted,
    low: int | None,
    high: int | None,
    strategy: Strategy,
) -> str:
    """Why a capture whose text nobody knows is not asked for."""
    if strategy.kind == "sample":
        return f"enough was asked of its {strategy.per}"
    if low is None or high is None:
        return "waits for the grid" if chosen else _GIVEN_UP
    left, right = points[low], points[high]
    before, after = timestamps.day(left.capture.at), timestamps.day(right.capture.at)
    if left.text == right.text:
        return f"the text is the same on {before} and {after}"
    if adaptive.settled(left, right, strategy.window_days):
        return f"the change is known to lie between {before} and {after}"
    if any(low < i < high for i in chosen):
        return f"waits for others between {before} and {after}"
    return _GIVEN_UP
