"""One run at a time, also after a run was killed."""

import os
import signal
import subprocess
import sys

import pytest

from tracker.errors import Locked, StoreError
from tracker.store.lock import RunLock

HOLD = """
import sys
from pathlib import Path
from tracker.store.lock import RunLock
with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tracker.lock"


def test_the_second_run_learns_who_holds_it(path):
    with RunLock(path), pytest.raises(Locked) as refused:
        RunLock(path).__enter__()
    assert f"another run is at work (process {os.getpid()} on " in str(refused.value)
    assert str(refused.value).endswith("; wait until it is done")


def test_free_again_after_a_run_and_after_an_error(path):
    with RunLock(path):
        pass
    with pytest.raises(ZeroDivisionError), RunLock(path):
        _ = 1 / 0
    with RunLock(path):
        pass


def test_a_killed_run_holds_nothing(path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Locked, match=f"process {other.pid} on .* since "):
            RunLock(path).__enter__()
        other.send_signal(signal.SIGKILL)
        other.wait()
    with RunLock(path):
        assert f'"process": {os.getpid()}' in path.with_name("tracker.lock.owner").read_text()


def test_a_damaged_note_is_no_obstacle(path):
    with RunLock(path):
        path.with_name("tracker.lock.owner").write_text("[]")
        with pytest.raises(Locked, match="another run is at work; wait"):
            RunLock(path).__enter__()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"a file is where a folder is needed"):
        RunLock(tmp_path / "file" / "tracker.lock").__enter__()
