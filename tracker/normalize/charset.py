"""Bytes of a page to text. Never raises; undecodable bytes become U+FFFD.

The order is by how often each witness is wrong. A byte-order mark never is. Bytes that decode
as UTF-8 are UTF-8 whatever header or <meta> say: text in another charset passes that test by
chance once in thousands of pages, while "iso-8859-1" in front of UTF-8 is an everyday mistake.
Then the header; then the page's own declaration and the statistics, both by the detector in
BeautifulSoup's UnicodeDammit (which itself would replace, and log, what does not fit); at last
windows-1252, which the undeclared web of 1998 was written in.
"""

import codecs
import re

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
_CODE = re.compile(rb"<(?:script|style)\b", re.I)
_TAG = re.compile(rb"<[^<>]*>")
_HIGH = bytes(range(0x80, 0x100))
_LETTERS = bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B))
_CONTROLS = bytes(range(9))
_FOREIGN = 0.4  # bytes beyond ASCII for each Latin letter
_FEW = 40  # bytes beyond ASCII: statistics on fewer are dice
_LOOKED_AT = 200_000
_LATIN = ("cp1252", "cp1250", "iso8859-2")
_IN_WORDS = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f\xad‘’–—…·](?=[^\W\d_])")
_TELLING = 3
_SAMPLE = 4_000  # bytes; the detectors take seconds for a megabyte
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
    for witness in (_from_header(content_type), _declared(body)):
        text = _attempt(body, witness)
        if text is not None:
            return text
    if _mostly_utf8(body):
        return body.decode("utf-8", "replace")
    text = _attempt(body, _guessed(body) or _central_european(body))
    return text if text is not None else body.decode("cp1252", "replace")


def _from_header(content_type: str | None) -> str | None:
    found = _HEADER.search(content_type or "")
    return found.group(1) if found else None


def _declared(body: bytes) -> str | None:
    """What the page says in <meta> or <?xml?>."""
    from bs4.dammit import EncodingDetector  # a third of a second to import, and most is UTF-8

    return EncodingDetector.find_declared_encoding(body, is_html=True)


def _guessed(body: bytes) -> str | None:
    """What the bytes look like, for scripts other than Latin only.

    Western text has one letter in eight beyond ASCII at most, and guesses among the Latin
    charsets are wrong more often than windows-1252 is. They also differ between the detectors
    BeautifulSoup finds installed, and the same page must give the same text everywhere.
    """
    start, *code = _CODE.split(body[:_LOOKED_AT])
    text = _TAG.sub(b" ", b" ".join([start, *(part.partition(b"</")[2] for part in code)]))
    high = len(text) - len(text.translate(None, _HIGH))
    if high < _FEW or high < _FOREIGN * (len(text) - len(text.translate(None, _LETTERS))):
        return None
    if len(text) != len(text.translate(None, _CONTROLS)):
        return None  # no text in any charset
    from bs4.dammit import EncodingDetector

    words = b" ".join(word for word in text.split() if not word.isascii())
    sample = words[:_SAMPLE].rpartition(b" ")[0] or words[:_SAMPLE]
    candidates = EncodingDetector(sample).encodings
    return next((name for name in candidates if _attempt(sample, name) is not None), None)


def _central_european(body: bytes) -> str | None:
    """The charset of text that is Polish, Slovak or Romanian rather than Western: what would be
    signs between letters in windows-1252 ("spó³ka") are letters there ("spółka")."""
    sample = body[:_LOOKED_AT]
    signs = {name: _signs_in_words(sample.decode(name, "replace")) for name in _LATIN}
    best = min(_LATIN, key=lambda name: signs[name])
    return best if signs["cp1252"] - signs[best] >= _TELLING else None


def _signs_in_words(text: str) -> int:
    return sum(not sign.isalpha() for sign in _IN_WORDS.findall(text))


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
