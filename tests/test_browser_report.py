"""The HTML report in a real browser: nothing asked for, nothing cut off, quotes found."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from threading import Thread

import pytest
from histories import ACME, BELL, MADE, NAMES, hostile
from playwright.sync_api import sync_playwright
from pypdf import PdfReader
from support import require

from tracker import report
from tracker.render import html, links

pytestmark = pytest.mark.browser

QUOTES = (
    "We opt-in, opt-out & more, always-on.",
    "one two three four five six seven eight nine ten, eleven twelve thirteen fourteen-ish.",
    "Wij – één “quote” l’été naïef 100% a+b #1?",
)
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FAR = "<div style='height: 3000px'></div>"


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    require(bool(chromium), "Chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def memento():
    """The address of a page with QUOTES far below one another."""
    page = "<meta charset=utf-8>" + "".join(
        f"{FAR}<p>{quote.replace('&', '&amp;')}</p>" for quote in QUOTES
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write((page + FAR).encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("histories", "scheme", "width"),
    [((ACME, BELL), "light", 360), ((hostile(),), "dark", 1200)],
    ids=["phone", "hostile"],
)
def test_it_fits_and_asks_for_nothing(browser, tmp_path, histories, scheme, width):
    file = tmp_path / "report.html"
    file.write_text(html.render(report.build(histories, now=MADE), NAMES), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))

    page.goto(file.as_uri())
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")

    assert (asked, complaints) == ([file.as_uri()], [])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(f"() => {{ {AXE}; return axe.run(document) }}")["violations"] == []


def test_a_text_fragment_scrolls_to_the_quote(browser, memento):
    for number, quote in enumerate(QUOTES, 1):
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.goto(memento + links.fragment(quote))
        page.wait_for_function("scrollY > 0")

        assert number * 3000 - 800 < page.evaluate("scrollY") < number * 3000 + 200


def test_on_paper_nothing_is_folded(browser, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(html.render(report.build([ACME], now=MADE), NAMES), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.pdf(path=tmp_path / "report.pdf")

    printed = "".join(part.extract_text() for part in PdfReader(tmp_path / "report.pdf").pages)

    assert "there on 2015-06-12 already" in printed  # from the table that a screen shows folded
