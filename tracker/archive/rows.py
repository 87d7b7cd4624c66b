"""Read the rows of a CDX page: any bytes in, captures out, never an exception. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracker import timestamps
from tracker.model import Capture

_STATUS = re.compile(r"[0-9]{1,3}|-")
_SHA1 = re.compile(r"[A-Z2-7]{32}|-")
_TIMESTAMP = re.compile(r"[0-9]{4,14}")
_WHOLE_TIMESTAMP = re.compile(r"[0-9]{14}")
_LENGTH = re.compile(r"[0-9]{1,15}")
# No terminal, header or file name may be steered by a URL out of the index.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# Screenshots of Save Page Now are listed under the page's own key.
_SCREENSHOT = re.compile(r"https?://web\.archive\.org/screenshot/", re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the index."""

    captures: tuple[Capture, ...]
    rows: int  # lines that were not blank, odd ones and screenshots included
    odd: int  # of them, those no reading made sense of
    resume_key: str | None
    cut: bool = False  # as many rows as asked for, but no key to go on with


def parse(text: str, archive: str) -> Page:
    """Rows, then perhaps a blank line and a resume key.

    Lines end at newlines alone: str.splitlines would also cut at U+2028 inside a URL.
    """
    lines = [line.rstrip("\r") for line in text.rstrip("\r\n").split("\n")]
    key = _resume_key(lines)
    if key is not None:
        lines.pop()
    rows = [line for line in lines if line.strip()]
    captures = []
    odd = 0
    for row in rows:
        capture = parse_row(row, archive)
        if capture is None:
            odd += 1
        elif not _SCREENSHOT.match(capture.original):
            captures.append(capture)
    return Page(tuple(captures), len(rows), odd, key)


def parse_row(row: str, archive: str) -> Capture | None:
    """A capture, or None for a row cut short, out of order, or with control characters.

    >>> row = "com,a)/ 20000012170449 http://a.com:80/ text/html 200 - 312"
    >>> parse_row(row, "").at.isoformat()
    '2000-12-17T04:49:00+00:00'
    """
    fields = row.split(" ")
    if len(fields) < 7 or _CONTROL.search(row):
        return None
    start = _timestamp_index(fields)
    end = _status_index(fields, start + 3)
    timestamp = fields[start]
    if end is None or not _TIMESTAMP.fullmatch(timestamp):
        return None
    try:
        at = timestamps.from_index(timestamp)
    except ValueError:
        return None
    status, digest, length = fields[end : end + 3]
    return Capture(
        original=" ".join(fields[start + 1 : end - 1]),
        timestamp=timestamp,
        at=at,
        digest="" if digest == "-" else digest,
        status=int(status) if status.isdigit() else None,
        mimetype=fields[end - 1],
        urlkey=" ".join(fields[:start]),
        length=int(length) if _LENGTH.fullmatch(length) else None,
        archive=archive,
    )


def _timestamp_index(fields: list[str]) -> int:
    """Where the timestamp stands: at 1, or further right where the key holds raw spaces."""
    whole = (i for i in range(2, len(fields) - 5) if _WHOLE_TIMESTAMP.fullmatch(fields[i]))
    return 1 if _TIMESTAMP.fullmatch(fields[1]) else next(whole, 1)


def _status_index(fields: list[str], first: int) -> int | None:
    """Where the status stands: at `first`, or further right where the URL holds raw spaces."""
    for index in range(first, len(fields) - 2):
        if _STATUS.fullmatch(fields[index]) and _SHA1.fullmatch(fields[index + 1]):
            return index
    # A digest of another kind ("sha256:...", hexadecimal): only the plain layout is certain.
    plain = len(fields) > first + 2 and _STATUS.fullmatch(fields[first])
    return first if plain and len(fields[first + 1]) > 1 else None


def _resume_key(lines: list[str]) -> str | None:
    """The last line, where it follows a blank one or stands alone, and is one word."""
    if not lines or not lines[-1] or " " in lines[-1] or _CONTROL.search(lines[-1]):
        return None
    alone = all(not line for line in lines[:-1])
    return lines[-1] if alone or not lines[-2] else None


def distinct(captures: Iterable[Capture]) -> tuple[Capture, ...]:
    """Each capture once, oldest first: 2,936 rows of the recorded corpus occur 2 to 5 times."""
    by_key = {capture.key: capture for capture in captures}
    return tuple(sorted(by_key.values(), key=lambda c: (c.at, c.timestamp, c.original, c.digest)))
