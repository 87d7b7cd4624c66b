"""Coordinates of the pictures: one policy's timeline, and a topic's share of all policies.

Pure arithmetic on dates; templates/timeline.svg and templates/share.svg draw it.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from tracker.model import History, LegalEvent, Version
from tracker.render import words
from tracker.render.site import paths, texts
from tracker.render.site.summary import Summary

LEFT, RIGHT, WIDTH = 120.0, 980.0, 1000
_MOST_LABELS = 12
_EVERYWHERE = "gdpr"
_GAP = 6  # months


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    label: str = ""
    height: float = 0.0
    name: str = ""
    page: str = ""
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    label: str
    size: float = 0.0
    number: int = 0
    page: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    ticks: tuple[Mark, ...]
    captures: tuple[Bar, ...]
    gaps: tuple[Bar, ...]
    versions: tuple[Bar, ...]
    windows: tuple[Bar, ...]
    changes: tuple[Mark, ...]
    events: tuple[Mark, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to horizontal places."""

    start: date
    end: date

    def x(self, on: date) -> float:
        days = (self.end - self.start).days
        return round(LEFT + (RIGHT - LEFT) * (on - self.start).days / days, 1)

    def ticks(self) -> Iterator[Mark]:
        years = range(self.start.year, self.end.year + 1)
        step = 1 + len(years) // _MOST_LABELS
        for year in years:
            if (year - self.start.year) % step == 0 and date(year, 1, 1) >= self.start:
                yield Mark(self.x(date(year, 1, 1)), str(year))


def timeline(history: History, events: Iterable[LegalEvent]) -> Timeline | None:
    """None where no capture was usable: there is nothing to draw."""
    if not history.versions:
        return None
    scale = _scale(_days(history))
    return Timeline(
        ticks=tuple(scale.ticks()),
        captures=tuple(_captures(history, scale)),
        gaps=tuple(_gaps(history, scale)),
        versions=tuple(_version(version, scale) for version in history.versions),
        windows=tuple(_windows(history, scale)),
        changes=tuple(_changes(history, scale)),
        events=tuple(_events(events, _terms(history), scale)),
        summary=_told(history),
    )


def _days(history: History) -> Iterator[date]:
    for version in history.versions:
        yield version.first_seen.captured_at.date()
        yield version.last_seen.captured_at.date()
    for month, _ in history.coverage.per_month:
        yield _first_day(month)


def _scale(days: Iterable[date]) -> Scale:
    """Whole years around the days."""
    known = sorted(days)
    return Scale(date(known[0].year, 1, 1), date(known[-1].year + 1, 1, 1))


def _captures(history: History, scale: Scale) -> Iterator[Bar]:
    """A bar a month; its height grows with the logarithm, as numbers run from 1 to thousands."""
    width = max(1.5, (RIGHT - LEFT) * 26 / (scale.end - scale.start).days)
    for month, count in history.coverage.per_month:
        height = min(30.0, 4.0 + 5.0 * (count.bit_length() - 1))
        label = f"{texts.month(month)}: {words.count(count, 'capture')}"
        yield Bar(scale.x(_first_day(month)), round(width, 1), label, height)


def _gaps(history: History, scale: Scale) -> Iterator[Bar]:
    """Stretches of many months in which the archive lists nothing."""
    for (before, _), (after, _) in pairwise(history.coverage.per_month):
        start, end = _next(_first_day(before)), _first_day(after)
        if _number(end) - _number(start) >= _GAP:
            x = scale.x(start)
            told = f"{texts.T['no_captures']}: {start.isoformat()[:7]} – {after}"
            yield Bar(x, round(scale.x(end) - x, 1), told)


def _version(version: Version, scale: Scale) -> Bar:
    start, end = version.first_seen.captured_at.date(), version.last_seen.captured_at.date()
    x = scale.x(start)
    return Bar(
        x,
        max(3.0, round(scale.x(end) - x, 1)),
        words.seen(version),
        name=str(version.number),
        page=paths.version(version.policy, version.number),
        odd=version.number % 2 == 1,
    )


def _windows(history: History, scale: Scale) -> Iterator[Bar]:
    """The time between two versions that no capture tells about."""
    for change in history.changes:
        x, end = scale.x(change.window.after.date()), scale.x(change.window.by.date())
        if end - x > 1:
            yield Bar(x, round(end - x, 1), words.window(change.window))


def _changes(history: History, scale: Scale) -> Iterator[Mark]:
    for change in history.changes:
        size = 4.0 + change.severity / 20 if change.kind == "substantive" else 3.0
        page = paths.change(change.policy, change.before, change.after)
        x = scale.x(change.window.by.date())
        yield Mark(x, words.change(change), round(size, 1), page=page)


def _terms(history: History) -> set[str]:
    """The instruments of law a policy is known to have cited."""
    topics = {entry.clause.topic for entry in history.profile}
    topics |= {clause.topic for change in history.changes for clause in change.clauses}
    dated = {reference.term for reference in history.dated_references}
    return dated | {topic.partition(".")[2] for topic in topics}


