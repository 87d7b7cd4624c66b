"""What captures say: texts, or incidents; and the runs of equal text among them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.model.document import Document

IncidentKind = Literal[
    "empty",  # nothing that reads like a document came out
    "soft-404",  # "not found" with status 200
    "error-page",  # archived status 4xx or 5xx
    "login",
    "parked",
    "bot-wall",
    "shell",  # rendered by script: no text in the page
    "home-redirect",
    "other-language",
    "unreadable",  # encrypted, scanned, broken, too large
    "extraction-break",  # the old sentences are still in the raw page
    "unplayable",  # listed, but the archive answers with another capture
    "blocked",  # excluded by the archive or by robots.txt
    "missing",  # never archived
    "integrity",  # short or damaged body
    "unavailable",  # the archive did not answer; try later
    "partial-listing",
    "gap",
]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A capture at which a text was seen; the evidence for it."""

    captured_at: datetime
    url: str
    memento_url: str
    snapshot_sha256: str
    digest: str = ""
    digest_verified: bool = False
    archive: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that is not a change."""

    policy: str
    kind: IncidentKind
    captured_at: datetime | None  # None where no single capture is meant
    url: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What one capture says: a document, or an incident that withholds it."""

    sighting: Sighting
    document: Document | None
    incident: Incident | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A run of consecutive captures with equal text."""

    policy: str
    number: int  # from 1, by first_seen
    text_sha256: str  # of the compared text, see text.fingerprint
    document: Document
    first_seen: Sighting
    last_seen: Sighting
    sightings: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """A change happened after the last capture of the old text and by the first of the new."""

    after: datetime
    by: datetime

    @property
    def days(self) -> int:
        return (self.by.date() - self.after.date()).days
