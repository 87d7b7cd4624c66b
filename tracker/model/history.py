"""All that is known of one policy."""

from dataclasses import dataclass, field
from datetime import datetime

from tracker.model.changes import Change, Clause, Stance
from tracker.model.law import DatedReference
from tracker.model.versions import Incident, Version
from tracker.model.watched import Policy


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """A clause of the latest version and since when it has been there."""

    clause: Clause
    after: datetime | None  # None: in the first version already
    by: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """How dense the evidence is."""

    captures: int = 0  # listed
    fetched: int = 0
    first: datetime | None = None
    last: datetime | None = None
    longest_gap_days: int = 0
    incidents: tuple[Incident, ...] = ()
    per_month: tuple[tuple[str, int], ...] = ()  # ("2015-06", captures listed), for pictures


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of one policy."""

    policy: Policy
    language: str = ""
    versions: tuple[Version, ...] = ()
    changes: tuple[Change, ...] = ()
    # Per version, in their order: the topics it speaks on, each with its stances. () if not known.
    spoken: tuple[tuple[tuple[str, Stance], ...], ...] = ()
    profile: tuple[ProfileEntry, ...] = ()
    dated_references: tuple[DatedReference, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
