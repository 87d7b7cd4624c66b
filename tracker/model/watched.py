"""What is watched."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class WatchedUrl:
    """An address a policy has lived at, and when; None is open-ended."""

    url: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    id: str  # "service/document"
    name: str
    urls: tuple[WatchedUrl, ...]
    language: str | None = None  # detected where None
    select: str | None = None  # CSS selector; none needed by default
    remove: tuple[str, ...] = ()
    every: timedelta | None = None  # None: a day, sooner where runs are started by hand

    @property
    def service(self) -> str:
        return self.id.partition("/")[0]
