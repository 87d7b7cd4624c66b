"""Which archive it is, TimeMaps, Save Page Now, and readers that no input may break."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import LoopbackArchive, blocked_2022, outage_page, says, stall, throttled
from support import NOON, at

from tracker.archive import Archive, ArchiveSettings, answers, coding, open_archive, timemap
from tracker.archive.answers import Answer
from tracker.errors import (
    Blocked,
    ConfigError,
    DamagedBody,
    NotArchived,
    Unavailable,
    Unplayable,
)

URL = "http://a.example/privacy"
SECOND = "20150612133724"
PAGE = "<p>We do not sell your data.</p>"


@pytest.fixture
def archive():
    with LoopbackArchive() as archive:
        archive.hold(URL, SECOND, PAGE)
        yield archive


@pytest.fixture
def client(archive, tmp_path):
    def connect(**changes):
        return open_archive(archive.settings(tmp_path, **changes))

    return connect


# Settings


@pytest.mark.parametrize(
    "url",
    ["web.archive.org", "ftp://a.example", "http://", "http://[Errno 2]", "", "http://a:99999"],
)
def test_an_address_that_is_none(url):
    with pytest.raises(ConfigError, match=r"\[archive\] url = .* is not a web address"):
        open_archive(ArchiveSettings(url=url))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "waybak"},
        {"cdx_per_minute": 0},
        {"replays_per_minute": -1},
        {"timeout": 0},
        {"max_body": 0},
    ],
)
def test_settings_that_cannot_work(changes):
    with pytest.raises(ConfigError, match=r"\[archive\] (kind|cdx|replays|timeout|max)"):
        open_archive(ArchiveSettings(url="http://a.example", **changes))


def test_opening_sends_nothing(archive, client):
    for kind in (None, "wayback", "pywb", "timemap"):
        opened: Archive = client(kind=kind)
        assert (opened.name, opened.requests) == (archive.url, 0)
        opened.close()
    assert archive.requests == []


def test_port_80_is_not_used_for_the_wayback_machine(tmp_path):
    settings = ArchiveSettings(
        url="http://web.archive.org/", contact="you@example.org", state_dir=tmp_path
    )
    assert open_archive(settings).name == "https://web.archive.org"


# The kind, where nobody says


def test_a_wayback_is_found_by_its_index(archive, client):
    found = client(kind=None)
    assert found.fetch(found.list(URL, now=NOON).captures[0]).body == PAGE.encode()
    assert found.requests == len(archive.requests) == 3, "one question more, once"


def test_the_question_is_about_the_url_itself(archive, client):
    client(kind=None).list(URL, now=NOON)
    assert archive.requests[0].query == {"url": URL, "limit": "1"}


def test_a_blocked_answer_is_an_index_too(archive, client):
    archive.next(blocked_2022(), blocked_2022(), on="cdx")
    with pytest.raises(Blocked):
        client(kind=None).list(URL, now=NOON)


def test_a_capture_from_an_earlier_run_is_fetched_without_listing(archive, client):
    capture = client().list(URL, now=NOON).captures[0]
    assert client(kind=None).fetch(capture).body == PAGE.encode()


def test_a_server_that_is_no_archive_is_named(archive, client):
    archive.next(*[says(404, "<h1>Not Found</h1>")] * 3)
    with pytest.raises(ConfigError, match="answers like no archive"):
        client(kind=None).list(URL, now=NOON)


def test_a_web_page_where_the_index_should_be_tells_nothing_of_the_kind(archive, client):
    archive.next(says(200, "<html><body>Back soon</body></html>"))
    assert client(kind=None).list(URL, now=NOON).complete
    assert [request.path.split("?")[0] for request in archive.requests] == ["/cdx/search/cdx"] * 3


def test_a_web_page_each_time_is_named(archive, client):
    archive.next(*[says(200, "<!DOCTYPE html><title>Shop</title>")] * 4)
    with pytest.raises(Unavailable, match=r"a web page where its index should be.*\[archive\] url"):
        client(kind=None).list(URL, now=NOON)


def test_finding_the_kind_keeps_the_pace_of_the_index(archive, client):
    client(kind=None, cdx_per_minute=24).list(URL, now=NOON)
    assert archive.clock.slept == [2.5]


def test_an_archive_that_is_down_is_not_taken_for_another_kind(archive, client):
    archive.next(*[outage_page(503)] * 4)
    with pytest.raises(Unavailable):
        client(kind=None).list(URL, now=NOON)


# TimeMaps


@pytest.fixture
def timemaps(client, archive):
    return lambda **changes: client(kind="timemap", url=f"{archive.url}/web", **changes)


def test_a_timemap_lists_and_its_addresses_replay(archive, timemaps):
    archive.hold(URL, "20180101000000", "new")
    source = timemaps()
    listing = source.list(URL, now=NOON)
    assert [(c.original, c.timestamp, c.digest) for c in listing.captures] == [
        (URL, SECOND, ""),
        (URL, "20180101000000", ""),
    ]
    found = source.fetch(listing.captures[0])
    assert (found.body, found.at) == (PAGE.encode(), at(SECOND))
    assert archive.requests[-1].path == f"/web/{SECOND}id_/{URL}", "raw, not the viewing form"


def test_a_later_run_asks_the_timemap_again(archive, timemaps):
    capture = timemaps().list(URL, now=NOON).captures[0]
    assert timemaps().fetch(capture).body == PAGE.encode()
    with pytest.raises(NotArchived):
        timemaps().fetch(capture.__class__(URL, "20990101000000", at("2099"), "", None, ""))


def test_a_timemap_of_nothing(timemaps):
    assert timemaps().list("http://nowhere.example/", now=NOON).captures == ()


def link(year):
    date = f"Fri, 01 Jan {year} 00:00:00 GMT"
    return f'<http://a.example/then/{year}>; rel="memento"; datetime="{date}"'


def linked(*links):
    return says(200, ",\n".join(links), (("Content-Type", "application/link-format"),))


def test_a_timemap_in_pages(archive, timemaps):
    following = (
        '</web/timemap/link/2/http://x>; rel="timemap"; from="Fri, 01 Jan 2010 00:00:00 GMT"'
    )
    archive.next(linked(link(2001), following, f'<{URL}>; rel="original"'), linked(link(2010)))
    listing = timemaps().list(URL, now=NOON)
    assert [c.at.year for c in listing.captures] == [2001, 2010]
    assert archive.requests[1].path == "/web/timemap/link/2/http://x"


def test_a_timemap_that_names_itself_again_ends(archive, timemaps):
    again = f'</web/timemap/link/{URL}>; rel="timemap"'
    archive.next(*[linked(link(2001), again)] * 5)
    assert len(timemaps().list(URL, now=NOON).captures) == 1
    assert len(archive.requests) == 1


def test_a_timemap_that_breaks_off_keeps_what_is_known(archive, timemaps):
    following = '</web/timemap/link/2/http://x>; rel="timemap"'
    archive.next(linked(link(2001), following), *[says(500)] * 4)
    listing = timemaps().list(URL, now=NOON)
    assert ([c.at.year for c in listing.captures], listing.complete) == ([2001], False)
    archive.next(linked(link(2002)))
    rest = timemaps().list(URL, resume_key=listing.resume_key, now=NOON)
    assert [c.at.year for c in rest.captures] == [2002]


def test_an_address_without_a_timestamp_is_checked_by_its_date(archive, timemaps):
    address = f"{archive.url}/web/memento/one"
    date = "Fri, 12 Jun 2015 13:37:24 GMT"
    map_ = linked(f'<{address}>; rel="memento"; datetime="{date}"', f'<{URL}>; rel="original"')
    archive.next(map_, says(200, PAGE, (("Memento-Datetime", date),)))
    source = timemaps()
    capture = source.list(URL, now=NOON).captures[0]
    assert source.fetch(capture).memento_url == address
    archive.next(says(200, PAGE, (("Memento-Datetime", "Sat, 13 Jun 2015 13:37:24 GMT"),)))
    with pytest.raises(Unplayable, match="not the capture of 2015-06-12"):
        source.fetch(capture)


# Save Page Now

# waybackpy's, deprecated since Python 3.12.
utcnow = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


def test_save_page_now_is_off_by_default(archive, client):
    with pytest.raises(ConfigError, match="save_page_now = true"):
        client().save(URL)
    assert archive.requests == []


@utcnow
def test_save_page_now(archive, client):
    client(save_page_now=True).save(URL)
    assert [request.path for request in archive.requests] == [f"/save/{URL}"]


@utcnow
@pytest.mark.parametrize(
    ("status", "header", "form"),
    [
        (302, "Location", "{archive}/web/20261128000000/{url}"),
        (302, "Location", "/web/20261128000000/{url}"),
        (200, "Content-Location", "/web/20261128000000/{url}"),
    ],
)
def test_a_save_is_confirmed_in_several_forms(archive, client, status, header, form):
    place = form.format(archive=archive.url, url=URL)
    archive.next(says(status, "", ((header, place),)), on="save")
    client(save_page_now=True).save(URL)


@utcnow
@pytest.mark.parametrize("fault", [says(200, "queued"), says(500), says(509), stall])
def test_a_save_that_is_not_confirmed_is_not_repeated(archive, client, fault):
    archive.next(fault)
    with pytest.raises(Unavailable):
        client(save_page_now=True, timeout=0.05).save(URL)
    assert archive.count("save") == 1


@utcnow
def test_a_save_that_is_throttled_pauses_everything(archive, client):
    archive.next(throttled(), throttled())
    with pytest.raises(Unavailable, match="come back at"):
        client(save_page_now=True).save(URL)
    assert archive.clock.slept == [60.0]


@pytest.mark.parametrize("kind", ["timemap", "warc"])
def test_only_a_wayback_saves(client, tmp_path, kind):
    with pytest.raises(ConfigError, match="Save Page Now"):
        client(kind=kind, path=tmp_path, save_page_now=True).save(URL)


# Proxies


def test_a_proxy_of_the_environment_is_used_but_not_for_this_machine(
    archive, client, monkeypatch, tmp_path
):
    monkeypatch.setenv("http_proxy", archive.url)
    assert client().list(URL, now=NOON).captures
    archive.requests.clear()
    settings = archive.settings(tmp_path, url="http://archive.example")
    archive.next(says(200, ""))
    open_archive(settings).list(URL, now=NOON)
    assert archive.requests[0].path.startswith("http://archive.example/cdx/search/cdx?")


# Any input


headers = st.dictionaries(
    st.sampled_from(
        ["content-encoding", "content-type", "memento-datetime", "retry-after", "date", "location"]
    ),
    st.text(max_size=30) | st.sampled_from(["gzip", "br", "deflate, gzip", "identity"]),
)
bodies = st.binary(max_size=200) | st.binary(max_size=100).map(
    lambda body: b"\x1f\x8b\x08\x00" + body
)


@settings(deadline=None)
@given(st.integers(100, 599), headers, bodies, st.sampled_from(["cdx", "replay"]))
def test_any_answer_has_a_meaning(status, headers, body, lane):
    answer = Answer("http://a/", status, headers, body)
    assert answers.read(answer, lane).meaning in ("fine", "throttled", "down", "blocked")
    answers.memento_datetime(headers)
    assert isinstance(answer.opening, str)
    assert (answers.retry_after(headers, 0.0) or 0) >= 0


@settings(deadline=None)
@given(bodies, st.text(max_size=20) | st.sampled_from(["gzip", "br", "deflate", "gzip, gzip"]))
def test_any_body_is_decoded_or_refused(body, name):
    try:
        layers = coding.layers(body, name, original_coding="br", limit=1000)
    except (DamagedBody, Unplayable):
        return
    assert layers[0] == body


@settings(deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from('<>;=",/ abrelhttp:')).map("".join))
def test_any_text_is_a_timemap(text):
    for found in timemap.parse(text, "http://a.example/"):
        assert found.url.startswith("http")
