"""Folding, tokens, sentences: what several stages must agree on."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Literal

from tracker.model import Block, Document

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_FOLDED = {
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•·", "-"),
    "…": "...",
}
_TYPOGRAPHY = re.compile(f"[{''.join(_FOLDED)}]")
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


_DIGIT = re.compile(r"\d")
MONTHS = {  # name -> number, in the languages declared dates are read in
    name: number
    for number, names in enumerate(
        (
            "january jan januari januar jänner jän janvier janv enero ene",
            "february feb februari februar février févr febrero",
            "march mar maart mrt märz mär mars marzo",
            "april apr avril avr abril abr",
            "may mei mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug augustus août agosto ago",
            "september sep sept septembre septiembre setiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre déc diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = f"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\\b\\.?"
_DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)"
    rf"|{_MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?,? ?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?(?:-| (?:of |de )?)?{_MONTH}(?:-|,? (?:de |del )?)\d{{4}}"
    rf"|{_MONTH},? (?:de |del )?\d{{4}}|\d{{1,2}}/\d{{4}})(?!\d)"
)
_DECLARED = (
    r"(?:last|latest|most recent(?:ly)?|recently)? ?(?:updated?|modified|modification|revised"
    r"|revision|amended|amendment|changed?|reviewed|edited|posted|published)|version|date of issue"
    r"|(?:voor het )?laatst(?:e)? (?:bijgewerkt|gewijzigd|aangepast|herzien|update|wijziging"
    r"|aanpassing|herziening|versie)|bijgewerkt|versie|datum"
    r"|stand|letzte(?:n)? (?:aktualisierung|änderung|überarbeitung|fassung)|(?:zuletzt )?"
    r"(?:aktualisiert|geändert|überarbeitet)|fassung|aktualisierung"
    r"|(?:date de )?(?:la )?dernière (?:mise à jour|modification|révision|actualisation|version)"
    r"|mise? à jour|modifiée?|en date"
    r"|(?:fecha de )?(?:la )?última (?:actualización|modificación|revisión|versión)"
    r"|(?:fecha de )?(?:actualización|revisión)|actualizad[oa]|revisad[oa]|versión"
)
_EFFECTIVE = (
    r"effective(?: date)?|in (?:full )?(?:force|effect)|valid|applies|applicable"
    r"|(?:takes?|comes? into|becomes?) (?:effect|force|effective)|entry into force"
    r"|geldig|van kracht|van toepassing|ingangsdatum|in werking|inwerkingtreding|geldend"
    r"|met ingang|ingaande"
    r"|gültig|in kraft|inkrafttreten|wirksam|gilt"
    r"|en vigueur|(?:date d')?entrée en vigueur|prend effet"
    r"|(?:fecha de )?entrada en vigor|en vigor|vigente|efectiv[oa]|vigencia|entrará en vigor"
)
# What may stand between "last updated" and the date.
_GLUE = (
    r"(?:[\s:;.,(|*-]|\b(?:on|as|of|the|is|was|from|since|by|at|in|op|van|per|vanaf|sinds|sedert"
    r"|getreden|treedt|am|vom|zum|ab|seit|der|den|dem|tritt|getreten|le|du|en|au|à|depuis|compter"
    r"|partir|el|la|del|de|a|desde|date|dated|datum|fecha|día|policy|effective"
    r"|[a-z]{3,7}day|[a-z]{3,6}dag|[a-z]{3,10}tag|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b"
    r"|\bv?\d+(?:\.\d+)+(?=[\s,])){0,12}"
)
Dated = Literal["declared", "effective"]
_SAYS: dict[Dated, re.Pattern[str]] = {
    "declared": re.compile(rf"\b(?:{_DECLARED})\b{_GLUE}$", re.I),
    "effective": re.compile(rf"\b(?:{_EFFECTIVE})\b{_GLUE}$", re.I),
}
_ANY_DATE = re.compile(rf"\b{_DATE}", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d|\d[-./]\d\d?[-./]\d\d")
_ONLY_DATE = re.compile(rf"\W*{_DATE}\W*", re.I)
_STARTS_WITH_MONTH = re.compile(_MONTH, re.I)
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
    r"\b\d+ (?:second|minute|hour|day|week|month|year)s? ago\b"
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
    rf"[\s,]*(?:[^\W\d_]{{3,12}},? )?{_DATE}"
    r"(?:[\s,]*(?:at|om|um|à|a las)?\s?\d\d?[:.h]\d\d(?:[:.]\d\d)?(?:\s?[ap]m)?)?",
    re.I,
)
_MOST_DATES = 50  # of its own in one block; no honest text comes near
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
    if any(len(word) >= _SHORTEST_TOKEN and _DIGIT.search(word) for word in words):
        text = _TOKEN.sub("#", text)
    if len(text) <= _LONGEST_CLOCK and _DIGIT.search(text):
        text = _CLOCK.sub("#", _AGO.sub("#", text) if len(text) <= _SHORT else text)
    return text


def tidy(text: str) -> str:
    """One line without invisible characters, each run of white space one space."""
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def canonical(text: str) -> str:
    """What is compared instead of `text`: typography, white space, years of copyright notices,
    machine tokens, counters and the page's own clock make no difference; words do.

    >>> canonical("Don’t\\u00a0sell – ever © 2014-2017 Acme")
    "Don't sell - ever © Acme"
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
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


def dates_of(text: str) -> list[tuple[Dated, str]]:
    """The dates `text` gives itself, as written, and what each says.

    >>> dates_of("Laatst bijgewerkt op 3 mei 2018, geldig vanaf 25-5-2018.")
    [('declared', '3 mei 2018'), ('effective', '25-5-2018')]
    """
    if not _may_have_date(text):
        return []
    folded = canonical(text)
    return [(says, folded[start:end]) for says, start, end in _own_dates(folded)]


def _own_dates(folded: str) -> Iterator[tuple[Dated, int, int]]:
    """Dates with words before them that make them the document's own: where they stand."""
    for start, end in islice(_dates(folded), _MOST_DATES):
        before = folded[max(0, start - 100) : start]
        yield from ((says, start, end) for says, words in _SAYS.items() if words.search(before))


def _dates(folded: str) -> Iterator[tuple[int, int]]:
    """Where dates stand. The search for one is slow, so only around years is it made."""
    done = 0
    for year in _YEAR.finditer(folded):
        around = (max(done, year.start() - 25), year.end() + 7)
        if found := _ANY_DATE.search(folded, *around):
            done = found.end()
            yield found.span()


def _may_have_date(text: str) -> bool:
    return bool(_DIGIT.search(text) and _YEAR.search(text))


def is_date_line(text: str) -> bool:
    """Whether a line says little but when the document was made or starts to hold.

    >>> is_date_line("This policy was last updated on May 3, 2018")
    True
    >>> is_date_line("We updated our retention period on May 3, 2018 and now keep logs for a year")
    False
    """
    if len(text) > 160 or not _may_have_date(text):
        return False
    rest = without_declared_dates(text)
    return ("#date" in rest and len(rest.split()) <= 10) or bool(_ONLY_DATE.fullmatch(text))


def without_declared_dates(text: str) -> str:
    """The compared text with its own dates taken out: equal ones differ in dates at most.

    >>> without_declared_dates("Stand: Mai 2018")
    'Stand: #date'
    """
    folded = canonical(text)
    if _may_have_date(folded):
        for start, end in sorted({(a, b) for _, a, b in _own_dates(folded)}, reverse=True):
            folded = folded[:start] + "#date" + folded[end:]
    return folded


def starts_with_month(text: str) -> bool:
    return bool(_STARTS_WITH_MONTH.match(text))


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
