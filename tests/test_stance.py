"""Asserts, denies, conditional: one sentence each, with the traps named in the taxonomy."""

import pytest
import support

from tracker.clauses import find_clauses, tag
from tracker.clauses.phrases import fold
from tracker.clauses.stance import combine, read

ROWS = [
    line.split("\t")
    for line in (support.CASES / "topics" / "stance.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("language", "topic", "stance", "sentence"), ROWS)
def test_stance_of_a_sentence(language, topic, stance, sentence):
    assert tag(sentence, language).get(topic, "-") == stance


def stance(sentence, phrase, language="en"):
    folded = fold(sentence)
    start = folded.index(phrase)
    return read(folded, language).stance(start, start + len(phrase))


@pytest.mark.parametrize(
    ("phrase", "expected"), [("sell", "denies"), ("share", "asserts"), ("newsletter", "asserts")]
)
def test_a_denial_ends_with_its_clause(phrase, expected):
    sentence = "We do not sell your data, but we share it, and our newsletter is free."
    assert stance(sentence, phrase) == expected


def test_a_denial_in_a_relative_clause_stays_there():
    sentence = "Your data, which we never sell, is shared with partners."
    assert stance(sentence, "sell") == "denies"
    assert stance(sentence, "shared") == "asserts"


def test_a_denial_reaches_over_a_relative_clause():
    sentence = "Wir geben Ihre Daten, die Sie uns nennen, nicht an Dritte weiter."
    assert stance(sentence, "geben", "de") == "denies"


def test_a_phrase_that_denies_by_itself_is_turned_by_a_denial():
    reading = read("this site is not cookie-free", "en")
    assert reading.stance(17, 28, denies=True) == "asserts"


def test_lead_in_denies_its_items():
    document = support.document("We do not:", "- sell your personal data;", "- show ads.")
    found = {(clause.topic, clause.stance) for clause in find_clauses(document)}
    assert {("sale_of_data", "denies"), ("ads_personalised", "denies")} <= found


def test_lead_in_of_a_nested_list_is_the_item_above():
    document = support.document(
        "We do the following:", "- We never:", "  - sell your personal data.", "- We show ads."
    )
    stances = {clause.topic: clause.stance for clause in find_clauses(document)}
    assert stances["sale_of_data"] == "denies"
    assert stances["ads_personalised"] == "asserts"


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([("asserts", 1.0)], "asserts"),
        ([("asserts", 1.0), ("denies", 1.0)], "denies"),
        ([("asserts", 2.0), ("denies", 1.0)], "asserts"),
        ([("asserts", 2.0), ("conditional", 0.1)], "conditional"),
    ],
)
def test_several_sentences_make_one_stance(votes, expected):
    assert combine(votes) == expected


def test_a_mention_gives_way_to_a_denial():
    text = (
        "Some browsers send Do Not Track signals. A Do Not Track setting can be found in most "
        "browsers. We do not respond to them."
    )
    assert tag("We do not respond to Do Not Track signals. " + text)["do_not_track"] == "denies"
