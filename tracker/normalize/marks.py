"""Words and names that tell a policy's text from the page around it, in one place.

Names are matched against an element's id, classes and role; lines against their whole text.
Every pattern is linear: alternations of literals, no nested repetition.
"""

import re
from functools import lru_cache

# Consent managers sign their elements; their text outweighs a short page on a third of the web.
_CONSENT = re.compile(
    r"onetrust|optanon|ot-sdk|ot-pc-|ot-consent|cybotcookiebot|cookiebot|didomi|usercentrics"
    r"|uc-banner|axeptio"
    r"|tarteaucitron|truste[-_]|trustarc|iubenda-cs|iubenda-pp|qc-cmp|sp_message|termly-|cky-"
    r"|cookieyes"
    r"|cmplz-|borlabs|moove[-_]gdpr|osano-cm|klaro|cc-window|cc-banner|cc-revoke|cookieconsent"
    r"|cookie-?law-info|cli-modal|cookie-notice-container|cookiefirst|cookie-script|cookiescript"
    r"|evidon|_evh-|fc-consent|gdpr-?(banner|popup|modal|overlay|dialog|cookie)|cmpbox"
    r"|cmpwrapper|consentmanager"
    r"|orejime|hs-eu-cookie|eu-cookie-compliance|shopify-pc|ketch-|civic-?ccc|ccc-|sd-cmp|tac_|cookie-?hub"
    r"|ch2-"
    r"|cookie-?(banner|bar|popup|pop-up|modal|overlay|alert|dialog|consent|notification|message|warning|"
    r"prompt|toast|disclaimer|preferences?-(modal|center))"
    r"|consent-?(banner|modal|popup|dialog|overlay|manager)"
)
# What the Wayback Machine wrote into pages that were not saved with "id_".
_ARCHIVE = re.compile(r"(?:^|\s)(?:wm-ipp|wm-capinfo|wm-bipp|wm_tb|donato$|iawm)")
# Windows over the page; a policy is seldom in one, and then it is most of the page.
_OVERLAY = re.compile(
    r"(?:^|[\s_-])(?:modals?|popups?|pop-up|overlay|lightbox|dialog|alertdialog|offcanvas|off-canvas"
    r"|drawer|flyout|toast|snackbar|global-alert|notification-?bar)(?:$|[\s_-])"
)
# Surely not the policy's text, unless it holds a large share of the page's prose.
_STRONG = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|navigation|menubar|submenu|mega-?menu|topbar|top-bar|sitemap"
    r"|breadcrumbs?|crumbs?|footer|colophon|masthead|skip-?links?|skip-?nav|pagination|pager"
    r"|newsletter|sharethis|addthis|addtoany|share-?(?:buttons?|links?|bar|icons?)"
    r"|social-?(?:links?|icons?|media|share|nav|menu|list)|search-?(?:form|box|bar|field|input|overlay)"
    r"|lang(?:uage)?-?(?:switch(?:er)?|select(?:or)?|picker|menu|list|dropdown|chooser)"
    r"|(?:country|region|locale)-?(?:select(?:or)?|picker|switch(?:er)?)|cookie-?list-?modal"
    r"|log-?in-?(?:form|modal|box)?|sign-?(?:in|up)-?(?:form|modal|box)?|back-?to-?top|intercom|zendesk|contentinfo"
    r"|related-?(?:articles?|posts?|content|links)|cart|minicart)(?:$|[\s_-])"
    r"|breadcrumb|newsletter|navbar|megamenu|sitenav|mainnav|topnav|sidenav|sitefooter|pagefooter"
)
# May be furniture; what it holds decides.
_WEAK = re.compile(
    r"(?:^|[\s_-])(?:menu|menus|foot|header|sidebar|side-bar|subscribe|subscription|social|socials|share"
    r"|sharing|related|recommended|recommendations|see-?also|trending|popular|promo|advert|ads|adsense"
    r"|banner|search|lang|languages?|locale|comments?|respond|feedback|rating|votes?|helpful"
    r"|tooltip|dropdown|contact-?form|cta|call-to-action|copyright|print|printer|chat|complementary"
    r"|tablist|toolbar|toc|table-of-contents|hero|actions?|buttons?|notice-?bar|alert|app-?download)"
    r"(?:$|[\s_-])"
)
STRONG_TAGS = ("nav", "footer")
# Names that are the whole name: "footer", where "footer-note" may be a part of the text.
SURE_NAMES = frozenset(
    "footer site-footer page-footer sitefooter colophon contentinfo nav navigation navbar"
    " newsletter breadcrumb breadcrumbs".split()
)
_WEAK_TAGS = ("aside", "header", "menu", "form")

