"""Whether a clause that denies and one that asserts contradict: action and object are the same.

"We do not share call records" and "we share billing data" agree, and so do "not without your
consent" and "with your consent". Both pairs have most of their words in common.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources

from tracker.clauses.effects import NO_STAND, topic_of
from tracker.clauses.lexicon import vocabulary
from tracker.clauses.passages import Passage
from tracker.clauses.phrases import fold
from tracker.clauses.stance import denials
from tracker.clauses.wording import wording
from tracker.text import tokens

# One clause turned round, where so much stayed the same ...
_LIKENESS = 0.6  # of the words, in order
_OBJECT = 0.75  # of the content words, at least three, and the action
# ... or, where the topic as a whole turned round, of the content words, at least two: fewer if
# the action is known to be the same.
_WHOLE, _WHOLE_ACTION = 0.6, 0.4
LEAST_ALIKE = 0.25  # of the words, in order: two long sentences share telling words by chance
# On these it matters which data, and whose: "student records", "the e-mail address of subscribers".
_WHOSE_DATA = frozenset(
    "international_transfer sale_of_data sensitive_data merger_transfer".split()
)
# Two sentences of one frame differ in what they are on: "your location data" became "your browsing
# data". Where the whole sentence is another, other words tell nothing.
_FRAME = 0.55
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
    if read_otherwise(old, new):
        return False
    if whole and likeness < _FRAME and _all_of_it(denies, asserts):
        return True
    if _other_action(old, new) or _other_object(denies, asserts):
        return False
    shared = len(_shared(denies, asserts))
    overlap = shared / (min(len(denies.spoken.content), len(asserts.spoken.content)) or 1)
    enough = _WHOLE_ACTION if old.clause.action and new.clause.action else _WHOLE
    return (
        (likeness >= _LIKENESS and shared >= 1)
        or (overlap >= _OBJECT and shared >= 3)
        or (whole and overlap >= enough and shared >= 2 and likeness >= LEAST_ALIKE)
    )


def read_otherwise(old: Passage, new: Passage) -> bool:
    """Whether the lexicon alone sees a contradiction: no word denies that did not before, the
    user's word opens both, or there is nothing to be for or against."""
    denies, asserts = _sides(old, new)
    both_alike = denies.spoken.negations <= asserts.spoken.negations and (
        _denials(denies) <= _denials(asserts)
        or wording(denies.spoken.language).holds("seems", denies.spoken.text) != ""
    )
    return (
        both_alike
        or topic_of(old.clause) in NO_STAND
        or _opened_by_consent(denies, asserts)
        or _only_its_exception(denies, asserts)
    )


def _denials(passage: Passage) -> int:
    spoken = passage.spoken
    return denials(f"{spoken.lead_in} {spoken.text}", spoken.language)


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
    return any(_in(word, said) for word in excepted) and not _own(asserts, denies)


def _other_action(old: Passage, new: Passage) -> bool:
    actions = old.clause.action, new.clause.action
    return all(actions) and actions[0] != actions[1]


def _other_object(denies: Passage, asserts: Passage) -> bool:
    """Whether telling words of the denial gave way to others: "children" to "adults"."""
    gone, come = _own(denies, asserts), _own(asserts, denies)
    return bool(come) and 1 <= len(gone) <= _SUBSTITUTED


def _all_of_it(denies: Passage, asserts: Passage) -> bool:
    """Whether the topic leaves one object open, and the denial is of all of it, or of the part
    that the other clause is on."""
    kinds = _kinds().get(topic_of(denies.clause))
    if kinds is None or wording(denies.spoken.language).holds("end", denies.spoken.text):
        return False
    denied, asserted = _named(kinds, denies), _named(kinds, asserts)
    limits = _limits(denies) if topic_of(denies.clause) in _WHOSE_DATA else []
    kept = [word for word in limits if _in(word, asserts.spoken.content)]
    return (not denied or not denied.isdisjoint(asserted)) and len(kept) * 2 >= len(limits)


def _limits(denies: Passage) -> list[str]:
    """What a denial is limited to: its telling words that are none of the topic's own."""
    language = denies.spoken.language
    own = vocabulary(topic_of(denies.clause), language)
    told = wording(language).telling(denies.spoken.content)
    return [word for word in told if not fold(word).startswith(own)]


def _named(kinds: Mapping[str, re.Pattern[str]], passage: Passage) -> frozenset[str]:
    """The kinds of the topic's object that a clause is limited to."""
    text = f"{passage.spoken.lead_in} {passage.spoken.text}"
    return frozenset(kind for kind, words in kinds.items() if words.search(text))


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """By topic that leaves one object open, the kinds of it and their words."""
    path = resources.files("tracker.clauses") / "kinds.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        topic: {kind: _any_of(words.split()) for kind, words in kinds.items()}
        for topic, kinds in tables.items()
    }


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    patterns = (re.escape(word).replace(r"\*", r"[\w-]*") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def _own(one: Passage, other: Passage) -> list[str]:
    """The words that tell what `one` speaks of and have no form in `other`."""
    told = wording(one.spoken.language).telling(one.spoken.content - other.spoken.content)
    return [word for word in told if not _in(word, other.spoken.content)]


def _shared(one: Passage, other: Passage) -> list[str]:
    return [
        word
        for word in one.spoken.content
        if word in other.spoken.content or _in(word, other.spoken.content)
    ]


def _in(word: str, content: Iterable[str]) -> bool:
    """Whether a form of a word is among others."""
    return any(_one_word(word, known) for known in content)


def _one_word(one: str, other: str) -> bool:
    """
    >>> _one_word("delete", "deletion"), _one_word("call", "card"), _one_word("vend", "vente")
    (True, False, True)
    """
    letters = max(3, min(_FORM, len(one) - 2, len(other) - 2))
    return one[:letters] == other[:letters]
