"""The words all renderings share: windows, changes, coverage. Marks and colours come later."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker import timestamps
from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    Coverage,
    DatedReference,
    Diff,
    History,
    Incident,
    ProfileEntry,
    Stance,
    StancePeriod,
    Version,
    Window,
)

# C0 and C1 controls drive terminals; bidirectional marks make text read as what it is not.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
STANCES = {"asserts": "stated", "denies": "denied", "conditional": "under conditions"}
_LANGUAGES = {"de": "German", "en": "English", "es": "Spanish", "fr": "French", "nl": "Dutch"}
_KINDS = {
    "date-only": "only the date changed",
    "flap": "text came and went",
    "editorial": "editorial",
}

_CITING = ("now cites ", "no longer cites ")
_LABELS = {
    "silent": "silent (its own date stayed the same)",
    "backdated": "backdated (the old text stood there after the date the new one claims)",
}


def inert(text: str) -> str:
    """Page text that cannot steer a terminal or turn the reading direction.

    >>> inert("\\x1b]0;owned\\x07 We\\u202e sell")
    ']0;owned We sell'
    """
    return _CONTROL.sub("", text)


def line(text: str) -> str:
    """The same in one line."""
    return " ".join(inert(text).split())


def shortened(text: str, length: int) -> str:
    """At most `length` characters, cut between words.

    >>> shortened("We never sell your data", 14)
    'We never sell …'
    """
    if len(text) <= length:
        return text
    return text[: length + 1].rsplit(" ", 1)[0][:length].rstrip(" ,;:") + " …"


def count(number: int, noun: str) -> str:
    """
    >>> count(1, "day"), count(1200, "capture")
    ('1 day', '1,200 captures')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def window(between: Window) -> str:
    """Never a bare date: what lies between the two captures is not known.

    >>> from datetime import datetime, UTC
    >>> window(Window(datetime(2017, 6, 29, tzinfo=UTC), datetime(2018, 8, 30, tzinfo=UTC)))
    'after 2017-06-29 and by 2018-08-30 (427 days)'
    """
    after, by = between.after, between.by
    if between.days == 0:
        return f"after {after:%Y-%m-%d %H:%M} and by {by:%H:%M} UTC (the same day)"
    return (
        f"after {timestamps.day(after)} and by {timestamps.day(by)} ({count(between.days, 'day')})"
    )


def since(entry: ProfileEntry) -> str:
    """Since when a clause has been there, as far as captures tell."""
    return _start(entry.after, entry.by)


def _start(after: datetime | None, by: datetime, how: str = "appeared") -> str:
    if after is None:
        return f"there on {timestamps.day(by)} already"
    return f"{how} {window(Window(after, by))}"


def period(of: StancePeriod, *, turned: bool = False) -> str:
    """From when to when a policy said something, as far as captures tell; `turned` says that it
    had said the opposite."""
    once = of.by.date() == of.last_seen.date()
    start = _start(of.after, of.by, "REVERSED" if turned else "appeared")
    if once:
        start = start.removesuffix(" already")
    if of.gone_by is None:
        return start if once else f"{start}, there on {timestamps.day(of.last_seen)} still"
    return f"{start}, gone {window(Window(of.last_seen, of.gone_by))}"


def topic(identifier: str, names: Mapping[str, str]) -> str:
    """A topic's name; a facet without a name of its own stands behind its topic's.

    >>> topic("international_transfer.privacy_shield", {"international_transfer": "transfers"})
    'transfers (privacy shield)'
    """
    if identifier in names:
        return names[identifier]
    base, _, facet = identifier.partition(".")
    whole = names.get(base, base.replace("_", " "))
    return f"{whole} ({facet.replace('_', ' ')})" if facet else whole


def topics(identifiers: Iterable[str], names: Mapping[str, str]) -> str:
    """Their names hold commas, so a slash parts them."""
    return " / ".join(topic(identifier, names) for identifier in identifiers)


def kind(clause: ClauseChange) -> str:
    """What happened to a clause; a reversal is told at the top of one's voice."""
    if clause.kind == "reversed":
        return "REVERSED"
    return f"{clause.kind}, {clause.effect}" if clause.effect else clause.kind


def happened(what: str, kind: str, stance: Stance) -> str:
    """What became of a clause, where no quote stands beside it: that "we never sell data" is new,
    "sale of data appeared" would turn into its opposite.

    >>> happened("sale of data", "appeared", "denies"), happened("cookies", "vanished", "asserts")
    ('sale of data: denial appeared', 'cookies vanished')
    """
    denial = stance == "denies" and kind in ("appeared", "vanished")
    return f"{what}: denial {kind}" if denial else f"{what} {kind}"


def stance(clause: ClauseChange) -> Stance:
    """Of what is said now or, where nothing is, was."""
    return next(side.stance for side in (clause.after, clause.before) if side)


def quoted(clause: Clause) -> str:
    """The quote with the sentence that introduces its list: items mean nothing without it."""
    lead_in = f"{line(clause.lead_in)} … " if clause.lead_in else ""
    return f'"{lead_in}{line(clause.quote)}"'


def place(clause: Clause) -> str:
    section = line(clause.section)
    return f"in “{section}”" if section else "before the first heading"


def why(clause: ClauseChange) -> str:
    """The severity's reason and the rule that named the change."""
    return "; ".join(part for part in (clause.reason, line(clause.rule)) if part)


