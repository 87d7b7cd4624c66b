"""An HTTP server for the tests of webhooks and monitors."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LATE = 200  # after a while


class Receiver:
    """An HTTP server that keeps what it got and answers as told, 204 at last."""

    def __init__(self, server) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}/hook?token=secret"
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int | None] = []  # None: hangs up


@contextmanager
def receiving():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.got.append((self.path, dict(self.headers.items()), body))
            answer = receiver.answers.pop(0) if receiver.answers else 204
            if answer == LATE:
                time.sleep(0.3)
            if answer is None:
                self.connection.close()
                return
            self.send_response(answer)
            if answer == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
