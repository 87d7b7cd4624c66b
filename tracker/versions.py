"""Runs of equal text, and what kind of change lies between two of them. Compares no words.

A capture proves what stood there at its second, nothing in between: a change has a window.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from tracker.model import (
    Block,
    ChangeKind,
    Diff,
    Document,
    Incident,
    Observation,
    Sighting,
    Version,
    Window,
)
from tracker.text import canonical, fingerprint, is_date_line, tokens, without_declared_dates

# A declared date may be a month ("February 2018"), read as its first day.
_DATE_SLACK = timedelta(days=31)


def derive(
    policy: str, observations: Sequence[Observation]
) -> tuple[tuple[Version, ...], tuple[Incident, ...]]:
    """The versions of `policy`, oldest first, and the incidents that are no change.

    A text that looks like a broken extraction counts once the next capture shows it again;
    until then it stays an incident, and the text before it goes on.
    """
    kept, incidents = _confirmed(sorted(observations, key=lambda o: o.sighting.captured_at))
    runs = [list(run) for _, run in groupby(kept, key=lambda reading: reading.sha256)]
    versions = (
        Version(
            policy,
            number,
            run[0].sha256,
            run[0].document,
            first_seen=run[0].sighting,
            last_seen=run[-1].sighting,
            sightings=len(run),
        )
        for number, run in enumerate(runs, start=1)
    )
    return tuple(versions), tuple(incidents)


class _Reading(NamedTuple):
    sha256: str
    document: Document
    sighting: Sighting


def _confirmed(
    observations: Iterable[Observation],
) -> tuple[list[_Reading], list[Incident]]:
    """What counts as read, and the incidents of the rest."""
    kept: list[_Reading] = []
    held: list[_Reading] = []  # one suspect capture at most, waiting for the next
    doubts: list[Incident] = []  # its incident
    incidents: list[Incident] = []
    for observation in observations:
        incident = observation.incident
        if observation.document is None:
            incidents += [incident] if incident else []
            continue
        reading = _Reading(
            fingerprint(observation.document), observation.document, observation.sighting
        )
        confirmed = bool(held) and held[0].sha256 == reading.sha256
        kept += held if confirmed else []
        incidents += [] if confirmed else doubts
        held, doubts = [], []
        same_as_before = bool(kept) and kept[-1].sha256 == reading.sha256
        if incident and incident.kind == "extraction-break" and kept and not same_as_before:
            held, doubts = [reading], [incident]
        else:
            kept.append(reading)
    return kept, incidents + doubts


def window(before: Version, after: Version) -> Window:
    return Window(before.last_seen.captured_at, after.first_seen.captured_at)


def classify(
    versions: Sequence[Version],
    index: int,
    diff: Diff,
    *,
    flap_days: int = 30,
    flap_texts: int = 5,
) -> tuple[ChangeKind, tuple[str, ...]]:
    """The kind of the change that made `versions[index]` of the one before, and its labels.

    `diff` is of these two. A flap returns to one of the last `flap_texts` texts, last seen at
    most `flap_days` before, or goes back to the page of another address whose text never changed;
    its first return is the event, later ones are labelled "alternates".
    """
    before, after = versions[index - 1], versions[index]
    kind = _kind(before.document, after.document, diff)
    labels = [*_date_labels(before, after, kind), *_place_labels(before, after)]
    earlier = _earlier(versions, index)
    if earlier is not None:
        labels.append(f"returns to version {versions[earlier].number}")
        if _flaps(versions, index, flap_days, flap_texts):
            kind = "flap"
            if _flaps(versions, index - 1, flap_days, flap_texts):
                labels.append("alternates")
    return kind, tuple(labels)


def _earlier(versions: Sequence[Version], index: int) -> int | None:
    """The latest earlier version with the same text."""
    wanted = versions[index].text_sha256
    return next((k for k in range(index - 2, -1, -1) if versions[k].text_sha256 == wanted), None)


def _flaps(versions: Sequence[Version], index: int, days: int, texts: int) -> bool:
    earlier = _earlier(versions, index)
    if earlier is None or len({v.text_sha256 for v in versions[earlier:index]}) > texts:
        return False
    old, back = versions[earlier].last_seen, versions[index].first_seen
    if back.captured_at - old.captured_at <= timedelta(days=days):
        return True
    elsewhere = {
        _address(s) for v in versions[earlier + 1 : index] for s in (v.first_seen, v.last_seen)
    }
    return _address(back) == _address(old) and _address(back) not in elsewhere


def _address(sighting: Sighting) -> str:
    """The URL, whatever its scheme, "www." and trailing slash."""
    host, slash, path = sighting.url.partition("://")[2].partition("/")
    return (host.lower().removeprefix("www.") + slash + path).rstrip("/")


def _kind(before: Document, after: Document, diff: Diff) -> ChangeKind:
    """Editorial where the same words came out, in whatever blocks and order of blocks."""
    changed = [b for b in diff.blocks if b.kind not in ("equal", "moved")]
    old = _blocks(before, ((b.before, *b.joined_before) for b in changed))
    new = _blocks(after, ((b.after, *b.joined_after) for b in changed))
    old, new = _untitled(old, before), _untitled(new, after)
    if _words(old, canonical) == _words(new, canonical):
        return "editorial"
    rest_old = _words(_undated(old), without_declared_dates)
    rest_new = _words(_undated(new), without_declared_dates)
    return "date-only" if rest_old == rest_new else "substantive"


def _undated(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if not is_date_line(block.text)]


def _blocks(document: Document, places: Iterable[tuple[int | None, ...]]) -> list[Block]:
    return [document.blocks[n] for run in places for n in sorted(n for n in run if n is not None)]


def _untitled(blocks: list[Block], document: Document) -> list[Block]:
    """Without the page's title: templates put the site's name there, or take it away."""
    title = next((block for block in document.blocks if block.kind == "heading"), None)
    return [block for block in blocks if block is not title]


def _words(blocks: Iterable[Block], fold: Callable[[str], str]) -> list[str]:
    return [
        word
        for block in blocks
        for word in tokens(fold(block.text).casefold())
        if word[0].isalnum()
    ]


def _date_labels(before: Version, after: Version, kind: ChangeKind) -> list[str]:
    """What the document says of its own dates, held against when it was seen."""
    old, new = before.document, after.document
    seen = window(before, after)
    bumped = new.declared_date is not None and new.declared_date != old.declared_date
    labels = []
    if kind != "substantive":
        labels += ["date bump without change"] if bumped and old.declared_date else []
    elif new.declared_date and new.declared_date == old.declared_date:
        labels.append("silent")
    elif bumped and new.declared_date and _long_before(new.declared_date, seen):
        labels.append("backdated")
    if new.effective_date and new.effective_date != old.effective_date:
        labels += _notice(new.effective_date, seen)
    return labels


def _long_before(claimed: date, seen: Window) -> bool:
    """Whether the old text still stood there well after the day the new one claims."""
    return claimed + _DATE_SLACK < seen.after.date()


def _notice(effective: date, seen: Window) -> list[str]:
    """How long before it held the text could be read; bounded by the window on both sides."""
    least = (effective - seen.by.date()).days
    most = (effective - seen.after.date()).days
    if least > 0:
        return [f"{least} to {most} days' notice" if most > least else f"{least} days' notice"]
    return ["in force before it was published"] if _long_before(effective, seen) else []


def _place_labels(before: Version, after: Version) -> list[str]:
    """Where the two sightings that bound the change are not of one page in one archive."""
    old, new = before.last_seen, after.first_seen
    labels = (
        ["across archives"] if old.archive and new.archive and old.archive != new.archive else []
    )
    return labels + (["other address"] if _address(old) != _address(new) else [])
