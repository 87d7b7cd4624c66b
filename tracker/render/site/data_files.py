"""What machines read of the whole site: data, sitemap, robots."""

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from tracker import timestamps
from tracker.render import json
from tracker.render.site import paths
from tracker.render.site.look import File, Look
from tracker.render.site.summary import ChangeLine, Summary, headline

_IN_SITEMAP = 45_000  # the protocol allows 50,000 addresses a file


def files(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
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
    starts = range(0, len(pages), _IN_SITEMAP)
    names = (
        ["sitemap.xml"]
        if len(starts) == 1
        else [f"sitemap-{n + 1}.xml" for n in range(len(starts))]
    )
    for name, start in zip(names, starts, strict=True):
        yield name, _locations("urlset", "url", pages[start : start + _IN_SITEMAP], look)
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
