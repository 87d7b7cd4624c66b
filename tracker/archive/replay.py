"""Fetch a memento: ask for the archived bytes, and believe nothing but Memento-Datetime.

Archived redirects are followed inside the archive only, within a window, without loops.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from tracker import timestamps
from tracker.archive import coding
from tracker.archive.answers import Answer, memento_datetime
from tracker.archive.transport import Transport
from tracker.errors import DamagedBody, NotArchived, Unplayable
from tracker.model import Capture, Memento

# Chains of 3 and a closed loop of 4 (link.springer.com) are recorded; each station may take one
# more redirect to its nearest capture.
_MOST_HOPS = 12
_EMPTY_DIGEST = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
REDIRECTS = (301, 302, 303, 307, 308)
_LINK = re.compile(r"<([^>]*)>([^<]*)")
_ORIGINAL = re.compile(r'\brel="?[^"]*\boriginal\b')
_REPLAY_PATH = re.compile(r"(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.S)
_LENGTH = re.compile(r"[0-9]{1,15}")
_ARCHIVED = "x-archive-orig-"
# The body in a Memento has its codings removed: with these, readers of a snapshot would remove
# them once more.
_ABOUT_THE_TRANSFER = frozenset(
    "connection content-encoding content-length keep-alive transfer-encoding".split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture is to be replayed."""

    timestamp: str
    url: str


class Replay:
    """`prefix` is what stands before the timestamp: "https://web.archive.org/web/"."""

    def __init__(self, transport: Transport, prefix: str, window: timedelta) -> None:
        self._transport = transport
        self._prefix = prefix
        self._window = window

    def fetch(self, capture: Capture) -> Memento:
        """The memento of exactly this capture, or of what its redirects lead to."""
        place = Place(capture.timestamp, capture.original)
        via: list[str] = []
        visited = {place}
        while True:
            answer = self._transport.get(
                self._address(place), "replay", check=_intact_as(capture if not via else None)
            )
            target = self._target(answer, place, redirected=bool(via))
            self._check_time(answer, capture, place, redirected=bool(via), target=target)
            if target is None:
                return _memento(capture, answer, place, tuple(via))
            if answer.is_memento:
                via.append(_original(answer) or place.url)
            place = target
            if place in visited or len(visited) > _MOST_HOPS:
                raise Unplayable(f"{self._address(place)}: archived redirects lead in a circle")
            visited.add(place)

    def _address(self, place: Place) -> str:
        # A raw "#" would cut the address, and is part of some originals.
        return f"{self._prefix}{place.timestamp}id_/{place.url.replace('#', '%23')}"

    def _target(self, answer: Answer, place: Place, *, redirected: bool) -> Place | None:
        """Where a redirect leads, None for an answer that is the end; errors for neither."""
        location = answer.headers.get("location", "").strip()
        if answer.status in REDIRECTS and location:
            return self._inside(location, place)
        if answer.is_memento:
            return None
        if answer.status == 404 and redirected:
            raise Unplayable(f"{answer.url}: redirected to, but not in the archive")
        if answer.status == 404:
            raise NotArchived(f"{answer.url}: the archive has no such capture")
        raise Unplayable(
            f"{answer.url}: answered {answer.status} without Memento-Datetime: not a capture"
        )

    def _inside(self, location: str, place: Place) -> Place:
        """The forms of Location seen: absolute with https or http, "//host/...", "/web/...", and
        the site's own, which is then looked for at the same time."""
        resolved = urljoin(self._address(place), location)
        if found := split_replay(resolved, self._prefix):
            return found
        if urlsplit(location).scheme in ("", "http", "https"):
            return Place(place.timestamp, urljoin(place.url, location))
        raise Unplayable(f"{self._address(place)}: redirects out of the web, to {location[:80]}")

    def _check_time(
        self,
        answer: Answer,
        capture: Capture,
        place: Place,
        *,
        redirected: bool,
        target: Place | None,
    ) -> None:
        """Unplayable where the archive answers with another capture than the one meant."""
        if answer.is_memento:
            at = memento_datetime(answer.headers)
        else:
            at = _listed(target.timestamp) if target else None
        if at is None:
            raise Unplayable(f"{answer.url}: without a readable Memento-Datetime")
        allowed = self._window if redirected else _precision(capture.timestamp)
        if abs(at - capture.at) > allowed:
            what = "archived redirects lead to" if redirected else "the archive answers with"
            raise Unplayable(
                f"{self._address(place)}: {what} the capture of {timestamps.iso(at)} instead"
            )


