"""A PDF's text layer into blocks: reading order, paragraphs, headings by size."""

import io
import re
import statistics
import warnings
from collections import Counter
from itertools import pairwise

from tracker.normalize.grid import with_rows
from tracker.normalize.layout import TextLine, page_lines
from tracker.normalize.lines import Line, line_of
from tracker.normalize.page import Page
from tracker.normalize.plain import page_of

MAX_PAGES = 400  # the longest policy seen has 90

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|pagina|seite|página|p\.)\W*)?\d{1,4}\W*(?:(?:of|van|von|de|sur|/)\W*\d{1,4})?\W*"
    # A browser's own: "5/3/18, 10:33 AM Privacy", "https://lark.example/privacy 1/2".
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d.{0,100}|\w{3,5}:/{2,3}\S+ \d{1,3} ?/ ?\d{1,3}",
    re.I,
)
_NOTE = re.compile(r"(?:\d{1,2}[.)]?|[*†‡]{1,3}) ?[^\W\d_]")
_SMALL = 0.92  # size of a footnote's type, of the text's
_EDGE = 2  # lines at the top and at the bottom of a page that may be furniture
_ENDED = re.compile(r"""[.!?:;]["'”’»)\]]*$""")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08]")


def read_pdf(body: bytes) -> Page:
    """The page of a PDF; `problem` names why there is no text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(body)
    except Exception as error:  # noqa: BLE001  pypdf raises whatever a broken file provokes
        return Page(problem=f"a broken PDF ({type(error).__name__}: {error})"[:200])


def _read(body: bytes) -> Page:
    from pypdf import PdfReader  # 0.3 s to import, and few policies are PDFs
    from pypdf.errors import DependencyError, FileNotDecryptedError

    reader = PdfReader(io.BytesIO(body))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        if len(reader.pages) > MAX_PAGES:
            return Page(problem=f"a PDF of {len(reader.pages)} pages; no policy is so long")
        pages = [page_lines(page) for page in reader.pages]
    except (DependencyError, FileNotDecryptedError):
        return Page(problem="an encrypted PDF: its text needs a password")
    text = "".join(line.text for lines in pages for line in lines)
    if not pages:
        return Page(problem="a PDF without pages")
    if len(text) < 20 * len(pages):
        return Page(problem="a scanned PDF: its pages are pictures without a text layer")
    if len(_UNREADABLE.findall(text)) > 0.1 * len(text):
        return Page(problem="a PDF whose fonts do not say which letters they show")
    pages = _notes_last(_without_furniture(pages))
    return page_of(_marked(_joined([with_rows(lines) for lines in pages])))


def _without_furniture(pages: list[list[TextLine]]) -> list[list[TextLine]]:
    """The pages without page numbers and the heads and feet that run through them."""
    seen = Counter(key for lines in pages for key in {_numberless(line) for line in _edges(lines)})
    often = max(2, len(pages) // 2)
    kept = []
    for lines in pages:
        running = [
            line
            for line in _edges(lines)
            if _PAGE_NUMBER.fullmatch(line.text)
            or (len(pages) > 1 and seen[_numberless(line)] >= often)
        ]
        kept.append([line for line in lines if line not in running])
    return kept


def _edges(lines: list[TextLine]) -> list[TextLine]:
    ordered = sorted(lines, key=lambda line: -line.y)
    return ordered[:_EDGE] + ordered[_EDGE:][-_EDGE:]


def _numberless(line: TextLine) -> str:
    return re.sub(r"\d+", "#", line.text).casefold()


def _notes_last(pages: list[list[TextLine]]) -> list[list[TextLine]]:
    """The pages with their footnotes on a page of their own at the end: between the pages they
    would cut sentences, and their place would change with every line added above."""
    letters: Counter[float] = Counter()
    for line in (line for lines in pages for line in lines):
        letters[line.size] += len(line.text)
    body = max(letters, key=lambda size: letters[size], default=0.0)
    notes: list[TextLine] = []
    texts = []
    for lines in pages:
        lowest = min((line.y for line in lines if line.size > _SMALL * body), default=0.0)
        small = [line for line in lines if line.y < lowest and line.size <= _SMALL * body]
        start = next((n for n, line in enumerate(small) if _NOTE.match(line.text)), len(small))
        notes += small[start:]
        texts.append([line for line in lines if line not in small[start:]])
    return [*texts, notes]


def _joined(pages: list[list[TextLine]]) -> list[TextLine]:
    """Paragraphs: lines put together, words broken at a line's end made whole."""
    lines = [line for page in pages for line in page]
    leadings = _leadings(lines)
    words = Counter(word for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text))
    paragraphs: list[TextLine] = []
    last: TextLine | None = None
    for line in lines:
        leading = leadings[_setting(line)]
        if last and _goes_on(paragraphs[-1], last, line, leading):
            paragraphs[-1] = paragraphs[-1].longer(_glued(paragraphs[-1].text, line.text, words))
        else:
            paragraphs.append(line)
        last = line
    return paragraphs


