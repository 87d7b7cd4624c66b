"""Which language a document is written in, for choosing lexicon and date formats.

Scripts and function words settle the usual case in microseconds; py3langid, slower and with a model
of 20 MB that takes a second and a half and 100 MB to load, is asked only where they do not.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from tracker.model import Block

_ENOUGH = 2_000  # characters; more changed no answer on the development texts
_SURE = 0.15  # share of a text's words that are function words of its language
_LIKELY = 0.04  # the same in an imprint or a list; enough for the language that the page declares
_HITS = 2  # words that are needed in any case
_FEW = 20  # different words; guesses on fewer are no better than what the page declares
_CLEARLY = 1.35  # times as many as of the second: Danish and Norwegian, Spanish and Portuguese
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
        "fi": "ja on ei tai että se sen kun joka jos ovat voi voit myös sekä niin kuin mitä me ne",
        "cs": "a v na se že je s pro do nebo které jsou jako při podle ve jsme vaše od z k",
        "sk": "a v na sa že je s pre do alebo ktoré sú ako pri podľa vo sme vaše od z k",
        "hu": "a az és hogy nem is egy vagy ha ez mint által szerint amely illetve meg kell",
        "ro": "și de în la să cu care sau pe nu pentru din prin este sunt ale vă dumneavoastră",
        "tr": "ve bir bu için ile veya da de olarak olan gibi daha tarafından sizin her ya ancak",
        "id": "dan yang untuk dengan atau kami anda di dari ini tidak dapat pada akan oleh dalam",
        "vi": "và của các cho bạn chúng tôi không được có trong với là này hoặc để khi theo",
        "ru": "и в не на с что вы мы или для по от к о за из при как это ваши которые",
        "uk": "і в не на з що ви ми або для за від до про та у при як це ваші які",
        "bg": "и в не на с че вие ние или за по от до се да са при как това ви които",
    }.items()
}
_LANGUAGES_OF = {
    word: [code for code, words in _FUNCTION_WORDS.items() if word in words]
    for word in sorted(frozenset().union(*_FUNCTION_WORDS.values()))
}
# Scripts of one language each, as far as policies go; kana before the characters they mix with.
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "fa": re.compile("[پچژگکی]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
}
_OWN_SCRIPT = re.compile("[\u0370-\u03ff\u0590-\u1fff\u3040-\ud7a3]")
_MOSTLY = 0.3  # share of the characters in the script; the rest are blanks, digits, names
_AMONG = 0.05  # kana among Chinese characters, Persian letters among Arabic
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
    words = sample.lower().split()
    claim = declared.lower().replace("_", "-").partition("-")[0]
    claim = claim if claim in _PLAUSIBLE else ""
    known = _by_script(sample) or _by_function_words(words, claim)
    if known or len(set(words)) < _FEW or (claim and claim not in _FUNCTION_WORDS):
        return known or claim
    return _by_model(sample)


def _sample(blocks: Iterable[Block]) -> str:
    taken: list[str] = []
    size = 0
    for block in blocks:
        if len(block.text) > 30:  # menus and names say little
            taken.append(block.text[:_ENOUGH])
            size += len(block.text)
            if size >= _ENOUGH:
                break
    return " ".join(taken or [block.text for block in blocks])[:_ENOUGH]


def _by_script(sample: str) -> str:
    if sample.isascii() or len(_OWN_SCRIPT.findall(sample)) < _MOSTLY * len(sample):
        return ""
    least = _AMONG * len(sample)
    return next((code for code, of in _SCRIPTS.items() if len(of.findall(sample)) > least), "")


def _by_function_words(words: list[str], claim: str) -> str:
    if not words:
        return ""
    hits = dict.fromkeys(_FUNCTION_WORDS, 0)
    for word, count in Counter(filter(_LANGUAGES_OF.__contains__, words)).items():
        for code in _LANGUAGES_OF[word]:
            hits[code] += count
    shares = sorted(((of / len(words), code) for code, of in hits.items()), reverse=True)
    (best, code), (second, other) = shares[:2]
    if best < (_LIKELY if code == claim else _SURE) or best * len(words) < _HITS:
        return ""
    if best < _CLEARLY * second:
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
