"""Sentences that all renderings share, where a careless one would be odd or untrue."""

from dataclasses import replace
from datetime import date

import pytest
from histories import ACME, BELL, clause
from support import at

from tracker.model import ClauseChange, Coverage, History, Report, StancePeriod
from tracker.render import headlines, view, words

DAY, LATER = at("2018-05-01"), at("2019-05-01")


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (Coverage(), "no capture listed yet; no incidents"),
        (Coverage(captures=3), "3 captures listed, none usable; no incidents"),
        (Coverage(0, 1, DAY, DAY), "1 capture imported, of 2018-05-01; no incidents"),
        (
            Coverage(0, 2, DAY, LATER, 365),
            "2 captures imported, first 2018-05-01, last 2019-05-01, longest gap 365 days; "
            "no incidents",
        ),
        (Coverage(9, 1, DAY, DAY), "9 captures listed, 1 fetched, of 2018-05-01; no incidents"),
    ],
)
def test_coverage(known, told):
    assert words.coverage(known) == told


def test_a_period_outside_all_captures_is_no_word_on_the_text():
    limited = replace(ACME, versions=(), changes=())
    assert words.unchanged(limited, "until 1990-01-01") == (
        "No version was seen in that time (until 1990-01-01)."
    )
    assert words.unchanged(History(BELL.policy), "until 1990-01-01") == (
        "No usable capture, so nothing is known of the text."
    )


@pytest.mark.parametrize(
    ("after", "by", "last", "gone", "told"),
    [
        (None, DAY, DAY, None, "there on 2018-05-01"),
        (None, DAY, LATER, None, "there on 2018-05-01 already, there on 2019-05-01 still"),
        (DAY, LATER, LATER, None, "appeared after 2018-05-01 and by 2019-05-01 (365 days)"),
        (
            None,
            DAY,
            DAY,
            LATER,
            "there on 2018-05-01, gone after 2018-05-01 and by 2019-05-01 (365 days)",
        ),
    ],
)
def test_periods_say_nothing_twice(after, by, last, gone, told):
    period = StancePeriod("asserts", after, by, last, gone, (1, 1))
    assert words.period(period) == told


def test_laws_are_named_in_one_breath():
    cited = ("silent", "now cites GDPR", "now cites UK GDPR", "no longer cites Safe Harbor")
    change = replace(ACME.changes[0], labels=cited)
    assert words.labels(change) == [
        "silent",
        "now cites GDPR and UK GDPR",
        "no longer cites Safe Harbor",
    ]


def test_a_line_with_a_date_is_told_as_a_date_and_not_as_a_clause():
    old, new = (replace(clause("policy_change", f"Last updated: {day} May 2018")) for day in (1, 2))
    dates = ClauseChange("policy_change", "reworded", old, new, "same topic")
    change = replace(ACME.changes[0], clauses=(dates,))
    assert view.findings(ACME, change) == []
    before, after = (
        replace(one, document=replace(one.document, declared_date=day))
        for one, day in zip(ACME.versions[:2], (None, date(2018, 5, 2)), strict=True)
    )
    assert headlines.redated(before, after) == "its own date: none → 2018-05-02"
    assert headlines.redated(after, after) == ""


def test_a_report_on_one_policy_does_not_repeat_its_name():
    both, one = (Report(LATER, histories) for histories in ((ACME, BELL), (ACME,)))
    assert headlines.whose(ACME, both) == "Acme <Privacy>: "
    assert headlines.whose(ACME, one) == ""


def test_a_text_not_read_yet_has_the_language_of_the_watchlist():
    policy = replace(BELL.policy, language="nl")
    assert words.spoken(History(policy)) == "Dutch"
    assert words.spoken(History(replace(policy, language=None))) == "language unknown"
