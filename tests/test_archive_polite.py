"""Politeness: one pace, one pause for everybody, few tries, and it survives the process."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest
from loopback import (
    Clock,
    LoopbackArchive,
    abuse_page,
    outage_page,
    reset,
    says,
    stall,
    throttled,
)
from support import NOON, ROOT

from tracker.archive import ArchiveSettings, estimate_seconds, open_archive
from tracker.archive.pace import Pace
from tracker.errors import Blocked, ConfigError, StoreError, Unavailable

URL = "http://a.example/privacy"
SECOND = "20150612133724"


@pytest.fixture
def archive():
    with LoopbackArchive() as archive:
        archive.hold(URL, SECOND, "<p>page</p>")
        yield archive


@pytest.fixture
def client(archive, tmp_path):
    def connect(**changes):
        return open_archive(archive.settings(tmp_path / "state", **changes))

    return connect


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock, tmp_path):
    """Paces that share a state, as two processes do."""

    def make(**changes):
        settings = ArchiveSettings(
            url="https://archive.example",
            state_dir=tmp_path,
            clock=clock,
            sleep=clock.sleep,
            **changes,
        )
        return Pace(settings)

    return make


def waits(clock, *steps):
    """How long each step sleeps."""
    found = []
    for step in steps:
        before = clock.at
        step()
        found.append(round(clock.at - before, 6))
    return found


# The pace


def test_each_lane_has_its_own_pace(pace, clock):
    p = pace(cdx_per_minute=24, replays_per_minute=60)
    assert waits(clock, *[lambda: p.wait("cdx")] * 3) == [0, 2.5, 2.5]
    assert waits(clock, *[lambda: p.wait("replay")] * 3) == [0, 1, 1]


def test_a_pace_may_be_very_slow(pace, clock):
    p = pace(cdx_per_minute=0.02)
    assert waits(clock, lambda: p.wait("cdx"), lambda: p.wait("cdx")) == [0, 3000]


def test_time_spent_elsewhere_counts(pace, clock):
    p = pace()
    p.wait("replay")
    clock.at += 0.4
    assert waits(clock, lambda: p.wait("replay")) == [0.6]


def test_idle_time_is_not_saved_up(pace, clock):
    p = pace()
    p.wait("replay")
    clock.at += 3600
    assert waits(clock, *[lambda: p.wait("replay")] * 3) == [0, 1, 1]


def test_a_pause_that_starts_while_one_waits_for_its_slot_counts(pace, clock):
    one, other = pace(), pace()
    one.wait("cdx")

    def refuse():
        clock.on_sleep = None
        other.refused("archive refused", None)

    clock.on_sleep = refuse
    assert waits(clock, lambda: one.wait("cdx")) == [62.5]


def test_processes_share_the_pace(pace, clock):
    one, other = pace(), pace()
    calls = (lambda: one.wait("replay"), lambda: other.wait("replay"), lambda: one.wait("replay"))
    assert waits(clock, *calls) == [0, 1, 1]


def test_threads_share_the_pace(pace, clock):
    p = pace(replays_per_minute=60)
    start = clock.at
    threads = [threading.Thread(target=p.wait, args=("replay",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slots = json.loads(next(p._path.parent.glob("*.json")).read_text())["next_slot"]
    assert slots["replay"] == start + 8


def test_real_processes_lose_no_slot(tmp_path):
    program = f"""
import pathlib
from tracker.archive import ArchiveSettings, pace
settings = ArchiveSettings(
    url="https://archive.example", state_dir=pathlib.Path({str(tmp_path)!r}),
    clock=lambda: 1000.0, sleep=lambda seconds: None,
)
for _ in range(15):
    pace.Pace(settings).wait("replay")
