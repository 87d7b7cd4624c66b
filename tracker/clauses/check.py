"""What is wrong with a user's topics.toml, and what its phrases would find.

Each problem names the key and its line, what was expected, and the nearest known word if any.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tracker.clauses.finder import Finder
from tracker.clauses.lexicon import LANGUAGES, load_lexicon
from tracker.clauses.openings import first_words
from tracker.clauses.phrases import Phrase, fold, fold_pattern, to_regex
from tracker.text import nearest, sentences

TOPIC_KEYS = frozenset(
    "name definition threshold facets yields_to deniable granted anchored practice replace".split()
    + list(LANGUAGES)
)
LANGUAGE_KEYS = frozenset(("phrases", "but_not"))
PHRASE_KEYS = frozenset("is weight action facet denies mention example".split())
_ID = re.compile(r"[a-z][a-z0-9_]*")
# What would make `re` try ever more ways: an open-ended repetition of anything, or one in another.
_RUNAWAY = re.compile(r"\.[*+]|\.\{\d*,\}|\{\d*,\}|[+*}]\)[*+{]|\{\d*,\d{4,}\}")
MOST_GAPS = 2
_GROUP = re.compile(r"\(([^()]*)\)")
_NO_GROUP = re.compile(r"\\.|\[[^\]]*\]")  # brackets in it are signs


@dataclass(frozen=True, slots=True)
class Problem:
    level: Literal["error", "warning"]
    key: str  # "topic.ads_personalised.en.phrases[2]"
    line: int  # from 1; 0 where the whole file is meant
    message: str

    def __str__(self) -> str:
        where = f"topics.toml line {self.line}" if self.line else "topics.toml"
        return f"{where}: {self.level}: {self.key}: {self.message}"


@dataclass(frozen=True, slots=True)
class Trial:
    """A sentence that a phrase of the file finds."""

    topic: str
    phrase: str
    quote: str
    found: str  # the words that matched, folded


def check(text: str) -> list[Problem]:
    """Every mistake in the text of a topics.toml, in the order of the file."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return [Problem("error", "file", int(line[1]) if line else 0, f"no TOML: {error}")]
    lines = text.splitlines()
    found = [
        Problem(level, key, _line(lines, hints), message)
        for level, key, hints, message in _problems(content)
    ]
    return sorted(found, key=lambda problem: problem.line)


def try_out(text: str, passages: Iterable[str], language: str = "en") -> list[Trial]:
    """The sentences of `passages` that the phrases of a topics.toml find, with the words found."""
    finder = Finder(phrase for phrase in _readable(text, language) if not phrase.excludes)
    return [
        Trial(hit.phrase.topic, hit.phrase.text, sentence, fold(sentence)[hit.start : hit.end])
        for passage in passages
        for sentence in sentences(passage)
        for hit in finder.hits(fold(sentence))
    ]


def _readable(text: str, language: str) -> list[Phrase]:
    """The file's own phrases in one language that are right; `check` speaks of the others."""
    try:
        tables = tomllib.loads(text).get("topic", {})
    except tomllib.TOMLDecodeError:
        return []
    return [
        Phrase(id, entry["is"])
        for id, table in tables.items()
        for entry in map(_entry, table.get(language, {}).get("phrases", ()))
        if isinstance(entry.get("is"), str) and not fault(entry["is"])
    ]


# level, key, texts to find the line by (outermost first), message
_Found = tuple[Literal["error", "warning"], str, tuple[str, ...], str]


def _problems(content: Mapping[str, Any]) -> Iterator[_Found]:
    yield from _unknown("file", content, frozenset(("topic",)), ())
    tables = content.get("topic", {})
    if not isinstance(tables, dict):
        yield "error", "topic", ("topic",), "expected tables such as [topic.ads_personalised]"
        return
    known = load_lexicon().topics
    for id, table in tables.items():
        key, hints = f"topic.{id}", (f"topic.{id}",)
        if not isinstance(table, dict):
            yield "error", key, (id,), f"expected a table [topic.{id}]"
            continue
        if not _ID.fullmatch(id):
            yield "error", key, hints, "expected small letters, digits and _ in a topic id"
        elif id not in known:
            near = nearest(id, known)
            if near and "name" not in table:
                yield "warning", key, hints, f'a new topic without a name; did you mean "{near}"?'
        yield from _unknown(key, table, TOPIC_KEYS, hints)
        for language in LANGUAGES:
            if language in table:
                yield from _language(f"{key}.{language}", table[language], (*hints, language))


