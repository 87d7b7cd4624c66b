"""How much a clause change matters: a number and its reason, so that the worst is read first.

reversed 90-100 > vanished promise 75-89 > new disclosure 58-72 > reworded 15-55 > moved 10.
A new promise (40-54), a practice that is gone and one of several rights or protections lie among
the rewordings. What is only named (a table's cell, the sentence before a list) counts ten less.
"""

from tracker.clauses.effects import Effect, leaning, topic_of
from tracker.model import Clause, ClauseChangeKind

# A change on these is what people ask after; on the others below it seldom is.
_WEIGHTY = frozenset(
    """
    ads_personalised sale_of_data third_party_sharing international_transfer automated_decisions
    sensitive_data children ai_training recording_monitoring location retention
    """.split()
)
_SLIGHT = frozenset(
    """
    intro_scope third_party_links contact_dpo anonymised_data purposes legal_basis policy_change
    service_providers data_collected
    """.split()
)
_ALIKE = 0.85
_LABEL_WORDS = 5  # "Subscription to the newsletter"
_VANISHED = {"promise": (80, "a promise is gone"), "practice": (45, "a practice is gone")}
# "You may opt out on each device": the right itself is told by other sentences still.
_ONE_OF_SEVERAL = 50, "a promise is gone, and others on the topic stay"
_APPEARED = {"promise": (45, "a new promise"), "practice": (63, "a new disclosure")}


def severity(
    kind: ClauseChangeKind,
    clause: Clause,
    effect: Effect | None = None,
    *,
    language: str = "en",
    likeness: float = 0.0,
    new_topic: bool = False,
    stays: bool = False,
    names_law: bool = False,
) -> tuple[int, str]:
    """From 0 to 100, and why. `clause` is the newer one, where there are two.

    `likeness` is the share of words a rewording kept, from 0 to 1; `new_topic` says that the
    other text has nothing on the topic; `stays`, that it has another clause of the same stance;
    `names_law`, that the clause cites an instrument of law.
    """
    topic = topic_of(clause)
    weight = 5 if topic in _WEIGHTY else -5 if topic in _SLIGHT else 0
    if kind == "reversed":
        return 95 + weight, "the same matter, turned round"
    if kind == "moved":
        return 10, "the same words in another section"
    if kind == "reworded":
        return _rewording(effect, weight, likeness)
    known = _VANISHED if kind == "vanished" else _APPEARED
    leans = leaning(clause, language)
    base, reason = known.get(leans, (35, "said no longer" if kind == "vanished" else "new"))
    # A denial ("we never share it") and a condition stand for themselves.
    if kind == "vanished" and leans == "promise" and clause.stance == "asserts" and stays:
        base, reason = _ONE_OF_SEVERAL
    only_named = _is_label(clause)
    reason += ", only named" if only_named else ""
    reason += ", and nothing else on the topic" if new_topic else ""
    return base + weight + 2 * new_topic + 2 * names_law - 10 * only_named, reason


def _is_label(clause: Clause) -> bool:
    """Whether a clause only names its matter, or introduces a list whose items tell it."""
    words = clause.quote.split()
    short = len(words) <= _LABEL_WORDS and not clause.quote.endswith((".", "!", "?", ";"))
    return clause.quote.endswith(":") or (short and not clause.in_list)


def _rewording(effect: Effect | None, weight: int, likeness: float) -> tuple[int, str]:
    if effect and effect.direction == "weakened":
        return 50 + weight, f"weakened: {effect.reason}"
    if effect and effect.direction == "strengthened":
        return 35 + weight, f"strengthened: {effect.reason}"
    if effect and effect.reason:
        return 40 + weight, f"both ways: {effect.reason}"
    if likeness >= _ALIKE:
        return 15, "a few words changed"
    return 25 + weight, "other words"
