"""tracker.toml and the environment: defaults, overrides, every mistake named."""

import re
from pathlib import Path

import pytest
from support import ROOT

from tracker import config, watchlist
from tracker.errors import ConfigError
from tracker.model import Subscription

SUBSCRIBED = "[[subscription]]\nto = ['a@b.org']\n"


def load(tmp_path, text="", **environment):
    (tmp_path / "tracker.toml").write_text(text)
    return config.load(tmp_path, environment)


def test_every_key_has_a_default(tmp_path):
    settings = load(tmp_path)
    assert settings["archive"]["url"] == "https://web.archive.org"
    assert settings["archive"]["cdx_per_minute"] == 24
    assert settings.database_url == f"sqlite:///{tmp_path / 'tracker.db'}"


def test_the_starter_file_is_valid_and_says_the_defaults(tmp_path):
    assert load(tmp_path, config.starter()).values == load(tmp_path).values
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line else line
        for line in config.starter().splitlines()
        if not line.startswith("# Settings") and "kind = " not in line and "path = " not in line
    ).replace("# [[subscription]]", "[[subscription]]")
    assert load(tmp_path, uncommented).values == load(tmp_path).values


def test_environment_wins(tmp_path):
    settings = load(
        tmp_path,
        "[archive]\ncontact = 'a@b.example'",
        TRACKER_ARCHIVE_CONTACT="c@d.example",
        TRACKER_ARCHIVE_TIMEOUT="2.5",
        TRACKER_DATABASE_URL="postgresql+psycopg://u:p@h/d",
        TRACKER_SMTP_PASSWORD="secret",
        TRACKER_HOME="not ours",
    )
    assert settings["archive"]["contact"] == "c@d.example"
    assert settings["archive"]["timeout"] == 2.5
    assert settings.database_url == "postgresql+psycopg://u:p@h/d"
    assert settings.smtp_password == "secret"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[archve]\nurl = 'x'",
            'tracker.toml:1: unknown key "archve"; did you mean "archive"?',
        ),
        ("\n[archive]\ncontakt = 'x'", 'tracker.toml:3: [archive]: unknown key "contakt"; did you'),
        ("[archive]\ntimeout = 'x'", "tracker.toml:2: \"timeout\" is 'x'; expected a number"),
        ("[archive]\ntimeout = true", 'tracker.toml:2: "timeout" is True; expected a number'),
        ("[archive]\ntimeout = 0", 'tracker.toml:2: "timeout" is 0; expected at least 0.01'),
        ("[archive]\ntimeout = inf", 'tracker.toml:2: "timeout" is inf; expected a number'),
        ("[archive]\ntimeout = nan", 'tracker.toml:2: "timeout" is nan; expected a number'),
        ("[smtp]\nsecurity = 'tsl'", '"security" is \'tsl\'; did you mean "tls"?'),
        ("[[subscription]]\npolicies = ['*']", "tracker.toml:1: [subscription] has no recipients"),
        ("[[subscription]]\nto = 'nobody'", 'tracker.toml:2: "nobody" is no mail address'),
        ("[[subscription]]\nto = ['a@b.org', 'x y@z.org']", '"x y@z.org" is no mail address'),
        (SUBSCRIBED + "kinds = ['revesed']", "tracker.toml:3: \"kinds\" holds 'revesed'; did you"),
        (SUBSCRIBED + "frequency = 'dayly'", 'did you mean "daily"?'),
        (SUBSCRIBED + "weekday = 'someday'", "\"weekday\" is 'someday'; did you mean"),
        (SUBSCRIBED + "hour = 24", '"hour" is 24; expected at most 23'),
        (SUBSCRIBED + "timezone = 'Brussels'", '"Brussels" is no time zone; expected a name like'),
        (
            SUBSCRIBED + SUBSCRIBED,
            'tracker.toml:3: a@b.org has two subscriptions "immediate"; give this one a name',
        ),
        ("[database]\nurl = 'postgresql://u:p@h/d'", "holds a password; use TRACKER_DATABASE_URL"),
        ("archive = 3", 'tracker.toml:1: "archive" must be a table, written [archive]'),
    ],
)
def test_names_what_is_wrong(tmp_path, text, message):
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    assert message in str(error.value)


