"""Bytes of a page to text. Never raises; undecodable bytes become U+FFFD.

The order is by how often each witness is wrong. A byte-order mark never is. Bytes that decode
as UTF-8 are UTF-8 whatever header or <meta> say: text in another charset passes that test by
chance once in thousands of pages, while "iso-8859-1" in front of UTF-8 is an everyday mistake.
Then the header; then the page's own declaration and the statistics of BeautifulSoup's
UnicodeDammit; at last windows-1252, which the undeclared web of 1998 was written in.
"""

import codecs
import re
import warnings

from bs4.dammit import UnicodeDammit

_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Browsers read these labels as their Windows supersets; so do authors: the quotes of Word are
# C1 control characters in the standards and letters in the supersets.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Declared, but impossible in a page whose declaration was readable as ASCII.
_IMPOSSIBLE = ("utf-16", "utf-32", "utf-7")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of `body`.

    >>> decode("“café”".encode("utf-8"), "text/html; charset=iso-8859-1")
    '“café”'
    >>> decode("“café”".encode("cp1252"))
    '“café”'
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for witness in (_from_header(content_type), _from_page(body)):
        text = _attempt(body, witness)
        if text is not None:
            return text
    if _mostly_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode("cp1252", "replace")


def _from_header(content_type: str | None) -> str | None:
    found = _HEADER.search(content_type or "")
    return found.group(1) if found else None


def _from_page(body: bytes) -> str | None:
    """What the page declares, or what its bytes look like, by UnicodeDammit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it announces replaced characters as a warning
        return UnicodeDammit(body, is_html=True).original_encoding


def _attempt(body: bytes, name: str | None) -> str | None:
    """`body` in the charset called `name`, or None where the name or the bytes refuse."""
    if not name or name.lower().startswith(_IMPOSSIBLE):
        return None
    try:
        codec = codecs.lookup(name).name
        text = body.decode(_SUPERSETS.get(codec, codec))
    except (LookupError, ValueError):
        return None
    return text if isinstance(text, str) else None


def _mostly_utf8(body: bytes) -> bool:
    """Whether UTF-8 with a few damaged bytes explains `body`: cut in a character, or two
    sources pasted together."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    beyond_ascii = sum(1 for character in text if character > "\x7f") - damaged
    return beyond_ascii > 4 * damaged
