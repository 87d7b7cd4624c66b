"""Ours: what we keep of the archive's answers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SnapshotSource = Literal["raw", "extracted"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A raw response we stored, byte for byte."""

    policy: str
    url: str
    captured_at: datetime
    sha256: str  # of the body, ours
    record_id: str  # <urn:uuid:...>, derived from policy, URL, time and sha256
    content_type: str = ""
    status: int = 200
    digest: str = ""  # the archive's
    digest_verified: bool = False
    memento_url: str = ""  # "" where imported from a file that names none
    archive: str = ""
    source: SnapshotSource = "raw"  # "extracted": somebody's text made from the page
    via: tuple[str, ...] = ()
    asked_url: str = ""  # the watched capture's URL where redirects led elsewhere
    asked_timestamp: str = ""


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
