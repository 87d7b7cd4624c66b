"""What became of each clause, on pairs labelled by hand; the scores stand in the run's summary."""

import sys
import tomllib
from collections import Counter
from dataclasses import replace

import pytest
from support import CASES, SHARED, document, needs_shared

from tracker.clauses import clause_changes, find_clauses
from tracker.clauses.effects import Effect, effect
from tracker.compare import compare
from tracker.model import Clause, ClauseChange
from tracker.normalize import normalize

FILES = sorted((CASES / "clauses").glob("*.toml"))
PAIRS = [
    (path.stem, pair) for path in FILES for pair in tomllib.loads(path.read_text("utf-8"))["pair"]
]


def changes(before, after, language="en"):
    old, new = document(*before, language=language), document(*after, language=language)
    return clause_changes(find_clauses(old), find_clauses(new), compare(old, new), old, new)


def found_in(language, pair):
    return [
        (change.kind, change.topic, change.effect)
        for change in changes(pair["before"], pair["after"], language)
    ]


# Clauses by hand: what is decided without the lexicon.

SELL = "We sell your personal data to partners."
NEVER = "We do not sell your personal data to partners."


def clause(quote, topic="sale_of_data", stance="asserts", **options):
    return Clause(
        topic, stance, quote, options.pop("section", ""), "rule", **{"block": 0, **options}
    )


def between(before, after, old_lines=None, new_lines=None):
    """The changes between two lists of clauses, each by default a paragraph of its document."""
    old = document(*(old_lines or [c.quote for c in before]))
    new = document(*(new_lines or [c.quote for c in after]))
    if old_lines is None:
        before = [replace(c, block=n) for n, c in enumerate(before)]
    if new_lines is None:
        after = [replace(c, block=n) for n, c in enumerate(after)]
    return clause_changes(before, after, compare(old, new), old, new)


def kinds(found):
    return [(change.kind, change.topic) for change in found]


def test_reversal_names_stances_object_and_likeness():
    old, new = clause(NEVER, stance="denies", action="sell"), clause(SELL, action="sell")
    assert between([old], [new]) == (
        ClauseChange(
            "sale_of_data",
            "reversed",
            old,
            new,
            'denies became asserts; both on "sell personal data partners", 88% of the words,'
            " in the same place",
            100,
            "the same matter, turned round",
        ),
    )


def test_topic_that_turned_round_as_a_whole():
    old = clause(
        "Our services do not include the display of personalized advertising.",
        "ads_personalised",
        "denies",
    )
    new = clause("For the display of personalised advertising (Retargeting).", "ads_personalised")
    assert kinds(between([old], [new])) == [("reversed", "ads_personalised")]
    other = clause("Advertisers may set cookies of their own.", "ads_personalised")
    assert ("reversed", "ads_personalised") not in kinds(between([old, other], [other]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (clause(NEVER, stance="conditional"), clause(SELL)),
        (clause(SELL), clause(NEVER, stance="conditional")),
    ],
)
def test_a_condition_is_never_reversed(before, after):
    assert kinds(between([before], [after])) == [("reworded", "sale_of_data")]


def test_another_action_is_no_reversal():
    old = clause("We do not sell your location data to partners.", stance="denies", action="sell")
    new = clause("We lend your location data to partners.", action="lend")
    assert kinds(between([old], [new])) == [
        ("vanished", "sale_of_data"),
        ("appeared", "sale_of_data"),
    ]


def test_another_object_is_no_reversal():
    old = clause("We do not sell your location data.", stance="denies", action="sell")
    new = clause("We sell your browsing data.", action="sell")
    assert kinds(between([old], [new])) == [
        ("vanished", "sale_of_data"),
        ("appeared", "sale_of_data"),
    ]


@pytest.mark.parametrize(
    ("topic", "denial", "assertion", "turned"),
    [
        ("cookies_tracking", "Our pages are free of cookies.",
         "When you open a page, your browser is handed cookies.", True),
        ("cookies_tracking", "There are no advertising cookies here.",
         "A session cookie remembers your basket.", False),
        ("cookies_tracking", "We do not set cookies to follow you around.",
         "A cookie remembers your basket.", False),
        ("recording_monitoring", "No cameras hang in our shops.",
         "The checkouts are under video surveillance.", True),
        ("recording_monitoring", "Nobody watches or listens in.",
         "Telephone conversations are taped.", True),
        ("recording_monitoring", "We do not film you.",
         "Telephone conversations are taped.", False),
    ],
)  # fmt: skip
def test_topic_of_one_object_turned_round_in_other_words(topic, denial, assertion, turned):
    old, new = clause(denial, topic, "denies"), clause(assertion, topic)
    found = [kind for kind, _ in kinds(between([old], [new]))]
    assert found == (["reversed"] if turned else ["vanished", "appeared"])


