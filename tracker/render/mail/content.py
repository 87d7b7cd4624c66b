"""What a letter says, chosen and put in order once for both bodies."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.model import Alert, Change, History
from tracker.render import headlines, links, wording, words
from tracker.render.site import paths
from tracker.render.view import Finding, Quote, findings, split_moved

Names = Mapping[str, str]
# A sentence; the longest of the real ones are lists that never end.
_LONGEST_QUOTE = 500
_LONGEST_NAME = 100
_LONGEST_SECTION = 120
_MOST_POLICIES = 40
_FEW = 3  # clause changes that are seen at a glance
_KINDS = {
    "editorial": "editorial",
    "flap": "where a text came and went",
    "date-only": "of the date alone",
    "substantive": "on other topics or of less weight",
}


@dataclass(frozen=True, slots=True)
class Side:
    """What was said, or is, and the evidence."""

    label: str  # "before", "now"
    quote: str
    parts: tuple[tuple[str, bool], ...]  # of the quote; whether the other side lacks it
    where: str
    link: str


@dataclass(frozen=True, slots=True)
class Item:
    """One clause change."""

    heading: str
    severity: int
    kind: str
    why: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One change of a policy; what it consists of is most severe first."""

    name: str
    policy: str
    about: str  # window, size, labels
    items: tuple[Item, ...]
    more: int  # clause changes left out
    moved: str
    link: str  # to the page of the change, "" without a site


@dataclass(frozen=True, slots=True)
class Begun:
    """A policy that is watched from now on."""

    name: str
    about: str
    link: str


@dataclass(frozen=True, slots=True)
class Content:
    """What did not find room is counted: `more` are clause changes."""

    title: str
    short: tuple[str, ...] = ()  # the gravest of each policy, where there is much to read
    parts: tuple[Part, ...] = ()
    begun: tuple[Begun, ...] = ()
    more: int = 0
    more_changes: int = 0
    more_begun: int = 0
    notes: tuple[str, ...] = ()
    list_heading: str = "Watched from now on"
    of_one_policy: bool = False  # which the title names
    site: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    history: History
    change: Change
    told: list[Finding]
    moved: list[Finding]


def of_alert(alert: Alert, names: Names, site: str, room: int) -> Content:
    """With at most `room` clause changes, the most severe ones of all policies, and as many
    changes."""
    found = [
        _Found(history, change, *split_moved(findings(history, change)))
        for history in alert.changed
        for change in sorted(history.changes, key=_gravest_latest)
    ]
    every = [finding for one in found for finding in one.told]
    severe = sorted(every, key=lambda finding: -finding.clause.severity)[:room]
    kept = {id(finding) for finding in severe}
    parts = [_part(one, kept, names, site) for one in _with_room(found, kept, room)]
    return Content(
        title=title(alert),
        short=tuple(_short(alert, names)) if len(parts) > 1 or len(every) > _FEW else (),
        parts=tuple(parts),
        begun=tuple(_begun(history, site) for history in alert.begun[:_MOST_POLICIES]),
        more=len(every) - sum(len(part.items) for part in parts),
        more_changes=len(found) - len(parts),
        more_begun=max(0, len(alert.begun) - _MOST_POLICIES),
        notes=tuple(_notes(alert)),
        of_one_policy=len(alert.changed) == 1,
        site=links.web(site),
    )


def _gravest_latest(change: Change) -> tuple[int, int]:
    return (-change.severity, -change.after)


def _with_room(found: list[_Found], kept: set[int], room: int) -> list[_Found]:
    """Those with a clause change that is kept, then others, all in their order."""
    ranked = sorted(found, key=lambda one: not any(id(finding) in kept for finding in one.told))
    chosen = {id(one) for one in ranked[: max(room, 1)]}
    return [one for one in found if id(one) in chosen]


def _short(alert: Alert, names: Names) -> Iterable[str]:
    """Acme privacy: personalised advertising REVERSED, now stated; retention appeared (3 times)"""
    for history in alert.changed[:_MOST_POLICIES]:
        gist = _gist(history, names)
        yield gist if len(alert.changed) == 1 else f"{name(history)}: {gist}"


def _gist(history: History, names: Names) -> str:
    every = [one for change in history.changes for one in findings(history, change)]
    told = sorted(split_moved(every)[0], key=lambda finding: -finding.clause.severity)
    events = Counter(event(finding, names) for finding in told)
    first = list(events.items())[:_FEW]
    parts = [f"{what} ({number:,} times)" if number > 1 else what for what, number in first]
    if left := len(told) - sum(number for _, number in first):
        parts.append(f"and {left:,} more")
    return "; ".join(parts) or "no clause on a known topic"


