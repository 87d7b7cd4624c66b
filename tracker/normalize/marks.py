"""Words that tell a policy's lines from those of the page around it, in one place.

Every pattern is linear: alternations of literals, no nested repetition.
"""

import re
from functools import lru_cache

from tracker.text import any_of, has_any

# Words of legal texts in the languages policies are most often written in. Hits per line tell
# a clause from a company's blurb; a page without any is judged without them.
_READ = 1_000  # characters of a line looked at
_STEMS = """
    privacy cookie consent terms policy polici liab collect process disclos personally warrant
    intellectual dispute arbitrat license licence governing obligation complian regulat terminat
    notice indemn provision agree
    gegevens persoons toestemming verwerk voorwaarden rechten aansprakelijk wetgeving
    daten einwilligung verarbeit gesetz haftung nutzung vertrag dsgvo zustimm bestimmung bedingung
    données donnees confidentialit consentement traitement responsab conditions mentions éditeur
    editeur héberge heberge traceur contrat utilisateur
    datos privacidad tratamiento consentimiento condiciones usuario aviso
    trattamento consenso informativa dados privacidade consentimento
    osobow przetwarz prywatno regulamin umowy personuppgift personopplysning oplysninger
    samtyck samtykke vilkår behandl henkilotie sopimu osobni adatkezel prelucra
""".split()
# Of other letters; looked for in texts that have such letters alone.
_OTHER_STEMS = """
    zgod usług henkilötie tietosuoja evästei osobní údaj souhlas smlouv podmín zpracov
    személyes szerződ hozzájárul feltétel
    kişisel gizlilik sözleşme çerez kanun hukuk consimț politică
    προσωπικ δεδομέν απορρήτ συγκατάθεσ
    персональн данны данни согласи обработк договор пользовател конфиденц законодательств
    обробк користувач згод закон політик политик
    個人 情報 隐私 隱私 信息 条款 條款 协议 協議 法律 规约 規約 契約 同意 利用者
    개인정보 약관 동의 이용자 법률 회사
    بيانات خصوصي معلومات شروط موافق قانون
    פרטיות מידע תנאי הסכמ חוק
    ข้อมูล เงื่อนไข ความยินยอม
    thông tin quyền điều khoản dữ liệu
""".split()
_PHRASES = (
    *("personal data", "personal info", "your information", "third[ -]part", "vie priv"),
    *("opt[ -]out", "tracking"),
)
_SURE = re.compile(any_of((*_STEMS, *_PHRASES)))
_SURE_ELSEWHERE = re.compile(any_of(_OTHER_STEMS))
_LEGAL = re.compile(
    r"\bdata\b|\blaws?\b|\brights?\b"
    r"|you (?:may|must|can|will|should)\b|we (?:may|will|use|do|share|collect)\b"
    r"|rechte?\b|\bdroits?\b|\bloi\b|derechos?\b|\bley\b|dati\b|dane\b"
)
# One of these is in all that _LEGAL finds; asking for them first is ten times as fast.
_MAY_BE_LEGAL = "data law right you we recht droit loi derecho ley dati dane".split()
# What a policy is called, also one about cookies.
_NAMES = re.compile(
    r"polic|notice|statement|terms|imprint|impressum|erkl[äa]rung|richtlinie|bestimmung|bedingung"
    r"|politique|charte|mentions|conditions|beleid|verklaring|voorwaarden|pol[íi]tica|aviso|informativa"
    r"|polityk|regulamin|villkor|vilkår|betingelser|integritet|personvern|tietosuoja|ehdot|zásady"
    r"|podmínky|tájékoztató|politic[aă]|gizlilik|sözleşme|koşulları|aydınlatma|termos|condizioni"
    r"|πολιτική|όροι|политика|соглашение|условия|політика|ポリシー|規約|方針|隐私|隱私|条款|條款|协议|協議|政策"
    r"|声明|聲明|처리방침|약관|سياسة|شروط|מדיניות|תנאי",
    re.I,
)
_DATE_WORD = re.compile(
    r"\b(?:last (?:updated|modified|revised|changed|amended|reviewed)|updated(?: on)?|effective"
    r"|revised|revision|version"
    r"|modified|in force|posted on|laatst|bijgewerkt|gewijzigd|versie|ingangsdatum"
    r"|stand|zuletzt|g[üu]ltig"
    r"|aktualisiert|fassung|mis(?:e)? [àa] jour|[àa] jour|derni[èe]re|en vigueur"
    r"|modifi[ée]e?|[úu]ltima|a[ct]?tualiza|vigente|vigor|ultim[oa] (?:aggiornamento|modifica)"
    r"|aggiornat|aktualizac|obowiązuj|ostatni|(?:senast )?uppdatera|senast|(?:sidst )?opdater"
    r"|(?:sist )?oppdater|päivitetty|voimassa|hatály|frissít|güncelle|yürürlük|τελευταία|ενημέρωσ"
    r"|обновлен|редакци|действует|вступа|оновлен)"
    # Scripts without spaces or with prefixes: no border stands before the word.
    r"|改定|改訂|制定|施行|更新|発効|生效|修订|修訂|发布|시행|개정|تحديث|سريان|עודכן|עדכון",
    re.I,
)
_COPYRIGHT = re.compile(r"\W*(?:(?:\(c\)|copyright\b)[^a-z]*|©.{0,40}?)(?:19|20)\d\d", re.I)
_SIGNED = re.compile(r"©\s*(?:19|20)\d\d(?!.*[.。]$)")  # behind a footer's links, in one line
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\b|[年년])|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")


