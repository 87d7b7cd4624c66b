"""The values that cross module borders, named as in ARCHITECTURE.md "Words".

Frozen, without behaviour beyond what a value says of itself. Times are aware UTC.
"""

from tracker.model.alerts import (
    Alert,
    Channel,
    Delivery,
    DeliveryState,
    Evidence,
    Frequency,
    Letter,
    Notice,
    Problem,
    Subscriber,
    Subscription,
    Told,
)
from tracker.model.archived import Capture, CaptureState, Listing, Memento
from tracker.model.changes import (
    BlockChange,
    BlockChangeKind,
    Change,
    ChangeKind,
    Clause,
    ClauseChange,
    ClauseChangeKind,
    Diff,
    Edit,
    Stance,
)
from tracker.model.document import Block, BlockKind, Document
from tracker.model.history import Coverage, History, ProfileEntry
from tracker.model.kept import Snapshot, SnapshotSource, sha256
from tracker.model.law import DatedReference, LegalEvent
from tracker.model.runs import REMARKS, Failure, Health, Run
from tracker.model.shown import Report, SearchHit, SitePart, Topic
from tracker.model.timeline import MonthShare, StancePeriod, TopicHistory, TopicTimeline
from tracker.model.versions import Incident, IncidentKind, Observation, Sighting, Version, Window
from tracker.model.watched import Policy, WatchedUrl

__all__ = [
    "REMARKS",
    "Alert",
    "Block",
    "BlockChange",
    "BlockChangeKind",
    "BlockKind",
    "Capture",
    "CaptureState",
    "Change",
    "ChangeKind",
    "Channel",
    "Clause",
    "ClauseChange",
    "ClauseChangeKind",
    "Coverage",
    "DatedReference",
    "Delivery",
    "DeliveryState",
    "Diff",
    "Document",
    "Edit",
    "Evidence",
    "Failure",
    "Frequency",
    "Health",
    "History",
    "Incident",
    "IncidentKind",
    "LegalEvent",
    "Letter",
    "Listing",
    "Memento",
    "MonthShare",
    "Notice",
    "Observation",
    "Policy",
    "Problem",
    "ProfileEntry",
    "Report",
    "Run",
    "SearchHit",
    "Sighting",
    "SitePart",
    "Snapshot",
    "SnapshotSource",
    "Stance",
    "StancePeriod",
    "Subscriber",
    "Subscription",
    "Told",
    "Topic",
    "TopicHistory",
    "TopicTimeline",
    "Version",
    "WatchedUrl",
    "Window",
    "sha256",
]
