"""Archives that speak only Memento (RFC 7089): TimeMaps list, memento addresses replay."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from tracker import timestamps
from tracker.archive import cdx, rows
from tracker.archive.answers import http_date
from tracker.archive.replay import Replay, fetch_at
from tracker.archive.settings import ArchiveSettings, base_url
from tracker.archive.transport import Transport
from tracker.errors import ArchiveError, Blocked, ConfigError, NotArchived
from tracker.model import Capture, Listing, Memento
from tracker.urlkey import urlkey

_ENTRY = re.compile(r"<([^<>]*)>((?:[^<\",]|\"[^\"]*\")*)")
_PARAMETER = re.compile(r"""([a-z*]+)\s*=\s*(?:"([^"]*)"|([^\s;,]+))""", re.I)
_RAW_FORM = re.compile(r"^(https?://.*?/)(\d{14})(?:[a-z]{2}_)?/(.+)$", re.S)
_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    rel: frozenset[str]
    at: datetime | None


class TimeMaps:
    """`url` is the collection's address, or that of its TimeMaps ("https://.../timemap/link/")."""

    def __init__(self, settings: ArchiveSettings, transport: Transport) -> None:
        self.name = base_url(settings)
        self._transport = transport
        self._window = settings.redirect_window
        self._addresses: dict[tuple[str, str], str] = {}

    @property
    def requests(self) -> int:
        return self._transport.sent.total()

    def list(
        self,
        url: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        resume_key: str | None = None,
        now: datetime,
    ) -> Listing:
        """The resume key is the address of the TimeMap's next page."""
        cdx.period(since, until)
        page: str | None = resume_key or timemap_url(self.name, url)
        known: list[Capture] = []
        seen: set[str] = set()
        problem = ""
        while page and not problem:
            seen.add(page)
            try:
                links = self._links(page)
            except Blocked:
                raise
            except ArchiveError as error:
                if not known:
                    raise
                problem = str(error)
                break
            known += self._captures(links, url)
            page = next(_further_pages(links, seen), None)
            if len(seen) == _MOST_PAGES:
                problem = f"the TimeMap has more than {_MOST_PAGES} pages"
        kept = rows.distinct(
            capture
            for capture in known
            if (since is None or since <= capture.at) and (until is None or capture.at <= until)
        )
        return Listing(
            kept, now, complete=not problem, resume_key=page if problem else None, problem=problem
        )

    def fetch(self, capture: Capture) -> Memento:
        address = self._address(capture)
        if raw := _RAW_FORM.match(address):
            return Replay(self._transport, raw[1], self._window).fetch(capture)
        return fetch_at(self._transport, address, capture)

    def save(self, url: str) -> None:
        raise ConfigError(f"{self.name} has no Save Page Now; the Wayback Machine has")

    def close(self) -> None:
        self._transport.close()

    def _links(self, page: str) -> tuple[Link, ...]:
        answer = self._transport.get(page, "cdx")
        if answer.status == 404:  # "no mementos" in this protocol
            return ()
        return tuple(parse(cdx.index_text(answer), page))

    def _captures(self, links: tuple[Link, ...], asked: str) -> Iterator[Capture]:
        original = next((link.url for link in links if "original" in link.rel), asked)
        for link in links:
            if "memento" not in link.rel or link.at is None:
                continue
            raw = _RAW_FORM.match(link.url)
            capture = Capture(
                original=raw[3] if raw else original,
                timestamp=timestamps.digits(link.at),
                at=link.at,
                digest="",
                status=None,
                mimetype="",
                urlkey=urlkey(original),
                archive=self.name,
            )
            self._addresses[capture.original, capture.timestamp] = link.url
            yield capture

    def _address(self, capture: Capture) -> str:
        """Where the capture replays; the TimeMap is asked again in a run that did not list it."""
        key = (capture.original, capture.timestamp)
        if key not in self._addresses:
            self.list(capture.original, now=capture.at)
        if key not in self._addresses:
            raise NotArchived(f"{capture.original} at {capture.timestamp} is not in {self.name}")
        return self._addresses[key]


def timemap_url(name: str, url: str) -> str:
    prefix = name if "/timemap/" in name else f"{name}/timemap/link"
    return f"{prefix}/{url.replace('#', '%23')}"


def parse(text: str, base: str) -> Iterator[Link]:
    """The links of an application/link-format text; unreadable ones are passed over.

    >>> [link.url for link in parse('<http://a/1>; rel="first memento"; datetime="no date"', "")]
    ['http://a/1']
    """
    for target, rest in _ENTRY.findall(text):
        parameters = {
            name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)
        }
        try:
            url = urljoin(base, target.strip())
            web = urlsplit(url).scheme in ("http", "https")
        except ValueError:
            continue
        if web and url.isprintable():
            rel = frozenset(parameters.get("rel", "").lower().split())
            yield Link(url, rel, http_date(parameters.get("datetime", "")))


def _further_pages(links: tuple[Link, ...], seen: set[str]) -> Iterator[str]:
    for link in links:
        if "timemap" in link.rel and "self" not in link.rel and link.url not in seen:
            yield link.url
