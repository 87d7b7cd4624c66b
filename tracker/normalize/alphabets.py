"""Which 8-bit charset a text in Latin letters is in: the one that makes words of some language.

Each charset reads any byte as something: what is "můžete" in windows-1250 is "mùžete" in
windows-1252. The letters beyond ASCII that come out tell which is right: a language uses few of
them, and no language uses those of two others.
"""

import re
from collections import Counter
from functools import cache

_ALPHABETS = {
    "Western": (
        "éèêïñöüç àâæçéèêëîïôœùûü äöüßé áéíñóúü àèéìíîòóùú áâãàçéêíóôõú àçèéíïòóúü"
        " áéëïóöüèê æøåéóò åäöéà áðéíóúýþæö"
    ),
    "Central European": ("ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîşţ čćđšž äöüß"),
    "Turkish": "çğıİöşüâîû",
    "Baltic": "ąčęėįšųūž āčēģīķļņōŗšūž äõöüšž",
}
_OTHERS = (
    ("cp1250", "Central European"),
    ("iso8859-2", "Central European"),
    ("cp1254", "Turkish"),
    ("cp1257", "Baltic"),
    ("mac-roman", "Western"),
    ("cp850", "Western"),
)
_IN_WORDS = re.compile(rb"(?<=[A-Za-z\x80-\xff])[\x80-\xff](?=[A-Za-z\x80-\xff])")
_ASCII = bytes(range(0x80))
_MARKS = frozenset("\xa0\xad‘’‚“”„«»–—…·•")  # stand beside letters in any language
_TELLING = 3  # letters no Western language has beside the others
_FEW = 0.03  # share of them that loanwords and names may make
_CLEAR = 0.02  # share that another charset may leave unexplained
_FOREIGN = 0.4  # share that no language in Latin letters leaves unexplained


def charset_of(sample: bytes) -> str:
    """The charset whose letters make sense: "cp1252" where nothing tells, "" where none does."""
    seen = Counter(sample.translate(None, _ASCII))
    inner = Counter(found[0] for found in _IN_WORDS.findall(sample))
    strange, total = _unexplained("cp1252", "Western", seen, inner)
    if strange < _TELLING or strange < _FEW * total:
        return "cp1252"
    for name, group in _OTHERS:
        odd, letters = _unexplained(name, group, seen, inner)
        if odd <= _CLEAR * letters:
            return name
    return "" if strange > _FOREIGN * total else "cp1252"


def _unexplained(name: str, group: str, seen: Counter[int], inner: Counter[int]) -> tuple[int, int]:
    """Of the letters beyond ASCII in this charset, how many the best language does not have, and
    how many there are. A sign between letters is a letter that went wrong."""
    letters: Counter[str] = Counter()
    signs = 0
    for byte, count in seen.items():
        sign = _character(name, byte)
        if sign.isalpha():
            letters[sign] += count
        elif sign not in _MARKS:
            signs += inner[byte]
    total = letters.total() + signs
    languages = (set(letters) & set(known + known.upper()) for known in _ALPHABETS[group].split())
    return total - max(sum(letters[sign] for sign in known) for known in languages), total


@cache
def _character(name: str, byte: int) -> str:
    return bytes([byte]).decode(name, "replace")
