"""Listings and word diffs as terminals show them."""

import io
import re
from datetime import date

import pytest
from histories import ACME, BELL, NAMES, hostile, sighting
from rich.console import Console
from support import at, document
from test_render_report import CONTROLS

from tracker.model import (
    BlockChange,
    Capture,
    Delivery,
    Diff,
    Edit,
    Failure,
    Health,
    History,
    LegalEvent,
    MonthShare,
    Run,
    SearchHit,
    StancePeriod,
    Topic,
    TopicHistory,
    TopicTimeline,
    Window,
)
from tracker.render import diff, tables


def plain(renderable, width=100):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(renderable, crop=False)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


BEFORE = document(
    "# Privacy",
    "We may share your data.",
    "## 1. Cookies",
    "We set cookies.",
    "## 2. Security",
    "We encrypt.",
    "- old item",
)
AFTER = document(
    "# Privacy",
    "We will share your data.",
    "## 1. Security",
    "We encrypt.",
    "New paragraph.",
    "## 2. Cookies",
    "We set cookies.",
)
CHANGED = Diff(
    (
        BlockChange("equal", 0, 0),
        BlockChange(
            "changed",
            1,
            1,
            (
                Edit("equal", "We "),
                Edit("delete", "may "),
                Edit("insert", "will "),
                Edit("equal", "share your data."),
            ),
        ),
        BlockChange("equal", 4, 2, renumbered=True),
        BlockChange("equal", 5, 3),
        BlockChange("removed", 6, None),
        BlockChange("added", None, 4),
        BlockChange("moved", 2, 5, renumbered=True),
        BlockChange("moved", 3, 6),
    ),
    words_added=3,
    words_removed=3,
)


def test_inline_diff():
    assert plain(diff.inline(BEFORE, AFTER, CHANGED)) == [
        "… 1 block unchanged …",
        "§ Privacy",
        "~ We [-may-] {+will+} share your data.",
        "= ## 2. Security → ## 1. Security",
        "… 1 block unchanged …",
        "§ 2. Security",
        "- - old item",
        "§ 1. Security",
        "+ New paragraph.",
        "§ Privacy",
        "> (moved) ## 2. Cookies",
        "§ 2. Cookies",
        "> (moved) We set cookies.",
        "3 words added, 3 words removed",
    ]


def test_side_by_side_diff():
    shown = plain(diff.side_by_side(BEFORE, AFTER, CHANGED), width=60)

    assert [line for line in shown if line] == [
        "before                        after",
        "… 1 block unchanged …         … 1 block unchanged …",
        "We [-may-] share your data.   We {+will+} share your data.",
        "## 2. Security                ## 1. Security",
        "… 1 block unchanged …         … 1 block unchanged …",
        "- old item",
        "                              New paragraph.",
        "## 1. Cookies                 (moved) ## 2. Cookies",
        "We set cookies.               (moved) We set cookies.",
        "3 words added, 3 words removed",
    ]


def test_a_block_that_left_its_section_says_where_from():
    moved = Diff((BlockChange("moved", 3, 3),))
    before = document("# A", "x", "## 1. Cookies", "We set cookies.")
    after = document("# A", "x", "## 7. Tracking", "We set cookies.")

    assert plain(diff.inline(before, after, moved))[:2] == [
        "§ 7. Tracking",
        "> (moved from “1. Cookies”) We set cookies.",
    ]


def test_no_difference_is_said():
    same = Diff((BlockChange("equal", 0, 0),))

    assert plain(diff.inline(BEFORE, BEFORE, same))[-1] == "The same text."


def test_long_lines_keep_their_indentation():
    new = document("word " * 20)

    assert plain(diff.inline(document(), new, Diff((BlockChange("added", None, 0),))), 32)[:2] == [
        "+ word word word word word word",
        "  word word word word word word",
    ]


def test_log_names_the_heaviest_clauses_of_each_change():
    assert plain(tables.log(ACME, NAMES), width=160) == [
        "version  first seen  last seen   captures  words  its own date  what",
        "3        2018-08-31  2020-11-02  2         25     none          editorial",
        "2        2018-08-30  2018-08-30  1         21     none          personalised advertising "
        "REVERSED; Privacy Shield appeared; silent",
        "1        2015-06-12  2017-06-29  2         9      none          first capture",
    ]


def test_log_of_what_nobody_captured():
    assert plain(tables.log(History(BELL.policy), NAMES)) == [
        "No usable capture, so nothing is known of the text."
    ]


def test_show_says_which_version_it_is():
    assert plain(tables.show(BELL.versions[0])) == [
        "version 1, seen on 2018-05-01 in 1 capture",
        "https://web.archive.org/web/20180501120000/https://bell.example/privacy",
        "",
        "# Privacy",
        "",
        "Wij bewaren uw gegevens 3 jaar.",
    ]


def test_captures_with_the_plan():
    capture = Capture(
        "http://a.example/[red]", "20200101", at("2020"), "ABCDEFGHIJ", None, "warc/revisit"
    )

    assert plain(tables.captures([(capture, "new digest")])) == [
        "captured              status  type          digest    plan        address",
        "2020-01-01T00:00:00Z  -       warc/revisit  ABCDEFGH  new digest  http://a.example/[red]",
    ]
    assert plain(tables.captures([])) == ["The archive lists no capture."]


