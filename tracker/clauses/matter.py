"""Whether a clause that denies and one that asserts contradict: action and object are the same.

"We do not share call records" and "we share billing data" agree, and so do "not without your
consent" and "with your consent". Both pairs have most of their words in common.
"""

from collections.abc import Sequence

from tracker.clauses.effects import NO_STAND, topic_of
from tracker.clauses.passages import Passage
from tracker.clauses.wording import wording
from tracker.text import tokens

# One clause turned round, where so much stayed the same ...
_LIKENESS = 0.6  # of the words, in order
_OBJECT = 0.75  # of the content words, at least three, and the action
# ... or, where the topic as a whole turned round, of the content words, at least two: fewer if
# the action is known to be the same.
_WHOLE, _WHOLE_ACTION = 0.6, 0.4
# A denial of so few words denies all of it: "our service is ad-free", "calls are not recorded" ...
_BLANKET = 2
# ... on topics that leave no other object open.
_ONE_OBJECT = frozenset(
    """
    ads_personalised do_not_track ai_training automated_decisions recording_monitoring
    direct_marketing cookies_tracking analytics
    """.split()
)
# Topics on which any two clauses of the same stance speak of one thing.
_ONE_MATTER = frozenset(
    """
    rights_access rights_erasure rights_object complaint do_not_track sale_of_data merger_transfer
    law_enforcement policy_change
    """.split()
)
_SUBSTITUTED = 3  # words of a denial that gave way to others; beyond, the sentence is another one
_FORM = 5  # letters that the forms of one word begin with: "delete", "deletion"


def turned_round(before: Sequence[Passage], after: Sequence[Passage]) -> bool:
    """Whether all clauses of a topic denied and now all assert, or the other way round."""
    stances = [{passage.clause.stance for passage in side} for side in (before, after)]
    return stances in ([{"denies"}, {"asserts"}], [{"asserts"}, {"denies"}])


def one_matter(old: Passage, new: Passage) -> bool:
    """Whether two clauses of a topic say the same of the same thing, whatever their words."""
    return old.clause.stance == new.clause.stance and topic_of(old.clause) in _ONE_MATTER


def opposed(old: Passage, new: Passage) -> bool:
    return {old.clause.stance, new.clause.stance} == {"asserts", "denies"}


def contradict(old: Passage, new: Passage, likeness: float, *, whole: bool) -> bool:
    """Whether one of two opposed clauses is the other turned round.

    `whole` says that all clauses of the topic turned round.
    """
    denies, asserts = _sides(old, new)
    if read_otherwise(old, new) or _other_action(old, new) or _other_object(denies, asserts):
        return False
    shared = len(_shared(denies, asserts))
    overlap = shared / (min(len(denies.spoken.content), len(asserts.spoken.content)) or 1)
    enough = _WHOLE_ACTION if old.clause.action and new.clause.action else _WHOLE
    return (
        (likeness >= _LIKENESS and shared >= 1)
        or (overlap >= _OBJECT and shared >= 3)
        or (whole and overlap >= enough and shared >= 2)
        or (whole and _blanket(denies, asserts))
    )


def read_otherwise(old: Passage, new: Passage) -> bool:
    """Whether the lexicon alone sees a contradiction: no word denies that did not before, the
    user's word opens both, or there is nothing to be for or against."""
    denies, asserts = _sides(old, new)
    return (
        denies.spoken.negations <= asserts.spoken.negations
        or topic_of(old.clause) in NO_STAND
        or _opened_by_consent(denies, asserts)
        or _only_its_exception(denies, asserts)
    )


def _sides(old: Passage, new: Passage) -> tuple[Passage, Passage]:
    """The one that denies, and the other."""
    return (old, new) if old.clause.stance == "denies" else (new, old)


def _opened_by_consent(denies: Passage, asserts: Passage) -> bool:
    """As in "not without your consent" and "with your consent"."""
    cues = wording(denies.spoken.language)
    closed = cues.holds("without", denies.spoken.text)
    return bool(closed) and any(
        cues.holds(cue, asserts.spoken.text) for cue in ("with_consent", "opt_in")
    )


def _only_its_exception(denies: Passage, asserts: Passage) -> bool:
    """As in "with nobody but our suppliers" and "with our suppliers"."""
    cues = wording(denies.spoken.language)
    text = denies.spoken.text
    exception = cues.holds("exception", text)
    if not exception or cues.holds("exception", asserts.spoken.text):
        return False
    excepted = cues.content(tokens(text.partition(exception)[2]))
    said = asserts.spoken.content
    return bool(excepted & said) and said <= denies.spoken.content


def _other_action(old: Passage, new: Passage) -> bool:
    actions = old.clause.action, new.clause.action
    return all(actions) and actions[0] != actions[1]


def _other_object(denies: Passage, asserts: Passage) -> bool:
    """Whether telling words of the denial gave way to others: "children" to "adults"."""
    gone, come = _own(denies, asserts), _own(asserts, denies)
    return bool(come) and 1 <= len(gone) <= _SUBSTITUTED


def _blanket(denies: Passage, asserts: Passage) -> bool:
    return (
        topic_of(denies.clause) in _ONE_OBJECT
        and denies.clause.action == asserts.clause.action != ""
        and len(wording(denies.spoken.language).telling(denies.spoken.content)) <= _BLANKET
    )


def _own(one: Passage, other: Passage) -> list[str]:
    """The words that tell what `one` speaks of and have no form in `other`."""
    told = wording(one.spoken.language).telling(one.spoken.content - other.spoken.content)
    return [word for word in told if not _has_form(word, other)]


def _shared(one: Passage, other: Passage) -> list[str]:
    return [
        word
        for word in one.spoken.content
        if word in other.spoken.content or _has_form(word, other)
    ]


def _has_form(word: str, passage: Passage) -> bool:
    return any(_one_word(word, known) for known in passage.spoken.content)


def _one_word(one: str, other: str) -> bool:
    """
    >>> _one_word("delete", "deletion"), _one_word("call", "card"), _one_word("vend", "vente")
    (True, False, True)
    """
    letters = max(3, min(_FORM, len(one) - 2, len(other) - 2))
    return one[:letters] == other[:letters]
