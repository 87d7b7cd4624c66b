"""Ask Save Page Now for a capture: waybackpy's way of asking, our transport under it."""

from urllib.parse import urljoin

from requests.structures import CaseInsensitiveDict
from waybackpy.exceptions import WaybackError
from waybackpy.save_api import WaybackMachineSaveAPI

from tracker.archive.settings import WAYBACK_MACHINE, ArchiveSettings, base_url
from tracker.archive.transport import Transport, user_agent
from tracker.errors import ConfigError, Unavailable


class _Save(WaybackMachineSaveAPI):
    """waybackpy's own transport retries and sleeps by itself, past our limiter."""

    def __init__(self, transport: Transport, settings: ArchiveSettings, url: str) -> None:
        super().__init__(url, user_agent(settings), max_tries=1)
        self._base = base_url(settings)
        self.request_url = f"{self._base}/save/{self.url}"
        self._transport = transport

    def get_save_request_headers(self) -> None:
        # A capture takes the archive a while; asking again would ask for another one.
        answer = self._transport.get(self.request_url, "replay", tries=1)
        self.headers = CaseInsensitiveDict(answer.headers)
        self.status_code = answer.status
        named = answer.headers.get("content-location") or answer.headers.get("location", "")
        # waybackpy looks for absolute addresses of the Wayback Machine alone.
        place = urljoin(self.request_url, named).removeprefix(self._base)
        self.response_url = urljoin(f"https://{WAYBACK_MACHINE}", place)


def save_page_now(transport: Transport, settings: ArchiveSettings, url: str) -> None:
    """Return once the archive names the new capture; it is listed minutes to hours later."""
    if not settings.save_page_now:
        raise ConfigError("Save Page Now is off; to use it: [archive] save_page_now = true")
    try:
        _Save(transport, settings, url).save()
    except (WaybackError, ValueError) as error:
        raise Unavailable(f"Save Page Now did not confirm a capture of {url}") from error
