"""List the captures of one URL from a CDX index: pages in, a Listing out.

A listing that breaks off keeps what is known, and says so.
"""

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime

from waybackpy.cdx_api import WaybackMachineCDXServerAPI
from waybackpy.cdx_utils import full_url

from tracker import timestamps
from tracker.archive import rows
from tracker.archive.answers import Answer
from tracker.archive.rows import Page
from tracker.archive.transport import TooSlow, Transport
from tracker.errors import ArchiveError, Blocked, ConfigError, Unavailable
from tracker.model import Capture, Listing

# Large pages have few cuts; on a gateway timeout EDGI advises a smaller limit (issue 209).
PAGE_ROWS = 5000
SMALL_PAGE_ROWS = 500
_MOST_EMPTY_PAGES = 20
# pywb's order of fields differs unless asked for.
_PYWB_FIELDS = "urlkey,timestamp,url,mime,status,digest,length"

Period = tuple[str | None, str | None]
AskPage = Callable[[str | None], Page]  # by resume key


class Query(WaybackMachineCDXServerAPI):
    """waybackpy's query building with our transport under it.

    Its own transport has no timeout and takes an error page for an empty listing; its row
    reading ends at the first odd row. Neither is used.
    """

    def __init__(self, transport: Transport, endpoint: str, url: str, period: Period) -> None:
        super().__init__(url, start_timestamp=period[0], end_timestamp=period[1])
        self.endpoint = endpoint
        self.rows = PAGE_ROWS
        self._transport = transport

    def page(self, resume_key: str | None, archive: str) -> Page:
        payload: dict[str, str] = {}
        self.add_payload(payload)
        if resume_key:
            payload["resumeKey"] = resume_key
        page = rows.parse(next(self.cdx_api_manager(payload, {})), archive)
        return replace(page, cut=page.rows == self.rows and page.resume_key is None)

    def cdx_api_manager(
        self, payload: dict[str, str], headers: dict[str, str]
    ) -> Generator[str, None, None]:
        payload["showResumeKey"] = "true"
        try:
            answer = self._ask(payload)
        except TooSlow:
            self.rows = SMALL_PAGE_ROWS
            answer = self._ask(payload)
        yield index_text(answer)

    def _ask(self, payload: dict[str, str]) -> Answer:
        payload["limit"] = str(self.rows)
        return self._transport.get(full_url(self.endpoint, params=payload), "cdx")


class NotTheIndex(Unavailable):
    """An answer, but not one an index gives."""


def index_text(answer: Answer) -> str:
    """The index's own words; NotTheIndex where something else was said."""
    if answer.status == 200:
        return answer.text
    said = " ".join(answer.text.split())[:200]
    raise NotTheIndex(
        f"{answer.url} answered {answer.status} where the index should be"
        f"{f': {said!r}' if said else ''}; check [archive] url and kind"
    )


def list_wayback(
    transport: Transport,
    name: str,
    url: str,
    *,
    period: Period,
    resume_key: str | None,
    now: datetime,
) -> Listing:
    """From a Wayback CDX server, page by page with its resume keys."""
    endpoint = f"{name}/cdx/search/cdx"
    query = Query(transport, endpoint, url, period)

    def of_second(timestamp: str) -> Page:
        return Query(transport, endpoint, url, (timestamp, timestamp)).page(None, name)

    return _collect(lambda key: query.page(key, name), resume_key, now, of_second=of_second)


def _collect(
    ask: AskPage,
    resume_key: str | None,
    now: datetime,
    *,
    of_second: Callable[[str], Page] | None = None,
) -> Listing:
    """All pages. `of_second` asks for one second again, for an index whose resume keys skip the
    rest of the second a page was cut in (cnn.com 20010507180422 was lost so; 4 % of all pairs of
    URL and second hold more than one capture)."""
    known: list[Capture] = []
    odd = empty = 0
    seen = {resume_key}
    key = resume_key
    while True:
        try:
            page = ask(key)
            known += page.captures
            if of_second and page.resume_key and page.captures:
                known += of_second(page.captures[-1].timestamp).captures
        except Blocked:
            raise
        except ArchiveError as error:
            if isinstance(error, NotTheIndex) and key and not known:
                key = None  # a key of another run: their form changes, 2023 and 2026
                continue
            if not known:
                raise _unreachable(error) from error
            return _partial(known, now, key, str(error), odd)
        odd += page.odd
        empty = 0 if page.rows else empty + 1
        if page.cut:
            problem = "the index cut its answer at the limit and gave no resume key"
            return _partial(known, now, key, problem, odd)
        if page.resume_key is None:
            return Listing(rows.distinct(known), now, odd_rows=odd)
        if page.resume_key in seen or empty > _MOST_EMPTY_PAGES:
            problem = "the index goes round in circles: its resume key leads nowhere new"
            return _partial(known, now, None, problem, odd)
        key = page.resume_key
        seen.add(key)


def _partial(
    known: list[Capture], now: datetime, key: str | None, problem: str, odd: int
) -> Listing:
    return Listing(
        rows.distinct(known),
        now,
        complete=False,
        resume_key=key,
        problem=problem,
        odd_rows=odd,
    )


def _unreachable(error: ArchiveError) -> ArchiveError:
    """Without a single row there is no listing: the reason, as one the caller waits out."""
    return error if isinstance(error, Unavailable) else Unavailable(str(error))


def list_pywb(
    transport: Transport,
    name: str,
    url: str,
    *,
    period: Period,
    resume_key: str | None,
    now: datetime,
) -> Listing:
    """From a pywb collection, which has no resume keys: the next page starts at the last
    timestamp, and our resume key is that timestamp."""

    def ask(key: str | None) -> Page:
        start, end = period
        query = {"url": url, "output": "text", "fl": _PYWB_FIELDS, "limit": str(PAGE_ROWS)}
        query |= {name: at for name, at in (("from", key or start), ("to", end)) if at}
        answer = transport.get(full_url(f"{name}/cdx", query), "cdx")
        page = rows.parse(index_text(answer), name)
        if page.rows < PAGE_ROWS or not page.captures:
            return replace(page, resume_key=None)
        return replace(page, resume_key=page.captures[-1].timestamp)

    return _collect(ask, resume_key, now)


def period(since: datetime | None, until: datetime | None) -> Period:
    """Validated 14 digits: the index compares strings, and takes 2019-10-01 for all of 2019."""
    if since and until and since > until:
        raise ConfigError(
            f"the period ends ({timestamps.day(until)}) before it starts "
            f"({timestamps.day(since)}); swap them"
        )
    return (
        timestamps.digits(since) if since else None,
        timestamps.digits(until) if until else None,
    )
