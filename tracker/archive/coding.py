"""Remove content-codings strictly: a stream cut short is an error, a false label is not.

urllib3 takes a gzip stream cut in half without complaint, so bodies are read as sent and
decoded here.
"""

import zlib
from collections.abc import Iterator

import brotlicffi

from tracker.errors import DamagedBody, Unplayable

_GZIP_MAGIC = b"\x1f\x8b\x08"
_UNREADABLE = {
    "zstd": b"\x28\xb5\x2f\xfd",
    "compress": b"\x1f\x9d",
    "x-compress": b"\x1f\x9d",
}
_MOST_LAYERS = 4
# A body of these types may be meant to be compressed: it is left as it is unless labelled.
_ARCHIVE_TYPES = ("gzip", "octet-stream", "zip", "x-tar", "warc", "compress")


def layers(
    body: bytes, coding: str, *, content_type: str = "", original_coding: str = "", limit: int
) -> tuple[bytes, ...]:
    """The body as sent, then with each coding removed; the last is the page.

    `coding` is the transport's Content-Encoding, `original_coding` the archived one: Wayback has
    sent bodies gzipped under an empty header, gzipped twice, and in brotli nobody asked for.
    """
    found = [body]
    for name in reversed(names(coding)):
        found.append(_remove(name, found[-1], limit))
    if "br" in names(original_coding) and "br" not in names(coding):
        found += _unlabelled_brotli(found[-1], limit)
    if not any(kind in content_type for kind in _ARCHIVE_TYPES):
        while found[-1].startswith(_GZIP_MAGIC) and len(found) <= _MOST_LAYERS:
            found.append(_gunzip(found[-1], limit))
    return tuple(_distinct(found))


def names(coding: str) -> list[str]:
    """
    >>> names(", gzip")
    ['gzip']
    """
    parts = (part.strip().lower() for part in coding.split(","))
    return [part for part in parts if part not in ("", "identity")]


def _remove(name: str, body: bytes, limit: int) -> bytes:
    if not body:
        return body
    if name in ("gzip", "x-gzip"):
        return _gunzip(body, limit) if body.startswith(_GZIP_MAGIC) else body
    if name == "deflate":
        return _inflate(body, limit)
    if name == "br":
        return _unbrotli(body, limit)
    if name in _UNREADABLE and body.startswith(_UNREADABLE[name]):
        raise Unplayable(f"the body is in content-coding {name}, which cannot be read here")
    return body  # "utf-8", "8bit", "text/html": a label that means nothing


def _gunzip(body: bytes, limit: int) -> bytes:
    """All members; bytes after the last that start no member are ignored, as everywhere."""
    out = bytearray()
    while body.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        out += _inflated(member, body, limit - len(out))
        body = member.unused_data
    return bytes(out)


def _inflate(body: bytes, limit: int) -> bytes:
    """Two things are called deflate: with the zlib header (right) and without (common)."""
    try:
        return _inflated(zlib.decompressobj(), body, limit)
    except DamagedBody:
        return _inflated(zlib.decompressobj(-zlib.MAX_WBITS), body, limit)


def _inflated(decoder: "zlib._Decompress", body: bytes, limit: int) -> bytes:
    try:
        out = decoder.decompress(body, limit + 1)
    except zlib.error as error:
        raise DamagedBody(f"the compressed body is broken: {error}") from error
    if len(out) > limit:
        raise Unplayable(f"the body grows beyond {limit} bytes when decompressed")
    if not decoder.eof:
        raise DamagedBody("the compressed body ends before its end mark")
    return out


def _unbrotli(body: bytes, limit: int) -> bytes:
    decoder = brotlicffi.Decompressor()
    try:
        out = bytes(decoder.decompress(body, output_buffer_limit=limit + 1))
    except brotlicffi.error as error:
        raise DamagedBody(f"the brotli body is broken: {error}") from error
    if len(out) > limit:
        raise Unplayable(f"the body grows beyond {limit} bytes when decompressed")
    if not decoder.is_finished():
        raise DamagedBody("the brotli body ends before its end mark")
    return out


def _unlabelled_brotli(body: bytes, limit: int) -> list[bytes]:
    """Brotli has no magic bytes: decode where that works and the body is no text as it is."""
    try:
        body.decode()
    except UnicodeDecodeError:
        try:
            return [_unbrotli(body, limit)]
        except DamagedBody:
            return []
    return []


def _distinct(found: list[bytes]) -> Iterator[bytes]:
    for index, body in enumerate(found):
        if index == 0 or body != found[index - 1]:
            yield body
