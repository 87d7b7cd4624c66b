"""Who is told what, and how far the message has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tracker.model.history import History

Frequency = Literal["immediate", "daily", "weekly"]
Channel = Literal["mail", "webhook", "chat"]
DeliveryState = Literal["queued", "sending", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class Subscription:
    to: tuple[str, ...]
    policies: tuple[str, ...] = ("*",)  # globs over policy ids
    topics: tuple[str, ...] = ()  # none: all
    kinds: tuple[str, ...] = ("substantive",)  # of changes, and of clause changes
    languages: tuple[str, ...] = ()
    min_severity: int = 0
    frequency: Frequency = "immediate"
    hour: int = 8
    weekday: str = "monday"
    timezone: str = "UTC"
    name: str = ""  # tells two of one recipient apart


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One address of one subscription; each gets messages of its own."""

    channel: Channel
    address: str  # of webhooks and chats a label: their URLs hold secrets
    subscription: Subscription

    @property
    def key(self) -> str:
        """Who it is from run to run, also after its settings were edited."""
        named = self.subscription.name or self.subscription.frequency
        return f"{self.channel} {self.address} {named}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was known of a policy when its history was last saved; no rule is in it."""

    horizon: datetime  # what happened up to here was history when the policy was first listed
    addresses: tuple[str, ...] = ()  # whose listing was complete
    sightings: tuple[datetime, ...] = ()  # captures that could be read, sorted


@dataclass(frozen=True, slots=True)
class Notice:
    """A text of a policy that new evidence brought, or (`by` is None) its first history."""

    policy: str
    at: datetime  # when it was noticed
    after: datetime | None = None  # the last capture of the old text
    by: datetime | None = None  # the first capture of the new text
    number: int = 0  # ascending, from the database


@dataclass(frozen=True, slots=True)
class Told:
    """How far a subscriber was told."""

    number: int  # of the last notice
    looked_at: datetime  # when it was last their turn
    mailed_at: datetime  # when they last got something


@dataclass(frozen=True, slots=True)
class Alert:
    """What one subscriber is told at one time. Histories hold the changes to be told alone."""

    subscriber: Subscriber
    at: datetime
    changed: tuple[History, ...] = ()  # most severe first
    begun: tuple[History, ...] = ()  # watched from now on, with all their changes
    quiet: Mapping[str, int] = field(default_factory=dict)  # kind -> changes they did not ask for
    checked: int = 0  # policies the archive was asked about lately
    unreached: int = 0  # watched, but not asked about lately
    with_incidents: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the operators should hear of, once as long as it lasts."""

    key: str
    title: str  # for a subject: "acme/privacy keeps failing"
    message: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words, for whichever channel."""

    subject: str
    text: str
    html: str
    thread: str = ""  # letters of one thread are shown together


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to one address."""

    id: str  # the mail's Message-ID, without brackets
    channel: Channel
    address: str
    subject: str
    body: bytes  # as it is handed over
    queued_at: datetime
    state: DeliveryState = "queued"
    tries: int = 0
    doubts: int = 0  # of them, whose answer was lost: they may have arrived
    next_try: datetime | None = None
    cause: str = ""  # of the last failure
    changed_at: datetime | None = None
