"""Full text of all versions: the words of a query as they stand, or at least all of them; quoted
words only as a phrase; any accent or case.

Both databases are given plain words, cut up here, so that they find the same; nothing of a query
but its words reaches them, so no query is a syntax error.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sqlalchemy import Connection, text
from sqlmodel import Session

from tracker.model import Version

Phrases = tuple[tuple[str, ...], ...]

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r'"([^"]*)"?|(\S+)')
# PostgreSQL counts positions up to 16,383; longer texts are indexed in overlapping parts.
_PART, _OVERLAP = 15_000, 50
_CONTEXT = 80  # characters shown on either side ...
_STRETCH = 160  # ... of words no further apart
_MARKS = re.compile(r"^\s*(?:#{1,6}|[-*•])\s", re.M)  # of headings and items

_CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE IF NOT EXISTS version_words USING fts5"
        "(policy UNINDEXED, number UNINDEXED, words, tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE IF NOT EXISTS version_words"
        " (policy text NOT NULL, number integer NOT NULL, words text NOT NULL,"
        " vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED)",
        "CREATE INDEX IF NOT EXISTS version_words_vector ON version_words USING gin (vector)",
        "CREATE INDEX IF NOT EXISTS version_words_policy ON version_words (policy)",
    ),
}


def create(connection: Connection) -> None:
    for statement in _CREATE[connection.dialect.name]:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    connection.execute(text("DROP TABLE IF EXISTS version_words"))


def forget(session: Session, policy: str) -> None:
    session.connection().execute(
        text("DELETE FROM version_words WHERE policy = :policy"), {"policy": policy}
    )


def add(session: Session, versions: Iterable[Version]) -> None:
    rows = [
        {"policy": version.policy, "number": version.number, "words": part}
        for version in versions
        for part in _parts(version.document.text)
    ]
    if rows:
        statement = (
            "INSERT INTO version_words (policy, number, words) VALUES (:policy, :number, :words)"
        )
        session.connection().execute(text(statement), rows)


def find(session: Session, phrases: Phrases) -> dict[str, list[int]]:
    """Policy -> numbers of its versions that hold every phrase."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        match = "version_words MATCH :query"
        terms = {"query": " AND ".join(f'"{" ".join(words)}"' for words in phrases)}
    else:
        terms = {f"phrase{index}": " ".join(words) for index, words in enumerate(phrases)}
        query = " && ".join(f"phraseto_tsquery('simple', :{name})" for name in terms)
        match = f"vector @@ ({query})"
    found = connection.execute(
        text(f"SELECT DISTINCT policy, number FROM version_words WHERE {match}"), terms
    )
    numbers: dict[str, list[int]] = {}
    for policy, number in sorted((str(policy), int(number)) for policy, number in found):
        numbers.setdefault(policy, []).append(number)
    return numbers


def phrases_of(query: str) -> Phrases:
    """
    >>> phrases_of('"Third  parties" don\\'t AND é*')
    (('third', 'parties'), ('don', 't'), ('and',), ('e',))
    """
    pieces = (quoted or word for quoted, word in _PIECE.findall(query))
    return tuple(filter(None, (tuple(_WORD.findall(_folded(piece))) for piece in pieces)))


def readings(query: str) -> Iterator[Phrases]:
    """What a query may mean, best first: who types "may sell" does not look for "you may call" and
    "we do not sell", but better that than nothing.

    >>> list(readings("may sell")), list(readings('"may sell"'))
    ([(('may', 'sell'),), (('may',), ('sell',))], [(('may', 'sell'),)])
    """
    phrases = phrases_of(query)
    if '"' not in query and len(phrases) > 1:
        yield (tuple(word for words in phrases for word in words),)
    if phrases:
        yield phrases


def excerpt(document: str, phrases: Phrases) -> str:
    """Where most of the phrases first stand together, with some words on either side."""
    start, end = _together(_folded(document), phrases)
    left, right = max(0, start - _CONTEXT), min(len(document), end + _CONTEXT)
    before, after = document[left:start], document[end:right]
    if left:
        before = "…" + before.partition(" ")[2]
    if right < len(document):
        after = after.rpartition(" ")[0] + "…"
    return " ".join(_MARKS.sub("", before + document[start:end] + after).split())


def _together(folded: str, phrases: Phrases) -> tuple[int, int]:
    """Start and end of the stretch that holds most different phrases."""
    found = sorted(
        (*place.span(), number)
        for number, words in enumerate(phrases)
        for place in re.finditer(r"\b" + r"\W+".join(words) + r"\b", folded)
    )
    near: deque[tuple[int, int, int]] = deque()
    most, stretch = 0, (0, 0)
    for start, end, number in found:
        near.append((start, end, number))
        while len(near) > 1 and end - near[0][0] > _STRETCH:
            near.popleft()
        held = len({other for _, _, other in near})
        if held > most:
            most, stretch = held, (near[0][0], end)
    return stretch


def _parts(document: str) -> Iterator[str]:
    words = _WORD.findall(_folded(document))
    for start in range(0, max(len(words), 1), _PART - _OVERLAP):
        yield " ".join(words[start : start + _PART])


def _folded(document: str) -> str:
    """Without case and accents, each character still in its place."""
    return document.lower() if document.isascii() else "".join(map(_base, document))


@lru_cache(maxsize=10_000)
def _base(character: str) -> str:
    first = unicodedata.normalize("NFD", character)[0].lower()[0]
    return first if first.isprintable() else " "
