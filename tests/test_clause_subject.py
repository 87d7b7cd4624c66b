"""What a document is about: in terms of service, topics on data need a word on data near them."""

import pytest
from support import document

from tracker.clauses import find_clauses, load_lexicon

# Rules of a chess club, all of which look like topics to whoever knows privacy policies alone.
RULES = (
    "# Terms of service",
    "## Play",
    "Everyone has a right to an opinion on the match.",
    "You lose your rights to use the board when you leave the hall.",
    "The service providers of the hall keep it open.",
    "Third parties may use the tables after the match.",
    "The arbiter is the supervisory authority of the match.",
    "The time between two moves is kept for a year by nobody.",
    "White begins, and black answers in the time left.",
    "Whoever touches a piece must move it.",
    "A draw may be offered at any time.",
    "Clocks are set by the referee before the first round.",
    "The board stands so that a white square is on the right.",
)


def topics(*lines, language="en", **options):
    return {c.topic for c in find_clauses(document(*lines, language=language), **options)}


def test_rules_without_a_word_on_data_are_on_no_topic_of_data():
    assert topics(*RULES) == set()


def test_the_same_words_count_in_a_privacy_policy():
    """By its title, or since most of its sentences speak of data, or since it is short."""
    body = ["Our service providers run the hall."]
    assert topics("# Privacy policy", *RULES[1:], *body) >= {"service_providers"}
    data = [f"Your personal data is on shelf {n}." for n in range(20)]
    assert "service_providers" in topics("# The hall", "## Doors", *RULES[2:], *data, *body)
    assert topics("# The hall", *body) == {"service_providers"}


@pytest.mark.parametrize(
    "lines",
    [
        ("Our service providers see your e-mail address.",),
        ("## Your data", "Our service providers run the hall."),
        ("Who sees your personal data:", "- our service providers"),
        ("## Post", "Your e-mail address is on a list.", "Our service providers run the hall."),
    ],
    ids=["sentence", "heading", "lead-in", "section"],
)
def test_a_word_on_data_near_is_enough(lines):
    assert "service_providers" in topics(*RULES, *lines)


@pytest.mark.parametrize(
    "sentence",
    [
        "You indemnify our service providers against all claims about your data.",
        "Neither we nor our service providers are liable for the loss of data.",
        "Disputes on data and service providers go to arbitration.",
    ],
)
def test_contracts_name_what_they_exclude(sentence):
    assert topics(*RULES, sentence) == set()
    assert topics("# Privacy policy", *RULES[1:], sentence) >= {"service_providers"}


def test_learned_words_are_believed_in_policies_alone():
    """They were learned from privacy policies, and know no other texts."""
    (learned,) = find_clauses(document("We will keep whatever you tell the shop for your account."))
    assert learned.rule.startswith("words: ")
    assert topics(*RULES, learned.quote) == set()


def test_an_agreement_on_data_is_no_policy_by_its_title():
    lines = ("# Data processing agreement", *RULES[1:], "Our service providers run the hall.")
    assert topics(*lines) == set()


def test_topics_that_are_not_on_data_are_found_everywhere():
    found = topics(*RULES, "You must be 16 years or older.", "We may change these terms.")
    assert found == {"children", "policy_change"}


def test_a_topic_of_the_user_s_own_needs_no_word_on_data():
    own = load_lexicon("[topic.castling]\nname='Castling'\n[topic.castling.en]\nphrases=['castl*']")
    assert topics(*RULES, "Castling is allowed.", lexicon=own) == {"castling"}


@pytest.mark.parametrize("heading", ["Prohibited uses", "Do's and don'ts", "Code of conduct"])
def test_a_heading_on_conduct_stands_over_duties(heading):
    def under(*lines):
        return topics(*RULES, f"## {heading}", *lines)

    assert under("Passing personal data on to third parties.") == set()
    assert "third_party_sharing" in under("We pass your personal data on to third parties.")
    assert "rights_erasure" in under("You may delete your account.")


@pytest.mark.parametrize(
    ("language", "title", "with_data", "without"),
    [
        ("de", "Nutzungsbedingungen", "Dienstleister sehen Ihre Daten.", "Dienstleister helfen."),
        ("fr", "Conditions", "Nos prestataires voient vos données.", "Nos prestataires aident."),
        ("es", "Condiciones", "Nuestros proveedores ven sus datos.", "Los proveedores ayudan."),
        ("nl", "Voorwaarden", "Dienstverleners zien uw gegevens.", "Dienstverleners helpen."),
    ],
)
def test_every_language_has_its_words_on_data(language, title, with_data, without):
    lines = (f"# {title}", "## 1", *(f"{n} x {n}." for n in range(20)), without)
    assert topics(*lines, language=language) == set()
    assert "service_providers" in topics(*lines, with_data, language=language)
