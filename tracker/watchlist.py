"""policies.toml: the policies we watch, as text in and values out. Opens no file."""

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

import tomlkit
from tomlkit.items import AoT, Array

from tracker import tomlfile
from tracker.errors import ConfigError, NotFound
from tracker.model import Policy, WatchedUrl
from tracker.text import nearest
from tracker.urlkey import urlkey

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*")
_EVERY = re.compile(r"(\d{1,4})\s*([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
ID_FORM = 'service/document in small letters, digits and hyphens, like "voxbone/privacy"'


def parse(source: str, name: str = "policies.toml") -> tuple[Policy, ...]:
    """The policies in the order of the file; ConfigError names line, key and what was expected."""
    root = tomlfile.load(source, name)
    policies: dict[str, Policy] = {}
    for table in root.tables("policy"):
        policy = _policy(table)
        if policy.id in policies:
            raise table.error("id", f'"{policy.id}" is there twice; merge the two or rename one')
        policies[policy.id] = policy
    root.close()
    return tuple(policies.values())


def _policy(table: tomlfile.Table) -> Policy:
    ident = table.required("id")
    if not _ID.fullmatch(ident):
        raise table.error("id", f'"{ident}" is not a policy id; expected {ID_FORM}')
    language = table.text("language")
    if language and not _LANGUAGE.fullmatch(language):
        raise table.error("language", f'"{language}" is not a language code; expected "en", "nl" …')
    policy = Policy(
        id=ident,
        name=table.text("name") or spoken(ident),
        urls=_urls(table),
        language=language,
        select=table.text("select"),
        remove=table.texts("remove"),
        every=_every(table),
    )
    table.close()
    if not policy.urls:
        raise table.error("", f'"{ident}" has no urls; add urls = ["https://…"]')
    return policy


def _urls(table: tomlfile.Table) -> tuple[WatchedUrl, ...]:
    one = table.values.get("urls")
    if isinstance(one, str):
        raise table.error("urls", f'"urls" is one text; expected a list: urls = ["{one}"]')
    return tuple(
        WatchedUrl(_url(table, "urls", url)) if isinstance(url, str) else _watched(url)
        for url in table.entries("urls")
    )


def _watched(table: tomlfile.Table) -> WatchedUrl:
    url = _url(table, "url", table.required("url"))
    since, until = table.day("since"), table.day("until")
    table.close()
    if since and until and since > until:
        raise table.error("until", f"until {until} lies before since {since}; swap them")
    return WatchedUrl(url, since, until)


def _url(table: tomlfile.Table, key: str, url: str) -> str:
    if problem := url_problem(url):
        raise table.error(key, problem)
    return url


def is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def url_problem(url: str) -> str:
    """What is wrong with an address to watch, "" where nothing is."""
    expected = "expected an address like https://example.org/privacy"
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        return f'"{url}" is not a URL ({error}); {expected}'
    odd = " " in url or not url.isprintable()
    if parts.scheme not in ("http", "https") or not host or odd:
        return f'"{url}" is not a URL of a web page; {expected}'
    return ""


def _every(table: tomlfile.Table) -> timedelta | None:
    written = table.text("every")
    if written is None:
        return None
    match = _EVERY.fullmatch(written)
    if not match or not int(match.group(1)):
        raise table.error("every", f'"{written}" is not a cadence; expected "12h", "1d" or "2w"')
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


def choose(policies: Iterable[Policy], wanted: Iterable[str]) -> tuple[Policy, ...]:
    """The named policies, all where none is named. A bare service stands for all its documents."""
    policies = tuple(policies)
    wanted = tuple(wanted)
    known = {policy.id for policy in policies} | {policy.service for policy in policies}
    for name in wanted:
        if name not in known:
            close = nearest(name.lower(), known)
            hint = f'did you mean "{close}"?' if close else "policies.toml lists what is watched"
            raise NotFound(f'no policy "{name}"; {hint}')
    return tuple(
        policy
        for policy in policies
        if not wanted or policy.id in wanted or policy.service in wanted
    )


def add(source: str, ident: str, urls: Iterable[str], *, name: str = "", language: str = "") -> str:
    """`source` with the policy, or with further URLs of one that is there; comments are kept."""
    urls = tuple(urls)
    if not _ID.fullmatch(ident):
        raise ConfigError(f'"{ident}" is not a policy id; expected {ID_FORM}')
    for url in urls:
        if problem := url_problem(url):
            raise ConfigError(problem)
    if ident in {policy.id for policy in parse(source)}:
        return _add_urls(source, ident, urls)
    entry = tomlkit.table()
    entry["id"] = ident
    entry["name"] = name or spoken(ident)
    if language:
        entry["language"] = language
    entry["urls"] = list(urls)
    block = tomlkit.dumps({"policy": AoT([entry])}).strip()
    return (source.rstrip() + "\n\n" if source.strip() else "") + block + "\n"


def spoken(ident: str) -> str:
    """What people call a policy that nobody named.

    >>> spoken("acme-voice/privacy")
    'Acme Voice privacy policy'
    """
    service, _, document = ident.replace("-", " ").partition("/")
    return f"{service.title()} {document}" + (" policy" if document == "privacy" else "")


def _add_urls(source: str, ident: str, urls: tuple[str, ...]) -> str:
    document = tomlkit.parse(source)
    tables = document["policy"]
    assert isinstance(tables, AoT)
    entry = next(table for table in tables if table["id"] == ident)
    listed = entry["urls"]
    assert isinstance(listed, Array | AoT)  # "urls = [...]" or [[policy.urls]]
    watched = {urlkey(item if isinstance(item, str) else item["url"]) for item in listed}
    for url in urls:
        if urlkey(url) not in watched:
            watched.add(urlkey(url))
            listed.append({"url": url} if isinstance(listed[0], dict) else url)
    return tomlkit.dumps(document)
