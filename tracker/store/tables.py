"""The rows. They never leave this package, and their content is the value itself as JSON.

Columns beside `content` are what queries need. Derived tables are dropped and filled again when
their schema changes; kept tables hold what nothing else knows, and are migrated.
"""

from datetime import datetime

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

DERIVED_SCHEMA = 1  # raise with every change to a derived table, or to what its content means
KEPT_SCHEMA = 2
# Statements that bring the kept tables from the version before to this one; new tables need none.
# 2: evidence, notice, told, delivery.
MIGRATIONS: dict[int, tuple[str, ...]] = {}


class Derived(SQLModel, registry=registry()):
    """Made again from snapshots/ by `rebuild`."""


class Kept(SQLModel, registry=registry()):
    """Known nowhere else."""


class HistoryRow(Derived, table=True):
    """A History without its versions and changes."""

    __tablename__ = "history"
    policy: str = Field(primary_key=True)
    fingerprint: str  # of the whole history as saved: equal ones are not written again
    content: bytes


class VersionRow(Derived, table=True):
    __tablename__ = "version"
    policy: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    text_sha256: str = Field(index=True)
    first_seen: datetime
    last_seen: datetime
    content: bytes


class ChangeRow(Derived, table=True):
    __tablename__ = "change"
    policy: str = Field(primary_key=True)
    number: int = Field(primary_key=True)  # of the version it led to
    kind: str
    severity: int
    after: datetime
    by: datetime = Field(index=True)
    content: bytes


class DocumentRow(Derived, table=True):
    """A normalised snapshot, so that each is normalised once per version of the rules."""

    __tablename__ = "document"
    key: str = Field(primary_key=True)
    rules: str = Field(index=True)
    content: bytes


class MetaRow(Kept, table=True):
    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: str


class CaptureRow(Kept, table=True):
    """A capture that was more than listed."""

    __tablename__ = "capture"
    policy: str = Field(primary_key=True)
    key: str = Field(primary_key=True)  # Capture.key as ASCII JSON
    state: str
    tries: int
    cause: str
    changed_at: datetime | None = None


class RunRow(Kept, table=True):
    __tablename__ = "run"
    id: int | None = Field(default=None, primary_key=True)
    started: datetime = Field(index=True)
    content: bytes


class EvidenceRow(Kept, table=True):
    """What was known of a policy when its history was last saved."""

    __tablename__ = "evidence"
    policy: str = Field(primary_key=True)
    content: bytes


class NoticeRow(Kept, table=True):
    """Written with the history that brought it, read by those who tell subscribers."""

    __tablename__ = "notice"
    number: int | None = Field(default=None, primary_key=True)
    policy: str
    at: datetime
    after: datetime | None = None
    by: datetime | None = None


class ToldRow(Kept, table=True):
    """How far a subscriber was told."""

    __tablename__ = "told"
    subscriber: str = Field(primary_key=True)
    content: bytes


class DeliveryRow(Kept, table=True):
    """The outbox."""

    __tablename__ = "delivery"
    id: str = Field(primary_key=True)
    channel: str
    address: str
    subject: str
    state: str = Field(index=True)
    tries: int = 0
    doubts: int = 0
    cause: str = ""
    queued_at: datetime
    next_try: datetime | None = None
    changed_at: datetime | None = None
    body: bytes
