"""Pages and data over all policies, made from their summaries alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar
from xml.sax.saxutils import escape

from tracker import timestamps
from tracker.model import Topic
from tracker.render import json, words
from tracker.render.site import feeds, paths, search, texts, timeline
from tracker.render.site.inputs import SiteInput
from tracker.render.site.look import File, Look, asset
from tracker.render.site.summary import (
    ChangeLine,
    OutOfTime,
    Promise,
    Summary,
    Told,
    headline,
    period,
)

T = TypeVar("T")

_ON_HOME = 120
_ON_PAGE = 250  # list entries; about 200 kB
_SITEMAP = 45_000  # the protocol allows 50,000 addresses a file
_ASSETS = ("style.css", "site.js", "search.js", "icon.svg")


@dataclass(frozen=True, slots=True)
class Listed:
    """A change in a list over all policies."""

    summary: Summary
    change: ChangeLine
    headline: str
    told: Told | None  # the clause change to quote


Months = list[tuple[str, list[Listed]]]


def files(summaries: Sequence[Summary], site: SiteInput, look: Look) -> Iterator[File]:
    """In the order in which they may appear: the home page after all it links to."""
    for name in _ASSETS:
        yield f"assets/{name}", asset(name)
    yield from _search(summaries, look)
    listed = _listed(summaries, look)
    yield from _topics(summaries, look)
    yield from _dated(summaries, look)
    yield from _policies(summaries, look)
    years = [(int(year), list(group)) for year, group in groupby(listed, key=_year)]
    for year, found in years:
        yield from _year_pages(year, found, summaries, look)
    yield from _texts(look)
    yield from _feeds(summaries, look)
    yield from _data(summaries, look)
    yield _home(listed, years, summaries, site, look)


def _listed(summaries: Iterable[Summary], look: Look) -> list[Listed]:
    """All substantive changes: the latest month first, the weightiest first within a month."""
    found = [
        _shown(summary, change, look)
        for summary in summaries
        for change in summary.changes
        if change.kind == "substantive"
    ]
    found.sort(key=lambda one: (-one.change.severity, one.summary.id, one.change.before))
    found.sort(key=lambda one: period(one.change), reverse=True)
    return found


def _shown(summary: Summary, change: ChangeLine, look: Look, topic: str = "") -> Listed:
    """With the weightiest clause change, or the weightiest on the topic."""
    told = [one for one in change.told if not topic or timeline.any_on_topic(one.topics, topic)]
    return Listed(summary, change, headline(change, look.names), told[0] if told else None)


def _year(one: Listed) -> str:
    return period(one.change)[:4]


def _months(found: Iterable[Listed]) -> Months:
    by_month = groupby(found, key=lambda one: period(one.change))
    return [(texts.month(month), list(group)) for month, group in by_month]


def _home(
    listed: list[Listed],
    years: list[tuple[int, list[Listed]]],
    summaries: Sequence[Summary],
    site: SiteInput,
    look: Look,
) -> File:
    return look.page(
        "home.html",
        paths.HOME,
        months=_months(listed[:_ON_HOME]),
        total=len(listed),
        shown=min(len(listed), _ON_HOME),
        years=[(year, paths.year(year), len(found)) for year, found in years],
        choices=_choices(listed[:_ON_HOME], look),
        counts=_counts(summaries),
        troubled=[one for one in summaries if one.incidents][:20],
        troubled_count=sum(1 for one in summaries if one.incidents),
        watched=summaries[:30],
        watched_count=len(summaries),
        last_run=site.last_run,
        failed=site.failed,
    )


def _counts(summaries: Sequence[Summary]) -> str:
    return texts.T["counts"].format(
        policies=words.count(len(summaries), "document"),
        services=words.count(len({one.service for one in summaries}), "service"),
        versions=words.count(sum(one.versions for one in summaries), "version"),
        changes=words.count(sum(len(one.changes) for one in summaries), "change"),
        fetched=words.count(sum(one.fetched for one in summaries), "capture"),
        listed=f"{sum(one.captures for one in summaries):,}",
    )


Choices = list[tuple[str, str, list[tuple[str, str]]]]


def _choices(listed: Sequence[Listed], look: Look) -> Choices:
    """The filters that can make a difference: name, label, values with their names."""
    topics = {topic for one in listed for topic in one.change.topics}
    topics |= {topic.partition(".")[0] for topic in topics}
    kinds = {kind for one in listed for kind in one.change.kinds}
    languages = {one.summary.language for one in listed}
    services = sorted({one.summary.service for one in listed})
    return [
        (
            "topic",
            texts.T["filter_topic"],
            _named(topics, lambda one: words.topic(one, look.names)),
        ),
        ("service", texts.T["filter_service"], [(one, one) for one in services]),
        ("language", texts.T["filter_language"], _named(languages, words.language)),
        ("kind", texts.T["filter_kind"], _named(kinds, texts.CLAUSE_KINDS.__getitem__)),
    ]


def _named(values: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    return sorted(((value, name(value)) for value in values), key=lambda one: one[1].casefold())


def _year_pages(
    year: int, found: list[Listed], summaries: Sequence[Summary], look: Look
) -> Iterator[File]:
    chunks = _chunks(found)
    pages = [paths.year(year, number) for number in range(1, len(chunks) + 1)]
    for number, chunk in enumerate(chunks, 1):
        yield look.page(
            "year.html",
            pages[number - 1],
            year=year,
            months=_months(chunk),
            shown=len(chunk),
            choices=_choices(chunk, look),
            pages=pages,
            number=number,
        )


def _chunks(found: Sequence[T]) -> list[Sequence[T]]:
    return [found[start : start + _ON_PAGE] for start in range(0, len(found), _ON_PAGE)] or [found]


def _policies(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    chunks = _chunks(summaries)
    pages = [paths.policies(number) for number in range(1, len(chunks) + 1)]
    for number, chunk in enumerate(chunks, 1):
        yield look.page(
            "policies.html", pages[number - 1], summaries=chunk, pages=pages, number=number
        )


@dataclass(frozen=True, slots=True)
class Speaker:
    """What a policy says on a topic today."""

    summary: Summary
    promise: Promise


def _topics(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    ids = [topic.id for topic in look.topics]
    usable = any(one.first for one in summaries)
    counted = timeline.tally(summaries, ids) if usable else None
    speaking = Counter(
        topic
        for one in summaries
        for topic in {
            known for promise in one.promises for said in promise.topics for known in _reach(said)
        }
    )
    for topic in look.topics:
        picture = (
            timeline.share(counted, topic.id, look.events, _terms(summaries, topic.id))
            if counted
            else None
        )
        yield from _topic(topic, summaries, picture, look)
    yield look.page("topics.html", paths.TOPICS, speaking=speaking)


def _terms(summaries: Iterable[Summary], topic: str) -> set[str]:
    """The facets of a topic that policies speak on; some are named after instruments of law."""
    return {
        span.topic.partition(".")[2]
        for one in summaries
        for span in one.presence
        if timeline.on_topic(span.topic, topic)
    }


def _reach(topic: str) -> set[str]:
    return {topic, topic.partition(".")[0]}


def _topic(
    topic: Topic, summaries: Sequence[Summary], picture: timeline.Share | None, look: Look
) -> Iterator[File]:
    speakers = [
        Speaker(summary, promise)
        for summary in summaries
        for promise in summary.promises
        if timeline.any_on_topic(promise.topics, topic.id)
    ]
    speakers.sort(key=lambda one: ("asserts", "denies", "conditional").index(one.promise.stance))
    entries = feeds.entries(summaries, topic.id)
    changed = [_shown(one.summary, one.change, look, topic.id) for one in entries]
    reversals = [one for one in changed if one.told and one.told.kind == "reversed"]
    path = paths.topic_feed(topic.id)
    yield (
        path,
        feeds.atom(look, path, paths.topic(topic.id), f"{topic.name}: {look.title}", entries),
    )
    chunks = _chunks(speakers)
    pages = [paths.topic(topic.id, number) for number in range(1, len(chunks) + 1)]
    for number, chunk in enumerate(chunks, 1):
        yield look.page(
            "topic.html",
            pages[number - 1],
            topic=topic,
            picture=picture,
            speakers=chunk,
            stances=Counter(one.promise.stance for one in speakers),
            changed=[one for one in changed if one not in reversals],
            reversals=reversals,
            offenders=[one for one in _offenders(summaries) if topic.id in _reached(one[1])][:50],
            pages=pages,
            number=number,
        )


def _reached(reference: OutOfTime) -> set[str]:
    return {known for topic in reference.topics for known in _reach(topic)}


def _offenders(summaries: Iterable[Summary]) -> list[tuple[Summary, OutOfTime]]:
    """The longest out of time first."""
    found = [(summary, one) for summary in summaries for one in summary.out_of_time]
    return sorted(found, key=lambda one: (-abs(one[1].days), one[0].id))


def _dated(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    yield look.page("dated.html", paths.DATED, offenders=_offenders(summaries)[:_ON_PAGE])


def _texts(look: Look) -> Iterator[File]:
    yield look.page("about.html", paths.ABOUT)
    yield look.page("404.html", paths.NOT_FOUND, index=False)


def _search(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    keys = []
    for key, script in search.shards((number, one.words) for number, one in enumerate(summaries)):
        keys.append(key)
        yield paths.words(key), script
    yield look.page("search.html", paths.SEARCH, summaries=summaries, shards=" ".join(keys))


def _feeds(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    latest = feeds.entries(summaries)
    yield paths.ATOM, feeds.atom(look, paths.ATOM, paths.HOME, look.title, latest)
    yield paths.JSON_FEED, feeds.json_feed(look, latest)


def _data(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    yield (
        "changes.json",
        json.encode(
            [_change_row(one, change, look) for one in summaries for change in one.changes]
        ),
    )
    yield "policies.json", json.encode([_policy_row(one, look) for one in summaries])
    yield ".nojekyll", b""  # or GitHub Pages would leave out what begins with a dot or underscore
    yield from _sitemap(summaries, look)


def _change_row(summary: Summary, change: ChangeLine, look: Look) -> json.Json:
    return {
        "policy": summary.id,
        "from": change.before,
        "to": change.after,
        "kind": change.kind,
        "window": {"after": timestamps.iso(change.since), "by": timestamps.iso(change.by)},
        "words": {"added": change.added, "removed": change.removed},
        "severity": change.severity,
        "labels": list(change.labels),
        "topics": list(change.topics),
        "clause_kinds": list(change.kinds),
        "summary": headline(change, look.names),
        "page": paths.change(summary.id, change.before, change.after),
        "json": paths.change_json(summary.id, change.before, change.after),
    }


def _policy_row(summary: Summary, look: Look) -> json.Json:
    return {
        "id": summary.id,
        "name": summary.name,
        "language": summary.language,
        "versions": summary.versions,
        "changes": len(summary.changes),
        "captures": summary.captures,
        "first": timestamps.iso(summary.first) if summary.first else None,
        "last": timestamps.iso(summary.last) if summary.last else None,
        "incidents": dict(summary.incidents),
        "page": paths.policy(summary.id),
        "feed": paths.policy_feed(summary.id),
    }


def _sitemap(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    """Sitemaps need full addresses: without [site] base_url there are none."""
    robots = "User-agent: *\nAllow: /\n"
    if not look.base_url:
        yield "robots.txt", robots.encode()
        return
    pages = list(_pages(summaries, look))
    starts = range(0, len(pages), _SITEMAP)
    names = (
        ["sitemap.xml"]
        if len(starts) == 1
        else [f"sitemap-{n + 1}.xml" for n in range(len(starts))]
    )
    for name, start in zip(names, starts, strict=True):
        yield name, _locations("urlset", "url", pages[start : start + _SITEMAP], look)
    if len(names) > 1:
        yield "sitemap.xml", _locations("sitemapindex", "sitemap", names, look)
    yield "robots.txt", f"{robots}Sitemap: {look.absolute('sitemap.xml')}\n".encode()


def _pages(summaries: Iterable[Summary], look: Look) -> Iterator[str]:
    yield from (paths.HOME, paths.POLICIES, paths.TOPICS, paths.DATED, paths.ABOUT)
    yield from (paths.topic(topic.id) for topic in look.topics)
    for one in summaries:
        yield paths.policy(one.id)
        yield from (paths.version(one.id, number) for number in range(1, one.versions + 1))
        yield from (paths.change(one.id, change.before, change.after) for change in one.changes)


def _locations(root: str, element: str, pages: Iterable[str], look: Look) -> bytes:
    rows = "".join(
        f"<{element}><loc>{escape(look.absolute(page))}</loc></{element}>\n" for page in pages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{root}>\n'
    ).encode()
