"""What an archive's answer means, by status, headers and the bodies seen in the wild. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Literal

from tracker.archive import coding
from tracker.archive.pace import Lane
from tracker.errors import ArchiveError

Meaning = Literal["fine", "throttled", "down", "blocked"]

# Seen 2026-09/10 in 620 bytes, by some with status 200; and EDGI's recording of 2020-06-19.
_ABUSE = ("suspected abusive bot traffic", "you have sent too many requests")
# 11,832 bytes of HTML, 2026-09, with status 503 and by some reports 200.
_OUTAGE = ("internet archive: temporarily offline", "temporarily offline</title>")
_EXCLUDED = ("this url has been excluded from the wayback machine",)
_ADMINISTRATIVE = ("administrativeaccesscontrolexception", "blocked site error")
_ROBOTS = ("robotaccesscontrolexception",)
_SNIFF = 20_000


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, read to its end; the body as sent, content-coding kept."""

    url: str
    status: int
    headers: Mapping[str, str]  # case-insensitive
    raw: bytes
    limit: int = field(repr=False, default=30_000_000)

    @property
    def is_memento(self) -> bool:
        """With Memento-Datetime the status, even 429 or 503, is the archived one."""
        return "memento-datetime" in self.headers

    @cached_property
    def layers(self) -> tuple[bytes, ...]:
        return coding.layers(
            self.raw,
            self.headers.get("content-encoding", ""),
            content_type=self.headers.get("content-type", ""),
            original_coding=self.headers.get("x-archive-orig-content-encoding", ""),
            limit=self.limit,
        )

    @property
    def body(self) -> bytes:
        return self.layers[-1]

    @property
    def text(self) -> str:
        # text/plain without charset since 2025, which would be read as ISO-8859-1.
        return self.body.decode("utf-8", "replace")

    @property
    def opening(self) -> str:
        """The start of the body, folded, for known phrases; damaged ones as far as they go."""
        try:
            return self.body[:_SNIFF].decode("utf-8", "replace").casefold()
        except ArchiveError:
            return self.raw[:_SNIFF].decode("utf-8", "replace").casefold()


@dataclass(frozen=True, slots=True)
class Reading:
    meaning: Meaning
    reason: str = ""


_FINE = Reading("fine")


def read(answer: Answer, lane: Lane) -> Reading:
    """What the archive says of itself or of the URL; a memento says neither."""
    if answer.is_memento:
        return _FINE
    cause = answer.headers.get("x-archive-wayback-runtime-error", "").casefold()
    opening = answer.opening
    if answer.status == 429 or _holds(opening, _ABUSE):
        return Reading("throttled", f"answered {answer.status} and asks to send fewer requests")
    if _holds(cause, _ROBOTS) or _holds(opening, _ROBOTS):
        return Reading("blocked", "blocked by the site's robots.txt")
    if _holds(cause, _ADMINISTRATIVE) or _holds(opening, _ADMINISTRATIVE):
        return Reading("blocked", "excluded by the archive's administration")
    if _holds(opening, _EXCLUDED) or answer.status == 451:
        return Reading("blocked", "excluded from the archive")
    if answer.status >= 500:
        return Reading("down", f"answered {answer.status}")
    if _holds(opening, _OUTAGE):
        return Reading("down", "shows its outage page")
    if lane == "cdx" and answer.status == 200 and is_web_page(answer):
        return Reading(
            "down", "answered with a web page where its index should be; is [archive] url right?"
        )
    return _FINE


def is_web_page(answer: Answer) -> bool:
    """An index answers in rows, a TimeMap in links: "<http://...>" or "</relative>"."""
    start = answer.opening.lstrip()
    return start.startswith("<") and not start.startswith(("<http:", "<https:", "</"))


def _holds(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in text for phrase in phrases)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to stay away, from either form of Retry-After; None where nothing usable is said.

    A date is read against the answer's own Date: clocks differ.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    until = http_date(value)
    if until is None:
        return None
    sent = http_date(headers.get("date", ""))
    return max(0.0, until.timestamp() - (sent.timestamp() if sent else now))


def http_date(value: str) -> datetime | None:
    """
    >>> http_date("Fri, 12 Jun 2015 13:37:24 GMT").isoformat()
    '2015-06-12T13:37:24+00:00'
    """
    try:
        at = parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def memento_datetime(headers: Mapping[str, str]) -> datetime | None:
    return http_date(headers.get("memento-datetime", ""))
