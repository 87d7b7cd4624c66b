"""Raw responses in `snapshots/<service>/<document>.warc.gz`: added, listed, read; never changed.

One writer at a time (hold the run lock); readers need none. A record that a power cut left
unfinished is invisible to readers and cut off by the next writer.
"""

import mmap
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from tracker import timestamps
from tracker.errors import Unreadable
from tracker.model import Memento, Snapshot, SnapshotSource, sha256
from tracker.store import files, records
from tracker.store.index import Index, load, stamp_of

_SUFFIX = ".warc.gz"


class SnapshotStore:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._indexes: dict[str, Index] = {}

    def __reduce__(self) -> tuple[Callable[[Path], "SnapshotStore"], tuple[Path]]:
        """Sent to another process as its folder alone, and opened there once."""
        return _opened, (self.root,)

    def add(self, policy: str, memento: Memento) -> Snapshot:
        """The snapshot of a replayed capture; the one held where it was added before."""
        capture = memento.capture
        headers = tuple(memento.headers)
        content_type = next((v for name, v in headers if name.lower() == "content-type"), "")
        own_time = timestamps.digits(memento.at)
        snapshot = Snapshot(
            policy=policy,
            url=memento.url,
            captured_at=_whole_second(memento.at),
            sha256=sha256(memento.body),
            record_id="",
            content_type=content_type,
            status=memento.status,
            digest=capture.digest,
            digest_verified=memento.digest_verified,
            memento_url=memento.memento_url,
            archive=capture.archive,
            via=memento.via,
            asked_url=capture.original if capture.original != memento.url else "",
            asked_timestamp=capture.timestamp if capture.timestamp != own_time else "",
        )
        return self._add(snapshot, headers, memento.body)[0]

    def add_file(
        self,
        policy: str,
        *,
        url: str,
        captured_at: datetime,
        body: bytes,
        content_type: str,
        source: SnapshotSource,
        memento_url: str = "",
        archive: str = "",
    ) -> tuple[Snapshot, bool]:
        """The snapshot of an imported file, and whether it is new."""
        snapshot = Snapshot(
            policy=policy,
            url=url,
            captured_at=_whole_second(captured_at),
            sha256=sha256(body),
            record_id="",
            content_type=content_type,
            memento_url=memento_url,
            archive=archive,
            source=source,
        )
        return self._add(snapshot, None, body)

    def list(self, policy: str) -> tuple[Snapshot, ...]:
        """Oldest first; at one time by URL, then source."""
        return self._index(policy).snapshots

    def read(self, snapshot: Snapshot) -> bytes:
        """The body, proven by its SHA-256 to be the one that was added."""
        path = self._path(snapshot.policy)
        index = self._index(snapshot.policy)
        listed = index.entries.get(snapshot.record_id)
        entry = index.entries.get(listed.body_in) if listed else None
        if entry is None:
            raise Unreadable(
                f"{path}: holds no record {snapshot.record_id} ({snapshot.url}, "
                f"{timestamps.iso(snapshot.captured_at)}); restore the file from a backup "
                "or fetch the capture again"
            )
        with files.reading(path), path.open("rb") as file:
            file.seek(entry.offset)
            body = records.body_of(file.read(entry.length))
        if body is None or sha256(body) != snapshot.sha256:
            raise Unreadable(
                f"{path}: the record at byte {entry.offset} does not match its SHA-256; "
                "restore the file from a backup"
            )
        return body

    def policies(self) -> tuple[str, ...]:
        """Ids of all policies with a file, sorted."""
        with files.reading(self.root):
            found = (files.policy_of(path, _SUFFIX) for path in self.root.glob(f"*/*{_SUFFIX}"))
            return tuple(sorted(filter(None, found)))

    def repair(self, policy: str) -> int:
        """How many bytes of an unfinished last record were cut off.

        Damage in the middle is left in place: readers step over it, and it may still be
        recovered by hand.
        """
        path = self._path(policy)
        with files.writing(path):
            size = path.stat().st_size if path.exists() else 0
            if size == self._index(policy).end:
                return 0
            with path.open("rb+") as file:
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    end = records.sound_end(data)
                file.truncate(end)
                os.fsync(file.fileno())
        return size - end

    def _add(
        self, described: Snapshot, headers: records.Headers | None, body: bytes
    ) -> tuple[Snapshot, bool]:
        snapshot = replace(described, record_id=_record_id(described))
        self.repair(snapshot.policy)
        index = self._index(snapshot.policy)
        if held := index.entries.get(snapshot.record_id):
            return held.snapshot, False
        origin = index.responses.get(snapshot.sha256)
        kind, record = _record(snapshot, headers, body, origin)
        opening = b"" if index.stamp[0] else records.info_record(snapshot)
        path = self._path(snapshot.policy)
        files.append(path, opening + record)
        body_in = origin.record_id if origin and kind == "revisit" else snapshot.record_id
        offset = index.stamp[0] + len(opening)
        index.append(path, records.Entry(offset, len(record), kind, snapshot, body_in))
        return snapshot, True

    def _index(self, policy: str) -> Index:
        path = self._path(policy)
        with files.reading(path):
            index = self._indexes.get(policy)
            if index is None or index.stamp != stamp_of(path):
                index = self._indexes[policy] = load(path, policy)
        return index

    def _path(self, policy: str) -> Path:
        return files.policy_path(self.root, policy, _SUFFIX)


@lru_cache(maxsize=8)
def _opened(root: Path) -> SnapshotStore:
    return SnapshotStore(root)


def capture_key(snapshot: Snapshot) -> tuple[str, str, str]:
    """`Capture.key` of the capture this snapshot was asked for with."""
    timestamp = snapshot.asked_timestamp or timestamps.digits(snapshot.captured_at)
    return (timestamp, snapshot.asked_url or snapshot.url, snapshot.digest)


def _record(
    snapshot: Snapshot, headers: records.Headers | None, body: bytes, origin: Snapshot | None
) -> tuple[str, bytes]:
    """The kind of record that says no more than is known, and its bytes."""
    if headers is None or not re.match("https?:", snapshot.url):
        return records.file_record(snapshot, body)
    if origin:
        return "revisit", records.revisit_record(snapshot, headers, body, origin)
    return "response", records.response_record(snapshot, headers, body)


def _record_id(snapshot: Snapshot) -> str:
    """Two captures that were redirected to one page are two records, the second without body."""
    return records.record_id(
        snapshot.policy,
        snapshot.url,
        timestamps.digits(snapshot.captured_at),
        snapshot.sha256,
        snapshot.source,
        *filter(None, (snapshot.asked_url, snapshot.asked_timestamp)),
    )


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
