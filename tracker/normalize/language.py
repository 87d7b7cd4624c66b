"""Which language a document is written in, for choosing lexicon and date formats.

Function words settle the usual case in microseconds; py3langid, slower and with a model of 20 MB
to load, is asked only where they do not.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat
from typing import Any

from tracker.model import Block

_ENOUGH = 4_000  # characters; more changed no answer on the development texts
_WORD = re.compile(r"[^\W\d_]+")
# The most frequent words of policies in each language; a word of two languages counts for both.
_FUNCTION_WORDS = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the of and to or in we you your our that is for this with are by not may any as on",
        "nl": "de van het een en wij u uw dat is voor deze met zijn niet of te op aan worden wordt",
        "de": "der die und das zu von wir sie ihre dass ist für mit nicht oder den des im werden",
        "fr": "le la les de des et vous nous votre vos que est pour avec pas ou du dans par une",
        "es": "el la los las de y que usted su nuestros para con no o del en por una se sus como",
        "it": "il la le di e che per con non o del della dei delle in un una si sono nel alla",
        "pt": "o a os as de e que para com não ou do da dos das em por uma se seus sua nos",
        "sv": "och att det som en är för med inte eller av på till den vi du dina våra om kan",
        "da": "og at det som en er for med ikke eller af på til den vi du dine vores om kan",
        "no": "og å det som en er for med ikke eller av på til den vi du dine våre om kan",
        "pl": "i w z na do nie że się jest oraz lub przez dla o od przy jako które po są",
    }.items()
}
# What policies of the archive are written in; the other languages of the model are noise here.
_PLAUSIBLE = (
    "en nl de fr es it pt sv da no fi pl cs sk hu ro bg hr sl sr el tr ru uk et lv lt "
    "ca eu gl ga mt is ar he fa hi bn th vi id ms zh ja ko"
).split()


def detect(blocks: Iterable[Block], declared: str = "") -> str:
    """The ISO 639-1 code of the language, "" where there is too little text to tell.

    `declared` (`<html lang>`) decides only what the text leaves open: half of the web's pages
    carry the template's language.
    """
    sample = _sample(blocks)
    words = _WORD.findall(sample.lower())
    claim = declared.lower().replace("_", "-").partition("-")[0]
    claim = claim if claim in _PLAUSIBLE else ""
    if len(words) < 4:
        return claim
    return _by_function_words(words, claim) or _by_model(sample)


def _sample(blocks: Iterable[Block]) -> str:
    taken: list[str] = []
    size = 0
    for block in blocks:
        if len(block.text) > 30 and size < _ENOUGH:  # menus and names say little
            taken.append(block.text[:_ENOUGH])
            size += len(block.text)
    return " ".join(taken or [block.text for block in blocks])[:_ENOUGH]


def _by_function_words(words: list[str], claim: str) -> str:
    if len(words) < 20:
        return ""
    counts = dict(Counter(words))
    shares = sorted(
        (
            (sum(map(counts.get, known, repeat(0))) / len(words), code)
            for code, known in _FUNCTION_WORDS.items()
        ),
        reverse=True,
    )
    (best, code), (second, other) = shares[:2]
    if best < 0.15:
        return ""
    if best < 1.35 * second:  # Danish and Norwegian, Spanish and Portuguese
        return claim if claim in (code, other) else ""
    return code


def _by_model(sample: str) -> str:
    code, _ = _model().classify(sample)
    return str(code)


@lru_cache(maxsize=1)
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(_PLAUSIBLE)
    return model
