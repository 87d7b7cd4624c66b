"""Raw snapshots: byte for byte, found again from the WARC alone, whole after any power cut."""

import os
import pickle
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import at
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio

from tracker.errors import StoreError
from tracker.model import Capture, Memento, Snapshot, sha256
from tracker.store.snapshots import SnapshotStore, capture_key

POLICY = "acme/privacy"
URL = "https://acme.example/privacy"
PAGE = b"<h1>Privacy</h1>\r\n\x00\xff We never sell data."


def memento(timestamp="20150612133724", body=PAGE, url=URL, **changes):
    capture = Capture(
        URL, timestamp, at(timestamp), "D" * 32, 200, "text/html", archive="https://a"
    )
    fields = {
        "capture": capture,
        "url": url,
        "at": at(timestamp),
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Server", "Apache")),
        "body": body,
        "memento_url": f"https://a/web/{timestamp}id_/{url}",
    }
    return Memento(**fields | changes)


def text(store, body=b"We never sell data.", **changes):
    fields = {
        "url": URL,
        "captured_at": at("20150612133724"),
        "body": body,
        "content_type": "text/markdown",
        "source": "extracted",
    }
    return store.add_file(POLICY, **fields | changes)


@pytest.fixture
def store(tmp_path):
    return SnapshotStore(tmp_path / "snapshots")


@pytest.fixture
def warc(store):
    return store.root / "acme" / "privacy.warc.gz"


def reopened(store):
    """As the next run finds it, without the cached index."""
    for cache in store.root.glob("*/*.index"):
        cache.unlink()
    return SnapshotStore(store.root)


@pytest.fixture
def fast_disk(monkeypatch):
    """Hundreds of appends, none of which has to outlive this test."""
    monkeypatch.setattr("tracker.store.files.os.fsync", lambda handle: None)


def raw_records(warc):
    with warc.open("rb") as file:
        return [(r.rec_type, r.rec_headers, r.http_headers) for r in ArchiveIterator(file)]


def test_what_is_added_is_found_again_from_the_warc_alone(store):
    odd = memento(
        capture=Capture(
            "http://www.acme.example:80/Privacy", "20150100612133", at("20150612133000"),
            "ABC", None, "warc/revisit", archive="https://web.archive.org",
        ),
        url="https://acme.example/naïve \ud800?q=\N{SNOWMAN}",
        via=("http://acme.example/a", "http://acme.example/b"),
        digest_verified=True,
    )  # fmt: skip
    snapshot = store.add(POLICY, odd)
    assert snapshot == Snapshot(
        policy=POLICY,
        url=odd.url,
        captured_at=odd.at,
        sha256=sha256(PAGE),
        record_id=snapshot.record_id,
        content_type="text/html; charset=utf-8",
        digest="ABC",
        digest_verified=True,
        memento_url=odd.memento_url,
        archive="https://web.archive.org",
        via=odd.via,
        asked_url="http://www.acme.example:80/Privacy",
        asked_timestamp="20150100612133",
    )
    assert capture_key(snapshot) == odd.capture.key
    again = reopened(store)
    assert again.list(POLICY) == (snapshot,)
    assert again.read(snapshot) == PAGE


def test_listed_by_time_then_url_then_source(store):
    late, early = store.add(POLICY, memento("2020")), store.add(POLICY, memento("2010"))
    beside, new = text(store, captured_at=at("2020"))
    other = store.add(POLICY, memento("2020", url="https://acme.example/a"))
    assert new
    assert store.list(POLICY) == (early, other, beside, late)
    assert reopened(store).list(POLICY) == (early, other, beside, late)


def test_adding_twice_writes_nothing(store, warc):
    first, (imported, _) = store.add(POLICY, memento()), text(store)
    before = warc.read_bytes()
    assert reopened(store).add(POLICY, memento()) == first
    assert text(store) == (imported, False)
    assert warc.read_bytes() == before


