"""What an element's tag, id, classes and role say about it: furniture, and how surely.

Names lie: "sidebar", "modal" and "cookie" are found on containers of whole policies. So a name
only raises a suspicion, and region.py weighs it against the text inside.
"""

import re
from functools import lru_cache
from typing import Literal

from tracker.normalize.tree import Node
from tracker.text import any_of

Suspicion = Literal["archive", "consent", "strong", "overlay", "weak"]

STRONG_TAGS = ("nav", "footer")
_OF_TAG: dict[str, tuple[Suspicion, str]] = {
    **{tag: ("strong", f"<{tag}>") for tag in STRONG_TAGS},
    "dialog": ("overlay", "<dialog>"),
    **{tag: ("weak", f"<{tag}>") for tag in ("aside", "header", "menu", "form", "marquee")},
}
# Names that say it all: "footer", where "footer-note" may be a part of the text.
SURE = frozenset(
    "footer site-footer page-footer sitefooter colophon contentinfo nav navigation navbar"
    " breadcrumb breadcrumbs".split()
)


def _words(text: str) -> str:
    """A pattern for any of the words, each a whole part of a name: "menu" in "top-menu"."""
    return rf"(?:^|[\s_-]){any_of(text.split())}(?:$|[\s_-])"


def _starts(text: str) -> str:
    """A pattern for any of the beginnings: "cky-" in "cky-modal", but not in "sticky-top"."""
    return rf"(?<![a-z]){any_of(text.split())}"


# What the Wayback Machine wrote into pages that were not saved with "id_".
_ARCHIVE = re.compile(_starts("wm-ipp wm-capinfo wm-bipp wm_tb donato$ iawm"))
# Consent managers sign their elements; their text outweighs a short page on a third of the web.
# "ot-sdk-cookie-policy", "cky-audit-table" and "CookieDeclaration" are lists that a policy embeds,
# "cmplz-document" is a whole policy: they stay.
_CONSENT = re.compile(
    _starts(
        """
        onetrust- optanon-(?!category|show) ot-sdk-(?!cookie-policy) ot-pc- ot-consent
        cybotcookiebot
        cookiebot didomi usercentrics uc-banner axeptio tarteaucitron truste[-_] trustarc iubenda-cs
        iubenda-pp qc-cmp sp_message termly-consent termly-code
        cky-(?!(?:cookie-)?audit|policy|banner-element) cookieyes
        cmplz-(?:cookiebanner|soft-cookiewall|manage-consent(?!-container)) borlabs
        moove[-_]gdpr osano-cm klaro cc-window cc-banner cc-revoke cookieconsent cookie-?law-info
        cli-modal cookie-notice-container cookiefirst cookie-?script evidon _evh- fc-consent cmpbox
        cmpwrapper consentmanager orejime hs-eu-cookie eu-cookie-compliance shopify-pc ketch-
        civic-?ccc ccc- sd-cmp tac_ cookie-?hub
        ch2-(?:container|dialog|settings|icon) coi-?(?:banner|overlay|consent) ppms_cm fs-cc-
        wpgdprc rcb-banner transcend-consent amgdprcookie notice-cookie-block cookie-?status
        gdpr-?(?:banner|popup|modal|overlay|dialog|cookie)
        cookies?-?(?:banner|bar|popup|pop-up|modal|overlay|alert|dialog|consent|notification)
        cookies?-?(?:message|warning|prompt|toast|disclaimer|preferences?-(?:modal|center))
        cookies?-?(?:agreement|hint|hinweis|strip|notice-?(?:bar|banner|popup|overlay))
        consent-?(?:banner|modal|popup|dialog|overlay|manager)
        """
    )
)
# Policies of iubenda carry their date in "iub_footer".
_EMBEDDED = "iub_"
# Windows over the page; a policy is seldom in one, and then it is most of the page.
_OVERLAY = re.compile(
    _words("modals? popups? pop-up overlay lightbox dialog alertdialog toast snackbar global-alert")
)
# Hardly the policy's text, unless it reads like one or is a large share of the page.
_STRONG = re.compile(
    _words(
        """
        nav navi navbar navigation menubar submenu mega-?menu topbar top-bar sitemap breadcrumbs?
        crumbs? topic-?path footer colophon masthead skip-?links? skip-?nav pagination pager
        newsletter
        sharethis addthis addtoany share-?(?:buttons?|links?|bar|icons?)
        social-?(?:links?|icons?|media|share|nav|menu|list)
        search-?(?:form|box|bar|field|input|overlay)
        lang(?:uage)?-?(?:switch(?:er)?|select(?:or)?|picker|menu|list|dropdown|chooser)
        (?:country|region|locale)-?(?:select(?:or)?|picker|switch(?:er)?) cookie-?list-?modal
        log-?in-?(?:form|modal|box)? sign-?(?:in|up)-?(?:form|modal|box)? back-?to-?top
        intercom-(?:container|launcher|messenger|reaction-picker)
        rechts (?:right|rechter?)-?(?:bar|col|column|kolom|menu|nav|pane|panel|spalte)
        voet voettekst fu(?:ss|ß)zeile pied-de-page rodape stopka nieuwsbrief
        contentinfo (?:related|recent)-?(?:articles?|posts?|content|links) cart minicart
        article-?(?:comments|votes|relatives) comments?-(?:area|section|list|form|respond|reply)
        """
    )
    + "|breadcrumb|newsletter|navbar|megamenu|sitenav|mainnav|topnav|sidenav|sitefooter|pagefooter"
    # "FooterColumn", "NavLinks" and "GlobalFooter" come in lower case
    "|footer(?:col|link|menu|nav|wrap|top|bottom|inner|content|container|area|bar|widget|row|section)"
    "|(?:global|main|master)footer|nav(?:menu|links|items?$|list|wrap|container)"
)
# May be furniture; what it holds decides.
_WEAK = re.compile(
    _words(
        """
        menus? foot header sidebar side-bar zijbalk seitenleiste randspalte subscribe subscription
        socials? share sharing related
        recommended recommendations see-?also trending popular promo advert ads adsense
        search lang languages? locale comments? respond feedback rating votes? helpful tooltip
        dropdown author byline (?:article|post|entry)-meta banners? contact-?form cta
        call-to-action copyright print printer chat complementary
        tablist toolbar toc table-of-contents hero actions? buttons? notice-?bar alert
        app-?download offcanvas off-canvas drawer flyout notification-?bar
        """
    )
)
_HEADING = re.compile(
    r"(?:^|[\s_-])(?:heading|headline|header|head|title|titre|titel|subtitle|subhead|subheading)"
    r"(?:-?\d|$|[\s_-])"
)
_ITEM = re.compile(
    r"(?:^|[\s_-])(?:bullet(?:ed)?|number(?:ed)?)[-_]?list[-_](?:block|item)(?:$|\s)"
)
_BY_NAME: tuple[tuple[Suspicion, re.Pattern[str]], ...] = (  # the surest first
    ("archive", _ARCHIVE),
    ("consent", _CONSENT),
    ("strong", _STRONG),
    ("overlay", _OVERLAY),
    ("weak", _WEAK),
)
STRENGTHS = [strength for strength, _ in _BY_NAME]
_REASONS = {"archive": "the archive's toolbar", "consent": "consent manager"}


