"""Bad pages, bad answers and bad files, from the archive's socket to what `status` shows.

Each is an incident with its cause and remedy, costs no other capture and no other policy
anything, and never becomes a version.
"""

import gzip
import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from crawls import ACME, ACME_URL, NOW, OTHER, OTHER_URL, asked, crawling, page
from fpdf import FPDF
from loopback import (
    LoopbackArchive,
    abuse_page,
    blocked_2020,
    excluded,
    hang_up,
    outage_page,
    reset,
    says,
    short,
    short_chunked,
    throttled,
)
from pywb_server import WarcFile
from support import at

from tracker.cli.output import as_text
from tracker.errors import StoreError, Unreadable
from tracker.model import Health
from tracker.pipeline import imports, update
from tracker.pipeline.imports import Told
from tracker.pipeline.record import recorded
from tracker.pipeline.workspace import open_workspace
from tracker.render import tables
from tracker.store import engine, files

BAD_DAY = "20160101000000"
NOISE = random.Random(1).randbytes(20_000)


@pytest.fixture
def server():
    """Acme with a good capture before and after the bad day, and Other with one."""
    with LoopbackArchive() as archive:
        archive.hold(ACME_URL, "20150101000000", page())
        archive.hold(ACME_URL, "20170101000000", page("We sell your data."))
        archive.hold(OTHER_URL, "20160101000000", page())
        yield archive


def gzipped(body: str) -> bytes:
    return gzip.compress(body.encode(), mtime=0)


GZIP = (("Content-Encoding", "gzip"),)

# What the archive answers in place of the memento of the bad day -> the incident.
ANSWERS = {
    "500": ([says(500)] * 4, "unavailable"),
    "503 outage page": ([outage_page()] * 4, "unavailable"),
    "reset": ([reset] * 4, "unavailable"),
    "empty reply": ([hang_up] * 4, "unavailable"),
    "short body": ([short] * 2, "integrity"),
    "short chunked body": ([short_chunked] * 2, "integrity"),
    "404": ([says(404, "<h1>Not Found</h1>")], "missing"),
    "excluded": ([excluded()], "blocked"),
    "blocked": ([blocked_2020()], "blocked"),
    "no memento": ([says(200, "<p>Welcome to the archive</p>")], "unplayable"),
    "a redirect out of the web": ([says(302, headers=[("Location", "mailto:x")])], "unplayable"),
}

# What was archived on the bad day -> the incident.
BODIES = {
    "empty, listed as such": (dict(body=b""), None),  # not even asked for
    "empty, listed otherwise": (dict(body=b"", digest="A" * 32), "integrity"),
    "white space": (dict(body=b" \n" * 500), "unreadable"),
    "noise": (dict(body=NOISE), "unreadable"),
    "zeros": (dict(body=bytes(20_000)), "unreadable"),
    "an image": (dict(body=b"\x89PNG\r\n\x1a\n" + NOISE), "unreadable"),
    "a broken PDF": (dict(body=b"%PDF-1.4\n" + NOISE, mimetype="application/pdf"), "unreadable"),
    "truncated gzip": (dict(body=gzipped(page())[:-40], headers=GZIP), "integrity"),
    "larger than the bound": (dict(body=page() + " " * 200_000), "unplayable"),
    "soft 404": (dict(body="<title>Page not found</title><h1>Page not found</h1>"), "soft-404"),
    "a wall": (dict(body="<title>Just a moment...</title><p>Checking your browser."), "bot-wall"),
    "another capture": (dict(body=page("Hidden."), playable=False), "unplayable"),
}

# What was archived on the bad day, odd but the policy all the same.
ODD = {
    "10,000 levels deep": "<div>" * 10_000 + page("It is nested."),
    "a wrong charset": page("It says café.").encode("latin-1"),
    "cut in the middle": page("It is nested.")[:-3],
    "gzip nobody announced": gzipped(page("It is packed.")),
}


def bad_day(histories):
    """Acme's incidents; both policies have the versions of their good captures, and no other."""
    versions = [v.first_seen.captured_at for v in histories["acme/privacy"].versions]
    assert versions == [at("2015-01-01"), at("2017-01-01")]
    assert len(histories["other/privacy"].versions) == 1
    return histories["acme/privacy"].coverage.incidents