def test_a_sentence_without_the_topic_turns_a_clause_round():
    """Known by its words: no phrase of the lexicon need be in the denial."""
    old_text = "The makers of the films are handed a list of the titles that you watched."
    new_text = "No list of the titles you watched goes to the makers of the films."
    old = clause(old_text, "third_party_sharing")
    (change,) = between([old], [], [old_text], [new_text])
    assert (change.kind, change.after.stance, change.after.quote) == (
        "reversed",
        "denies",
        new_text,
    )
    (change,) = between([old], [], [old_text], ["The titles have no numbers."])
    assert change.kind == "vanished"


def test_the_same_denial_read_otherwise_is_no_reversal():
    old = clause("Our failure to sell your data shall not be a waiver.", stance="denies")
    new = clause("A failure to sell your data will not be a waiver.")
    assert "reversed" not in [change.kind for change in between([old], [new])]


def test_renumbered_clause_is_no_rewording():
    old, new = clause(f"(a) {SELL}"), clause(f"2.1 {SELL}")
    assert between([old], [new]) == ()


def test_a_renamed_row_is_no_rewording_of_its_cells():
    old, new = "| Traffic data | kept for two years |", "| Call records | kept for two years |"
    assert changes([old], [new]) == ()


def test_unchanged_clause_gives_nothing():
    assert between([clause(SELL)], [clause(SELL)]) == ()


def test_a_sentence_that_stands_in_both_texts_is_no_change():
    """The heading lent half a phrase to the old one; the words are the same."""
    lines = ["# Sale", SELL]
    assert between([clause(SELL, block=1)], [], lines, ["# Other", SELL]) == ()


def test_moved_to_another_section():
    before = ["# A", SELL, "# B", "We encrypt all of your traffic.", "We bill monthly, by email."]
    after = ["# A", "# B", "We encrypt all of your traffic.", "We bill monthly, by email.", SELL]
    old, new = clause(SELL, section="A", block=1), clause(SELL, section="B", block=4)
    (change,) = between([old], [new], before, after)
    assert (change.kind, change.severity) == ("moved", 10)
    assert change.rule == 'the same words, from "A" to "B"'


def test_renamed_section_moves_nothing():
    old, new = clause(SELL, section="Sale", block=1), clause(SELL, section="Commerce", block=1)
    assert between([old], [new], ["# Sale", SELL], ["# Commerce", SELL]) == ()


def test_facets_go_with_their_topic():
    quote = "We are certified under the EU-US Privacy Shield."
    found = [
        clause(quote, "international_transfer"),
        clause(quote, "international_transfer.eu_us_privacy_shield"),
    ]
    (change,) = between([], found, ["# Privacy"], [quote])
    assert change.topic == "international_transfer"
    assert change.rule == ("the old text has no clause on the topic; names EU-US Privacy Shield")


def test_a_reversal_is_not_told_again_as_another_purpose():
    old = [clause(NEVER, stance="denies"), clause(NEVER, "purposes", "denies")]
    new = [clause(SELL), clause(SELL, "purposes")]
    old, new = ([replace(c, block=0) for c in side] for side in (old, new))
    assert kinds(between(old, new, [NEVER], [SELL])) == [("reversed", "sale_of_data")]


@pytest.mark.parametrize(
    ("quote", "severity", "reason"),
    [
        ("We send you our newsletter.", 63, "a new disclosure"),
        ("Subscription to the newsletter", 53, "a new disclosure, only named"),
        ("We send you the following newsletters:", 53, "a new disclosure, only named"),
        ("You may unsubscribe from our newsletter.", 45, "a new promise"),
    ],
)
def test_what_names_its_matter_only_or_is_a_right_weighs_less(quote, severity, reason):
    kept = clause("We send you offers by post.", "direct_marketing")
    (change,) = between([kept], [kept, clause(quote, "direct_marketing")])
    assert (change.severity, change.reason) == (severity, reason)