"""
    command = [sys.executable, "-c", program]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=30) for process in processes] == [0, 0]
    state = json.loads((tmp_path / "archive.example.pace.json").read_text())
    assert state["next_slot"]["replay"] == 1000 + 30


def test_threads_share_one_connection(archive, client):
    wayback = client()
    capture = wayback.list(URL, now=NOON).captures[0]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(wayback.fetch, [capture] * 20))
    assert [memento.body for memento in found] == [b"<p>page</p>"] * 20
    assert (archive.count("replay"), archive.connections) == (20, 1)


def test_archives_do_not_share_a_pace(pace, clock):
    other = Pace(
        ArchiveSettings(
            url="https://other.example",
            state_dir=pace()._path.parent,
            clock=clock,
            sleep=clock.sleep,
        )
    )
    assert waits(clock, lambda: pace().wait("cdx"), lambda: other.wait("cdx")) == [0, 0]


def test_a_whole_crawl_keeps_the_pace(archive, client):
    wayback = client(cdx_per_minute=24, replays_per_minute=60)
    capture = wayback.list(URL, now=NOON).captures[0]
    for _ in range(3):
        wayback.fetch(capture)
    wayback.list(URL, now=NOON)
    assert archive.clock.slept == [1.0, 1.0, 0.5]


def test_the_estimate_is_the_pace():
    settings = ArchiveSettings(cdx_per_minute=24, replays_per_minute=60)
    assert estimate_seconds(settings, cdx=24, replays=90) == 60 + 90


# Pauses


def test_429_stops_everything_for_a_minute_then_tries_once_more(archive, client):
    archive.next(throttled(), on="cdx")
    assert client().list(URL, now=NOON).complete
    assert archive.clock.slept == [60.0]
    [notice] = archive.notices
    assert notice == f"{archive.url} answered 429 and asks to send fewer requests: waiting 60 s"


@pytest.mark.parametrize("fault", [throttled(), abuse_page(200), abuse_page(429)])
def test_at_most_two_tries(archive, client, fault):
    archive.next(*[fault] * 5)
    with pytest.raises(Unavailable, match="fewer requests; come back at 2026-09-21T") as caught:
        client().list(URL, now=NOON)
    assert len(archive.requests) == 2
    assert caught.value.retry_after == 120


def test_after_giving_up_nothing_is_sent_until_the_pause_is_over(archive, client):
    archive.next(throttled(), throttled())
    wayback = client()
    for _ in range(3):
        with pytest.raises(Unavailable):
            wayback.list(URL, now=NOON)
    assert len(archive.requests) == 2
    assert archive.clock.slept == [60.0]
    archive.clock.at += 120
    assert wayback.list(URL, now=NOON).complete


def test_the_pause_counts_for_both_lanes(archive, client):
    wayback = client()
    capture = wayback.list(URL, now=NOON).captures[0]
    archive.next(throttled(), throttled(), on="cdx")
    with pytest.raises(Unavailable):
        wayback.list(URL, now=NOON)
    with pytest.raises(Unavailable):
        wayback.fetch(capture)
    assert archive.count("replay") == 0


def test_the_next_run_waits_too(archive, client):
    archive.next(throttled(), throttled())
    with pytest.raises(Unavailable):
        client().list(URL, now=NOON)
    archive.clock.slept.clear()
    archive.clock.at += 20
    assert client().list(URL, now=NOON).complete
    assert archive.clock.slept == [100.0]


def test_pauses_double_while_the_archive_goes_on_refusing(archive, client):
    for expected in (120, 480, 1920):
        archive.next(throttled(), throttled())
        with pytest.raises(Unavailable) as caught:
            client().list(URL, now=NOON)
        archive.clock.at += caught.value.retry_after
        if expected == 120:
            assert caught.value.retry_after == 120
    assert caught.value.retry_after <= 3600


def test_an_answer_ends_the_doubling(archive, client):
    archive.next(throttled(), throttled())
    with pytest.raises(Unavailable):
        client().list(URL, now=NOON)
    archive.clock.at += 1000
    client().list(URL, now=NOON)
    archive.clock.slept.clear()
    archive.next(throttled())
    client().list(URL, now=NOON)
    assert archive.clock.slept == [60.0]


@pytest.mark.parametrize(
    ("value", "pause"),
    [("90", 90.0), ("5", 60.0), ("soon", 60.0), ("-5", 60.0), ("", 60.0), ("١٢٠", 60.0)],
)
def test_retry_after_in_seconds(archive, client, value, pause):
    archive.next(says(429, "", (("Retry-After", value.encode().decode("latin-1")),)))
    client().list(URL, now=NOON)
    assert archive.clock.slept == [pause]


def test_retry_after_as_a_date_is_read_against_their_clock(archive, client):
    theirs = archive.clock.at + 7200  # two hours fast
    headers = [
        ("Date", formatdate(theirs, usegmt=True)),
        ("Retry-After", formatdate(theirs + 200, usegmt=True)),
    ]
    archive.next(lambda handler: _without_date(handler, headers))
    client().list(URL, now=NOON)
    assert archive.clock.slept == [200.0]


def _without_date(handler, headers):
    """BaseHTTPRequestHandler sends a Date of its own."""
    handler.date_time_string = lambda *_: dict(headers)["Date"]
    handler.answer(429, b"", headers[1:])


def test_a_long_retry_after_is_told_not_slept(archive, client):
    archive.next(throttled("3600"))
    with pytest.raises(Unavailable, match="come back at") as caught:
        client().list(URL, now=NOON)
    assert (caught.value.retry_after, archive.clock.slept) == (3600, [])
    with pytest.raises(Unavailable, match="come back at"):  # the next run neither
        client().list(URL, now=NOON)
    assert len(archive.requests) == 1


def test_an_absurd_retry_after_is_capped(archive, client):
    archive.next(throttled("999999999"))
    with pytest.raises(Unavailable) as caught:
        client().list(URL, now=NOON)
    assert caught.value.retry_after == 86_400


def test_a_refused_connection_is_backpressure(archive, client):
    """It flaps: answered, answered, refused, refused, answered."""
    wayback = client()
    wayback.list(URL, now=NOON)
    archive.refuse()
    archive.clock.on_sleep = archive.listen_again
    assert wayback.list(URL, now=NOON).complete
    assert archive.clock.slept == [60.0]


def test_refused_twice_is_unavailable(archive, client):
    wayback = client()
    wayback.list(URL, now=NOON)
    archive.refuse()
    with pytest.raises(Unavailable, match="refused the connection; come back at"):
        wayback.list(URL, now=NOON)
    assert archive.clock.slept == [60.0]


def test_an_archive_that_never_answered_is_not_waited_for(archive, client):
    archive.refuse()
    with pytest.raises(Unavailable, match=r"\[archive\] url is wrong; come back at"):
        client().list(URL, now=NOON)
    assert archive.clock.slept == []
    archive.listen_again()
    assert client().list(URL, now=NOON).complete
    assert archive.clock.slept == [60.0], "the next run waits too"


# Backoff


@pytest.mark.parametrize("fault", [says(500), outage_page(503), outage_page(200), reset])
def test_backoff_doubles_and_ends(archive, client, fault):
    archive.next(*[fault] * 9)
    with pytest.raises(Unavailable, match="asked 4 times"):
        client().list(URL, now=NOON)
    assert archive.clock.slept == [2.0, 4.0, 8.0]
    assert len(archive.requests) == 4


def test_timeouts_back_off_then_ask_for_less(archive, client):
    archive.next(*[stall] * 9)
    with pytest.raises(Unavailable, match=r"did not answer within 0\.05 s"):
        client(timeout=0.05).list(URL, now=NOON)
    assert archive.clock.slept == [2.0, 4.0, 8.0] * 2


def test_jitter_only_lengthens(archive, client):
    archive.next(says(500))
    client(jitter=lambda: 1.0).list(URL, now=NOON)
    assert archive.clock.slept == [3.0]


def test_a_503_may_say_when(archive, client):
    archive.next(says(503, "", (("Retry-After", "30"),)))
    client().list(URL, now=NOON)
    assert archive.clock.slept == [30.0]


def test_a_503_that_says_too_late_is_not_slept(archive, client):
    archive.next(says(503, "", (("Retry-After", "4000"),)))
    with pytest.raises(Unavailable) as caught:
        client().list(URL, now=NOON)
    assert (caught.value.retry_after, archive.clock.slept) == (4000, [])


def test_one_failing_request_is_its_own_trouble_three_are_the_archives(archive, client):
    """A caller ends its run where `retry_after` is said, and goes on to the next where not."""
    wayback = client()
    capture = wayback.list(URL, now=NOON).captures[0]
    archive.next(*[says(500)] * 12)
    said = []
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            wayback.fetch(capture)
        said.append(caught.value.retry_after)
    assert said == [None, None, 60]
    assert wayback.fetch(capture).status == 200
    archive.next(*[says(500)] * 4)
    with pytest.raises(Unavailable) as caught:
        wayback.fetch(capture)
    assert caught.value.retry_after is None, "an answer between starts the count anew"


def test_trouble_starts_no_pause_for_others(archive, client):
    archive.next(*[says(500)] * 4)
    with pytest.raises(Unavailable):
        client().list(URL, now=NOON)
    archive.clock.slept.clear()
    client().list(URL, now=NOON)
    assert archive.clock.slept == []


# The state on disk


def test_a_clock_set_back_does_not_lengthen_the_pause(pace, clock):
    pace().refused("archive refused", None)
    clock.at -= 50_000_000
    assert waits(clock, lambda: pace().wait("cdx")) == [60]


def test_a_clock_set_back_does_not_block_slots(pace, clock):
    pace().wait("cdx")
    clock.at -= 50_000_000
    assert waits(clock, lambda: pace().wait("cdx")) == [0]


def test_a_clock_set_forward_ends_the_pause_and_no_more(pace, clock):
    pace().refused("archive refused", None)
    clock.at += 50_000_000
    assert waits(clock, lambda: pace().wait("cdx"), lambda: pace().wait("cdx")) == [0, 2.5]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"next_slot": 3}',
        '{"next_slot": {}, "pause_since": "x", "pause_seconds": 1, "reason": "", "strikes": 0}',
        '{"next_slot": {}, "pause_since": NaN, "pause_seconds": 1, "reason": "", "strikes": 0}',
        '{"next_slot": {}, "pause_since": 0, "pause_seconds": NaN, "reason": "", "strikes": 0}',
        '{"next_slot": {"cdx": NaN}, "pause_since": 0, "pause_seconds": 0, "reason": "", '
        '"strikes": 0}',
        "\x00" * 100,
    ],
)
def test_a_broken_state_starts_afresh(pace, clock, content):
    p = pace()
    p._path.write_text(content)
    assert waits(clock, lambda: p.wait("cdx"), lambda: p.wait("cdx")) == [0, 2.5]


def test_a_far_pause_in_the_state_is_capped(pace, clock):
    p = pace()
    p.refused("archive refused", 1e12)
    with pytest.raises(Unavailable) as caught:
        p.wait("cdx")
    assert caught.value.retry_after == 86_400


def test_a_folder_that_cannot_be_written_is_named(clock, tmp_path):
    (tmp_path / "file").write_text("")
    settings = ArchiveSettings(url="https://a.example", state_dir=tmp_path / "file", clock=clock)
    with pytest.raises(StoreError, match=r"file.*XDG_STATE_HOME"):
        Pace(settings)


def test_the_state_is_in_the_users_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path = Pace(ArchiveSettings())._path
    assert path.name == "web.archive.org.pace.json"
    assert tmp_path in path.parents or sys.platform != "linux"


# Manners


def test_the_wayback_machine_is_not_crawled_without_a_contact():
    with pytest.raises(ConfigError, match=r'\[archive\] contact = "you@example\.org"'):
        open_archive(ArchiveSettings())


@pytest.mark.parametrize(
    "changes",
    [
        {"contact": "you@example.org", "cdx_per_minute": 25},
        {"contact": "you@example.org", "replays_per_minute": 481},
        {"contact": "you@example.org\r\nX-Header: 1"},
        {"contact": "jürgen@example.org"},
    ],
)
def test_the_wayback_machines_limits_hold(changes):
    with pytest.raises(ConfigError, match=r"\[archive\]"):
        open_archive(ArchiveSettings(**changes))


def test_blocked_is_an_answer(archive, client):
    """It ends the doubling of pauses like any other."""
    archive.next(throttled(), says(451))
    with pytest.raises(Blocked):
        client().list(URL, now=NOON)
    archive.next(throttled())
    archive.clock.slept.clear()
    client().list(URL, now=NOON)
    assert archive.clock.slept == [60.0]


def test_no_cookie_and_no_password_is_sent(archive, client, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    archive.next(says(200, "", (("Set-Cookie", "id=1; path=/"),)))
    wayback = client()
    wayback.list(URL, now=NOON)
    wayback.list(URL, now=NOON)
    sent = {name.lower() for request in archive.requests for name in request.headers}
    assert not sent & {"cookie", "authorization"}


def test_ctrl_c_ends_a_pause_at_once(archive, tmp_path):
    """A real process in a real pause of a minute."""
    program = f"""
