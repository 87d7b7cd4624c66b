"""Any body into a Document. Never raises: what cannot be read says why in `problem`."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model import Document
from tracker.normalize import corpus, dates, sniff
from tracker.normalize import language as languages
from tracker.normalize.page import Page
from tracker.normalize.plain import read_text

if TYPE_CHECKING:
    from tracker.normalize.html import Page as HtmlPage

# The version of all rules in this package; raise it with any change of what comes out, so that
# documents made by other rules are made again instead of compared.
NORMALIZER = "3"


def normalize(
    body: bytes,
    content_type: str | None = None,
    url: str | None = None,
    *,
    select: str | None = None,
    remove: tuple[str, ...] = (),
    language: str | None = None,
) -> Document:
    """The document `body` holds: HTML, PDF, Markdown or plain text, whatever it is served as."""
    page = _page(body, content_type, url, select=select, remove=remove)
    spoken = languages.detect(page.blocks, language or page.lang)
    declared, effective = dates.own_dates(page.blocks, spoken)
    return Document(
        title=page.title,
        blocks=page.blocks,
        language=spoken,
        declared_date=declared,
        effective_date=effective,
        rules=NORMALIZER,
        problem=page.problem,
    )


def _page(
    body: bytes,
    content_type: str | None,
    url: str | None,
    *,
    select: str | None,
    remove: tuple[str, ...],
) -> "Page | HtmlPage":
    """What the reader for this kind of file makes of it. Readers are imported when first needed:
    their libraries take half a second, and most commands read no page."""
    plain, problem = sniff.decompressed(body)
    if not problem and len(plain) > sniff.MAX_BYTES:
        problem = f"larger than {sniff.MAX_BYTES // 1_000_000} MB, which no policy is"
    if problem:
        return Page(problem=problem)
    kind, name = sniff.recognise(plain, content_type)
    if kind == "html":
        from tracker.normalize.html import read_html

        return read_html(plain, content_type, url, select=select, remove=remove)
    if kind == "pdf":
        from tracker.normalize.pdf import read_pdf

        return read_pdf(plain)
    if kind == "text":
        from tracker.normalize import charset

        return _read_text(charset.decode(plain, content_type))
    return Page(problem=f"{name}, not a document")


def _read_text(text: str) -> Page:
    """The page of a text file, a corpus header taken off."""
    header = corpus.read_header(text)
    page = read_text(header.rest if header else text)
    if page.blocks:
        return page
    return replace(page, problem="no text in the file" if text.strip() else "an empty file")
