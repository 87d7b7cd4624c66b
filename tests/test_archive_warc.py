"""A folder of WARC files is an archive like any other."""

import contextlib
import gzip
from dataclasses import replace
from datetime import timedelta

import pytest
from pywb_server import WarcFile
from support import NOON, at

from tracker.archive import ArchiveSettings, open_archive
from tracker.archive.replay import digest
from tracker.errors import ConfigError, DamagedBody, NotArchived, Unplayable

URL = "http://a.example/privacy"
OLD, NEW = b"<p>old</p>", b"<p>new</p>"


@pytest.fixture
def warc(tmp_path):
    writer = WarcFile(tmp_path / "a.warc.gz")
    yield writer
    writer.close()


@pytest.fixture
def opened(tmp_path, warc):
    def opened(path=tmp_path, **changes):
        warc.close()
        return open_archive(ArchiveSettings(kind="warc", path=path, **changes))

    return opened


def fetched(archive, url=URL):
    return [archive.fetch(capture) for capture in archive.list(url, now=NOON).captures]


def test_all_variants_are_listed_and_fetched(warc, opened):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD)
    warc.response("https://www.a.example/privacy/", "2018-01-01T00:00:00Z", NEW)
    warc.response("http://a.example/terms", "2018-01-01T00:00:00Z", b"terms")
    archive = opened()
    old, new = fetched(archive)
    assert (old.url, old.at, old.body, old.status) == (URL, at("20150612133724"), OLD, 200)
    assert (new.url, new.body) == ("https://www.a.example/privacy/", NEW)
    assert old.digest_verified
    assert new.digest_verified
    assert old.headers == (("Content-Type", "text/html"),)
    assert (archive.requests, archive.name) == (0, str(archive._path))
    assert old.capture.archive == archive.name


def test_a_single_file_uncompressed(tmp_path, opened):
    plain = WarcFile(tmp_path / "plain.warc", compress=False)
    plain.response(URL, "2015-06-12T13:37:24Z", OLD)
    plain.response(URL, "2016-06-12T13:37:24Z", NEW)
    plain.close()
    assert [m.body for m in fetched(opened(tmp_path / "plain.warc"))] == [OLD, NEW]


def test_the_kind_shows_by_the_path(tmp_path, warc):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD)
    warc.close()
    assert fetched(open_archive(ArchiveSettings(path=tmp_path)))[0].body == OLD


def test_period(warc, opened):
    for year in range(2001, 2006):
        warc.response(URL, f"{year}-01-01T00:00:00Z", OLD + str(year).encode())
    listing = opened().list(URL, since=at("2002"), until=at("2004"), now=NOON)
    assert [c.at.year for c in listing.captures] == [2002, 2003, 2004]


def test_a_revisit_gives_the_original(warc, opened):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD, headers=[("X-From", "original")])
    warc.revisit(URL, "2016-01-01T00:00:00Z", URL, "2015-06-12T13:37:24Z", digest(OLD))
    warc.revisit(URL, "2017-01-01T00:00:00Z", "http://x/", "2001-01-01T00:00:00Z", digest(OLD))
    _, by_reference, by_digest = fetched(opened())
    assert by_reference.body == by_digest.body == OLD
    assert (by_reference.capture.status, by_reference.status) == (None, 200)
    assert (by_reference.at, by_reference.digest_verified) == (at("2016"), True)


def test_a_revisit_of_nothing_is_unplayable(warc, opened):
    warc.revisit(URL, "2016-01-01T00:00:00Z", URL, "2015-01-01T00:00:00Z", digest(OLD))
    with pytest.raises(Unplayable, match="repeats a record"):
        fetched(opened())


def test_redirects_are_followed_inside_the_window(warc, opened):
    location = [("Location", "/legal")]
    warc.response(URL, "2015-06-12T13:37:24Z", b"", "301 Moved", headers=location)
    warc.response("http://a.example/legal", "2014-01-01T00:00:00Z", OLD)
    warc.response("http://a.example/legal", "2015-06-12T15:00:00Z", NEW)
    found = fetched(opened())[0]
    assert (found.url, found.via, found.body) == ("http://a.example/legal", (URL,), NEW)
    with pytest.raises(Unplayable, match="does not hold within 1 hours"):
        fetched(opened(redirect_window=timedelta(hours=1)))


def test_a_redirect_to_the_same_key(warc, opened):
    location = [("Location", "https://www.a.example/privacy")]
    warc.response(URL, "2015-06-12T13:37:24Z", b"", "301 Moved", headers=location)
    warc.response("https://www.a.example/privacy", "2015-06-12T13:37:25Z", NEW)
    assert fetched(opened())[0].url == "https://www.a.example/privacy"


def test_a_page_that_redirects_to_itself_once(warc, opened):
    """As pages do that set a cookie first."""
    warc.response(URL, "2015-06-12T13:37:24Z", b"", "302 Found", headers=[("Location", URL)])
    warc.response(URL, "2015-06-12T13:37:29Z", NEW)
    assert fetched(opened())[0].body == NEW