def _language(key: str, table: Any, hints: tuple[str, ...]) -> Iterator[_Found]:
    if not isinstance(table, dict):
        yield "error", key, hints, "expected a table with phrases = [...]"
        return
    yield from _unknown(key, table, LANGUAGE_KEYS, hints)
    for number, raw in enumerate(table.get("phrases", ())):
        yield from _phrase(f"{key}.phrases[{number}]", _entry(raw), hints)
    for number, raw in enumerate(table.get("but_not", ())):
        why = fault(raw)
        if why:
            yield "error", f"{key}.but_not[{number}]", (*hints, str(raw)), why


def _phrase(key: str, entry: Mapping[str, Any], hints: tuple[str, ...]) -> Iterator[_Found]:
    text = entry.get("is")
    if not isinstance(text, str):
        yield "error", key, hints, 'expected { is = "the phrase", example = "A sentence." }'
        return
    hints = (*hints, text)
    yield from _unknown(key, entry, PHRASE_KEYS, hints)
    weight = entry.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 10:
        yield "error", f"{key}.weight", hints, f"{weight!r}: expected a number above 0, up to 10"
    why = fault(text)
    if why:
        yield "error", key, hints, why
        return
    examples = entry.get("example", ())
    examples = [examples] if isinstance(examples, str) else examples
    if not examples:
        yield "warning", key, hints, 'no example; add example = "a sentence it should find"'
    finder = Finder([Phrase("", text)])
    for example in examples:
        if not finder.hits(fold(example)):
            yield "error", key, hints, f'does not find its example "{example}"'


def fault(text: Any) -> str:
    """Why a phrase cannot be used; nothing where it can."""
    if not isinstance(text, str) or not text.strip():
        return f"{text!r}: expected a phrase"
    if (gaps := _gaps(text)) > MOST_GAPS:
        return f"{gaps} gaps: at most {MOST_GAPS}, or matching grows too slow"
    runaway = _RUNAWAY.search(text)
    if runaway:
        return (
            f'"{runaway[0]}" at {runaway.start()} can run away on a long text; '
            'write " ... " for up to 60 characters, or {0,40}'
        )
    try:
        re.compile(to_regex(text))
    except re.error as error:
        return f"{_located(text, error)}; brackets pair up, * is any ending, ... a gap"
    if any(start.strip(" *") == "" for start in first_words(fold_pattern(text))):
        return "expected the phrase to begin with a word or a sign, not with anything"
    return ""


def _gaps(phrase: str) -> int:
    """How many gaps a text passes at most: of the options of a group it takes one.

    >>> _gaps("(sells ... off|rents) ... data")
    2
    """
    way = _NO_GROUP.sub("", phrase)
    while group := _GROUP.search(way):
        way = way[: group.start()] + " ... " * _gaps_of_options(group[1]) + way[group.end() :]
    return _gaps_of_options(way)


def _gaps_of_options(text: str) -> int:
    return max(option.count(" ... ") for option in text.split("|"))


def _located(text: str, error: re.error) -> str:
    """The error with its place in the phrase as written, not in what it is compiled to."""
    try:
        re.compile(text)
    except re.error as plain:
        return f"{plain.msg} at {plain.pos}" if plain.msg == error.msg else error.msg
    return error.msg


def _entry(raw: Any) -> Mapping[str, Any]:
    """A phrase may be given as a bare text."""
    return raw if isinstance(raw, dict) else {"is": raw}


def _unknown(
    key: str, table: Mapping[str, Any], known: frozenset[str], hints: tuple[str, ...]
) -> Iterator[_Found]:
    for name in table:
        if name not in known:
            near = nearest(name, known)
            advice = f'did you mean "{near}"?' if near else f"known: {', '.join(sorted(known))}"
            languages = f" (languages: {', '.join(LANGUAGES)})" if len(name) == 2 else ""
            yield "error", f"{key}.{name}", (*hints, name), f"unknown key{languages}; {advice}"


def _line(lines: list[str], hints: tuple[str, ...]) -> int:
    """Where a key stands: each hint is looked for from the line of the one before it."""
    at = 0
    for hint in hints:
        shown = (hint, hint.replace("\\", "\\\\").replace('"', '\\"'))
        at = next((n for n in range(at, len(lines)) if any(s in lines[n] for s in shown)), at)
    return at + 1