# Words of legal texts in the languages policies are most often written in. Hits per line tell
# a clause from a company's blurb; a page without any is judged without them.
_LEGAL = re.compile(
    r"personal (?:data|info)|\bdata\b|privacy|cookie|consent|third[- ]part|\blaws?\b"
    r"|\brights?\b|agree"
    r"|terms|policy|polic[iy]|liab|collect|process|disclos|personally|warrant|intellectual|dispute"
    r"|arbitrat|licen[cs]e|governing|obligation|complian|regulat|terminat|notice|indemn|provision"
    r"|your information|you (?:may|must|can|will|should)\b|we (?:may|will|use|do|share|collect)\b"
    r"|gegevens|persoons|toestemming|verwerk|voorwaarden|rechten|aansprakelijk|wetgeving|privacy"
    r"|daten|einwilligung|verarbeit|rechte?\b|gesetz|haftung|nutzung|vertrag|dsgvo|zustimm|bestimmung|bedingung"
    r"|donn[ée]es|confidentialit|consentement|traitement|\bdroits?\b|\bloi\b|responsab|conditions"
    r"|mentions|[ée]diteur|h[ée]berge|traceur|vie priv|contrat|utilisateur"
    r"|datos|privacidad|tratamiento|derechos?\b|\bley\b|consentimiento|condiciones|usuario|aviso"
    r"|dati\b|trattamento|dados|privacidade|tratamento|dane\b|danych|osobowych"
    r"|personuppgift|oplysninger"
    r"|henkil[öo]tie|osobn[íi]|個人|情報|隐私|隱私|信息|개인정보|персональн|данны",
    re.I,
)
# What a policy is called, also one about cookies.
_NAMES = re.compile(
    r"polic|notice|statement|terms|imprint|impressum|erkl[äa]rung|richtlinie|bestimmung|bedingung"
    r"|politique|charte|mentions|conditions|beleid|verklaring|voorwaarden|pol[íi]tica|aviso|informativa",
    re.I,
)
_DATE_WORD = re.compile(
    r"\b(?:last (?:updated|modified|revised|changed|amended|reviewed)|updated(?: on)?|effective"
    r"|revised|revision|version"
    r"|modified|in force|posted on|laatst|bijgewerkt|gewijzigd|versie|ingangsdatum"
    r"|stand|zuletzt|g[üu]ltig"
    r"|aktualisiert|fassung|mis(?:e)? [àa] jour|[àa] jour|derni[èe]re|en vigueur"
    r"|modifi[ée]e?|[úu]ltima|actualiza|vigente|vigor|ultimo aggiornamento|aggiornat)",
    re.I,
)
_COPYRIGHT = re.compile(r"^\W*(?:©|\(c\)|copyright\b)[^a-z]*(?:19|20)\d\d", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")


@lru_cache(maxsize=20_000)
def box_reason(tag: str, names: str) -> tuple[str, str]:
    """How strongly an element's tag and names speak for furniture, and which.

    "archive", "consent", "strong", "overlay" or "weak"; twice "" where nothing does.
    """
    if names and _ARCHIVE.search(names):
        return "archive", "the archive's toolbar"
    if names and _CONSENT.search(names):
        return "consent", "consent manager"
    if tag in STRONG_TAGS:
        return "strong", f"<{tag}>"
    if tag == "dialog":
        return "overlay", "<dialog>"
    for strength, pattern in (("strong", _STRONG), ("overlay", _OVERLAY), ("weak", _WEAK)):
        found = pattern.search(names) if names else None
        if found:
            return strength, 'named "' + found.group().strip(" _-") + '"'
    if tag in _WEAK_TAGS:
        return "weak", f"<{tag}>"
    return "", ""


def legal(text: str) -> bool:
    """Whether `text` uses the words of policies."""
    return _LEGAL.search(text) is not None


def date_line(text: str) -> bool:
    """Whether `text` says since when the policy holds.

    >>> date_line("Last updated: 3 May 2018"), date_line("Dernière mise à jour le 03/05/2018")
    (True, True)
    """
    return len(text) < 160 and bool(_YEAR.search(text)) and bool(_DATE_WORD.search(text))


def copyright_line(text: str) -> bool:
    """Whether `text` is a notice such as "© 2003-2017 Acme"."""
    return len(text) < 160 and _COPYRIGHT.search(text) is not None


def names_policy(text: str) -> bool:
    """Whether `text` could be the name of a legal document.

    >>> names_policy("Cookie Policy"), names_policy("Help & services")
    (True, False)
    """
    return len(text) < 120 and _NAMES.search(text) is not None
