"""One polite HTTP session: paced, patient within bounds, each answer read to its end or refused.

Requests go out one at a time on one kept connection, whatever the number of threads.
"""

import http.client
import os
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from tracker import timestamps
from tracker.archive import answers, pace
from tracker.archive.answers import Answer
from tracker.archive.pace import Lane, Pace
from tracker.archive.settings import ArchiveSettings, base_url
from tracker.errors import Blocked, DamagedBody, Unavailable, Unplayable

_TRIES_WHEN_REFUSED = 2
_TRIES_WHEN_FAILING = 4
_TRIES_WHEN_DAMAGED = 2
# So many requests in a row that failed to their last try are the archive's trouble, not theirs.
_DOWN = 3
_FIRST_BACKOFF = 2.0
_LONGEST_BACKOFF = 60.0
# A body may take this many timeouts in all: each read can be in time and the whole endless.
_WHOLE_BODY = 10
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Refused(Exception):
    """The archive wants us to stop: (reason, Retry-After or None)."""


class _Failed(Exception):
    """It may work in a moment: (reason, Retry-After or None)."""


class _Slow(_Failed):
    """It may work in a moment, or when asked for less."""


class TooSlow(Unavailable):
    """Gave no answer in time, or its gateway did not: asking for less may help."""


def decodable(answer: Answer) -> None:
    """DamagedBody where the body's compression is broken."""
    _ = answer.body


