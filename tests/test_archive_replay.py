"""Fetching mementos: exactly the capture asked for, whole, or an error that says why not."""

import gzip
import zlib
from datetime import timedelta
from email.utils import format_datetime

import brotlicffi
import pytest
from loopback import (
    LoopbackArchive,
    abuse_page,
    blocked_2020,
    blocked_2022,
    blocked_by_robots,
    excluded,
    hang_up,
    outage_page,
    reset,
    says,
    short,
    short_chunked,
    stall,
    stall_in_body,
)
from support import NOON, at

from tracker.archive import open_archive
from tracker.errors import Blocked, DamagedBody, NotArchived, Unavailable, Unplayable

URL = "http://a.example/privacy"
PAGE = "<p>We do not sell your data.</p>" * 20
SECOND = "20150612133724"


@pytest.fixture
def archive():
    with LoopbackArchive() as archive:
        yield archive


@pytest.fixture
def client(archive, tmp_path):
    def connect(**changes):
        return open_archive(archive.settings(tmp_path, **changes))

    return connect


@pytest.fixture
def fetch(archive, client):
    """Fetch the only listed capture, or the one of a time."""

    def fetch(timestamp=None, **changes):
        wayback = client(**changes)
        captures = wayback.list(URL, now=NOON).captures
        found = [c for c in captures if timestamp in (None, c.timestamp)]
        return wayback.fetch(found[0])

    return fetch


def memento(body, headers=(), *, timestamp=SECOND, status=200, **more):
    """A memento as typed, for answers the archive's own rules would not give."""
    date = ("Memento-Datetime", format_datetime(at(timestamp), usegmt=True))
    return says(status, body, (date, *headers), **more)


def test_a_memento_is_the_archived_bytes_with_their_provenance(archive, fetch):
    archive.hold(URL, SECOND, PAGE, headers=(("Content-Type", "text/html; charset=utf-8"),))
    found = fetch()
    assert found.body == PAGE.encode()
    assert (found.status, found.url, found.at) == (200, URL, at(SECOND))
    assert found.memento_url == f"{archive.url}/web/{SECOND}id_/{URL}"
    assert dict(found.headers) == {"server": "nginx", "content-type": "text/html; charset=utf-8"}
    assert found.digest_verified
    assert found.via == ()


def test_one_connection_for_everything(archive, client):
    for year in range(2001, 2009):
        archive.hold(URL, f"{year}0101000000", PAGE)
    wayback = client()
    for capture in wayback.list(URL, now=NOON).captures:
        wayback.fetch(capture)
    assert (len(archive.requests), archive.connections, wayback.requests) == (9, 1, 9)


