"""What became of each clause: appeared, vanished, reworded, moved or reversed, and why so.

`reversed` only where a clause that denies and one that asserts share action and object; a condition
is neither. A sentence that stands in both texts is no change, whatever the lexicon makes of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from tracker.clauses.effects import NO_STAND, effect, topic_of
from tracker.clauses.law import cited_terms, terms
from tracker.clauses.lists import Relisted
from tracker.clauses.overlooked import Overlooked
from tracker.clauses.pairing import Paired, Pairing, Places, pair
from tracker.clauses.passages import Passage, Place, passages, place, unnumbered
from tracker.clauses.severity import severity
from tracker.clauses.wording import fold, stem
from tracker.model import Clause, ClauseChange, Diff, Document
from tracker.text import sentences


def clause_changes(
    before: Sequence[Clause],
    after: Sequence[Clause],
    diff: Diff,
    before_document: Document,
    after_document: Document,
) -> tuple[ClauseChange, ...]:
    """The changes between the clauses of two versions, the gravest first.

    `diff` is of the two documents; it says which block became which.
    """
    language = after_document.language or before_document.language
    old, new = passages(before, language), passages(after, language)
    places = _places(diff)
    sections = _sections(diff, before_document, after_document)
    topics = dict.fromkeys((*old, *new))
    relisted = Relisted(before_document, after_document, diff, language)
    overlooked = Overlooked(before_document, after_document, diff, language)
    found = overlooked.pair(
        {topic: pair(old.get(topic, ()), new.get(topic, ()), places, relisted) for topic in topics}
    )
    told = _Told(before_document, after_document, found.values())
    changes: list[ClauseChange] = []
    for topic, paired in found.items():
        pairs = [pairing for pairing in paired.pairs if not told.turned_round(topic, pairing)]
        changes += _of_pairs(topic, pairs, sections, language)
        others = old.get(topic, ()), new.get(topic, ())
        changes += _of_single(topic, paired, told, language, *others)
    return tuple(sorted(map(_with_instruments, changes), key=_gravest_first))


def _with_instruments(change: ClauseChange) -> ClauseChange:
    """Names the instruments of law that the new clause cites and the old did not."""
    if change.after is None:
        return change
    old = cited_terms(change.before.quote) if change.before else ()
    new = (term for term in cited_terms(change.after.quote) if term not in old)
    return replace(change, instruments=tuple(terms()[term].name for term in new))


def _gravest_first(change: ClauseChange) -> tuple[int, int, str]:
    clause = change.after or change.before
    return -change.severity, clause.block if clause else 0, change.topic


def _places(diff: Diff) -> Places:
    return {
        old: (frozenset((block.after, *block.joined_after)), not block.kind.startswith("moved"))
        for block in diff.blocks
        if block.before is not None and block.after is not None
        for old in (block.before, *block.joined_before)
    }


def _sections(diff: Diff, before: Document, after: Document) -> Mapping[str, str]:
    """Old heading -> the new one it became."""
    return {
        before.blocks[block.before].text: after.blocks[block.after].text
        for block in diff.blocks
        if block.before is not None
        and block.after is not None
        and before.blocks[block.before].kind == "heading"
    }


def _of_pairs(
    topic: str, pairs: Iterable[Pairing], sections: Mapping[str, str], language: str
) -> Iterator[ClauseChange]:
    for pairing in pairs:
        before, after = pairing.before.clause, pairing.after.clause
        if pairing.flips:
            weight, reason = severity("reversed", after)
            rule = f"{before.stance} became {after.stance}; {_why(pairing)}"
            yield ClauseChange(topic, "reversed", before, after, rule, weight, reason)
        elif not pairing.same_words or before.stance != after.stance:
            shift = effect(*_whole(pairing), language)
            weight, reason = severity("reworded", after, shift, likeness=pairing.likeness)
            rule = "; ".join(filter(None, (_why(pairing), _now_cites(*_whole(pairing)))))
            yield ClauseChange(
                topic, "reworded", before, after, rule, weight, reason, shift.direction
            )
        elif _to_other_section(pairing, sections):
            weight, reason = severity("moved", after)
            rule = f'the same words, from "{before.section}" to "{after.section}"'
            yield ClauseChange(topic, "moved", before, after, rule, weight, reason)


def _whole(pairing: Pairing) -> tuple[Clause, Clause]:
    """The clauses to be compared: where a sentence became a list, the list in one line."""
    before, after = pairing.before.clause, pairing.after.clause
    if not pairing.relisted:
        return before, after
    old, new = pairing.relisted
    return replace(before, quote=old, lead_in=""), replace(after, quote=new, lead_in="")


def _to_other_section(pairing: Pairing, sections: Mapping[str, str]) -> bool:
    """A block that stayed in place is elsewhere all the same where others moved around it; not
    where a heading was added, dropped or renamed."""
    before, after = pairing.before.clause.section, pairing.after.clause.section
    if fold(sections.get(before, before)) == fold(after):
        return False
    return not pairing.in_place or (before in sections and after in sections.values())


def _of_single(
    topic: str,
    found: Paired,
    told: "_Told",
    language: str,
    old: Sequence[Passage],
    new: Sequence[Passage],
) -> Iterator[ClauseChange]:
    """Clauses without a partner, unless the other text tells the same and was read otherwise.

    `old` and `new` are all clauses of the topic.
    """
    for passage in found.lost:
        if not told.in_new(passage):
            yield _single("vanished", topic, passage.clause, language, new)
    for passage in found.new:
        if not told.in_old(passage):
            yield _single("appeared", topic, passage.clause, language, old)


def _single(
    kind: Literal["vanished", "appeared"],
    topic: str,
    clause: Clause,
    language: str,
    others: Sequence[Passage],
) -> ClauseChange:
    other = "new" if kind == "vanished" else "old"
    rule = f"no clause of the {other} text on the topic is like it"
    if not others:
        rule = f"the {other} text has no clause on the topic"
    named = _names(cited_terms(clause.quote))
    weight, reason = severity(
        kind,
        clause,
        language=language,
        new_topic=not others,
        stays=any(passage.clause.stance == clause.stance for passage in others),
        names_law=bool(named),
    )
    rule += f"; names {named}" if named else ""
    if kind == "vanished":
        return ClauseChange(topic, kind, clause, None, rule, weight, reason)
    return ClauseChange(topic, kind, None, clause, rule, weight, reason)


class _Told:
    """What both texts say, whatever topics the lexicon finds in it.

    A sentence read under several topics may lose one by a word or a heading that has nothing to
    do with it; if another topic's pair shows that its content is all still there, nothing is gone.
    What it says of purposes, consent and the like is told with that pair anyway.
    """

    def __init__(self, before: Document, after: Document, found: Iterable[Paired]) -> None:
        self._old, self._new = _sentences(before), _sentences(after)
        self._partners: dict[Place, list[Passage]] = {}
        self._turned: set[tuple[Place, Place]] = set()
        for pairing in (pairing for paired in found for pairing in paired.pairs):
            old, new = place(pairing.before), place(pairing.after)
            self._partners.setdefault(old, []).append(pairing.after)
            self._partners.setdefault(new, []).append(pairing.before)
            if pairing.flips:
                self._turned.add((old, new))

    def in_new(self, passage: Passage) -> bool:
        return _stands(passage, self._new) or self._kept(passage)

    def in_old(self, passage: Passage) -> bool:
        return _stands(passage, self._old) or self._kept(passage)

    def turned_round(self, topic: str, pairing: Pairing) -> bool:
        """Whether a reversal on another topic says it all: what it was for did not change."""
        return topic in NO_STAND and (place(pairing.before), place(pairing.after)) in self._turned

    def _kept(self, passage: Passage) -> bool:
        partners = self._partners.get(place(passage), ())
        if partners and topic_of(passage.clause) in NO_STAND:
            return True
        return any(passage.spoken.content <= partner.spoken.content for partner in partners)


def _sentences(document: Document) -> frozenset[str]:
    return frozenset(
        unnumbered(sentence)
        for block in document.blocks
        for part in (block.cells or (block.text,))
        for sentence in sentences(part)
    )


def _stands(passage: Passage, spoken: frozenset[str]) -> bool:
    lead_in = unnumbered(passage.spoken.lead_in)
    return passage.spoken.text in spoken and (not lead_in or lead_in in spoken)


def _why(pairing: Pairing) -> str:
    if pairing.relisted:
        return f"the same matter, now a {'sentence' if pairing.before.listed else 'list'}"
    where = "in the same place" if pairing.in_place else "elsewhere in the text"
    if pairing.same_words:
        return "the same words under another introduction"
    share = f"{pairing.likeness:.0%} of the words, {where}"
    if not pairing.flips:
        action = pairing.after.clause.action
        same = action and action == pairing.before.clause.action
        return f'same topic and action "{action}", {share}' if same else f"same topic, {share}"
    return f'both on "{" ".join(_in_order(pairing))}", {share}'


def _in_order(pairing: Pairing) -> list[str]:
    """The shared content words as the new text has them."""
    return [w for w in dict.fromkeys(pairing.after.spoken.words) if stem(w) in pairing.shared]


def _now_cites(before: Clause, after: Clause) -> str:
    old, new = cited_terms(before.quote), cited_terms(after.quote)
    named = _names(term for term in new if term not in old)
    dropped = _names(term for term in old if term not in new)
    said = (f"now names {named}" if named else "", f"no longer names {dropped}" if dropped else "")
    return "; ".join(filter(None, said))


def _names(ids: Iterator[str] | Sequence[str]) -> str:
    return ", ".join(terms()[term].name for term in ids)