def _setting(line: TextLine) -> tuple[int, int, float]:
    return (line.page, line.column, line.size)


def _leadings(lines: list[TextLine]) -> dict[tuple[int, int, float], float]:
    """The usual distance of two base lines, for each column and size of type."""
    gaps: dict[tuple[int, int, float], list[float]] = {_setting(line): [] for line in lines}
    for above, line in pairwise(lines):
        if _setting(above) == _setting(line) and 0 < above.y - line.y < 4 * line.size:
            gaps[_setting(line)].append(above.y - line.y)
    return {
        setting: statistics.median_low(found) if found else 1.3 * setting[2]
        for setting, found in gaps.items()
    }


def _goes_on(paragraph: TextLine, last: TextLine, line: TextLine, leading: float) -> bool:
    """Whether `line` belongs to the paragraph that `last` is the end of."""
    if line.row or paragraph.row:
        return False
    if abs(line.size - last.size) > 0.08 * last.size or line.bold != last.bold:
        return False
    if line_of(line.text).kind == "item":
        return False
    if line.page != last.page or line.column != last.column or line.y > last.y:
        return not _ENDED.search(last.text) and line.text[:1].islower()
    if last.y - line.y > 1.35 * leading:
        return False
    ended_early = last.end < last.right - 0.2 * (last.right - last.left)
    if _ENDED.search(last.text) and ended_early:
        return False
    is_item = line_of(paragraph.text).kind == "item"
    return is_item or line.x <= last.x + line.size or not _ENDED.search(last.text)


def _glued(above: str, below: str, words: Counter[str]) -> str:
    """Two lines of a paragraph as one. A hyphen between them goes, unless the document writes
    the word with it elsewhere and never without."""
    broken = re.search(r"(\w+)[-\u00ad\u2010]$", above)
    following = re.match(r"\w+", below)
    if not broken or not following:
        return f"{above} {below}"
    if not following[0][0].islower():  # "Third-" "Party"
        return above + below
    whole, hyphened = broken[1] + following[0], f"{broken[1]}-{following[0]}"
    hyphen = "-" if words[hyphened] and not words[whole] else ""
    return above[:-1] + hyphen + below


def _marked(paragraphs: list[TextLine]) -> list[Line]:
    """The paragraphs as lines, those in larger or bolder type than the body as headings."""
    letters: Counter[tuple[float, bool]] = Counter()
    for paragraph in paragraphs:
        letters[(paragraph.size, paragraph.bold)] += len(paragraph.text)
    (body, heavy), _ = max(letters.items(), key=lambda entry: entry[1], default=((0.0, False), 0))
    headings = {
        (-line.size, not line.bold)
        for line in paragraphs
        if _stands_out(line, body, body_is_bold=heavy)
    }
    levels = {look: level for level, look in enumerate(sorted(headings), start=1)}
    lines = []
    for paragraph in paragraphs:
        if paragraph.row:
            lines.append(Line("row", paragraph.text, cells=paragraph.row, header=paragraph.bold))
        elif _stands_out(paragraph, body, body_is_bold=heavy):
            level = min(levels[(-paragraph.size, not paragraph.bold)], 6)
            lines.append(Line("heading", paragraph.text, level=level))
        else:
            lines.append(line_of(" " * paragraph.indent + paragraph.text))
    return lines


def _stands_out(line: TextLine, body: float, *, body_is_bold: bool) -> bool:
    if line.row:
        return False
    larger = line.size >= 1.12 * body
    bolder = line.bold and not body_is_bold and line.size >= 0.95 * body
    short = len(line.text.split()) <= (25 if larger else 15)
    return (larger or bolder) and short and not line.text.endswith((".", ";", ","))
