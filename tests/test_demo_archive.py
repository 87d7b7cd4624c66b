"""The sample archive that ships is what its pages make, and holds what the demo shows."""

import gzip
import tomllib
from importlib import resources
from io import BytesIO

import pytest
from make_demo_archive import ARCHIVE, PAGES, as_html, build
from warcio.archiveiterator import ArchiveIterator

DEMO = resources.files("tracker") / "demo"
PLAN = tomllib.loads((PAGES / "captures.toml").read_text(encoding="utf-8"))


def records():
    for record in ArchiveIterator(BytesIO(ARCHIVE.read_bytes()), check_digests="raise"):
        headers = record.rec_headers
        yield (
            headers.get_header("WARC-Date"),
            headers.get_header("WARC-Target-URI"),
            record.rec_type,
            record.http_headers.get_statuscode(),
            record.content_stream().read().decode(),
        )


def test_the_shipped_archive_is_made_from_the_pages():
    # Uncompressed: zlib's replacements in some Pythons pack the same bytes differently.
    assert gzip.decompress(ARCHIVE.read_bytes()) == gzip.decompress(build())


def test_it_ships_in_the_package_and_stays_small():
    assert len((DEMO / "sample.warc.gz").read_bytes()) < 100_000


def test_every_page_is_captured():
    used = {capture["page"] for capture in PLAN["capture"] if "page" in capture}
    assert used == {str(path.relative_to(PAGES)) for path in PAGES.rglob("*.md")}


def test_it_holds_the_traps_of_a_real_archive():
    found = list(records())

    assert [(when, url) for when, url, _, status, _ in found if status == "301"] == [
        ("2017-09-18T12:00:31Z", "http://www.brightline-telecom.example/privacy.html")
    ]
    assert [when for when, _, kind, _, _ in found if kind == "revisit"] == ["2018-06-05T06:47:29Z"]
    assert [
        (when, status) for when, _, _, status, body in found if "<h1>Page not found" in body
    ] == [("2020-02-02T14:33:02Z", "200")]


def test_no_two_captures_of_a_page_have_equal_bytes():
    bodies = [body for _, _, kind, status, body in records() if kind == "response"]
    assert len(set(bodies)) == len(bodies)


def test_the_watchlist_names_the_captured_addresses():
    watched = tomllib.loads((DEMO / "policies.toml").read_text(encoding="utf-8"))["policy"]

    assert {url["url"] for policy in watched for url in policy["urls"]} == {
        capture["url"] for capture in PLAN["capture"]
    }


@pytest.mark.parametrize("url", sorted({capture["url"] for capture in PLAN["capture"]}))
def test_nobody_real_is_spoken_of(url):
    assert url.split("/")[2].endswith(".example")


def test_the_pages_markdown_becomes_html():
    assert as_html("## A & B\n\nOne.\n\n- x\n- y\n\n| h |\n| --- |\n| c |") == (
        "<h2>A &amp; B</h2>\n<p>One.</p>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n"
        "<table>\n<tr><th>h</th></tr>\n<tr><td>c</td></tr>\n</table>"
    )