@pytest.mark.parametrize(
    ("quote", "topic", "stance", "severity"),
    [
        ("We encrypt the backups.", "security", "asserts", 50),
        ("We do not lend your data to anyone.", "third_party_sharing", "denies", 85),
    ],
)
def test_one_protection_of_several_weighs_less_than_a_denial(quote, topic, stance, severity):
    kept = clause("This is how we go about it elsewhere.", topic, stance)
    (change,) = between([kept, clause(quote, topic, stance)], [kept])
    assert (change.kind, change.severity) == ("vanished", severity)


def test_gravest_first():
    promise = clause("We never share your data.", "third_party_sharing", "denies")
    added = clause("We measure visits with web beacons.", "analytics")
    before = [clause(NEVER, stance="denies"), promise, clause("We log calls.", "data_collected")]
    after = [clause("We log phone calls.", "data_collected"), clause(SELL), added]
    assert [change.kind for change in between(before, after)] == [
        "reversed",
        "vanished",
        "appeared",
        "reworded",
    ]


@pytest.mark.parametrize(
    ("topic", "stance", "before", "after", "direction", "reason"),
    [
        ("security", "asserts", "We will do it.", "We may do it.", "weakened", "will -> may"),
        ("security", "asserts", "We may do it.", "We must do it.", "strengthened", "may -> must"),
        ("sale_of_data", "asserts", "We will sell it.", "We may sell it.", "", ""),
        ("retention", "asserts", "Kept for 6 months.", "Kept for two years.", "weakened",
         "6 months -> 2 years"),
        ("retention", "asserts", "Kept for 12 months.", "Kept for one year.", "", ""),
        ("retention", "asserts", "Kept for 90 days.", "Kept as long as needed.", "weakened",
         "the period of 90 days is no longer named"),
        ("policy_change", "asserts", "30 days' notice.", "14 days' notice.", "weakened",
         "30 days -> 14 days"),
        ("children", "asserts", "Not for those under 13.", "Not for those under sixteen.",
         "strengthened", "age 13 -> 16"),
        ("direct_marketing", "conditional", "Only if you opted in.", "Unless you opt out.",
         "weakened", "opt-in -> opt-out"),
        ("third_party_sharing", "denies", "We never share it.",
         "We never share it without your consent.", "weakened", 'only "without your consent"'),
        ("third_party_sharing", "asserts", "We share it with affiliates.",
         "We share it with affiliates and advertisers.", "weakened",
         "recipients added: advertisers"),
        ("third_party_sharing", "denies", "We never share it with affiliates.",
         "We never share it with affiliates or advertisers.", "strengthened",
         "recipients added: advertisers"),
        ("cookies_tracking", "asserts", "We set cookies.",
         "We set cookies, except on the home page.", "strengthened",
         'exception added: "except"'),
        ("sale_of_data", "denies", "We never sell it.", "As a rule we do not sell it.", "weakened",
         '"as a rule" added'),
        ("sale_of_data", "asserts", "We sell it.", "As a rule we sell it.", "", ""),
        ("security", "asserts", "We strive to encrypt it.", "We encrypt it.", "strengthened",
         '"strive to" dropped'),
        ("location", "asserts", "We look where you are only during a ride.",
         "We look where you are during a ride.", "weakened", '"only" dropped'),
        ("rights_access", "asserts", "A first copy is free of charge.",
         "A first copy costs a fee.", "weakened", '"fee" added; "free of charge" dropped'),
        ("policy_change", "asserts", "We send you a letter.", "We post them on this page.",
         "weakened", "letter -> on this page"),
        ("rights_erasure", "asserts", "We delete it.", "We delete or anonymise it.", "weakened",
         '"anonymise" added'),
    ],
)  # fmt: skip
def test_effect_of_a_rewording(topic, stance, before, after, direction, reason):
    found = effect(clause(before, topic, stance), clause(after, topic, stance), "en")
    assert found == Effect(direction, reason)


