"""Topics of passages and documents, and the five seeds."""

from dataclasses import replace

import pytest
import support
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.clauses import find_clauses, tag
from tracker.clauses.language import guess
from tracker.clauses.phrases import fold
from tracker.clauses.tag import LONGEST, findings, passages, units
from tracker.model import Block, Document


def topics_of(text, language="en"):
    return {topic for topic in tag(text, language) if "." not in topic}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We keep your data for two years.", {"retention"}),
        ("Privacy Shield certified suppliers.", {"service_providers", "international_transfer"}),
        ("Our office is in the parent company's street.", set()),
        ("We may merge your data with other data.", {"data_sources"}),
        ("We protect the information we collect with encryption.", {"security"}),
        ("We take part in a COPPA safe harbor scheme.", {"children"}),
        ("See https://example.org/marketing/cookies-and-ads for details.", set()),
        ("", set()),
    ],
)
def test_topics_of_a_sentence(text, expected):
    assert topics_of(text) == expected


SENTENCES = [
    line.split("\t")
    for line in (support.CASES / "topics" / "sentences.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("language", "topic", "sentence"), SENTENCES)
def test_sentences_as_policies_have_them(language, topic, sentence):
    found = tag(sentence, language) or {"-"}
    assert topic[1:] not in found if topic.startswith("!") else topic in found


def test_facets_come_with_their_topic():
    found = tag("You have the right of access, rectification and data portability.", "en")
    assert list(found)[:4] == [
        "rights_access",
        "rights_access.access",
        "rights_access.portability",
        "rights_access.rectification",
    ]


def test_a_weak_match_needs_support():
    """ "How we use" alone is half a topic; a heading on the topic completes it."""
    lines = ("# Use of your information", "Customer support.")
    bare = find_clauses(support.document("Customer support and how we use it."))
    assert [c.topic for c in find_clauses(support.document(*lines))] == []
    assert "purposes" in {c.topic for c in bare}


def test_a_heading_alone_makes_no_clause():
    document = support.document("# Advertising", "We love our customers.")
    assert find_clauses(document) == []


def test_a_heading_that_only_touches_a_topic_supports_nothing():
    """ "Information" is half a word of many topics; a heading that has it is on none of them."""
    document = support.document("# Over onze informatie", "Ze worden bewaard.")
    assert find_clauses(document) == []


def test_words_that_only_name_a_topic_have_no_say_in_its_stance():
    """The recipients are named behind "not without", the sharing before it."""
    sentence = "Uw gegevens worden niet gedeeld, want zonder klanten zijn wij nergens, met derden."
    assert tag(sentence, "nl")["third_party_sharing"] == "denies"


def test_a_clause_tells_where_it_stands_and_why():
    document = support.document("# Sharing", "Hello. We never sell your personal data.")
    clause = next(c for c in find_clauses(document) if c.topic == "sale_of_data")
    assert clause.quote == "We never sell your personal data."
    assert (clause.stance, clause.section, clause.block) == ("denies", "Sharing", 1)
    assert clause.action == "sell"
    assert clause.rule.startswith("(sell|sells|selling|sold) ... ")


def test_table_cells_are_read_one_by_one():
    document = support.document("| Cookies | We use cookies. | kept for 2 years |")
    quotes = {clause.quote for clause in find_clauses(document)}
    assert quotes == {"Cookies", "We use cookies.", "kept for 2 years"}


def table(names, *rows):
    blocks = [Block("row", " | ".join(cells), cells=cells) for cells in (names, *rows)]
    return Document("", (replace(blocks[0], header=True), *blocks[1:]), language="en")


def test_a_table_cell_is_read_under_the_name_of_its_column():
    found = find_clauses(table(("What", "Retention"), ("Traffic data", "twelve months")))
    assert [(clause.topic, clause.quote) for clause in found] == [("retention", "twelve months")]


def test_a_table_cell_is_shown_with_the_name_of_its_row():
    """Which is not read with it: a row on cookies says nothing of them in every cell."""
    found = find_clauses(table(("What", "How long"), ("Cookies", "kept for two years")))
    assert [(clause.topic, clause.lead_in, clause.quote) for clause in found] == [
        ("cookies_tracking", "", "Cookies"),
        ("retention", "Cookies", "kept for two years"),
    ]


@pytest.mark.parametrize(
    "first", ["17", "Retention:", "Your invoices, and what shows how each of them came about. " * 2]
)
def test_a_first_cell_that_is_no_name_is_not_shown_with_the_others(first):
    found = find_clauses(table(("What", "How long"), (first, "kept for two years")))
    assert [clause.lead_in for clause in found if clause.quote == "kept for two years"] == [""]


def test_names_of_columns_are_no_clauses():
    assert find_clauses(table(("Data collected", "Cookies we use"), ("Shoe size", "none"))) == []


def test_the_date_of_an_update_is_no_clause():
    document = support.document("Last updated: May 3, 2018", "We may update this policy.")
    assert [clause.quote for clause in find_clauses(document)] == ["We may update this policy."]


def test_a_lead_in_ends_with_the_first_sentence_of_its_item():
    document = support.document("We do not:", "- sell your data. We use cookies.")
    assert [(c.topic, c.stance, c.lead_in) for c in find_clauses(document, "en")] == [
        ("sale_of_data", "denies", "We do not:"),
        ("cookies_tracking", "asserts", ""),
    ]


def test_blocks_seen_before_are_remembered():
    document = support.document("# Ads", "We show ads. We sell your data.")
    first = find_clauses(document)
    before = findings.cache_info()
    assert find_clauses(document) == first
    assert findings.cache_info().misses == before.misses


def test_languages_we_do_not_speak_have_no_clauses():
    assert tag("Vi sælger ikke dine data. We sell data.", "da") == {}
    assert find_clauses(Document("", (), language="")) == []


@pytest.mark.parametrize("language", ["en-GB", "en_US", "EN"])
def test_language_tags_are_understood(language):
    assert tag("We sell your data.", language) == {"sale_of_data": "asserts"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We use cookies on our site.", "en"),
        ("Wij gebruiken cookies op onze site.", "nl"),
        ("Wir verwenden Cookies auf unserer Seite und nicht mehr.", "de"),
        ("Nous utilisons des cookies sur notre site.", "fr"),
        ("Utilizamos cookies en nuestra página y no más.", "es"),
        ("", "en"),
    ],
)
def test_language_is_guessed(text, language):
    assert guess(text) == language


def test_list_items_in_a_passage_keep_their_lead_in():
    text = "We do not:\n- sell data\n- show ads\nThanks."
    assert list(passages(text)) == [
        ("We do not:", ""),
        ("sell data", "We do not:"),
        ("show ads", "We do not:"),
        ("Thanks.", ""),
    ]


def test_folding_keeps_words_apart_and_drops_addresses():
    assert fold("Größe, Café (https://a.example/x?y=z) “Ads”") == 'grosse, cafe "ads"'


@settings(deadline=None)  # the first example of a language loads its phrases
@given(st.text(max_size=300), st.sampled_from(["en", "nl", "de", "fr", "es"]))
def test_any_text_can_be_read(text, language):
    assert set(tag(text, language).values()) <= {"asserts", "denies", "conditional"}


# The five seeds: real policies, quoted in short fragments only.


def seed(name):
    from tracker.normalize import normalize

    (path,) = (support.SHARED / "seeds").glob(f"{name}_*.txt")
    return find_clauses(normalize(path.read_bytes(), "text/plain"))


def said(clauses, topic, fragment=""):
    return {c.stance for c in clauses if c.topic == topic and fragment in c.quote}


@support.needs_shared
def test_voxbone_2015():
    clauses = seed("001")
    assert said(clauses, "ads_personalised") == {"denies"}
    assert said(clauses, "sale_of_data") == {"denies"}
    assert said(clauses, "third_party_sharing", "Even after termination") == {"denies"}
    assert not said(clauses, "international_transfer")


@support.needs_shared
def test_voxbone_2018():
    clauses = seed("000")
    assert said(clauses, "ads_personalised", "(Retargeting)") == {"asserts"}
    assert said(clauses, "sale_of_data") == {"denies"}
    for topic in (
        "international_transfer.eu_us_privacy_shield",
        "international_transfer.scc",
        "retention",
        "security",
        "rights_access.portability",
        "rights_erasure",
        "rights_object.restriction",
        "consent.withdraw",
    ):
        assert said(clauses, topic) == {"asserts"}, topic


@support.needs_shared
def test_voxox():
    clauses = seed("003")
    assert said(clauses, "ads_personalised", "ad-free") == {"denies"}
    assert said(clauses, "recording_monitoring", "monitor and record") == {"asserts"}
    assert "asserts" in said(clauses, "merger_transfer", "may merge or be acquired")
    assert said(clauses, "children", "does not knowingly") == {"denies"}


@support.needs_shared
def test_voiceking():
    clauses = seed("002")
    assert said(clauses, "retention", "maximaal 3 jaar") == {"asserts"}
    assert said(clauses, "international_transfer", "buiten de EU") == {"denies"}
    assert said(clauses, "children", "jonger zijn dan 16 jaar") == {"denies"}
    assert said(clauses, "cookies_tracking", "tracking cookies") == {"asserts"}
    assert said(clauses, "ads_personalised", "Interesseprofielen") == {"asserts"}
    assert said(clauses, "automated_decisions", "Interesseprofielen") == {"asserts"}


@support.needs_shared
def test_voiped():
    clauses = seed("004")
    assert said(clauses, "recording_monitoring", "Telefoongesprekken") == {"asserts"}
    assert said(clauses, "cookies_tracking") == {"asserts"}
    assert said(clauses, "retention", "zolang als nodig") == {"asserts"}


@pytest.mark.parametrize(
    "pattern",
    [
        "we do not share your data {} with third parties, (",
        "not no never sell data ( {} ) ",
        "information data you {} we share with third parties ",
        "sell {} data ",
    ],
)
def test_a_page_without_full_stops_is_read_in_pieces(pattern):
    """Hostile or broken pages: the work grows with the length, not with its square."""
    text = "".join(pattern.format(number) for number in range(300))
    assert max(map(len, units(text))) <= LONGEST + 1
    assert "sale_of_data" in tag(text, "en") or "third_party_sharing" in tag(text, "en")
    assert " ".join(units(text)).split() == text.split()
