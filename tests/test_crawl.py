"""A crawl over several runs: what is asked, what is remembered, where the next one goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from crawls import ACME, ACME_URL, NOW, OTHER, OTHER_URL, asked, crawling, page, states
from loopback import LoopbackArchive, outage_page, reset, says, throttled
from support import at

from tracker.archive import cdx
from tracker.model import Policy, WatchedUrl
from tracker.pipeline import listing, questions
from tracker.pipeline.crawl import PATIENCE, Budget, Watch
from tracker.selection import Strategy

DAYS = ("20150101", "20150401", "20150701", "20151001", "20160101", "20160401")
OUTAGE = [outage_page()] * 4  # to the client's last try


@pytest.fixture
def server():
    with LoopbackArchive() as archive:
        yield archive


@pytest.fixture
def acme(server):
    """Six captures, a quarter apart, every one another text."""
    for day in DAYS:
        server.hold(ACME_URL, f"{day}000000", page(f"As of {day} we share data."))
    return server


def test_a_run_says_what_it_listed_fetched_held_and_saved(server, tmp_path):
    for month in range(1, 13):
        server.hold(ACME_URL, f"2015{month:02}01000000", page())
    server.hold(ACME_URL, "20160101000000", page("We sell your data."))
    with crawling(tmp_path, ACME, server=server) as run:
        first, _ = run()
        again, _ = run()
    one, two = first["acme/privacy"], again["acme/privacy"]
    assert (one.listed, one.new, one.fetched, one.held, one.saved) == (13, 13, 2, 2, 11)
    assert (two.listed, two.new, two.fetched, two.held, two.saved) == (13, 0, 0, 2, 11)


def test_each_capture_has_a_state_and_is_asked_for_once(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme) as run:
        run(Strategy("all"), budget=Budget(mementos=2))
        assert states(run.space) == {
            **dict.fromkeys(DAYS, ("planned", 0)),
            DAYS[0]: ("fetched", 0),
            DAYS[1]: ("fetched", 0),
        }
        for _ in range(4):
            done, histories = run(Strategy("all"), budget=Budget(mementos=1))
        assert done["acme/privacy"].finished
        assert set(states(run.space).values()) == {("fetched", 0)}
        run()
    assert len(histories["acme/privacy"].versions) == len(DAYS)
    assert set(asked(acme).values()) == {1}


def test_a_failed_capture_is_tried_in_later_runs_and_then_given_up(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme) as run:
        found = []
        for _ in range(PATIENCE + 1):
            acme.next(*OUTAGE, on="replay")
            done, _ = run()
            found.append((len(done["acme/privacy"].failures), states(run.space)[DAYS[0]]))
            acme._faults.clear()
    assert found == [
        (1, ("failed", 1)),
        (1, ("failed", 2)),
        (1, ("given-up", 2)),
        (0, ("given-up", 2)),
    ]


def test_where_nothing_changed_no_snapshot_is_read_again(acme, tmp_path, monkeypatch):
    with crawling(tmp_path, ACME, server=acme) as run:
        run()
        monkeypatch.setattr(type(run.space.snapshots), "read", None)
        done, _ = run()
    assert (done["acme/privacy"].finished, done["acme/privacy"].held) == (True, len(DAYS))


def test_another_strategy_chooses_anew(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme) as run:
        run(Strategy("sample", per="year"))
        done, _ = run(Strategy("all"))
    assert (done["acme/privacy"].fetched, done["acme/privacy"].held) == (4, 6)


def test_what_failed_and_then_came_is_no_incident_any_more(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme) as run:
        acme.next(*OUTAGE, on="replay")
        _, histories = run()
        assert [i.kind for i in histories["acme/privacy"].coverage.incidents] == ["unavailable"]
        _, histories = run()
        assert histories["acme/privacy"].coverage.incidents == ()
        assert states(run.space)[DAYS[0]] == ("fetched", 1)


def test_an_outage_is_not_held_against_the_captures(acme, tmp_path):
    """Three mementos in a row that never come are the archive's trouble: the run ends."""
    acme.hold(OTHER_URL, "20150101000000", page())
    with crawling(tmp_path, ACME, OTHER, server=acme) as run:
        for _ in range(PATIENCE + 1):
            acme.next(*[outage_page()] * 12, on="replay")
            done, _ = run()
            assert done["acme/privacy"].down and done["other/privacy"].down
            assert {state for state, _ in states(run.space).values()} == {"planned"}
            acme.clock.at += 3600
        assert acme.count("cdx") == PATIENCE + 1  # the other policy is not asked for
        done, _ = run()
    assert done["acme/privacy"].held == len(DAYS)