def test_same_input_same_bytes(tmp_path):
    files = []
    for name in ("one", "two"):
        store = SnapshotStore(tmp_path / name)
        store.add(POLICY, memento())
        store.add(POLICY, memento("2016"))
        text(store)
        files.append((tmp_path / name / "acme" / "privacy.warc.gz").read_bytes())
    assert files[0] == files[1]


def test_an_equal_body_is_stored_once(store, warc):
    large = bytes(range(256)) * 400
    first = store.add(POLICY, memento(body=large))
    size = warc.stat().st_size
    second = store.add(POLICY, memento("2016", body=large))
    assert warc.stat().st_size - size < 1500
    assert [kind for kind, _, _ in raw_records(warc)] == ["warcinfo", "response", "revisit"]
    _, fields, http = raw_records(warc)[2]
    assert fields["WARC-Refers-To"] == first.record_id
    assert fields["WARC-Refers-To-Date"] == "2015-06-12T13:37:24Z"
    assert http["Server"] == "Apache"
    assert reopened(store).read(second) == large


def test_headers_say_what_is_true_of_the_stored_body(store, warc):
    sent = (("Content-Encoding", "gzip"), ("Content-Length", "7"), ("X-Odd", "a\r\n b"))
    store.add(POLICY, memento(headers=sent))
    assert raw_records(warc)[1][2].headers == [
        ("Tracker-Orig-Content-Encoding", "gzip"),
        ("Tracker-Orig-Content-Length", "7"),
        ("X-Odd", "a b"),
        ("Content-Length", str(len(PAGE))),
    ]


def test_hostile_headers_are_made_harmless(store, warc):
    """Names and values that break a header, or warcio (names beyond ASCII)."""
    hostile = (("X-\xc4 b:\r\nc", "v\x00\r\nInjected: 1"), ("\r\n", "v"), ("X-Odd", "\ud800é"))
    snapshot = store.add(POLICY, memento(headers=hostile))
    assert raw_records(warc)[1][2].headers == [
        ("X-bc", "v Injected: 1"),
        ("X-Odd", "%3F%C3%A9"),
        ("Content-Length", str(len(PAGE))),
    ]
    assert reopened(store).read(snapshot) == PAGE
    odd, _ = text(store, content_type="text/\ud800\r\nx")
    assert odd in reopened(store).list(POLICY)


def test_a_policy_is_renamed_with_its_file(store, warc):
    store.add(POLICY, memento())
    warc.rename(warc.with_name("terms.warc.gz"))
    (snapshot,) = store.list("acme/terms")
    assert snapshot.policy == "acme/terms"
    assert store.read(snapshot) == PAGE


