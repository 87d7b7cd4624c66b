"""Lines of a web page that a text dump carries along: menus, loading notices, language switches.

Only lines that are nothing else go; a stray line is better than a lost clause.
"""

import re

from tracker.normalize.lines import Line

_LANGUAGES = frozenset(
    """
    en nl fr de es it pt pl sv da no fi cs ro hu el tr ru uk zh ja ko ar eng ned fra deu esp
    english nederlands français deutsch español italiano português polski svenska dansk norsk suomi
    """.split()
)
_WHOLE_LINES = frozenset(
    line.strip()
    for line in """
    loading; laden; wird geladen; chargement; cargando; please wait; even geduld
    skip to content; skip to main content; skip navigation; ga naar inhoud; zum inhalt springen
    aller au contenu; saltar al contenido; jump to content; direct naar inhoud; naar de inhoud
    menu; toggle navigation; navigation; search; zoeken; suche; rechercher; buscar
    back to top; terug naar boven; nach oben; haut de page; volver arriba; top of page; naar boven
    print; print this page; afdrukken; drucken; imprimer; imprimir; share; share this; delen; teilen
    home; close; sluiten; schließen; fermer; cerrar; read more; lees meer; expand all; collapse all
    log in; login; sign in; sign up; register; inloggen; aanmelden; anmelden; connexion
    accept; accept all; accept cookies; accepteren; akzeptieren; accepter; cookie settings
    stay in touch; stay up to date; subscribe; subscribe to our newsletter; join us; follow us
    blijf op de hoogte; doe met ons mee; volg ons; schrijf je in voor onze nieuwsbrief
    folgen sie uns; bleiben sie auf dem laufenden; suivez-nous; síguenos; restez informé
    advertisement; copy link; download pdf; download as pdf
    """.replace("\n", ";").split(";")
    if line.strip()
)
_MARKS = re.compile(r"[\s.…!:*_#>|»-]+$|^[\s*_#>|«-]+")
_MENU = re.compile(r"[^|›»>]{1,30}(?:\s[|›»>]\s[^|›»>]{1,30}){2,20}")


def without(lines: list[Line]) -> list[Line]:
    """The lines that may be text; a line repeated at once is kept once.

    >>> [line.text for line in without([Line("text", "Loading..."), Line("text", "en nl es")])]
    []
    """
    kept: list[Line] = []
    for line in lines:
        if line.kind in ("text", "heading") and _is_junk(line.text):
            continue
        if kept and line.kind == "text" and kept[-1].text == line.text:
            continue
        kept.append(line)
    return kept


def _is_junk(text: str) -> bool:
    if len(text) > 200:
        return False
    bare = _MARKS.sub("", text).casefold()
    if not bare or bare in _WHOLE_LINES:
        return True
    if _MENU.fullmatch(text) and not re.search(r"[.;:?]", text):
        return True
    words = re.split(r"[\s|/,·•]+", bare)
    return len(words) >= 2 and _LANGUAGES.issuperset(words)