def test_status_tells_health():
    run = Run(
        started=at("2020-01-01"),
        command="update",
        requests=12,
        counts={"captures listed": 1200},
        failures=(Failure("fetch", "bell/privacy", "Blocked", "excluded"),),
    )

    waiting = Delivery(
        "1@x", "mail", "anna@example.org", "Bell changed", b"", at("2020-01-01"), tries=2,
        next_try=at("2020-01-01T08:15Z"), cause="451 greylisted",
    )  # fmt: skip
    health = Health(
        run, {"bell/privacy": "not listed for 3 days"}, {"queued": 1, "sent": 1200}, (waiting,)
    )

    assert plain(tables.status([ACME, BELL], health), 120) == [
        "Last run: update, started 2020-01-01 00:00 UTC; not ended: at work, or killed; "
        "1,200 captures listed; 12 requests",
        "failed: bell/privacy, excluded",
        "overdue: bell/privacy, not listed for 3 days",
        "Messages: 1 queued, 1,200 sent",
        'queued: anna@example.org, "Bell changed", tried 2 times, again from 2020-01-01 08:15 UTC: '
        "451 greylisted",
        "",
        "policy        versions  listed  fetched  last        gap       incidents",
        "acme/privacy  3         12      5        2020-11-02  794 days  1",
        "bell/privacy  1         1       1        2018-05-01  none      none",
        "",
        "Incidents",
        "acme/privacy: 2016-03-03: soft-404, the page says “not found” with status 200 "
        "(nothing to do)",
    ]


def test_a_narrow_terminal_folds_ids_and_cuts_no_date():
    shown = plain(tables.status([BELL], Health()), 64)
    assert shown[3:] == [
        "bell/p  1         1       1        2018-05-01  none  none",
        "rivacy",
    ]


def test_a_terminal_too_narrow_for_the_dates_wraps_the_lines():
    latest = plain(tables.log(ACME, NAMES), width=40)[1]
    assert latest == "3        2018-08-31  2020-11-02  2         25     none          editorial"


def test_status_before_any_run():
    assert plain(tables.status([], Health()))[0] == "No run yet: policy-tracker update"


def test_timeline_gives_each_period_its_windows():
    reversed_in = Window(at("2017-06-29"), at("2018-08-30"))
    shown = TopicTimeline(
        topic="retention",
        policies=(
            TopicHistory(
                "acme/privacy",
                (
                    StancePeriod(
                        "denies", None, at("2015-06-12"), at("2017-06-29"), at("2018-08-30"), (1, 1)
                    ),
                    StancePeriod(
                        "asserts",
                        at("2017-06-29"),
                        at("2018-08-30"),
                        at("2020-11-02"),
                        None,
                        (2, 3),
                    ),
                ),
                (reversed_in,),
            ),
            TopicHistory("bell/privacy", (), ()),
        ),
        months=(
            MonthShare(date(2017, 5, 1), 2, 0, 1, 0),
            MonthShare(date(2017, 6, 1), 2, 0, 1, 0),
            MonthShare(date(2017, 7, 1), 1, 0, 1, 0),
        ),
        events=(LegalEvent(date(2018, 5, 25), "gdpr", "GDPR", "applies"),),
    )

    assert [re.split(r"\s{2,}", line) for line in plain(tables.timeline(shown, NAMES), 180)] == [
        ["how long data is kept"],
        ["policy", "stance", "versions", "when"],
        [
            "acme/privacy",
            "denied",
            "1",
            "there on 2015-06-12 already, gone after 2017-06-29 and by 2018-08-30 (427 days)",
        ],
        [
            "acme/privacy",
            "stated",
            "2–3",
            "REVERSED after 2017-06-29 and by 2018-08-30 (427 days), there on 2020-11-02 still",
        ],
        ["Says nothing on it: bell/privacy"],
        [""],
        ["months", "policies", "stated", "denied", "under conditions", "share"],
        ["2017-05 to 2017-06", "2", "0", "1", "0", "50%"],
        ["2017-07", "1", "0", "1", "0", "100%"],
        [""],
        ["2018-05-25", "GDPR: applies"],
    ]


def test_search_hits():
    hit = SearchHit("acme/privacy", "we sell", (1, 2), sighting("2015"), sighting("2016"), False)

    assert plain(tables.hits([hit])) == [
        "policy        versions  first seen  last seen   latest  text",
        "acme/privacy  1–2       2015-01-01  2016-01-01  no      we sell",
    ]
    assert plain(tables.hits([])) == ["No version holds these words."]


def test_topics():
    retention = Topic("retention", "how long data is kept", "When data goes.", ("en", "nl"))

    assert plain(tables.topics([retention])) == [
        "topic      name                   languages  definition",
        "retention  how long data is kept  en nl      When data goes.",
    ]


EVIL = hostile()


@pytest.mark.parametrize(
    "shown",
    [
        tables.log(EVIL, NAMES),
        tables.show(EVIL.versions[0]),
        tables.status([EVIL], Health()),
        diff.inline(
            EVIL.versions[0].document, document(), Diff((BlockChange("removed", 1, None),))
        ),
    ],
    ids=["log", "show", "status", "diff"],
)
def test_hostile_text_cannot_steer_a_terminal(shown):
    assert not CONTROLS.search("\n".join(plain(shown)))
