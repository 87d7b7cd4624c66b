"""Which clause of the old text became which of the new: by topic, action, wording and position.

First the same words, then the likest, best pair first; then the pieces of a clause that was cut in
two, or grew together, are told apart from what is really gone or new.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel, LCSseq

from tracker.clauses.effects import NO_STAND, topic_of
from tracker.clauses.wording import fold, stem, wording
from tracker.model import Clause
from tracker.text import tokens

# Unrelated sentences on one topic share a quarter to two fifths of their words in order.
_ALIKE = 0.55
_ALIKE_IN_PLACE = 0.35  # where the blocks are partners already
_PIECE = 0.8  # of the shorter one's words are in the longer one, in order ...
_PIECE_WORDS = 5  # ... and these are no handful
# Opposite stances are one clause turned round where so much stayed the same.
_FLIP = 0.6
_FLIP_OBJECT = 0.75  # of the content words, at least three, and the action
# ... or, where the topic as a whole turned round, of the content words, at least two: fewer if
# the action is known to be the same.
_FLIP_WHOLE, _FLIP_WHOLE_ACTION = 0.6, 0.4
_NOWHERE = (frozenset[int](), False)
_MOST_SCORED = 40_000  # pairs of a topic; beyond, only those in partner blocks are looked at

Places = Mapping[int, tuple[frozenset[int], bool]]  # old block -> its new ones; whether in place
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


@dataclass(frozen=True)
class Passage:
    clause: Clause
    spoken: Spoken


@dataclass(frozen=True)
class Pairing:
    before: Passage
    after: Passage
    likeness: float  # words in common and in order, of all words
    in_place: bool
    shared: frozenset[str]  # the object: content words of both
    flips: bool  # opposite stances on the same action and object

    @property
    def same_words(self) -> bool:
        return self.before.spoken.words == self.after.spoken.words


@dataclass(frozen=True)
class Paired:
    """What became of the clauses of one topic."""

    pairs: tuple[Pairing, ...]
    lost: tuple[Passage, ...]
    new: tuple[Passage, ...]


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
    return Passage(clause, _spoken(clause.quote, clause.lead_in, language))


@lru_cache(maxsize=10_000)
def _spoken(quote: str, lead_in: str, language: str) -> Spoken:
    """Remembered: a sentence has several topics and stays over many versions."""
    cues = wording(language)
    text, lead = unnumbered(quote), fold(lead_in)
    words = tuple([word for word in tokens(_ELISION.sub(r"\1 ", text)) if word[0].isalnum()])
    negations = cues.negations(f"{lead} {text}")
    return Spoken(text, lead, words, tuple(map(stem, words)), cues.content(words), negations)


@lru_cache(maxsize=20_000)
def unnumbered(quote: str) -> str:
    """The folded words of a quote, without the number in front.

    >>> unnumbered("(a) We sell.") == unnumbered("2.1 We sell.") == "we sell."
    True
    """
    folded = fold(quote)
    return _NUMBER.sub("", folded, count=1) if _NUMBER.match(folded) else folded


def pair(before: Sequence[Passage], after: Sequence[Passage], places: Places) -> Paired:
    """Partners within one topic, each clause once."""
    whole = _turned_round(before, after)
    pairs = _best(_same(before, after, places))
    lost, new = _without(before, after, pairs)
    pairs += _best(_alike(lost, new, places, whole))
    lost, new = _without(before, after, pairs)
    return Paired(
        tuple(pairs),
        tuple(p for p in lost if not any(_piece(p, pairing.after) for pairing in pairs)),
        tuple(p for p in new if not any(_piece(p, pairing.before) for pairing in pairs)),
    )


def _same(
    before: Sequence[Passage], after: Sequence[Passage], places: Places
) -> Iterator[tuple[float, Pairing]]:
    """Pairs of the same words; those that stayed in place first."""
    known: dict[tuple[str, str], list[Passage]] = {}
    for candidate in after:
        known.setdefault((candidate.spoken.text, candidate.spoken.lead_in), []).append(candidate)
    for old in before:
        for new in known.get((old.spoken.text, old.spoken.lead_in), ()):
            pairing = _pairing(old, new, 1.0, places, whole=False)
            yield pairing.in_place + (old.clause.section == new.clause.section) / 2, pairing


def _alike(
    before: Sequence[Passage], after: Sequence[Passage], places: Places, whole: bool
) -> Iterator[tuple[float, Pairing]]:
    """Pairs that can be one clause, with how much speaks for it."""
    few = len(before) * len(after) <= _MOST_SCORED
    for old in before:
        partners, _ = places.get(old.clause.block, _NOWHERE)
        for new in after:
            near = new.clause.block in partners
            if not few and not near:
                continue
            likeness = Indel.normalized_similarity(old.spoken.stems, new.spoken.stems)
            pairing = _pairing(old, new, likeness, places, whole)
            if _believable(pairing, near):
                yield likeness + _signs(pairing, near), pairing


def _believable(pairing: Pairing, near: bool) -> bool:
    stances = {pairing.before.clause.stance, pairing.after.clause.stance}
    if stances == {"asserts", "denies"} and not _read_otherwise(pairing.before, pairing.after):
        return pairing.flips
    if pairing.likeness >= (_ALIKE_IN_PLACE if near else _ALIKE):
        return True
    return _piece(pairing.before, pairing.after) or _piece(pairing.after, pairing.before)


def _signs(pairing: Pairing, near: bool) -> float:
    before, after = pairing.before, pairing.after
    fewer = min(len(before.spoken.content), len(after.spoken.content)) or 1
    return (
        0.15 * near
        + 0.1 * (before.clause.action == after.clause.action)
        + 0.1 * (before.clause.stance == after.clause.stance)
        + 0.3 * len(pairing.shared) / fewer
    )


def _pairing(old: Passage, new: Passage, likeness: float, places: Places, whole: bool) -> Pairing:
    blocks, stayed = places.get(old.clause.block, _NOWHERE)
    shared = old.spoken.content & new.spoken.content
    flips = {old.clause.stance, new.clause.stance} == {"asserts", "denies"} and _same_matter(
        old, new, likeness, len(shared), whole
    )
    return Pairing(old, new, likeness, stayed and new.clause.block in blocks, shared, flips)


def _same_matter(old: Passage, new: Passage, likeness: float, shared: int, whole: bool) -> bool:
    """Whether action and object are the same, so that opposite stances contradict."""
    if _read_otherwise(old, new):
        return False
    actions = old.clause.action, new.clause.action
    if all(actions) and actions[0] != actions[1]:
        return False
    overlap = shared / (min(len(old.spoken.content), len(new.spoken.content)) or 1)
    enough = _FLIP_WHOLE_ACTION if all(actions) else _FLIP_WHOLE
    return (
        (likeness >= _FLIP and shared >= 1)
        or (overlap >= _FLIP_OBJECT and shared >= 3)
        or (whole and overlap >= enough and shared >= 2)
    )


def _turned_round(before: Sequence[Passage], after: Sequence[Passage]) -> bool:
    """Whether all clauses of a topic denied and now all assert, or the other way round."""
    stances = [{passage.clause.stance for passage in side} for side in (before, after)]
    return stances in ([{"denies"}, {"asserts"}], [{"asserts"}, {"denies"}])


def _read_otherwise(old: Passage, new: Passage) -> bool:
    """Whether the lexicon alone sees a contradiction: no word denies that did not before, or there
    is nothing to be for or against."""
    denies, asserts = (old, new) if old.clause.stance == "denies" else (new, old)
    same = denies.spoken.negations <= asserts.spoken.negations
    return same or topic_of(old.clause) in NO_STAND


def _piece(short: Passage, long: Passage) -> bool:
    """Whether `long` says what `short` says, and more."""
    part, whole = short.spoken.stems, long.spoken.stems
    if not _PIECE_WORDS <= len(part) <= len(whole) or short.clause.stance != long.clause.stance:
        return False
    return LCSseq.similarity(part, whole) >= _PIECE * len(part)


def _best(scored: Iterable[tuple[float, Pairing]]) -> list[Pairing]:
    """Best first, each clause once; of equals the first in reading order."""
    taken: set[int] = set()
    pairs = []
    for _, pairing in sorted(scored, key=lambda candidate: -candidate[0]):
        ends = {id(pairing.before), id(pairing.after)}
        if not ends & taken:
            taken |= ends
            pairs.append(pairing)
    return pairs


def _without(
    before: Sequence[Passage], after: Sequence[Passage], pairs: Sequence[Pairing]
) -> tuple[list[Passage], list[Passage]]:
    taken = {id(end) for pairing in pairs for end in (pairing.before, pairing.after)}
    return (
        [passage for passage in before if id(passage) not in taken],
        [passage for passage in after if id(passage) not in taken],
    )