@pytest.mark.parametrize("name", ANSWERS)
def test_a_bad_answer_costs_one_capture(server, tmp_path, name):
    faults, kind = ANSWERS[name]
    server.hold(ACME_URL, BAD_DAY, page("Of the bad day."))
    meant = {f"/web/{BAD_DAY}id_/{ACME_URL}": list(faults)}
    with crawling(tmp_path, ACME, OTHER, server=server) as run, meeting(server, meant):
        done, histories = run()
        [incident] = bad_day(histories)
        assert (incident.kind, incident.captured_at) == (kind, at(BAD_DAY))
        assert incident.cause and incident.remedy
        told = f"acme/privacy: 2016-01-01: {kind}, {incident.cause} ({incident.remedy})"
        assert " ".join(told.split()) in shown(histories)
        assert [f.kind for f in done["acme/privacy"].failures] == [kind]
        before = asked(server).total()
        _, histories = run()
    again = asked(server).total() - before
    # What may come right is asked for once more, and nothing else.
    assert again == (1 if kind in ("unavailable", "integrity") else 0)


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_page_costs_one_capture(server, tmp_path, name):
    archived, kind = BODIES[name]
    server.hold(ACME_URL, BAD_DAY, **archived)
    with crawling(tmp_path, ACME, OTHER, server=server, max_body=100_000) as run:
        _, histories = run()
        assert [i.kind for i in bad_day(histories)] == ([kind] if kind else [])
        assert kind is None or f"acme/privacy: 2016-01-01: {kind}, " in shown(histories)
        before = asked(server).total()
        run()
    assert asked(server).total() - before == (2 if kind == "integrity" else 0)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_page_is_read_all_the_same(server, tmp_path, name):
    server.hold(ACME_URL, BAD_DAY, ODD[name])
    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        done, histories = run()
    assert done["acme/privacy"].failures == ()
    assert len(histories["acme/privacy"].versions) in (2, 3)
    assert histories["acme/privacy"].coverage.incidents == ()


def shown(histories) -> str:
    """What `status` prints, on one line."""
    return " ".join(as_text(tables.status(list(histories.values()), Health())).split())


class meeting:
    """These requests meet faults in turn, every other is answered."""

    def __init__(self, server, faults):
        self.server, self.faults, self.replay = server, faults, server.replay

    def __enter__(self):
        def replay(handler, timestamp, url):
            waiting = self.faults.get(handler.path, [])
            return waiting.pop(0)(handler) if waiting else self.replay(handler, timestamp, url)

        self.server.replay = replay

    def __exit__(self, *_):
        self.server.replay = self.replay


@pytest.mark.parametrize(
    "fault", [throttled(), throttled("99999"), abuse_page(), outage_page(), says(200, "<html>")]
)
def test_an_archive_that_is_down_is_told_for_every_policy(server, tmp_path, fault):
    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        server.next(*[fault] * 12, on="cdx")
        done, histories = run()
        assert [one.reached for one in done.values()] == [False, False]
        assert all(one.failures for one in done.values())
        assert asked(server).total() == 0
        server._faults.clear()
        server.clock.at += 100_000
        done, histories = run()
    assert bad_day(histories) == ()


def test_a_refused_connection_is_told_for_every_policy(server, tmp_path):
    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        server.refuse()
        done, _ = run()
        assert all("refused the connection" in one.down for one in done.values())
        server.listen_again()
        server.clock.at += 3600
        _, histories = run()
    assert bad_day(histories) == ()


# The disk and the database


def test_a_full_disk_ends_the_run_and_loses_nothing(server, tmp_path, monkeypatch):
    append, room = files.append, [1]

    def full(path, record):
        if not room:
            raise StoreError("the disk is full")
        room.pop()
        append(path, record)

    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        monkeypatch.setattr(files, "append", full)
        with pytest.raises(StoreError, match="full"), recorded(run.space, "update"):
            run()
        [record] = run.space.database.runs()
        assert [f.message for f in record.failures] == ["the disk is full"]
        monkeypatch.setattr(files, "append", append)
        _, histories = run()
    assert bad_day(histories) == ()
    assert sorted(asked(server).values()) == [1, 1, 2], "but for the one there was no room for"


