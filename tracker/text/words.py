"""Tokens and sentences."""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\w+(?:['’.@-]\w+)*|[^\w\s]")

# A full stop after these ends no sentence.
_ABBREVIATIONS = frozenset(
    """
    e.g i.e etc vs cf inc ltd co corp llc mr mrs ms dr st no nr art arts sec para approx incl excl
    u.s u.k e.u p.o a.k.a fig vol ed dept jan feb mar apr jun jul aug sep sept oct nov dec
    bijv bv d.w.z enz o.a m.b.t i.v.m t.a.v n.v b.v s.a a.s t.o.v resp evt incl excl z.g zgn
    z.b d.h u.a bzw ggf usw vgl abs ziff lit inkl evtl gem s.o
    p.ex m.m c.-à-d env
    p.ej ej sr sra núm pág
    """.split()
)
_STOP = re.compile(r"""([.!?…]+["'”’»)\]]*)\s+(?=["'“‘«(\[¿¡]*[\w])""")


def tokens(text: str) -> list[str]:
    """Words, and punctuation marks one by one.

    >>> tokens("We don't sell, ever.")
    ['We', "don't", 'sell', ',', 'ever', '.']
    """
    return _WORD.findall(text)


@lru_cache(maxsize=20_000)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of one block, as written.

    >>> sentences("We use Google Inc. as a partner, e.g. Analytics. We never sell data.")
    ('We use Google Inc. as a partner, e.g. Analytics.', 'We never sell data.')
    """
    found = []
    start = 0
    for stop in _STOP.finditer(text):
        before = text[start : stop.end(1)].rsplit(None, 1)
        last = before[-1].rstrip(".").lstrip("([\"'“‘").casefold() if before else ""
        following = text[stop.end() : stop.end() + 1]
        if stop.group(1).startswith(".") and (
            last in _ABBREVIATIONS or re.fullmatch(r"\w|\d+", last) or following.islower()
        ):
            continue
        found.append(text[start : stop.end(1)].strip())
        start = stop.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, if any is close, for "did you mean"."""
    import difflib

    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)
