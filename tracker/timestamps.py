"""Times: the archive's 14 digits, ISO 8601, and the one clock. Everything is aware UTC."""

import re
from datetime import UTC, date, datetime, timedelta

_WANTED = (
    "YYYY-MM-DD, YYYY-MM, YYYY-MM-DDTHH:MM:SSZ or the archive's digits YYYY[MM[DD[hh[mm[ss]]]]]"
)

# How long what so many digits name lasts at most: a year, a month, a day, an hour, a minute.
_LONGEST = {
    4: timedelta(days=366),
    6: timedelta(days=31),
    8: timedelta(days=1),
    10: timedelta(hours=1),
    12: timedelta(minutes=1),
}


def now() -> datetime:
    """The only clock; everything else is handed a time."""
    return datetime.now(UTC).replace(microsecond=0)


def digits(at: datetime) -> str:
    """
    >>> digits(datetime(2015, 6, 12, 13, 37, 24, tzinfo=UTC))
    '20150612133724'
    """
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def iso(at: datetime) -> str:
    """
    >>> iso(datetime(2015, 6, 12, 13, 37, 24, tzinfo=UTC))
    '2015-06-12T13:37:24Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(at: datetime) -> str:
    """
    >>> day(datetime(2015, 6, 12, 13, 37, 24, tzinfo=UTC))
    '2015-06-12'
    """
    return at.astimezone(UTC).date().isoformat()


def parse(text: str) -> datetime:
    """A time from ISO 8601 or from 4 to 14 digits; missing parts are the earliest possible.

    >>> parse("20150612133724").isoformat()
    '2015-06-12T13:37:24+00:00'
    >>> parse("2018-05-01").isoformat(), parse("2018-05").isoformat()
    ('2018-05-01T00:00:00+00:00', '2018-05-01T00:00:00+00:00')
    """
    cleaned = re.sub(r"^(\d{4})-(\d\d)$", r"\1\2", text.strip())
    if re.fullmatch(r"\d{4}(\d\d){0,5}", cleaned):
        filled = cleaned + "00000101000000"[len(cleaned) :]
        try:
            return datetime.strptime(filled, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError as error:
            raise ValueError(f'"{text}" is not a time; expected {_WANTED}') from error
    try:
        at = datetime.fromisoformat(cleaned)
    except ValueError as error:
        raise ValueError(f'"{text}" is not a time; expected {_WANTED}') from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def parse_end(text: str) -> datetime:
    """The last second of the year, month, day, hour or minute that `text` names.

    >>> parse_end("2018").isoformat(), parse_end("2018-05-01").isoformat()
    ('2018-12-31T23:59:59+00:00', '2018-05-01T23:59:59+00:00')
    >>> parse_end("2018-02").isoformat(), parse_end("20150612133724").isoformat()
    ('2018-02-28T23:59:59+00:00', '2015-06-12T13:37:24+00:00')
    """
    start, named = parse(text), len(re.sub(r"\D", "", text))
    if named not in _LONGEST or start.year == 9999:
        return start
    after = start + _LONGEST[named]
    if named == 4:
        after = after.replace(month=1, day=1)
    if named == 6:
        after = after.replace(day=1)
    return after - timedelta(seconds=1)


def from_index(timestamp: str) -> datetime:
    """A CDX timestamp, repaired where the archive's own are odd; ValueError where hopeless.

    Crawls of 2000 carry an inserted "00" month or day with the seconds cut off
    (20000012170449, 20000008241731, 20100100190155): drop the zeros, append them at the end.
    12-digit ones lack the seconds.

    >>> from_index("20000012170449").isoformat()
    '2000-12-17T04:49:00+00:00'
    >>> from_index("20100100190155").isoformat()
    '2010-01-19T01:55:00+00:00'
    """
    if not re.fullmatch(r"\d{4,14}", timestamp):
        raise ValueError(f'"{timestamp}" is not a CDX timestamp')
    for index in (4, 6):
        if timestamp[index : index + 2] == "00":
            timestamp = timestamp[:index] + timestamp[index + 2 :] + "00"
    return parse(timestamp[: len(timestamp) // 2 * 2])


def midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)
