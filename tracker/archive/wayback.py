"""Archives asked over HTTP: the Wayback Machine and its like, and pywb collections."""

from datetime import datetime

from tracker.archive import cdx
from tracker.archive.replay import Replay
from tracker.archive.save import save_page_now
from tracker.archive.settings import ArchiveSettings, base_url
from tracker.archive.transport import Transport
from tracker.model import Capture, Listing, Memento


class Wayback:
    """Index at `{url}/cdx/search/cdx`, mementos at `{url}/web/`."""

    def __init__(self, settings: ArchiveSettings, transport: Transport) -> None:
        self.name = base_url(settings)
        self._settings = settings
        self._transport = transport
        self._replay = Replay(transport, f"{self.name}/web/", settings.redirect_window)

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
        return cdx.list_wayback(
            self._transport,
            self.name,
            url,
            period=cdx.period(since, until),
            resume_key=resume_key,
            now=now,
        )

    def fetch(self, capture: Capture) -> Memento:
        return self._replay.fetch(capture)

    def save(self, url: str) -> None:
        save_page_now(self._transport, self._settings, url)

    def close(self) -> None:
        self._transport.close()


class Pywb(Wayback):
    """A collection: index at `{url}/cdx`, mementos at `{url}/`."""

    def __init__(self, settings: ArchiveSettings, transport: Transport) -> None:
        super().__init__(settings, transport)
        self._replay = Replay(transport, f"{self.name}/", settings.redirect_window)

    def list(
        self,
        url: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        resume_key: str | None = None,
        now: datetime,
    ) -> Listing:
        return cdx.list_pywb(
            self._transport,
            self.name,
            url,
            period=cdx.period(since, until),
            resume_key=resume_key,
            now=now,
        )
