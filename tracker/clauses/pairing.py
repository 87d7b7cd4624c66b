"""Which clause of the old text became which of the new: by topic, action, wording and position.

First the same words, then the likest, best pair first; then, on topics of one matter, what was told
anew in other words; at last the pieces of a clause that was cut in two, or grew together, are told
apart from what is really gone or new.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel, LCSseq

from tracker.clauses.lists import Relisted
from tracker.clauses.matter import contradict, one_matter, opposed, read_otherwise, turned_round
from tracker.clauses.passages import Passage

# Unrelated sentences on one topic share a quarter to two fifths of their words in order.
_ALIKE = 0.55
_ALIKE_IN_PLACE = 0.35  # where the blocks are partners already
_PIECE = 0.8  # of the shorter one's words are in the longer one, in order ...
_PIECE_WORDS = 5  # ... and these are no handful; of fewer, all must be there
_FEWEST_WORDS = 3
_NOWHERE = (frozenset[int](), False)
_MOST_SCORED = 40_000  # pairs of a topic; beyond, only those in partner blocks are looked at

Places = Mapping[int, tuple[frozenset[int], bool]]  # old block -> its new ones; whether in place


@dataclass(frozen=True)
class Pairing:
    before: Passage
    after: Passage
    likeness: float  # words in common and in order, of all words
    in_place: bool
    shared: frozenset[str]  # the object: content words of both
    flips: bool  # opposite stances on the same action and object
    # The whole texts where a sentence became a list or a list a sentence.
    relisted: tuple[str, str] | None = None

    @property
    def same_words(self) -> bool:
        return self.before.spoken.words == self.after.spoken.words


@dataclass(frozen=True)
class Paired:
    """What became of the clauses of one topic."""

    pairs: tuple[Pairing, ...]
    lost: tuple[Passage, ...]
    new: tuple[Passage, ...]


def pair(
    before: Sequence[Passage],
    after: Sequence[Passage],
    places: Places,
    relisted: Relisted | None = None,
) -> Paired:
    """Partners within one topic, each clause once."""
    whole = turned_round(before, after)
    pairs = _best(_same(before, after, places))
    lost, new = _without(before, after, pairs)
    if relisted:
        retold = [old for old in lost if relisted.in_new(old)]
        told = [other for other in new if relisted.in_old(other)]
        pairs += _first_of_each(retold, told, places, relisted)
        before = [old for old in before if old not in retold]
        after = [other for other in after if other not in told]
        lost, new = _without(before, after, pairs)
    pairs += _best(_alike(lost, new, places, whole))
    lost, new = _without(before, after, pairs)
    pairs += _best(_told_anew(lost, new, places))
    lost, new = _without(before, after, pairs)
    return Paired(
        tuple(pairs),
        tuple(p for p in lost if not any(_piece(p, pairing.after) for pairing in pairs)),
        tuple(p for p in new if not any(_piece(p, pairing.before) for pairing in pairs)),
    )


def _first_of_each(
    before: Sequence[Passage], after: Sequence[Passage], places: Places, relisted: Relisted
) -> Iterator[Pairing]:
    """A sentence and the list it became, or the other way round: the first stands for the rest."""
    for old, new in zip(before[:1], after[:1], strict=False):
        whole_old = relisted.in_old(new) if old.listed else old.clause.quote
        whole_new = relisted.in_new(old) if new.listed else new.clause.quote
        pairing = _pairing(old, new, 1.0, places, whole=False)
        yield replace(pairing, flips=False, relisted=(whole_old, whole_new))


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


def _told_anew(
    before: Sequence[Passage], after: Sequence[Passage], places: Places
) -> Iterator[tuple[float, Pairing]]:
    """Pairs of one matter, however few words they share: "you may have your data removed" and
    "a right to erasure"."""
    few = len(before) * len(after) <= _MOST_SCORED
    for old in before if few else ():
        for new in after:
            if one_matter(old, new):
                likeness = Indel.normalized_similarity(old.spoken.stems, new.spoken.stems)
                pairing = _pairing(old, new, likeness, places, whole=False)
                yield likeness + _signs(pairing, pairing.in_place), pairing


def _believable(pairing: Pairing, near: bool) -> bool:
    before, after = pairing.before, pairing.after
    if opposed(before, after) and not read_otherwise(before, after):
        return pairing.flips
    if pairing.likeness >= (_ALIKE_IN_PLACE if near else _ALIKE):
        return True
    return _piece(before, after) or _piece(after, before)


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
    flips = opposed(old, new) and contradict(old, new, likeness, whole=whole)
    return Pairing(old, new, likeness, stayed and new.clause.block in blocks, shared, flips)


def _piece(short: Passage, long: Passage) -> bool:
    """Whether `long` says what `short` says, and more."""
    part, whole = short.spoken.stems, long.spoken.stems
    if not _FEWEST_WORDS <= len(part) <= len(whole) or short.clause.stance != long.clause.stance:
        return False
    needed = _PIECE if len(part) >= _PIECE_WORDS else 1
    return LCSseq.similarity(part, whole) >= needed * len(part)


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
