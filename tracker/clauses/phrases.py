"""Phrases as a lawyer writes them.

A phrase is a Python regular expression over folded text (small letters, no accents, straight
quotes) with shorthands; it starts and ends at the border of a word:

    advertis*           any ending: "advertise", "advertising", "advertisers"
    (your |the )*data   a group any number of times, up to six
    share ... third     up to 60 characters between, not past a semicolon
    *vrij               any beginning: "reclamevrij" (German and Dutch compounds)
    <gegevens>          a word of the list of that name, at the head of the lexicon file
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count
from operator import add
from typing import NamedTuple

from tracker.text import tidy

GAP = 60  # characters that " ... " may stand for; bounded, so that no phrase can run away
_GAP = rf"(?!\B\w)[^;]{{0,{GAP}}}?\b"  # not from the middle of a word
_ACCENTS = re.compile("[\u0300-\u036f]")  # once taken off their letters
_MARKS_OF_TYPE = {
    **dict.fromkeys("‘’‚‛′´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
_MARKS = re.compile(f"[{''.join(_MARKS_OF_TYPE)}]")
_ADDRESS = re.compile(r"\(?https?://[^\s)]*\)?")  # its words are no words of the policy


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters without accents, straight quotes and dashes.

    >>> fold("Wir geben Daten WEITER – für Ihre Bestellung")
    'wir geben daten weiter - fur ihre bestellung'
    """
    if "://" in text:
        text = _ADDRESS.sub(" ", text)
    if text.isascii():
        return tidy(text).casefold()
    return " ".join(_letters(tidy(text)).split())


class Words(NamedTuple):
    """The words of a folded text, and where they start."""

    words: list[str]
    starts: list[int]


@lru_cache(maxsize=2)
def cut(folded: str) -> Words:
    """The words of a folded text; remembered, since several look words up in the same sentence.

    >>> cut("we don't")
    Words(words=['we', 'don', 't'], starts=[0, 3, 7])
    """
    pieces = folded.translate(_BLANKS).split(" ")
    starts = map(add, accumulate(map(len, pieces), initial=0), count())
    return Words([*filter(None, pieces)], [*compress(starts, pieces)])


class _Blanks(dict[int, int]):
    """A blank for every sign: as long, and `split` is faster than an expression."""

    def __missing__(self, code: int) -> int:
        return code if chr(code).isalnum() or chr(code) == "_" else ord(" ")


_BLANKS = _Blanks({code: _Blanks()[code] for code in range(128)})


def to_regex(phrase: str) -> str:
    """The regular expression a phrase stands for; the word border in front is left to the caller.

    >>> to_regex("sell* ... data")
    '(?:sell\\\\w*(?!\\\\B\\\\w)[^;]{0,60}?\\\\bdata)(?!\\\\w)'
    """
    regex = f"(?:{fold_pattern(phrase)})".replace(" ... ", _GAP)
    regex = regex.replace(")*", "){0,6}").replace(")+", "){1,6}").replace("*", r"\w*")
    return regex + r"(?!\w)"


def fold_pattern(phrase: str) -> str:
    """Like fold, but `\\W` and `\\D` keep their meaning."""
    return re.sub(r"\\.|[^\\]+", lambda m: m[0] if m[0][0] == "\\" else _letters(m[0]), phrase)


def _letters(text: str) -> str:
    text = _MARKS.sub(lambda mark: _MARKS_OF_TYPE[mark[0]], text)
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of the lexicon."""

    topic: str
    text: str  # as written in the TOML
    weight: float = 1.0
    action: str = ""  # what is done: "sell", "share"
    facet: str = ""
    denies: bool = False  # says by itself that it is not done: "ad-free"
    mention: bool = False  # names the topic and takes no side: gives way to any phrase that does
    excludes: bool = False  # looks like the topic and is not: "legal age"
    examples: tuple[str, ...] = ()
