"""A local archive: WARC and ARC files of a folder, listed and replayed like a remote one."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin

from requests.structures import CaseInsensitiveDict
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from tracker import timestamps
from tracker.archive import cdx, replay, rows
from tracker.archive.answers import Answer
from tracker.archive.settings import ArchiveSettings
from tracker.archive.urlkey import urlkey
from tracker.errors import ConfigError, DamagedBody, NotArchived, Unplayable
from tracker.model import Capture, Listing, Memento

_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_KEPT = ("response", "revisit", "resource")
_MOST_HOPS = 8
_BROKEN = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    AttributeError,  # warcio, for a record without a target
    TypeError,
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record's place, and what it repeats if it is a revisit."""

    capture: Capture
    path: Path
    offset: int
    repeats: tuple[str, str] | None = None  # (URL, timestamp) of the original
    source: str = ""  # where the record says it was got from


_Index = dict[str, list[_Entry]]


@dataclass(frozen=True, slots=True)
class _Response:
    """A record read whole: transfer-coding removed, content-coding kept."""

    status: int
    headers: CaseInsensitiveDict[str]
    stored: bytes
    payload: bytes


class WarcArchive:
    """The index is built from the files when it is first asked for; nothing is written."""

    def __init__(self, settings: ArchiveSettings) -> None:
        if settings.path is None or not settings.path.exists():
            raise ConfigError(
                f"[archive] path = {str(settings.path or '')!r} does not exist; "
                'kind = "warc" needs a WARC file or a folder of them'
            )
        self._path = settings.path
        self._limit = settings.max_body
        self._window = settings.redirect_window
        self._problem = ""
        self.name = str(settings.path)

    @property
    def requests(self) -> int:
        """None: nothing is asked of anybody."""
        return 0

    def list(
        self,
        url: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        resume_key: str | None = None,
        now: datetime,
    ) -> Listing:
        cdx.period(since, until)
        captures = (entry.capture for entry in self._index.get(urlkey(url), []))
        kept = rows.distinct(
            capture
            for capture in captures
            if (since is None or since <= capture.at) and (until is None or capture.at <= until)
        )
        return Listing(kept, now, complete=not self._problem, problem=self._problem)

    def fetch(self, capture: Capture) -> Memento:
        """The memento, or what its redirects lead to inside the files."""
        entry = self._entry(capture)
        via: list[str] = []
        visited = [entry]
        while True:
            response = self._response(entry)
            location = response.headers.get("location", "").strip()
            if response.status not in replay.REDIRECTS or not location:
                return _memento(capture, entry, response, tuple(via), self._limit)
            via.append(entry.capture.original)
            target = urljoin(entry.capture.original, location)
            entry = self._nearest(target, capture.at, visited)
            visited.append(entry)

    def save(self, url: str) -> None:
        raise ConfigError(f"{self.name} is a folder: Save Page Now needs the Wayback Machine")

    def close(self) -> None:
        """Files are open only while they are read."""

    @cached_property
    def _index(self) -> _Index:
        index: _Index = {}
        for path in _files(self._path):
            try:
                for entry in _entries(path, self.name):
                    index.setdefault(entry.capture.urlkey, []).append(entry)
            except _BROKEN as error:
                self._problem = f"{path} cannot be read to its end: {error}"
        return index

    def _entry(self, capture: Capture) -> _Entry:
        for entry in self._index.get(urlkey(capture.original), []):
            if entry.capture.key == capture.key:
                return entry
        raise NotArchived(f"{capture.original} at {capture.timestamp} is not in {self.name}")

    def _nearest(self, url: str, at: datetime, visited: Sequence[_Entry]) -> _Entry:
        """The capture a redirect leads to: nearest in time, the very URL before its variants."""
        candidates = [
            entry
            for entry in self._index.get(urlkey(url), [])
            if abs(entry.capture.at - at) <= self._window and entry not in visited
        ]
        if not candidates or len(visited) > _MOST_HOPS:
            raise Unplayable(
                f"{visited[0].capture.original} at {visited[0].capture.timestamp} redirects to "
                f"{url}, which {self.name} does not hold within {_hours(self._window)}"
            )
        return min(
            candidates,
            key=lambda entry: (
                entry.capture.original != url,
                abs(entry.capture.at - at),
                entry.capture.key,
            ),
        )

    def _response(self, entry: _Entry) -> _Response:
        """The record, a revisit with the body of what it repeats."""
        own = _read(entry, self._limit)
        if entry.capture.mimetype != "warc/revisit":
            return own
        original = _read(self._repeated(entry), self._limit)
        headers = CaseInsensitiveDict({**original.headers, **own.headers})
        for name in ("content-encoding", "transfer-encoding"):
            headers.pop(name, None)
            if name in original.headers:
                headers[name] = original.headers[name]
        return replace(original, status=own.status or original.status, headers=headers)

    def _repeated(self, entry: _Entry) -> _Entry:
        originals = [
            found
            for found in (found for entries in self._index.values() for found in entries)
            if found.capture.mimetype != "warc/revisit"
        ]
        for found in originals:
            if (found.capture.original, found.capture.timestamp) == entry.repeats:
                return found
        for found in originals:
            if entry.capture.digest and found.capture.digest == entry.capture.digest:
                return found
        raise Unplayable(
            f"{entry.capture.original} at {entry.capture.timestamp} repeats a record "
            f"that is not in {self.name}"
        )


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.name.endswith(_SUFFIXES))
    if not found:
        raise ConfigError(f"{path} holds no file ending in {', '.join(_SUFFIXES)}")
    return found