def test_damaged_bodies_in_a_row_end_the_run(acme, tmp_path):
    """The archive answers, so it is for us to see that it is no use to go on."""
    for held in list(acme.held):
        acme.held.remove(held)
        acme.held.append(replace(held, body=b""))  # the digest says there was one
    with crawling(tmp_path, ACME, server=acme) as run:
        done, _ = run()
    assert "5 captures in a row" in done["acme/privacy"].down
    assert asked(acme).total() == 10  # each twice
    assert not done["acme/privacy"].reached or done["acme/privacy"].new


def test_throttling_stops_everything_and_the_next_run_waits(acme, tmp_path):
    acme.hold(OTHER_URL, "20150101000000", page())
    with crawling(tmp_path, ACME, OTHER, server=acme) as run:
        acme.next(throttled("7200"), on="replay")
        done, _ = run()
        sent = len(acme.requests)
        messages = [one.failures[-1].message for one in done.values()]
        assert all("come back at 20" in message for message in messages)
        run()
        assert len(acme.requests) == sent, "nobody is asked before the time is over"
        acme.clock.at += 7300
        done, _ = run()
    assert [one.finished for one in done.values()] == [True, True]
    assert set(asked(acme).values()) <= {1, 2}


def test_two_captures_of_one_second_are_one_to_the_archive(server, tmp_path):
    """Replay knows address and second alone, and plays one of the two."""
    server.hold(ACME_URL, "20150101000000", page())
    server.hold(ACME_URL, "20150601000000", page("We share data."))
    server.hold(ACME_URL, "20150601000000", page("We sell data."))
    server.hold(ACME_URL, "20160101000000", page("We keep data."))
    with crawling(tmp_path, ACME, server=server) as run:
        for _ in range(2):
            done, histories = run(Strategy("all"))
            assert done["acme/privacy"].finished
    assert sorted(asked(server).values()) == [1, 1, 1]
    assert len(histories["acme/privacy"].versions) == 3


def test_captures_of_a_killed_run_are_known_as_fetched(acme, tmp_path):
    """A kill between keeping a snapshot and saying so."""
    with crawling(tmp_path, ACME, server=acme) as run:
        run()
        fetched = states(run.space)
        for capture in run.space.listings.captures("acme/privacy"):
            run.space.database.mark_captures(
                "acme/privacy", [capture], replace(_planned(run, capture), state="planned")
            )
        run()
        assert states(run.space) == fetched
    assert set(asked(acme).values()) == {1}


def test_snapshots_that_got_lost_are_told_and_fetched_again(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme) as run:
        _, before = run()
        (tmp_path / "snapshots" / "acme" / "privacy.warc.gz").unlink()
        done, after = run()
        [remark] = done["acme/privacy"].remarks
        assert remark.message.startswith("6 of the captures fetched before are missing")
        assert after == before
        done, _ = run()
    assert done["acme/privacy"].remarks == ()


def _planned(run, capture):
    return run.space.database.capture_states("acme/privacy")[capture.key]


# Listings


@pytest.fixture
def paged(acme, monkeypatch):
    """Six captures on pages of two."""
    monkeypatch.setattr(cdx, "PAGE_ROWS", 2)
    monkeypatch.setattr(cdx, "SMALL_PAGE_ROWS", 2)
    return acme


def breaks_on_page_two(archive):
    """Page 1, its last second once more, and page 2, which never comes, nor a smaller one."""

    def answer(handler):
        archive.cdx(handler, archive.requests[-1].query)

    archive.next(answer, answer, *[says(504, "gateway timeout")] * 8, on="cdx")


def test_a_listing_that_breaks_off_is_kept_said_and_resumed(paged, tmp_path):
    with crawling(tmp_path, ACME, server=paged) as run:
        breaks_on_page_two(paged)
        done, histories = run()
        one = done["acme/privacy"]
        assert (one.listed, one.fetched, one.finished) == (2, 2, False)
        [failure] = one.failures
        assert failure.kind == "partial-listing" and "504" in failure.message
        [incident] = histories["acme/privacy"].coverage.incidents
        assert (incident.kind, incident.url) == ("partial-listing", ACME_URL)
        paged.requests.clear()
        done, histories = run()
    assert "resumeKey" in paged.requests[0].query
    assert done["acme/privacy"].finished and done["acme/privacy"].held == len(DAYS)
    assert histories["acme/privacy"].coverage.incidents == ()
    assert set(asked(paged).values()) == {1}


