"""The lexicon: topics and their phrases in five languages, as TOML that a lawyer can read and edit.

    topics/topics.toml   id, name and definition of every topic, its facets
    topics/en.toml ...   [ads_personalised] phrases = [...], but_not = [...], yields_to = [...]
    topics/stance.toml   words that deny, that only seem to, and that make exceptions

A user's own `topics.toml` has `[topic.ID]` tables with name, definition, and one sub-table a
language; it adds to a topic of ours, or with `replace = true` takes the place of its phrases.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from tracker.clauses.company import Beside, Company
from tracker.clauses.finder import Finder
from tracker.clauses.phrases import Phrase
from tracker.errors import ConfigError
from tracker.model import Topic

LANGUAGES = ("en", "nl", "de", "fr", "es")
_LITERAL = re.compile(r"(?<![\\a-z])[a-z]{3,}")
BANS = ("duty", "banned")  # of duties.toml
_ALERTS = ("denies", "refused", "exception", "condition")  # of stance.toml


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """What topics.toml says of a topic."""

    id: str
    name: str
    definition: str
    threshold: float = 1.0  # the weights of a sentence's phrases must reach it
    facets: tuple[str, ...] = ()
    deniable: bool = True  # False: a "not" near it denies something else ("no system is secure")
    granted: bool = False  # True: a right, which an exception makes conditional
    yields_to: tuple[str, ...] = ()  # beside one of these, a mention in passing does not count
    anchored: bool = False  # about data by definition: in other documents, found only near such
    practice: bool = False  # what the company does: not found in what the user must not do


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Topics with a user's additions. Equal only to itself, so that it can key a cache."""

    topics: Mapping[str, TopicEntry]
    additions: Mapping[str, Any] = field(
        default_factory=dict
    )  # topic -> its table in a user's file


@lru_cache(maxsize=8)
def load_lexicon(override: str | None = None) -> Lexicon:
    """The shipped lexicon, extended by the text of a user's topics.toml.

    A text with mistakes is refused with all of them: half a lexicon would report vanished clauses.
    """
    if override:
        _refuse_mistakes(override)
    topics = {id: _entry(id, table) for id, table in shipped("topics").items()}
    additions = tomllib.loads(override or "").get("topic", {})
    for id, table in additions.items():
        topics[id] = _entry(id, table, topics.get(id))
    return Lexicon(topics, additions)


def topics(lexicon: Lexicon | None = None) -> list[Topic]:
    """Every topic with its languages and how many phrases each has."""
    lexicon = lexicon or load_lexicon()
    counts = {language: _counts(phrases(lexicon, language)) for language in LANGUAGES}
    return [
        Topic(
            id=entry.id,
            name=entry.name,
            definition=entry.definition,
            languages=tuple(lang for lang in LANGUAGES if counts[lang].get(entry.id)),
            patterns={
                lang: counts[lang][entry.id] for lang in LANGUAGES if counts[lang].get(entry.id)
            },
            facets=entry.facets,
        )
        for entry in lexicon.topics.values()
    ]


@lru_cache(maxsize=64)
def phrases(lexicon: Lexicon, language: str) -> tuple[Phrase, ...]:
    """The phrases of one language, the user's last."""
    ours = shipped(language) if language in LANGUAGES else {}
    found: list[Phrase] = []
    for id in lexicon.topics:
        own = lexicon.additions.get(id, {})
        if not own.get("replace"):
            found += _phrases(id, ours.get(id, {}))
        found += _phrases(id, own.get(language, {}))
    return tuple(found)


@lru_cache(maxsize=64)
def yielding(lexicon: Lexicon, language: str) -> Mapping[str, frozenset[str]]:
    """What each topic yields to: in every language, and in this one besides."""
    ours = shipped(language) if language in LANGUAGES else {}
    return {
        id: frozenset((*entry.yields_to, *ours.get(id, {}).get("yields_to", ())))
        for id, entry in lexicon.topics.items()
    }