def test_subscriptions_as_written(tmp_path):
    (first, second) = load(
        tmp_path,
        SUBSCRIBED
        + "topics = 'retention'\nkinds = ['flap', 'reversed']\nfrequency = 'weekly'\nhour = 7\n"
        + "timezone = 'Europe/Brussels'\nmin_severity = 40\nlanguages = ['nl']\n"
        + SUBSCRIBED,
    ).subscriptions
    assert first == Subscription(
        ("a@b.org",),
        ("*",),
        ("retention",),
        ("flap", "reversed"),
        ("nl",),
        40,
        "weekly",
        7,
        "monday",
        "Europe/Brussels",
    )
    assert second == Subscription(("a@b.org",))


@pytest.mark.parametrize("text", ["a@b.org", "änna@bücher.example", "a.b+c@x-y.org", "o'b@x.org"])
def test_addresses(text):
    assert config.is_address(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a@", "@b", "a@b@c", "a b@c", "-f@b", "a\n@b", "<a@b>", "a,b@c", '"a"@b']
)
def test_no_addresses(text):
    assert not config.is_address(text)


def test_a_database_needs_no_password_in_its_url(tmp_path):
    url = "postgresql://me@host/name"
    assert load(tmp_path, f"[database]\nurl = '{url}'").database_url == url


@pytest.mark.parametrize(
    ("url", "path"), [("sqlite:///a/b.db", "a/b.db"), ("sqlite:////a/b.db", "/a/b.db")]
)
def test_a_relative_database_lies_in_the_workspace(tmp_path, url, path):
    settings = load(tmp_path, TRACKER_DATABASE_URL=url)
    assert settings.database_url == f"sqlite:///{tmp_path / path}"


def test_a_database_in_memory_would_be_gone_after_each_command(tmp_path):
    settings = load(tmp_path, "[database]\nurl = 'sqlite:///:memory:'")
    with pytest.raises(ConfigError, match="name a file"):
        assert settings.database_url


def test_folders_may_lie_in_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    settings = load(tmp_path, "[paths]\nsnapshots = '~/kept'\nreports = 'shown'")
    assert settings.snapshots == Path("/home/ada/kept")
    assert settings.reports == tmp_path / "shown"


def test_a_file_that_an_editor_marked_as_utf8(tmp_path):
    assert load(tmp_path, "\ufeff[archive]\ntimeout = 5")["archive"]["timeout"] == 5


def test_a_file_is_no_workspace(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match='file: no folder; make one with "policy-tracker init'):
        config.load(tmp_path / "file", {})


def test_switches_of_the_environment(tmp_path):
    settings = load(tmp_path, TRACKER_ARCHIVE_SAVE_PAGE_NOW="True", TRACKER_ALERTS_HEARTBEAT="0")
    assert settings["archive"]["save_page_now"] is True
    assert settings["alerts"]["heartbeat"] is False


def test_names_a_wrong_variable(tmp_path):
    with pytest.raises(ConfigError, match='did you mean "TRACKER_ARCHIVE_CONTACT"'):
        load(tmp_path, TRACKER_ARCHIVE_CONTAKT="x")
    with pytest.raises(ConfigError, match="TRACKER_SMTP_PORT='x'; expected a whole number"):
        load(tmp_path, TRACKER_SMTP_PORT="x")


def test_the_readmes_example_is_valid(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert len(load(tmp_path, example).subscriptions) == 2


def test_finds_the_nearest_workspace(tmp_path):
    (tmp_path / "policies.toml").touch()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert config.find_workspace(deep) == tmp_path


def test_this_repository_watches_real_policies():
    policies = watchlist.parse((ROOT / "policies.toml").read_text())
    assert [p.id for p in policies] == [
        "voxbone/privacy",
        "voxox/privacy",
        "voiceking/privacy",
        "voiped/privacy",
    ]
    assert len(policies[0].urls) == 2