def test_a_listing_that_fails_keeps_the_point_to_resume_at(paged, tmp_path):
    with crawling(tmp_path, ACME, server=paged) as run:
        breaks_on_page_two(paged)
        run()
        paged.next(*[outage_page()] * 4, on="cdx")
        run()
        paged.requests.clear()
        done, _ = run()
    assert "resumeKey" in paged.requests[0].query
    assert done["acme/privacy"].held == len(DAYS)


def test_one_address_without_an_answer_stops_no_other(acme, tmp_path):
    acme.hold(OTHER_URL, "20150101000000", page())
    with crawling(tmp_path, ACME, OTHER, server=acme) as run:
        acme.next(*[says(200, "<html>Welcome</html>")] * 4, on="cdx")
        done, histories = run()
        assert not done["acme/privacy"].reached
        assert done["other/privacy"].fetched == 1
        [incident] = histories["acme/privacy"].coverage.incidents
        assert incident.kind == "unavailable"
        assert "web page where its index should be" in incident.cause
        done, histories = run()
    assert done["acme/privacy"].fetched == len(DAYS)
    assert histories["acme/privacy"].coverage.incidents == ()


def test_an_excluded_address_is_not_asked_for_again_soon(server, tmp_path):
    server.next(says(403, "AdministrativeAccessControlException: Blocked Site Error"), on="cdx")
    with crawling(tmp_path, ACME, server=server) as run:
        done, histories = run()
        assert [f.kind for f in done["acme/privacy"].failures] == ["partial-listing"]
        assert [i.kind for i in histories["acme/privacy"].coverage.incidents] == ["blocked"]
        done, histories = run()
        assert done["acme/privacy"].failures == ()
        assert [i.kind for i in histories["acme/privacy"].coverage.incidents] == ["blocked"]
    assert server.count("cdx") == 1
    with crawling(tmp_path, ACME, server=server, now=NOW + timedelta(days=31)) as run:
        _, histories = run()
    assert server.count("cdx") == 2
    assert histories["acme/privacy"].coverage.incidents == ()


def test_an_address_without_captures_is_told(server, tmp_path):
    with crawling(tmp_path, ACME, server=server) as run:
        done, _ = run()
    [remark] = done["acme/privacy"].remarks
    assert "lists no capture of it" in remark.message
    assert done["acme/privacy"].failures == ()


def starts(server):
    """From when on the archive was asked to list, request by request."""
    return [request.query.get("from") for request in server.requests if request.lane == "cdx"]


def test_a_listing_starts_before_the_last_capture_known(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme) as run:
        run()
        acme.hold(ACME_URL, "20160601000000", page("We sell your data."))
        done, _ = run()
    assert starts(acme) == [None, "20160201000000"]
    assert done["acme/privacy"].new == 1


def test_a_part_with_fewer_odd_rows_than_the_whole_is_no_news(acme, tmp_path):
    acme.raw_rows = ["a row of the year 1999 that makes no sense"]
    with crawling(tmp_path, ACME, server=acme) as run:
        run()
        kept = (tmp_path / "snapshots/acme/privacy.cdxj").read_bytes()
        acme.raw_rows = []
        run()
    assert starts(acme) == [None, "20160201000000"]
    assert (tmp_path / "snapshots/acme/privacy.cdxj").read_bytes() == kept


def test_what_the_archive_lists_late_is_found_by_the_first_look_of_a_month(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme, now=at("2026-01-10")) as run:
        run()
        acme.hold(ACME_URL, "20150515000000", page("We sell your data."))
        assert run()[0]["acme/privacy"].new == 0
    with crawling(tmp_path, ACME, server=acme, now=at("2026-02-01")) as run:
        done, histories = run()
    assert (done["acme/privacy"].new, done["acme/privacy"].fetched) == (1, 1)
    assert len(histories["acme/privacy"].versions) == len(DAYS) + 1


def test_a_long_listing_is_never_made_anew(acme, tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "IN_FULL", 3)
    for month in ("2026-01-10", "2026-02-10"):
        with crawling(tmp_path, ACME, server=acme, now=at(month)) as run:
            run()
    assert starts(acme) == [None, "20160201000000"]


