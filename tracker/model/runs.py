"""What commands did, what failed, and how things stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tracker.model.alerts import Delivery, DeliveryState

REMARKS = "remarks"  # in a run's counts: they stand among its failures, but nothing failed


@dataclass(frozen=True, slots=True)
class Failure:
    """An expected error at a stage's border; travels with the results."""

    stage: str
    subject: str  # policy id, file name, capture
    kind: str
    message: str  # the thing, what was expected, what to do next


@dataclass(frozen=True, slots=True)
class Run:
    """One command that wrote something."""

    started: datetime
    command: str = ""
    ended: datetime | None = None  # None: still at work, or killed
    requests: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)  # "captures listed" -> how many
    failures: tuple[Failure, ...] = ()

    @property
    def failed(self) -> int:
        """How many of the failures are more than a remark."""
        return len(self.failures) - self.counts.get(REMARKS, 0)


@dataclass(frozen=True, slots=True)
class Health:
    """How the watching itself goes."""

    last: Run | None = None
    overdue: Mapping[str, str] = field(default_factory=dict)  # policy id -> since when
    deliveries: Mapping[DeliveryState, int] = field(default_factory=dict)  # how many
    undelivered: tuple[Delivery, ...] = ()  # they wait, or were refused
    underived: frozenset[str] = frozenset()  # policies whose versions do not tell all that is held

    @property
    def ok(self) -> bool:
        """A message that waits for its first try is no trouble."""
        stuck = any(one.tries for one in self.undelivered)
        return not (self.overdue or stuck or (self.last and self.last.failed))
