"""Bytes of a page to text. Never raises; undecodable bytes become U+FFFD.

The order is by how often each witness is wrong. A byte-order mark never is. Bytes that decode
as UTF-8 are UTF-8 whatever header or <meta> say: text in another charset passes that test by
chance once in thousands of pages, while "iso-8859-1" in front of UTF-8 is an everyday mistake.
Then the header and the page's own declaration, unless what comes out cannot be meant: editors
wrote "iso-8859-1" into every page. Then statistics by the detector in BeautifulSoup's UnicodeDammit
(which itself would replace, and log, what does not fit); at last windows-1252, which the undeclared
web of 1998 was written in, or what else makes words of its letters.
"""

import codecs
import re

from tracker.normalize import alphabets, scripts

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
# Control characters in the standards' charsets, letters in these.
_C1 = re.compile(b"[\x80-\x9f]")
_WITH_C1 = {
    "iso8859-2": "cp1250",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
_FIRST_TAGS = 12  # bytes
_CODE = re.compile(rb"<(?:script|style)\b", re.I)
_TAG = re.compile(rb"<[^<>]*>")
_HIGH = bytes(range(0x80, 0x100))
_LETTERS = bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B))
_CONTROLS = bytes(range(9))
_FOREIGN = 0.4  # bytes beyond ASCII for each Latin letter
_FEW = 40  # bytes beyond ASCII: statistics on fewer are dice
_LOOKED_AT = 200_000
_CYRILLIC = ("koi8-r", "koi8-u", "cp1251")
# "рЕТУПОБМШОЩЕ": in the wrong one of these, small letters come out large and large ones small.
_INVERTED, _SMALL, _LARGE = map(re.compile, ("[а-я][А-Я]", "[а-я]", "[А-Я]"))
_TELLING = 3
_KANA, _SOME_KANA = re.compile("[ぁ-ヶ]"), 0.05  # Taiwan's charset read as China's
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
        return body.decode(_seven_bits(body) or _sixteen_bits(body) or "utf-8")
    except UnicodeDecodeError:
        pass
    for witness in (_from_header(content_type), _declared(body)):
        text = _attempt(body, witness)
        if text is not None and _may_be_meant(body, text, _codec(witness or "")):
            return text
    if _mostly_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode(_codec(_guessed(body)) or "cp1252", "replace")


def _seven_bits(body: bytes) -> str:
    """The charset of Japanese mail, all ASCII to the eye: escapes lead to its characters."""
    found = b"\x1b" in body and (b"\x1b$B" in body or b"\x1b$@" in body)
    return "iso2022_jp_ext" if found else ""


def _sixteen_bits(body: bytes) -> str:
    """UTF-16 without its byte-order mark: every other byte of a page's first tags is zero."""
    start = body[:_FIRST_TAGS]
    for name, zeros, others in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if len(start) == _FIRST_TAGS and not any(start[zeros::2]) and all(start[others::2]):
            return name
    return ""


def _may_be_meant(body: bytes, text: str, codec: str) -> bool:
    """Whether a declared charset that can decode `body` makes sense of it."""
    sample = text[:_LOOKED_AT]
    if codec == "cp1252":
        return _codec(_guessed(body)) in ("cp1252", "")
    if codec in _CYRILLIC:
        mostly_large = len(_LARGE.findall(sample)) > len(_SMALL.findall(sample))
        return not (mostly_large and len(_INVERTED.findall(sample)) >= _TELLING)
    if codec == "gb18030":
        return len(_KANA.findall(sample)) < _SOME_KANA * sum(sign > "\x7f" for sign in sample)
    return True


def _from_header(content_type: str | None) -> str | None:
    found = _HEADER.search(content_type or "")
    return found.group(1) if found else None


def _declared(body: bytes) -> str | None:
    """What the page says in <meta> or <?xml?>."""
    from bs4.dammit import EncodingDetector  # a third of a second to import, and most is UTF-8

    return EncodingDetector.find_declared_encoding(body, is_html=True)


def _guessed(body: bytes) -> str:
    """What the bytes look like: statistics for other scripts, the letters' languages for Latin.

    Western text has one letter in eight beyond ASCII at most, and the detectors' guesses among the
    Latin charsets are wrong more often than windows-1252 is. They also differ between the detectors
    BeautifulSoup finds installed, and the same page must give the same text everywhere.
    """
    start, *code = _CODE.split(body[:_LOOKED_AT])
    text = _TAG.sub(b" ", b" ".join([start, *(part.partition(b"</")[2] for part in code)]))
    latin = alphabets.charset_of(text)
    high = len(text) - len(text.translate(None, _HIGH))
    many = high > _FOREIGN * (len(text) - len(text.translate(None, _LETTERS)))
    if high < _FEW or not (many or latin == ""):
        return latin
    if len(text) != len(text.translate(None, _CONTROLS)):
        return latin  # no text in any charset
    words = b" ".join(word for word in text.split() if not word.isascii())[:_SAMPLE]
    if name := scripts.charset_of(words):
        return name
    from bs4.dammit import EncodingDetector

    sample = words.rpartition(b" ")[0] or words
    candidates = EncodingDetector(sample).encodings
    return next((name for name in candidates if _attempt(sample, name) is not None), latin)


def _attempt(body: bytes, name: str | None) -> str | None:
    """`body` in the charset called `name`, or None where the name or the bytes refuse."""
    if not name or name.lower().startswith(_IMPOSSIBLE):
        return None
    codec = _codec(name)
    if codec in _WITH_C1 and _C1.search(body):
        codec = _WITH_C1[codec]
    try:
        text = body.decode(codec)
    except (LookupError, ValueError):
        return None
    return text if isinstance(text, str) else None


def _codec(name: str) -> str:
    """What browsers read where `name` is declared; "" for what is no charset."""
    for known in (name, name.lower().removeprefix("x-")):
        try:
            codec = codecs.lookup(known).name
        except (LookupError, ValueError):
            continue
        return _SUPERSETS.get(codec, codec)
    return ""


def _mostly_utf8(body: bytes) -> bool:
    """Whether UTF-8 with a few damaged bytes explains `body`: cut in a character, or two
    sources pasted together."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    beyond_ascii = sum(1 for character in text if character > "\x7f") - damaged
    return beyond_ascii > 4 * damaged
