"""Listing captures: complete, or partial and saying so; never an error taken for "none"."""

import gzip

import pytest
from loopback import (
    LoopbackArchive,
    abuse_page,
    blocked_2020,
    blocked_2022,
    blocked_by_robots,
    drip,
    hang_up,
    outage_page,
    reset,
    says,
    short,
    short_chunked,
    stall,
    stall_in_body,
    throttled,
)
from support import NOON, at

from tracker.archive import cdx, open_archive
from tracker.errors import Blocked, ConfigError, Unavailable

URL = "http://a.example/privacy"
CUT_SHORT = gzip.compress(b"com,a)/ 2015" * 50, mtime=0)[:-20]


@pytest.fixture
def archive():
    with LoopbackArchive() as archive:
        yield archive


@pytest.fixture
def client(archive, tmp_path):
    """A client of the archive, with settings to change: client(timeout=0.1)."""

    def connect(**changes):
        return open_archive(archive.settings(tmp_path, **changes))

    return connect


@pytest.fixture
def small_pages(monkeypatch):
    """Pages of three rows, and of two when the archive is slow."""
    monkeypatch.setattr(cdx, "PAGE_ROWS", 3)
    monkeypatch.setattr(cdx, "SMALL_PAGE_ROWS", 2)


def hold_years(archive, count, url=URL):
    for year in range(count):
        archive.hold(url, f"{2001 + year}0101000000", f"<p>{year}</p>")


def years(listing):
    return [capture.at.year for capture in listing.captures]


def test_all_variants_of_the_url_oldest_first(archive, client):
    archive.hold("https://www.a.example/privacy/", "20180101000000", "new")
    archive.hold("http://a.example:80/privacy", "20000012170449", "old")
    archive.hold("http://a.example/terms", "20100101000000", "other")
    listing = client().list(URL, now=NOON)
    assert [(c.original, c.at.year) for c in listing.captures] == [
        ("http://a.example:80/privacy", 2000),
        ("https://www.a.example/privacy/", 2018),
    ]
    assert (listing.complete, listing.asked_at, listing.problem) == (True, NOON, "")
    assert {c.archive for c in listing.captures} == {archive.url}


def test_no_captures_is_an_empty_listing(client):
    listing = client().list(URL, now=NOON)
    assert (listing.captures, listing.complete) == ((), True)


def test_period_is_inclusive_and_sent_as_fourteen_digits(archive, client):
    hold_years(archive, 5)
    listing = client().list(URL, since=at("2002-01-01"), until=at("2004-01-01"), now=NOON)
    assert years(listing) == [2002, 2003, 2004]
    assert archive.requests[0].query["from"] == "20020101000000"
    assert archive.requests[0].query["to"] == "20040101000000"


def test_a_period_that_ends_before_it_starts_is_refused(archive, client):
    with pytest.raises(ConfigError, match=r"ends \(2002-01-01\) before it starts \(2004-01-01\)"):
        client().list(URL, since=at("2004-01-01"), until=at("2002-01-01"), now=NOON)
    assert archive.requests == []


def test_utf8_without_charset(archive, client):
    archive.hold("http://a.example/café", "20150101000000")
    archive.raw_rows.append("example,a)/é 20150101000000 http://a.example/é text/html 200 - -")
    assert client().list("http://a.example/x", now=NOON).captures[0].original.endswith("/é")


def test_odd_rows_are_counted_and_the_rest_is_kept(archive, client):
    hold_years(archive, 2)
    archive.raw_rows += ["", "example,a)/privacy 2015", "x" * 100]
    listing = client().list(URL, now=NOON)
    assert (years(listing), listing.odd_rows, listing.complete) == ([2001, 2002], 2, True)


def test_screenshots_are_no_captures_of_the_page(archive, client):
    archive.hold(
        "http://web.archive.org/screenshot/http://a.example/privacy",
        "20200101000000",
        b"PNG",
        mimetype="image/png",
    )
    listing = client().list("http://web.archive.org/screenshot/http://a.example/privacy", now=NOON)
    assert listing.captures == ()


# Paging


@pytest.mark.usefixtures("small_pages")
def test_pages_are_joined(archive, client):
    hold_years(archive, 10)
    listing = client().list(URL, now=NOON)
    assert (years(listing), listing.complete) == (list(range(2001, 2011)), True)


@pytest.mark.usefixtures("small_pages")
def test_the_last_page_may_be_empty(archive, client):
    hold_years(archive, 3)
    assert years(client().list(URL, now=NOON)) == [2001, 2002, 2003]


@pytest.mark.usefixtures("small_pages")
def test_captures_of_the_second_a_page_was_cut_in_are_found(archive, client):
    """cnn.com 20010507180422: the resume key skipped the 200 of that second."""
    hold_years(archive, 2)
    archive.redirect("http://a.example/privacy", "20050507180422", "http://b.example/")
    archive.hold("http://a.example:80/privacy", "20050507180422", "<p>page</p>")
    hold_years(archive, 0)
    archive.hold(URL, "20060101000000", "later")
    listing = client().list(URL, now=NOON)
    assert [c.status for c in listing.captures] == [200, 200, 301, 200, 200]
    assert {c.original for c in listing.captures if c.at.year == 2005} == {
        "http://a.example/privacy",
        "http://a.example:80/privacy",
    }


@pytest.mark.usefixtures("small_pages")
def test_a_page_with_a_key_and_no_rows_is_passed(archive, client):
    hold_years(archive, 2)
    archive.next(says(200, "\nsome-key\n"), on="cdx")
    assert years(client().list(URL, now=NOON)) == [2001, 2002]