def unchanged(history: History, scope: str) -> str:
    """What the absence of changes means, where the report is limited to `scope` if not ""."""
    if not history.versions:
        if scope and history.coverage.first:
            return f"No version was seen in that time ({scope})."
        return "No usable capture, so nothing is known of the text."
    if scope:
        return f"No change found ({scope})."
    first, last = history.coverage.first, history.coverage.last
    if len(history.versions) == 1 and first and last and first == last:
        return "One version from a single capture: nothing to compare it with."
    return "No change found between the first and the last capture."


def change(what: Change) -> str:
    """One line on a whole change: window, versions, size, labels."""
    kinds = [] if what.kind == "substantive" else [_KINDS[what.kind]]
    parts = [f"version {what.before} → {what.after}", *kinds, size(what.diff), *explained(what)]
    return f"{window(what.window)}: {', '.join(parts)}"


def labels(what: Change) -> list[str]:
    """A change's labels; the laws it cites now, or no longer, named in one breath."""
    found: dict[str, list[str]] = {}
    for label in what.labels:
        verb = next((verb for verb in _CITING if label.startswith(verb)), label)
        found.setdefault(verb, []).append(label.removeprefix(verb))
    return [verb + _enumerated(rest) for verb, rest in found.items()]


def explained(what: Change) -> list[str]:
    """A change's labels, with what they mean."""
    return [_LABELS.get(label, label) for label in labels(what)]


def _enumerated(names: Sequence[str]) -> str:
    """
    >>> _enumerated(["GDPR"]), _enumerated(["Safe Harbor", "GDPR", "UK GDPR"])
    ('GDPR', 'Safe Harbor, GDPR and UK GDPR')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def kind_of(what: Change) -> str:
    """What sort of change it is, in words."""
    return _KINDS.get(what.kind, what.kind)


def size(diff: Diff) -> str:
    """How much of a text changed."""
    if diff.words_added or diff.words_removed:
        return f"{count(diff.words_added, 'word')} added, {diff.words_removed:,} removed"
    moved = sum(block.kind == "moved" for block in diff.blocks)
    renumbered = sum(block.renumbered for block in diff.blocks)
    told = [f"{count(moved, 'block')} moved"] * bool(moved)
    told += [f"{renumbered:,} renumbered"] * bool(renumbered)
    return ", ".join(["the same words", *told])


def coverage(known: Coverage) -> str:
    """How dense the evidence is, in a sentence."""
    return f"{_captures(known)}{_incidents(known)}"


def _captures(known: Coverage) -> str:
    listed = f"{count(known.captures, 'capture')} listed"
    if known.first is None or known.last is None:
        return f"{listed}, none usable" if known.captures else "no capture listed yet"
    # What no archive listed came from files.
    imported = f"{count(known.fetched, 'capture')} imported"
    held = f"{listed}, {known.fetched:,} fetched" if known.captures else imported
    if known.first == known.last:
        return f"{held}, of {timestamps.day(known.first)}"
    return (
        f"{held}, first {timestamps.day(known.first)}, last {timestamps.day(known.last)}, "
        f"longest gap {count(known.longest_gap_days, 'day')}"
    )


def _incidents(known: Coverage) -> str:
    if not known.incidents:
        return "; no incidents"
    kinds = Counter(incident.kind for incident in known.incidents)
    told = ", ".join(f"{number} {name}" for name, number in sorted(kinds.items()))
    return f"; {count(len(known.incidents), 'incident')} ({told})"


def incident(happened: Incident) -> str:
    when = timestamps.day(happened.captured_at) if happened.captured_at else "no capture"
    return line(f"{when}: {happened.kind}, {happened.cause} ({happened.remedy})")


def dated(references: Sequence[DatedReference]) -> list[tuple[str, DatedReference]]:
    """Each term once, with the last capture that cites it out of its time."""
    last = {}
    for reference in sorted(references, key=lambda one: one.captured_at):
        last[reference.term] = reference
    return [(_out_of_time(reference), reference) for reference in last.values()]


def _out_of_time(reference: DatedReference) -> str:
    """cites EU-US Privacy Shield 412 days after its end: struck down by ..."""
    days = abs(reference.days_after_end)
    side = "after its end" if reference.days_after_end >= 0 else "before it existed"
    event = f": {reference.end_event}" if reference.end_event else ""
    return f"cites {reference.name} {count(days, 'day')} {side}{event}"


def dates(version: Version) -> str:
    """The dates a text gives of itself, which nobody else attests."""
    document = version.document
    declared = [
        f"{what} {when.isoformat()}"
        for what, when in (
            ("says it was last updated", document.declared_date),
            ("says it applies from", document.effective_date),
        )
        if when
    ]
    return ", ".join(declared)


def seen(version: Version) -> str:
    """Which version it is and when captures showed it."""
    first = timestamps.day(version.first_seen.captured_at)
    last = timestamps.day(version.last_seen.captured_at)
    times = count(version.sightings, "capture")
    period = f"on {first}" if first == last else f"{first} to {last}"
    return f"version {version.number}, seen {period} in {times}"


def lowered(name: str) -> str:
    """A name within a sentence; those that hold further capitals keep theirs.

    >>> lowered("Sale of data"), lowered("Do Not Track"), lowered("US state rights")
    ('sale of data', 'Do Not Track', 'US state rights')
    """
    return name if any(map(str.isupper, name[1:])) else name[:1].lower() + name[1:]


def capitalized(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def language(code: str) -> str:
    return _LANGUAGES.get(code, code or "language unknown")


def spoken(history: History) -> str:
    """A policy's language: that of its text, else what the watchlist says."""
    return language(history.language or history.policy.language or "")


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
