"""The captures that can be a text, in order of time, with what is known of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.model import Capture
from tracker.selection.rows import Row

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """What was learned by asking for a capture."""

    text: str | None  # fingerprint of the text; None: it gave none
    cause: str = ""  # why it gave none
    replayed: bool = True  # False: this capture cannot be played; an equal one perhaps can


@dataclass(frozen=True, slots=True)
class Point:
    capture: Capture
    body: object  # equal for equal bodies
    text: str | None  # its own, or that of an equal body
    dead: bool  # gives no text, whether it was asked for or an equal body was
    tried: bool  # asked for itself

    @property
    def open(self) -> bool:
        return self.text is None and not self.dead


def line(rows: Iterable[Row], known: Mapping[Key, Fact]) -> tuple[Point, ...]:
    usable = [row for row in rows if not row.objection]
    bodies: dict[object, Fact] = {}
    for row in usable:
        fact = known.get(row.capture.key)
        if fact and fact.replayed and (row.body not in bodies or fact.text is not None):
            bodies[row.body] = fact
    return tuple(_point(row, known.get(row.capture.key), bodies.get(row.body)) for row in usable)


def spread(points: Sequence[Point], low: int, high: int) -> int | None:
    """The open point between `low` and `high` that is farthest from both: it halves the doubt.

    A dead point's neighbour takes its place, but three dead ones in a row are a wall, to be kept
    away from: a site that answered with a login for a month would be asked day by day.
    """
    walls = _walls(points, low, high)
    distance = _distances(walls, range(low, high + 1))
    back = _distances(walls, range(high, low - 1, -1))
    inside = [i for i in range(low + 1, high) if points[i].open]
    return max(inside, key=lambda i: (min(distance[i], back[i]), -i), default=None)


def tried_dead(points: Sequence[Point], low: int, high: int) -> int:
    """How many mementos were spent in vain between them."""
    return sum(points[i].dead and points[i].tried for i in range(low + 1, high))


def _point(row: Row, own: Fact | None, equal: Fact | None) -> Point:
    fact = own if own and own.text is not None else equal or own
    text = fact.text if fact else None
    return Point(row.capture, row.body, text, fact is not None and text is None, own is not None)


def _walls(points: Sequence[Point], low: int, high: int) -> set[int]:
    found = {low, high}
    run: list[int] = []
    for i in range(low + 1, high):
        run = [*run[-2:], i] if points[i].dead else []
        if len(run) == 3:
            found.update(run)
    return found


def _distances(walls: set[int], indices: Iterable[int]) -> dict[int, int]:
    """Steps since the last wall, in the order of `indices`."""
    steps, found = 0, {}
    for i in indices:
        steps = 0 if i in walls else steps + 1
        found[i] = steps
    return found
