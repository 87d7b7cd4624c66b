"""Which topics a passage speaks on, and whether it asserts or denies them.

A topic is found where the weights of its phrases in one sentence reach its threshold. A heading
on the same topic lends half a phrase, so that it supports a weak match and never makes one. Topics
that nearly every sentence touches ("the information we collect") yield where the sentence is on
something else: they then need twice the weight, unless the sentence denies them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tracker.clauses.duty import Duties, duties
from tracker.clauses.evidence import Given, evidence_for
from tracker.clauses.finder import Hit
from tracker.clauses.language import guess
from tracker.clauses.lexicon import (
    LANGUAGES,
    Lexicon,
    TopicEntry,
    company_for,
    finder_for,
    load_lexicon,
    yielding,
)
from tracker.clauses.phrases import fold
from tracker.clauses.stance import Reading, combine, read
from tracker.clauses.subject import contractual, speaks
from tracker.model import Stance
from tracker.text import sentences

HEADING_SUPPORT = 0.5
LONGEST = 4_000  # characters of a sentence
ON_WORDS = 0.5  # what a topic counts that no phrase found
BY_WORDS = "words: "  # so begins the rule of such a topic
SURE = 0.8  # log odds of a denial that no phrase found
PASSING = 0.01  # how much of its weight a phrase keeps where it takes no side
UNDOUBTED = 2.0  # weight of a phrase that no other words of its sentence outweigh
LEADING = 0.75  # of the heaviest phrase's weight: lighter ones support, and have no say in stance
YIELDING = 2.0  # times the threshold, for a topic beside one it yields to
LEAD_REACH = 20  # how far before an item a phrase may begin: "we share data with: - partners"
LEAD_TAIL = 200  # folded characters of a lead-in that its items are read with
_PIECE = re.compile(rf"\S(?:.{{0,{LONGEST}}}(?!\S)|.{{1,{LONGEST}}})", re.S)
_BULLET = re.compile(r"^\s*(?:[-*•·▪◦‣]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+")


class Finding(NamedTuple):
    """A topic in one sentence."""

    topic: str  # or "topic.facet"
    stance: Stance
    rule: str  # the phrase of the lexicon that decided, or "words: " and those that did
    action: str
    weight: float

    @property
    def by_words(self) -> bool:
        """Whether no phrase of the lexicon found it, only what words weigh in privacy policies."""
        return self.rule.startswith(BY_WORDS)


def tag(
    text: str, language: str | None = None, *, lexicon: Lexicon | None = None
) -> dict[str, Stance]:
    """The topics of one passage, each with its stance, decided sentence by sentence.

    >>> tag("We never sell your personal data.", "en")["sale_of_data"]
    'denies'
    """
    lexicon = lexicon or load_lexicon()
    language = resolve(language) or guess(text)
    votes: dict[str, list[tuple[Stance, float]]] = {}
    for sentence, lead in passages(text):
        for finding in findings(sentence, language, lexicon, lead):
            votes.setdefault(finding.topic, []).append((finding.stance, finding.weight))
    return {topic: combine(votes[topic]) for topic in order(lexicon, votes)}


def resolve(language: str | None) -> str | None:
    """The lexicon's language for a tag such as "en-GB"; None where the tag says nothing."""
    return language.partition("-")[0].partition("_")[0].casefold() if language else None


def order(lexicon: Lexicon, found: dict[str, list[tuple[Stance, float]]]) -> list[str]:
    """Topics as the lexicon lists them, each with its facets behind it."""
    places = _places(lexicon)
    return sorted(found, key=lambda id: (places[id.partition(".")[0]], id))


@lru_cache(maxsize=8)
def _places(lexicon: Lexicon) -> dict[str, int]:
    return {id: place for place, id in enumerate(lexicon.topics)}


