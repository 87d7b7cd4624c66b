"""Where each snapshot lies in its WARC file, cached in `<document>.index` beside it.

A cache only: where it does not fit the file (size, time of change), or cannot be written, the
file itself is read from end to end.
"""

import json
import mmap
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgspec

from tracker.errors import Unreadable
from tracker.model import Snapshot
from tracker.store import files
from tracker.store.records import Entry, entries, looks_cut, sound_end, to_json

Stamp = tuple[int, int]  # size, time of change in nanoseconds
_ABSENT: Stamp = (0, 0)
_Line = tuple[Stamp, Entry]  # the file's stamp once the entry was written


def stamp_of(path: Path) -> Stamp:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return _ABSENT
    return (stat.st_size, stat.st_mtime_ns)


class Index:
    """The snapshots of one file, true while the file has this stamp.

    Their policy is the one that the file is named after, so that renaming a policy is renaming
    its files.
    """

    def __init__(self, policy: str, stamp: Stamp, found: Iterable[Entry]) -> None:
        self.stamp = stamp
        self._policy = policy
        self.entries: dict[str, Entry] = {}  # by record id, in the file's order
        self.responses: dict[str, Snapshot] = {}  # by SHA-256: what a revisit may refer to
        self.end = 0  # of the last of them
        self._sorted: tuple[Snapshot, ...] | None = None
        for entry in found:
            self._take(entry)

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        if self._sorted is None:
            found = (entry.snapshot for entry in self.entries.values())
            self._sorted = tuple(sorted(found, key=_order))
        return self._sorted

    def append(self, path: Path, entry: Entry) -> None:
        """Take note of a record just written to the end of `path`."""
        self.stamp = stamp_of(path)
        self._take(entry)
        with suppress(OSError), _cache(path).open("a", encoding="ascii") as cache:
            cache.write(_lines([entry], self.stamp))

    def _take(self, entry: Entry) -> None:
        if entry.snapshot.policy != self._policy:
            entry = replace(entry, snapshot=replace(entry.snapshot, policy=self._policy))
        self.entries[entry.snapshot.record_id] = entry
        if entry.kind == "response":
            self.responses.setdefault(entry.snapshot.sha256, entry.snapshot)
        self.end = entry.end
        self._sorted = None


def load(path: Path, policy: str) -> Index:
    """From the cache where it fits, else from the file, then cached."""
    stamp = stamp_of(path)
    cached = _cached(path, stamp)
    if cached is not None:
        return Index(policy, stamp, cached)
    if not stamp[0]:
        return Index(policy, stamp, [])
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = list(entries(data))
        if not found and not sound_end(data) and not looks_cut(data):
            raise Unreadable(f"{path}: not gzipped WARC; move it away and run again")
    with suppress(OSError):
        files.replace(_cache(path), _lines(found, stamp).encode())
    return Index(policy, stamp, found)


def _cached(path: Path, stamp: Stamp) -> list[Entry] | None:
    try:
        text = _cache(path).read_text(encoding="ascii")
        lines = [msgspec.convert(json.loads(line), _Line) for line in text.splitlines()]
    except (OSError, ValueError, msgspec.ValidationError):
        return None
    return [entry for _, entry in lines] if lines and lines[-1][0] == stamp else None


def _lines(found: Iterable[Entry], stamp: Stamp) -> str:
    return "".join(to_json((stamp, entry)) + "\n" for entry in found)


def _cache(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".warc.gz") + ".index")


def _order(snapshot: Snapshot) -> tuple[object, ...]:
    return (snapshot.captured_at, snapshot.url, snapshot.source, snapshot.record_id)
