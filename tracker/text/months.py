"""Names of months and forms of dates, in the languages that declared dates are read in."""

import re

from tracker.text.patterns import any_of

MONTHS = {  # name -> number
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
MONTH = any_of(sorted(MONTHS, key=len, reverse=True)) + r"\b\.?"
DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)"
    rf"|{MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?,? ?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?(?:-| (?:of |de )?)?{MONTH}(?:-|,? (?:de |del )?)\d{{4}}"
    rf"|{MONTH},? (?:de |del )?\d{{4}}|\d{{1,2}}/\d{{4}})(?!\d)"
)
_STARTS_WITH_MONTH = re.compile(MONTH, re.I)


def starts_with_month(text: str) -> bool:
    return bool(_STARTS_WITH_MONTH.match(text))
