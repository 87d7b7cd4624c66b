"""Instruments of law: the days of their lives, and who cites them outside."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DatedReference:
    """An instrument of law cited outside its life span."""

    term: str  # id in legal_terms.toml
    name: str
    quote: str
    captured_at: datetime
    days_after_end: int  # negative: cited before it existed
    end_event: str = ""


@dataclass(frozen=True, slots=True)
class LegalEvent:
    """A day in the life of an instrument of law, to lay under a timeline."""

    on: date
    term: str  # id in legal_terms.toml
    name: str
    event: str  # "starts", "applies", or what ended it
