"""A local archive: the WARC and ARC files of a folder, listed and replayed like a remote one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urljoin

from requests.structures import CaseInsensitiveDict

from tracker.archive import cdx, replay, rows
from tracker.archive.answers import Answer
from tracker.archive.settings import ArchiveSettings
from tracker.archive.warc_records import BROKEN, REVISIT, Entry, Response, entries, files, read
from tracker.errors import ConfigError, NotArchived, Unplayable
from tracker.model import Capture, Listing, Memento
from tracker.urlkey import urlkey

_MOST_HOPS = 8
_Index = dict[str, list[Entry]]


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
        self._odd = 0
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
        return Listing(
            kept, now, complete=not self._problem, problem=self._problem, odd_rows=self._odd
        )

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
        for path in files(self._path):
            try:
                for entry in entries(path, self.name):
                    if entry is None:
                        self._odd += 1
                    else:
                        index.setdefault(entry.capture.urlkey, []).append(entry)
            except BROKEN as error:
                reason = " ".join(repr(str(error))[1:-1][:200].split())
                self._problem = f"{path} cannot be read to its end: {reason}"
        return index

    def _entry(self, capture: Capture) -> Entry:
        for entry in self._index.get(urlkey(capture.original), []):
            if entry.capture.key == capture.key:
                return entry
        raise NotArchived(f"{capture.original} at {capture.timestamp} is not in {self.name}")

    def _nearest(self, url: str, at: datetime, visited: Sequence[Entry]) -> Entry:
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

    def _response(self, entry: Entry) -> Response:
        """The record, a revisit with the body of what it repeats."""
        own = read(entry, self._limit)
        if entry.capture.mimetype != REVISIT:
            return own
        original = read(self._repeated(entry), self._limit)
        headers = CaseInsensitiveDict({**original.headers, **own.headers})
        for name in ("content-encoding", "transfer-encoding"):
            headers.pop(name, None)
            if name in original.headers:
                headers[name] = original.headers[name]
        return replace(original, status=own.status or original.status, headers=headers)

    def _repeated(self, entry: Entry) -> Entry:
        originals = [
            found
            for found in (found for entries in self._index.values() for found in entries)
            if found.capture.mimetype != REVISIT
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


def _memento(
    capture: Capture, entry: Entry, response: Response, via: tuple[str, ...], limit: int
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
