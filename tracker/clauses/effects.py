"""What a rewording does to a promise: weakens it, strengthens it, or neither.

A promise is a practice denied ("we do not sell") or a protection asserted ("we will delete").
Weaker for the user is "weakened": a duty turned into an option, consent no longer asked, a new
exception to a promise, a new recipient, a longer time of keeping.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.clauses.wording import Wording, fold, wording
from tracker.model import Clause

# Topics whose assertion is in the user's favour ...
_PROTECTIONS = frozenset(
    """
    security rights_access rights_erasure rights_object complaint choice_optout retention children
    do_not_track us_state_rights anonymised_data
    """.split()
)
# ... or has nothing to be for or against; such a topic is never reversed ...
NO_STAND = frozenset(
    "consent contact_dpo legal_basis purposes intro_scope third_party_links".split()
)
# ... or says little for or against; asserting any other is a practice.
_NEUTRAL = NO_STAND | {"policy_change"}
# Topics on which it matters who gets the data.
_PASSING_ON = frozenset(
    """
    third_party_sharing sale_of_data ads_personalised service_providers merger_transfer
    direct_marketing
    """.split()
)
_RIGHTS = frozenset("rights_access rights_erasure rights_object choice_optout".split())
_WEAKER, _STRONGER = -1, 1
Leaning = Literal["promise", "practice", "neutral"]


@dataclass(frozen=True, slots=True)
class Effect:
    direction: Literal["", "weakened", "strengthened"]
    reason: str  # "retention 365 days -> 730 days"; "" where nothing bears on the promise


def effect(before: Clause, after: Clause, language: str) -> Effect:
    """What the rewording of `before` to `after` does; no direction where it does both."""
    found = list(_shifts(before, after, language))
    directions = {direction for direction, _ in found}
    reason = "; ".join(dict.fromkeys(text for _, text in found))
    if directions == {_WEAKER}:
        return Effect("weakened", reason)
    if directions == {_STRONGER}:
        return Effect("strengthened", reason)
    return Effect("", reason)


def leaning(clause: Clause, language: str) -> Leaning:
    """Whose favour a clause is in; a practice with a condition counts as a promise, and so does
    what the user may do about one: "you may object to direct marketing"."""
    topic = topic_of(clause)
    said = fold(f"{clause.lead_in} {clause.quote}")
    if clause.stance == "conditional" or wording(language).grants(said):
        return "promise"
    if topic in _NEUTRAL:
        return "neutral" if clause.stance == "asserts" else "promise"
    return "promise" if (clause.stance == "asserts") == (topic in _PROTECTIONS) else "practice"


def topic_of(clause: Clause) -> str:
    """The topic without its facet."""
    return clause.topic.partition(".")[0]


def _shifts(before: Clause, after: Clause, language: str) -> Iterator[tuple[int, str]]:
    words = wording(language)
    old, new = fold(before.quote), fold(after.quote)
    leanings = leaning(before, language), leaning(after, language)
    practice = leanings == ("practice", "practice")
    if not practice:
        yield from _duty(old, new, words)
    yield from _consent(before, after, old, new, words)
    yield from _exceptions(old, new, words, practice)
    yield from _limits(old, new, words, leanings)
    yield from _service(topic_of(before), old, new, words)
    # Behind an exception a recipient means the opposite.
    excepted = words.all("exception", old) or words.all("exception", new)
    if topic_of(before) in _PASSING_ON and not excepted:
        yield from _recipients(old, new, words, denied=after.stance == "denies")
    yield from _numbers(topic_of(before), old, new, words)
    yield from _stances(before, after, leanings)


def _duty(old: str, new: str, words: Wording) -> Iterator[tuple[int, str]]:
    duties, options = _both(words, "duty", old, new), _both(words, "option", old, new)
    if (lost := duties[0] - duties[1]) and (gained := options[1] - options[0]):
        yield _WEAKER, f"{_first(lost)} -> {_first(gained)}"
    if (gained := duties[1] - duties[0]) and (lost := options[0] - options[1]):
        yield _STRONGER, f"{_first(lost)} -> {_first(gained)}"


def _consent(
    before: Clause, after: Clause, old: str, new: str, words: Wording
) -> Iterator[tuple[int, str]]:
    asked = [bool(words.holds("opt_in", text)) for text in (old, new)]
    refused = [bool(words.holds("opt_out", text)) for text in (old, new)]
    if asked[0] and not asked[1] and refused[1] and not refused[0]:
        yield _WEAKER, "opt-in -> opt-out"
        return
    if refused[0] and not refused[1] and asked[1] and not asked[0]:
        yield _STRONGER, "opt-out -> opt-in"
        return
    if before.stance == after.stance == "denies":
        lifted = [words.holds("without", text) for text in (old, new)]
        if lifted[1] and not lifted[0]:
            yield _WEAKER, f'only "{lifted[1]}"'
        if lifted[0] and not lifted[1]:
            yield _STRONGER, f'no longer only "{lifted[0]}"'
        return
    needed = [_needs_consent(words, text) for text in (old, new)]
    if needed[0] and not needed[1]:
        yield _WEAKER, f'"{needed[0]}" dropped'
    if needed[1] and not needed[0]:
        yield _STRONGER, f'"{needed[1]}" added'


def _needs_consent(words: Wording, text: str) -> str:
    return next(
        filter(None, (words.holds(cue, text) for cue in ("opt_in", "with_consent", "without"))), ""
    )


def _exceptions(old: str, new: str, words: Wording, practice: bool) -> Iterator[tuple[int, str]]:
    """An exception limits what it stands behind, a promise or a practice."""
    found = [words.without_consent(text) for text in (old, new)]
    before, after = _both(words, "exception", *found)
    against = _STRONGER if practice else _WEAKER
    if after and not before:
        yield against, f'exception added: "{_first(after)}"'
    if before and not after:
        yield -against, f'exception dropped: "{_first(before)}"'


def _limits(
    old: str, new: str, words: Wording, leanings: tuple[Leaning, Leaning]
) -> Iterator[tuple[int, str]]:
    """What makes a promise vague ("in principle", "we try to"), or keeps a practice small."""
    texts = [words.without_consent(text) for text in (old, new)]
    yield from _came(words, "effort", texts, _WEAKER)
    if leanings == ("promise", "promise"):
        yield from _came(words, "hedge", texts, _WEAKER)
    elif "promise" not in leanings:
        yield from _came(words, "limit", texts, _STRONGER)


def _service(topic: str, old: str, new: str, words: Wording) -> Iterator[tuple[int, str]]:
    """What a right costs, how a change of the policy is told, and what stands for deleting."""
    texts = [old, new]
    if topic in _RIGHTS:
        charged = [words.cues["free"].sub(" ", text) for text in texts]  # not "free of charge"
        yield from _came(words, "fee", charged, _WEAKER)
        yield from _came(words, "free", texts, _STRONGER)
    if topic in ("rights_erasure", "retention"):
        yield from _came(words, "anonymising", texts, _WEAKER)
    told, posted = _both(words, "told", *texts), _both(words, "posted", *texts)
    if topic == "policy_change" and told[0] and not told[1] and posted[1] and not posted[0]:
        yield _WEAKER, f"{_first(told[0])} -> {_first(posted[1])}"
    if topic == "policy_change" and told[1] and not told[0] and posted[0] and not posted[1]:
        yield _STRONGER, f"{_first(posted[0])} -> {_first(told[1])}"


def _came(words: Wording, cue: str, texts: Sequence[str], then: int) -> Iterator[tuple[int, str]]:
    """`then` where such words stand in the second text alone, the opposite in the first alone."""
    before, after = (words.all(cue, text) for text in texts)
    if after and not before:
        yield then, f'"{_first(after)}" added'
    if before and not after:
        yield -then, f'"{_first(before)}" dropped'


def _recipients(old: str, new: str, words: Wording, denied: bool) -> Iterator[tuple[int, str]]:
    before, after = words.recipients_in(old), words.recipients_in(new)
    worse, better = (_STRONGER, _WEAKER) if denied else (_WEAKER, _STRONGER)
    if added := after - before:
        yield worse, f"recipients added: {', '.join(sorted(added))}"
    if dropped := before - after:
        yield better, f"recipients dropped: {', '.join(sorted(dropped))}"


def _numbers(topic: str, old: str, new: str, words: Wording) -> Iterator[tuple[int, str]]:
    if topic == "children":
        before, after = words.ages(old), words.ages(new)
        if before and after and before != after:
            direction = _STRONGER if max(after) > max(before) else _WEAKER
            yield direction, f"age {max(before)} -> {max(after)}"
        return
    lengths = words.durations(old), words.durations(new)
    lost, gained = lengths[0] - lengths[1], lengths[1] - lengths[0]
    if lost and gained and max(lost) != max(gained):
        longer = max(gained) > max(lost)
        # Longer notice of a change is better; longer keeping, or waiting for an answer, is worse.
        better = longer == (topic == "policy_change")
        yield (
            _STRONGER if better else _WEAKER,
            f"{_days(max(lost))} -> {_days(max(gained))}",
        )
    elif topic == "retention" and lost and not lengths[1]:
        yield _WEAKER, f"the period of {_days(max(lost))} is no longer named"
    elif topic == "retention" and gained and not lengths[0]:
        yield _STRONGER, f"a period of {_days(max(gained))} is named"


def _stances(
    before: Clause, after: Clause, leanings: tuple[Leaning, Leaning]
) -> Iterator[tuple[int, str]]:
    """A condition weakens a promise and tames a practice."""
    if before.stance == after.stance or "conditional" not in (before.stance, after.stance):
        return
    towards_condition = after.stance == "conditional"
    fixed = leanings[0] if towards_condition else leanings[1]
    better = (fixed != "practice") != towards_condition
    yield _STRONGER if better else _WEAKER, f"{before.stance} -> {after.stance}"


def _both(words: Wording, cue: str, old: str, new: str) -> tuple[frozenset[str], frozenset[str]]:
    return words.all(cue, old), words.all(cue, new)


def _first(found: frozenset[str]) -> str:
    return min(found)


def _days(days: float) -> str:
    """
    >>> _days(730.0), _days(30.4), _days(14.0)
    ('2 years', '1 month', '14 days')
    """
    for unit, length in (("year", 365.0), ("month", 30.416667)):
        count = round(days / length, 2)
        if count >= 1 and abs(count - round(count)) < 0.02:
            return f"{round(count)} {unit}{'s' if round(count) != 1 else ''}"
    return f"{days:g} day{'s' if days != 1 else ''}"
