"""Which kind of file a body really is: by its content first, by its content type second."""

import codecs
import json
import re
import zlib
from typing import Literal

Kind = Literal["html", "pdf", "text", "other"]

MAX_BYTES = 20_000_000  # the largest policy page seen is 3 MB; text grows by pages, not by files

_HTML = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|title|meta|frameset|script|div|p|table|h[1-6]|article"
    rb"|section|main|center|font|span|ul|ol|header|br)\b[^<>]*>",
    re.I,
)
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b"))
_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a ZIP archive or an Office file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"wOF", "a font"),
    (b"\x00\x01\x00\x00\x00", "a font"),
)
# Served as programs or data: never a document, whatever it looks like inside.
_PROGRAMS = ("javascript", "text/css", "image/", "audio/", "video/", "font/")


def decompressed(body: bytes) -> tuple[bytes, str]:
    """The body without a gzip coding left on it, and what is wrong with it ("" if nothing).

    Servers have sent gzip without saying so, and archives replay it as it came.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body, ""
    inflate = zlib.decompressobj(wbits=31)
    try:
        plain = inflate.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        return b"", "damaged gzip data"
    if len(plain) <= MAX_BYTES and not inflate.eof:
        return b"", "gzip data that ends too early"
    return plain, ""


def recognise(body: bytes, content_type: str | None = None) -> tuple[Kind, str]:
    """What an uncompressed body is, and for "other" the name of the thing.

    >>> recognise(b"GIF89a...", "text/html")
    ('other', 'a GIF image')
    """
    start = body[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\f\0")
    if b"%PDF-" in body[:1024]:
        return "pdf", ""
    for magic, name in _MAGIC:
        if start.startswith(magic):
            return "other", name
    kind = (content_type or "").partition(";")[0].strip().lower()
    if any(program in kind for program in _PROGRAMS) and not start.startswith(b"<"):
        return "other", f"served as {kind}"
    if _looks_like_html(start, body, kind):
        return "html", ""
    if _is_json(start, body):
        return "other", "JSON data"
    if _is_binary(body):
        return "other", "binary data of an unknown kind"
    return "text", ""


def _looks_like_html(start: bytes, body: bytes, kind: str) -> bool:
    """HTML by its first tags; Markdown may hold a few tags, so these must come first or be many.

    A `text/html` type alone settles what neither does: a page may start with its text.
    """
    wide = start.replace(b"\0", b"")  # UTF-16
    if wide.startswith(b"<"):
        return not wide.startswith((b"<http", b"<mailto:"))
    tags = len(_HTML.findall(body[:200_000]))
    if "html" in kind:
        return tags > 0
    return tags >= 5 and not re.search(rb"^#{1,6} |\]\(", body[:200_000], re.M)


def _is_json(start: bytes, body: bytes) -> bool:
    if not start.startswith((b"{", b"[")):
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _is_binary(body: bytes) -> bool:
    """Text has next to no control characters; compressed data has one in ten."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    sample = body[:100_000]
    odd = len(sample) - len(sample.translate(None, delete=_CONTROLS))
    return odd > 0.02 * len(sample)
