"""Settings: tracker.toml of a workspace, each key overridable by TRACKER_<SECTION>_<KEY>.

Secrets come from the environment alone. Read once, by the command line; what lies below is handed
plain values.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker import tomlfile
from tracker.errors import ConfigError
from tracker.model import ChangeKind, ClauseChangeKind, Frequency, Subscription
from tracker.text import nearest

SETTINGS_FILE = "tracker.toml"
WATCHLIST_FILE = "policies.toml"
TOPICS_FILE = "topics.toml"
SECRETS = {"TRACKER_SMTP_PASSWORD", "TRACKER_DATABASE_URL", "TRACKER_WEBHOOK_SECRET"}
PREFIX = "TRACKER_"
_PASSWORD = re.compile(r"://[^/@]*:[^/@]+@|[?&]password=")
_KINDS = (*get_args(ChangeKind), *get_args(ClauseChangeKind))
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its default says its type; `choices` or `low`/`high` what it may be."""

    default: Any
    about: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def kind(self) -> type:
        return str if self.default is None else type(self.default)


KEYS: dict[str, dict[str, Key]] = {
    "archive": {
        "url": Key("https://web.archive.org", "any Wayback-compatible server or pywb collection"),
        "kind": Key(None, "detected where absent", choices=("wayback", "pywb", "warc", "timemap")),
        "path": Key(None, "file or folder of WARC files, for kind = warc"),
        "contact": Key("", "your address, sent with every request; the archive asks for one"),
        "cdx_per_minute": Key(
            24.0, "listing requests; at most 24 for the Wayback Machine", low=0.1
        ),
        "replays_per_minute": Key(60.0, "mementos; the archive advises at most 480", low=0.1),
        "timeout": Key(60.0, "seconds to wait for an answer", low=0.01),
        "save_page_now": Key(False, "ask the archive to capture watched pages it neglects"),
        "save_after_days": Key(30, "how long neglected", low=1),
    },
    "fetch": {
        "strategy": Key(
            "adaptive",
            "adaptive, all, or one sample per period",
            choices=("adaptive", "all", "sample", "sample-month", "sample-quarter", "sample-year"),
        ),
        "window_days": Key(0, "stop narrowing a change at so many days; 0: never", low=0),
        "grid_days": Key(91, "spacing of the captures fetched first", low=1),
        "max_requests": Key(0, "a run's bound; 0: none", low=0),
        "workers": Key(1, "processes that normalise and compare", low=1, high=256),
        "scheduler": Key("", 'or a Dask cluster that sees the same files: "tcp://host:8786"'),
    },
    "database": {"url": Key("", "default: tracker.db in the workspace")},
    "paths": {
        "snapshots": Key("snapshots", "raw captures"),
        "reports": Key("reports", "reports and the site"),
    },
    "site": {
        "base_url": Key("", "where the site will live, for feeds and canonical links"),
        "title": Key("Policy changes", "name of the site"),
    },
    "smtp": {
        "host": Key("", "mail server; no mail is sent without"),
        "port": Key(0, "0: 25, 587 with starttls, 465 with tls", low=0, high=65535),
        "security": Key("starttls", "of the connection", choices=("none", "starttls", "tls")),
        "user": Key("", "password: TRACKER_SMTP_PASSWORD"),
        "sender": Key("", "From address"),
        "timeout": Key(30.0, "seconds", low=0.01),
    },
    "alerts": {
        "transport": Key("smtp", "how messages leave", choices=("smtp", "sendmail", "folder")),
        "sendmail": Key("/usr/sbin/sendmail", "the command, for transport = sendmail"),
        "folder": Key("outbox", "where .eml files go, for transport = folder"),
        "unsubscribe": Key("", "mailto: or https: address to leave at; default: the sender"),
        "operators": Key([], "who hears of failing crawls"),
        "failing_runs": Key(3, "runs in a row that fail before operators hear", low=1),
        "webhook": Key("", "URL that gets each change as signed JSON"),
        "apprise": Key([], "Apprise URLs for chat; needs the apprise extra"),
        "heartbeat": Key(False, 'a weekly "nothing changed" to every subscriber'),
    },
    "run": {
        "max_seconds": Key(0, "a run's bound; 0: none", low=0),
        "ping_url": Key("", "requested after each run, as healthchecks do"),
        "metrics": Key("", "Prometheus textfile to write after each run"),
        "log": Key("human", "form of the log", choices=("human", "json")),
    },
}


