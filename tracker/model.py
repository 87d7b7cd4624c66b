"""The values that cross module borders, named as in ARCHITECTURE.md "Words".

Frozen, without behaviour beyond what a value says of itself. Times are aware UTC.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

Stance = Literal["asserts", "denies", "conditional"]
BlockKind = Literal["heading", "paragraph", "item", "row"]
BlockChangeKind = Literal["equal", "moved", "moved-changed", "changed", "added", "removed"]
ClauseChangeKind = Literal["appeared", "vanished", "reworded", "moved", "reversed"]
ChangeKind = Literal["substantive", "editorial", "flap", "date-only"]
SnapshotSource = Literal["raw", "extracted"]
Frequency = Literal["immediate", "daily", "weekly"]
Channel = Literal["mail", "webhook", "chat"]
DeliveryState = Literal["queued", "sending", "sent", "failed"]
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


# The watchlist


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


# Theirs: what the archive lists and replays


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


# Ours: what we keep


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


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    text: str
    section: tuple[str, ...] = ()  # headings above, outermost first; a heading's own is excluded
    level: int = 0  # heading 1-6; item nesting from 1
    marker: str = ""  # of an item, as written: "-", "1.", "a)"
    cells: tuple[str, ...] = ()  # of a row
    header: bool = False  # a row of header cells
    links: tuple[str, ...] = ()  # targets, kept apart from the text
    # What alone makes it a heading: "bold", "number", "capitals", "dt", "class" or "button".
    implied: str = ""


@dataclass(frozen=True)
class Document:
    """A snapshot's text: blocks in reading order, made by one version of the rules."""

    title: str
    blocks: tuple[Block, ...]
    language: str = ""
    declared_date: date | None = None  # "Last updated ..."
    effective_date: date | None = None
    rules: str = ""  # the normaliser's version; only equal ones may be compared
    problem: str = ""  # why there is no or little text, in words

    @cached_property
    def text(self) -> str:
        """Markdown-like: "# heading", "**implied heading**", "- item", "| cell |", blank lines."""
        return "\n\n".join(_lines(self.blocks))

    @cached_property
    def words(self) -> int:
        return sum(len(block.text.split()) for block in self.blocks)


def _lines(blocks: tuple[Block, ...]) -> list[str]:
    """One chunk a block run: neighbouring items, and neighbouring rows, stay together."""
    chunks: list[str] = []
    previous: Block | None = None
    for block in blocks:
        line = _line(block)
        if block.kind == "row" and block.header and (previous is None or previous.kind != "row"):
            line += "\n|" + " --- |" * max(1, len(block.cells))
        if previous and block.kind == previous.kind and block.kind in ("item", "row"):
            chunks[-1] += "\n" + line
        else:
            chunks.append(line)
        previous = block
    return chunks


def _line(block: Block) -> str:
    if block.kind == "heading" and block.implied:
        return block.text if block.implied in ("number", "capitals") else f"**{block.text}**"
    if block.kind == "heading":
        return "#" * min(max(block.level, 1), 6) + " " + block.text
    if block.kind == "item":
        return "  " * (max(block.level, 1) - 1) + _marker(block) + " " + block.text
    if block.kind == "row":
        cells = (cell.replace("|", "\\|") for cell in block.cells or (block.text,))
        return "| " + " | ".join(cells) + " |"
    return block.text


def _marker(block: Block) -> str:
    """Of an item: "-" or "3."; Markdown knows no others, so "b)" is shown as "- b)"."""
    if not any(map(str.isalnum, block.marker)):
        return "-"
    return block.marker if block.marker[:-1].isdecimal() else f"- {block.marker}"


# Versions and what happened between them


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


@dataclass(frozen=True, slots=True)
class Edit:
    kind: Literal["equal", "insert", "delete"]
    text: str


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block of the old, the new, or both; edits only where both exist and differ."""

    kind: BlockChangeKind
    before: int | None  # index into the old document's blocks
    after: int | None
    edits: tuple[Edit, ...] = ()
    renumbered: bool = False  # a heading or item whose number alone changed (kind "equal", "moved")
    # Further blocks of a paragraph that was cut in pieces, or put together; the edits cover them.
    joined_before: tuple[int, ...] = ()
    joined_after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """Every block of both documents exactly once, in the new document's reading order;
    removed blocks stand where they stood."""

    blocks: tuple[BlockChange, ...]
    words_added: int = 0
    words_removed: int = 0

    @property
    def identical(self) -> bool:
        return all(block.kind == "equal" and not block.renumbered for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence or list item that speaks on a topic."""

    topic: str  # "ads_personalised", or with a facet "international_transfer.eu_us_privacy_shield"
    stance: Stance
    quote: str  # as written
    section: str  # nearest heading, "" above the first
    rule: str  # the lexicon entry that matched, for the reader to check
    block: int  # index into the document's blocks
    action: str = ""  # what is done or not: "sell", "share"; a lemma of the lexicon
    lead_in: str = ""  # the sentence that introduces the list this item is in