class Transport:
    """Unavailable carries `retry_after` where nothing more can be had from the archive for now,
    and none where this one request failed and the next may not."""

    def __init__(self, settings: ArchiveSettings) -> None:
        self._settings = settings
        self._base = base_url(settings)
        self._pace = Pace(settings)
        self._session = _session(settings, self._base)
        self._turn = threading.Lock()
        self._reached = False  # it has answered something in this run
        self._failures = 0  # requests in a row that failed to their last try
        self.sent: Counter[Lane] = Counter()

    def get(
        self,
        url: str,
        lane: Lane,
        *,
        check: Callable[[Answer], None] = decodable,
        tries: int = _TRIES_WHEN_FAILING,
    ) -> Answer:
        """The archive's answer, whatever its status, once it is not a refusal or an outage and
        `check` does not call it damaged. Blocked, DamagedBody, Unplayable or Unavailable."""
        refused = failed = damaged = 0
        while True:
            self._pace.wait(lane)
            try:
                return self._answer(url, lane, check)
            except _Refused as refusal:
                refused += 1
                self._stop(*refusal.args, last=refused == _TRIES_WHEN_REFUSED)
            except _Failed as failure:
                failed += 1
                self._back_off(failure, failed, last=failed == tries)
            except DamagedBody as error:
                damaged += 1
                if damaged == _TRIES_WHEN_DAMAGED:
                    raise DamagedBody(f"{url}: {error}, asked for twice") from error

    def close(self) -> None:
        self._session.close()

    def _answer(self, url: str, lane: Lane, check: Callable[[Answer], None]) -> Answer:
        answer = self._exchange(url, lane)
        self._reached = True
        reading = answers.read(answer, lane)
        if reading.meaning in ("throttled", "down"):
            after = answers.retry_after(answer.headers, self._settings.clock())
            if reading.meaning == "throttled":
                raise _Refused(reading.reason, after)
            raise (_Slow if answer.status == 504 else _Failed)(reading.reason, after)
        self._failures = 0
        self._pace.answered()
        if reading.meaning == "blocked":
            raise Blocked(f"{url}: {reading.reason}")
        check(answer)
        return answer

    def _exchange(self, url: str, lane: Lane) -> Answer:
        with self._turn:
            self.sent[lane] += 1
            try:
                response = self._session.get(
                    url, stream=True, allow_redirects=False, timeout=self._settings.timeout
                )
                with response:
                    raw = b"".join(self._pieces(response))
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise self._fault(error, url) from error
        return Answer(url, response.status_code, response.headers, raw, self._settings.max_body)

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        """The body as sent; refused while it streams when it is too long or too slow."""
        size = 0
        deadline = time.monotonic() + self._settings.timeout * _WHOLE_BODY
        # read1 returns what has come; read and stream wait until a whole piece is there.
        while piece := response.raw.read1(1 << 16, decode_content=False):
            size += len(piece)
            if size > self._settings.max_body:
                raise Unplayable(f"{response.url}: larger than {self._settings.max_body} bytes")
            if time.monotonic() > deadline:
                raise _Slow("sends its answer too slowly", None)
            yield piece

    def _fault(self, error: Exception, url: str) -> Exception:
        """What a broken exchange means, from the error and what lies beneath it."""
        causes = list(_causes(error))

        def any_is(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        if any_is(requests.exceptions.ProxyError, ssl.SSLCertVerificationError):
            return Unavailable(
                f"{self._base}: no safe connection can be made ({causes[-1]}); "
                "check the proxy and the certificates of this machine",
                pace.SHORTEST_PAUSE,
            )
        if any_is(ConnectionRefusedError):
            return self._connection_refused()
        if any_is(urllib3.exceptions.NameResolutionError):
            return Unavailable(
                f"{self._base}: the host's name cannot be found; "
                "check the network and [archive] url",
                pace.SHORTEST_PAUSE,
            )
        if any_is(requests.exceptions.InvalidURL, urllib3.exceptions.LocationParseError):
            return Unplayable(f"{url}: not an address that can be asked for")
        if any_is(urllib3.exceptions.TimeoutError, TimeoutError):
            return _Slow(f"did not answer within {self._settings.timeout:g} s", None)
        if any_is(http.client.IncompleteRead):  # urllib3's own is one, too
            return DamagedBody("the body is shorter than announced")
        return _Failed(f"broke the connection ({causes[-1]})", None)

    def _connection_refused(self) -> Exception:
        """Backpressure from an archive that has answered before; else it may not be there."""
        if self._reached:
            return _Refused("refused the connection", None)
        seconds = self._pace.refused(f"{self._base} refused the connection", None)
        self._pace.give_up()
        return Unavailable(
            f"{self._base} refused the connection: it is down, keeps us out, or [archive] url "
            f"is wrong; come back at {self._in(seconds)}",
            seconds,
        )

    def _stop(self, reason: str, retry_after: float | None, *, last: bool) -> None:
        """A pause for everybody; Unavailable where it is too long or the last try is gone."""
        seconds = self._pace.refused(f"{self._base} {reason}", retry_after)
        if last or seconds > pace.PATIENCE:
            self._pace.give_up()
            raise Unavailable(f"{self._base} {reason}; come back at {self._in(seconds)}", seconds)

    def _back_off(self, failure: _Failed, tries: int, *, last: bool) -> None:
        """A sleep that doubles, with jitter; Unavailable after the last try."""
        reason, retry_after = failure.args
        if last or (retry_after or 0) > pace.PATIENCE:
            self._failures += 1
            if self._failures >= _DOWN:
                retry_after = max(retry_after or 0, pace.SHORTEST_PAUSE)
            kind = TooSlow if isinstance(failure, _Slow) else Unavailable
            raise kind(f"{self._base} {reason} (asked {tries} times); try again later", retry_after)
        delay = min(_FIRST_BACKOFF * 2 ** (tries - 1), _LONGEST_BACKOFF)
        delay = max(delay * (1 + self._settings.jitter() / 2), retry_after or 0)
        self._settings.notify(f"{self._base} {reason}: trying again in {delay:.0f} s")
        self._settings.sleep(delay)

    def _in(self, seconds: float) -> str:
        return timestamps.iso(datetime.fromtimestamp(self._settings.clock() + seconds, UTC))


def user_agent(settings: ArchiveSettings) -> str:
    contact = settings.contact.strip()
    return f"policy-tracker/{version('policy-tracker')}" + (f" (+{contact})" if contact else "")


def _session(settings: ArchiveSettings, base: str) -> requests.Session:
    """One connection, no cookies, no password from ~/.netrc; the environment's proxies
    and certificates."""
    session = requests.Session()
    session.trust_env = False
    if urlsplit(base).hostname not in _LOOPBACK:
        session.proxies = get_environ_proxies(base)
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = user_agent(settings)
    session.headers["Accept-Encoding"] = "gzip"
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all it was made of, outermost first."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop(0)
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [getattr(found, "reason", None), found.__cause__, found.__context__]
        waiting += found.args
