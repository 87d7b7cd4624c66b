"""What pages say that stand in front of a document or in its place, in five languages."""

import re

from tracker.model import IncidentKind

# Kind, cause, and what is said in the title or the first lines. English first: it stands on walls
# of every country.
_WALLS: tuple[tuple[IncidentKind, str, str], ...] = (
    (
        "bot-wall",
        "a check against robots was archived instead of the page",
        r"""
        just a moment\b|checking your browser|attention required!|access denied|forbidden$
        |access to this page has been denied|you have been blocked|are you (?:a )?(?:human|robot)
        |verify(?:ing)? (?:that )?you are (?:a )?human|i['’]?m not a robot|security check\b
        |complete the (?:security check|captcha)|javascript and cookies to continue
        |pardon our interruption|incapsula|ddos protection by|bot verification|one more step
        |you don['’]t have permission to access|your request (?:has been|was) blocked
        |unusual traffic|automated (?:access|requests|queries)|ray id|reference #[\da-f]+\.[\da-f]+
        |human verification|disable any ad ?blocker|sucuri website firewall|error 10(?:06|15|20)\b
        |your access to this (?:site|service) has been limited|press and hold|checking if the site
        |toegang geweigerd|even geduld
        |zugriff verweigert|sicherheitsüberprüfung|einen moment
        |accès refusé|vérification de sécurité|un instant
        |acceso denegado|un momento
        """,
    ),
    (
        "soft-404",
        'the page says "not found" with status 200',
        r"""
        404\b|(?:page|file|document|content) (?:was |is |could )?(?:not|cannot) (?:be )?found
        |not found$|page you(?: have|['’]ve)? (?:requested|were looking for|are looking for)
        |(?:page|document) (?:does not|doesn['’]t|no longer) exists?|nothing (?:was )?found
        |(?:can['’]?t|couldn['’]t|cannot) find (?:that|the|this) page|no longer available|oops[!,.]
        |pagina (?:is |werd )?niet gevonden|pagina (?:die u zoekt )?bestaat niet|helaas kunnen we
        |seite (?:wurde )?nicht gefunden|seite existiert nicht|nicht gefunden$
        |page (?:non trouvée|introuvable)|page n['’]existe (?:pas|plus)|introuvable$
        |página no encontrada|no se ha encontrado|no se encuentra la página|página no existe
        """,
    ),
    (
        "error-page",
        "an error message with status 200",
        r"""
        internal server error|service (?:temporarily )?unavailable|bad gateway|gateway time-?out
        |error establishing a database connection|database (?:connection )?error|runtime error$
        |server error in|fatal error:|warning: (?:mysql|include|require)|an error has occurred$
        |(?:down|closed) for (?:scheduled )?maintenance|under maintenance|maintenance mode
        |be right back|temporarily (?:down|offline|unavailable)|bandwidth limit exceeded
        |storing$|onderhoud(?:swerken)?$|wartungsarbeiten|wartungsmodus|en maintenance$
        |en mantenimiento$
        """,
    ),
    (
        "blocked",
        "the archive says that it does not show this page",
        r"""
        url has been excluded from the wayback
        |page cannot be (?:crawled or )?displayed due to robots
        """,
    ),
    (
        "unplayable",
        "the archive's own message instead of the page",
        r"""
        got an http \d+ response at crawl time|wayback machine has(?: not|n['’]t) archived that url
        |this page is not available on the web|redirecting to\.\.\.
        """,
    ),
    (
        "bot-wall",
        "a dialog for consent was archived instead of the page",
        r"""
        before you continue to|voordat je verdergaat|avant d['’]accéder à|antes de ir a
        |bevor sie (?:zu .{1,40} )?(?:weitergehen|fortfahren)
        """,
    ),
    (
        "parked",
        "the domain is parked or for sale",
        r"""
        domain (?:name )?(?:is |may be |has been )?(?:for sale|parked|expired|suspended|reserved)
        |buy this domain|this (?:web)?site is for sale|parked (?:free|domain|page)|related searches
        |account (?:has been )?suspended|(?:coming soon|under construction)$|future home of
        |default web(?:site)? page|welcome to nginx|apache2? .{0,20}default page|it works!$
        |domein is (?:te koop|gereserveerd|geregistreerd)|domein te koop
        |domain (?:ist|steht) (?:zu verkaufen|zum verkauf|geparkt)
        |domaine (?:est )?à vendre|dominio (?:está )?en venta
        """,
    ),
    (
        "login",
        "a login form was archived instead of the page",
        r"""
        (?:log|sign) ?in(?: to (?:continue|your|view)| or | with |$)|you must be logged in
        |forgot(?:ten)? (?:your )?password|keep me (?:signed|logged) in|remember me$|login required
        |(?:inloggen|aanmelden)$|wachtwoord vergeten|log in om verder
        |(?:anmelden|einloggen)$|passwort vergessen
        |(?:se connecter|connexion|identifiez-vous)$|mot de passe oublié
        |iniciar sesión$|olvidado (?:su|tu) contraseña
        """,
    ),
)
_SIGNS = tuple(
    (kind, cause, re.compile(rf"\b(?:{''.join(map(str.strip, signs.splitlines()))})", re.I))
    for kind, cause, signs in _WALLS
)


def wall_in(text: str) -> tuple[IncidentKind, str] | None:
    """The first sign of a wall in a line, and how the finding is put into words."""
    for kind, cause, signs in _SIGNS:
        if len(text) <= 300 and (sign := signs.search(text)):
            return kind, f'{cause}: "{sign[0].strip()}"'
    return None