@dataclass(frozen=True, slots=True)
class ClauseChange:
    topic: str
    kind: ClauseChangeKind
    before: Clause | None  # None where it appeared
    after: Clause | None  # None where it vanished
    rule: str  # why it was paired and named so
    severity: int = 0  # 0 editorial ... 100 reversed; see clauses/severity.py
    reason: str = ""  # of the severity, in words
    effect: Literal["", "weakened", "strengthened"] = ""
    instruments: tuple[str, ...] = ()  # of law that `after` names and `before` does not


@dataclass(frozen=True, slots=True)
class DatedReference:
    """An instrument of law cited outside its life span."""

    term: str  # id in legal_terms.toml
    name: str
    quote: str
    captured_at: datetime
    days_after_end: int  # negative: cited before it existed
    end_event: str = ""


@dataclass(frozen=True, slots=True)
class LegalEvent:
    """A day in the life of an instrument of law, to lay under a timeline."""

    on: date
    term: str  # id in legal_terms.toml
    name: str
    event: str  # "starts", "applies", or what ended it


@dataclass(frozen=True, slots=True)
class Change:
    """Two neighbouring versions of one policy."""

    policy: str
    before: int  # version numbers
    after: int
    kind: ChangeKind
    window: Window
    diff: Diff
    clauses: tuple[ClauseChange, ...] = ()
    labels: tuple[str, ...] = ()  # "silent", "backdated", "returns to version 3", "across archives"

    @property
    def severity(self) -> int:
        return max((clause.severity for clause in self.clauses), default=0)


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """A clause of the latest version and since when it has been there."""

    clause: Clause
    after: datetime | None  # None: in the first version already
    by: datetime


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


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown of some histories: the most severe policy first, chosen topics and time."""

    generated_at: datetime
    policies: tuple[History, ...]
    topics: tuple[str, ...] = ()  # () shows all
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What readers see of a lexicon's topic."""

    id: str
    name: str
    definition: str
    languages: tuple[str, ...]
    patterns: Mapping[str, int] = field(default_factory=dict)  # language -> how many
    facets: tuple[str, ...] = ()  # "breach": clauses on it are on the topic "security.breach"


@dataclass(frozen=True, slots=True)
class SitePart:
    """Files of the site that are made together, and again only when `fingerprint` differs."""

    name: str
    fingerprint: str
    # Handed a way to read what parts before it wrote; yields relative paths and bytes.
    render: Callable[[Callable[[str], bytes]], Iterator[tuple[str, bytes]]]
    reads: bool = False  # what others wrote: it comes after them, and in the same process


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Where one policy's versions hold a phrase."""

    policy: str
    excerpt: str  # of the latest version that holds it
    versions: tuple[int, ...]  # numbers
    first_seen: Sighting
    last_seen: Sighting
    current: bool  # in the latest version too


# Alerts


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


# What was done


@dataclass(frozen=True, slots=True)
class CaptureState:
    """How far a listed capture has come."""

    state: Literal["listed", "planned", "fetched", "failed", "given-up"] = "listed"
    tries: int = 0
    cause: str = ""  # of the last failure, or of giving up
    changed_at: datetime | None = None


REMARKS = "remarks"  # in a run's counts: they stand among its failures, but nothing failed


@dataclass(frozen=True, slots=True)
class Run:
    """One command that wrote something."""

    started: datetime
    command: str = ""
    ended: datetime | None = None  # None: still at work, or killed
    requests: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)  # "captures listed" -> how many
    failures: tuple["Failure", ...] = ()

    @property
    def failed(self) -> int:
        """How many of the failures are more than a remark."""
        return len(self.failures) - self.counts.get(REMARKS, 0)


@dataclass(frozen=True, slots=True)
class Health:
    """How the watching itself goes."""

    last: Run | None = None
    overdue: Mapping[str, str] = field(default_factory=dict)  # policy id -> since when
    deliveries: Mapping[DeliveryState, int] = field(default_factory=dict)  # how many
    undelivered: tuple[Delivery, ...] = ()  # they wait, or were refused

    @property
    def ok(self) -> bool:
        """A message that waits for its first try is no trouble."""
        stuck = any(one.tries for one in self.undelivered)
        return not (self.overdue or stuck or (self.last and self.last.failed))


# Failures as values


@dataclass(frozen=True, slots=True)
class Failure:
    """An expected error at a stage's border; travels with the results."""

    stage: str
    subject: str  # policy id, file name, capture
    kind: str
    message: str  # the thing, what was expected, what to do next


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
