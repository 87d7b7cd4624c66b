"""Cookie dialogs that carry no vendor's name: known by the choice they offer."""

import re

from tracker.normalize.shapes import Line, Sheet

_VERB = (
    r"accept|agree|allow|reject|decline|deny|refuse|customi[sz]e|manage|save|confirm|got it|ok"
    r"|akzeptieren|zustimmen|ablehnen|erlauben|annehmen|speichern|einstellungen|verstanden"
    r"|accepter|autoriser|refuser|param[ée]trer|personnaliser|enregistrer|continuer sans accepter"
    r"|d['’]accord"
    r"|accepteren|toestaan|akkoord|weigeren|afwijzen|instellen|opslaan"
    r"|aceptar|permitir|rechazar|configurar|guardar|accetta|rifiuta|aceitar|recusar|godkänn|tillåt|avvisa"
)
# "Accept all cookies", "Tout refuser", "Nur notwendige akzeptieren"
_CHOICE = re.compile(rf"^\W*(?:[\w'’]+\s+){{0,3}}(?:{_VERB})\b(?:\W+[\w'’]+){{0,4}}\W*$", re.I)
_ABOUT = re.compile(r"cookie|traceur|tracker|consent|einwilligung|toestemming|consentimiento", re.I)
_ALL = re.compile(
    r"accept|akzeptieren|zustimmen|accepter|autoriser|accepteren|akkoord|acept|accett|aceit|agree|allow"
    r"|godkänn|erlauben|toestaan|permitir",
    re.I,
)
_MOST = 6000  # characters of a dialog with its purposes and vendors unfolded
_MANY = 120  # lines of one
_LABEL = 50  # characters of a button


def drop_dialogs(sheet: Sheet) -> None:
    """Mark boxes that talk of cookies and end in a choice between accepting and not."""
    lines = sheet.lines
    for n, line in enumerate(lines):
        if line.dropped or not _is_choice(line) or not _ALL.search(line.text):
            continue
        dialog = _dialog(sheet, n)
        if dialog:
            for inside in lines[dialog[0] : dialog[1]]:
                inside.dropped = inside.dropped or "a choice about cookies"


def _is_choice(line: Line) -> bool:
    return len(line.text) <= _LABEL and line.kind != "heading" and bool(_CHOICE.match(line.text))


def _dialog(sheet: Sheet, n: int) -> tuple[int, int] | None:
    """The widest box around line `n` that is about nothing but the choice."""
    found = None
    index = sheet.lines[n].box
    while index >= 0:
        box = sheet.boxes[index]
        if box.end - box.start > _MANY:
            break
        lines = sheet.lines[box.start : box.end]
        if sum(len(line.text) for line in lines) > _MOST:
            break
        if box.tag in ("main", "article", "body", "html") or not _only_choice(lines):
            break
        if any(_ABOUT.search(line.text) for line in lines) and _choices(lines) >= 1:
            found = (box.start, box.end)
        index = box.parent
    return found


def _choices(lines: list[Line]) -> int:
    return sum(1 for line in lines if _is_choice(line))


def _only_choice(lines: list[Line]) -> bool:
    """Whether no paragraph strays from the subject and nothing is the page's title."""
    return not any(
        (line.kind == "heading" and line.level == 1 and not _ABOUT.search(line.text))
        or (len(line.text) > 150 and not _ABOUT.search(line.text) and not line.dropped)
        for line in lines
    )
