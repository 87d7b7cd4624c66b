"""Small furniture between the paragraphs of a policy: lines that are for the page's user, and
lists that repeat its headings."""

import re
from collections.abc import Iterator

from tracker.normalize import tools
from tracker.normalize.shapes import Line, Sheet

_SHORT = 60  # characters
_SHARING = re.compile(
    r"/sharer|/share\?|/intent/(?:tweet|post)|share-offsite|^mailto:\?"
    r"|//wa\.me/\?|/pin/create|addtoany"
    r"|javascript:(?:window\.|self\.|history\.)?(?:print|close|back|go)\b"
)
# "Up", "Top of this document": where they lead says it; headings, too, may lead there.
_TOP = re.compile(r"#(?:page)?(?:top|oben|(?:seiten)?anfang|haut|boven|inicio|arriba)$", re.I)
_UPWARDS = re.compile(
    r"\b(?:top|up|back|return|oben|anfang|haut|retour|boven|terug|arriba|inicio|volver|subir)\b",
    re.I,
)
# Links that lead away from the page, in words.
_AWAY = re.compile(
    r"(?:(?:go )?(?:back|return) to )?(?:the |our )?"
    r"(?:home|(?:[\w']+ ){0,2}(?:home ?page|main page))"
    r"|(?:zurück )?(?:zur|zum) (?:startseite|homepage|hauptseite|übersicht|index)"
    r"|(?:retour )?(?:à )?(?:la )?(?:page d['’])?accueil"
    r"|(?:volver )?(?:al? )?(?:la )?(?:inicio|portada)"
    r"|(?:terug )?naar (?:de )?(?:home ?page|startpagina|hoofdpagina)",
    re.I,
)
# "Home › Legal › Privacy"
_CRUMBS = re.compile(
    r"[^›»>＞→/.]{1,40}(?:\s*[›»>＞→]\s*[^›»>＞→/.]{1,60}|\s+/\s+[^›»>＞→/.]{1,60}){1,6}"
)
_BUTTON = re.compile(
    r"[\W_]*|close|(?:un)?follow|subscribe|search|menu|send|submit|download|schlie(?:ß|ss)en|fermer|sluiten|cerrar|chiudi|ok|×|✕|yes|no|ja|nein|oui|non",
    re.I,
)
_MARKS = " \t»«<>›‹↑→←▲▼^+–—-|·•:[]()"
_LANGUAGE = frozenset(
    """
    english deutsch français francais español espanol italiano português portugues nederlands
    polski svenska dansk norsk suomi čeština cestina magyar română romana türkçe turkce русский
    українська ελληνικά български hrvatski slovenčina slovenščina
    srpski eesti latviešu lietuvių 日本語 中文
    简体中文 繁體中文 한국어 العربية עברית हिन्दी ไทย català german french
    spanish italian dutch portuguese polish swedish japanese chinese korean russian turkish arabic
    en de fr es it nl pt pl sv da no fi cs hu ro tr ru uk el ja zh ko ar
    """.split()
)
_MANY = 4  # names of languages in a row make a switcher; two may be a sentence's end
_CONTENTS = re.compile(
    r"(?:table of )?contents|on this page|in this (?:article|policy)|inhalt(?:sverzeichnis)?"
    r"|sommaire|table des mati[èe]res|inhoud(?:sopgave)?|[íi]ndice|contenido|indice",
    re.I,
)
_CONTENTS_NAME = re.compile(
    r"(?:^|[\s_-])toc(?:$|[\s_-])|contents|tableofcontent|table-of-content|on-this-page|scroll-?spy"
    r"|anchor|jump|sommaire|inhalt|side-?bar|side-?nav|summary|complementary|sticky"
)
_ANCHORED = 3  # links into the page make a table of contents


def drop_tools(lines: list[Line]) -> None:
    """Mark print, share and "back to top" lines, and language switchers."""
    names: list[Line] = []
    for line in [*lines, Line("paragraph", "", -1)]:
        if line.dropped:
            continue
        text = line.text
        if len(text) <= _SHORT and _is_tool(line):
            line.dropped = "a tool of the page"
        elif len(text) <= 4 * _SHORT and _names_languages(text):
            line.dropped = "a language switcher"
        elif len(text) < _SHORT and _names_language(text):
            names.append(line)
        elif names:
            if len(names) >= _MANY:
                for name in names:
                    name.dropped = "a language switcher"
            names = []