@dataclass(frozen=True, slots=True)
class Config:
    workspace: Path
    values: Mapping[str, Mapping[str, Any]]
    subscriptions: tuple[Subscription, ...]
    watchlist: str  # text of policies.toml
    topics: str | None  # text of topics.toml, if there is one
    smtp_password: str
    webhook_secret: str

    def __getitem__(self, section: str) -> Mapping[str, Any]:
        return self.values[section]

    @property
    def snapshots(self) -> Path:
        return self.workspace / Path(self["paths"]["snapshots"]).expanduser()

    @property
    def reports(self) -> Path:
        return self.workspace / Path(self["paths"]["reports"]).expanduser()

    @property
    def watchlist_path(self) -> Path:
        return self.workspace / WATCHLIST_FILE

    @property
    def database_url(self) -> str:
        """With SQLite's relative paths in the workspace: cron starts elsewhere."""
        url = str(self["database"]["url"] or "sqlite:///tracker.db")
        kind, slashes, path = url.partition(":///")
        if path == ":memory:":
            raise ConfigError(
                f'[database] url: "{url}" would be gone after each command; '
                "name a file, or leave it out for tracker.db in the workspace"
            )
        if slashes and kind.startswith("sqlite"):
            return f"{kind}:///{self.workspace.resolve() / path}"
        return url


def find_workspace(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds a watchlist or settings."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file() or (folder / WATCHLIST_FILE).is_file():
            return folder
    raise ConfigError(
        f'no {WATCHLIST_FILE} in {start} or above; run "policy-tracker init" there, '
        "or name a workspace with --workspace"
    )


def load(workspace: Path, environment: Mapping[str, str]) -> Config:
    """The settings of one workspace. ConfigError names file, line and key, or the variable."""
    if not workspace.is_dir():
        is_what = "no folder" if workspace.exists() else "no such folder"
        raise ConfigError(f'{workspace}: {is_what}; make one with "policy-tracker init DIR"')
    root = tomlfile.load(_read(workspace / SETTINGS_FILE) or "", SETTINGS_FILE)
    values = {section: _section(root, section) for section in KEYS}
    subscriptions = _subscriptions(root.tables("subscription"))
    root.close()
    return Config(
        workspace=workspace,
        values=_overridden(values, environment),
        subscriptions=subscriptions,
        watchlist=_read(workspace / WATCHLIST_FILE) or "",
        topics=_read(workspace / TOPICS_FILE),
        smtp_password=environment.get("TRACKER_SMTP_PASSWORD", ""),
        webhook_secret=environment.get("TRACKER_WEBHOOK_SECRET", ""),
    )


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors mark UTF-8
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name}: not UTF-8 ({error}); save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error


def _section(root: tomlfile.Table, section: str) -> dict[str, Any]:
    table = root.table(section)
    values = {}
    for name, key in KEYS[section].items():
        if section == "database" and _PASSWORD.search(str(table.values.get("url", ""))):
            raise table.error("url", "the database url holds a password; use TRACKER_DATABASE_URL")
        values[name] = _value(table, name, key)
    table.close()
    return values


def _value(table: tomlfile.Table, name: str, key: Key) -> Any:
    if key.kind is list:
        return table.texts(name) or tuple(key.default)
    wanted: Any = (int, float) if key.kind is float else key.kind
    value = table.take(name, wanted, _expected(key))
    if value is None:
        return key.default
    if problem := _problem(value, key):
        raise table.error(name, f'"{name}" is {value!r}; {problem}')
    return float(value) if key.kind is float else value


def _expected(key: Key) -> str:
    if key.choices:
        return "one of " + ", ".join(key.choices)
    return {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "a text in quotes",
        list: "texts separated by commas",
    }[key.kind]


def _problem(value: Any, key: Key) -> str:
    if key.choices and value not in key.choices:
        close = nearest(str(value), key.choices)
        return f'did you mean "{close}"?' if close else f"expected {_expected(key)}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"expected {_expected(key)}"
    if key.low is not None and value < key.low:
        return f"expected at least {key.low:g}"
    if key.high is not None and value > key.high:
        return f"expected at most {key.high:g}"
    return ""


