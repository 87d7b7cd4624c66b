"""The commands as people type them: what they print, where, and their exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

from tracker.cli import main
from tracker.cli.app import ORDER

DEMO = ROOT / "tracker" / "demo"


@pytest.fixture
def cli(capsys):
    """cli("log", "a/b") -> (exit code, stdout, stderr)."""

    def call(*args):
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return call


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's workspace after `policy-tracker demo`, and what that printed."""
    folder = tmp_path_factory.mktemp("cli") / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "demo", folder], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return folder, done


def test_the_demo_tells_what_it_found_and_where_it_lies(demo):
    folder, done = demo
    assert "Personalised advertising: REVERSED" in done.stdout
    assert str(folder / "reports" / "report.html") in done.stdout
    assert (folder / "reports" / "report.html").stat().st_size > 10_000
    assert done.stderr == ""


def test_the_readme_shows_what_the_demo_prints(demo):
    readme = (ROOT / "README.md").read_text()
    shown = re.search(r"^    \$ policy-tracker demo\n((?:    .*\n)+)", readme, re.M)[1]
    printed = " ".join(demo[1].stdout.split())
    for part in shown.split("…"):
        assert " ".join(part.split()) in printed


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["log", "brightline/privacy"], "2018-06-02"),
        (["log", "brightline"], "2018-06-02"),
        (["show", "brightline", "--at", "2016-01-01"], "do not include the display"),
        (["show", "brightline", "--at", "1"], "do not include the display"),
        (["show", "brightline", "--at", "2018-06-02"], "version 3, seen 2018-06-02"),
        (["diff", "brightline", "2", "3"], "advertis"),
        (["diff", "brightline", "2016-01-01", "2019-01-01", "--side-by-side"], "advertis"),
        (["compare", "brightline", "halden", "--at", "2020-01-01"], "Sale of data"),
        (["timeline", "ads_personalised"], "halden/privacy"),
        (["search", "Privacy Shield"], "brightline/privacy"),
        (["captures", "noordlijn"], "held: its text is known"),
        (["fetch", "--dry-run"], "0 mementos"),
        (["fetch"], "0 fetched"),
        (["update", "halden"], "0 fetched"),
        (["rebuild", "halden"], "halden/privacy: versions"),
        (["report", "--topic", "retention", "--format", "md"], "# "),
        (["report", "--since", "2019", "--until", "2020", "--format", "html"], "<!doctype html>"),
        (["status"], "soft-404"),
        (["topics"], "sale_of_data"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_commands_answer(demo, cli, command, words):
    code, out, _ = cli(*command, "--workspace", demo[0])
    assert code == 0
    assert words.casefold() in out.casefold()


@pytest.mark.parametrize(
    "command",
    [
        "log brightline",
        "show brightline",
        "diff brightline",
        "compare brightline halden",
        "timeline sale_of_data",
        "search privacy",
        "captures",
        "fetch --dry-run",
        "update",
        "rebuild",
        "report",
        "status",
        "topics",
    ],
)
def test_every_listing_has_a_json_form(demo, cli, command):
    code, out, _ = cli("--workspace", demo[0], *command.split(), "--json")
    assert code == 0
    assert json.loads(out)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("log brihgtline", 'no policy "brihgtline"; did you mean "brightline"?'),
        ("show brightline --at 1999", "brightline/privacy was first seen 2015-"),
        ("show brightline --at 99", "brightline/privacy has no version 99; it has 1 to"),
        ("show brightline --at soon", '"soon" is neither a version number nor a time'),
        ("report --topic sale_of_dat", 'no topic "sale_of_dat"; did you mean "sale_of_data"?'),
        ("report --format pdf", '--format "pdf" is unknown; expected text, md, html, json'),
        ("report --since never", '--since: "never" is not a time; expected YYYY-MM-DD'),
        ("fetch --strategy some", '"some" is no strategy; expected adaptive, all'),
        ("timeline nothing", 'no topic "nothing"'),
        ("import nowhere.html --policy Acme", '--policy "Acme" is not a policy id'),
        ("import x --policy a/b --url c", '--url "c" is not a URL of a web page'),
        ("import x --captured-at c", '--captured-at: "c" is not a time'),
        ("normalize nowhere.html", "nowhere.html: no such file"),
        ("log BRIGHTLINE", 'no policy "BRIGHTLINE"; did you mean "brightline"?'),
        ("report --topic security.beach", 'topic "security" has no facet "beach"; expected breach'),
        ("timeline retention.x", 'topic "retention" has no facet "x"; it has none'),
        ("timeline ads", 'no topic "ads"; did you mean "ads_personalised"?'),
        ("compare brightline brightline/privacy", "are one policy; name two"),
        ("report --since 2020 --until 2010", "--since 2020 lies after --until 2010; swap them"),
        ("fetch --since 2020 --until 2010", "--since 2020 lies after --until 2010; swap them"),
        ("report -o .", ".: a folder; name a file in it"),
        ("search *", '"*" holds no word; expected some'),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(demo, cli, command, message):
    code, out, err = cli("--workspace", demo[0], *command.split())
    assert (code, out) == (2, "")
    assert err.startswith("policy-tracker: ") and message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("logg a", 'no such command "logg"; did you mean "log"? see "policy-tracker --help"'),
        ("site biuld", 'did you mean "build"? see "policy-tracker site --help"'),
        ("log", 'missing argument "ID"; see "policy-tracker log --help"'),
        ("log a --bogus", 'no such option: --bogus; see "policy-tracker log --help"'),
        ("-w", 'option "-w" requires an argument; see "policy-tracker --help"'),
        ("fetch --grid 0", 'invalid value for "--grid"'),
    ],
)
def test_a_mistyped_command_is_one_line_too(cli, command, message):
    code, out, err = cli(*command.split())
    assert (code, out) == (2, "")
    assert err.startswith("policy-tracker: ") and message in err
    assert err.count("\n") == 1