def passages(text: str) -> Iterator[tuple[str, str]]:
    """Sentences and list items of a passage, each with the lead-in of its list."""
    lead = ""
    for line in text.splitlines():
        item = _BULLET.match(line)
        parts = units(line[item.end() :] if item else line)
        for sentence in parts:
            yield sentence, lead if item else ""
        if parts and not item:
            lead = parts[-1] if parts[-1].endswith((":", ",", "...")) else ""


def units(text: str) -> tuple[str, ...]:
    """The sentences of a text; what is too long for a sentence, in pieces.

    The work on a sentence grows with its square; nobody's policy needs longer ones.
    """
    return tuple(
        piece.strip()
        for sentence in sentences(text)
        for piece in ([sentence] if len(sentence) <= LONGEST else _PIECE.findall(sentence))
    )


@lru_cache(maxsize=50_000)
def findings(
    sentence: str, language: str, lexicon: Lexicon, lead: str = "", heading: str = ""
) -> tuple[Finding, ...]:
    """The topics of one sentence or list item, remembered by its text and context."""
    if language not in LANGUAGES:
        return ()
    tail = fold(lead)[-LEAD_TAIL:].rstrip(": ") + ": " if lead else ""
    folded = tail + fold(sentence)
    everything = finder_for(lexicon, language).hits(folded)
    hits = unmasked(everything)
    if tail:
        hits = [h for h in hits if h.end > len(tail) and h.start >= len(tail) - LEAD_REACH]
    grouped = by_topic(hits)
    supported = _heading_topics(heading, language, lexicon) if heading and hits else frozenset()
    beside = company_for(lexicon, language).beside(folded) if hits else {}
    totals = {
        topic: total_weight(own)
        + beside.get(topic, 0.0)
        + (HEADING_SUPPORT if topic in supported else 0.0)
        for topic, own in grouped.items()
    }
    strong = {t: total for t, total in totals.items() if total >= lexicon.topics[t].threshold}
    evidence = evidence_for(language)
    doubted, missing = evidence.judge(folded, totals, strong) if evidence else (frozenset(), [])
    # What only looks like a topic has its words, too.
    missing = [given for given in missing if not excluded(everything, given.topic)]
    if not strong and not missing:
        return ()
    # Most sentences hold no word that denies or limits, and their stance needs no second look.
    plain = all([hit.phrase.topic and not hit.phrase.denies for hit in everything])
    reading = read(folded, language, plain=plain)
    yields_to = yielding(lexicon, language)
    bound = duties(folded, everything, language, heading)
    doubtful = {t for t in doubted if all(hit.phrase.weight < UNDOUBTED for hit in grouped[t])}
    sure = strong.keys() - doubtful
    found: list[Finding] = []
    for topic, total in strong.items():
        entry, own = lexicon.topics[topic], grouped[topic]
        if entry.practice and bound.hold(own):
            continue
        finding, *facets = _decide(entry, own, reading)
        yields = total < YIELDING * entry.threshold and not sure.isdisjoint(yields_to[topic])
        # A denial stays: it may be said of anything, in words that speak for nothing.
        if finding.stance == "denies" or not (yields or topic in doubtful):
            found += [finding, *facets]
    return (*found, *_on_words(missing, reading, bound, lexicon))


def _on_words(
    missing: list[Given], reading: Reading, bound: Duties, lexicon: Lexicon
) -> Iterator[Finding]:
    """Topics told by words alone, but those a user replaced, denials that are not sure, and what
    contracts speak of in such words."""
    weight = PASSING if reading.folded.endswith("?") else ON_WORDS
    on_data = bool(missing) and speaks("data", reading.folded, reading.language)
    for given in missing:
        entry = lexicon.topics[given.topic]
        if entry.practice and bound.hold([given]):
            continue
        if not on_data and contractual(entry, reading.folded, reading.language):
            continue
        stance = reading.stance(given.start, given.end) if entry.deniable else "asserts"
        replaced = lexicon.additions.get(given.topic, {}).get("replace", False)
        if not replaced and (stance != "denies" or given.log_odds >= SURE):
            yield Finding(given.topic, stance, f"{BY_WORDS}{', '.join(given.words)}", "", weight)