def event(finding: Finding, names: Names) -> str:
    """personalised advertising REVERSED, now stated"""
    clause = finding.clause
    told = headlines.event(finding, names)
    if clause.kind == "reversed":
        return f"{told}, now {words.STANCES[words.stance(clause)]}"
    return told


def title(alert: Alert) -> str:
    if alert.changed:
        changes = words.count(sum(len(history.changes) for history in alert.changed), "change")
        if len(alert.changed) == 1:
            told = f"{name(alert.changed[0])}: {changes}"
        else:
            told = f"{changes} in {policies(len(alert.changed))}"
        return f"{told}, {_now_watched(alert)}" if alert.begun else told
    if alert.begun:
        return words.capitalized(_now_watched(alert))
    return f"{_checked(alert)}, nothing changed that you asked for"


def _now_watched(alert: Alert) -> str:
    return f"now watching {policies(len(alert.begun))}"


def policies(number: int) -> str:
    """
    >>> policies(1), policies(1200)
    ('1 policy', '1,200 policies')
    """
    return f"{number:,} {'policy' if number == 1 else 'policies'}"


def name(history: History) -> str:
    return words.shortened(words.line(history.policy.name), _LONGEST_NAME) or history.policy.id


def _part(found: _Found, kept: set[int], names: Names, site: str) -> Part:
    change, policy = found.change, found.history.policy
    told = [finding for finding in found.told if id(finding) in kept]
    return Part(
        name=name(found.history),
        policy=policy.id,
        about=words.capitalized(words.change(change)),
        items=tuple(_item(finding, names) for finding in told),
        more=len(found.told) - len(told),
        moved=headlines.moved(found.moved, names) if found.moved else "",
        link=_page(site, paths.change(policy.id, change.before, change.after)),
    )


def _item(finding: Finding, names: Names) -> Item:
    return Item(
        heading=f"{headlines.subject(finding, names)}: {words.kind(finding.clause)}",
        severity=finding.clause.severity,
        kind=finding.clause.kind,
        why=words.shortened(words.why(finding.clause), _LONGEST_QUOTE),
        sides=tuple(_sides(finding)),
    )


def _sides(finding: Finding) -> Iterable[Side]:
    before = _shown(finding.before)
    after = _shown(finding.after)
    changed = wording.edits(before, after) if before and after else ()
    for label, quote, text, own in (
        ("before", finding.before, before, "delete"),
        ("now", finding.after, after, "insert"),
    ):
        if quote:
            parts = tuple(
                (edit.text, edit.kind == own) for edit in changed if edit.kind in ("equal", own)
            )
            yield Side(
                label=label,
                quote=text,
                parts=parts or ((text, False),),
                where=f"{_place(quote)}, {links.name(quote.sighting)}",
                link=links.view(quote.sighting),
            )


def _shown(quote: Quote | None) -> str:
    return words.shortened(words.quoted(quote.clause), _LONGEST_QUOTE) if quote else ""


def _place(quote: Quote) -> str:
    return words.shortened(words.place(quote.clause), _LONGEST_SECTION)


def _begun(history: History, site: str) -> Begun:
    versions, changes = len(history.versions), len(history.changes)
    about = f"{words.count(versions, 'version')}, {words.count(changes, 'change')} so far"
    if history.versions:
        first = history.versions[0].first_seen.captured_at
        last = history.versions[-1].last_seen.captured_at
        about += f", captures from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return Begun(name(history), about, _page(site, paths.policy(history.policy.id)))


def _notes(alert: Alert) -> Iterable[str]:
    """The counts."""
    if alert.quiet:
        told = ", ".join(
            f"{number:,} {_KINDS.get(kind, kind)}" for kind, number in sorted(alert.quiet.items())
        )
        yield f"Changes you did not ask for: {told}."
    if alert.changed or alert.begun:
        yield f"{_checked(alert)}."


def _checked(alert: Alert) -> str:
    """123 policies checked, 2 not reached, 4 with incidents"""
    told = [f"{policies(alert.checked)} checked"]
    told += [f"{alert.unreached:,} not reached"] * bool(alert.unreached)
    told += [f"{alert.with_incidents:,} with incidents"] * bool(alert.with_incidents)
    return ", ".join(told)


def _page(site: str, path: str) -> str:
    """Beneath [site] base_url; the path names the file, which any web server has."""
    base = links.web(site)
    return f"{base.rstrip('/')}/{path}" if base else ""