def _events(events: Iterable[LegalEvent], terms: AbstractSet[str], scale: Scale) -> Iterator[Mark]:
    """One mark a day. All instruments together would hatch a picture: those cited, and the one
    that changed all policies."""
    shown = sorted(
        (one.on, one.name, one.event)
        for one in events
        if scale.start <= one.on <= scale.end and (one.term in terms or one.term == _EVERYWHERE)
    )
    for number, (on, same) in enumerate(groupby(shown, key=lambda one: one[0]), 1):
        told = "; ".join(f"{name} {event}" for _, name, event in same)
        yield Mark(scale.x(on), f"{on.isoformat()}: {told}", number=number)


def _told(history: History) -> str:
    """The picture in a sentence, for those who do not see it."""
    versions = words.count(len(history.versions), "version")
    changes = words.count(len(history.changes), "change")
    return f"{versions}, {changes}. {words.coverage(history.coverage)}."


@dataclass(frozen=True, slots=True)
class Share:
    """Two curves in percent of the policies with a captured text, month by month."""

    ticks: tuple[Mark, ...]
    speaks: str  # SVG path
    denies: str
    events: tuple[Mark, ...]
    rows: tuple[tuple[str, int, int, int], ...]  # year, policies, speaking, denying: as a table


_TOP, _BOTTOM = 20.0, 180.0


Months = dict[str, list[int]]  # topic -> how many policies, month by month


@dataclass(frozen=True, slots=True)
class Tally:
    """How many policies have a captured text, and speak on each topic, month by month."""

    months: tuple[date, ...]
    watched: list[int]
    speaks: Months
    denies: Months


def tally(summaries: Iterable[Summary], topics: Iterable[str]) -> Tally:
    """Counted once for all topics: 1,000 policies have some 100,000 topic months."""
    known = [one for one in summaries if one.first and one.last]
    scale = _scale([day.date() for one in known for day in (one.first, one.last) if day])
    months = tuple(_months(scale))
    watched = [0] * len(months)
    ids = tuple(topics)
    speaks = {topic: [0] * len(months) for topic in ids}
    denies = {topic: [0] * len(months) for topic in ids}
    for one in known:
        for month in _between(months[0], one.first, one.last):
            watched[month] += 1
        for counts, stance in ((speaks, ""), (denies, "denies")):
            for topic, month in _spoken(one, months[0], stance):
                if topic in counts:
                    counts[topic][month] += 1
    return Tally(months, watched, speaks, denies)


def _spoken(one: Summary, start: date, stance: str) -> set[tuple[str, int]]:
    """Topics and months of one policy; a facet counts for its topic too."""
    return {
        (topic, month)
        for span in one.presence
        if not stance or stance in span.stances
        for topic in {span.topic, span.topic.partition(".")[0]}
        for month in _between(start, span.start, span.end)
    }


def _between(start: date, first: datetime | None, last: datetime | None) -> range:
    """The numbers of the months from `first` to `last`, counted from `start`."""
    if first is None or last is None:
        return range(0)
    return range(_number(first) - _number(start), _number(last) - _number(start) + 1)


def _number(day: date) -> int:
    return day.year * 12 + day.month


def share(
    counted: Tally, topic: str, events: Iterable[LegalEvent], terms: AbstractSet[str]
) -> Share:
    """A topic's curves, with the events of the legal `terms` that policies cite on it."""
    until = max(index for index, count in enumerate(counted.watched) if count) + 1
    months = counted.months[:until]
    scale = Scale(months[0], date(months[-1].year + 1, 1, 1))
    return Share(
        ticks=tuple(scale.ticks()),
        speaks=_path(scale, months, counted.speaks[topic], counted.watched),
        denies=_path(scale, months, counted.denies[topic], counted.watched),
        events=tuple(_events(events, terms, scale)),
        rows=tuple(_rows(months, counted, topic)),
    )


def on_topic(identifier: str, topic: str) -> bool:
    """A topic brings its facets."""
    return identifier == topic or identifier.startswith(topic + ".")


def any_on_topic(identifiers: Iterable[str], topic: str) -> bool:
    return any(on_topic(identifier, topic) for identifier in identifiers)


def _months(scale: Scale) -> Iterator[date]:
    month = scale.start
    while month < scale.end:
        yield month
        month = _next(month)


def _path(scale: Scale, months: Sequence[date], counts: list[int], watched: list[int]) -> str:
    points = [
        f"{scale.x(month)} {round(_BOTTOM - (_BOTTOM - _TOP) * count / total, 1)}"
        for month, count, total in zip(months, counts, watched, strict=False)
        if total
    ]
    return "M" + "L".join(points)


def _rows(
    months: Sequence[date], counted: Tally, topic: str
) -> Iterator[tuple[str, int, int, int]]:
    """The state of each year's last month that has captures."""
    by_year = {}
    for index, month in enumerate(months):
        if counted.watched[index]:
            by_year[month.year] = index
    for year, index in by_year.items():
        numbers = (counted.watched, counted.speaks[topic], counted.denies[topic])
        total, speaking, denying = (one[index] for one in numbers)
        yield str(year), total, speaking, denying


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
