"""A PDF's text layer into blocks."""

import io
import warnings

from tracker.normalize.page import Page
from tracker.normalize.plain import read_text


def read_pdf(body: bytes) -> Page:
    """The page of a PDF; `problem` says why there is no text."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = PdfReader(io.BytesIO(body))
            if reader.is_encrypted and not reader.decrypt(""):
                return Page(problem="an encrypted PDF; its text needs a password")
            text = "\n\n".join(page.extract_text() for page in reader.pages)
        except (PyPdfError, ValueError, TypeError, KeyError, RecursionError) as error:
            return Page(problem=f"a broken PDF ({type(error).__name__}: {error})")
    return read_text(text) if text.strip() else Page(problem="a scanned PDF: no text layer")
