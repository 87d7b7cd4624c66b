"""Folding, dates, tokens, sentences: what several stages must agree on."""

from tracker.text.compared import block_key, canonical, fingerprint, tidy
from tracker.text.dating import Dated, dates_of, is_date_line, without_declared_dates
from tracker.text.months import MONTHS, starts_with_month
from tracker.text.patterns import any_of, has_any, phrases
from tracker.text.words import nearest, sentences, tokens

__all__ = [
    "MONTHS",
    "Dated",
    "any_of",
    "block_key",
    "canonical",
    "dates_of",
    "fingerprint",
    "has_any",
    "is_date_line",
    "nearest",
    "phrases",
    "sentences",
    "starts_with_month",
    "tidy",
    "tokens",
    "without_declared_dates",
]
