"""Which captures are fetched, and why: few, and still every change that lasted."""

from dataclasses import replace
from datetime import timedelta
from itertools import groupby, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import at

from benchmarks import frugality
from tracker import timestamps
from tracker.model import Capture, Coverage, Snapshot, WatchedUrl
from tracker.selection import Fact, Move, Strategy, coverage, estimate, explain, held, moves, plan
from tracker.selection.rows import EMPTY_BODY

URL = "https://acme.example/privacy"


def capture(when, digest="", original=URL, status=200, mimetype="text/html"):
    time = when if not isinstance(when, str) else at(when)
    return Capture(
        original, timestamps.digits(time), time, digest or f"at {when}", status, mimetype
    )


def daily(texts, start="2015-01-01", days=1):
    """A capture every so many days, one for each letter; "-" gives no text."""
    times = [at(start) + timedelta(days=days * n) for n in range(len(texts))]
    return {
        capture(time): None if text == "-" else text
        for time, text in zip(times, texts, strict=True)
    }


DEFAULT = Strategy()


def crawl(history, strategy=DEFAULT, known=None):
    """Fetch as planned until nothing more is planned: the facts, and the order of asking."""
    facts, asked = dict(known or {}), []
    while chosen := plan(history, facts, strategy=strategy):
        for choice in chosen:
            assert choice.capture.key not in facts, "fetched twice"
            asked.append(choice)
            facts[choice.capture.key] = Fact(history[choice.capture])
    return facts, asked


def windows(history, facts):
    """The changes known, as (text, last day seen, new text, first day seen)."""
    seen = [(facts[c.key].text, timestamps.day(c.at)) for c in history
            if c.key in facts and facts[c.key].text]  # fmt: skip
    return [(a, x, b, y) for (a, x), (b, y) in pairwise(seen) if a != b]


def test_a_text_that_never_changed_costs_the_grid():
    history = daily("A" * 365)
    _, asked = crawl(history)
    assert [(timestamps.day(c.capture.at), c.reason) for c in asked] == [
        ("2015-01-01", "the first capture"),
        ("2015-04-02", "the grid: one in 91 days"),
        ("2015-07-02", "the grid: one in 91 days"),
        ("2015-10-01", "the grid: one in 91 days"),
        ("2015-12-31", "the last capture"),
    ]


def test_a_change_is_halved_down_to_neighbours():
    history = daily("A" * 130 + "B" * 60)
    facts, asked = crawl(history)
    assert windows(history, facts) == [("A", "2015-05-10", "B", "2015-05-11")]
    assert asked[4].reason == "the text changed between 2015-04-02 and 2015-07-02"
    assert len(asked) == 4 + 7


def test_a_window_asked_for_is_tight_enough():
    history = daily("A" * 130 + "B" * 60)
    facts, asked = crawl(history, Strategy(window_days=30))
    ((_, after, _, by),) = windows(history, facts)
    assert 1 < (at(by) - at(after)).days <= 30
    assert len(asked) == 4 + 2


def test_a_text_that_comes_and_goes_is_found_if_it_lasts():
    lasting = daily("A" * 50 + "B" * 92 + "A" * 200)
    assert [(a, b) for a, _, b, _ in windows(lasting, crawl(lasting)[0])] == [
        ("A", "B"),
        ("B", "A"),
    ]
    short = daily("A" * 50 + "B" * 10 + "A" * 200)
    dense = Strategy(grid_days=10)
    assert len(windows(short, crawl(short, dense)[0])) == 2


def test_equal_bodies_are_asked_for_once():
    history = {capture(f"{year}-01-01", digest="A"): "A" for year in range(2000, 2020)}
    _, asked = crawl(history)
    assert len(asked) == 1


def test_a_capture_without_text_gives_way_to_its_neighbour():
    history = daily("A-A-" + "A" * 40 + "-B" * 20)
    facts, asked = crawl(history)
    assert windows(history, facts) == [("A", "2015-02-13", "B", "2015-02-15")]
    assert len(asked) < 14