import pathlib
from tracker import archive, timestamps
settings = archive.ArchiveSettings(
    url={archive.url!r}, kind="wayback", state_dir=pathlib.Path({str(tmp_path)!r}),
    notify=lambda message: print(message, flush=True),
)
archive.open_archive(settings).list({URL!r}, now=timestamps.now())
"""
    archive.next(throttled())
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
    )
    with process:
        assert "waiting 60 s" in process.stdout.readline()
        before = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    assert time.monotonic() - before < 20, "a minute, if it were waited for"
    assert process.returncode != 0


def test_a_proxy_that_is_not_there_is_no_backpressure(tmp_path, monkeypatch, clock):
    with LoopbackArchive() as gone:
        proxy = gone.url
    monkeypatch.setenv("http_proxy", proxy)
    settings = ArchiveSettings(
        url="http://archive.example", kind="wayback", state_dir=tmp_path, clock=clock
    )
    with pytest.raises(Unavailable, match="check the proxy") as caught:
        open_archive(settings).list(URL, now=NOON)
    assert caught.value.retry_after == 60


def test_a_host_that_cannot_be_found_is_said_at_once(tmp_path, clock, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    settings = ArchiveSettings(
        url="http://archive.example",
        kind="wayback",
        state_dir=tmp_path,
        clock=clock,
        sleep=clock.sleep,
    )
    with pytest.raises(Unavailable, match=r"name cannot be found; check .* \[archive\] url"):
        open_archive(settings).list(URL, now=NOON)
    assert clock.slept == []