def total_weight(hits: list[Hit]) -> float:
    """What the phrases of a topic weigh together, each once."""
    if len(hits) == 1:
        return hits[0].phrase.weight
    return sum({hit.phrase.text: hit.phrase.weight for hit in hits}.values())


def _decide(entry: TopicEntry, hits: list[Hit], reading: Reading) -> list[Finding]:
    """What the phrases of one topic say together, then each facet by its first phrase."""
    sides = [hit for hit in hits if not hit.phrase.mention] or hits
    best = max(sides, key=_rank).phrase
    enough = LEADING * best.weight
    denials = [hit for hit in sides if hit.phrase.denies]
    votes = [
        _vote(hit, reading, entry)
        for hit in sides
        if hit.phrase.weight >= enough and not (denials and _contradicted(hit, denials))
    ]
    stance = combine(votes)
    weight = sum([weight for vote, weight in votes if vote == stance])
    action = next(filter(None, [hit.phrase.action for hit in hits]), "")
    found = {entry.id: Finding(entry.id, stance, best.text, action, weight)}
    for hit in hits:
        phrase = hit.phrase
        if phrase.facet and (id := f"{entry.id}.{phrase.facet}") not in found:
            vote, weight = _vote(hit, reading, entry)
            found[id] = Finding(id, vote, phrase.text, phrase.action, weight)
    return list(found.values())


def _contradicted(hit: Hit, denials: list[Hit]) -> bool:
    """Whether a phrase overlaps one that denies by itself: "ads" in "ad-free" has no say."""
    return not hit.phrase.denies and any(
        denial.start < hit.end and hit.start < denial.end for denial in denials
    )


def _rank(hit: Hit) -> tuple[float, int]:
    return hit.phrase.weight, -hit.start


def _vote(hit: Hit, reading: Reading, entry: TopicEntry) -> tuple[Stance, float]:
    """What one phrase says, and how much that counts: a name, a question, a remark little."""
    weight = hit.phrase.weight
    if hit.phrase.mention or reading.folded.endswith("?") or reading.remarks(hit.start):
        weight *= PASSING
    if entry.deniable:
        stance = reading.stance(hit.start, hit.end, denies=hit.phrase.denies)
    else:  # by the phrase alone: "is not encrypted"
        stance = "denies" if hit.phrase.denies else "asserts"
    if stance == "asserts" and entry.granted and reading.excepts(hit.start):
        stance = "conditional"
    return stance, weight


def unmasked(hits: list[Hit]) -> list[Hit]:
    """The phrases with a topic, without those that an exclusion of the same topic overlaps."""
    masks = [hit for hit in hits if hit.phrase.excludes]
    return [
        hit
        for hit in hits
        if hit.phrase.topic
        and not hit.phrase.excludes
        and not any(
            mask.phrase.topic == hit.phrase.topic and mask.start < hit.end and hit.start < mask.end
            for mask in masks
        )
    ]


def excluded(hits: list[Hit], topic: str) -> bool:
    """Whether an exclusion of the topic stands in the sentence."""
    return any(hit.phrase.excludes and hit.phrase.topic == topic for hit in hits)


def by_topic(hits: list[Hit]) -> dict[str, list[Hit]]:
    grouped: dict[str, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.phrase.topic, []).append(hit)
    return grouped


@lru_cache(maxsize=5_000)
def _heading_topics(heading: str, language: str, lexicon: Lexicon) -> frozenset[str]:
    """What a heading is on: what its words weigh enough for, as in a sentence."""
    grouped = by_topic(unmasked(finder_for(lexicon, language).hits(fold(heading))))
    return frozenset(
        topic
        for topic, hits in grouped.items()
        if total_weight(hits) >= lexicon.topics[topic].threshold
    )