def test_unread_answers_do_not_break_the_connection(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    archive.next(says(500, "x" * 100_000), on="replay")
    fetch()
    assert archive.connections == 1


def test_the_user_agent_names_the_tool_and_a_contact(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    fetch(contact="you@example.org")
    agent = archive.requests[0].headers["User-Agent"]
    assert agent.startswith("policy-tracker/")
    assert agent.endswith(" (+you@example.org)")


@pytest.mark.parametrize("status", [404, 403, 410, 429, 500, 503])
def test_the_status_of_a_memento_is_the_archived_one(archive, fetch, status):
    """reddit answered a crawler 429 in 2015, with Retry-After: nobody throttles us."""
    archive.hold(URL, SECOND, "gone", status=status, headers=(("Retry-After", "6"),))
    assert fetch().status == status
    assert (archive.count("replay"), archive.clock.slept) == (1, [])


def test_a_revisit_gives_the_full_original(archive, fetch):
    archive.hold(URL, SECOND, PAGE, revisit=True)
    found = fetch()
    assert (found.capture.status, found.status, found.digest_verified) == (None, 200, True)


def test_another_digest_is_noted_not_refused(archive, fetch):
    archive.hold(URL, SECOND, PAGE, digest="A" * 32)
    assert fetch().digest_verified is False


def test_the_url_really_captured_comes_from_the_link_header(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    link = '<http://b/>; rel="first memento", <https://www.a.example/privacy>; rel="original"'
    archive.next(memento(PAGE, (("Link", link),)), on="replay")
    assert fetch().url == "https://www.a.example/privacy"


def test_a_fragment_in_the_original_is_asked_for_whole(archive, client):
    archive.hold("http://a.example/#privacy", SECOND, PAGE)
    wayback = client()
    wayback.fetch(wayback.list("http://a.example/", now=NOON).captures[0])
    assert archive.requests[-1].path.endswith("/http://a.example/%23privacy")


# Another capture than the one asked for


def test_a_nearest_capture_is_not_the_one_asked_for(archive, fetch):
    archive.hold(URL, SECOND, PAGE, playable=False)
    archive.hold(URL, "20150618000000", PAGE)
    with pytest.raises(Unplayable, match="capture of 2015-06-18T00:00:00Z instead"):
        fetch(SECOND)
    assert archive.count("replay") == 1


def test_a_redirect_onto_the_same_key_is_skipped_by_the_archive(archive, fetch):
    """All 31 recorded replays of arpa-e.energy.gov's http rows answered so."""
    archive.redirect(URL, SECOND, "https://www.a.example/privacy")
    archive.hold("https://www.a.example/privacy", "20150612140024", PAGE)
    with pytest.raises(Unplayable, match="2015-06-12T14:00:24Z"):
        fetch(SECOND)


def test_a_neighbour_served_at_once_is_found_out_by_its_date(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    archive.next(memento(PAGE, timestamp="20150612133725"), on="replay")
    with pytest.raises(Unplayable, match="answers with the capture of 2015-06-12T13:37:25Z"):
        fetch()


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Jun 2015 13:37:24 GMT"])
def test_without_a_readable_memento_datetime_it_is_no_capture(archive, fetch, date):
    archive.hold(URL, SECOND, PAGE)
    headers = (("Memento-Datetime", date),) if date else ()
    archive.next(says(200, PAGE, headers), on="replay")
    with pytest.raises(Unplayable, match="Memento-Datetime"):
        fetch()


def test_a_repaired_time_is_as_exact_as_it_can_be(archive, fetch):
    """20000012170449 lost its seconds: 04:49:31 is the capture meant."""
    archive.hold(URL, "20000012170449", PAGE)
    archive.next(memento(PAGE, timestamp="20001217044931"), on="replay")
    assert fetch().at == at("2000-12-17T04:49:31")


def test_never_archived(archive, fetch):
    archive.hold(URL, SECOND, PAGE, playable=False)
    with pytest.raises(NotArchived):
        fetch()


# Archived redirects

NEW = "https://b.example/legal"


@pytest.mark.parametrize("form", ["http", "https", "//", "path", "site"])
def test_archived_redirects_are_followed(archive, fetch, form):
    archive.locations = form
    archive.redirect(URL, SECOND, NEW)
    archive.hold(NEW, "20150612133801", PAGE)
    found = fetch()
    assert (found.url, found.via, found.at) == (NEW, (URL,), at("20150612133801"))
    assert (found.body, found.status) == (PAGE.encode(), 200)
    assert not found.digest_verified, "the listed digest is the redirect's"
    assert found.memento_url == f"{archive.url}/web/20150612133801id_/{NEW}"


def test_the_digest_of_a_redirect_verifies_no_other_page(archive, fetch):
    archive.redirect(URL, SECOND, NEW, digest=archive.hold(NEW, SECOND, PAGE).digest)
    assert not fetch().digest_verified


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_all_redirects_count(archive, fetch, status):
    archive.redirect(URL, SECOND, "/legal", status=status)
    archive.hold("http://a.example/legal", SECOND, PAGE)
    assert fetch().url == "http://a.example/legal"


def test_a_chain_of_three(archive, fetch):
    for source, target in ((URL, "http://b.example/"), ("http://b.example/", "http://c.example/")):
        archive.redirect(source, SECOND, target)
    archive.redirect("http://c.example/", SECOND, NEW)
    archive.hold(NEW, SECOND, PAGE)
    assert fetch().via == (URL, "http://b.example/", "http://c.example/")


def test_a_closed_loop_of_four(archive, fetch):
    """link.springer.com."""
    stations = [URL, *(f"http://{name}.example/" for name in "bcd")]
    for source, target in zip(stations, [*stations[1:], URL], strict=True):
        archive.redirect(source, SECOND, target)
    with pytest.raises(Unplayable, match="circle"):
        fetch()
    assert archive.count("replay") == 4


def test_an_endless_chain_ends(archive, fetch):
    archive.redirect(URL, SECOND, "http://n0.example/")
    for n in range(50):
        archive.redirect(f"http://n{n}.example/", SECOND, f"http://n{n + 1}.example/")
    with pytest.raises(Unplayable):
        fetch()
    assert archive.count("replay") <= 13


def test_a_target_beyond_the_window_is_another_time(archive, fetch):
    archive.redirect(URL, SECOND, NEW)
    archive.hold(NEW, "20150614000000", PAGE)
    with pytest.raises(Unplayable, match="lead to the capture of 2015-06-14T00:00:00Z"):
        fetch()
    assert fetch(redirect_window=timedelta(days=3)).url == NEW


def test_a_target_never_archived(archive, fetch):
    archive.redirect(URL, SECOND, NEW)
    with pytest.raises(Unplayable, match="redirected to, but not in the archive"):
        fetch()


def test_a_redirect_out_of_the_web(archive, fetch):
    archive.locations = "site"
    archive.redirect(URL, SECOND, "mailto:privacy@a.example")
    with pytest.raises(Unplayable, match="out of the web"):
        fetch()


def test_a_redirect_without_location_is_an_end(archive, fetch):
    archive.hold(URL, SECOND, "moved", status=302)
    assert fetch().status == 302


def test_a_redirect_may_carry_a_large_body(archive, fetch):
    """census.gov: 138,740 bytes."""
    archive.hold(URL, SECOND, "x" * 138_740, 302, headers=(("Location", NEW),))
    archive.hold(NEW, SECOND, PAGE)
    assert fetch().body == PAGE.encode()


def test_a_location_that_lost_a_slash(archive, fetch):
    """Some servers fold "//" in paths: /web/TSid_/http:/b.example/."""
    archive.redirect(URL, SECOND, NEW)
    archive.hold(NEW, SECOND, PAGE)
    folded = f"/web/{SECOND}id_/https:/b.example/legal"
    archive.next(memento("", [("Location", folded)], status=301), on="replay")
    assert fetch().url == NEW


# Blocked, throttled, down


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (blocked_2020(), "administration"),
        (blocked_2022(), "administration"),
        (blocked_by_robots(), "robots"),
        (excluded(), "excluded from the archive"),
        (says(451), "excluded from the archive"),
    ],
)
def test_blocked_is_final_and_names_its_cause(archive, fetch, fault, cause):
    archive.hold(URL, SECOND, PAGE)
    archive.next(fault, on="replay")
    with pytest.raises(Blocked, match=cause):
        fetch()
    assert archive.count("replay") == 1


@pytest.mark.parametrize(
    "fault",
    [
        says(500),
        says(502),
        says(503, "", (("Retry-After", "7"),)),
        outage_page(503),
        outage_page(200),
        reset,
        hang_up,
        short,
        short_chunked,
        memento("x", announce=100),
    ],
)
def test_passing_trouble_is_retried(archive, fetch, fault):
    archive.hold(URL, SECOND, PAGE)
    archive.next(fault, on="replay")
    assert fetch().body == PAGE.encode()


@pytest.mark.parametrize("fault", [stall, stall_in_body])
def test_a_stalled_memento_is_asked_for_again(archive, fetch, fault):
    archive.hold(URL, SECOND, PAGE)
    archive.next(fault, on="replay")
    assert fetch(timeout=0.1).body == PAGE.encode()


def test_lasting_trouble_is_unavailable_not_missing(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    archive.next(*[outage_page(503)] * 9, on="replay")
    with pytest.raises(Unavailable, match="answered 503"):
        fetch()
    assert archive.count("replay") == 4


def test_the_abuse_page_is_no_memento(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    archive.next(abuse_page(200), on="replay")
    assert fetch().body == PAGE.encode()
    assert sum(archive.clock.slept) >= 60


# Bodies


def test_a_short_body_is_asked_for_once_more(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    archive.next(short, short, on="replay")
    with pytest.raises(DamagedBody, match="shorter than announced, asked for twice"):
        fetch()
    assert archive.count("replay") == 2


def test_a_body_short_of_its_archived_length(archive, fetch):
    """The archive announces what it sends; the crawler's own length tells."""
    archive.hold(URL, SECOND, PAGE, headers=(("Content-Length", str(len(PAGE))),))
    length = (("x-archive-orig-content-length", str(len(PAGE))),)
    archive.next(memento(PAGE[:100], length), on="replay")
    assert fetch().body == PAGE.encode()
    archive.next(memento(PAGE[:100], length), memento(PAGE[:100], length), on="replay")
    with pytest.raises(DamagedBody, match="100 of 640 bytes"):
        fetch()


def test_a_short_body_with_the_listed_digest_is_what_was_archived(archive, fetch):
    archive.hold(URL, SECOND, PAGE, headers=(("Content-Length", "99999"),))
    assert fetch().digest_verified


def test_an_empty_body_where_the_index_lists_one(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    archive.next(memento(""), on="replay")
    assert fetch().body == PAGE.encode()


def test_an_empty_capture_is_empty(archive, fetch):
    archive.hold(URL, SECOND, b"")
    assert (fetch().body, fetch().digest_verified) == (b"", True)


def test_beyond_the_limit_is_refused_while_it_streams(archive, fetch):
    archive.hold(URL, SECOND, b"x" * 3_000_000)
    with pytest.raises(Unplayable, match="larger than 100000 bytes"):
        fetch(max_body=100_000)


RAW = PAGE.encode()
GZIPPED = gzip.compress(RAW)
DEFLATED = zlib.compress(RAW)
BROTLI = brotlicffi.compress(RAW)
COMPRESSED = {
    "gzip": (GZIPPED, [("Content-Encoding", "gzip")]),
    "gzip under two headers": (
        GZIPPED,
        [("Content-Encoding", ""), ("Content-Encoding", "gzip")],
    ),
    "gzip unasked": (GZIPPED, []),
    "gzip twice": (gzip.compress(GZIPPED), [("Content-Encoding", "gzip")]),
    "gzip and garbage": (GZIPPED + b"trailing", [("Content-Encoding", "gzip")]),
    "gzip in two members": (gzip.compress(RAW[:50]) + gzip.compress(RAW[50:]), []),
    "false gzip": (RAW, [("Content-Encoding", "gzip")]),
    "no coding at all": (RAW, [("Content-Encoding", "UTF-8")]),
    "deflate": (DEFLATED, [("Content-Encoding", "deflate")]),
    "bare deflate": (DEFLATED[2:-4], [("Content-Encoding", "deflate")]),
    "brotli": (BROTLI, [("Content-Encoding", "br")]),
    "brotli unasked": (BROTLI, [("x-archive-orig-content-encoding", "br")]),
}
CUT = {
    "gzip": (GZIPPED[: len(GZIPPED) // 2], "gzip"),
    "gzip without trailer": (GZIPPED[:-8], "gzip"),
    "gzip with another trailer": (GZIPPED[:-8] + b"\0" * 8, "gzip"),
    "gzip unasked": (GZIPPED[: len(GZIPPED) // 2], ""),
    "deflate": (DEFLATED[:20], "deflate"),
    "brotli": (BROTLI[:-3], "br"),
}
ZEROS = b"\0" * 5_000_000
BOMBS = {
    "gzip": gzip.compress(ZEROS),
    "deflate": zlib.compress(ZEROS),
    "br": brotlicffi.compress(ZEROS),
}


@pytest.mark.parametrize("case", COMPRESSED)
def test_codings_are_removed_and_the_digest_of_the_stored_body_found(archive, fetch, case):
    body, headers = COMPRESSED[case]
    archive.hold(URL, SECOND, body)
    archive.next(memento(body, headers), on="replay")
    found = fetch()
    assert found.body == RAW
    assert found.digest_verified
    assert "content-encoding" not in {name.lower() for name, _ in found.headers}


@pytest.mark.parametrize("case", CUT)
def test_a_compressed_body_cut_short_is_damaged(archive, fetch, case):
    """urllib3 takes half a gzip stream without complaint."""
    body, coding = CUT[case]
    archive.hold(URL, SECOND, PAGE)
    cut = memento(body, [("Content-Encoding", coding), ("Content-Type", "text/html")])
    archive.next(cut, cut, on="replay")
    with pytest.raises(DamagedBody):
        fetch()
    assert archive.count("replay") == 2


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_is_refused(archive, fetch, coding):
    archive.hold(URL, SECOND, BOMBS[coding])
    archive.next(memento(BOMBS[coding], [("Content-Encoding", coding)]), on="replay")
    with pytest.raises(Unplayable, match="grows beyond 1000000 bytes"):
        fetch(max_body=1_000_000)


def test_a_download_that_is_gzip_stays_gzip(archive, fetch):
    archive.hold(URL, SECOND, GZIPPED, mimetype="application/gzip")
    assert fetch().body == GZIPPED


def test_a_coding_nobody_reads_is_named(archive, fetch):
    archive.hold(URL, SECOND, PAGE)
    zstd = b"\x28\xb5\x2f\xfd" + b"\0" * 50
    archive.next(memento(zstd, [("Content-Encoding", "zstd")]), on="replay")
    with pytest.raises(Unplayable, match="zstd"):
        fetch()
