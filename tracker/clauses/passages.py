"""Clauses as they are compared: folded, cut into words, without the number in front."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tracker.clauses.effects import topic_of
from tracker.clauses.wording import fold, stem, wording
from tracker.model import Clause
from tracker.text import tokens

Place = tuple[int, str]  # block and folded words

_ELISION = re.compile(r"(?<!\w)((?:[cdjlmnst]|qu)')(?=\w)")  # "n'utilise" is two words
# "(a) ", "2.1 ", "- ": renumbering is no rewording.
_NUMBER = re.compile(
    r"(?:(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivxl]{1,6})[.):]+|\d{1,3}(?:\.\d{1,3})+|[-*])\s+)+"
)


@dataclass(frozen=True)
class Spoken:
    """What a sentence is compared by."""

    text: str  # folded
    lead_in: str  # folded
    words: tuple[str, ...]
    stems: tuple[str, ...]
    content: frozenset[str]
    negations: int  # words that deny, the lead-in's too
    language: str


@dataclass(frozen=True)
class Passage:
    clause: Clause
    spoken: Spoken

    @property
    def introduces(self) -> bool:
        """Whether it is the sentence before a list."""
        return self.clause.quote.endswith(":")

    @property
    def listed(self) -> bool:
        """Whether it is part of a list, or introduces one."""
        return self.clause.in_list or self.introduces


def passages(clauses: Iterable[Clause], language: str) -> dict[str, list[Passage]]:
    """By topic, in reading order. A facet goes with the clause of its topic."""
    found: dict[str, dict[tuple[int, str, str], Passage]] = {}
    for clause in clauses:
        place = (clause.block, clause.quote, clause.lead_in)
        group = found.setdefault(topic_of(clause), {})
        if place not in group or "." in group[place].clause.topic:
            group[place] = passage(clause, language)
    return {topic: list(group.values()) for topic, group in found.items()}


def passage(clause: Clause, language: str) -> Passage:
    return Passage(clause, spoken(clause.quote, clause.lead_in, language))


def place(passage: Passage) -> Place:
    """Where a clause's sentence stands; the same for all topics it is on."""
    return passage.clause.block, passage.spoken.text


@lru_cache(maxsize=10_000)
def spoken(quote: str, lead_in: str, language: str) -> Spoken:
    """Remembered: a sentence has several topics and stays over many versions."""
    cues = wording(language)
    text, lead = unnumbered(quote), fold(lead_in)
    words = tuple([word for word in tokens(_ELISION.sub(r"\1 ", text)) if word[0].isalnum()])
    negations = cues.negations(f"{lead} {text}")
    stems = tuple(map(stem, words))
    return Spoken(text, lead, words, stems, cues.content(words), negations, language)


@lru_cache(maxsize=20_000)
def unnumbered(quote: str) -> str:
    """The folded words of a quote, without the number in front.

    >>> unnumbered("(a) We sell.") == unnumbered("2.1 We sell.") == "we sell."
    True
    """
    folded = fold(quote)
    return _NUMBER.sub("", folded, count=1) if _NUMBER.match(folded) else folded