@lru_cache(maxsize=256)
def vocabulary(topic: str, language: str) -> tuple[str, ...]:
    """How the words of a topic's shipped phrases begin, by three letters or more."""
    texts = (phrase.text for phrase in phrases(load_lexicon(), language) if phrase.topic == topic)
    return tuple(sorted({word for text in texts for word in _LITERAL.findall(text)}))


@lru_cache(maxsize=64)
def finder_for(lexicon: Lexicon, language: str) -> Finder:
    """The phrases of one language, indexed, with the words that may deny, limit or forbid them.

    The latter have no topic: most sentences hold none, and their stance needs no second look.
    """
    stance = shipped("stance").get(language, shipped("stance")["en"])
    duties = shipped("duties").get(language, shipped("duties")["en"])
    alerts = [Phrase("", text) for kind in _ALERTS for text in stance[kind]]
    alerts += [Phrase("", text, action=kind) for kind in BANS for text in duties[kind]]
    return Finder((*phrases(lexicon, language), *alerts))


@lru_cache(maxsize=64)
def company_for(lexicon: Lexicon, language: str) -> Company:
    """The words of one language that count beside a phrase of their topic."""
    ours = shipped(language) if language in LANGUAGES else {}
    return Company(
        Beside(id, entry["is"], entry["weight"])
        for id in lexicon.topics
        if not lexicon.additions.get(id, {}).get("replace")
        for entry in ours.get(id, {}).get("company", ())
    )


def _phrases(topic: str, table: Mapping[str, Any]) -> list[Phrase]:
    entries = [e if isinstance(e, dict) else {"is": e} for e in table.get("phrases", ())]
    found = [
        Phrase(
            topic=topic,
            text=entry["is"],
            weight=float(entry.get("weight", 1.0)),
            action=entry.get("action", ""),
            facet=entry.get("facet", ""),
            denies=entry.get("denies", False),
            mention=entry.get("mention", False),
            examples=_texts(entry.get("example", ())),
        )
        for entry in entries
    ]
    return found + [Phrase(topic, text, excludes=True) for text in table.get("but_not", ())]


def _texts(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _entry(id: str, table: Mapping[str, Any], shipped: TopicEntry | None = None) -> TopicEntry:
    base = shipped or TopicEntry(id, id.replace("_", " ").capitalize(), "")
    return TopicEntry(
        id=id,
        name=table.get("name", base.name),
        definition=table.get("definition", base.definition),
        threshold=float(table.get("threshold", base.threshold)),
        facets=tuple(table.get("facets", base.facets)),
        deniable=bool(table.get("deniable", base.deniable)),
        granted=bool(table.get("granted", base.granted)),
        yields_to=tuple(table.get("yields_to", base.yields_to)),
        anchored=bool(table.get("anchored", base.anchored)),
        practice=bool(table.get("practice", base.practice)),
    )


def _counts(entries: tuple[Phrase, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for phrase in entries:
        counts[phrase.topic] = counts.get(phrase.topic, 0) + (not phrase.excludes)
    return counts


def _refuse_mistakes(override: str) -> None:
    from tracker.clauses.check import check  # which reads the lexicon itself

    errors = [problem for problem in check(override) if problem.level == "error"]
    if errors:
        raise ConfigError("\n".join(map(str, errors)))


@lru_cache(maxsize=16)
def shipped(name: str) -> dict[str, Any]:
    """A lexicon file of the package, the lists of its [words] in the place of their names."""
    file = resources.files("tracker.clauses").joinpath("topics", f"{name}.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    words = {f"<{key}>": f"({'|'.join(texts)})" for key, texts in table.pop("words", {}).items()}
    spelled: dict[str, Any] = _spelled(table, words) if words else table
    return spelled


def _spelled(value: Any, words: Mapping[str, str]) -> Any:
    """The same with "<data>" replaced by the words of that name, wherever it stands."""
    if isinstance(value, dict):
        return {key: _spelled(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spelled(inner, words) for inner in value]
    if isinstance(value, str) and "<" in value:
        for key, text in words.items():
            value = value.replace(key, text)
    return value
