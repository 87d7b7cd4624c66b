"""The report for people: terminal, Markdown, HTML. What pages say stays text in all of them."""

import io
import re
from dataclasses import replace

import pytest
from histories import (
    ACME,
    ADS,
    BELL,
    MADE,
    NAMES,
    NO_ADS,
    SHIELD,
    clause,
    hostile,
    sighting,
    version,
)
from rich.console import Console
from support import CASES, at

from tracker import report
from tracker.model import ClauseChange, ProfileEntry, Window
from tracker.render import headlines, html, links, markdown, text, view, words

BOTH = report.build([ACME, BELL], now=MADE)
NOTHING = report.build([BELL], now=MADE, topics=["ads_personalised"], since=at("2017-01-01"))
HOSTILE = report.build([hostile()], now=MADE)
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def terminal(shown, *, colour=False):
    console = Console(
        file=io.StringIO(),
        width=90,
        force_terminal=colour,
        color_system="standard" * colour or None,
    )
    console.print(text.render(shown, NAMES), crop=False)
    return console.file.getvalue()


def test_terminal(expect):
    expect(terminal(BOTH), CASES / "report" / "two-policies.txt")


def test_markdown(expect):
    expect(markdown.render(BOTH, NAMES), CASES / "report" / "two-policies.md")


def test_html(expect):
    expect(html.render(BOTH, NAMES), CASES / "report" / "two-policies.html")


def test_a_limited_report_says_so():
    told = terminal(NOTHING)

    assert "only personalised advertising, since 2017-01-01" in told
    assert "No change found (only personalised advertising, since 2017-01-01)." in told


def test_colours_only_where_a_terminal_shows_them():
    assert "\x1b[" in terminal(BOTH, colour=True)
    assert "\x1b" not in terminal(BOTH)


def test_addresses_stay_in_one_piece():
    assert "https://web.archive.org/web/20170629120000/https://acme.example/privacy\n" in terminal(
        BOTH
    )


def test_hostile_text_cannot_steer_a_terminal():
    assert not CONTROLS.search(terminal(HOSTILE))


def test_hostile_text_stays_text_in_markdown():
    made = markdown.render(HOSTILE, NAMES)

    assert not CONTROLS.search(made)
    assert "javascript:alert" not in made
    for opener in ("<script", "[x]", "**bold", "{{", "{%", " | \u202e", "https://evil"):
        assert not re.search(r"(?<!\\)" + re.escape(opener), made.replace("**cites", ""))
    assert not re.search(r"^# heading", made, re.M)


def test_hostile_text_stays_text_in_html():
    made = html.render(HOSTILE, NAMES)

    assert not CONTROLS.search(made)
    assert "<script" not in made
    assert re.findall(r'href="(?!#)([^"]*)"', made) == []
    assert "{{ 7 * 7 }}" in made


def test_html_needs_nothing_else():
    made = html.render(BOTH, NAMES)

    assert re.findall(r"<(?:link|script|img|iframe)\b|@import|url\(", made) == []
    assert {link.partition("/web/")[0] for link in re.findall(r'href="(h[^"]*)"', made)} == {
        "https://web.archive.org"
    }


def test_a_rewritten_policy_is_told_in_part_and_counted_whole():
    quotes = [f"We keep item {number} for a year." for number in range(15)]
    clauses = [
        ClauseChange("retention", "appeared", None, clause("retention", quote), "new", 40)
        for quote in quotes
    ]
    rewritten = replace(ACME, changes=(replace(ACME.changes[0], clauses=tuple(clauses)),))
    shown = report.build([rewritten], now=MADE)

    told = " ".join(terminal(shown).split())
    assert quotes[11] in told
    assert quotes[12] not in told
    assert "and 3 more (how long data is kept 3): --topic TOPIC shows them" in told
    assert all(quote in markdown.render(shown, NAMES) for quote in quotes)
    assert all(quote in html.render(shown, NAMES) for quote in quotes)


def test_each_topic_is_told_before_the_second_finding_of_another():
    clauses = [
        ClauseChange(
            "retention", "appeared", None, clause("retention", f"For {n} days."), "new", 60
        )
        for n in range(15)
    ]
    clauses.append(ClauseChange(ADS.topic, "appeared", None, ADS, "new", 50))
    change = replace(ACME.changes[0], clauses=tuple(clauses))

    told, left = view.at_length(view.findings(ACME, change))
    assert [one.topics[0] for one in told] == ["retention"] * 11 + [ADS.topic]
    assert len(left) == 4


def test_many_incidents_are_counted():
    incidents = ACME.coverage.incidents * 8
    shown = replace(ACME, coverage=replace(ACME.coverage, incidents=incidents))

    assert "and 3 more incidents: see `status`" in terminal(report.build([shown], now=MADE))


def test_the_gravest_of_a_topic_stands_for_all():
    clauses = tuple(
        ClauseChange("retention", "appeared", None, clause("retention", quote), "new", severity)
        for quote, severity in [("One year.", 40), ("Ten years.", 60), ("Always.", 50)]
    )
    many = report.build(
        [replace(ACME, changes=(replace(ACME.changes[0], clauses=clauses),))], now=MADE
    )

    assert [one.clause.after.quote for one in view.standing_out(many)] == ["Ten years."]


def test_a_reversal_stands_for_whatever_else_became_of_its_topic():
    turned, appeared = ACME.changes[0].clauses[0], clause("ads", "We show banners.")
    more = ClauseChange("ads", "appeared", None, appeared, "new", 68)
    known = replace(turned, topic="ads", kind="reversed", severity=100)
    changes = (replace(ACME.changes[0], clauses=(more, known)),)
    many = report.build([replace(ACME, changes=changes)], now=MADE)

    assert [one.clause.kind for one in view.standing_out(many)] == ["reversed"]


