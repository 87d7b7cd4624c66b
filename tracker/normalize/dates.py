"""The dates a document gives itself: when it was last changed, and from when it holds."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from tracker.model import Block
from tracker.text import MONTHS, Dated, dates_of

Order = Literal["day", "month", ""]

_EARLIEST, _LATEST = 1990, 2100  # no policy of the web is older; a later year is a misprint
_NUMERIC = re.compile(r"([0-9](?<!\d\d)\d?)[-/.](\d{1,2})[-/.](\d{4}|\d\d)(?!\d)")
_FRONT, _BACK = 40, 40  # blocks: dates stand above the text or below it


def own_dates(blocks: Sequence[Block], language: str) -> tuple[date | None, date | None]:
    """The declared and the effective date, each None where the document states none
    or where "03/05/2018" could be read in two ways."""
    edges = (*blocks[:_FRONT], *blocks[max(_FRONT, len(blocks) - _BACK) :])
    stated = [stated for block in edges for stated in dates_of(block.text)]
    if not stated:
        return None, None
    numeric = any(_NUMERIC.search(written) for _, written in stated)
    order = _order(edges, language) if numeric else ""
    return _first(stated, "declared", order), _first(stated, "effective", order)


def _first(stated: Iterable[tuple[Dated, str]], wanted: Dated, order: Order) -> date | None:
    days = (parse(written, order) for says, written in stated if says == wanted)
    return next((day for day in days if day), None)


def _order(blocks: Iterable[Block], language: str) -> Order:
    """Whether day or month comes first in "03/05/2018": as other dates of the document show,
    else as the language has it; English has both."""
    votes: set[Order] = set()
    for block in blocks:
        for one, other, _ in _NUMERIC.findall(block.text):
            if int(one) > 12 >= int(other):
                votes.add("day")
            elif int(other) > 12 >= int(one):
                votes.add("month")
    if votes:
        return votes.pop() if len(votes) == 1 else ""
    return "" if language in ("en", "") else "day"


def parse(written: str, order: Order = "") -> date | None:
    """The day `written` means; the first of the month where it names none.

    >>> parse("3 de mayo de 2018"), parse("February 2018")
    (datetime.date(2018, 5, 3), datetime.date(2018, 2, 1))
    >>> parse("03/05/2018", "day")
    datetime.date(2018, 5, 3)
    >>> parse("03/05/2018") is None
    True
    """
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    named = next((MONTHS[w] for w in re.findall(r"[^\W\d_]+", written.lower()) if w in MONTHS), 0)
    if named:
        day, year = (numbers[0], numbers[1]) if len(numbers) > 1 else (1, numbers[0])
        return _date(year, named, day)
    if len(numbers) == 2:
        return _date(numbers[1], numbers[0], 1)
    if numbers[0] > 31:
        return _date(*numbers)
    one, other, year = numbers
    dotted = "." in written
    if one == other or other > 12 or (order == "month" and not dotted):
        return _date(year, one, other)
    if one > 12 or order == "day" or dotted:
        return _date(year, other, one)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    try:
        return date(year, month, day) if _EARLIEST <= year <= _LATEST else None
    except ValueError:
        return None