def test_silent_damage_is_noticed(store, warc):
    snapshot = store.add(POLICY, memento())
    content = bytearray(warc.read_bytes())
    content[-20] ^= 0xFF
    stat = warc.stat()
    warc.write_bytes(content)
    os.utime(warc, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(StoreError, match="does not match its SHA-256; restore"):
        store.read(snapshot)


def test_two_captures_redirected_to_one_page_are_both_held(store):
    there = memento(url=URL + "/new")
    first = store.add(POLICY, there)
    other = replace(there.capture, original=URL + "/old")
    second = store.add(POLICY, replace(there, capture=other))
    assert {capture_key(s) for s in store.list(POLICY)} == {there.capture.key, other.key}
    assert store.read(first) == store.read(second) == PAGE


def test_files_say_that_no_response_was_seen(store, warc):
    page, _ = text(store, body=PAGE, source="raw", content_type="text/html")
    extracted, _ = text(store)
    unnamed, _ = text(store, url="", captured_at=at("2018"))
    assert [kind for kind, _, _ in raw_records(warc)[1:]] == [
        "resource",
        "conversion",
        "conversion",
    ]
    assert raw_records(warc)[1][1]["Content-Type"] == "text/html"
    bodies = [reopened(store).read(s) for s in (page, extracted, unnamed)]
    assert bodies == [PAGE, b"We never sell data.", b"We never sell data."]


def test_a_cut_at_any_byte_of_the_last_record_loses_only_that(store, warc, fast_disk):
    first = store.add(POLICY, memento())
    whole = warc.stat().st_size
    store.add(POLICY, memento("2016", body=b"another"))
    content = warc.read_bytes()
    for cut in range(whole, len(content)):
        warc.write_bytes(content[:cut])
        left = reopened(store)
        assert left.list(POLICY) == (first,), "readers step over it"
        assert warc.stat().st_size == cut, "and change nothing"
        left.add(POLICY, memento("2016", body=b"another"))
        assert warc.read_bytes() == content


def test_a_cut_in_the_first_record_starts_anew(store, warc, fast_disk):
    store.add(POLICY, memento())
    content = warc.read_bytes()
    for cut in range(0, len(content), 9):
        warc.write_bytes(content[:cut])
        reopened(store).add(POLICY, memento())
        assert warc.read_bytes() == content


ADDING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_snapshots import POLICY, SnapshotStore, memento
for year in range(1000, 9999):
    print(SnapshotStore(Path(sys.argv[1])).add(POLICY, memento(str(year))).record_id, flush=True)
"""


def test_what_was_added_before_a_kill_is_held(store):
    tests = str(Path(__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", ADDING, str(store.root), tests], stdout=subprocess.PIPE, text=True
    ) as other:
        added = [other.stdout.readline().strip() for _ in range(20)]
        other.kill()
        added += other.stdout.read().split()
    assert set(added) <= {s.record_id for s in store.list(POLICY)}
    again = store.add(POLICY, memento("1010"))
    assert again.record_id == added[10]


def test_a_tail_of_zeros_is_cut_off(store, warc):
    """What some file systems leave when the power goes before the data is written."""
    first = store.add(POLICY, memento())
    with warc.open("ab") as file:
        file.write(bytes(5000))
    again = reopened(store)
    assert (again.repair(POLICY), again.repair(POLICY)) == (5000, 0)
    assert again.list(POLICY) == (first,)


def test_damage_in_the_middle_costs_one_record_and_is_not_cut(store, warc):
    store.add(POLICY, memento("2014", body=b"0"))
    start = warc.stat().st_size
    store.add(POLICY, memento("2015"))
    store.add(POLICY, memento("2016", body=b"2"))
    content = bytearray(warc.read_bytes())
    content[start + 200] ^= 0xFF
    warc.write_bytes(content)
    again = reopened(store)
    assert [again.read(s) for s in again.list(POLICY)] == [b"0", b"2"]
    assert again.repair(POLICY) == 0
    restored = again.add(POLICY, memento("2015"))
    assert again.read(restored) == PAGE


def test_a_file_that_is_not_ours_is_not_overwritten(store, warc):
    warc.parent.mkdir(parents=True)
    warc.write_bytes(b"WARC/1.0\r\n plain")
    with pytest.raises(StoreError, match=r"privacy\.warc\.gz: not gzipped WARC; move it away"):
        store.add(POLICY, memento())


def test_a_missing_body_is_named(store, warc):
    snapshot = store.add(POLICY, memento())
    warc.unlink()
    with pytest.raises(StoreError, match=r"holds no record .* fetch the capture again"):
        store.read(snapshot)


@pytest.mark.parametrize("policy", ["", "acme", "../etc/passwd", "a/b/c", "A/b", "a/..", "-a/b"])
def test_an_id_that_is_no_safe_path_is_refused(store, policy):
    with pytest.raises(StoreError, match="is no policy id"):
        store.list(policy)


def test_a_write_that_stops_half_way_leaves_the_file_as_it_was(store, warc):
    """A real short write: the limit lets the first bytes of the record through."""
    store.add(POLICY, memento())
    before = warc.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, limits[1]))
    try:
        with pytest.raises(
            StoreError, match=r"privacy\.warc\.gz: cannot be written \(File too large"
        ):
            store.add(POLICY, memento("2016", body=bytes(range(256)) * 40))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert warc.read_bytes() == before


def test_a_full_disk_leaves_the_file_as_it_was(store, warc, monkeypatch):
    store.add(POLICY, memento())
    before = warc.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracker.store.files.os.fsync", full)
    with pytest.raises(StoreError, match=r"privacy\.warc\.gz: .*the disk is full; make room"):
        store.add(POLICY, memento("2016"))
    assert warc.read_bytes() == before


def test_a_file_in_the_place_of_a_folder_is_named(store):
    store.root.write_text("")
    with pytest.raises(StoreError, match=r"snapshots.*a file is where a folder is needed"):
        store.add(POLICY, memento())


def test_a_changed_file_is_read_again(store, warc):
    store.add(POLICY, memento())
    two = SnapshotStore(store.root)
    two.add(POLICY, memento("2016"))
    assert len(store.list(POLICY)) == 2
    assert SnapshotStore(store.root).list(POLICY) == store.list(POLICY)


def test_the_cached_index_saves_reading_the_file(store, warc, monkeypatch):
    snapshot = store.add(POLICY, memento())

    def unwanted(data):
        raise AssertionError("the whole file was read")

    monkeypatch.setattr("tracker.store.index.entries", unwanted)
    assert SnapshotStore(store.root).list(POLICY) == (snapshot,)


def test_policies_are_the_files_there_are(store):
    assert store.policies() == ()
    store.add("zeta/terms", memento())
    store.add(POLICY, memento())
    (store.root / "acme" / "Copy of privacy.warc.gz").touch()
    assert store.policies() == (POLICY, "zeta/terms")


def test_a_store_travels_to_other_processes_as_its_folder(store):
    snapshot = store.add(POLICY, memento())
    there = pickle.loads(pickle.dumps(store))
    assert there.read(snapshot) == PAGE
    assert pickle.loads(pickle.dumps(store)) is there, "with its index read once"


def test_warcio_finds_nothing_to_mend(store, warc, capsys):
    store.add(POLICY, memento())
    store.add(POLICY, memento("2016"))
    store.add(POLICY, memento("2017", body=b""))
    text(store)
    text(store, body=b"<p>", source="raw", content_type="text/html")
    with pytest.raises(SystemExit) as check:
        warcio(["check", str(warc)])
    assert check.value.code == 0
    warcio(["index", "-f", "warc-type,http:status", str(warc)])
    kinds = [line for line in capsys.readouterr().out.splitlines() if line]
    assert [line.split('"')[3] for line in kinds] == [
        "warcinfo", "response", "revisit", "response", "conversion", "resource",
    ]  # fmt: skip
    with warc.open("rb") as file:
        bodies = [
            r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"
        ]
    assert bodies == [PAGE, b""]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(2000, 2009), st.sampled_from([b"", b"a", b"b" * 99])),
        st.tuples(st.just("cut"), st.integers(0, 2000), st.just(b"")),
        st.tuples(st.just("junk"), st.integers(1, 50), st.just(b"")),
        st.tuples(st.just("reopen"), st.just(0), st.just(b"")),
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_after_any_mishap_the_index_tells_what_the_file_holds(steps):
    with tempfile.TemporaryDirectory() as folder:
        store = SnapshotStore(Path(folder))
        warc = Path(folder) / "acme" / "privacy.warc.gz"
        for step, number, body in steps:
            if step == "add":
                added = store.add(POLICY, memento(str(number), body=body))
                assert store.read(added) == body
            elif step == "reopen":
                store = SnapshotStore(Path(folder))
            elif warc.exists():
                content = warc.read_bytes()
                warc.write_bytes(content[:-number] if step == "cut" else content + b"\0" * number)
            listed = store.list(POLICY)
            assert listed == SnapshotStore(Path(folder)).list(POLICY)
            assert listed == reopened(store).list(POLICY)