def split_replay(url: str, prefix: str) -> Place | None:
    """The place a replay address names, whatever its scheme; None for any other address."""
    inside, wanted = urlsplit(url), urlsplit(prefix)
    if inside.netloc != wanted.netloc or not inside.path.startswith(wanted.path):
        return None
    rest = url.partition(inside.netloc)[2][len(wanted.path) :]
    match = _REPLAY_PATH.match(rest)
    if match is None:
        return None
    return Place(match[1], re.sub(r"^(https?):/+", r"\1://", match[2]))


def _listed(timestamp: str) -> datetime | None:
    try:
        return timestamps.from_index(timestamp)
    except ValueError:
        return None


def _precision(timestamp: str) -> timedelta:
    """How exact a listed time is: the repaired ones of 2000 have lost their seconds."""
    whole = len(timestamp) == 14 and "00" not in (timestamp[4:6], timestamp[6:8])
    return timedelta(0) if whole else timedelta(seconds=59)


def _intact_as(capture: Capture | None) -> Callable[[Answer], None]:
    """A check that the body is whole, and for a listed capture not suddenly empty."""

    def check(answer: Answer) -> None:
        body = answer.body
        if not answer.is_memento or answer.status in REDIRECTS:
            return
        if capture and capture.digest in digests(answer):
            return
        if capture and not body and capture.digest not in ("", _EMPTY_DIGEST):
            raise DamagedBody("the body is empty, but the index says otherwise")
        announced = answer.headers.get(_ARCHIVED + "content-length", "")
        coded = coding.names(answer.headers.get(_ARCHIVED + "content-encoding", ""))
        if _LENGTH.fullmatch(announced) and not coded and len(body) < int(announced):
            raise DamagedBody(f"the body has {len(body)} of {announced} bytes")

    return check


def digests(answer: Answer) -> frozenset[str]:
    """The archive's kind of digest, of the body as sent and with each coding removed: it was
    taken of the body as stored, and which of them that was is not said."""
    return frozenset(digest(layer) for layer in answer.layers)


def digest(body: bytes) -> str:
    """
    >>> digest(b"") == _EMPTY_DIGEST
    True
    """
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _memento(capture: Capture, answer: Answer, place: Place, via: tuple[str, ...]) -> Memento:
    at = memento_datetime(answer.headers)
    assert at is not None, "checked before"
    return Memento(
        capture=capture,
        url=_original(answer) or place.url,
        at=at,
        status=answer.status,
        headers=tuple(_archived_headers(answer.headers)),
        body=answer.body,
        memento_url=answer.url,
        via=via,
        digest_verified=not via and capture.digest in digests(answer),
    )


def _original(answer: Answer) -> str | None:
    """The URL really captured, which may differ in scheme, www and port from the one asked."""
    for url, parameters in _LINK.findall(answer.headers.get("link", "")):
        if _ORIGINAL.search(parameters):
            return str(url)
    return None


def fetch_at(transport: Transport, address: str, capture: Capture) -> Memento:
    """A memento at an address that does not show its timestamp; redirects are not followed."""
    answer = transport.get(address, "replay", check=_intact_as(capture))
    if memento_datetime(answer.headers) != capture.at or answer.status in REDIRECTS:
        raise Unplayable(
            f"{address}: not the capture of {timestamps.iso(capture.at)} (status {answer.status})"
        )
    return _memento(capture, answer, Place(capture.timestamp, capture.original), ())


def _archived_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Those of the archived response, and the type of the body where it names none."""
    archived = {
        name[len(_ARCHIVED) :]: value
        for name, value in headers.items()
        if name.lower().startswith(_ARCHIVED)
    }
    named = {name.lower() for name in archived}
    for name in ("Content-Type", "Location"):
        if name.lower() not in named and name in headers:
            archived[name] = headers[name]
    yield from without_transfer(archived)


def without_transfer(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The headers that still hold once transfer- and content-coding are removed."""
    for name, value in headers.items():
        if name.lower() not in _ABOUT_THE_TRANSFER:
            yield name, value
