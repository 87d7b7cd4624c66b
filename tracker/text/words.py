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
# Of these, what a company or a place is called by: a sentence may end with it.
_MAY_END = frozenset("inc ltd co corp llc etc u.s u.k e.u n.v b.v bv s.a enz usw".split())
# Words that begin a sentence after one of those, after a number ("before 16. We"), and where the
# page lost the blank between two sentences ("Terms of Service.This Policy").
_OPENERS = frozenset(
    """
    We Our You Your If This These The They It In For When Please However Any All No As By To Such
    Wij Uw U Je De Het Deze Dit Als Wanneer Indien Voor Zie Daarnaast Indien Op
    Wir Sie Ihre Die Der Das Diese Dieser Wenn Bei Soweit Es
    Nous Vous Vos Votre Les Le La Ces Cette Si Ce Il En Pour
    Usted Nosotros Los Las El Para Esta Este Sus
    """.split()
)
_STOP = re.compile(
    r"""([.!?…][.!?…]*["'”’»)\]]*)(?:\s+(?=["'“‘«(\[¿¡]*[\w])|(?<=[a-z]{2}[.!?])(?=[A-Z][a-z]+\s))"""
)
_JOINED = re.compile(r"[-‐‑–/]")
_INITIALS = re.compile(r"\w(?:\.\w)+")  # "u.s.a"
_NEXT_WORD = re.compile(r"\W*(\w*)")


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
        if _ends(text[start : stop.end(1)], text[stop.end(1) : stop.end() + 40]):
            found.append(text[start : stop.end(1)].strip())
            start = stop.end()
    found.append(text[start:].strip())
    return tuple([sentence for sentence in found if sentence])


def _ends(before: str, behind: str) -> bool:
    """Whether a stop ends a sentence: not after "e.g.", "1." or an initial, unless "We" follows."""
    following = _NEXT_WORD.match(behind)
    opens = following is not None and following[1] in _OPENERS
    if not behind[0].isspace():
        return opens
    words = before.rsplit(None, 1)
    last = words[-1].rstrip("\"'”’»)]").lstrip("([\"'“‘").casefold() if words else ""
    if not last.endswith("."):
        return True
    last = _JOINED.split(last.rstrip("."))[-1]  # "EU-U.S."
    if behind.lstrip()[:1].islower():
        return False
    if last in _ABBREVIATIONS or _INITIALS.fullmatch(last):
        return opens and (last in _MAY_END or last not in _ABBREVIATIONS)
    if re.fullmatch(r"\w|\d{1,3}", last):
        return opens and len(words) > 1
    return True


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, if any is close, for "did you mean"."""
    import difflib

    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)