def test_a_stretch_without_text_is_not_asked_day_by_day():
    history = daily("A" * 30 + "-" * 1000 + "B" * 30)
    facts, asked = crawl(history)
    assert [(a, b) for a, _, b, _ in windows(history, facts)] == [("A", "B")]
    assert len(asked) < 80


def test_the_last_text_before_a_wall_is_found():
    history = daily("A" * 300 + "B" * 20 + "-" * 40)
    facts, _ = crawl(history)
    assert windows(history, facts) == [("A", "2015-10-27", "B", "2015-10-28")]


def test_an_unplayable_capture_says_nothing_of_its_body():
    one, two, three = capture("2015", "D"), capture("2016", "D"), capture("2017", "E")
    unplayable = {one.key: Fact(None, "redirects to a neighbour", replayed=False)}
    assert [c.capture for c in plan([one, two, three], unplayable)] == [two, three]
    empty = {one.key: Fact(None, "soft 404")}
    assert [c.capture for c in plan([one, two, three], empty)] == [three]


def test_a_second_run_asks_only_for_what_is_new():
    history = daily("A" * 130 + "B" * 60)
    facts, _ = crawl(history)
    assert crawl(history, known=facts)[1] == []
    grown = history | daily("B" * 20, start="2015-07-10")
    assert len(crawl(grown, known=facts)[1]) == 1


@pytest.mark.parametrize(
    ("per", "count"), [("month", 12), ("quarter", 4), ("year", 1)]
)  # fmt: skip
def test_samples(per, count):
    _, asked = crawl(daily("AB" * 182), Strategy("sample", per=per))
    assert len(asked) == count


def test_all_is_every_distinct_body():
    history = {capture(f"2015-01-{day:02}", digest=f"{day % 5}"): "A" for day in range(1, 31)}
    assert len(crawl(history, Strategy("all"))[1]) == 5


def test_only_the_time_asked_for():
    history = daily("A" * 100)
    since = Strategy(since=at("2015-02-01"), until=at("2015-03-01"))
    assert {c.capture.at for c in crawl(history, since)[1]} == {at("2015-02-01"), at("2015-03-01")}


ODD = [
    (capture("2001", original="http://mailto:x@acme.example/"), "a mail address, not a page"),
    (capture("2002", original="http://web.archive.org/screenshot/x"), "a screenshot"),
    (capture("2003", mimetype="image/png", status=None), "not a document (image/png)"),
    (capture("2004", mimetype="application/javascript"), "not a document (application/javascript)"),
    (capture("2005", status=301, digest=EMPTY_BODY), "a redirect says nothing about the text"),
    (capture("2006", status=404), "an archived error (status 404)"),
    (capture("2007", digest=EMPTY_BODY), "an empty body"),
    (capture("2008", status=None, digest=EMPTY_BODY, mimetype="warc/revisit"), "an empty body"),
]


def test_rows_that_can_be_no_text_are_skipped_with_the_reason():
    usable = [
        capture("2009", status=None, mimetype="warc/revisit"),
        capture("2010", mimetype="unk"),
        capture("2011", mimetype="application/pdf", original="http://www.acme.example:80/privacy/"),
    ]
    told = explain([row for row, _ in ODD] + usable, {})
    assert [(c.action, c.reason) for c in told[: len(ODD)]] == [("skip", why) for _, why in ODD]
    assert {c.action for c in told[len(ODD) :]} == {"fetch"}


def test_a_revisit_of_a_held_body_is_known():
    page = capture("2015", digest="D")
    again = capture("2016", digest="D", status=None, mimetype="warc/revisit")
    assert plan([page, again], {page.key: Fact("A")}) == ()
    assert (
        explain([page, again], {page.key: Fact("A")})[1].reason
        == "its body equals that of 2015-01-01"
    )


def test_repeated_rows_count_once():
    assert len(explain([capture("2015")] * 3, {})) == 1


