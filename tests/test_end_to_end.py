"""The whole program as people and machines meet it: real servers, real kills, the same result."""

import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from crawls import ACME_URL, OTHER_URL, asked, page
from loopback import LoopbackArchive, says, stall
from pywb_server import serve
from support import ROOT

from tracker.archive import ArchiveSettings
from tracker.cli import main
from tracker.store.database import Database
from tracker.store.lock import RunLock

DEMO = ROOT / "tracker" / "demo"
WATCHLIST = f"""
[[policy]]
id = "acme/privacy"
urls = ["{ACME_URL}"]
[[policy]]
id = "other/privacy"
urls = ["{OTHER_URL}"]
"""


@pytest.fixture(scope="module")
def pywb(tmp_path_factory):
    """A pywb collection that holds the demo's archive; its URL."""
    folder = tmp_path_factory.mktemp("pywb")
    with serve(folder, [DEMO / "sample.warc.gz"]) as url:
        yield url


@pytest.fixture
def server():
    """Two policies, the first with a text that changes each quarter."""
    with LoopbackArchive() as archive:
        for year in (2015, 2016, 2017):
            for month in (1, 4, 7, 10):
                day = f"{year}{month:02}15000000"
                archive.hold(ACME_URL, day, page(f"As of {day} we share data."))
        archive.hold(OTHER_URL, "20160101000000", page())
        yield archive


def fill(folder: Path, watchlist: str = "") -> Path:
    """Make it a workspace that watches the demo's policies, or those told."""
    (folder / "policies.toml").write_text(watchlist or (DEMO / "policies.toml").read_text())
    (folder / "tracker.toml").write_text("")
    return folder


@pytest.fixture
def new_workspace(tmp_path):
    """new_workspace("name") -> a folder of its own."""

    def make(name, watchlist=""):
        folder = tmp_path / name
        folder.mkdir()
        return fill(folder, watchlist)

    return make


def surroundings(folder: Path, url: str) -> dict[str, str]:
    return {
        "TRACKER_ARCHIVE_URL": url,
        "TRACKER_ARCHIVE_CDX_PER_MINUTE": "60000",
        "TRACKER_ARCHIVE_REPLAYS_PER_MINUTE": "60000",
        "XDG_STATE_HOME": str(folder / "state"),
    }