def test_a_listing_from_the_future_is_asked_for_again_in_full(acme, tmp_path):
    """The clock was wrong, and ran ahead: what is new since would never be seen."""
    with crawling(tmp_path, ACME, server=acme, now=at("2040-01-01")) as run:
        run()
    acme.hold(ACME_URL, "20230101000000", page("We sell your data."))
    with crawling(tmp_path, ACME, server=acme) as run:
        done, _ = run()
        assert done["acme/privacy"].new == 1
        assert run.space.listings.answers("acme/privacy")[0].answer.asked_at == NOW
    assert set(asked(acme).values()) == {1}


# Bounds and strategies


def test_a_bound_in_seconds_ends_the_run_whatever_the_wall_clock_says(acme, tmp_path):
    acme.hold(OTHER_URL, "20150101000000", page())
    passed = [0.0]
    budget = Budget(seconds=10, clock=lambda: passed[0])

    def fetched(_capture):
        passed[0] += 5

    with crawling(tmp_path, ACME, OTHER, server=acme) as run:
        done, _ = run(budget=budget, watch=Watch(fetched=fetched))
    one = done["acme/privacy"]
    assert (one.fetched, one.saved, one.finished) == (2, 0, False)
    assert not done["other/privacy"].finished
    assert acme.count("cdx") == 1, "nothing is asked once the time is over"


@pytest.mark.parametrize(
    ("strategy", "fetched"),
    [
        (Strategy("all"), 6),
        (Strategy("sample", per="year"), 2),
        (Strategy("sample", per="quarter"), 6),
        (Strategy(grid_days=1000), 6),  # every one differs, so each interval is halved
        (Strategy(grid_days=1000, window_days=200), 4),
        (Strategy(since=at("2015-06-01"), until=at("2015-12-31")), 2),
    ],
    ids=str,
)
def test_strategies_ask_for_what_they_say(acme, tmp_path, strategy, fetched):
    with crawling(tmp_path, ACME, server=acme) as run:
        done, _ = run(strategy)
    assert done["acme/privacy"].fetched == asked(acme).total() == fetched


# Save Page Now


def test_neglected_pages_are_handed_to_the_archive_once_a_period(acme, tmp_path):
    month = timedelta(days=30)
    saved = []
    for day, after in ((0, None), (0, month), (5, month), (31, month)):
        now = NOW + timedelta(days=day)
        with crawling(tmp_path, ACME, server=acme, now=now, save_page_now=True) as run:
            done, _ = run(save_after=after)
        saved.append(acme.count("save"))
        assert done["acme/privacy"].remarks == ()
    assert saved == [0, 1, 1, 2]


def test_a_page_that_cannot_be_saved_is_a_remark(acme, tmp_path):
    acme.next(says(520, "no"), on="save")
    with crawling(tmp_path, ACME, server=acme, save_page_now=True) as run:
        done, _ = run(save_after=timedelta(days=30))
    one = done["acme/privacy"]
    assert [r.stage for r in one.remarks] == ["save"]
    assert one.failures == () and one.finished and one.held == len(DAYS)


def test_pages_captured_lately_or_no_longer_in_use_are_not_neglected(server, tmp_path):
    server.hold(ACME_URL, "20231220000000", page())
    old = WatchedUrl("http://acme.example/old", until=at("2020-01-01").date())
    server.hold(old.url, "20150101000000", page())
    policy = Policy("acme/privacy", "Acme", (old, WatchedUrl(ACME_URL)))
    with crawling(tmp_path, policy, server=server, save_page_now=True) as run:
        run(save_after=timedelta(days=30))
    assert server.count("save") == 0


# Moves


def test_an_address_that_moved_for_good_is_followed_and_told(server, tmp_path):
    new = "https://acme.example/legal/privacy"
    server.hold(ACME_URL, "20150101000000", page())
    for month in range(1, 5):
        server.redirect(ACME_URL, f"2016{month:02}01000000", new)
        server.hold(new, f"2016{month:02}01000010", page("We moved."))
    with crawling(tmp_path, ACME, server=server) as run:
        _, histories = run()
        [(policy, move)] = questions.moved(run.space)
    assert policy == "acme/privacy"
    assert move.line == f'{{ url = "{new}", since = 2016-01-01 }},'
    assert len(histories["acme/privacy"].versions) == 2


def test_resets_now_and_then_are_sat_out(acme, tmp_path):
    with crawling(tmp_path, ACME, server=acme) as run:
        acme.next(reset, reset, on="replay")
        done, _ = run()
    assert done["acme/privacy"].failures == ()
    assert done["acme/privacy"].held == len(DAYS)
