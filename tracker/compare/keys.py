"""What is compared of a block, and of a word: folded text, without the number in front."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tracker.model import Block
from tracker.text import canonical

# "3. ", "4.1 ", "(a) ", "IV. ", "Article 3: ", "§ 7. " before words. A bare number needs its dot,
# bracket or second level: "30 days after" starts no section.
_NUMBER = re.compile(
    r"(?:(?:section|article|clause|chapter|artikel|abschnitt|art[ií]culo|§)\.?\s*)?"
    r"[(\[]?(?:(?:\d{1,3}\.)*\d{1,3}|[ivxl]{1,6}|[a-z])[.):\]]+(?!\w)\s*"
    r"|(?:\d{1,3}\.)+\d{1,3}\s+(?!(?:%|percent|million|per cent))"
)
# Headings also go without: "3 Use of information".
_HEADING_NUMBER = re.compile(_NUMBER.pattern + r"|\d{1,2}\s+")
# Scripts that put no space between words are compared by character.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’.@-][^\W{_UNSPACED}]+)*|[^\w\s]")
_SPACED = re.compile(rf"({_TOKEN.pattern})(\s*)")


class Key(NamedTuple):
    text: str
    number: str  # of a numbered heading or item: "3.", "" where there is none
    skip: int  # tokens of the number in the block's text; 0 where a marker holds it


class Tokens(NamedTuple):
    """Words and punctuation marks; each text holds the white space behind it too."""

    texts: tuple[str, ...]
    keys: tuple[str, ...]


def key_of(block: Block) -> Key:
    """Equal texts are equal blocks, whatever the template made of them (heading or paragraph)."""
    key = _without_number(block.text, block.kind == "heading")
    if block.marker and not key.number and any(map(str.isalnum, block.marker)):
        return key._replace(number=block.marker)
    return key


@lru_cache(maxsize=20_000)
def _without_number(text: str, heading: bool) -> Key:
    folded = canonical(text).casefold()
    folded = folded.lstrip("-* ") or folded  # a bullet some template wrote into the text
    found = (_HEADING_NUMBER if heading else _NUMBER).match(folded)
    if not found or found.end() == len(folded):
        return Key(folded, "", 0)
    number = found.group().strip()
    return Key(folded[found.end() :], number, len(_TOKEN.findall(number)))


@lru_cache(maxsize=20_000)
def count_words(text: str) -> int:
    """How many words a folded text has."""
    return len(words_of(text))


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a folded text, without punctuation.

    >>> words_of("don't sell 数据, ever")
    ("don't", 'sell', '数', '据', 'ever')
    """
    return tuple(found for found in _TOKEN.findall(text) if found[0].isalnum())


@lru_cache(maxsize=1_000)
def tokenize(text: str) -> Tokens:
    """All of `text` in tokens: their texts joined are the text again.

    >>> tokenize("Opt out, now.").texts
    ('Opt ', 'out', ', ', 'now', '.')
    """
    found: list[tuple[str, str]] = _SPACED.findall(text)
    if not found:
        return Tokens((text,), ("",))
    texts = [token + space for token, space in found]
    texts[0] = text[: len(text) - len(text.lstrip())] + texts[0]
    return Tokens(tuple(texts), tuple([_fold(token) for token, _ in found]))


@lru_cache(maxsize=100_000)
def _fold(token: str) -> str:
    # A number alone would fold to nothing, being a page's counter where it is a whole line.
    digits = any(map(str.isdigit, token))
    return (unicodedata.normalize("NFKC", token) if digits else canonical(token)).casefold()
