"""A snapshot as one gzipped WARC record, and back. Touches no file.

`Tracker-Snapshot` holds the whole Snapshot as ASCII JSON: the fields WARC has no name for (asked
URL, redirects, the archive's digest) live there once, and no odd URL can break the header.
"""

import json
import re
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from string import printable
from typing import Any
from urllib.parse import quote

import msgspec
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from tracker import timestamps
from tracker.model import Snapshot

MAGIC = b"\x1f\x8b\x08"
_FIELD = "Tracker-Snapshot"
_URL_SAFE = "".join(sorted(set(printable) - set(' \t\r\n\x0b\x0c"<>\\^`{|}')))
_CHUNK = 1 << 16
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
# True of the bytes the archive sent, not of the body we keep, which is decoded and whole.
_OF_THE_TRANSFER = {"content-encoding", "transfer-encoding", "content-length"}

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a snapshot's record lies in its file."""

    offset: int
    length: int
    kind: str  # "response", "revisit", "resource", "conversion"
    snapshot: Snapshot
    body_in: str  # id of the record that holds the body: a revisit's original, else its own

    @property
    def end(self) -> int:
        return self.offset + self.length


def to_json(value: object) -> str:
    """ASCII, also for lone surrogates, which UTF-8 cannot hold."""
    return json.dumps(msgspec.to_builtins(value), separators=(",", ":"))


def record_id(*parts: str) -> str:
    """
    >>> record_id("acme/privacy")
    '<urn:uuid:24b01d94-faa9-51fe-8d8f-56425682115e>'
    """
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts))}>"


def info_record(first: Snapshot) -> bytes:
    """The `warcinfo` that opens a policy's file; dated by its first snapshot, for equal bytes."""
    lines = {
        "software": "policy-tracker",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": first.policy,
        "description": f"{_FIELD} describes each record as JSON. Bodies are stored decoded; "
        "what was sent differently is kept as Tracker-Orig-*.",
    }
    payload = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
    fields = {
        "WARC-Record-ID": record_id("warcinfo", first.policy),
        "WARC-Date": timestamps.iso(first.captured_at),
    }
    return _gzipped("", "warcinfo", fields, payload)


def response_record(snapshot: Snapshot, headers: Headers, body: bytes) -> bytes:
    return _gzipped(
        _uri(snapshot.url), "response", _fields(snapshot), body, _http(snapshot, headers, body)
    )


def revisit_record(snapshot: Snapshot, headers: Headers, body: bytes, origin: Snapshot) -> bytes:
    """The HTTP headers alone; the body is the one `origin` holds."""
    digester = Digester("sha1")
    digester.update(body)
    fields = _fields(snapshot) | {
        "WARC-Profile": WARCWriter.REVISIT_PROFILE_1_1,
        "WARC-Refers-To": origin.record_id,
        "WARC-Refers-To-Target-URI": _uri(origin.url),
        "WARC-Refers-To-Date": timestamps.iso(origin.captured_at),
        "WARC-Payload-Digest": str(digester),
    }
    return _gzipped(_uri(snapshot.url), "revisit", fields, b"", _http(snapshot, headers, body))


def file_record(snapshot: Snapshot, body: bytes) -> tuple[str, bytes]:
    """A body without HTTP headers: `resource`, or `conversion` for a text somebody extracted.

    A conversion's target is a URN, so that no replay shows the text in place of the page.
    """
    fields = _fields(snapshot)
    if snapshot.content_type:
        fields["Content-Type"] = _one_line(snapshot.content_type)
    if snapshot.source == "raw":
        kind, uri = "resource", _uri(snapshot.url) or _urn(snapshot, "file")
    else:
        kind, uri = "conversion", _urn(snapshot, "extracted")
    return kind, _gzipped(uri, kind, fields, body)