def test_captures_outside_the_period_of_their_address_are_dropped():
    urls = (
        WatchedUrl("http://acme.example/old", until=at("2016-01-01").date()),
        WatchedUrl(URL, since=at("2016-01-01").date()),
    )
    old = [capture(f"{year}", original="http://www.acme.example/old") for year in (2015, 2017)]
    new = [capture(f"{year}") for year in (2015, 2017)]
    told = {(c.capture.original, c.capture.at.year): c.action for c in explain(old + new, {}, urls)}
    assert told == {
        ("http://www.acme.example/old", 2015): "fetch",
        ("http://www.acme.example/old", 2017): "skip",
        (URL, 2015): "skip",
        (URL, 2017): "fetch",
    }
    elsewhere = capture("2017", original="http://elsewhere.example/")
    assert plan([elsewhere], {}, urls), "no period is known of an address that is not watched"


def test_redirects_are_followed_where_there_is_nothing_else():
    redirects = [capture(f"{year}", status=302, digest=EMPTY_BODY) for year in (2015, 2016, 2017)]
    assert [c.capture for c in plan(redirects, {})] == redirects
    assert plan([capture("2014"), *redirects[:2]], {})[-1].capture.at == at("2014")


def test_every_capture_is_explained():
    history = daily("A" * 100 + "-B" + "B" * 100)
    before = explain(history, {})
    assert [c.action for c in before].count("fetch") == 4
    assert before[1].reason == "waits for the grid"
    facts, _ = crawl(history, Strategy(window_days=20))
    after = {
        timestamps.day(c.capture.at): c
        for c in explain(history, facts, strategy=Strategy(window_days=20))
    }
    assert len(after) == len(history)
    assert {c.action for c in after.values()} <= {"held", "wait", "skip"}
    assert after["2015-01-02"].reason == "the text is the same on 2015-01-01 and 2015-04-02"
    assert "the change is known to lie between 2015-04-02 and " in after["2015-04-03"].reason


def reasons(history, facts, strategy=DEFAULT):
    return {
        timestamps.day(c.capture.at): c.reason for c in explain(history, facts, strategy=strategy)
    }


def test_what_is_not_asked_for_says_why():
    equal = {capture(f"2015-01-0{day}", digest="D"): "A" for day in (1, 2)}
    assert reasons(equal, {})["2015-01-02"] == "its body equals that of 2015-01-01, to be fetched"
    wall = daily("A" * 5 + "-" * 60 + "B" * 5)
    facts, _ = crawl(wall)
    assert reasons(wall, facts)["2015-02-28"] == "too many captures around it gave no text"
    assert reasons(daily("AB" * 50), {}, Strategy("sample"))["2015-01-02"] == (
        "enough was asked of its quarter"
    )


def test_an_estimate_bounds_the_crawl():
    for texts in ("A" * 500, "A" * 250 + "B" * 250, "AB" * 250):
        history = daily(texts)
        least, most = estimate(history, {})
        assert least <= len(crawl(history)[1]) <= most <= 500
        assert estimate(history, crawl(history)[0]) == (0, 0)


@st.composite
def histories(draw):
    """Captures at random times; texts that stay for a while, bodies that change more often."""
    runs = draw(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(1, 60)), max_size=12))
    pace, chance = draw(st.sampled_from([1, 3, 12])), Random(draw(st.integers(0, 999)))
    history, time = {}, at("2010")
    for text, length in runs:
        for _ in range(length):
            time += timedelta(days=chance.randint(0, pace), seconds=1)
            gone = chance.random() < 0.05
            body = f"same {text}{gone}" if chance.random() < 0.5 else ""
            history[capture(time, digest=body)] = None if gone else text
    return history