def test_a_locked_database_ends_the_run_and_loses_nothing(server, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_WAITS", 0.05)
    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        other = sqlite3.connect(tmp_path / "tracker.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program is writing to it"):
            run()
        other.execute("ROLLBACK")
        other.close()
        _, histories = run()
    assert bad_day(histories) == ()
    assert set(asked(server).values()) == {1}


def test_snapshots_that_cannot_be_written_end_the_run(server, tmp_path):
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "acme").write_text("a file where a folder should be")
    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        with pytest.raises(StoreError, match="move it away"):
            run()
        (tmp_path / "snapshots" / "acme").unlink()
        _, histories = run()
    assert bad_day(histories) == ()


def test_damaged_files_of_one_policy_stop_no_other(server, tmp_path):
    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        run()
        listing = tmp_path / "snapshots" / "acme" / "privacy.cdxj"
        listing.write_text("com,acme)/ what is this\n")
        server.hold(OTHER_URL, "20180101000000", page("We sell your data."))
        failures = []
        with pytest.raises(Unreadable, match=r"line 1: .*delete the line"):
            run()
        done = update.bring_up_to_date(run.space, [ACME, OTHER], failed=failures.append)
        assert [h.policy.id for h, _ in done] == ["other/privacy"]
        assert [(f.subject, f.kind) for f in failures] == [("acme/privacy", "unreadable")]
        listing.unlink()
        _, histories = run()
    assert len(histories["other/privacy"].versions) == 2
    assert len(histories["acme/privacy"].versions) == 2
    assert set(asked(server).values()) == {1}


def test_snapshots_overwritten_with_junk_are_not_taken_for_none(server, tmp_path):
    with crawling(tmp_path, ACME, OTHER, server=server) as run:
        run()
        kept = list(run.space.database.dump())
        warc = tmp_path / "snapshots" / "acme" / "privacy.warc.gz"
        good = warc.read_bytes()
        warc.write_bytes(b"<html>404 Not Found</html>")
        failures = []
        done = update.bring_up_to_date(run.space, [ACME, OTHER], force=True, failed=failures.append)
        assert [h.policy.id for h, _ in done] == ["other/privacy"]
        [failure] = failures
        assert (failure.subject, failure.kind) == ("acme/privacy", "unreadable")
        assert "not gzipped WARC; move it away" in failure.message
        assert list(run.space.database.dump()) == kept
        warc.write_bytes(good)
        run()
    assert set(asked(server).values()) == {1}


def test_a_bug_in_one_policy_is_not_hidden(server, tmp_path, monkeypatch):
    from tracker.pipeline import derive

    def broken(*_):
        raise ZeroDivisionError("oops")

    with crawling(tmp_path, ACME, server=server) as run:
        monkeypatch.setattr(derive, "history", broken)
        with pytest.raises(ZeroDivisionError), recorded(run.space, "update"):
            run()
        [record] = run.space.database.runs()
    assert [(f.kind, f.message) for f in record.failures] == [
        ("bug", "ZeroDivisionError: oops; please report it")
    ]
    assert record.ended


# Files


@pytest.fixture
def workspace(tmp_path):
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    space = open_workspace([ACME], tmp_path / "snapshots", url, now=lambda: NOW)
    yield space
    space.database.close()


def encrypted_pdf() -> bytes:
    pdf = FPDF()
    pdf.set_encryption(owner_password="o", user_password="u")
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(text="We collect data.")
    return bytes(pdf.output())


def warc(path: Path, *pages) -> bytes:
    file = WarcFile(path)
    for url, date, body in pages:
        file.response(url, date, body.encode())
    file.close()
    return path.read_bytes()


TOLD = Told("acme/privacy", ACME_URL, at("2016-01-01"))