def test_a_loop_ends(warc, opened):
    for url, target in ((URL, "/b"), ("http://a.example/b", "/privacy")):
        location = [("Location", target)]
        warc.response(url, "2015-06-12T13:37:24Z", b"", "302 Found", headers=location)
    with pytest.raises(Unplayable):
        fetched(opened())


def test_codings_and_chunks_are_removed(warc, opened):
    body = b"5\r\n<p>ol\r\n5\r\nd</p>\r\n0\r\n\r\n"
    warc.response(URL, "2015-01-01T00:00:00Z", body, headers=[("Transfer-Encoding", "chunked")])
    packed = gzip.compress(NEW)
    warc.response(URL, "2016-01-01T00:00:00Z", packed, headers=[("Content-Encoding", "gzip")])
    chunked, gzipped = fetched(opened())
    assert (chunked.body, gzipped.body) == (OLD, NEW)
    assert chunked.digest_verified, "some crawlers hash the chunks"
    assert gzipped.digest_verified
    assert dict(gzipped.headers) == {"Content-Type": "text/html"}


def test_a_record_without_a_digest_gets_one(tmp_path, warc, opened):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD, **{"WARC-Payload-Digest": "sha1:"})
    assert fetched(opened())[0].capture.digest == digest(OLD)


def test_a_page_got_from_an_archive_names_it(warc, opened):
    source = "https://web.archive.org/web/20150612133724id_/" + URL
    warc.response(URL, "2015-06-12T13:37:24Z", OLD, **{"WARC-Source-URI": source})
    assert fetched(opened())[0].memento_url == source


@pytest.mark.parametrize("cut", [*range(1, 200, 7), 300])
def test_a_file_cut_short_keeps_what_is_before(tmp_path, warc, opened, cut):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD)
    warc.response(URL, "2016-06-12T13:37:24Z", NEW * 20)
    warc.close()
    path = tmp_path / "a.warc.gz"
    path.write_bytes(path.read_bytes()[:-cut])
    archive = opened()
    listing = archive.list(URL, now=NOON)
    first, *rest = listing.captures
    assert archive.fetch(first).body == OLD
    for last in rest:  # its headers are there: it is whole, or it is said to be damaged
        with contextlib.suppress(DamagedBody):
            assert archive.fetch(last).body == NEW * 20
    assert not listing.complete
    assert "a.warc.gz cannot be read to its end" in listing.problem


@pytest.mark.parametrize("rubbish", [b"hello", b"", b"\x1f\x8b\x08garbage", b"\0" * 1000])
def test_a_file_that_is_no_warc_does_not_hide_the_others(tmp_path, warc, opened, rubbish, capsys):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD)
    (tmp_path / "b.warc.gz").write_bytes(rubbish)
    listing = opened().list(URL, now=NOON)
    assert len(listing.captures) == 1
    assert listing.complete == (rubbish == b"")
    assert capsys.readouterr() == ("", "")


def test_a_hole_in_a_file_is_said_and_nothing_is_printed(tmp_path, warc, opened, capsys):
    for year in range(2001, 2009):
        warc.response(URL, f"{year}-01-01T00:00:00Z", OLD)
    warc.close()
    path = tmp_path / "a.warc.gz"
    content = path.read_bytes()
    path.write_bytes(content[:900] + b"\0" * 50 + content[950:])
    listing = opened().list(URL, now=NOON)
    assert (listing.captures[0].at.year, listing.complete) == (2001, False)
    assert listing.problem.isprintable()
    assert capsys.readouterr() == ("", "")


def test_a_record_of_no_known_time_is_counted(warc, opened):
    warc.response(URL, "yesterday", OLD)
    warc.response(URL, "2016-06-12T13:37:24Z", NEW)
    listing = opened().list(URL, now=NOON)
    assert (len(listing.captures), listing.odd_rows) == (1, 1)


def test_a_record_damaged_since_it_was_listed(tmp_path, warc, opened):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD * 100)
    archive = opened()
    capture = archive.list(URL, now=NOON).captures[0]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(DamagedBody, match=r"a\.warc\.gz"):
        archive.fetch(capture)


def test_too_large(warc, opened):
    warc.response(URL, "2015-06-12T13:37:24Z", b"x" * 2000)
    with pytest.raises(Unplayable, match="larger than 1000 bytes"):
        fetched(opened(max_body=1000))


def test_a_capture_of_another_archive(warc, opened):
    warc.response(URL, "2015-06-12T13:37:24Z", OLD)
    archive = opened()
    capture = archive.list(URL, now=NOON).captures[0]
    with pytest.raises(NotArchived):
        archive.fetch(replace(capture, timestamp="20990101000000"))


def test_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(ConfigError, match=r"\[archive\] path"):
        open_archive(ArchiveSettings(kind="warc", path=tmp_path / "nowhere"))


def test_a_folder_without_warc_files(tmp_path):
    with pytest.raises(ConfigError, match=r"no file ending in \.warc"):
        open_archive(ArchiveSettings(kind="warc", path=tmp_path)).list(URL, now=NOON)
