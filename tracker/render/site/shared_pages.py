"""Pages and data over all policies, made from their summaries alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from tracker.render import words
from tracker.render.site import (
    data_files,
    feeds,
    listing,
    method,
    paths,
    search,
    texts,
    topic_pages,
)
from tracker.render.site.inputs import SiteInput
from tracker.render.site.listing import Listed
from tracker.render.site.look import File, Look, asset
from tracker.render.site.summary import Summary, period

_ON_HOME = 120
_ASSETS = ("style.css", "site.js", "search.js", "icon.svg")


Months = list[tuple[str, list[Listed]]]


def files(summaries: Sequence[Summary], site: SiteInput, look: Look) -> Iterator[File]:
    """In the order in which they may appear: the home page after all it links to."""
    for name in _ASSETS:
        yield f"assets/{name}", asset(name)
    yield from _search(summaries, look)
    listed = _listed(summaries, look)
    yield from topic_pages.files(summaries, look)
    yield from _policies(summaries, look)
    years = [(int(year), list(group)) for year, group in groupby(listed, key=_year)]
    for year, found in years:
        yield from _year_pages(year, found, summaries, look)
    yield from _texts(look)
    yield from _feeds(summaries, look)
    yield from data_files.files(summaries, look)
    yield _home(listed, years, summaries, site, look)


def _listed(summaries: Iterable[Summary], look: Look) -> list[Listed]:
    """All substantive changes: the latest month first, the weightiest first within a month."""
    found = [
        listing.shown(summary, change, look)
        for summary in summaries
        for change in summary.changes
        if change.kind == "substantive"
    ]
    found.sort(key=lambda one: (-one.change.severity, one.summary.id, one.change.before))
    found.sort(key=lambda one: period(one.change), reverse=True)
    return found


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


def _counts(summaries: Sequence[Summary]) -> list[tuple[str, int]]:
    """What there is of each kind; captures come from files too, which no archive lists."""
    counted = (
        (texts.T["policies"], len(summaries)),
        (texts.T["services"], len({one.service for one in summaries})),
        (texts.T["versions"], sum(one.versions for one in summaries)),
        (texts.T["changes"], sum(len(one.changes) for one in summaries)),
        (texts.T["captures_read"], sum(one.fetched for one in summaries)),
        (texts.T["captures_listed"], sum(one.captures for one in summaries)),
    )
    return [(name, number) for name, number in counted if number]


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
    chunks = listing.chunks(found)
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


def _policies(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    chunks = listing.chunks(summaries)
    pages = [paths.policies(number) for number in range(1, len(chunks) + 1)]
    for number, chunk in enumerate(chunks, 1):
        yield look.page(
            "policies.html", pages[number - 1], summaries=chunk, pages=pages, number=number
        )


def _texts(look: Look) -> Iterator[File]:
    yield look.page("about.html", paths.ABOUT, sections=method.METHOD)
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