@settings(max_examples=150, deadline=None)
@given(histories(), st.sampled_from([10, 40, 91]))
def test_what_selection_promises_holds(history, grid_days):
    facts, asked = crawl(history, Strategy(grid_days=grid_days))
    known = {c.capture.key: c for c in explain(history, facts) if c.action in ("held", "equal")}
    live = [(c, text) for c, text in history.items() if text is not None]
    for _, run in groupby(live, key=lambda pair: pair[1]):
        captures = [c for c, _ in run]
        if (captures[-1].at - captures[0].at).days >= grid_days:
            assert any(c.key in known for c in captures), "a text that lasted was missed"
    seen = [(n, text) for n, (c, text) in enumerate(live) if c.key in known]
    changes = [(m, n) for (m, a), (n, b) in pairwise(seen) if a != b]
    assert all(n == m + 1 for m, n in changes), "a window is wider than the archive allows"
    in_vain = sum(facts[c.capture.key].text is None for c in asked)
    grid = sum("the text changed" not in c.reason for c in asked)
    assert len(asked) - in_vain <= grid + 12 * len(changes)
    span = (live[-1][0].at - live[0][0].at).days if live else 0
    # A memento in vain costs itself and the neighbour that stands in for it.
    assert grid <= span // grid_days + 2 + 2 * in_vain


@settings(max_examples=50, deadline=None)
@given(histories(), st.sampled_from([Strategy("all"), Strategy("sample"), Strategy(window_days=9)]))
def test_every_strategy_ends_and_asks_for_nothing_twice(history, strategy):
    facts, _ = crawl(history, strategy)
    assert not {"fetch"} & {c.action for c in explain(history, facts, strategy=strategy)}
    assert estimate(history, facts, strategy=strategy)[0] == 0


def snapshot(url=URL, asked="", time="2015"):
    return Snapshot("acme/privacy", url, at(time), "0", "1", asked_url=asked)


def test_coverage():
    captures = [capture("2015-01-01"), capture("2015-01-11"), capture("2018", status=404)]
    found = coverage(captures, [snapshot(time="2015-01-31")], urls=())
    assert found == Coverage(
        2, 1, at("2015-01-01"), at("2015-01-31"), 20, per_month=(("2015-01", 2),)
    )
    assert coverage([], []) == Coverage()


def test_captures_are_held_by_fetching_or_by_import():
    listed = [capture(year, digest="D") for year in ("2015", "2016", "2017", "2018")]
    fetched = replace(snapshot(time="2015"), digest="D")
    redirected = replace(snapshot(URL + "/new", asked=URL, time="2016-01-02"),
                         asked_timestamp="20160101000000", digest="D")  # fmt: skip
    imported = snapshot("http://www.acme.example/privacy", time="2017")
    text = replace(snapshot(time="2018"), source="extracted")
    assert held(listed, [fetched, redirected, imported, text]) == {
        listed[0].key: fetched,
        listed[1].key: redirected,
        listed[2].key: imported,
    }
    assert held([capture("2015", digest="other")], [fetched]) == {}


MOVED = [
    capture("2015"),
    capture("2016", status=301),
    capture("2017", status=301),
    capture("2018", status=503),
    capture("2019", status=301),
]


def test_a_moved_address_is_followed_once_and_proposed():
    new = "https://acme.example/legal/privacy"
    assert [c.capture.at.year for c in plan(MOVED, {})] == [2015, 2019]
    urls = (WatchedUrl(URL),)
    assert moves(urls, MOVED, []) == ()
    (move,) = moves(urls, MOVED, [snapshot(new, asked="http://www.acme.example/privacy")])
    assert move == Move(URL, at("2016"), 3, new)
    assert move.line == f'{{ url = "{new}", since = 2016-01-01 }},'
    watched = (*urls, WatchedUrl(new))
    assert moves(watched, MOVED, [snapshot(new, asked=URL)]) == ()


def test_a_few_redirects_are_no_move():
    led = [snapshot(URL + "2", asked=URL)]
    assert moves((WatchedUrl(URL),), MOVED[:3], led) == ()
    assert moves((WatchedUrl(URL),), [*MOVED, capture("2020")], led) == ()


@pytest.mark.parametrize("name", frugality.SCENARIOS)
def test_the_benchmark_keeps_its_promise(name):
    captures = frugality.SCENARIOS[name]
    assert frugality.promise_kept(captures, frugality.crawl(captures, DEFAULT))