@lru_cache(maxsize=20_000)
def suspicion(tag: str, names: str) -> tuple[Suspicion, str] | None:
    """How an element's tag and names speak for furniture, and which of them; None if none do.

    >>> suspicion("div", "site-footer"), suspicion("div", "privacy content")
    (('strong', 'named "footer"'), None)
    """
    surest = _OF_TAG.get(tag)
    for name in names.split():
        found = _of_name(name)
        if found and (surest is None or _rank(found) < _rank(surest)):
            surest = found
    return surest


def _rank(found: tuple[Suspicion, str]) -> int:
    return STRENGTHS.index(found[0])


@lru_cache(maxsize=20_000)
def _of_name(name: str) -> tuple[Suspicion, str] | None:
    """What one id, class or role says."""
    if name.startswith(_EMBEDDED):
        return None
    for strength, pattern in _BY_NAME:
        if found := pattern.search(name):
            return strength, _REASONS.get(strength) or f'named "{found.group().strip("_-")}"'
    return None


def styled_as_heading(named: str) -> bool:
    """Whether an element's class says that it is a heading."""
    return ("head" in named or "tit" in named) and _HEADING.search(named) is not None


def block_of(named: str) -> Literal["heading", "item", "panel", ""]:
    """What an element's id, class and role say that a <div> is. The role of an item says nothing:
    site builders give it to the block that holds the whole text."""
    if named.endswith(" tabpanel"):
        return "panel"
    if "list" in named and _ITEM.search(named):
        return "item"
    return "heading" if styled_as_heading(named) else ""


def of(node: Node) -> str:
    """Id, classes and role of an element in lower case."""
    name, classes, role = node.attr("id"), node.attr("class"), node.attr("role")
    if name or role:
        return f"{name or ''} {classes or ''} {role or ''}".strip().lower()
    return classes.strip().lower() if classes else ""