@lru_cache(maxsize=4_000)  # captures of one policy share most of their lines
def legal(text: str) -> bool:
    """Whether `text` uses the words of policies."""
    lowered = text[:_READ].lower()
    if _SURE.search(lowered) or (not lowered.isascii() and _SURE_ELSEWHERE.search(lowered)):
        return True
    return has_any(lowered, _MAY_BE_LEGAL) and _LEGAL.search(lowered) is not None


def date_line(text: str) -> bool:
    """Whether `text` may say since when the policy holds. Looser than `text.is_date_line`, which
    has to be sure: here a line wrongly kept costs less than the policy's date lost.

    >>> date_line("Last updated: 3 May 2018"), date_line("Dernière mise à jour le 03/05/2018")
    (True, True)
    """
    return len(text) < 160 and bool(_YEAR.search(text)) and bool(_DATE_WORD.search(text))


def date_label(label: str, text: str) -> bool:
    """Whether `label` announces the date that `text` begins with.

    >>> date_label("Last updated", "3 May 2018"), date_label("Version", "Version of 2018")
    (True, False)
    """
    if len(label) > 30 or len(text) > 60 or date_line(text) or not _YEAR.search(text[:20]):
        return False
    return bool(_DATE_WORD.search(label)) and not _YEAR.search(label)


def copyright_line(text: str) -> bool:
    """Whether `text` is a notice such as "© 2003-2017 Acme"."""
    if len(text) >= 400 or ("20" not in text and "19" not in text):
        return False
    if _COPYRIGHT.match(text):
        return True
    return len(text) < 160 and "©" in text and _SIGNED.search(text) is not None


def menu_line(text: str) -> bool:
    """Whether `text` is a row of labels such as "Home | Products | About us | Contact"."""
    if "|" not in text and "·" not in text and "｜" not in text:
        return False
    bars = max(text.count(" | "), text.count(" · "), text.count("｜"))
    return bars > 2 and len(text) < 30 * (bars + 1)


def may_title(text: str) -> bool:
    """Whether `text` could be the title of a policy: it names a legal document, or their matter."""
    return legal(text) or names_policy(text)


def names_policy(text: str) -> bool:
    """Whether `text` could be the name of a legal document.

    >>> names_policy("Cookie Policy"), names_policy("Help & services")
    (True, False)
    """
    return len(text) < 120 and _NAMES.search(text) is not None
