"""All clauses of a document: sentences and list items, read with heading and lead-in."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, repeat

from tracker.clauses.language import guess
from tracker.clauses.lexicon import Lexicon, load_lexicon
from tracker.clauses.subject import Subject
from tracker.clauses.tag import Finding, findings, resolve, units
from tracker.model import Block, Clause, Document
from tracker.text import is_date_line, sentences

Part = tuple[str, str, str]  # a text, what stands over it, and the name of its row

_NAME = 80  # characters; a longer first cell says something by itself


def find_clauses(
    document: Document, language: str | None = None, *, lexicon: Lexicon | None = None
) -> list[Clause]:
    """Every clause in reading order; a sentence on several topics gives several.

    A facet ("international_transfer.eu_us_privacy_shield") comes behind the clause of its topic.
    """
    lexicon = lexicon or load_lexicon()
    language = resolve(language or document.language) or guess(document.text)
    subject = Subject(document, language)
    found = []
    header: tuple[str, ...] = ()
    for number, block, lead in with_leads(document.blocks):
        heading = block.section[-1] if block.section else ""
        if block.kind != "row":
            header = ()
        elif block.header:
            header = block.cells
            continue  # names of columns
        parts = _parts(block, header, heading)
        found += [
            Clause(
                topic=finding.topic,
                stance=finding.stance,
                quote=sentence,
                section=heading,
                rule=finding.rule,
                block=number,
                action=finding.action,
                lead_in=led_in,
            )
            for sentence, led_in, finding in _read(parts, language, lexicon, lead)
            if subject.fits(
                lexicon.topics[finding.topic.partition(".")[0]],
                block.section,
                led_in,
                sentence,
                words=finding.by_words,
            )
        ]
    return found


def _parts(block: Block, header: tuple[str, ...], heading: str) -> tuple[Part, ...]:
    """The text of a block, or of a table row's cells, each with what stands over it."""
    if block.kind != "row" or not block.cells:
        return ((block.text, heading, ""),)
    columns = chain(header, repeat(""))
    rows = chain(("",), repeat(_name(block.cells[0])))
    return tuple(
        (cell, f"{column}. {heading}", row)
        for cell, column, row in zip(block.cells, columns, rows, strict=False)
    )


def _name(first: str) -> str:
    """What a row is about: its first cell, unless that is a text of its own. Shown with the clauses
    of the other cells, which say little alone ("two years"); not read with them."""
    is_name = any(map(str.isalpha, first)) and not first.endswith((".", ":"))
    return first if is_name and len(first) <= _NAME else ""


@lru_cache(maxsize=20_000)
def _read(
    parts: tuple[Part, ...], language: str, lexicon: Lexicon, lead: str
) -> tuple[tuple[str, str, Finding], ...]:
    """Each sentence of texts under headings, with what leads it in and what it says. A lead-in ends
    with the first sentence of its item: a second one stands on its own.

    Remembered: nine of ten blocks of a changed policy were in the version before. When a policy
    was updated is the version's to tell: a clause of it would be reworded by each new date.
    """
    return tuple(
        (sentence, led_in or row, finding)
        for text, heading, row in parts
        for sentence, led_in in zip(units(text), chain((lead,), repeat("")), strict=False)
        if not is_date_line(sentence)
        for finding in findings(sentence, language, lexicon, led_in, heading)
    )


def with_leads(blocks: tuple[Block, ...]) -> Iterator[tuple[int, Block, str]]:
    """Each block but headings, with the sentence that introduces the list it is in.

    A list's lead-in is the last sentence before it, if that ends with a colon; a nested list's,
    the item above it, and where that introduces nothing, the lead-in of the outer list.
    """
    leads = [""]
    for number, block in enumerate(blocks):
        if block.kind == "item":
            depth = max(block.level, 1)
            leads = [*leads, *[leads[-1]] * (depth - len(leads) + 1)][: depth + 1]
            yield number, block, leads[depth - 1]
            leads[depth:] = [_lead(block.text) or leads[depth - 1]]
        elif block.kind == "heading":
            leads = [""]
        else:
            yield number, block, ""
            leads = [_lead(block.text)]


def _lead(text: str) -> str:
    """The last sentence of a block that introduces a list."""
    return sentences(text)[-1] if text.rstrip().endswith((":", ": *")) else ""
