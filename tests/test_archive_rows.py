"""Reading the index: all odd rows seen in the wild, and any bytes at all."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support import CASES

from tracker.archive import rows
from tracker.model import Capture
from tracker.urlkey import urlkey

ROW = "com,a)/ 20150612133724 http://a.com/ text/html 200 HJJIEDGUU3KB7GU4WLOHWN2PDDIHQN3P 322"


def row(**changes) -> str:
    names = ("urlkey", "timestamp", "original", "mimetype", "status", "digest", "length")
    return " ".join({**dict(zip(names, ROW.split(" "), strict=True)), **changes}.values())


def told(page: rows.Page) -> str:
    """A page as one reads it aloud."""
    lines = [
        f"{c.at:%Y-%m-%d %H:%M:%S} {c.timestamp} {c.status} {c.mimetype} {c.length} {c.original}"
        for c in page.captures
    ]
    return "\n".join([*lines, f"odd: {page.odd}", f"resume: {page.resume_key}", ""])


@pytest.mark.parametrize("path", sorted((CASES / "cdx").glob("*.cdx")), ids=lambda p: p.stem)
def test_recorded_and_reported_rows(path, expect):
    expect(told(rows.parse(path.read_bytes().decode(), "")), path.with_suffix(".txt"))


def test_no_half_pairs():
    stems = {path.stem for path in (CASES / "cdx").glob("*.cdx")}
    assert stems and stems == {path.stem for path in (CASES / "cdx").glob("*.txt")}


def test_a_row_is_a_capture():
    parsed = rows.parse_row(ROW, "http://archive")
    assert parsed == Capture(
        original="http://a.com/",
        timestamp="20150612133724",
        at=parsed.at,
        digest="HJJIEDGUU3KB7GU4WLOHWN2PDDIHQN3P",
        status=200,
        mimetype="text/html",
        urlkey="com,a)/",
        length=322,
        archive="http://archive",
    )
    assert parsed.at.isoformat() == "2015-06-12T13:37:24+00:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": "20151399000000"},
        {"timestamp": "٢٠١٥٠٦١٢١٣٣٧٢٤"},
        {"timestamp": "2015-06-12"},
        {"original": "http://a.com/\x1b[2J"},
        {"original": "http://a.com/\u202emoc"},
        {"status": "OK"},
    ],
)
def test_rows_without_sense_are_counted_not_kept(changes):
    page = rows.parse(f"{ROW}\n{row(**changes)}\n", "")
    assert (len(page.captures), page.odd) == (1, 1)


def test_a_line_separator_inside_a_url_ends_no_row():
    assert rows.parse(row(original="http://a.com/\x85x"), "").rows == 1


def test_a_giant_length_is_unknown():
    assert rows.parse_row(row(length="9" * 5000), "").length is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"{ROW}\n\ncom%2Ca%29%2F+20150612133725\n", "com%2Ca%29%2F+20150612133725"),
        (f"{ROW}\r\n\r\neJxLzy_QyU\r\n", "eJxLzy_QyU"),
        ("\neJxLzy_QyU\n", "eJxLzy_QyU"),  # no rows, and yet a key: go on
        ("eJxLzy_QyU", "eJxLzy_QyU"),
        (f"{ROW}\n", None),
        (f"{ROW}\ncom,a)/\n", None),  # a row cut short
        ("", None),
        ("\n\n", None),
    ],
)
def test_resume_key(text, key):
    assert rows.parse(text, "").resume_key == key


def test_each_capture_once_oldest_first():
    later, earlier = rows.parse_row(row(timestamp="2016"), ""), rows.parse_row(ROW, "")
    assert rows.distinct([later, earlier, earlier]) == (earlier, later)


def test_one_second_may_hold_two_captures():
    """zew.de 19970427191925."""
    other = rows.parse_row(row(digest="A" * 32), "")
    assert len(rows.distinct([rows.parse_row(ROW, ""), other])) == 2


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b"com,a)/ 99999999999999 http://a/ t 200 - -\n\n\n")
def test_any_bytes_are_read(body):
    page = rows.parse(body.decode("utf-8", "replace"), "")
    assert page.rows >= page.odd + len(page.captures)


fields = st.one_of(
    st.text("0123456789", max_size=15),
    st.sampled_from(["-", "200", "warc/revisit", "http://a.com/", "A" * 32, "", "unk", "\x85"]),
    st.text(max_size=8),
)


@settings(deadline=None)
@given(st.lists(st.lists(fields, max_size=10).map(" ".join), max_size=6).map("\n".join))
def test_any_rows_are_read(text):
    page = rows.parse(text, "")
    for capture in page.captures:
        assert capture.at.tzinfo and 4 <= len(capture.timestamp) <= 14
        assert "\n" not in capture.original
    rows.distinct(page.captures)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.a.example/privacy", "example,a)/privacy"),
        ("https://a.example:443/Privacy/", "example,a)/privacy"),
        ("http://a.example:80/", "example,a)/"),
        ("http://www2.a.example", "example,a)/"),
        ("http://@a.example/", "example,a)/"),
        ("http://mailto:x@a.example/", "example,a)/"),
        ("http://a.example:8080/x", "example,a:8080)/x"),
        ("http://a.example/p?b=2&a=1#top", "example,a)/p?a=1&b=2"),
        ("http://a.example/p;jsessionid=0123456789abcdef0123456789abcdef?x=1", "example,a)/p?x=1"),
        ("http://a.example/p?x=1&PHPSESSID=0123456789abcdef0123456789abcdef", "example,a)/p?x=1"),
        ("a.example/p", "example,a)/p"),
    ],
)
def test_variants_share_a_key(url, key):
    assert urlkey(url) == key


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_a_key(text):
    assert urlkey(text) == urlkey(text.strip())
