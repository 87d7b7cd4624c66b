"""Open the archive the settings name; find out what kind it is where they do not say."""

from collections.abc import Callable, Mapping
from datetime import datetime

from waybackpy.cdx_utils import full_url

from tracker.archive.protocol import Archive
from tracker.archive.settings import (
    ArchiveSettings,
    Kind,
    base_url,
    check,
    is_local,
    is_wayback_machine,
)
from tracker.archive.timemap import TimeMaps, timemap_url
from tracker.archive.transport import Transport
from tracker.archive.warc import WarcArchive
from tracker.archive.wayback import Pywb, Wayback
from tracker.errors import Blocked, ConfigError
from tracker.model import Capture, Listing, Memento

_REMOTE: Mapping[Kind, Callable[[ArchiveSettings, Transport], Archive]] = {
    "wayback": Wayback,
    "pywb": Pywb,
    "timemap": TimeMaps,
}


def open_archive(settings: ArchiveSettings) -> Archive:
    """ConfigError where the settings cannot work. No request is sent yet."""
    check(settings)
    if is_local(settings):
        return WarcArchive(settings)
    transport = Transport(settings)
    if settings.kind is not None:
        return _REMOTE[settings.kind](settings, transport)
    if is_wayback_machine(base_url(settings)):
        return Wayback(settings, transport)
    return _Unknown(settings, transport)


class _Unknown:
    """An archive whose kind shows at the first question."""

    def __init__(self, settings: ArchiveSettings, transport: Transport) -> None:
        self.name = base_url(settings)
        self._settings = settings
        self._transport = transport
        self._found: Archive | None = None

    @property
    def requests(self) -> int:
        return self._transport.sent.total()

    def list(
        self,
        url: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        resume_key: str | None = None,
        now: datetime,
    ) -> Listing:
        archive = self._archive(url)
        return archive.list(url, since=since, until=until, resume_key=resume_key, now=now)

    def fetch(self, capture: Capture) -> Memento:
        return self._archive(capture.original).fetch(capture)

    def save(self, url: str) -> None:
        self._archive(url).save(url)

    def close(self) -> None:
        self._transport.close()

    def _archive(self, url: str) -> Archive:
        if self._found is None:
            kind = detect(self._transport, self.name, url)
            self._found = _REMOTE[kind](self._settings, self._transport)
        return self._found


def detect(transport: Transport, name: str, url: str) -> Kind:
    """The kind of archive at `name`, by asking each kind's index for one row about `url`."""
    questions: tuple[tuple[Kind, str], ...] = (
        ("wayback", full_url(f"{name}/cdx/search/cdx", {"url": url, "limit": "1"})),
        ("pywb", full_url(f"{name}/cdx", {"url": url, "output": "text", "limit": "1"})),
        ("timemap", timemap_url(name, url)),
    )
    for kind, question in questions:
        if _answers(transport, question):
            return kind
    raise ConfigError(
        f'[archive] url = "{name}" answers like no archive known here: no Wayback index at '
        "/cdx/search/cdx, no pywb index at /cdx (for pywb, name the collection: "
        "http://127.0.0.1:8080/COLLECTION), no TimeMaps at /timemap/link/"
    )


def _answers(transport: Transport, question: str) -> bool:
    """An outage page with status 200 is waited out: it tells nothing of the kind."""
    try:
        answer = transport.get(question, "cdx")
    except Blocked:
        return True
    # A TimeMap of no mementos has status 404.
    return answer.status == 200 or "link-format" in answer.headers.get("content-type", "")