def test_a_key_the_index_no_longer_knows_starts_afresh(archive, client):
    hold_years(archive, 3)
    archive.next(says(400, "bad resume key"), on="cdx")
    listing = client().list(URL, resume_key="com%2Ca%29%2F+20010414005934", now=NOON)
    assert (years(listing), listing.complete) == ([2001, 2002, 2003], True)
    assert "resumeKey" not in archive.requests[1].query


def row(year):
    return f"example,a)/privacy {year}0101000000 {URL} text/html 200 {'A' * 32} 300\n"


@pytest.mark.parametrize("keys", ["AAAA", "ABAB", "ABCA"])
def test_resume_keys_in_a_circle_end_as_partial(archive, client, keys):
    pages = [row(2001 + n) + f"\nkey-{key}\n" for n, key in enumerate(keys)]
    for page in pages:  # each page is followed by the question for the second it was cut in
        archive.next(says(200, page), says(200, ""), on="cdx")
    listing = client().list(URL, now=NOON)
    assert not listing.complete
    assert "circles" in listing.problem
    assert listing.resume_key is None
    assert years(listing)[0] == 2001


def test_endless_empty_pages_end(archive, client):
    archive.next(says(200, row(2001) + "\nkey\n"), says(200, ""), on="cdx")
    archive.next(*(says(200, f"\nkey-{n}\n") for n in range(100)), on="cdx")
    listing = client().list(URL, now=NOON)
    assert (years(listing), listing.complete) == ([2001], False)
    assert len(archive.requests) < 30


@pytest.mark.usefixtures("small_pages")
def test_a_silent_cut_is_noticed(archive, client):
    archive.resume_keys = False
    hold_years(archive, 5)
    listing = client().list(URL, now=NOON)
    assert not listing.complete
    assert "no resume key" in listing.problem
    assert years(listing) == [2001, 2002, 2003]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("fault", [outage_page(503), throttled(), short])
def test_a_listing_that_breaks_off_keeps_what_is_known(archive, client, fault):
    hold_years(archive, 10)
    for _ in range(2):
        archive.next(lambda handler: archive.cdx(handler, _query(handler)), on="cdx")
    archive.next(*[fault] * 8, on="cdx")
    listing = client().list(URL, now=NOON)
    assert (years(listing), listing.complete) == ([2001, 2002, 2003], False)
    assert listing.problem
    archive.mend()
    archive.clock.at += 10_000
    rest = client().list(URL, resume_key=listing.resume_key, now=NOON)
    assert (years(rest), rest.complete) == (list(range(2004, 2011)), True)


def _query(handler):
    return handler.server.archive.requests[-1].query


@pytest.mark.usefixtures("small_pages")
def test_a_slow_index_is_asked_for_less(archive, client):
    hold_years(archive, 5)
    archive.next(*[says(504, "<html>504 Gateway Time-out</html>")] * 4, on="cdx")
    assert years(client().list(URL, now=NOON)) == [2001, 2002, 2003, 2004, 2005]
    limits = [r.query["limit"] for r in archive.requests if "from" not in r.query]
    assert limits == ["3", "3", "3", "3", "2", "2", "2"]


# Errors are not listings


@pytest.mark.parametrize("form", [blocked_2020(), blocked_2022()])
def test_blocked_is_not_retried(archive, client, form):
    archive.next(form, on="cdx")
    with pytest.raises(Blocked, match="excluded by the archive"):
        client().list(URL, now=NOON)
    assert archive.count("cdx") == 1


def test_blocked_by_robots_says_so(archive, client):
    archive.next(blocked_by_robots(), on="cdx")
    with pytest.raises(Blocked, match=r"robots\.txt"):
        client().list(URL, now=NOON)
    assert archive.count("cdx") == 1


@pytest.mark.parametrize(
    "fault",
    [
        says(500, "<html>500</html>"),
        says(502, "<html>nginx</html>"),
        says(503),
        outage_page(503),
        outage_page(200),
        says(200, "<html><body>Not the index</body></html>"),
        says(200, "\n\n  <!DOCTYPE html>"),
        reset,
        hang_up,
        short,
        short_chunked,
        says(200, CUT_SHORT, (("Content-Encoding", "gzip"),)),
    ],
)
class TestPassingTrouble:
    def test_is_retried(self, archive, client, fault):
        hold_years(archive, 1)
        archive.next(fault, on="cdx")
        assert years(client().list(URL, now=NOON)) == [2001]

    def test_that_lasts_is_unavailable(self, archive, client, fault):
        hold_years(archive, 1)
        archive.next(*[fault] * 9, on="cdx")
        with pytest.raises(Unavailable):
            client().list(URL, now=NOON)
        assert archive.count("cdx") <= 4
        assert sum(archive.clock.slept) < 60


@pytest.mark.parametrize("fault", [stall, stall_in_body, drip])
def test_no_answer_in_time_is_retried(archive, client, fault):
    hold_years(archive, 1)
    archive.next(fault, on="cdx")
    assert years(client(timeout=0.1).list(URL, now=NOON)) == [2001]


@pytest.mark.parametrize("status", [301, 400, 403, 404])
def test_other_answers_name_the_setting_to_check(archive, client, status):
    archive.next(says(status, "what is that?"), on="cdx")
    with pytest.raises(Unavailable, match=rf"answered {status} .*what is that.*\[archive\] url"):
        client().list(URL, now=NOON)
    assert archive.count("cdx") == 1


def test_a_body_beyond_the_limit_is_refused(archive, client):
    archive.next(says(200, row(2001) * 50), on="cdx")
    with pytest.raises(Unavailable, match="larger than 1000 bytes"):
        client(max_body=1000).list(URL, now=NOON)


def test_the_abuse_page_with_status_200_is_no_listing(archive, client):
    archive.next(abuse_page(200), abuse_page(200), on="cdx")
    with pytest.raises(Unavailable, match="fewer requests"):
        client().list(URL, now=NOON)
