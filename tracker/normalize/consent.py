"""Cookie dialogs that carry no vendor's name: known by the choice they offer."""

import re
from itertools import islice

from tracker.normalize import marks
from tracker.normalize.shapes import Box, Line, Sheet
from tracker.text import any_of, has_any, phrases

_VERB = any_of(
    phrases(r"""
    accept; agree; allow; reject; decline; deny; refuse; customi[sz]e; manage; save; confirm
    got it; ok(?:ay)?; (?:i )?understand; alright; einverstanden
    akzeptieren; zustimmen; ablehnen; erlauben; annehmen; zulassen; speichern; einstellungen
    verstanden; accepter; autoriser; refuser; param[ée]trer; personnaliser; enregistrer
    continuer sans accepter; d['’]accord
    accepteren; toestaan; akkoord; weigeren; afwijzen; instellen; opslaan
    aceptar; permitir; rechazar; configurar; guardar; accett[aoi]\w*; rifiuta; aceit[aeo]\w*
    recusar; acord; concordo; prosseguir; entend[io]\w*; ho capito; compris; begrepen
    godkänn\w*; acceptera\w*; tillåt\w*; avvisa; neka; accepter; tillad; afvis; godta\w*
    hyväks\w*; hylkää; akcept\w*; zgadzam się; odrzu\w*; rozumi[em]m; přijm\w*; přijímám; souhlasím
    odmítn\w*; elfogad\w*; elutasít\w*; [jl]['’]accepte; accept\w*; respinge
    súhlasím; prihvać\w*; strinjam se; sutinku; nõustun; kabul(?: et\w*| ediyorum)?; reddet; tamam
    αποδοχή; αποδέχομαι; απόρριψη; принять; принимаю; согласен; соглашаюсь; отклонить; хорошо
    понятно; прийняти; приемам; موافق; أوافق; قبول; رفض; אישור; מאשר\w*; מסכי[םמ]ה?; setuju; đồng ý
    """)
)
# No spaces part the words of these languages.
_WIDE_CHOICE = (
    r"(?:\w{1,20}\s){0,2}\w{0,20}(?:同意|許可|拒否|受け入れ|承諾|接受|拒绝|拒絕|允许"
    r"|동의|허용|거부|수락|ยอมรับ)\w{0,8}"
)
# "Accept all cookies", "Tout refuser", "Nur notwendige akzeptieren"
_CHOICE = re.compile(
    rf"^\W*(?:(?:[\w'’]+\s+){{0,3}}{_VERB}\b(?:\W+[\w'’]+){{0,4}}|{_WIDE_CHOICE})\W*$", re.I
)
_ABOUT = re.compile(
    r"cookie|traceur|tracker|consent|einwilligung|toestemming|consentimiento|ciastecz|çerez|kakor"
    r"|eväste|sütik?|galetes|kolačić|piškot|slapuk|küpsis|бисквитк|куки"
    r"|information on (?:your|a) device|تعريف الارتباط|עוגיות|クッキー|쿠키|คุกกี้",
    re.I,
)
# How the words of those buttons begin that accept; asked first, for the pattern is slow.
_BEGINNINGS = frozenset(
    word[:3]
    for word in """
    accept akzeptieren zustimmen annehmen zulassen erlauben einverstanden verstanden alle autoriser
    j'accepte j’accepte compris tout akkoord toestaan begrepen acept permitir entendido entendi
    accetto ho aceito concordo prosseguir agree allow understand got ok okay alright godkänn godta
    tillåt tillad hyväksy akceptuję zgadzam rozumiem přijmout přijímám souhlasím rozumím súhlasím
    elfogadom kabul tamam prihvaćam strinjam sutinku nõustun αποδοχή αποδέχομαι принять принимаю
    согласен соглашаюсь хорошо понятно прийняти приемам موافق أوافق قبول אישור מאשר מסכים setuju
    đồng
    """.split()
)
_WIDE_ACCEPT = "同意 許可 受け入れ 接受 允许 동의 허용 수락 ยอมรับ".split()
_MANY = 400  # lines of a dialog with its purposes and vendors unfolded
_REST = 0.2  # share of the text that must be left: a page about cookies is no dialog
_TRIED = 30  # buttons looked at
_LONG = 150  # characters of a paragraph that must have a subject
_STRAY = 0.3  # share of long paragraphs in a dialog that may be about something else
_CLOSE = 3  # lines
_LABEL = 50  # characters of a button


def drop_dialogs(sheet: Sheet) -> None:
    """Mark boxes that talk of cookies and end in a choice between accepting and not."""
    lines = sheet.lines
    kept = [line for line in lines if not line.dropped]
    most = (1 - _REST) * sum([line.plain for line in kept])
    for button in islice(filter(_accepts, kept), _TRIED):
        dialog = None if button.dropped else _dialog(sheet, button, most)
        if dialog and not amid_text(lines, *dialog):
            for inside in lines[dialog[0] : dialog[1]]:
                inside.dropped = inside.dropped or "a choice about cookies"


def _accepts(line: Line) -> bool:
    if len(line.text) > _LABEL or line.kind == "heading":
        return False
    label = line.text.lower()
    found = not _BEGINNINGS.isdisjoint([word[:3] for word in label.split()])
    if not found and not label.isascii():
        found = has_any(label, _WIDE_ACCEPT)
    return found and _is_choice(line)


def _is_choice(line: Line) -> bool:
    return len(line.text) <= _LABEL and line.kind != "heading" and bool(_CHOICE.match(line.text))


def _dialog(sheet: Sheet, button: Line, most: float) -> tuple[int, int] | None:
    """The widest box around `button` that is about nothing but the choice."""
    found = None
    index = button.box
    while index >= 0:
        box = sheet.boxes[index]
        if box.end - box.start > _MANY:
            break
        lines = sheet.lines[box.start : box.end]
        size = sum(line.plain for line in lines if not line.dropped)
        if size > most or box.tag in ("main", "article", "body") or not _only_choice(lines):
            break
        if any(_ABOUT.search(line.text) for line in lines) and _choices(lines) >= 1:
            found = (box.start, box.end)
        index = box.parent
    return found


def amid_text(lines: list[Line], start: int, end: int, around: Box | None = None) -> bool:
    """Whether running text stands close on both sides, within the box `around`: a section on
    cookies with its button."""
    first, last = (around.start, around.end) if around else (0, len(lines))
    before = [line for line in lines[max(first, start - _CLOSE) : start] if not line.dropped]
    after = [line for line in lines[end : min(last, end + _CLOSE)] if not line.dropped]
    return any(line.prose for line in before) and any(line.prose for line in after)


def offers_choice(lines: list[Line]) -> bool:
    """Whether one of `lines` is a button that accepts."""
    return any(map(_accepts, lines))


def _choices(lines: list[Line]) -> int:
    return sum(1 for line in lines if _is_choice(line))


def _only_choice(lines: list[Line]) -> bool:
    """Whether hardly a paragraph strays from the subject, and nothing is a policy's title."""
    if any(map(_is_title, lines)):
        return False
    long = [line.text for line in lines if len(line.text) > _LONG and not line.dropped]
    return sum(not _ABOUT.search(text) for text in long) <= _STRAY * len(long)


def _is_title(line: Line) -> bool:
    return line.kind == "heading" and line.level == 1 and marks.names_policy(line.text)
