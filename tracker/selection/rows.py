"""Which rows of the archive's index can be a text of the policy."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from tracker.model import Capture, WatchedUrl
from tracker.urlkey import urlkey

# SHA-1 of nothing: shared by redirects, errors and revisits with different targets.
EMPTY_BODY = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
STABLE = 3  # that many redirects at the end of a listing are no accident
_REDIRECT = "a redirect says nothing about the text"
_NO_DOCUMENT = re.compile(r"(image|audio|video|font)/|text/css|.*(javascript|json|zip)\b", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """A capture, and why it cannot be a text; "" where it can."""

    capture: Capture
    objection: str

    @property
    def body(self) -> object:
        """Equal for captures of one body; of a redirect, the digest says nothing."""
        if is_redirect(self.capture) or not self.capture.digest:
            return self.capture.key
        return self.capture.digest


def rows(captures: Iterable[Capture], urls: Sequence[WatchedUrl]) -> tuple[Row, ...]:
    """Each distinct capture once, oldest first."""
    distinct = {capture.key: capture for capture in captures}
    ordered = sorted(distinct.values(), key=lambda c: (c.at, c.original, c.digest))
    judged = [(capture, _objection(capture, urls)) for capture in ordered]
    telling = {capture.key for capture in _telling_redirects(judged)}
    return tuple(Row(c, "" if c.key in telling else objection) for c, objection in judged)


def answers(rows: Iterable[Row]) -> dict[str, list[Capture]]:
    """By address (urlkey), texts and redirects in order: neither errors nor empty bodies."""
    return _by_url((row.capture, row.objection) for row in rows)


def is_redirect(capture: Capture) -> bool:
    return capture.status is not None and 300 <= capture.status < 400


def _objection(capture: Capture, urls: Sequence[WatchedUrl]) -> str:
    original, status = capture.original.casefold(), capture.status
    if "mailto:" in original:
        return "a mail address, not a page"
    if "web.archive.org/screenshot" in original:
        return "a screenshot"
    if _NO_DOCUMENT.match(capture.mimetype):
        return f"not a document ({capture.mimetype})"
    if not _in_period(capture, urls):
        return "outside the period of its address in the watchlist"
    if is_redirect(capture):
        return _REDIRECT
    if status is not None and not 200 <= status < 300:
        return f"an archived error (status {status})"
    if capture.digest == EMPTY_BODY:
        return "an empty body"
    return ""


def _in_period(capture: Capture, urls: Sequence[WatchedUrl]) -> bool:
    """Captures of an address that is not in the watchlist have no period."""
    on, address = capture.at.date(), urlkey(capture.original)
    periods = [(u.since, u.until) for u in urls if urlkey(u.url) == address]
    return not periods or any(
        (since or date.min) <= on <= (until or date.max) for since, until in periods
    )


def _telling_redirects(judged: Sequence[tuple[Capture, str]]) -> Iterable[Capture]:
    """Redirects worth following: all of an address that has nothing else, and the last one of
    an address that has moved for good."""
    for captures in _by_url(judged).values():
        trailing = list(takewhile(is_redirect, reversed(captures)))
        if len(trailing) == len(captures):
            yield from captures
        elif len(trailing) >= STABLE:
            yield trailing[0]


def _by_url(judged: Iterable[tuple[Capture, str]]) -> dict[str, list[Capture]]:
    found: dict[str, list[Capture]] = {}
    for capture, objection in judged:
        if objection in ("", _REDIRECT):
            found.setdefault(urlkey(capture.original), []).append(capture)
    return found
