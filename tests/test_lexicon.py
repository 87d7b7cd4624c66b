"""Every phrase finds its example; a user's file extends, replaces, and is checked."""

import re

import pytest
from support import CASES, document

from tracker.clauses import check, find_clauses, load_lexicon, tag, topics, try_out
from tracker.clauses.check import fault
from tracker.clauses.finder import Finder
from tracker.clauses.lexicon import LANGUAGES, phrases, shipped, yielding
from tracker.clauses.openings import first_words, openings
from tracker.clauses.phrases import fold, to_regex
from tracker.errors import ConfigError

LEXICON = load_lexicon()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_finds_its_example(language):
    lost = [
        (phrase.topic, phrase.text, example)
        for phrase in phrases(LEXICON, language)
        for example in phrase.examples
        if not Finder([phrase]).hits(fold(example))
    ]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_phrase_tags_its_example(language):
    untagged = [
        (phrase.topic, phrase.text, example)
        for phrase in phrases(LEXICON, language)
        if phrase.weight >= LEXICON.topics[phrase.topic].threshold
        for example in phrase.examples
        if phrase.topic not in tag(example, language)
    ]
    assert untagged == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_an_example_and_passes_the_check(language):
    entries = phrases(LEXICON, language)
    assert [p.text for p in entries if not p.excludes and not p.examples] == []
    assert [(p.text, fault(p.text)) for p in entries if fault(p.text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_name_known_topics_and_facets(language):
    assert set(shipped(language)) <= set(LEXICON.topics)
    facets = {(p.topic, p.facet) for p in phrases(LEXICON, language) if p.facet}
    assert all(facet in LEXICON.topics[topic].facets for topic, facet in facets)
    assert set(shipped("stance")[language]) == set(shipped("stance")["en"])


def test_names_of_word_lists_are_spelled_out():
    texts = [phrase.text for phrase in phrases(LEXICON, "nl")]
    assert [text for text in texts if "<gegevens>" in text] == []
    assert any("*gegevens|*informatie" in text for text in texts)


def test_every_topic_is_spoken_in_every_language():
    assert {topic.languages for topic in topics()} == {LANGUAGES}
    assert len(topics()) == 35
    assert all(topic.name and topic.definition for topic in topics())


def test_topics_yield_to_known_topics():
    for language in LANGUAGES:
        for topics_yielded_to in yielding(LEXICON, language).values():
            assert topics_yielded_to <= set(LEXICON.topics)


OWN = """
[topic.loot_boxes]
name = "Loot boxes"
definition = "Games of chance."
[topic.loot_boxes.en]
phrases = [{ is = "loot box*", action = "offer", example = "We sell loot boxes." }]
but_not = ["loot box museum"]

[topic.ads_personalised.en]
phrases = [{ is = "influencer*", example = "We pay influencers." }]
"""


def test_own_topics_extend_ours():
    own = load_lexicon(OWN)
    assert tag("We offer loot boxes.", "en", lexicon=own) == {"loot_boxes": "asserts"}
    assert tag("Visit the loot box museum.", "en", lexicon=own) == {}
    assert tag("We pay influencers.", "en", lexicon=own) == {"ads_personalised": "asserts"}
    assert tag("We show ads.", "en", lexicon=own) == {"ads_personalised": "asserts"}
    assert tag("We pay influencers.", "en") == {}


def test_own_topics_may_replace_ours():
    own = load_lexicon(
        "[topic.ads_personalised]\nreplace = true\n"
        '[topic.ads_personalised.en]\nphrases = [{ is = "billboards", example = "billboards" }]\n'
    )
    assert tag("We show ads on billboards.", "en", lexicon=own) == {"ads_personalised": "asserts"}
    assert tag("We show ads.", "en", lexicon=own) == {}


def test_own_lexicon_reaches_documents():
    clauses = find_clauses(document("We offer loot boxes."), lexicon=load_lexicon(OWN))
    assert [(c.topic, c.rule, c.action) for c in clauses] == [("loot_boxes", "loot box*", "offer")]


def test_own_language():
    own = load_lexicon(
        '[topic.ads_personalised.nl]\nphrases = [{ is = "kwaak*", example = "kwaak" }]'
    )
    assert tag("De eend kwaakt.", "nl", lexicon=own) == {"ads_personalised": "asserts"}


MISTAKES = [
    line.replace("\\n", "\n").split("\t")
    for line in (CASES / "topics" / "mistakes.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_mistakes_are_named(text, expected):
    assert any(expected in str(problem) for problem in check(text)), list(map(str, check(text)))


def test_a_right_file_has_no_problems():
    assert check(OWN) == []


def test_a_file_with_mistakes_is_refused_whole():
    with pytest.raises(ConfigError, match=r"line 2: error: .*did you mean \"name\""):
        load_lexicon("[topic.ads_personalised]\nnmae = 'x'")


def test_phrases_are_tried_on_texts():
    (trial,) = try_out(OWN, ["Nothing here. We pay Influencers to talk."])
    assert (trial.topic, trial.quote) == ("ads_personalised", "We pay Influencers to talk.")
    assert trial.found == "influencers"
    assert try_out("not toml", ["x"]) == []


@pytest.mark.parametrize(
    ("phrase", "starts"),
    [
        ("advertis*", {"advertis"}),
        ("e-?mail", {"e ", "email "}),
        ("(sell|rent) data", {"sell ", "rent "}),
        ("(the )?data", {"the ", "data "}),
        ("(we |you )*use", {"we ", "you ", "use "}),
        ("colou?r*", {"colour", "color"}),
        ("anal[yi]s", {"analys ", "analis "}),
        ("*vrij", {"*vrij"}),
        ("@ ?\\w+", {"@"}),
        ("(?<!we )do not", {"do "}),
    ],
)
def test_first_words(phrase, starts):
    assert first_words(phrase) == starts


@pytest.mark.parametrize(
    ("phrase", "alone", "paired", "second"),
    [
        ("data", {"data "}, set(), set()),
        ("sell ... data", {"sell "}, set(), set()),
        ("(sell|rent) (your )?data", set(), {"sell ", "rent "}, {"your ", "data "}),
        ("(we |you )*use", {"use "}, {"we ", "you "}, {"we ", "you ", "use "}),
        ("privacy[- ]shield", set(), {"privacy "}, {"shield "}),
        ("hosting-?*(provider|partner)", {"hosting"}, {"hosting "}, {"*provider", "*partner"}),
        ("retain (a|the)+ right", set(), {"retain "}, {"a", "a ", "the", "the "}),
        ("box (\\w+ ){0,2}office", {"box "}, set(), set()),
        ("(day|week)s? (after|\\w+)", {"day ", "days ", "week ", "weeks "}, set(), set()),
    ],
)
def test_openings(phrase, alone, paired, second):
    found = openings(phrase)
    assert (found.alone, found.paired, found.second) == (alone, paired, second)


@pytest.mark.parametrize(
    ("phrase", "needed"),
    [
        ("sell ... data", {"data "}),
        ("sell (\\w+ ){0,3}(your|the) (\\w+ )?data", {"data "}),
        ("sell data|rent (out )?lists", {"data ", "lists "}),
        ("sell data|rent", set()),
    ],
)
def test_words_that_must_be_ahead(phrase, needed):
    assert openings(phrase).needed == needed


@pytest.mark.parametrize("language", LANGUAGES)
def test_openings_lose_no_match(language):
    for phrase in phrases(LEXICON, language):
        regex = re.compile(r"(?<!\w)" + to_regex(phrase.text))
        for example in map(fold, phrase.examples):
            found = {(hit.start, hit.end) for hit in Finder([phrase]).hits(example)}
            assert {match.span() for match in regex.finditer(example)} <= found, phrase.text
