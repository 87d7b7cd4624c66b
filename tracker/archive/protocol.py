"""What every archive can do, whatever it is behind."""

from datetime import datetime
from typing import Protocol

from tracker.model import Capture, Listing, Memento


class Archive(Protocol):
    """A source of captures. Errors are those under ArchiveError, and ConfigError."""

    @property
    def name(self) -> str:
        """Base URL or path; captures remember it."""
        ...

    @property
    def requests(self) -> int:
        """How many were sent so far, repeated ones included."""
        ...

    def list(
        self,
        url: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        resume_key: str | None = None,
        now: datetime,
    ) -> Listing:
        """All captures of `url`, oldest first; partial, and saying so, where the archive
        stopped answering on the way."""
        ...

    def fetch(self, capture: Capture) -> Memento:
        """The archived response, complete and checked."""
        ...

    def save(self, url: str) -> None:
        """Ask the archive to capture `url` now."""
        ...

    def close(self) -> None: ...
