"""`run` and `alerts` as people and cron call them."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from loopback import LoopbackArchive, says, stall
from mailboxes import Mailbox, read
from promises import ADS, KEPT, LONGER, SAFE, page
from receivers import receiving
from support import ROOT

from tracker.cli import main
from tracker.cli.stop import heeding
from tracker.store.lock import RunLock

SETTINGS = """
[archive]
url = "{archive}"
kind = "wayback"
cdx_per_minute = 1e9
replays_per_minute = 1e9
timeout = 5
[site]
base_url = "https://changes.example"
[alerts]
transport = "folder"
[[subscription]]
to = ["anna@example.org"]
"""
WATCHLIST = """
[[policy]]
id = "acme/privacy"
name = "Acme privacy"
urls = ["https://acme.example/privacy"]
"""


@pytest.fixture
def cli(capsys):
    """cli("run") -> (exit code, stdout, stderr)."""

    def call(*args):
        with pytest.raises(SystemExit) as left:
            main(["--workspace", *map(str, args)])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return call


@pytest.fixture
def archive():
    with LoopbackArchive() as archive:
        archive.hold("https://acme.example/privacy", "20180501120000", page(SAFE, KEPT))
        archive.hold("https://acme.example/privacy", "20190501120000", page(SAFE, LONGER))
        yield archive


@pytest.fixture
def workspace(tmp_path, archive, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "tracker.toml").write_text(SETTINGS.format(archive=archive.url))
    (folder / "policies.toml").write_text(WATCHLIST)
    return folder


def edit(workspace, old, new):
    """The settings with `new` in place of `old`; what they were before."""
    path = workspace / "tracker.toml"
    before = path.read_text()
    path.write_text(before.replace(old, new))
    return before


def by_smtp(workspace, box):
    smtp = f'[smtp]\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
    edit(workspace, '[alerts]\ntransport = "folder"\n', smtp + 'sender = "alerts@example.org"\n')


def changes(archive):
    """After what the archive held when it was first listed, and before today."""
    archive.hold("https://acme.example/privacy", "20200601120000", page(ADS, LONGER))


def subjects(workspace):
    return [
        read(path.read_bytes())["Subject"] for path in sorted((workspace / "outbox").glob("*.eml"))
    ]


def test_a_run_does_it_all(cli, workspace, archive):
    code, out, err = cli(workspace, "run")
    assert (code, out, subjects(workspace)) == (0, "", ["Now watching 1 policy"])
    assert "crawled" in err and "ended" in err
    assert (workspace / "reports" / "site" / "acme" / "privacy" / "index.html").is_file()

    changes(archive)
    code, out, _ = cli(workspace, "run", "--json", "--quiet")
    assert (code, json.loads(out)["counts"]["messages sent"]) == (0, 1)
    assert sorted(subjects(workspace)) == [
        "Acme privacy: Personalised advertising REVERSED, now stated",
        "Now watching 1 policy",
    ]


def test_a_run_with_nothing_due_asks_the_archive_nothing(cli, workspace, archive):
    (workspace / "policies.toml").write_text(f'{WATCHLIST}every = "1d"\n')
    cli(workspace, "run")
    archive.requests.clear()
    assert cli(workspace, "run")[0] == 0
    assert archive.requests == []
    assert len(subjects(workspace)) == 1


def test_quiet_says_nothing_but_trouble_and_the_exit_code_says_how_much(cli, workspace, archive):
    assert cli(workspace, "run", "--quiet") == (0, "", "")
    archive.refuse()
    code, out, err = cli(workspace, "run", "--all", "--quiet")
    archive.listen_again()
    assert (code, out) == (2, "")
    assert [line.split()[1] for line in err.splitlines()] == ["failed"]


def test_mail_that_cannot_be_sent_is_trouble_and_waits(cli, workspace, archive):
    before = edit(workspace, 'transport = "folder"\n', "")
    for _ in range(3):
        code, _, err = cli(workspace, "run", "--quiet")
    assert (code, err) == (0, ""), "less and less often"
    assert "set [smtp] host" in cli(workspace, "status")[1]
    (workspace / "tracker.toml").write_text(before)
    code, out, _ = cli(workspace, "alerts", "send")
    assert (code, out) == (0, "sent 1, delayed 0, refused 0; waiting 0\n"), "by hand: at once"


def health(cli, workspace):
    """What a monitor reads: (exit code, ok, states of messages, causes)."""
    code, out, _ = cli(workspace, "status", "--json")
    told = json.loads(out)
    states = {state: number for state, number in told["deliveries"].items() if number}
    return code, told["ok"], states, [one["cause"] for one in told["undelivered"]]


def test_a_monitor_is_told_of_mail_that_does_not_leave(cli, workspace):
    with Mailbox() as box:
        by_smtp(workspace, box)
        box.answers["RCPT"] = ["451 greylisted"]
        assert cli(workspace, "run", "--quiet")[0] == 1
        (cause,) = health(cli, workspace)[3]
        assert "451 greylisted" in cause
        assert health(cli, workspace) == (1, False, {"queued": 1}, [cause])
        _, out, _ = cli(workspace, "status")
        assert 'queued: anna@example.org, "Now watching 1 policy", tried 1 time' in out
        assert cli(workspace, "run", "--quiet")[0] == 0
        assert health(cli, workspace) == (0, True, {"sent": 1}, [])


def test_a_monitor_is_told_of_a_refused_address_until_it_is_mended(cli, workspace):
    with Mailbox() as box:
        by_smtp(workspace, box)
        box.refused["anna@example.org"] = "550 no such user"
        cli(workspace, "run", "--quiet")
        assert cli(workspace, "run", "--quiet")[0] == 0
        assert health(cli, workspace)[:3] == (1, False, {"failed": 1})
        edit(workspace, "anna@", "ben@")
        assert health(cli, workspace) == (0, True, {"failed": 1}, [])


def test_a_monitor_is_told_of_a_run_that_failed_and_of_policies_never_looked_at(
    cli, workspace, archive
):
    cli(workspace, "run", "--quiet")
    archive.next(says(400), on="cdx")
    cli(workspace, "run", "--all", "--quiet")
    assert health(cli, workspace)[:2] == (1, False)
    cli(workspace, "run", "--all", "--quiet")
    assert health(cli, workspace)[:2] == (0, True)
    more = WATCHLIST.replace("acme/privacy", "bell/privacy")
    (workspace / "policies.toml").write_text(WATCHLIST + more)
    assert health(cli, workspace)[:2] == (1, False)


def test_who_only_imports_is_late_for_nothing(cli, workspace, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<h1>Privacy policy</h1>" + "<p>We keep your data for a year.</p>" * 20)
    facts = ("--policy", "acme/privacy", "--captured-at", "2018-05-01")
    assert cli(workspace, "import", page, *facts)[0] == 0
    assert health(cli, workspace)[:2] == (0, True)


def test_a_second_run_says_who_is_at_work(cli, workspace):
    with RunLock(workspace / "tracker.lock"):
        code, out, err = cli(workspace, "run")
    assert (code, out) == (2, "")
    assert f"another run is at work (process {os.getpid()} on " in err


def test_the_log_can_be_json_and_nothing_else(cli, workspace):
    _, _, err = cli(workspace, "run", "--log", "json")
    events = [json.loads(line)["event"] for line in err.splitlines()]
    assert (events[0], events[-1]) == ("started", "ended")
    code, _, err = cli(workspace, "run", "--log", "xml")
    assert (code, "expected human or json" in err) == (2, True)


def test_monitors_hear_of_it(cli, workspace, archive):
    with receiving() as receiver:
        url = receiver.url.partition("?")[0]
        edit(workspace, "[site]", f'[run]\nping_url = "{url}"\nmetrics = "figures.prom"\n[site]')
        cli(workspace, "run")
        archive.refuse()
        cli(workspace, "run", "--all")
        archive.listen_again()
    assert [path for path, _, _ in receiver.got] == [
        "/hook/start", "/hook", "/hook/start", "/hook/fail",
    ]  # fmt: skip
    assert "policy_tracker_run_failures 1\n" in (workspace / "figures.prom").read_text()


@pytest.mark.parametrize("name", ["run", "fetch"])
def test_sigterm_ends_a_crawl_cleanly(workspace, archive, name):
    """While the archive does not answer: the record says so, the lock is free."""
    asked = threading.Event()

    def unanswered(handler):
        asked.set()
        stall(handler)

    archive.next(unanswered, on="cdx")
    command = [sys.executable, "-m", "tracker", "--workspace", workspace, name]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert asked.wait(30)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.splitlines()[-1].startswith("policy-tracker: stopped; what was done is kept")
    assert "Traceback" not in err
    with RunLock(workspace / "tracker.lock"):
        pass


def test_sigterm_waits_for_the_answer_to_a_message():
    happened = []
    with heeding() as stop, pytest.raises(KeyboardInterrupt):
        with stop.whole():
            os.kill(os.getpid(), signal.SIGTERM)
            happened.append("answer")
        happened.append("next message")
    assert happened == ["answer"]


def test_sigterm_lets_alerts_send_finish_its_message(cli, workspace):
    with Mailbox() as box:
        by_smtp(workspace, box)
        cli(workspace, "update")
        box.answers["DATA"] = [lambda _: os.kill(os.getpid(), signal.SIGTERM)]
        code, _, err = cli(workspace, "alerts", "send")
        told = json.loads(cli(workspace, "status", "--json")[1])
    assert (code, "stopped; what was done is kept" in err) == (130, True)
    assert (len(box.received), told["deliveries"]["sent"], told["undelivered"]) == (1, 1, [])


def test_mail_arrives_over_smtp_and_a_test_message_does(cli, workspace):
    with Mailbox() as box:
        by_smtp(workspace, box)
        assert cli(workspace, "run")[0] == 0
        code, out, _ = cli(workspace, "alerts", "test", "ben@example.org")
        box.refused["gone@example.org"] = "550 no such user"
        refused, _, err = cli(workspace, "alerts", "test", "gone@example.org")
    assert (code, out) == (0, "handed over: a test message to ben@example.org\n")
    assert (refused, "550 no such user" in err) == (2, True)
    assert [(to, read(body)["Subject"]) for to, body in box.received] == [
        ("anna@example.org", "Now watching 1 policy"),
        ("ben@example.org", "Test message of Policy changes"),
    ]


@pytest.mark.parametrize("address", ["nobody", "a b@x.org", "-oQ/tmp@x.org", "a@x.org\nBcc: b@y"])
def test_what_is_no_address_is_refused(cli, workspace, address):
    code, _, err = cli(workspace, "alerts", "test", "--", address)
    assert (code, "is no mail address" in err) == (2, True)


def test_a_password_is_never_sent_over_the_network_in_the_clear(cli, workspace):
    smtp = '[smtp]\nhost = "mail.example"\nsecurity = "none"\nuser = "anna"\n'
    edit(workspace, '[alerts]\ntransport = "folder"\n', smtp)
    code, _, err = cli(workspace, "alerts", "send")
    assert (code, "would send the password in the clear" in err) == (2, True)


def test_a_password_may_go_to_a_server_on_this_machine(cli, workspace, monkeypatch):
    monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "secret")
    with Mailbox() as box:
        by_smtp(workspace, box)
        edit(workspace, "[smtp]", '[smtp]\nuser = "anna"')
        assert cli(workspace, "alerts", "test", "ben@example.org")[0] == 0
    assert (box.logins, len(box.received)) == ([(b"anna", b"secret")], 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("to =", 'topics = ["ads_personalized"]\nto =', "ads_personalised"),
        ("[alerts]", '[alerts]\noperators = ["me"]', 'operators "me" is no mail address'),
        (
            "[alerts]",
            '[alerts]\nunsubscribe = "https://x\\r\\nBcc: y"',
            "is no address to leave at",
        ),
        ("[alerts]", '[smtp]\nsender = "me"\n[alerts]', 'sender "me" is no mail address'),
    ],
)
def test_settings_that_alerts_cannot_use_are_named(cli, workspace, old, new, message):
    edit(workspace, old, new)
    code, _, err = cli(workspace, "alerts", "preview")
    assert (code, message in err) == (2, True), err


def test_a_preview_shows_what_is_due_and_sends_nothing(cli, workspace):
    cli(workspace, "update")
    code, out, _ = cli(workspace, "alerts", "preview")
    assert code == 0
    assert out.startswith("To: anna@example.org\nSubject: Now watching 1 policy\n\n")
    assert cli(workspace, "alerts", "preview")[1] == out
    assert not (workspace / "outbox").exists()
    cli(workspace, "alerts", "send")
    assert "Nothing is due" in cli(workspace, "alerts", "preview")[1]


def test_a_preview_names_subscriptions_to_nothing(cli, workspace):
    edit(workspace, "to =", 'policies = ["acmee"]\nto =')
    code, _, err = cli(workspace, "alerts", "preview")
    assert (code, "anna@example.org: no policy is called acmee" in err) == (0, True)


def test_a_preview_of_the_past(cli, workspace, tmp_path, monkeypatch):
    cli(workspace, "run")
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    code, out, _ = cli(
        workspace, "alerts", "preview", "--since", "2019", "--browser", "-o", tmp_path / "mails"
    )
    assert (code, len(opened)) == (0, 1)
    assert "Subject: Acme privacy: Retention" in out
    assert LONGER in " ".join(out.split())
    (file,) = (tmp_path / "mails").iterdir()
    told = LONGER.replace("ten", "<strong>ten</strong>")
    assert told in read(file.read_bytes()).get_body(("html",)).get_content()
    _, out, _ = cli(workspace, "--json", "alerts", "preview", "--since", "2019")
    (message,) = json.loads(out)
    assert told in message["html"] and message["to"] == "anna@example.org"
    assert len(subjects(workspace)) == 1, "nothing was sent"


def test_what_was_refused_can_be_sent_again(cli, workspace, archive):
    with Mailbox() as box:
        by_smtp(workspace, box)
        box.refused["anna@example.org"] = "550 no such user"
        code, _, err = cli(workspace, "run", "--quiet")
        assert (code, "anna@example.org: refused: " in err) == (1, True)
        box.refused.clear()
        assert cli(workspace, "alerts", "send")[1].startswith("sent 0,")
        code, out, _ = cli(workspace, "alerts", "send", "--retry", "--json")
    assert (code, json.loads(out)) == (0, {"sent": 1, "delayed": 0, "refused": 0, "waiting": 0})


def test_rebuild_mails_nobody(cli, workspace, archive):
    cli(workspace, "run")
    assert cli(workspace, "rebuild")[0] == 0
    assert cli(workspace, "alerts", "send")[1].startswith("sent 0, delayed 0, refused 0")


def test_deleting_the_database_brings_a_summary_and_no_flood(cli, workspace, archive):
    cli(workspace, "run")
    for path in workspace.glob("tracker.db*"):
        path.unlink()
    cli(workspace, "rebuild")
    cli(workspace, "alerts", "send")
    assert subjects(workspace) == ["Now watching 1 policy"] * 2
