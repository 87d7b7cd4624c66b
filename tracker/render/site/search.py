"""The search index: each policy's distinct passages, and which policies hold which word.

Files are scripts that hand their content to assets/search.js, because a page opened from disk may
load scripts but not fetch. They are written per policy and per two first letters of a word, so that
a reader loads kilobytes and a build touches little.

Pagefind was tried first (1.5.2): for equal input its files differ from run to run, 1,000 pages took
580 MB and 100 s through its Python interface, and its index cannot be read from disk.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from tracker import timestamps
from tracker.model import Block, History, Version
from tracker.render import words

# Scripts that put no space between words are searched character by character.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_MARKS = re.compile("[\u0300-\u036f]")
_LONGEST_WORD = 40
_LONGEST_PASSAGE = 1200


@dataclass(slots=True)
class Passage:
    """A paragraph with the items or rows it leads in."""

    heading: str
    text: str
    versions: list[int] = field(default_factory=list)
    block: int = 0  # where it begins, in the latest version that has it


@dataclass(frozen=True, slots=True)
class Passages:
    found: tuple[Passage, ...]
    words: tuple[str, ...]  # distinct, sorted


def fold(text: str) -> str:
    """Without accents and case, as search.js folds a query.

    >>> fold("Données Ｐersonnelles")
    'donnees personnelles'
    """
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text).lower())


def tokens(text: str) -> list[str]:
    """
    >>> tokens("We don't sell 個人")
    ['we', 'don', 't', 'sell', '個', '人']
    """
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def passages(history: History) -> Passages:
    """The distinct passages of all versions, with the versions that hold them."""
    found: dict[tuple[str, str], Passage] = {}
    line = lru_cache(maxsize=None)(words.line)  # versions have most of their texts in common
    for version in history.versions:
        for heading, text, block in _split(version, line):
            passage = found.setdefault((heading, text), Passage(heading, text))
            if version.number not in passage.versions[-1:]:
                passage.versions.append(version.number)
            passage.block = block
    known = set()
    for passage in found.values():
        known.update(tokens(f"{passage.heading} {passage.text}"))
    return Passages(tuple(found.values()), tuple(sorted(known)))


def _split(version: Version, line: Callable[[str], str]) -> Iterator[tuple[str, str, int]]:
    """Heading, text and first block of each passage."""
    start, gathered = 0, ""
    heading = ""
    for index, block in enumerate(version.document.blocks):
        if gathered and not _belongs(block, gathered):
            yield heading, gathered, start
            gathered = ""
        if block.kind == "heading":
            heading = line(block.text)
            continue
        if not gathered:
            start = index
        gathered = f"{gathered} {line(block.text)}".strip()
    if gathered:
        yield heading, gathered, start


def _belongs(block: Block, gathered: str) -> bool:
    return block.kind in ("item", "row") and len(gathered) + len(block.text) < _LONGEST_PASSAGE


def script(history: History, found: Passages, part_of: Mapping[int, Sequence[int]]) -> bytes:
    """One policy's passages: versions with their first and last capture, then the texts.

    `part_of` says per version in which part of its page each block stands.
    """
    return _call(
        "passages",
        history.policy.id,
        {
            "versions": [
                [
                    version.number,
                    timestamps.day(version.first_seen.captured_at),
                    timestamps.day(version.last_seen.captured_at),
                ]
                for version in history.versions
            ],
            "passages": [
                [
                    one.heading,
                    one.text,
                    _runs(one.versions),
                    one.block,
                    part_of[one.versions[-1]][one.block],
                ]
                for one in found.found
            ],
        },
    )


def _runs(numbers: list[int]) -> list[list[int]]:
    """
    >>> _runs([1, 2, 3, 7])
    [[1, 3], [7, 7]]
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def key(word: str) -> str:
    """The shard a word is in; search.js says the same.

    >>> key("shield"), key("a"), key("個")
    ('sh', 'a', 'u500b')
    """
    return _key(word[:2])


@lru_cache(maxsize=10_000)
def _key(start: str) -> str:
    if re.match("[a-z0-9]", start):
        second = start[1:]
        return start[0] + (second if re.match("[a-z0-9]", second) else "")
    return f"u{ord(start[0]):x}"


def shards(holders: Iterable[tuple[int, str]]) -> Iterator[tuple[str, bytes]]:
    """Per shard the words and the numbers of the policies that hold them."""
    known: dict[str, dict[str, list[int]]] = {}
    for number, held in holders:
        for word in held.split():
            known.setdefault(key(word), {}).setdefault(word, []).append(number)
    for shard, by_word in sorted(known.items()):
        yield (
            shard,
            _call("words", shard, {word: _steps(by_word[word]) for word in sorted(by_word)}),
        )


def _steps(numbers: list[int]) -> list[int]:
    """Ascending numbers as the steps between them: shorter.

    >>> _steps([3, 5, 6])
    [3, 2, 1]
    """
    return [after - before for before, after in pairwise([0, *numbers])]


def _call(name: str, subject: str, value: Mapping[str, object]) -> bytes:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"policySearch.{name}({json.dumps(subject)},{body});\n".encode()