@pytest.mark.parametrize(
    ("language", "before", "after", "reason"),
    [
        ("nl", "maximaal 3 jaar", "maximaal vijf jaar", "3 years -> 5 years"),
        ("de", "drei Monate lang", "6 Monate lang", "3 months -> 6 months"),
        ("fr", "pendant treize mois", "pendant 2 ans", "13 months -> 2 years"),
        ("es", "durante un año", "durante cinco años", "1 year -> 5 years"),
        ("xx", "for one week", "for ten days", "7 days -> 10 days"),
    ],
)
def test_periods_in_each_language(language, before, after, reason):
    found = effect(clause(before, "retention"), clause(after, "retention"), language)
    assert found == Effect("weakened", reason)


# Pairs labelled by hand, read with the lexicon.


class Score:
    """Found, missed and invented, by what is counted."""

    def __init__(self):
        self.right, self.missed, self.invented = Counter(), Counter(), Counter()

    def add(self, what, expected, found, allowed=()):
        wanted, got = Counter(expected), Counter(found)
        self.right[what] += (wanted & got).total()
        self.missed[what] += (wanted - got).total()
        surplus = got - wanted
        self.invented[what] += sum(n for one, n in surplus.items() if one not in allowed)

    def precision(self, what):
        return self.right[what] / max(1, self.right[what] + self.invented[what])

    def recall(self, what):
        return self.right[what] / max(1, self.right[what] + self.missed[what])

    def __str__(self):
        return "; ".join(
            f"{what} P {self.precision(what):.3f} R {self.recall(what):.3f}"
            f" ({self.right[what] + self.missed[what]} labelled)"
            for what in self.right
        )


@pytest.fixture(scope="module")
def score():
    score = Score()
    for language, pair in PAIRS:
        found = found_in(language, pair)
        expected = [tuple(label.split()) for label in pair["expect"]]
        also = {tuple(label.split()) for label in pair.get("also", ())}
        named = [(kind, topic) for kind, topic, _ in found]
        score.add("all changes", [label[:2] for label in expected], named, also)
        turned = [one for one in named if one[0] == "reversed"]
        score.add("reversals", [e for e in expected if e[0] == "reversed"], turned, also)
        effects = [label for label in expected if len(label) == 3]
        judged = [one for one in found if one[:2] in [label[:2] for label in effects]]
        score.add("effects", effects, judged)
    return score


def test_labelled_pairs_are_many_and_of_five_languages():
    assert len(PAIRS) >= 60
    assert {language for language, _ in PAIRS} == {"de", "en", "es", "fr", "nl"}


def test_scores(score, record_property, capsys):
    record_property("clause changes", str(score))
    with capsys.disabled():
        sys.stdout.write(f"\nclause changes on {len(PAIRS)} labelled pairs: {score}\n")
    assert score.precision("reversals") >= 0.97 and score.recall("reversals") >= 0.85
    assert score.precision("all changes") >= 0.9 and score.recall("all changes") >= 0.9
    assert score.precision("effects") >= 0.9 and score.recall("effects") >= 0.85


@needs_shared
def test_voxbone_2015_to_2018():
    """The policy this project began with: what a careful reader of both texts finds."""
    old, new = (
        normalize((SHARED / "seeds" / name).read_bytes(), "text/markdown")
        for name in ("001_1c7248a3a188f2fa.txt", "000_4796a29fa11190e8.txt")
    )
    found = clause_changes(find_clauses(old), find_clauses(new), compare(old, new), old, new)
    assert found[0].kind == "reversed" and found[0].topic == "ads_personalised"
    assert found[0].before.quote == (
        "Our services do not include the display of personalized advertising."
    )
    assert found[0].after.quote == "For the display of personalized advertising (Retargeting)."
    assert [change.topic for change in found if change.kind == "reversed"] == ["ads_personalised"]
    sale = [change for change in found if change.topic == "sale_of_data"]
    assert [(c.kind, c.before.stance, c.after.stance) for c in sale] == [
        ("reworded", "denies", "denies")
    ]
    gone = [c.before.quote for c in found if c.kind == "vanished" and c.severity >= 75]
    assert any(
        "will not disclose your personal information to any third parties" in q for q in gone
    )
    shield = [c for c in found if "names EU-US Privacy Shield" in c.rule]
    assert ("appeared", "international_transfer") in kinds(shield)
    appeared = {change.topic for change in found if change.kind == "appeared"}
    assert {"retention", "security", "rights_object"} <= appeared
