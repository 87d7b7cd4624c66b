"""A real archive server for tests: pywb in a process of its own, on a collection made here.

    warc = WarcFile(folder / "a.warc.gz")
    warc.response("http://a.example/privacy", "2015-06-12T13:37:24Z", b"<p>old</p>")
    warc.close()
    with serve(folder, [folder / "a.warc.gz"]) as url:
        open_archive(ArchiveSettings(url=url, kind="pywb", ...))

pywb is written by others and knows nothing of this program, which is what makes it a witness.
"""

import contextlib
import io
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

# gevent's server with port 0 says which port it got; pywb's own command wants a number.
_SERVER = """
from gevent.monkey import patch_all; patch_all()
import sys
from pywb.manager.manager import main
main(["init", sys.argv[1]])
main(["add", *sys.argv[1:]])
from gevent.pywsgi import WSGIServer
from pywb.apps.frontendapp import FrontEndApp
server = WSGIServer(("127.0.0.1", 0), FrontEndApp(), log=None)
server.start()
print("listens on", server.server_port, flush=True)
server.serve_forever()
"""


class WarcFile:
    """warc.response(URL, "2015-06-12T13:37:24Z", b"...") appends a record."""

    def __init__(self, path, *, compress=True):
        self._file = path.open("wb")
        self._warc = WARCWriter(self._file, gzip=compress)

    def response(self, url, date, body, status="200 OK", *, headers=(), **warc_headers):
        http = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], "HTTP/1.1")
        record = self._warc.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": date, **warc_headers},
        )
        self._warc.write_record(record)

    def revisit(self, url, date, of, of_date, sha1):
        record = self._warc.create_revisit_record(
            url, sha1, of, of_date, warc_headers_dict={"WARC-Date": date}
        )
        self._warc.write_record(record)

    def close(self):
        self._file.close()


@contextlib.contextmanager
def serve(folder: Path, warcs: Iterable[Path], collection: str = "web") -> Iterator[str]:
    """Yield the collection's address."""
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _SERVER, collection, *map(str, warcs)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with server:
        try:
            said = (line.split() for line in server.stdout)  # pywb talks of its settings first
            port = next((words[-1] for words in said if words[:2] == ["listens", "on"]), None)
            assert port, "pywb did not start"
            yield f"http://127.0.0.1:{port}/{collection}"
        finally:
            server.kill()
