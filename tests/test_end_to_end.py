"""The whole program as processes: a real archive server, real kills, the same result."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pywb_server import serve
from support import ROOT

from tracker.store.database import Database

DEMO = ROOT / "tracker" / "demo"


@pytest.fixture(scope="module")
def pywb(tmp_path_factory):
    """A pywb collection that holds the demo's archive; its URL."""
    folder = tmp_path_factory.mktemp("pywb")
    with serve(folder, [DEMO / "sample.warc.gz"]) as url:
        yield url


@pytest.fixture
def new_workspace(tmp_path):
    """new_workspace("name") -> a folder that watches the demo's policies."""

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(DEMO / "policies.toml", folder)
        (folder / "tracker.toml").write_text("")
        return folder

    return make


def command(folder: Path, url: str, *args: str) -> subprocess.Popen:
    environment = {
        **os.environ,
        "TRACKER_ARCHIVE_URL": url,
        "TRACKER_ARCHIVE_CDX_PER_MINUTE": "60000",
        "TRACKER_ARCHIVE_REPLAYS_PER_MINUTE": "60000",
        "XDG_STATE_HOME": str(folder / "state"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", "--workspace", folder, *args],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def dump(folder: Path) -> list[str]:
    database = Database(f"sqlite:///{folder / 'tracker.db'}")
    lines = list(database.dump())
    database.close()
    return lines


def test_a_killed_run_ends_like_an_undisturbed_one(pywb, new_workspace):
    whole, killed = new_workspace("whole"), new_workspace("killed")
    said = json.loads(finished(command(whole, pywb, "update", "--json")))
    assert sum(one["fetched"] for one in said["policies"]) >= 20
    found = json.loads(finished(command(whole, pywb, "report", "--json")))
    brightline = next(one for one in found["policies"] if one["id"] == "brightline/privacy")
    assert any(
        (clause["topic"], clause["kind"]) == ("ads_personalised", "reversed")
        for change in brightline["changes"]
        for clause in change["clauses"]
    )
    for kept in (1, 6, 12):
        process = command(killed, pywb, "update")
        wait_for(process, lambda kept=kept: records(killed) >= kept)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    finished(command(killed, pywb, "update"))
    assert dump(killed) == dump(whole)
    again = json.loads(finished(command(killed, pywb, "update", "--json")))
    assert sum(one["fetched"] for one in again["policies"]) == 0
    assert dump(killed) == dump(whole)


def records(folder: Path) -> int:
    """How many gzip members, which is records, the snapshots hold at the least."""
    files = (folder / "snapshots").rglob("*.warc.gz")
    return sum(len(re.findall(b"\x1f\x8b\x08", path.read_bytes())) for path in files)


def wait_for(process: subprocess.Popen, reached) -> None:
    """Watch the folder until it is so, or the process has ended first."""
    while not reached() and process.poll() is None:
        os.sched_yield()


def test_snapshots_are_read_by_the_tools_of_others(pywb, new_workspace):
    folder = new_workspace("tools")
    finished(command(folder, pywb, "update", "halden"))
    warc = folder / "snapshots" / "halden" / "privacy.warc.gz"
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", warc], capture_output=True, text=True
    )
    assert check.returncode == 0, check.stdout
    with serve(folder / "served", [warc]) as url:
        copy = new_workspace("copy")
        finished(command(copy, url, "update", "halden"))
    ours, theirs = (
        json.loads(finished(command(f, pywb, "log", "halden", "--json"))) for f in (folder, copy)
    )
    assert [v["text_sha256"] for v in ours] == [v["text_sha256"] for v in theirs]


def test_a_second_run_at_the_same_time_is_told_who_is_at_work(pywb, new_workspace):
    from tracker.store.lock import RunLock

    folder = new_workspace("locked")
    with RunLock(folder / "tracker.lock"):
        process = command(folder, pywb, "update")
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"process {os.getpid()}" in err
