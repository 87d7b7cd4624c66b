"""Make the demo's sample archive from the pages in demo_pages/.

    python tests/make_demo_archive.py

writes tracker/demo/sample.warc.gz: the same bytes from the same pages.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGES = Path(__file__).parent / "demo_pages"
ARCHIVE = Path(__file__).parent.parent / "tracker" / "demo" / "sample.warc.gz"

_SHELLS = Environment(
    loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


@dataclass(frozen=True)
class Response:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def build() -> bytes:
    """The archive: one record for each capture, in the order of time."""
    plan = tomllib.loads((PAGES / "captures.toml").read_text(encoding="utf-8"))
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    written = {}
    for capture in sorted(plan["capture"], key=lambda one: one["at"]):
        if "revisit_of" in capture:
            record = _revisit(writer, capture, written[capture["revisit_of"]])
        else:
            record = _record(writer, capture, _response(capture, plan["site"]))
            written[capture["at"]] = record
        writer.write_record(record)
    return out.getvalue()


def _record(writer: WARCWriter, capture: dict[str, Any], response: Response):
    return writer.create_warc_record(
        capture["url"],
        "response",
        payload=BytesIO(response.body),
        length=len(response.body),
        http_headers=StatusAndHeaders(response.status, response.headers, protocol="HTTP/1.1"),
        warc_headers_dict=_identity(capture),
    )


def _revisit(writer: WARCWriter, capture: dict[str, Any], original):
    """The same bytes again: the record names the earlier one instead of repeating them."""
    return writer.create_revisit_record(
        capture["url"],
        original.rec_headers.get_header("WARC-Payload-Digest"),
        original.rec_headers.get_header("WARC-Target-URI"),
        original.rec_headers.get_header("WARC-Date"),
        http_headers=original.http_headers,
        warc_headers_dict=_identity(capture),
    )


def _identity(capture: dict[str, Any]) -> dict[str, str]:
    when = _iso(capture["at"])
    name = uuid5(NAMESPACE_URL, f"{when} {capture['url']}")
    return {"WARC-Date": when, "WARC-Record-ID": f"<urn:uuid:{name}>"}


def _response(capture: dict[str, Any], sites: dict[str, Any]) -> Response:
    if "redirect" in capture:
        headers = [("Location", capture["redirect"]), ("Content-Type", "text/html")]
        return Response("301 Moved Permanently", headers, b"<h1>Moved Permanently</h1>\n")
    body = _page(capture, sites[capture["page"].partition("/")[0]]).encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    return Response("200 OK", headers, body)


def _page(capture: dict[str, Any], site: dict[str, Any]) -> str:
    """A policy in its shell, with what is different at every visit."""
    text = (PAGES / capture["page"]).read_text(encoding="utf-8")
    token = sha256(_iso(capture["at"]).encode()).hexdigest()
    views = int(token[:4], 16)
    turn = views % len(site["headlines"])
    return _SHELLS.get_template(capture["shell"]).render(
        site=site,
        title=text.splitlines()[0].removeprefix("# "),
        policy=Markup(as_html(text)),
        token=token,
        views=views,
        year=capture["at"].year,
        headlines=(site["headlines"][turn:] + site["headlines"][:turn])[:3],
    )


def as_html(text: str) -> str:
    """The pages' Markdown: headings, paragraphs, "- " lists, tables with a header row.

    >>> as_html("# Title\\n\\n- a & b")
    '<h1>Title</h1>\\n<ul>\\n<li>a &amp; b</li>\\n</ul>'
    """
    return "\n".join(_chunks(chunk.splitlines() for chunk in text.strip().split("\n\n")))


def _chunks(chunks: Iterable[list[str]]) -> Iterator[str]:
    for lines in chunks:
        first = lines[0]
        if first.startswith("#"):
            level = len(first) - len(first.lstrip("#"))
            yield f"<h{level}>{escape(first.lstrip('# '))}</h{level}>"
        elif first.startswith("- "):
            items = (f"<li>{escape(line[2:])}</li>\n" for line in lines)
            yield f"<ul>\n{''.join(items)}</ul>"
        elif first.startswith("|"):
            rows = (_row(line, "td") for line in lines[2:])
            yield f"<table>\n{_row(first, 'th')}{''.join(rows)}</table>"
        else:
            yield f"<p>{escape(' '.join(lines))}</p>"


def _row(line: str, tag: str) -> str:
    cells = (f"<{tag}>{escape(cell.strip())}</{tag}>" for cell in line.strip("|").split("|"))
    return f"<tr>{''.join(cells)}</tr>\n"


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    ARCHIVE.write_bytes(build())
