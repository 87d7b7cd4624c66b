"""The dates a text gives itself: "last updated", "in force from"."""

import re
from collections.abc import Iterator
from itertools import islice
from string import digits
from typing import Literal

from tracker.text.compared import canonical
from tracker.text.months import DATE
from tracker.text.patterns import has_any

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
_ANY_DATE = re.compile(rf"\b{DATE}", re.I)
# "2018" or "3.5.18"
_YEAR = re.compile(r"[0-9](?:(?:(?<=1)9|(?<=2)0)\d\d|[-./]\d\d?[-./]\d\d)")
_ONLY_DATE = re.compile(rf"\W*{DATE}\W*", re.I)
_MOST_DATES = 50  # of its own in one block; no honest text comes near


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
    return has_any(text, digits) and _YEAR.search(text) is not None


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
