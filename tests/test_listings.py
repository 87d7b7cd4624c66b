"""What the archive listed, kept through any number of answers."""

from dataclasses import replace

import pytest
from support import at

from tracker.errors import StoreError
from tracker.model import Capture, Listing
from tracker.store.listings import ListingStore

POLICY, URL, ARCHIVE = "acme/privacy", "http://acme.example/privacy", "https://web.archive.org"


def capture(timestamp, original=URL, digest="D", **changes):
    fields = {"status": 200, "mimetype": "text/html", "urlkey": "example,acme)/privacy"}
    fields |= {"archive": ARCHIVE, "length": None}
    return Capture(original, timestamp, at(timestamp[:8]), digest, **fields | changes)


def answer(*captures, asked="2024-01-01", **changes):
    return Listing(captures, at(asked), **changes)


@pytest.fixture
def store(tmp_path):
    return ListingStore(tmp_path)


def test_an_answer_is_remembered_with_its_time(store):
    partial = answer(capture("20150612133724"), complete=False, resume_key="a+b", problem="504")
    assert store.asked(POLICY, URL, ARCHIVE) is None
    assert store.merge(POLICY, URL, ARCHIVE, partial) == 1
    again = ListingStore(store.root)
    assert again.asked(POLICY, URL, ARCHIVE) == replace(partial, captures=())
    assert again.captures(POLICY) == partial.captures
    assert again.asked(POLICY, URL + "/other", ARCHIVE) is None
    assert [(a.url, a.answer.problem) for a in again.answers(POLICY)] == [(URL, "504")]


def test_answers_are_united(store):
    old, gone, new = (capture(f"{year}0101000000") for year in (2015, 2016, 2017))
    store.merge(POLICY, URL, ARCHIVE, answer(gone, old))
    later = answer(old, replace(new, length=7), asked="2025-01-01")
    assert store.merge(POLICY, URL, ARCHIVE, later) == 1
    assert store.captures(POLICY) == (old, gone, replace(new, length=7))
    assert store.asked(POLICY, URL, ARCHIVE).asked_at == at("2025-01-01")


def test_one_second_may_hold_two_captures(store):
    both = (capture("19970427191925", digest="A"), capture("19970427191925", digest="B"))
    assert store.merge(POLICY, URL, ARCHIVE, answer(*both)) == 2
    assert store.captures(POLICY) == both


def test_the_file_is_cdxj(store):
    store.merge(
        POLICY, URL, ARCHIVE, answer(capture("2015", original="http://é \ud800", urlkey="a b"))
    )
    meta, line = (store.root / "acme/privacy.cdxj").read_text("ascii").splitlines()
    assert meta.startswith('!meta {"url":"http://acme.example/privacy","archive":')
    assert line.startswith('a%20b 2015 {"original":"http://\\u00e9 \\ud800","timestamp":"2015"')
    assert store.captures(POLICY)[0].original == "http://é \ud800"


def test_the_same_answer_leaves_the_same_bytes(store):
    path = store.root / "acme/privacy.cdxj"
    store.merge(POLICY, URL, ARCHIVE, answer(capture("2015"), capture("2016")))
    before = path.read_bytes()
    store.merge(POLICY, URL, ARCHIVE, answer(capture("2016"), capture("2015")))
    assert path.read_bytes() == before


def test_a_foreign_line_is_named(store):
    path = store.root / "acme/privacy.cdxj"
    path.parent.mkdir()
    path.write_text("!meta []\n")
    with pytest.raises(StoreError, match=r"privacy\.cdxj, line 1: .* delete the line"):
        store.captures(POLICY)
