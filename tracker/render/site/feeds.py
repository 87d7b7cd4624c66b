"""Atom and JSON feeds of changes.

An entry's id is made of the policy and the capture that first shows the new text. Neither a rebuild
nor new rules nor a renumbering of versions change it, so no reader sees a change twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from feedgen.feed import FeedGenerator
from markupsafe import escape

from tracker import timestamps
from tracker.model import Window
from tracker.render import json, words
from tracker.render.site import paths, texts
from tracker.render.site.look import Look
from tracker.render.site.summary import ChangeLine, Summary, Told, headline, subject
from tracker.render.site.timeline import any_on_topic

LATEST = 50
# RFC 4151 wants a name its owner held on that day; the reserved one stands for "not published".
_NOBODY = "policy-tracker.invalid"
_SINCE = "2026"
_DAWN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    summary: Summary
    change: ChangeLine


def entries(summaries: Iterable[Summary], topic: str = "") -> list[Entry]:
    """The latest substantive changes, newest first; of all policies or on one topic."""
    found = [
        Entry(summary, change)
        for summary in summaries
        for change in summary.changes
        if change.kind == "substantive" and (not topic or any_on_topic(change.topics, topic))
    ]
    found.sort(key=lambda one: (one.summary.id, one.change.before))
    found.sort(key=lambda one: one.change.by, reverse=True)
    return found[:LATEST]


def atom(look: Look, path: str, page: str, title: str, found: Sequence[Entry]) -> bytes:
    """The feed at `path` that speaks of what `page` shows."""
    feed = FeedGenerator()
    feed.id(_tag(look, path))
    feed.title(words.line(title))
    feed.author(name=words.line(look.title))
    feed.link(href=look.absolute(path) or paths.relative(path, path), rel="self")
    feed.link(href=_link(look, page, path), rel="alternate")
    feed.updated(max((one.change.by for one in found), default=_DAWN))
    for one in found:
        entry = feed.add_entry(order="append")
        entry.id(_id(look, one))
        entry.title(_title(look, one))
        entry.link(href=_link(look, _page(one), path))
        entry.published(one.change.by)
        entry.updated(one.change.by)
        entry.summary(_summary(one.change))
        entry.content(_html(look, one.change), type="html")
        for topic in one.change.topics:
            entry.category(term=words.line(topic), label=words.topic(topic, look.names))
    return bytes(feed.atom_str(pretty=True))


def json_feed(look: Look, found: Sequence[Entry]) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org)."""
    return json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": words.line(look.title),
            "home_page_url": _link(look, paths.HOME, paths.JSON_FEED),
            "feed_url": look.absolute(paths.JSON_FEED) or paths.JSON_FEED.rpartition("/")[2],
            "items": [_item(look, one) for one in found],
        }
    )


def _item(look: Look, one: Entry) -> json.Json:
    return {
        "id": _id(look, one),
        "url": _link(look, _page(one), paths.JSON_FEED),
        "title": _title(look, one),
        "summary": _summary(one.change),
        "content_html": _html(look, one.change),
        "date_published": timestamps.iso(one.change.by),
        "language": one.summary.language or "und",
        "tags": [words.topic(topic, look.names) for topic in one.change.topics],
    }


def _tag(look: Look, specific: str) -> str:
    host = urlsplit(look.base_url).hostname or _NOBODY
    return f"tag:{host},{_SINCE}:{specific}"


def _id(look: Look, one: Entry) -> str:
    return _tag(look, f"{one.summary.id}/{timestamps.digits(one.change.by)}")


def _title(look: Look, one: Entry) -> str:
    return words.line(f"{one.summary.name}: {headline(one.change, look.names)}")


def _page(one: Entry) -> str:
    return paths.change(one.summary.id, one.change.before, one.change.after)


def _link(look: Look, page: str, feed: str) -> str:
    return look.absolute(page) or paths.relative(page, feed)


def _summary(change: ChangeLine) -> str:
    window = words.window(Window(change.since, change.by))
    return f"Changed {window}; {change.size}."


def _html(look: Look, change: ChangeLine) -> str:
    """Quotations as HTML of our own making, every text escaped."""
    told = "".join(_told(look, one) for one in change.told)
    return f"<p>{escape(_summary(change))}</p>{told}"


def _told(look: Look, one: Told) -> str:
    what = words.capitalized(f"{subject(one, look.names)}: {texts.CLAUSE_KINDS[one.kind].lower()}")
    quotes = "".join(
        f"<p>{texts.T[side]}:</p><blockquote>{escape(quote)}</blockquote>"
        for side, quote in (("before", one.before), ("after", one.after))
        if quote
    )
    return f"<h4>{escape(what)}</h4>{quotes}"