def test_commands_stand_in_the_order_people_meet_them(cli):
    code, out, _ = cli("--help")
    shown = re.findall(r"^│ ([a-z]+) ", out, re.M)
    assert (code, shown) == (0, ORDER)


def test_an_ascii_terminal_gets_utf8_and_a_full_disk_one_line(demo):
    command = [sys.executable, "-m", "tracker", "-w", demo[0], "diff", "noordlijn"]
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, env=ascii_only)
    assert "unchanged …".encode() in done.stdout
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "No space left on device" in done.stderr


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("r.md", b"# Changes"),
        ("r.html", b"<!DOCTYPE html>"),
        ("r.json", b"{"),
        ("r.txt", b"Changes of"),
        ("r", b"Changes of"),
    ],
)
def test_a_report_takes_the_format_of_its_file(demo, cli, tmp_path, name, start):
    code, out, _ = cli("-w", demo[0], "report", "noordlijn", "-o", tmp_path / name)
    assert (code, out) == (0, f"written  {tmp_path / name}\n")
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_a_report_may_be_written_to_stdout_by_name(demo, cli, name):
    code, out, _ = cli("-w", demo[0], "report", "noordlijn", "--format", "md", "-o", name)
    assert (code, out.splitlines()[0]) == (0, "# Changes of 1 policy")