def _overridden(
    values: dict[str, dict[str, Any]], environment: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    names = {
        f"{PREFIX}{section}_{name}".upper(): (section, name)
        for section, keys in KEYS.items()
        for name in keys
    }
    for variable in sorted(environment):
        if variable in names:
            section, name = names[variable]
            key = KEYS[section][name]
            values[section][name] = _from_text(variable, environment[variable], key)
        elif _ours(variable) and variable not in SECRETS:
            raise ConfigError(tomlfile.unknown(variable, {*names, *SECRETS}, "environment"))
    return values


def _ours(variable: str) -> bool:
    """Other programs may use TRACKER_ too; a section of ours makes a typo likely."""
    return any(variable.startswith(f"{PREFIX}{section}_".upper()) for section in KEYS)


def _from_text(variable: str, text: str, key: Key) -> Any:
    readers: dict[type, Any] = {
        bool: lambda text: {"true": True, "1": True, "false": False, "0": False}[text.lower()],
        list: lambda text: tuple(part.strip() for part in text.split(",") if part.strip()),
    }
    try:
        value = readers.get(key.kind, key.kind)(text)
    except (ValueError, KeyError) as error:
        raise ConfigError(f"{variable}={text!r}; expected {_expected(key)}") from error
    if problem := _problem(value, key):
        raise ConfigError(f"{variable}={text!r}; {problem}")
    return value


def _subscriptions(tables: list[tomlfile.Table]) -> tuple[Subscription, ...]:
    """Each recipient's are told apart by name, or by frequency."""
    found = []
    known: set[tuple[str, str]] = set()
    for table in tables:
        subscription = _subscription(table)
        named = subscription.name or subscription.frequency
        for address in subscription.to:
            if (address, named) in known:
                raise table.error(
                    "", f'{address} has two subscriptions "{named}"; give this one a name = "..."'
                )
            known.add((address, named))
        found.append(subscription)
    return tuple(found)


def _subscription(table: tomlfile.Table) -> Subscription:
    default = Subscription(to=())
    subscription = Subscription(
        to=table.texts("to"),
        policies=table.texts("policies") or default.policies,
        topics=table.texts("topics"),
        kinds=_some_of(table, "kinds", _KINDS) or default.kinds,
        languages=table.texts("languages"),
        min_severity=_value(table, "min_severity", Key(0, "", low=0, high=100)),
        frequency=_value(table, "frequency", Key("immediate", "", choices=get_args(Frequency))),
        hour=_value(table, "hour", Key(default.hour, "", low=0, high=23)),
        weekday=_value(table, "weekday", Key(default.weekday, "", choices=_WEEKDAYS)),
        timezone=_timezone(table) or default.timezone,
        name=table.text("name") or "",
    )
    table.close()
    if not subscription.to:
        raise table.error("", '[subscription] has no recipients; add to = ["you@example.org"]')
    for address in subscription.to:
        if not is_address(address):
            raise table.error(
                "to", f'"{address}" is no mail address; expected one like you@example.org'
            )
    return subscription


def is_address(text: str) -> bool:
    """Whether it may be handed to a mail server, and to the sendmail command, as one address."""
    local, _, domain = text.rpartition("@")
    odd = any(character.isspace() or not character.isprintable() for character in text)
    return (
        bool(local and domain)
        and not odd
        and not set(text) & set('<>",;:()[]\\')
        and ("@" not in local and not text.startswith("-"))
    )


def _some_of(table: tomlfile.Table, name: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    values = table.texts(name)
    for value in values:
        if problem := _problem(value, Key("", "", choices=choices)):
            raise table.error(name, f'"{name}" holds {value!r}; {problem}')
    return values


def _timezone(table: tomlfile.Table) -> str | None:
    name = table.text("timezone")
    try:
        return name and ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise table.error(
            "timezone", f'"{name}" is no time zone; expected a name like "Europe/Brussels"'
        ) from error


def starter() -> str:
    """A commented tracker.toml with every setting and its default."""
    lines = ["# Settings of this workspace; every key is optional. Secrets: environment only."]
    for section, keys in KEYS.items():
        lines += ["", f"[{section}]"]
        for name, key in keys.items():
            choices = f" ({', '.join(key.choices)})" if key.choices else ""
            lines.append(f"# {name} = {_toml(key.default)}  # {key.about}{choices}")
    lines += [
        "",
        "# [[subscription]]",
        '# to = ["you@example.org"]',
        '# policies = ["*"]           # ids, with * and ?',
        '# topics = []                # none: all; see "policy-tracker topics"',
        '# frequency = "immediate"    # or daily, weekly',
        "# hour = 8                   # of daily and weekly mails, at the time zone's clock",
        '# weekday = "monday"',
        '# timezone = "Europe/Brussels"',
        "# min_severity = 0           # 0 to 100; 90 and more: a promise was reversed",
        '# kinds = ["substantive"]    # also flap, editorial, date-only; or reversed, vanished ...',
        '# languages = []             # of the policy: "en", "nl" ...; none: all',
        '# name = "legal"             # tells two subscriptions of one address apart',
    ]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return '""' if value is None else str(value) if not isinstance(value, str) else f'"{value}"'
