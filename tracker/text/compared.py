"""What is compared instead of the text as written."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from tracker.model import Block, Document
from tracker.text.months import DATE

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_FOLDED = {
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•·", "-"),
    "…": "...",
}
_TYPOGRAPHY = re.compile(f"[{''.join(_FOLDED)}]")
_DIGIT = re.compile(r"\d")
_YEARS = r"(?:19|20)\d\d(?:\s?[-,/]\s?(?:(?:19|20)\d\d|\d\d(?!\d)))*(?![/\d])"
_NOTICE = re.compile(
    # "© 2014-2017 Acme", "© Acme, Inc. 2017", "Copyright 2017 Acme"; "Copyright Act 1968" is law.
    rf"(©|\(c\)|copyright:?)[\s,]*(?:{_YEARS})+|(© (?:[^\s\d©]{{1,40}} ){{1,6}}){_YEARS}",
    re.I,
)
_TOKEN = re.compile(
    # Hexadecimal, a letter after a digit in it: the account number BE71096123456769 is none.
    r"\b(?=[0-9a-f-]{0,64}\d[\d-]{0,64}[a-f])[0-9a-f]{8}[0-9a-f-]{8,}\b"
    # A view state, a nonce, a session id: letters of both cases and digits, unbroken.
    r"|(?-i:(?<![\w+/=])(?=[A-Za-z+/]{0,40}\d)(?=[a-z\d+/]{0,40}[A-Z])(?=[A-Z\d+/]{0,40}[a-z])"
    r"[A-Za-z0-9+/]{40,}={0,2})"
    r"|(?<=[?&;])(?:jsessionid|phpsessid|sessionid|session_id|sid)=[\w.!-]+",
    re.I,
)
_HIDDEN_ADDRESS = re.compile(
    r"\[\s?(?:e-?mail\s(?:protected|address)|protected e-?mail|courriel protégé|e-?mail protégé"
    r"|correo (?:electrónico )?protegido|email protegido|e-mail-adresse geschützt"
    r"|e-mail beveiligd|email beschermd)\s?\]",
    re.I,
)
_AGO = re.compile(
    r"\b(?:(?:over|about|almost|more than) )?(?:\d+|an?) "
    r"(?:second|minute|hour|day|week|month|year)s? ago\b"
    r"|\b\d+ (?:seconden?|minu(?:ut|ten)|uur|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|jaar) geleden\b"
    r"|\bvor \d+ (?:Sekunden?|Minuten?|Stunden?|Tag(?:en)?|Wochen?|Monat(?:en)?|Jahr(?:en)?)\b"
    r"|\bil y a \d+ (?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?)\b"
    r"|\bhace \d+ (?:segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?)\b",
    re.I,
)
_COUNTER = re.compile(
    r"[(\[]?(?:\d{1,3}(?:[.,]\d{3})*|\d{4})[)\]]?(?: ?(?:views?|visits?|comments?|shares?"
    r"|likes?|hits|weergaven|reacties|aufrufe|kommentare|vues|commentaires|visitas|comentarios))?"
    r"|(?:views?|visits?|visitors?|comments?|shares?|hits|bezoekers|aufrufe|vues"
    r"|visitas): ?[\d.,]+",
    re.I,
)
_CLOCK = re.compile(
    r"\b(?:printed(?: on)?|print date|today is|today's date|current (?:date|time)"
    r"|(?:page )?(?:generated|rendered)(?: on| at)?|afgedrukt op|vandaag is(?: het)?"
    r"|gedruckt am|heute ist(?: der)?|imprimé le|nous sommes le|impreso el|hoy es)\b:?"
    rf"[\s,]*(?:[^\W\d_]{{3,12}},? )?{DATE}"
    r"(?:[\s,]*(?:at|om|um|à|a las)?\s?\d\d?[:.h]\d\d(?:[:.]\d\d)?(?:\s?[ap]m)?)?",
    re.I,
)
_SHORTEST_TOKEN = 16
_SHORT = 60  # characters of a line that may be nothing but a counter or "3 days ago"
_LONGEST_CLOCK = 120


def _without_noise(text: str, words: list[str]) -> str:
    """Each search has a cheap question before it: this runs over every block of every page."""
    lowered = text.lower()
    if "©" in text or "copyright" in lowered or "(c)" in lowered:
        text = _NOTICE.sub(lambda notice: notice[1] or notice[2].rstrip(), text)
    if "[" in text and ("mail" in lowered or "correo" in lowered or "courriel" in lowered):
        text = _HIDDEN_ADDRESS.sub("[email protected]", text)
    if max(map(len, words), default=0) >= _SHORTEST_TOKEN and any(
        len(word) >= _SHORTEST_TOKEN and _DIGIT.search(word) for word in words
    ):
        text = _TOKEN.sub("#", text)
    if len(text) <= _LONGEST_CLOCK and _DIGIT.search(text):
        text = _CLOCK.sub("#", _AGO.sub("#", text) if len(text) <= _SHORT else text)
    return text


def tidy(text: str) -> str:
    """One line without invisible characters, each run of white space one space."""
    text = text.strip()
    if "\xa0" in text:
        text = text.replace("\xa0", " ")
    if text.isprintable() and "  " not in text:  # of all white space only blanks are
        return text
    line = " ".join(text.split())
    if line.isascii() or line.isprintable():
        return line
    return " ".join(_INVISIBLE.sub("", line).split())


@lru_cache(maxsize=4_000)
def canonical(text: str) -> str:
    """What is compared instead of `text`: typography, white space, years of copyright notices,
    machine tokens, counters and the page's own clock make no difference; words do.

    >>> canonical("Don’t\\u00a0sell – ever © 2014-2017 Acme")
    "Don't sell - ever © Acme"
    """
    if not text.isascii():
        text = tidy(text)
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
        text = _TYPOGRAPHY.sub(lambda mark: _FOLDED[mark[0]], text)
    elif "`" in text:
        text = text.replace("`", "'")
    words = text.split()
    text = " ".join(words)
    folded = _without_noise(text, words)
    return text if folded == text else " ".join(folded.split())


def block_key(block: Block) -> str:
    """The compared text of a block; case does not count in a heading ("case of headings"),
    and a paragraph that is nothing but a counter is not text: "1,204 views"."""
    key = canonical(block.text)
    if block.kind == "heading":
        return key.casefold()
    if block.kind == "paragraph" and len(key) <= _SHORT and _COUNTER.fullmatch(key):
        return ""
    return key


def fingerprint(document: Document) -> str:
    """SHA-256 of the compared text: equal fingerprints are one version.

    The same words cut into other blocks are the same text: a template that turns a line break
    into a paragraph changes no promise.
    """
    keys = filter(None, map(block_key, document.blocks))
    return hashlib.sha256(" ".join(keys).encode(errors="surrogatepass")).hexdigest()
