"""Words that count beside a phrase of their topic only."""

import pytest

from tracker.clauses import load_lexicon, tag
from tracker.clauses.check import fault
from tracker.clauses.company import Beside, Company
from tracker.clauses.lexicon import LANGUAGES, shipped


def test_words_add_up_over_topics():
    company = Company(
        [
            Beside("sale_of_data", "*data|lists?", 0.4),
            Beside("retention", "lists", 0.25),
            Beside("retention", "files", 0.5),
        ]
    )
    assert company.beside("our lists, files and userdata") == {
        "sale_of_data": 0.4,
        "retention": 0.75,
    }
    assert company.beside("nothing of that; dataless") == {}


def test_company_alone_makes_no_clause():
    assert tag("Uw gegevens en uw adres.", "nl") == {}
    assert "sale_of_data" not in tag("Wij verhandelen fietsen.", "nl")
    assert tag("Wij verhandelen uw adres.", "nl")["sale_of_data"] == "asserts"


def test_a_replaced_topic_has_no_company_of_ours():
    own = load_lexicon(
        "[topic.sale_of_data]\nreplace = true\n[topic.sale_of_data.nl]\n"
        'phrases = [{ is = "verhandelen", weight = 0.9, example = "verhandelen" }]'
    )
    assert "sale_of_data" not in tag("Wij verhandelen uw adres.", "nl", lexicon=own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_company_is_single_words(language):
    for table in shipped(language).values():
        for entry in table.get("company", ()):
            assert fault(entry["is"]) == ""
            assert " " not in entry["is"]
            assert 0 < entry["weight"] < 1
