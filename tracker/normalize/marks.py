"""Words and names that tell a policy's text from the page around it, in one place.

Names are matched against an element's id, classes and role; lines against their whole text.
Every pattern is linear: alternations of literals, no nested repetition.
"""

import re
from functools import lru_cache

# Consent managers sign their elements; their text outweighs a short page on a third of the web.
_CONSENT = re.compile(
    r"onetrust|optanon|ot-sdk|ot-pc-|ot-consent|cybotcookiebot|cookiebot|didomi|usercentrics|uc-banner|axeptio"
    r"|tarteaucitron|truste[-_]|trustarc|iubenda-cs|iubenda-pp|qc-cmp|sp_message|termly-|cky-|cookieyes"
    r"|cmplz-|borlabs|moove[-_]gdpr|osano-cm|klaro|cc-window|cc-banner|cc-revoke|cookieconsent"
    r"|cookie-?law-info|cli-modal|cookie-notice-container|cookiefirst|cookie-script|cookiescript"
    r"|evidon|_evh-|fc-consent|gdpr-?(banner|popup|modal|overlay|dialog|cookie)|cmpbox|cmpwrapper|consentmanager"
    r"|orejime|hs-eu-cookie|eu-cookie-compliance|shopify-pc|ketch-|civic-?ccc|ccc-|sd-cmp|tac_|cookie-?hub|ch2-"
    r"|cookie-?(banner|bar|popup|pop-up|modal|overlay|alert|dialog|consent|notification|message|warning|"
    r"prompt|toast|disclaimer|preferences?-(modal|center))|consent-?(banner|modal|popup|dialog|overlay|manager)"
    r"|wm-ipp"  # the Wayback Machine's own toolbar
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav|navi|navbar|navigation|menu|submenu|megamenu|mega-menu|menubar|topbar|top-bar|toolbar|sitemap"
    r"|breadcrumbs?|crumbs?|footer|foot|colophon|masthead|skip-?links?|skip-?nav|pagination|pager"
    r"|newsletter|subscribe|subscription|sign-?up|social|socials|share|sharing|sharethis|addthis|addtoany"
    r"|related|recommended|recommendations|read-?more|see-?also|trending|popular|promo|advert|ads|adsense|banner"
    r"|search|search-?(form|box|bar)|lang|languages?|language-?(switcher|selector|picker)|locale|country-?selector"
    r"|comments?|respond|feedback|rating|votes?|helpful|widget|widgets|offcanvas|off-canvas|drawer|flyout"
    r"|popup|pop-up|modal|lightbox|tooltip|toast|snackbar|dropdown|dropdown-menu|login|signin|sign-in"
    r"|contact-?form|cta|call-to-action|copyright|print|printer|back-?to-?top|chat|intercom|zendesk"
    r"|dialog|alertdialog|contentinfo|complementary|tablist"
    r")(?:$|[\s_-])"
)
_FURNITURE_PART = re.compile(
    r"breadcrumb|newsletter|navbar|megamenu|sitenav|mainnav|topnav|footer|sidenav"
)
_LEGAL_NAME = re.compile(
    r"legal|privacy|policy|policies|terms|tos\b|gdpr|cgu|cgv|agb|datenschutz|confidential|impressum"
    r"|conditions|mentions|voorwaarden|content|article|post|entry|main|body|page|text|prose|markdown"
)


@lru_cache(maxsize=20_000)
def box_reason(tag: str, names: str) -> str:
    """Why an element with this tag and these names may be furniture; "" if nothing says so."""
    if names and _CONSENT.search(names):
        return "consent manager"
    if tag in ("nav", "footer", "dialog", "menu", "aside"):
        return f"<{tag}>"
    if not names:
        return "<header>" if tag == "header" else ""
    found = _FURNITURE.search(names) or _FURNITURE_PART.search(names)
    if found:
        word = found.group().strip(" _-")
        return f'named "{word}"'
    return "<header>" if tag == "header" else ""


def legal_name(names: str) -> bool:
    """Whether the names promise the page's own text."""
    return bool(_LEGAL_NAME.search(names))
