"""Read WARC and ARC files: what they hold, and one record whole. Damage is an error, not data."""

import contextlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from requests.structures import CaseInsensitiveDict
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from tracker import timestamps
from tracker.archive import replay
from tracker.errors import ConfigError, DamagedBody, Unplayable
from tracker.model import Capture
from tracker.urlkey import urlkey

SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
REVISIT = "warc/revisit"
_KEPT = ("response", "revisit", "resource")
# What warcio raises over files that are cut, or are none.
BROKEN = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    AttributeError,
    TypeError,
    StopIteration,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record's place, and what it repeats if it is a revisit."""

    capture: Capture
    path: Path
    offset: int
    repeats: tuple[str, str] | None = None  # (URL, timestamp) of the original
    source: str = ""  # where the record says it was got from


@dataclass(frozen=True, slots=True)
class Response:
    """A record read whole: transfer-coding removed, content-coding kept."""

    status: int
    headers: CaseInsensitiveDict[str]
    stored: bytes
    payload: bytes


def files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES))
    if not found:
        raise ConfigError(f"{path} holds no file ending in {', '.join(SUFFIXES)}")
    return found


def entries(path: Path, archive: str) -> Iterator[Entry | None]:
    """Each response a file holds, None for one whose headers make no sense; one of BROKEN where
    the file ends before its end."""
    with path.open("rb") as file, contextlib.redirect_stderr(io.StringIO()):
        # warcio writes what it finds in broken files to stderr, control characters and all.
        records = ArchiveIterator(file, arc2warc=True)
        last = 0
        for record in records:
            last = records.offset
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type in _KEPT and url.startswith(("http:", "https:")):
                yield _entry(records, record, url, path, archive)
        if records.offset < path.stat().st_size or _breaks_off(file, last):
            raise EOFError("it is cut in the middle of a record")


def _breaks_off(file: BinaryIO, offset: int) -> bool:
    """Whether the gzip stream from `offset` on lacks its end, which warcio does not notice."""
    file.seek(offset)
    rest = file.read()
    while rest.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        member.decompress(rest)
        if not member.eof:
            return True
        rest = member.unused_data
    return False


def _entry(
    records: ArchiveIterator, record: Any, url: str, path: Path, archive: str
) -> Entry | None:
    try:
        capture = _capture(record, url, archive)
        repeats = _repeats(record.rec_headers)
    except (ValueError, TypeError):
        return None
    offset, length = records.get_record_offset(), records.get_record_length()
    source = record.rec_headers.get_header("WARC-Source-URI") or ""
    return Entry(replace(capture, length=length), path, offset, repeats, source)


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
        mimetype=REVISIT if revisit else kind.partition(";")[0].strip(),
        urlkey=urlkey(url),
        archive=archive,
    )


def _repeats(headers: Any) -> tuple[str, str] | None:
    url = headers.get_header("WARC-Refers-To-Target-URI")
    date = headers.get_header("WARC-Refers-To-Date")
    if not url or not date:
        return None
    return url, timestamps.digits(timestamps.parse(date[:19] + "Z"))


def read(entry: Entry, limit: int) -> Response:
    with entry.path.open("rb") as file:
        try:
            return _response(file, entry, limit)
        except BROKEN as error:
            raise DamagedBody(f"{entry.path} at byte {entry.offset}: {error}") from error


def _response(file: BinaryIO, entry: Entry, limit: int) -> Response:
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
        return Response(status, headers, stored, payload)
    return Response(
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
    return stored, ChunkedDataReader(io.BytesIO(stored)).read()