UNUSABLE = {
    "noise.html": (NOISE, "binary data"),
    "image.html": (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
    "empty.txt": (b" \n", "empty"),
    "large.html": (b"<p>" + b"x" * 50_000_001, "limit 50 MB"),
    "none.warc.gz": (NOISE, "none.warc.gz"),
    "empty.warc": (b"", "empty.warc"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_is_named_and_the_rest_goes_on(workspace, tmp_path, name):
    body, reason = UNUSABLE[name]
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / name).write_bytes(body)
    (folder / "zz good.html").write_text(page())
    bad, good = imports.keep_files(workspace, [folder], TOLD)
    assert (bad.outcome, good.outcome) == ("unusable", "kept")
    assert name in bad.message and reason in bad.message


def test_files_that_are_not_there_or_cannot_be_opened(workspace, tmp_path):
    loop = tmp_path / "loop.html"
    loop.symlink_to(loop)
    hidden = tmp_path / "hidden.html"
    hidden.write_text(page())
    hidden.chmod(0)
    paths = [tmp_path / "none.html", tmp_path / "none.warc.gz", loop, Path("/dev/zero")]
    paths += [hidden] if os.geteuid() else []
    results = list(imports.keep_files(workspace, paths, TOLD))
    assert {result.outcome for result in results} == {"unusable"}
    assert all(str(path) in r.message for path, r in zip(paths, results, strict=True))
    assert "no such file" in results[0].message and "no such file" in results[1].message


def test_an_encrypted_pdf_is_kept_and_is_an_incident(workspace, tmp_path):
    (tmp_path / "policy.pdf").write_bytes(encrypted_pdf())
    [result] = imports.keep_files(workspace, [tmp_path / "policy.pdf"], TOLD)
    assert result.outcome == "kept"
    [(history, _)] = update.bring_up_to_date(workspace, workspace.known())
    [incident] = history.coverage.incidents
    assert (incident.kind, history.versions) == ("unreadable", ())
    assert "needs a password" in incident.cause


PAGES = (
    (ACME_URL, "2015-01-01T00:00:00Z", page()),
    ("http://unwatched.example/", "2015-01-01T00:00:00Z", page("Elsewhere.")),
    (ACME_URL, "2016-01-01T00:00:00Z", page("We sell your data.")),
)


def test_a_warc_is_searched_for_watched_addresses(workspace, tmp_path):
    path = tmp_path / "all.warc.gz"
    warc(path, *PAGES)
    for outcome in ("kept", "held"):
        results = list(imports.keep_files(workspace, [path], Told()))
        assert [(r.outcome, r.policy, r.url) for r in results] == [
            (outcome, "acme/privacy", ACME_URL)
        ] * 2


@pytest.mark.parametrize("packed", [True, False])
def test_a_warc_is_known_by_its_bytes(workspace, tmp_path, packed):
    path = tmp_path / "saved.html"
    content = warc(tmp_path / "all.warc.gz", *PAGES)
    path.write_bytes(content if packed else gzip.decompress(content))
    results = imports.keep_files(workspace, [path], Told())
    assert [r.outcome for r in results] == ["kept", "kept"]


def test_a_warc_is_searched_for_the_address_told(workspace, tmp_path):
    path = tmp_path / "all.warc.gz"
    warc(path, *PAGES)
    told = Told("new/privacy", "http://unwatched.example/")
    [result] = imports.keep_files(workspace, [path], told)
    assert (result.outcome, result.policy) == ("kept", "new/privacy")


def test_a_warc_without_a_watched_address_says_what_to_do(workspace, tmp_path):
    path = tmp_path / "all.warc.gz"
    warc(path, PAGES[1])
    [result] = imports.keep_files(workspace, [path], Told())
    assert (result.outcome, result.policy) == ("unusable", "")
    assert "--policy SERVICE/DOCUMENT --url URL" in result.message


def test_what_a_broken_warc_holds_before_the_damage_is_taken(workspace, tmp_path):
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(warc(path, *PAGES)[:-60])
    *kept, broken = imports.keep_files(workspace, [path], Told())
    assert [r.outcome for r in kept if r.outcome == "kept"] == ["kept"]
    assert broken.outcome == "unusable"
    assert str(path) in broken.message and "cut in the middle" in broken.message


def test_a_full_disk_ends_an_import(workspace, tmp_path):
    good = tmp_path / "good.html"
    good.write_text(page())
    shutil.rmtree(tmp_path / "snapshots", ignore_errors=True)
    (tmp_path / "snapshots").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="move it away"):
        list(imports.keep_files(workspace, [good], TOLD))
