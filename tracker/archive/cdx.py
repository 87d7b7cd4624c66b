"""List the captures of one URL from a CDX index: pages in, a Listing out.

A listing that breaks off keeps what is known, and says so.
"""

from collections.abc import Callable, Generator
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

# Old servers drop captures of the same second at a page cut, so pages are large; on a gateway
# timeout EDGI advises a smaller limit (issue 209).
PAGE_ROWS = 5000
SMALL_PAGE_ROWS = 500
_MOST_EMPTY_PAGES = 20
# pywb's order of fields differs unless asked for.
_PYWB_FIELDS = "urlkey,timestamp,url,mime,status,digest,length"

Period = tuple[str | None, str | None]
AskPage = Callable[[Period, str | None], Page]


class Query(WaybackMachineCDXServerAPI):
    """waybackpy's query building with our transport under it.

    Its own transport has no timeout and takes an error page for an empty listing; its row
    reading ends at the first odd row. Neither is used.
    """

    def __init__(self, transport: Transport, endpoint: str, url: str, period: Period) -> None:
        super().__init__(url, start_timestamp=period[0], end_timestamp=period[1])
        self.endpoint = endpoint
        self._transport = transport

    def page(self, resume_key: str | None) -> str:
        """The text of one page."""
        payload: dict[str, str] = {}
        self.add_payload(payload)
        if resume_key:
            payload["resumeKey"] = resume_key
        return next(self.cdx_api_manager(payload, {}))

    def cdx_api_manager(
        self, payload: dict[str, str], headers: dict[str, str]
    ) -> Generator[str, None, None]:
        payload["showResumeKey"] = "true"
        try:
            answer = self._ask(payload, PAGE_ROWS)
        except TooSlow:
            answer = self._ask(payload, SMALL_PAGE_ROWS)
        yield index_text(answer)

    def _ask(self, payload: dict[str, str], limit: int) -> Answer:
        payload["limit"] = str(limit)
        return self._transport.get(full_url(self.endpoint, params=payload), "cdx")


def index_text(answer: Answer) -> str:
    """The index's own words; Unavailable where something else was said."""
    if answer.status == 200:
        return answer.text
    said = " ".join(answer.text.split())[:200]
    raise Unavailable(
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

    def ask(wanted: Period, key: str | None) -> Page:
        return rows.parse(Query(transport, endpoint, url, wanted).page(key), name)

    return _collect(ask, period, resume_key, now, keys_skip=True)


def _collect(
    ask: AskPage, period: Period, resume_key: str | None, now: datetime, *, keys_skip: bool
) -> Listing:
    """All pages; `keys_skip` where a resume key may skip the rest of the second it was cut in."""
    known: list[Capture] = []
    odd = empty = 0
    seen = {resume_key}
    key = resume_key
    while True:
        try:
            page = ask(period, key)
            known += page.captures
            odd += page.odd
            if keys_skip and page.resume_key and page.captures:
                known += _rest_of_the_second(ask, page.captures[-1])
        except Blocked:
            raise
        except ArchiveError as error:
            if not known:
                raise _unreachable(error) from error
            return _partial(known, now, key, str(error), odd)
        empty = 0 if page.rows else empty + 1
        if page.resume_key is None:
            if page.rows in (PAGE_ROWS, SMALL_PAGE_ROWS):
                problem = "the index cut its answer at the limit and gave no resume key"
                return _partial(known, now, key, problem, odd)
            return Listing(rows.distinct(known), now, odd_rows=odd)
        if page.resume_key in seen or empty > _MOST_EMPTY_PAGES:
            problem = "the index goes round in circles: its resume key leads nowhere new"
            return _partial(known, now, None, problem, odd)
        key = page.resume_key
        seen.add(key)


def _rest_of_the_second(ask: AskPage, last: Capture) -> tuple[Capture, ...]:
    """Captures of the second a page was cut in, which keys until 2023 skipped: cnn.com
    20010507180422 was lost so. 4 % of (URL, second) pairs hold more than one."""
    if len(last.timestamp) != 14:
        return ()
    return ask((last.timestamp, last.timestamp), None).captures


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

    def ask(wanted: Period, key: str | None) -> Page:
        start, end = wanted
        query = {"url": url, "output": "text", "fl": _PYWB_FIELDS, "limit": str(PAGE_ROWS)}
        query |= {name: at for name, at in (("from", key or start), ("to", end)) if at}
        page = rows.parse(index_text(transport.get(full_url(f"{name}/cdx", query), "cdx")), name)
        full = page.rows == PAGE_ROWS and page.captures
        following = page.captures[-1].timestamp if full else None
        return Page(page.captures, page.rows, page.odd, following)

    return _collect(ask, period, resume_key, now, keys_skip=False)


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