def command(folder: Path, url: str, *args: str, **more) -> subprocess.Popen:
    """In a process of its own, to be killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", "--workspace", folder, *args],
        cwd=ROOT,
        env={**os.environ, **surroundings(folder, url)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


@pytest.fixture
def cli(capsys, monkeypatch):
    """cli(folder, url, "log", "a/b") -> (exit code, stdout, stderr), in this process."""

    def call(folder, url, *args, **environment):
        for name, value in {**surroundings(folder, url), **environment}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(folder), *args])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return call


@pytest.fixture
def done(cli):
    """The same where nothing goes wrong: what it printed as JSON."""

    def call(*args, **environment):
        code, out, err = cli(*args, "--json", **environment)
        assert code == 0, err
        return json.loads(out)

    return call


@pytest.fixture
def patient(server, monkeypatch):
    """Nobody waits in this process: the archive's clock is the program's."""
    known = ArchiveSettings.__init__.__kwdefaults__
    clock = {"clock": server.clock, "sleep": server.clock.sleep, "jitter": lambda: 0.0}
    monkeypatch.setattr(ArchiveSettings.__init__, "__kwdefaults__", {**known, **clock})
    return server


def dump(folder: Path) -> list[str]:
    database = Database(f"sqlite:///{folder / 'tracker.db'}")
    lines = list(database.dump())
    database.close()
    return lines


def records(folder: Path) -> int:
    """How many gzip members, which is records, the snapshots hold at the least."""
    files = (folder / "snapshots").rglob("*.warc.gz")
    return sum(len(re.findall(b"\x1f\x8b\x08", path.read_bytes())) for path in files)


def wait_for(process: subprocess.Popen, reached) -> None:
    """Watch until it is so, or the process has ended first."""
    while not reached() and process.poll() is None:
        time.sleep(0.01)


# A real archive server, written by others


@pytest.fixture(scope="module")
def whole(pywb, tmp_path_factory):
    """A workspace after an undisturbed update, and what that said."""
    folder = fill(tmp_path_factory.mktemp("whole"))
    out, err = command(folder, pywb, "update", "--json").communicate()
    assert not err
    return folder, json.loads(out)


def test_a_killed_run_ends_like_an_undisturbed_one(pywb, whole, new_workspace, done):
    folder, said = whole
    assert sum(one["fetched"] for one in said["policies"]) >= 20
    found = done(folder, pywb, "report")
    brightline = next(one for one in found["policies"] if one["id"] == "brightline/privacy")
    assert any(
        (clause["topic"], clause["kind"]) == ("ads_personalised", "reversed")
        for change in brightline["changes"]
        for clause in change["clauses"]
    )
    killed = new_workspace("killed")
    for kept in (1, 12):
        process = command(killed, pywb, "update")
        wait_for(process, lambda kept=kept: records(killed) >= kept)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done(killed, pywb, "update")
    assert dump(killed) == dump(folder)
    again = done(killed, pywb, "update")
    assert sum(one["fetched"] for one in again["policies"]) == 0
    assert dump(killed) == dump(folder)


def test_snapshots_are_read_by_the_tools_of_others(pywb, whole, new_workspace, done, tmp_path):
    folder, _ = whole
    warc = folder / "snapshots" / "halden" / "privacy.warc.gz"
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", warc], capture_output=True, text=True
    )
    assert check.returncode == 0, check.stdout
    served = tmp_path / "served"
    served.mkdir()
    with serve(served, [warc]) as url:
        copy = new_workspace("copy")
        done(copy, url, "update", "halden")
    ours, theirs = (done(f, pywb, "log", "halden") for f in (folder, copy))
    assert [v["text_sha256"] for v in ours] == [v["text_sha256"] for v in theirs]


def test_two_processes_derive_what_one_does(pywb, whole, new_workspace, done):
    two = new_workspace("two")
    done(two, pywb, "update", TRACKER_FETCH_WORKERS="2")
    assert dump(two) == dump(whole[0])


# Kills, and Ctrl-C


def test_nothing_is_fetched_twice_however_often_a_run_is_killed(server, new_workspace, done):
    """A memento under way at the kill is the only one that may be asked for once more."""
    whole, killed = new_workspace("whole", WATCHLIST), new_workspace("killed", WATCHLIST)
    done(whole, server.url, "update")
    needed = asked(server)
    assert set(needed.values()) == {1}
    server.requests.clear()
    kills = 0
    for more in (2, 3, 4):  # at least two, so that the one asked for again is kept by then
        enough = asked(server).total() + more
        process = command(killed, server.url, "update")
        wait_for(process, lambda enough=enough: asked(server).total() >= enough)
        kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done(killed, server.url, "update")
    assert asked(server).keys() == needed.keys()
    assert asked(server).total() <= needed.total() + kills
    assert max(asked(server).values()) <= 2
    assert dump(killed) == dump(whole)
    before = asked(server)
    done(killed, server.url, "update")
    assert asked(server) == before


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_ends_at_once_and_says_what_is_kept(server, new_workspace, done, cli, by):
    """Terminals and systemd tell every process of a run; the second round has started two more."""
    folder = new_workspace("stopped", WATCHLIST)
    (folder / "tracker.toml").write_text("[fetch]\nworkers = 2\ngrid_days = 200\n")
    replay = server.replay

    def slow(handler, timestamp, url):
        return stall(handler) if asked(server).total() > 9 else replay(handler, timestamp, url)

    server.replay = slow
    process = command(folder, server.url, "update", start_new_session=True)
    wait_for(process, lambda: asked(server).total() > 9)
    told = time.monotonic()
    os.killpg(process.pid, by)
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - told < 20, "a minute, if the answer were waited for"
    assert process.returncode == 130
    assert err.splitlines() == [
        "policy-tracker: 9 fetched in this run and kept in snapshots/",
        "policy-tracker: stopped; what was done is kept, the same command continues",
    ]
    status = cli(folder, server.url, "status")[1]
    assert "stopped from outside" in status
    assert "not derived yet: acme/privacy; policy-tracker rebuild does it" in status
    assert re.search(r"acme/privacy +0 +12 +9 +2017-10-15", status), "held is what is held"
    server.replay = replay
    done(folder, server.url, "update")
    assert "not derived" not in cli(folder, server.url, "status")[1]
    assert sorted(asked(server).values()) == [*[1] * 12, 2]


def test_a_full_disk_ends_a_run_and_loses_nothing(server, new_workspace, done, cli):
    whole, full = new_workspace("whole", WATCHLIST), new_workspace("full", WATCHLIST)
    chance = random.Random(1)
    for held in list(server.held):
        comment = f"<!-- {chance.randbytes(20_000).hex()} -->".encode()
        server.hold(held.url, held.timestamp, held.body + comment)
        server.held.remove(held)
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (200_000, 200_000))
    process = command(full, server.url, "fetch", preexec_fn=limit)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "fetched in this run and kept" in err
    assert "cannot be written (File too large); the file system allows no larger files" in err
    done(full, server.url, "update")
    tries = Counter(asked(server).values())
    assert tries[2] <= 1 and set(tries) <= {1, 2}, "but for the one there was no room for"
    server.requests.clear()
    done(whole, server.url, "update")
    assert dump(full) == dump(whole)


def test_a_second_run_at_the_same_time_is_told_who_is_at_work(server, new_workspace, cli):
    folder = new_workspace("locked", WATCHLIST)
    with RunLock(folder / "tracker.lock"):
        code, _, err = cli(folder, server.url, "update")
    assert code == 2
    assert f"process {os.getpid()}" in err
    assert server.requests == []


# What a run prints, and how it ends


def test_what_a_run_prints(server, new_workspace, cli):
    folder = new_workspace("prints", WATCHLIST)
    assert cli(folder, server.url, "update")[1].splitlines() == [
        "13 captures listed, 13 fetched, 13 held, 0 saved by selection; "
        "11 changes known, 11 new; 16 requests, 1.5 a change"
    ]
    assert cli(folder, server.url, "update")[1].splitlines() == [
        "13 captures listed, 0 fetched, 13 held, 0 saved by selection; "
        "11 changes known, 0 new; 3 requests"
    ]
    assert "Last run: update, started" in cli(folder, server.url, "status")[1]


def test_status_tells_the_last_run_whichever_command_it_was(server, new_workspace, done):
    folder = new_workspace("last", WATCHLIST)
    for name in ("fetch", "update", "rebuild"):
        done(folder, server.url, name)
        last = done(folder, server.url, "status")["last_run"]
        assert (last["command"], last["failures"]) == (name, [])
        assert last["ended"] >= last["started"]


def test_a_dry_run_counts_and_fetches_nothing(patient, new_workspace, cli, done):
    folder = new_workspace("dry", WATCHLIST)
    wish = ("fetch", "--dry-run", "--strategy", "sample-year")
    code, out, _ = cli(
        folder, patient.url, *wish, TRACKER_ARCHIVE_REPLAYS_PER_MINUTE="1",
        TRACKER_ARCHIVE_CDX_PER_MINUTE="1",
    )  # fmt: skip
    assert (code, out) == (0, "2 listings and 4 mementos to ask for; at this pace 6 min\n")
    assert patient.count("replay") == 0
    plan = done(folder, patient.url, "captures", "acme", "--strategy", "all", "--since", "2017")
    assert Counter(row["plan"] for row in plan) == {"fetch": 4, "skip": 8}
    assert patient.count("replay") == 0


def test_bounds_end_a_run_and_the_next_goes_on(server, new_workspace, cli):
    folder = new_workspace("bounds", WATCHLIST)
    code, out, _ = cli(folder, server.url, "fetch", "--max-requests", "5")
    assert code == 0
    assert "5 fetched" in out
    assert "acme/privacy: stopped at the bound; the same command continues" in out
    assert asked(server).total() == 5
    assert "8 fetched, 13 held" in cli(folder, server.url, "fetch")[1]


@pytest.mark.parametrize(
    ("faults", "code", "words"),
    [
        ([], 0, "13 fetched"),
        ([says(404)], 1, "acme/privacy 2015-01-15T00:00:00Z: missing: "),
        ([says(200, "<html>")] * 4, 1, "acme/privacy: partial-listing: "),
        ([says(429)] * 2, 2, "other/privacy: unavailable: "),
    ],
    ids=["fine", "one capture", "one listing", "throttled"],
)
def test_exit_codes_and_failures(patient, new_workspace, cli, faults, code, words):
    lane = "replay" if faults and faults[0].__name__.startswith("404") else "cdx"
    patient.next(*faults, on=lane)
    found, out, _ = cli(
        new_workspace("codes", WATCHLIST), patient.url, "update", TRACKER_ARCHIVE_KIND="wayback"
    )
    assert found == code
    assert words in out


def test_a_moved_address_is_proposed_by_status(server, new_workspace, cli):
    new = "https://acme.example/legal/privacy"
    for month in range(1, 5):
        server.redirect(ACME_URL, f"2018{month:02}01000000", new)
        server.hold(new, f"2018{month:02}01000010", page("We moved."))
    folder = new_workspace("moved", WATCHLIST)
    cli(folder, server.url, "update")
    _, out, _ = cli(folder, server.url, "status")
    line = f'{{ url = "{new}", since = 2018-01-01 }},'
    assert f"acme/privacy: {ACME_URL} moved; add to its urls: {line}" in out
    watchlist = WATCHLIST.replace(f'["{ACME_URL}"]', f'[{{ url = "{ACME_URL}" }}, {line}]')
    (folder / "policies.toml").write_text(watchlist)
    assert cli(folder, server.url, "update")[0] == 0
    assert "moved" not in cli(folder, server.url, "status")[1]


def test_import_records_what_it_did(new_workspace, cli, tmp_path):
    folder = new_workspace("files", WATCHLIST)
    (tmp_path / "page.html").write_text(page())
    (tmp_path / "bad.bin").write_bytes(bytes(range(256)) * 20)
    code, out, _ = cli(
        folder, "http://127.0.0.1:9", "import", str(tmp_path / "page.html"),
        str(tmp_path / "bad.bin"), "--policy", "acme/privacy", "--captured-at", "2015",
    )  # fmt: skip
    assert code == 1
    assert out.startswith("kept ") and "unusable" in out
    _, out, _ = cli(folder, "http://127.0.0.1:9", "status")
    assert "Last run: import" in out and "1 document" in out
    assert "bad.bin" in out


def test_a_workspace_can_be_moved(server, new_workspace, done, tmp_path):
    folder = new_workspace("here", WATCHLIST)
    done(folder, server.url, "update")
    there = shutil.move(folder, tmp_path / "there")
    said = done(there, server.url, "update")
    assert sum(one["fetched"] for one in said["policies"]) == 0


def test_a_page_that_is_no_document_is_told_by_the_run_and_by_status(server, new_workspace, cli):
    server.hold(ACME_URL, "20180101000000", b"")
    server.hold(ACME_URL, "20180401000000", bytes(range(256)) * 50)
    server.hold(OTHER_URL, "20180401000000", "<title>Page not found</title><h1>Not found</h1>")
    folder = new_workspace("junk", WATCHLIST)
    code, out, _ = cli(folder, server.url, "update")
    assert code == 1
    assert "acme/privacy 2018-04-01T00:00:00Z: unreadable: " in out
    assert "other/privacy 2018-04-01T00:00:00Z: soft-404: " in out
    assert "acme/privacy: 2018-04-01: unreadable, " in cli(folder, server.url, "status")[1]
    code, out, _ = cli(folder, server.url, "update")
    assert (code, out.count("\n")) == (0, 1), "told once, and shown by status ever after"


def test_neglected_pages_are_saved_where_that_is_wanted(server, new_workspace, cli):
    folder = new_workspace("save", WATCHLIST)
    cli(folder, server.url, "update")
    assert server.count("save") == 0
    for _ in range(2):
        cli(folder, server.url, "update", TRACKER_ARCHIVE_SAVE_PAGE_NOW="true")
        assert server.count("save") == 2
