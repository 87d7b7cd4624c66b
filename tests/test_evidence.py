"""What the learned weights add to the lexicon, and what they take away."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.clauses import tag
from tracker.clauses.evidence import CATEGORIES, Evidence, evidence_for, features, stem
from tracker.clauses.lexicon import LANGUAGES, load_lexicon

FILE = resources.files("tracker.clauses").joinpath("topics", "evidence.en.toml").read_text("utf-8")
TABLES = tomllib.loads(FILE)
# Words that are weighed and weigh nothing.
KNOWN = [f"+0.0 {word}" for word in "for security it is day and in our some words".split()]
SMALL = Evidence(
    {
        category.name: {
            "base": -3.0,
            "weights": {
                "Data Security": "+4.0 vaulted\n+2.0 our vault\n" + "\n".join(KNOWN),
                "Data Retention": "+1.0 [retention]\n+1.0 [security]",
            }.get(category.name, ""),
        }
        for category in CATEGORIES
    }
)


def test_the_file_says_where_its_weights_come_from():
    assert "APPSI-139" in FILE and "CC BY 4.0" in FILE and "learn_weights.py" in FILE


def test_each_category_has_weights_that_can_be_read():
    assert list(TABLES) == [category.name for category in CATEGORIES]
    for table in TABLES.values():
        lines = [line.split(maxsplit=1) for line in table["weights"].splitlines()]
        weights = {text: float(weight) for weight, text in lines}
        assert len(weights) == len(lines)
        assert 20 <= len(weights) <= 600
        assert all(weight == round(weight, 1) != 0 for weight in weights.values())
        assert all(len(text.split()) <= 2 for text in weights)
        known = {" ".join(map(stem, text.split())) for text in weights}
        assert len(known) == len(weights)


def test_phrases_weigh_for_the_category_of_their_topic():
    for category in CATEGORIES:
        weights = [line.split() for line in TABLES[category.name]["weights"].splitlines()]
        of_topics = {text.strip("[]"): float(w) for w, text, *_ in weights if text[0] == "["}
        assert of_topics.keys() <= load_lexicon().topics.keys()
        assert max(of_topics, key=of_topics.__getitem__) in category.topics | {"sensitive_data"}


def test_categories_name_topics():
    for category in CATEGORIES:
        assert category.topics <= set(load_lexicon().topics)
        assert {topic for topic, _ in category.gives} <= category.topics


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("cookie cookies", True),
        ("policy policies", True),
        ("share shared shares sharing", True),
        ("process processes processing", True),
        ("access accessed", True),
        ("use us", False),
        ("new news", True),
        ("secure security", False),
    ],
)
def test_stems(words, same):
    assert (len(set(map(stem, words.split()))) == 1) == same


def test_features_are_words_and_pairs_once():
    assert features("cookies: our cookies, 30 days") == (
        ["#", "# day", "cooki", "cooki #", "cooki our", "day", "our", "our cooki"],
        5,
    )


def test_scores_add_up_and_fade_with_length():
    place = [category.name for category in CATEGORIES].index("Data Security")
    assert SMALL.scores("nothing", {})[place] == -3.0
    short, long = "it is vaulted in our vault", "it is vaulted in our vault" + " and more" * 30
    assert SMALL.scores(short, {})[place] > 3 > SMALL.scores(long, {})[place] > -3.0


def test_what_is_missing_and_what_is_doubtful():
    doubted, (given,) = SMALL.judge(
        "for security it is vaulted, day and night, in our vault",
        {"retention": 1.0, "sale_of_data": 1.0},
        {"retention", "sale_of_data"},
    )
    assert doubted == {"retention"}  # a sale is never doubted
    assert (given.topic, given.words[0]) == ("security", "vaulted")


def test_phrases_and_words_are_weighed_together():
    words, place = "some words and some words for some words in some words", 3
    assert CATEGORIES[place].name == "Data Retention"
    for phrases, score in [
        ({}, -3.0),
        ({"retention": 0.7}, -2.3),
        ({"retention": 1.5, "security": 1.0, "children": 1.0}, -0.5),
        ({"retention": 9.0}, -1.0),  # enough is enough
    ]:
        assert SMALL.scores(words, phrases)[place] == pytest.approx(score)
    assert SMALL.judge(words, {"retention": 1.0}, {"retention"})[0] == {"retention"}
    both = {"retention": 2.0, "security": 1.0}
    assert SMALL.judge(words, both, {"retention"})[0] == frozenset()


def test_a_sentence_of_unknown_words_is_not_judged():
    known = "some words, and some words for it in our"
    assert SMALL.judge(f"{known} day", {"retention": 1.0}, {"retention"})[0] == {"retention"}
    strange = "meadow brook and willow, and some hazel over there"
    assert SMALL.judge(strange, {"retention": 1.0}, {"retention"}) == (frozenset(), [])


def test_a_short_sentence_is_about_its_phrase():
    assert SMALL.judge("some words", {"retention": 1.0}, {"retention"}) == (frozenset(), [])


def test_only_english_has_weights():
    assert [language for language in LANGUAGES if evidence_for(language)] == ["en"]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Traffic data stays with us for twelve months, a long period.", "retention"),
        ("Your password keeps unauthorised people out; protect it.", "security"),
        ("Changes will be posted here.", "policy_change"),
        ("Any amended version applies once it becomes effective.", "policy_change"),
        ("Once this period has expired, we will delete your data.", "retention"),
    ],
)
def test_wordings_the_lexicon_does_not_know(text, topic):
    assert topic in tag(text, "en")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        (
            "This site is available to users interested in the services offered on the site.",
            "third_party_sharing",
        ),
        (
            "Such links are not an endorsement or recommendation of the third party.",
            "third_party_sharing",
        ),
        ("The licence is governed by the law, and any violation is prosecuted.", "law_enforcement"),
        (
            "For example, we may remove any content that offends other members of the club.",
            "rights_erasure",
        ),
        ("You stay responsible for any other breach of security.", "retention"),
    ],
)
def test_silly_matches_are_dropped(text, topic):
    assert topic not in tag(text, "en")


def test_a_denial_is_never_dropped():
    assert tag("We do not share anything here.", "en").get("third_party_sharing") == "denies"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_scores(text):
    assert len(evidence_for("en").scores(text, {})) == len(CATEGORIES)
