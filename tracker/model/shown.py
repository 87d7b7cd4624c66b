"""What readers are shown: reports, topics, search hits, the parts of the site."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tracker.model.history import History
from tracker.model.versions import Sighting


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
