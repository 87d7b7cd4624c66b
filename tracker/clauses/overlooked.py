"""Sentences that turn a clause of the other text round and that the lexicon has no topic for.

"We share your viewing history with film studios" became "Film studios get no glimpse of your
viewing history": phrases know the one and not the other, but the words that tell what is spoken of
are the same, and one sentence denies. So a clause that seems gone, or new, is looked for in the
sentences that changed on the other side.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Set
from dataclasses import replace

from rapidfuzz.distance import Indel

from tracker.clauses.find import with_leads
from tracker.clauses.lists import changed_blocks
from tracker.clauses.matter import LEAST_ALIKE, contradict
from tracker.clauses.pairing import Paired, Pairing
from tracker.clauses.passages import Passage, Place, passage, place
from tracker.clauses.wording import wording
from tracker.model import Clause, Diff, Document, Stance
from tracker.text import sentences

_FEWEST = 2  # telling words that both share; one is found in many a sentence
_OF_FEWER, _OF_MORE = 0.75, 0.5  # of the telling words of each
_TRIED = 5  # sentences for each clause, those that share most first
_CHOICES = ("opt_in", "opt_out", "with_consent", "without", "seems", "exception")
_RULE = "the words of the other text, turned round"


class Overlooked:
    """The sentences that changed in two texts, found by their words."""

    def __init__(self, before: Document, after: Document, diff: Diff, language: str) -> None:
        old, new = changed_blocks(diff)
        self._old = _Sentences(before, old, language)
        self._new = _Sentences(after, new, language)

    def pair(self, found: Mapping[str, Paired]) -> dict[str, Paired]:
        """By topic, what was found, with what seemed lost or new in pairs where a sentence of the
        other text turns it round; not where either sentence has a partner on any topic."""
        pairs = [pairing for paired in found.values() for pairing in paired.pairs]
        old, new = {place(p.before) for p in pairs}, {place(p.after) for p in pairs}
        return {topic: self._pair(paired, old, new) for topic, paired in found.items()}

    def _pair(self, found: Paired, old: Set[Place], new: Set[Place]) -> Paired:
        gone = {id(one): self._new.turning(one, new) for one in found.lost if place(one) not in old}
        come = {id(one): self._old.turning(one, old) for one in found.new if place(one) not in new}
        return Paired(
            (
                *found.pairs,
                *(_flip(one, other) for one in found.lost if (other := gone.get(id(one)))),
                *(_flip(other, one) for one in found.new if (other := come.get(id(one)))),
            ),
            tuple(one for one in found.lost if not gone.get(id(one))),
            tuple(one for one in found.new if not come.get(id(one))),
        )


def _flip(before: Passage, after: Passage) -> Pairing:
    shared = before.spoken.content & after.spoken.content
    likeness = Indel.normalized_similarity(before.spoken.stems, after.spoken.stems)
    return Pairing(before, after, likeness, in_place=False, shared=shared, flips=True)


class _Sentences:
    def __init__(self, document: Document, changed: Collection[int | None], language: str) -> None:
        self._wording = wording(language)
        self._telling = self._wording.telling
        self._said: list[Passage] = []
        self._holding: dict[str, list[int]] = defaultdict(list)
        for number, block, lead in with_leads(document.blocks):
            if number not in changed:
                continue
            section = block.section[-1] if block.section else ""
            for sentence in sentences(block.text):
                clause = Clause("", "asserts", sentence, section, _RULE, number, lead_in=lead)
                said = passage(clause, language)
                for word in self._telling(said.spoken.content):
                    self._holding[word].append(len(self._said))
                self._said.append(said)

    def turning(self, one: Passage, taken: Set[Place]) -> Passage | None:
        """The sentence that denies what `one` asserts, or asserts what it denies."""
        if one.clause.stance == "conditional" or one.listed or self._chooses(one):
            return None
        told = self._telling(one.spoken.content)
        shared = Counter(n for word in told for n in self._holding.get(word, ()))
        turned: Stance = "asserts" if one.clause.stance == "denies" else "denies"
        for n, count in shared.most_common(_TRIED):
            said = self._said[n]
            sizes = sorted((len(told), len(self._telling(said.spoken.content))))
            enough = count >= max(_FEWEST, _OF_FEWER * sizes[0], _OF_MORE * sizes[1])
            if not enough or place(said) in taken or said.listed or self._chooses(said):
                continue
            clause = replace(said.clause, topic=one.clause.topic, stance=turned)
            other = Passage(clause, said.spoken)
            denial, assertion = (one, other) if turned == "asserts" else (other, one)
            plain = denial.spoken.negations > 0 == assertion.spoken.negations
            likeness = Indel.normalized_similarity(one.spoken.stems, said.spoken.stems)
            if plain and likeness >= LEAST_ALIKE and contradict(one, other, likeness, whole=True):
                return other
        return None

    def _chooses(self, one: Passage) -> bool:
        """Whether the user's word decides: a "not" may be of that."""
        return any(self._wording.holds(cue, one.spoken.text) for cue in _CHOICES)
