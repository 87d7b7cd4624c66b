"""A topic over all policies and time."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.model.changes import Stance
from tracker.model.law import LegalEvent
from tracker.model.versions import Window


@dataclass(frozen=True, slots=True)
class StancePeriod:
    """A run of versions that speak on a topic with one stance; "conditional" also where some
    clauses assert and others deny."""

    stance: Stance
    after: datetime | None  # None: in the first version already
    by: datetime
    last_seen: datetime
    gone_by: datetime | None  # the first capture without it; None: there to the end
    versions: tuple[int, int]  # first and last number


@dataclass(frozen=True, slots=True)
class TopicHistory:
    """When one policy spoke on a topic; no periods where it never did."""

    policy: str
    periods: tuple[StancePeriod, ...]
    reversals: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class MonthShare:
    """How many of the policies seen around a month speak on a topic at its end."""

    month: date  # its first day
    policies: int
    asserts: int
    denies: int
    conditional: int

    @property
    def speaking(self) -> int:
        return self.asserts + self.denies + self.conditional


@dataclass(frozen=True, slots=True)
class TopicTimeline:
    """A topic over all policies, with the law of the time."""

    topic: str
    policies: tuple[TopicHistory, ...]
    months: tuple[MonthShare, ...]
    events: tuple[LegalEvent, ...]