def _is_tool(line: Line) -> bool:
    """An item is one only if it can be clicked: "Print" may be a medium, "E-mail" a datum; and a
    heading "Share" may head a clause."""
    if line.links and not line.plain and all(map(_SHARING.search, line.links)):
        return True
    if line.links and line.kind == "paragraph" and _CRUMBS.fullmatch(line.text):
        return True
    if line.look == "button" and _BUTTON.fullmatch(line.text):
        return True
    if line.kind in ("row", "heading"):
        return False
    if line.kind == "item" and not line.links and line.look != "button":
        return False
    return tools.names_tool(line.text.strip(_MARKS))


def drop_ways_out(lines: list[Line]) -> None:
    """Mark links to the top of the page and to the home page, once menus are told by theirs."""
    for line in lines:
        if line.links and not (line.dropped or line.kind == "heading") and _leads_away(line):
            line.dropped = "a way out of the text"


def _leads_away(line: Line) -> bool:
    if line.plain or len(line.text) > _SHORT:
        return False
    upwards = all(map(_TOP.search, line.links)) and _UPWARDS.search(line.text)
    return bool(upwards) or _AWAY.fullmatch(line.text.strip(_MARKS)) is not None


def _names_languages(text: str) -> bool:
    """
    >>> _names_languages("English Deutsch | Français | Español"), _names_languages("English law")
    (True, False)
    """
    if text.partition(" ")[0].casefold() not in _LANGUAGE:
        return False
    words = text.casefold().replace("|", " ").replace("·", " ").split()
    return len(words) >= _MANY and _LANGUAGE.issuperset(words)


def _names_language(text: str) -> bool:
    """
    >>> _names_language("Français"), _names_language("Polski (Polonais)"), _names_language("Yes")
    (True, True, False)
    """
    return len(text) < 30 and text.partition("(")[0].strip().casefold() in _LANGUAGE


def drop_contents(sheet: Sheet) -> None:
    """Mark a list of links into the page that repeats its headings, where a box says it is one.

    A list that the policy's author wrote into the text stays: it is part of the text.
    """
    known: set[str] = set()
    for run in _runs([line for line in sheet.lines if not line.dropped]):
        if not _is_contents(sheet, run[-1]):
            continue
        known = known or {_bare(line.text) for line in sheet.lines if _may_head(line)}
        entries = [line for line in run if _anchors(line)]
        if sum(_bare(line.text) in known for line in entries) >= 0.7 * len(entries):
            for line in run:
                line.dropped = "a table of contents"


def _runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Neighbouring links into the page, with the line that announces them."""
    run: list[Line] = []
    above = None
    for line in [*lines, Line("paragraph", "", -1)]:
        if _anchors(line):
            if above and _announces_contents(above.text):
                run.append(above)
            run.append(line)
            above = None
            continue
        if len(run) >= _ANCHORED:
            yield run
        run, above = [], line


def _announces_contents(text: str) -> bool:
    return len(text) <= _SHORT and _CONTENTS.fullmatch(text.strip(_MARKS)) is not None


def _may_head(line: Line) -> bool:
    return not line.dropped and len(line.text) < 200 and not _anchors(line)


def _is_contents(sheet: Sheet, line: Line) -> bool:
    """Whether one of the three boxes around `line` is named as a table of contents."""
    index = line.box
    for _ in range(3):
        if index < 0:
            return False
        if _CONTENTS_NAME.search(sheet.boxes[index].names):
            return True
        index = sheet.boxes[index].parent
    return False


def _anchors(line: Line) -> bool:
    if not line.links or line.kind == "heading":
        return False
    return line.linked * 2 > len(line.text) and all("#" in target for target in line.links)


def _bare(text: str) -> str:
    """A heading without its number and case."""
    return re.sub(r"^[\W\d]*(?:[ivxIVX]+[.)]\s)?|\W+$", "", text).casefold()
