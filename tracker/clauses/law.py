"""Instruments of law with a life span: who cites one that is gone, or not there yet.

The terms, their dates and sources are in legal_terms.toml. Decides nothing about clauses.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib import resources

from tracker.model import DatedReference, Document, LegalEvent
from tracker.text import canonical, sentences, tidy


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    name: str
    valid_from: date
    valid_to: date | None
    applies_from: date | None
    ended: str
    hints: tuple[str, ...]
    cited: re.Pattern[str]
    unless: re.Pattern[str] | None
    source: str  # where the dates can be checked


def dated_references(
    document: Document, captures: Iterable[datetime]
) -> tuple[DatedReference, ...]:
    """Each instrument that `document` cites outside its life span, for each of the captures that
    show it, with the first sentence that does so. Who says that it is gone does not cite it."""
    cited: dict[str, str] = {}
    for block in document.blocks:
        for term, sentence in _citations(block.text):
            cited.setdefault(term, sentence)
    found = [(terms()[term], cited[term]) for term in terms() if term in cited]
    return tuple(
        DatedReference(term.id, term.name, sentence, at, days, term.ended if days > 0 else "")
        for at in (captures if found else ())
        for term, sentence in found
        if (days := days_outside(term.id, at.date()))
    )


def cited_terms(text: str) -> tuple[str, ...]:
    """Ids of the instruments a sentence cites, in the order of legal_terms.toml.

    >>> cited_terms("We follow the GDPR and are Privacy Shield certified.")
    ('eu_us_privacy_shield', 'gdpr')
    """
    folded = canonical(text)
    lowered = folded.lower()
    return tuple(
        term.id
        for term in terms().values()
        if any(hint in lowered for hint in term.hints)
        and term.cited.search(folded)
        and not (term.unless and term.unless.search(folded))
    )


def citation_labels(before: Document, after: Document) -> tuple[str, ...]:
    """Instruments that a change brings or drops: "now cites GDPR"."""
    old, new = _cited(before), _cited(after)
    return tuple(
        f"{'now' if term.id in new else 'no longer'} cites {term.name}"
        for term in terms().values()
        if (term.id in old) != (term.id in new)
    )


def _cited(document: Document) -> frozenset[str]:
    return frozenset(term for block in document.blocks for term, _ in _citations(block.text))


def days_outside(term: str, on: date) -> int:
    """Days since the end of a term's life span, negative before its start, 0 within."""
    known = terms()[term]
    if known.valid_to and on > known.valid_to:
        return (on - known.valid_to).days
    return min(0, (on - known.valid_from).days)


def legal_events() -> tuple[LegalEvent, ...]:
    """Starts and ends of all terms, oldest first, to lay under a timeline."""
    events = []
    for term in terms().values():
        events.append(LegalEvent(term.valid_from, term.id, term.name, "starts"))
        if term.applies_from:
            events.append(LegalEvent(term.applies_from, term.id, term.name, "applies"))
        if term.valid_to:
            events.append(LegalEvent(term.valid_to, term.id, term.name, term.ended))
    return tuple(sorted(events, key=lambda event: (event.on, event.term, event.event)))


def law_names() -> dict[str, str]:
    """Names of the instruments by id."""
    return {term.id: term.name for term in terms().values()}


@lru_cache(maxsize=1)
def terms() -> dict[str, Term]:
    """All terms by id."""
    return {entry["id"]: _term(**entry) for entry in _shipped()["term"]}


def _term(
    id: str,
    name: str,
    valid_from: date,
    hints: list[str],
    pattern: list[str],
    source: str,
    valid_to: date | None = None,
    applies_from: date | None = None,
    ended: str = "",
    acronyms: Iterable[str] = (),
    unless: Iterable[str] = (),
) -> Term:
    cited = [f"(?i:{'|'.join(pattern)})", *(rf"\b{re.escape(word)}\b" for word in acronyms)]
    but = re.compile("|".join(unless), re.I) if unless else None
    wanted = re.compile("|".join(cited))
    return Term(
        id, name, valid_from, valid_to, applies_from, ended, tuple(hints), wanted, but, source
    )


@lru_cache(maxsize=20_000)
def _citations(paragraph: str) -> tuple[tuple[str, str], ...]:
    """Term and sentence of each citation that does not say the instrument is gone; remembered,
    because most paragraphs stay from version to version."""
    lowered = tidy(paragraph).lower()
    if not any(hint in lowered for hint in _hints()):
        return ()
    return tuple(
        (term, sentence)
        for sentence in sentences(paragraph)
        for term in cited_terms(sentence)
        if not _acknowledged(sentence, paragraph)
    )


def _acknowledged(sentence: str, paragraph: str) -> bool:
    in_sentence, in_paragraph = _acknowledgements()
    return bool(
        in_sentence.search(canonical(sentence)) or in_paragraph.search(canonical(paragraph))
    )


@lru_cache(maxsize=1)
def _acknowledgements() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _shipped()["acknowledged"]
    in_sentence = rf"(?<!\w)(?:{'|'.join(words['sentence'])})"
    return re.compile(in_sentence, re.I), re.compile("|".join(words["paragraph"]), re.I)


@lru_cache(maxsize=1)
def _hints() -> tuple[str, ...]:
    """Most paragraphs hold none of these and are done with."""
    return tuple(sorted({hint for term in terms().values() for hint in term.hints}))


@lru_cache(maxsize=1)
def _shipped() -> dict:  # type: ignore[type-arg]
    path = resources.files("tracker.clauses") / "legal_terms.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