def test_a_text_that_comes_and_goes_is_one_event():
    days = ["2018-01-01", "2018-01-05", "2018-01-09", "2018-01-12", "2018-01-15"]
    texts = [NO_ADS.quote, ADS.quote]
    seen = [version(n + 1, day, day, texts[n % 2]) for n, day in enumerate(days)]
    labels = [(), ("returns to version 1",), *[("returns to version 2", "alternates")] * 2]
    changes = [
        replace(
            ACME.changes[0],
            before=n,
            after=n + 1,
            kind="flap" if n > 1 else "substantive",
            window=Window(at(days[n - 1]), at(days[n])),
            labels=labels[n - 1],
        )
        for n in range(1, 5)
    ]
    history = replace(ACME, versions=tuple(seen), changes=tuple(changes))

    turned, back = view.by_weight(history)
    assert headlines.change(history, turned).endswith("the old text was back by 2018-01-09")
    assert headlines.change(history, back).endswith("version 1, and 2 times more by 2018-01-15")


def test_the_law_a_clause_brings_is_named_at_once():
    brought = replace(
        ACME.changes[0].clauses[0], topic="international_transfer", instruments=("Privacy Shield",)
    )
    (finding,) = view.findings(ACME, replace(ACME.changes[0], clauses=(brought,)))

    assert headlines.subject(finding, NAMES) == "transfers abroad (Privacy Shield)"


def test_words_that_left_another_topic_are_no_second_finding():
    reversal = ACME.changes[0].clauses[1]
    left = replace(NO_ADS, topic="cookies_tracking")
    elsewhere = clause("retention", "We keep data for a year.")
    clauses = (
        reversal,
        ClauseChange(left.topic, "vanished", left, None, "no partner", 70),
        ClauseChange(elsewhere.topic, "vanished", elsewhere, None, "no partner", 70),
    )

    first, second = view.findings(ACME, replace(ACME.changes[0], clauses=clauses))

    assert (first.clause, first.also) == (reversal, clauses[1:2])
    assert headlines.also(first, NAMES) == "with the same words, cookies tracking: vanished"
    assert (second.clause, second.also) == (clauses[2], ())


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("We never sell data.", "#:~:text=We%20never%20sell%20data."),
        ("opt-in, opt-out & more", "#:~:text=opt%2Din%2C%20opt%2Dout%20%26%20more"),
        (
            "one two three four five six seven eight nine ten eleven twelve thirteen",
            "#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen",
        ),
        ("derden – één", "#:~:text=derden%20%E2%80%93%20%C3%A9%C3%A9n"),
        (" \n ", ""),
    ],
)
def test_a_text_fragment_finds_the_quote(quote, fragment):
    assert links.fragment(quote) == fragment


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://a.example/web/2015id_/http://x.example/?q=1&r=%20", True),
        ("http://[::1", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//a.example/", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url, linked):
    assert links.web(url) == (url if linked else "")


def test_an_address_cannot_end_its_link():
    assert links.web('https://a.example/" onclick=x>') == ("https://a.example/%22%20onclick=x%3E")


def test_a_memento_has_two_addresses():
    seen = sighting("2015-06-12", "http://x.example/20150612id_/")

    assert links.raw(seen).endswith("/web/20150612120000id_/http://x.example/20150612id_/")
    assert links.view(seen).endswith("/web/20150612120000/http://x.example/20150612id_/")
    assert links.to_quote(seen, "We sell.").endswith("/20150612id_/#:~:text=We%20sell.")


def test_without_a_memento_the_snapshot_is_the_evidence():
    imported = replace(sighting("2015-06-12"), memento_url="")

    assert links.to_quote(imported, "We sell.") == ""
    assert (
        links.name(imported) == f"capture of 2015-06-12, snapshot {imported.snapshot_sha256[:12]}"
    )


@pytest.mark.parametrize(
    ("after", "by", "told"),
    [
        ("2017-06-29", "2018-08-30", "after 2017-06-29 and by 2018-08-30 (427 days)"),
        ("2018-08-29T23:59Z", "2018-08-30", "after 2018-08-29 and by 2018-08-30 (1 day)"),
        (
            "2018-08-30T10:02Z",
            "2018-08-30T11:15Z",
            "after 2018-08-30 10:02 and by 11:15 UTC (the same day)",
        ),
    ],
)
def test_a_change_has_a_window_never_a_bare_date(after, by, told):
    assert words.window(Window(at(after), at(by))) == told


def test_the_mission_in_one_line():
    reversal, shield = view.standing_out(BOTH)

    assert headlines.sentence(reversal, NAMES) == (
        'personalised advertising: REVERSED, "Our services do not show personalised advertising." '
        'became "We use your data to show personalised advertising."'
    )
    assert headlines.sentence(shield, NAMES).startswith("Privacy Shield: appeared, ")


def test_a_sentence_on_several_topics_is_told_once():
    both = [
        ClauseChange(topic, "appeared", None, replace(SHIELD, topic=topic), "rule", severity)
        for topic, severity in [(SHIELD.topic, 40), ("international_transfer", 40), ("law", 30)]
    ]
    change = replace(ACME.changes[0], clauses=tuple(both))
    entries = tuple(ProfileEntry(one.after, None, MADE) for one in both)

    assert [one.topics for one in view.findings(ACME, change)] == [(SHIELD.topic, "law")]
    assert [one.topics for one in view.statements(replace(ACME, profile=entries))] == [
        (SHIELD.topic, "law")
    ]


def test_a_facet_is_named_by_itself_or_behind_its_topic():
    assert words.topic(SHIELD.topic, NAMES) == "Privacy Shield"
    assert words.topic(SHIELD.topic, {}) == "international transfer (eu us privacy shield)"
