"""A scriptable Wayback Machine on 127.0.0.1, and a clock that never makes a test wait.

    with LoopbackArchive() as archive:
        archive.hold("http://a.example/privacy", "20150612133724", "<p>old</p>")
        archive.next(throttled(), on="replay")
        wayback = open_archive(archive.settings(tmp_path))

It speaks real HTTP over real sockets and behaves as recorded traffic of the Wayback Machine does:
7-field rows sorted by key, resume keys of the old kind that skip the rest of a second, mementos
only with Memento-Datetime, nearest captures by redirect, archived redirects with a Location that
points back into the archive, redirects onto the same key skipped. Every fault is a function of the
request's handler, queued with `next`.
"""

import base64
import contextlib
import hashlib
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from tracker import timestamps
from tracker.archive import ArchiveSettings
from tracker.urlkey import urlkey

Fault = Callable[["Handler"], None]


class Clock:
    """Wall-clock seconds that pass only by sleeping."""

    def __init__(self, at: float = 1_790_000_000.0) -> None:
        self.at = at
        self.slept: list[float] = []
        self.on_sleep: Callable[[], None] | None = None

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        if self.on_sleep:
            self.on_sleep()


@dataclass(frozen=True)
class Held:
    """One capture, as crawled."""

    url: str
    timestamp: str
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    mimetype: str = "text/html"
    digest: str = ""
    revisit: bool = False
    playable: bool = True

    @property
    def row(self) -> str:
        kind, status = ("warc/revisit", "-") if self.revisit else (self.mimetype, str(self.status))
        fields = (urlkey(self.url), self.timestamp, self.url, kind, status, self.digest)
        return " ".join((*fields, str(len(self.body) // 3 + 300)))


@dataclass(frozen=True)
class Request:
    lane: str  # "cdx", "replay", "save", "other"
    path: str  # with the query
    headers: dict[str, str]
    connection: int  # which TCP connection it came over

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


@dataclass
class LoopbackArchive:
    locations: str = "http"  # form of archived redirects: http, https, "//", path, site
    resume_keys: bool = True
    held: list[Held] = field(default_factory=list)
    raw_rows: list[str] = field(default_factory=list)  # listed for every URL, as they are
    requests: list[Request] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    notices: list[str] = field(default_factory=list)
    _faults: list[tuple[str, Fault]] = field(default_factory=list)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "LoopbackArchive":
        self._listen(0)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self.refuse()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, state_dir: Path, **changes) -> ArchiveSettings:
        """Settings of a fast, patient, sleepless client of this archive."""
        settings = ArchiveSettings(
            url=self.url,
            kind="wayback",
            cdx_per_minute=1e12,
            replays_per_minute=1e12,
            timeout=5,
            state_dir=state_dir,
            clock=self.clock,
            sleep=self.clock.sleep,
            jitter=lambda: 0.0,
            notify=self.notices.append,
        )
        return replace(settings, **changes)

    # What it holds

    def hold(self, url: str, timestamp: str, body: str | bytes = b"", status: int = 200, **more):
        """Keep a capture; its digest is that of the body unless told otherwise."""
        raw = body.encode() if isinstance(body, str) else body
        sha1 = base64.b32encode(hashlib.sha1(raw).digest()).decode()
        held = Held(url, timestamp, raw, status, **{"digest": sha1, **more})
        self.held.append(held)
        return held

    def redirect(self, url: str, timestamp: str, target: str, status: int = 301, **more):
        return self.hold(url, timestamp, b"", status, headers=(("Location", target),), **more)

    # What goes wrong

    def next(self, *faults: Fault, on: str = "") -> None:
        """The next requests, on one lane or any, meet these faults instead of an answer."""
        self._faults += [(on, fault) for fault in faults]

    def mend(self) -> None:
        """No more faults."""
        self._faults.clear()

    def refuse(self) -> None:
        """Connections are refused, kept ones closed."""
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def listen_again(self) -> None:
        self._listen(self.port)

    # What was asked

    def count(self, lane: str) -> int:
        return sum(request.lane == lane for request in self.requests)

    @property
    def connections(self) -> int:
        return len({request.connection for request in self.requests})

    # How it answers

    def _listen(self, port: int) -> None:
        self._connections: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", port), Handler)
        self._server.archive = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def fault(self, lane: str) -> Fault | None:
        for index, (on, _) in enumerate(self._faults):
            if on in ("", lane):
                return self._faults.pop(index)[1]
        return None

    def cdx(self, handler: "Handler", query: dict[str, str]) -> None:
        if "url" not in query:
            return handler.answer(400, b"The url= parameter is required\n")
        page, key = self._page(query)
        text = "".join(f"{row}\n" for row in page)
        if key and query.get("showResumeKey") == "true":
            text += f"\n{key}\n"
        handler.answer(200, text.encode(), (("Content-Type", "text/plain"),))
        return None

    def _page(self, query: dict[str, str]) -> tuple[list[str], str]:
        start, end = query.get("from", "0"), query.get("to", "9")
        key = urlkey(query["url"])
        # Compared as strings, not validated; an end of fewer digits counts to its last second.
        rows = sorted(
            held.row
            for held in self.held
            if urlkey(held.url) == key
            and start <= held.timestamp
            and held.timestamp[: len(end)] <= end
        )
        after = _resume_point(query.get("resumeKey", ""))
        # The key of old: "urlkey timestamp+1", so the rest of the second is skipped.
        rows = [row for row in rows if not after or row.split(" ")[1] > after]
        rows += self.raw_rows if not after else []
        size = int(query.get("limit", "150000"))
        if len(rows) < size:
            return rows, ""
        page = rows[:size]
        return page, _resume_key(page[-1]) if self.resume_keys else ""

    def replay(self, handler: "Handler", timestamp: str, url: str) -> None:
        key = urlkey(url)
        variants = [held for held in self.held if urlkey(held.url) == key and held.playable]
        if not variants:
            return handler.answer(404, b"<h1>Not Found</h1>")
        nearest = min(
            variants,
            key=lambda h: (_distance(h.timestamp, timestamp), h.url != url, _same_key(h, key)),
        )
        if _same_key(nearest, key) and len(variants) > 1:
            others = [held for held in variants if held is not nearest]
            nearest = min(others, key=lambda h: _distance(h.timestamp, timestamp))
        if timestamps.from_index(timestamp) != timestamps.from_index(nearest.timestamp):
            return self._found(handler, nearest)
        return self._play(handler, nearest)

    def _found(self, handler: "Handler", held: Held) -> None:
        """The nearest capture, by a redirect that is no memento."""
        reason = f"found capture at {held.timestamp}"
        headers = (
            ("Location", f"{self.url}/web/{held.timestamp}id_/{held.url}"),
            ("x-archive-redirect-reason", reason),
        )
        handler.answer(302, b"", headers)

    def _play(self, handler: "Handler", held: Held) -> None:
        at = timestamps.from_index(held.timestamp)
        headers = [
            ("Memento-Datetime", format_datetime(at, usegmt=True)),
            ("Link", f'<{held.url}>; rel="original", <{self.url}/web/{held.url}>; rel="timegate"'),
            ("x-archive-src", "CRAWL-2015/CRAWL-20150612.warc.gz"),
            ("x-archive-orig-server", "nginx"),
        ]
        for name, value in held.headers:
            if name.lower() == "location":
                headers.append((name, self._location(held, value)))
            elif name.lower() == "content-encoding":
                headers.append((name, value))
            headers.append((f"x-archive-orig-{name.lower()}", value))
        if not any(name.lower() == "content-type" for name, _ in held.headers):
            headers.append(("Content-Type", held.mimetype))
        handler.answer(held.status, held.body, headers)

    def _location(self, held: Held, target: str) -> str:
        url = urljoin(held.url, target)
        path = f"/web/{held.timestamp}id_/{url}"
        here = f"//127.0.0.1:{self.port}{path}"
        forms = {"http": "http:" + here, "https": "https:" + here, "//": here, "path": path}
        return forms.get(self.locations, target)

    def timemap(self, handler: "Handler", url: str) -> None:
        rows = [held for held in self.held if urlkey(held.url) == urlkey(url)]
        lines = [f'<{url}>; rel="original"']
        for held in rows:
            at = format_datetime(timestamps.from_index(held.timestamp), usegmt=True)
            address = f"{self.url}/web/{held.timestamp}/{held.url}"
            lines.append(f'<{address}>; rel="memento"; datetime="{at}"')
        body = ",\n".join(lines).encode()
        status = 200 if rows else 404
        handler.answer(status, body, (("Content-Type", "application/link-format"),))

    def save(self, handler: "Handler", url: str) -> None:
        at = timestamps.digits(datetime.fromtimestamp(self.clock(), UTC))
        handler.answer(302, b"", (("Location", f"https://web.archive.org/web/{at}/{url}"),))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    archive: LoopbackArchive

    def handle_error(self, request, client_address) -> None:
        """Cut connections are what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.archive._connections.add(self.connection)

    def finish(self) -> None:
        self.server.archive._connections.discard(self.connection)
        super().finish()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        archive = self.server.archive
        lane, act = self._route(archive)
        archive.requests.append(
            Request(lane, self.path, dict(self.headers), self.client_address[1])
        )
        fault = archive.fault(lane)
        if fault:
            fault(self)
        else:
            act()

    def _route(self, archive: LoopbackArchive) -> tuple[str, Callable[[], None]]:
        path, _, query = self.path.partition("?")
        if path == "/cdx/search/cdx":
            values = {name: found[0] for name, found in parse_qs(query).items()}
            return "cdx", lambda: archive.cdx(self, values)
        if path.startswith("/web/timemap/link/"):
            return "cdx", lambda: archive.timemap(self, self.path[len("/web/timemap/link/") :])
        if path.startswith("/web/"):
            timestamp, _, url = self.path[len("/web/") :].partition("/")
            wanted = timestamp.removesuffix("id_")
            return "replay", lambda: archive.replay(self, wanted, unquote(url))
        if path.startswith("/save/"):
            return "save", lambda: archive.save(self, self.path[len("/save/") :])
        return "other", lambda: self.answer(404, b"<h1>Not Found</h1>")

    def answer(self, status: int, body: bytes, headers=(), *, announce: int | None = None) -> None:
        self.close_connection |= announce is not None
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if announce is None else announce))
        self.end_headers()
        self.wfile.write(body)


# Faults


def says(status: int, body: str | bytes = b"", headers=(), **more) -> Fault:
    """A plain answer, of the archive's own and not a memento."""
    raw = body.encode() if isinstance(body, str) else body

    def fault(handler: Handler) -> None:
        handler.answer(status, raw, headers, **more)

    # What pytest calls the case by.
    fault.__name__ = f"{status} {raw[:24].decode(errors='replace')!r}"
    return fault


def throttled(retry_after: str | None = None) -> Fault:
    """429 as EDGI recorded it on 2020-06-19; no Retry-After was ever seen from web.archive.org."""
    headers = (("Retry-After", retry_after),) if retry_after else ()
    body = "<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given"
    return says(429, body + " amount of time.</body></html>", headers)


def abuse_page(status: int = 200) -> Fault:
    """The block page of 2026-09, by one report with status 200."""
    return says(
        status,
        "Your request is being blocked because our system has flagged it as suspected abusive bot "
        "traffic that is degrading the performance of the Wayback Machine",
    )


def outage_page(status: int = 503) -> Fault:
    page = "<!DOCTYPE html><html><head><title>Internet Archive: Temporarily Offline</title></head>"
    return says(status, page + "<body>Temporarily Offline</body></html>")


def blocked_2020() -> Fault:
    cause = (
        "org.archive.util.io.RuntimeIOException: "
        "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
    )
    return says(403, cause, (("X-Archive-Wayback-Runtime-Error", cause),))


def blocked_2022() -> Fault:
    """The newer service: an empty body, the header alone says so."""
    cause = "AdministrativeAccessControlException: Blocked Site Error"
    return says(403, b"", (("X-Archive-Wayback-Runtime-Error", cause),))


def blocked_by_robots() -> Fault:
    cause = "org.archive.wayback.exception.RobotAccessControlException: Blocked By Robots"
    return says(403, cause)


def excluded() -> Fault:
    return says(200, "<html><p>This URL has been excluded from the Wayback Machine.</p></html>")


def reset(handler: Handler) -> None:
    handler.close_connection = True
    _reset(handler.connection)


def hang_up(handler: Handler) -> None:
    """An empty reply."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def stall(handler: Handler) -> None:
    """No answer until the archive closes."""
    handler.close_connection = True
    handler.server.archive._closing.wait(30)


def stall_in_body(handler: Handler) -> None:
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"com,example)/ 2015")
    handler.server.archive._closing.wait(30)


def drip(handler: Handler) -> None:
    """Each byte in time, the whole without end."""
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.archive._closing.is_set():
        handler.wfile.write(b"x")
        time.sleep(0.01)


def short(handler: Handler) -> None:
    """Fewer bytes than announced."""
    handler.close_connection = True
    handler.answer(200, b"com,example)/ 2015", announce=1000)


def short_chunked(handler: Handler) -> None:
    """A chunked body without its last chunk."""
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"64\r\ncom,example)/ 2015")


def _reset(connection: socket.socket) -> None:
    """RST instead of FIN, at once: close() would wait for the handler's files."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(connection.detach())


def _distance(one: str, other: str) -> float:
    return abs((timestamps.from_index(one) - timestamps.from_index(other)).total_seconds())


def _same_key(held: Held, key: str) -> bool:
    """Redirects onto the same key are skipped in replay."""
    target = dict(held.headers).get("Location")
    return bool(target) and urlkey(urljoin(held.url, target)) == key


def _resume_key(row: str) -> str:
    return base64.urlsafe_b64encode(row.rsplit(" ", 5)[0].encode()).decode()


def _resume_point(key: str) -> str:
    try:
        return base64.urlsafe_b64decode(key).decode().split(" ")[1] if key else ""
    except (ValueError, IndexError):
        return ""