def entries(data: Any) -> Iterator[Entry]:
    """The snapshots of a whole file (bytes or mmap), records of others left out."""
    for offset, length, record in _sound_members(data):
        fields = next(iter(ArchiveIterator(BytesIO(record)))).rec_headers
        described = fields.get_header(_FIELD)
        if described:
            snapshot = msgspec.convert(json.loads(described), Snapshot)
            body_in = fields.get_header("WARC-Refers-To", snapshot.record_id)
            yield Entry(offset, length, fields.get_header("WARC-Type"), snapshot, body_in)


def sound_end(data: Any) -> int:
    """Where the last sound record ends: what follows was cut off by a crash."""
    return max((offset + length for offset, length, _ in _sound_members(data)), default=0)


def looks_cut(data: Any) -> bool:
    """No sound record, but what a power cut leaves of a first one: a gzip's start, or zeros."""
    started = MAGIC.startswith(data[: len(MAGIC)]) and not _inflate(data, 0)[1]
    return started or not any(data[:_CHUNK])


def body_of(record: bytes) -> bytes | None:
    """The payload of one gzipped record, exactly as it was added; None where it is damaged."""
    content, _ = _inflate(record, 0)
    if not content:
        return None
    return bytes(next(iter(ArchiveIterator(BytesIO(content)))).raw_stream.read())


def _sound_members(data: Any) -> Iterator[tuple[int, int, bytes]]:
    """(offset, length, content) of each complete gzip member.

    Damage in the middle is stepped over, to the next place where a whole record reads.
    """
    offset = 0
    while 0 <= offset < len(data):
        content, length = _inflate(data, offset)
        if content.startswith(b"WARC/"):
            yield offset, length, content
            offset += length
        else:
            offset = data.find(MAGIC, offset + 1)


def _inflate(data: Any, offset: int) -> tuple[bytes, int]:
    """The member at `offset` and its length; nothing where it is cut or damaged (CRC)."""
    decompressor = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    position = offset
    try:
        while not decompressor.eof and position < len(data):
            parts.append(decompressor.decompress(data[position : position + _CHUNK]))
            position += _CHUNK
    except zlib.error:
        return b"", 0
    if not decompressor.eof:
        return b"", 0
    end = min(position, len(data)) - len(decompressor.unused_data)
    return b"".join(parts), end - offset


def _gzipped(
    uri: str,
    kind: str,
    fields: dict[str, str],
    payload: bytes,
    http: StatusAndHeaders | None = None,
) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        uri,
        kind,
        payload=BytesIO(payload),
        length=len(payload),
        warc_headers_dict=fields,
        http_headers=http,
    )
    writer.write_record(record)
    return out.getvalue()


def _fields(snapshot: Snapshot) -> dict[str, str]:
    return {
        "WARC-Record-ID": snapshot.record_id,
        "WARC-Date": timestamps.iso(snapshot.captured_at),
        _FIELD: to_json(snapshot),
    }


def _http(snapshot: Snapshot, headers: Headers, body: bytes) -> StatusAndHeaders:
    """The archived headers, honest about the body beside them.

    Not under X-Archive-Orig-*, which in a replay speaks of the body that is sent.
    """
    kept = []
    for name, value in headers:
        transfer = name.lower() in _OF_THE_TRANSFER
        token = _NO_TOKEN.sub("", f"Tracker-Orig-{name}" if transfer else name)
        if token:
            kept.append((token, _one_line(value)))
    kept.append(("Content-Length", str(len(body))))
    try:
        phrase = HTTPStatus(snapshot.status).phrase
    except ValueError:
        phrase = "Unknown"
    return StatusAndHeaders(f"{snapshot.status} {phrase}", kept, protocol="HTTP/1.1")


def _uri(url: str) -> str:
    return quote(url, safe=_URL_SAFE, errors="replace")


def _urn(snapshot: Snapshot, what: str) -> str:
    return f"urn:policy-tracker:{what}:{_uri(snapshot.url or snapshot.policy)}"


def _one_line(value: str) -> str:
    """Fit for a header: no control characters, no lone surrogates."""
    return " ".join(_CONTROL.sub(" ", value).encode("utf-8", "replace").decode().split())