def test_a_report_does_not_take_the_place_of_a_pipe(demo, cli, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert cli("-w", demo[0], "report", "-o", tmp_path / "pipe")[0] == 0
    assert os.read(reader, 100).startswith(b"Changes of 3 policies")
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_a_closed_stdout_is_no_fault(demo):
    command = f"{sys.executable} -m tracker -w {demo[0]} log halden >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_selector_that_is_none_is_told_before_anything_is_done(cli, tmp_path):
    (tmp_path / "policies.toml").write_text(
        '[[policy]]\nid = "a/b"\nurls = ["https://a.example/"]\nremove = ["p["]\n'
    )
    code, _, err = cli("-w", tmp_path, "update")
    assert code == 2
    assert 'policies.toml: [policy] "a/b": "p[" is not a CSS selector' in err


def test_reading_needs_no_cluster(demo, cli, monkeypatch):
    monkeypatch.setenv("TRACKER_FETCH_SCHEDULER", "tcp://127.0.0.1:1")
    assert cli("-w", demo[0], "status")[0] == 0


def test_a_report_on_a_facet_shows_its_clause_changes(demo, cli):
    """They are stored on whole topics."""
    facet = "international_transfer.eu_us_privacy_shield"
    _, out, _ = cli("-w", demo[0], "report", "--topic", facet)
    assert "EU-US Privacy Shield: appeared" in out or "(EU-US Privacy Shield): appeared" in out
    _, out, _ = cli("-w", demo[0], "report", "noordlijn", "--topic", facet)
    assert "No change found (only EU-US Privacy Shield)." in out


def test_a_report_on_a_time_before_all_captures_says_no_more(demo, cli):
    _, out, _ = cli("-w", demo[0], "report", "noordlijn", "--until", "1990")
    assert "No version was seen in that time (until 1990-12-31)." in out
    assert "nothing is known" not in out


def test_what_goes_into_a_pipe_is_not_folded(demo, cli):
    _, out, _ = cli("-w", demo[0], "report", "noordlijn")
    assert any(len(line) > 200 for line in out.splitlines())
    assert out == "".join(f"{line.rstrip()}\n" for line in out.splitlines())


def test_an_archive_that_did_not_answer_is_not_said_to_list_nothing(cli, tmp_path):
    cli("init", tmp_path)
    (tmp_path / "tracker.toml").write_text(
        '[archive]\nurl = "http://127.0.0.1:9"\nkind = "wayback"\ncontact = "a@b.example"\n'
    )
    cli("-w", tmp_path, "add", "acme/privacy", "https://acme.example/privacy")
    code, out, err = cli("-w", tmp_path, "captures")
    assert (code, out) == (2, "")
    assert "refused the connection" in err


def test_what_is_said_of_a_typo_steers_no_terminal(cli, tmp_path):
    cli("init", tmp_path)
    _, _, err = cli("-w", tmp_path, "report", "--topic", "a\x1b[31m\nb")
    assert err == 'policy-tracker: no topic "a[31m b"; "policy-tracker topics" lists them\n'


def test_a_name_that_is_no_text_is_kept_as_far_as_it_is(cli, tmp_path):
    """Bytes that are no UTF-8 reach a program as lone surrogates."""
    cli("init", tmp_path)
    code, _, _ = cli("-w", tmp_path, "add", "a/b", "https://a.example/", "--name", "A\udcff B")
    assert code == 0
    assert 'name = "A? B"' in (tmp_path / "policies.toml").read_text()


def test_adding_twice_changes_nothing(cli, tmp_path):
    cli("init", tmp_path)
    added = ["-w", tmp_path, "add", "acme/privacy", "https://acme.example/privacy"]
    assert cli(*added)[1] == "acme/privacy: watching https://acme.example/privacy\n"
    assert cli(*added)[1] == "acme/privacy: watched already\n"


def test_a_folder_without_workspace_says_what_to_do(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = cli("status")
    assert code == 2
    assert 'run "policy-tracker init" there' in err


def test_a_folder_that_was_deleted_is_one_line(cli, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    code, _, err = cli("status")
    assert (code, err.count("\n")) == (2, 1)
    assert "the current folder is no longer there" in err


def test_help_by_its_short_name(cli):
    assert cli("-h") == cli("--help")
    assert "FROM" in cli("diff", "-h")[1]


def test_verbose_says_what_is_used_and_no_password(demo, cli, monkeypatch):
    code, _, err = cli("-v", "-w", demo[0], "log", "halden")
    assert (code, err.splitlines()[0]) == (0, f"workspace {demo[0]}, policies 3")
    monkeypatch.setenv("TRACKER_DATABASE_URL", "postgresql://me:pass@127.0.0.1:1/x")
    _, _, err = cli("-v", "-w", demo[0], "log", "halden")
    assert "database postgresql://…@127.0.0.1:1/x" in err


def test_init_keeps_what_is_there(cli, tmp_path):
    assert cli("init", tmp_path)[0] == 0
    (tmp_path / "policies.toml").write_text("# mine\n")
    code, out, _ = cli("init", tmp_path)
    assert code == 0
    assert f"kept     {tmp_path / 'policies.toml'}" in out
    assert (tmp_path / "policies.toml").read_text() == "# mine\n"


def test_add_then_list_needs_a_contact_for_the_real_archive(cli, tmp_path):
    cli("init", tmp_path)
    assert cli("-w", tmp_path, "add", "acme/privacy", "https://acme.example/privacy")[0] == 0
    code, _, err = cli("-w", tmp_path, "fetch")
    assert code == 2
    assert '[archive] contact = "you@example.org"' in err


def test_import_names_what_it_cannot_use_and_goes_on(cli, tmp_path):
    cli("init", tmp_path)
    good = tmp_path / "good.txt"
    good.write_text(
        "Privacy Policy\n\nLast updated: 3 May 2018\n\nWe collect your name. We do not sell data.\n"
    )
    (tmp_path / "junk.bin").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 cut off")
    names = ("junk.bin", "empty.html", "broken.pdf", "none.txt")
    files = [good, *(tmp_path / name for name in names)]
    code, out, _ = cli("-w", tmp_path, "import", *files, "--policy", "acme/privacy")
    assert code == 1
    assert f"kept     {good}: acme/privacy as captured 2018-05-03T00:00:00Z" in out
    assert "junk.bin: a PNG image" in out
    assert "empty.html: empty" in out
    assert "broken.pdf: a broken PDF" in out
    assert "none.txt: no such file" in out
    code, out, _ = cli("-w", tmp_path, "import", good, "--policy", "acme/privacy")
    assert (code, out.split()[0]) == (0, "held")


def test_a_corpus_header_adds_the_policy_to_the_watchlist(cli, tmp_path):
    cli("init", tmp_path)
    page = tmp_path / "a.md"
    page.write_text(
        "> *The following text is extracted and transformed from the acme.co.uk privacy policy that"
        " was archived on 2018-08-30. Please check the [original snapshot on the Wayback Machine]"
        "(https://web.archive.org/web/20180830131829id_/http%3A//acme.co.uk/privacy) for the most"
        " accurate reproduction.*\n\n# Privacy\n\nWe never sell your personal data.\n"
    )
    code, _, _ = cli("-w", tmp_path, "import", page)
    assert code == 0
    watched = (tmp_path / "policies.toml").read_text()
    assert 'id = "acme/privacy"' in watched
    assert 'urls = ["http://acme.co.uk/privacy"]' in watched
    _, out, _ = cli("-w", tmp_path, "--json", "log", "acme")
    [version] = json.loads(out)
    assert version["first_seen"]["captured_at"] == "2018-08-30T13:18:29Z"


def test_normalize_reads_a_file_or_stdin(cli, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<title>Privacy</title><h1>Privacy policy</h1><p>We protect your data.</p>")
    code, out, _ = cli("normalize", page)
    assert (code, out) == (0, "# Privacy policy\n\nWe protect your data.\n")
    code, out, _ = cli("normalize", page, "--json")
    assert [block["kind"] for block in json.loads(out)["blocks"]] == ["heading", "paragraph"]
    code, out, _ = cli("normalize", page, "--explain")
    assert "kept" in out
    code, out, _ = cli("normalize", page, "--explain", "--json")
    assert set(json.loads(out)[0]) == {"kept", "reason", "excerpt", "lines"}
    for stdin in ([], ["-"]):
        command = [sys.executable, "-m", "tracker", "normalize", *stdin]
        piped = subprocess.run(command, input=page.read_bytes(), capture_output=True)
        assert piped.stdout.decode() == "# Privacy policy\n\nWe protect your data.\n"


def test_help_and_version_load_no_more_than_they_need(cli):
    probe = (
        "import sys\nfrom tracker.cli import main\n"
        "try: main(['--help'])\n"
        "finally: assert not {'sqlmodel', 'requests', 'pypdf', 'numpy', 'bs4', 'rapidfuzz',"
        " 'tracker.clauses'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert cli("--version")[1].startswith("policy-tracker 0.")


def test_reading_a_file_loads_no_client_of_the_archive(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<h1>Privacy policy</h1><p>We protect your data.</p>")
    probe = (
        "import sys\nfrom tracker.cli import main\n"
        "try: main(['normalize', sys.argv[1]])\n"
        "finally: assert not {'sqlmodel', 'requests', 'waybackpy', 'warcio', 'pypdf', 'numpy',"
        " 'bs4', 'tracker.normalize.explain'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe, page], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_broken_workspace_is_not_taken_for_none(cli, tmp_path, monkeypatch):
    cli("init", tmp_path)
    (tmp_path / "topics.toml").write_text("[topic.sale_of_data.en]\nphrase = ['x']\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = cli("topics")
    assert (code, out) == (2, "")
    assert 'did you mean "phrases"?' in err


def test_topics_check_explains_and_tries(demo, cli, tmp_path):
    mine = tmp_path / "topics.toml"
    mine.write_text(
        '[topic.roaming]\nname = "Roaming"\ndefinition = "Abroad."\n'
        '[topic.roaming.en]\nphrases = [{is = "credit reference", example = "credit reference"}]\n'
    )
    code, out, err = cli("-w", demo[0], "topics", "check", mine)
    assert code == 0, err
    assert "brightline/privacy: roaming: credit reference: " in out
    mine.write_text('[topic.roaming.en]\nphrase = ["x"]\n')
    code, out, _ = cli("-w", demo[0], "topics", "check", mine)
    assert code == 2
    assert 'did you mean "phrases"?' in out


def test_ctrl_c_before_a_command_began_is_no_traceback(monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tracker.cli.app.app", interrupted)
    with pytest.raises(SystemExit) as ended:
        main(["status"])
    assert ended.value.code == 130
