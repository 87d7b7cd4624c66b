"""Theirs: what the archive lists and replays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of the archive's index (CDX)."""

    original: str  # the URL as the archive has it
    timestamp: str  # as listed, to be asked for with; mostly 14 digits
    at: datetime  # the same, odd timestamps repaired
    digest: str  # the archive's SHA-1 in base32: says "same or not", not "intact"; "" if unknown
    status: int | None  # None for revisit rows ("-")
    mimetype: str
    urlkey: str = ""
    length: int | None = None  # of the compressed record, not of the body
    archive: str = ""  # base URL of the archive that listed it
    memento_url: str = ""  # where the archive replays it unaltered

    @property
    def key(self) -> tuple[str, str, str]:
        """(URL, second) is not unique in real indexes: zew.de 19970427191925 has two digests."""
        return (self.timestamp, self.original, self.digest)


@dataclass(frozen=True, slots=True)
class Listing:
    """The archive's answer at one time; true then only."""

    captures: tuple[Capture, ...]
    asked_at: datetime
    complete: bool = True
    resume_key: str | None = None  # where a partial listing stopped
    problem: str = ""  # why it is partial
    odd_rows: int = 0  # rows no reading made sense of


@dataclass(frozen=True, slots=True)
class Memento:
    """An archived response as replayed, complete and checked against what was asked for."""

    capture: Capture
    url: str  # really captured (Link rel=original, or after archived redirects)
    at: datetime  # Memento-Datetime
    status: int
    headers: tuple[tuple[str, str], ...]  # the archived ones, prefixes removed
    body: bytes  # content-coding removed
    memento_url: str
    via: tuple[str, ...] = ()  # archived redirects followed, in order
    digest_verified: bool = False  # our SHA-1 of the body equals the listed digest


@dataclass(frozen=True, slots=True)
class CaptureState:
    """How far a listed capture has come."""

    state: Literal["listed", "planned", "fetched", "failed", "given-up"] = "listed"
    tries: int = 0
    cause: str = ""  # of the last failure, or of giving up
    changed_at: datetime | None = None
