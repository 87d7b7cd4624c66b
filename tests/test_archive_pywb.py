"""The independent witness: a real pywb answers, found by its own manners or named."""

import gzip

import pytest
from loopback import Clock
from pywb_server import WarcFile, serve
from support import NOON, at

from tracker.archive import ArchiveSettings, cdx, open_archive
from tracker.archive.replay import digest
from tracker.errors import ConfigError, NotArchived, Unplayable
from tracker.urlkey import urlkey

URL = "http://a.example/privacy"
OLD, NEW = b"<p>old</p>", b"<p>new</p>" * 50


@pytest.fixture(scope="session")
def collection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pywb")
    warc = WarcFile(folder / "a.warc.gz")
    warc.response(URL, "2015-06-12T13:37:24Z", OLD)
    location = [("Location", "https://www.a.example/privacy")]
    warc.response(URL, "2016-06-12T13:37:24Z", b"", "301 Moved", headers=location)
    warc.response("https://www.a.example/privacy", "2016-06-12T13:37:25Z", NEW)
    packed = [("Content-Encoding", "gzip")]
    warc.response(
        "https://www.a.example/privacy", "2017-01-01T00:00:00Z", gzip.compress(NEW), headers=packed
    )
    warc.revisit(
        "https://www.a.example/privacy",
        "2018-01-01T00:00:00Z",
        URL,
        "2015-06-12T13:37:24Z",
        digest(OLD),
    )
    moved = [("Location", "http://b.example/legal?x=1&y=2")]
    warc.response("http://a.example/moved", "2019-01-01T00:00:00Z", b"", "302 Found", headers=moved)
    warc.response("http://b.example/legal?x=1&y=2", "2019-01-01T00:30:00Z", NEW)
    warc.response("http://a.example/gone", "2019-01-01T00:00:00Z", b"no", "404 Not Found")
    warc.response("http://a.example/caf%C3%A9", "2019-01-01T00:00:00Z", OLD)
    warc.close()
    with serve(folder, [folder / "a.warc.gz"]) as url:
        yield url


@pytest.fixture(params=["pywb", None, "timemap"])
def archive(request, collection, tmp_path):
    clock = Clock()
    settings = ArchiveSettings(
        url=collection,
        kind=request.param,
        cdx_per_minute=1e12,
        replays_per_minute=1e12,
        state_dir=tmp_path,
        clock=clock,
        sleep=clock.sleep,
    )
    archive = open_archive(settings)
    yield archive
    assert clock.slept == [], "nothing went wrong on the way"
    archive.close()


def only(archive, url):
    return archive.list(url, now=NOON).captures[0]


def test_captures_with_their_key(archive):
    listing = archive.list(URL, now=NOON)
    assert listing.complete
    assert [c.at for c in listing.captures] == [
        at("2015-06-12T13:37:24"),
        at("2016-06-12T13:37:24"),
        at("2016-06-12T13:37:25"),
        at("2017-01-01"),
        at("2018-01-01"),
    ]
    assert {c.urlkey for c in listing.captures} == {urlkey(URL)} == {"example,a)/privacy"}
    assert listing.captures[2].original == "https://www.a.example/privacy"


def test_period(archive):
    listing = archive.list(URL, since=at("2016"), until=at("2017-01-01"), now=NOON)
    assert [c.at.year for c in listing.captures] == [2016, 2016, 2017]


def test_mementos(archive):
    old, skipped, new, packed, revisit = archive.list(URL, now=NOON).captures
    assert archive.fetch(old).body == OLD
    assert archive.fetch(new).body == NEW
    assert archive.fetch(packed).body == NEW
    assert archive.fetch(revisit).body == OLD
    assert archive.fetch(revisit).at == at("2018-01-01")
    with pytest.raises(Unplayable, match="2016-06-12T13:37:25Z instead"):
        archive.fetch(skipped)
    assert archive.fetch(new).url == "https://www.a.example/privacy"
    assert archive.fetch(old).memento_url.endswith(f"/web/20150612133724id_/{URL}")


def test_a_redirect_elsewhere(archive):
    found = archive.fetch(only(archive, "http://a.example/moved"))
    assert (found.body, found.url) == (NEW, "http://b.example/legal?x=1&y=2")
    assert found.via == ("http://a.example/moved",)


def test_an_archived_404(archive):
    assert archive.fetch(only(archive, "http://a.example/gone")).status == 404


def test_an_escaped_url(archive):
    assert archive.fetch(only(archive, "http://a.example/caf%C3%A9")).body == OLD


def test_never_archived(archive):
    assert archive.list("http://nowhere.example/", now=NOON).captures == ()


def test_a_capture_from_elsewhere_is_not_archived(collection, tmp_path):
    settings = ArchiveSettings(url=collection, kind="pywb", state_dir=tmp_path, cdx_per_minute=1e12)
    archive = open_archive(settings)
    capture = only(archive, URL).__class__
    with pytest.raises(NotArchived):
        archive.fetch(capture("http://nowhere.example/", "2015", at("2015"), "", 200, "text/html"))


def test_digests_are_verified(collection, tmp_path):
    settings = ArchiveSettings(
        url=collection, kind="pywb", state_dir=tmp_path, replays_per_minute=1e12
    )
    archive = open_archive(settings)
    listed = [c for c in archive.list(URL, now=NOON).captures if c.status != 301]
    assert [archive.fetch(capture).digest_verified for capture in listed] == [True] * 4


def test_pages_without_resume_keys(collection, tmp_path, monkeypatch):
    monkeypatch.setattr(cdx, "PAGE_ROWS", 2)
    settings = ArchiveSettings(url=collection, kind="pywb", state_dir=tmp_path, cdx_per_minute=1e12)
    archive = open_archive(settings)
    listing = archive.list(URL, now=NOON)
    assert (len(listing.captures), listing.complete, archive.requests) == (5, True, 5)
    rest = archive.list(URL, resume_key="20160612133725", now=NOON)
    assert [c.at.year for c in rest.captures] == [2016, 2017, 2018]


def test_the_server_without_its_collection(collection, tmp_path):
    settings = ArchiveSettings(
        url=collection.removesuffix("/web"), state_dir=tmp_path, replays_per_minute=1e12
    )
    with pytest.raises(ConfigError, match="name the collection"):
        open_archive(settings).list(URL, now=NOON)