def _entries(path: Path, archive: str) -> Iterator[_Entry]:
    with path.open("rb") as file:
        records = ArchiveIterator(file, arc2warc=True)
        for record in records:
            if record.rec_type not in _KEPT:
                continue
            headers = record.rec_headers
            url = headers.get_header("WARC-Target-URI") or ""
            if not url.startswith(("http:", "https:")):
                continue
            capture = _capture(record, url, archive)
            offset, length = records.get_record_offset(), records.get_record_length()
            yield _Entry(
                replace(capture, length=length),
                path,
                offset,
                _repeats(headers),
                headers.get_header("WARC-Source-URI") or "",
            )


def _capture(record: Any, url: str, archive: str) -> Capture:
    at = timestamps.parse(record.rec_headers.get_header("WARC-Date")[:19] + "Z")
    listed = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    revisit = record.rec_type == "revisit"
    if revisit or record.http_headers is None:
        status, kind = (None if revisit else 200), record.content_type or ""
    else:
        status = int(record.http_headers.get_statuscode())
        kind = record.http_headers.get_header("Content-Type") or "unk"
    return Capture(
        original=url,
        timestamp=timestamps.digits(at),
        at=at,
        digest=listed.removeprefix("sha1:") or replay.digest(_payload(record)[1]),
        status=status,
        mimetype="warc/revisit" if revisit else kind.partition(";")[0].strip(),
        urlkey=urlkey(url),
        archive=archive,
    )


def _repeats(headers: Any) -> tuple[str, str] | None:
    url = headers.get_header("WARC-Refers-To-Target-URI")
    date = headers.get_header("WARC-Refers-To-Date")
    if not url or not date:
        return None
    return url, timestamps.digits(timestamps.parse(date[:19] + "Z"))


def _read(entry: _Entry, limit: int) -> _Response:
    with entry.path.open("rb") as file:
        try:
            return _response(file, entry, limit)
        except _BROKEN as error:
            raise DamagedBody(f"{entry.path} at byte {entry.offset}: {error}") from error


def _response(file: BinaryIO, entry: _Entry, limit: int) -> _Response:
    file.seek(entry.offset)
    record = next(iter(ArchiveIterator(file, arc2warc=True)))
    stored, payload = _payload(record, limit)
    if len(payload) > limit:
        raise Unplayable(f"{entry.capture.original}: larger than {limit} bytes")
    if record.payload_length not in (-1, len(stored)):
        raise DamagedBody(
            f"{entry.path} at byte {entry.offset}: the record has {len(stored)} of "
            f"{record.payload_length} bytes"
        )
    if record.http_headers is None:
        headers = CaseInsensitiveDict({"Content-Type": record.content_type or ""})
        status = 0 if record.rec_type == "revisit" else 200
        return _Response(status, headers, stored, payload)
    return _Response(
        int(record.http_headers.get_statuscode()),
        CaseInsensitiveDict(record.http_headers.headers),
        stored,
        payload,
    )


def _payload(record: Any, limit: int = -1) -> tuple[bytes, bytes]:
    """The body as stored, and without transfer-coding, which some crawlers keep."""
    stored = record.raw_stream.read(limit + 1 if limit >= 0 else None)
    headers = record.http_headers
    if headers is None or headers.get_header("Transfer-Encoding", "").lower() != "chunked":
        return stored, stored
    return stored, ChunkedDataReader(BytesIO(stored)).read()


def _memento(
    capture: Capture, entry: _Entry, response: _Response, via: tuple[str, ...], limit: int
) -> Memento:
    answer = Answer(
        entry.capture.original, response.status, response.headers, response.payload, limit
    )
    digests = replay.digests(answer) | {replay.digest(response.stored)}
    return Memento(
        capture=capture,
        url=entry.capture.original,
        at=entry.capture.at,
        status=response.status,
        headers=tuple(replay.without_transfer(response.headers)),
        body=answer.body,
        memento_url=entry.source,
        via=via,
        digest_verified=not via and capture.digest in digests,
    )


def _hours(window: timedelta) -> str:
    return f"{window.total_seconds() / 3600:g} hours"
