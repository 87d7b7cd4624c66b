"""What the site is made from: policies loaded one at a time, and the few facts all pages share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.model import History, LegalEvent, Topic


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """A policy to be loaded when its turn comes."""

    id: str
    fingerprint: str  # of all its History holds; "": not known, so it is rendered every time


@dataclass(frozen=True, slots=True)
class SiteInput:
    policies: tuple[PolicyRef, ...]
    load: Callable[[str], History]  # picklable, where parts are rendered in processes
    topics: tuple[Topic, ...] = ()
    events: tuple[LegalEvent, ...] = ()
    title: str = "Policy changes"
    base_url: str = ""  # where the site will live; feeds and canonical links need it
    last_run: datetime | None = None
    failed: tuple[str, ...] = ()  # ids of policies the last run could not check


def of(histories: Iterable[History], **facts: object) -> SiteInput:
    """The input for histories that are all in memory."""
    known = {history.policy.id: history for history in histories}
    refs = tuple(PolicyRef(identifier, "") for identifier in sorted(known))
    return SiteInput(refs, known.__getitem__, **facts)  # type: ignore[arg-type]
