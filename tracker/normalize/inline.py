"""Collect the text between two block borders, and cut it where <br> means a new paragraph."""

import html
import re
from unicodedata import normalize

from tracker.normalize import bullets, names
from tracker.normalize.shapes import Line
from tracker.normalize.tree import OVER, Leave, Node, Skip
from tracker.text import has_any, tidy

_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
# "/web/20150612133724id_/http://..." and longer: links as the Wayback Machine rewrites them.
_REWRITTEN = re.compile(r"^(?:(?:https?:)?//web\.archive\.org)?/web/\d{4,14}(?:[a-z]{2}_)?/(?=\w)")
# A sentence that goes on after a forced break: hard-wrapped mail, centred old pages.
_GOES_ON = re.compile(r"^[a-zß-öø-ÿ,;)]")
_ENDED = re.compile(r"[.!?:;…]['\"”’»)]*$")
_WRAPPED = 30  # characters; a hard-wrapped line is about this long or longer
_FILLED = range(50, 100)  # characters of a line that was broken where it was full
_MARKED = re.compile(r"[-*•·o]\s|\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s")
# "&amp;nbsp;" and "&amp;rsquo;": escaped by the editor and again by the template.
_TWICE = re.compile(r"&(?:#\d{2,5}|#x[\da-f]{2,4}|[a-z]{2,8});", re.I)
_LIGATURES = tuple("ﬀﬁﬂﬃﬄﬅﬆ")  # of pages made from PDF
# Said to screen readers beside a link, and not by the policy.
_NEW_WINDOW = re.compile(
    r"\s*[(\[]?\b(?:link )?(?:opens?|opening|will open|s['’]ouvre|ouvre|öffnet(?: sich)?"
    r"|wird in|se abre|abre|opent|wordt geopend)\b[^.()\[\]]{0,30}"
    r"\b(?:new (?:browser )?(?:window|tab)|nouvel(?:le)? (?:fenêtre|onglet)"
    r"|neue[mns]? (?:Fenster|Tab)|(?:nueva|otra) (?:ventana|pestaña)|nieuwe? (?:venster|tabblad))\b"
    r"[^.()\[\]]{0,12}[)\]]?",
    re.I,
)
# A fast first look: the pattern is slow where a text has one kind of them alone ("suitable").
_WINDOWS = "window fenêtre enster ventana tab Tab onglet pestaña".split()
_OPENS = "open uvre ffnet wird abre".split()


_PERMALINKS = "#¶§🔗"
_PERMALINK = re.compile(
    r"\s*(?:(?:copy |direct )?link to (?:this |the )?(?:section|heading)|copy link|permalink"
    r"|(?:back to (?:the )?|↑ ?)top|nach oben|haut de (?:la )?page)$",
    re.I,
)


class Run:
    """The text since the last block border."""

    def __init__(self) -> None:
        self.in_link = self.in_bold = self.in_pre = 0  # elements around
        self.pieces: list[str] = []  # of the part at hand
        self.links: list[str] = []
        self.linked = self.bold = self.size = 0  # characters
        self.parts: list[Line] = []  # of the paragraph at hand, cut by forced breaks
        self.ended = True  # it does not go on with the next part
        self.paragraphs: list[Line] = []  # before it

    def add(self, text: str) -> None:
        if self.in_pre and "\n" in text:
            self._add_lines(text)
        elif text.isspace():
            if self.pieces:
                self.pieces.append(" ")
        elif text:
            self.pieces.append(text)
            size = len(text)
            self.size += size
            if self.in_link:
                self.linked += size
            if self.in_bold:
                self.bold += size

    def _add_lines(self, text: str) -> None:
        """Text whose line breaks count."""
        first, *rest = text.split("\n")
        self.add(first)
        for line in rest:
            self.cut()
            self.add(line)

    def cut(self) -> None:
        """End the part: at a <br>, or at the end of the block."""
        part = self.part()
        if part is None:
            self.ended = True
        elif self.ended or not self._goes_on(part):
            self._end_paragraph()
            self.parts = [part]
        else:
            self.parts.append(part)

    def _goes_on(self, part: Line) -> bool:
        """Whether a forced break cuts the paragraph in the middle of a sentence."""
        above = self.parts[-1]
        return _is_filled(above, part) if self.in_pre else _continues(above, part)

    def take(self) -> list[Line]:
        """The paragraphs collected; starts anew."""
        self.cut()
        self._end_paragraph()
        taken, self.paragraphs, self.parts, self.ended = self.paragraphs, [], [], True
        return taken

    def _end_paragraph(self) -> None:
        if self.parts:
            self.paragraphs.append(self.parts[0] if len(self.parts) == 1 else whole(self.parts))
        self.ended = False

    def part(self) -> Line | None:
        """What was collected since the last cut, if it says anything; starts anew."""
        text = clean("".join(self.pieces))
        if self.links or self.linked or self.bold:
            part = self._marked(text)
        else:
            part = Line("paragraph", text) if text else None
        self.pieces, self.size = [], 0
        return part

    def _marked(self, text: str) -> Line | None:
        """The part with its links, and whether all of it is bold."""
        links, linked, bold = self.links, self.linked, self.bold
        self.links, self.linked, self.bold = [], 0, 0
        if links and has_any(text, _WINDOWS):
            text = _without_new_window(text)
        if not text:
            return None
        part = Line("paragraph", text)
        part.links = tuple(links)
        nearly_all = 0.9 * self.size
        part.linked = len(text) if linked > nearly_all else min(linked, len(text))
        if bold > nearly_all:
            part.look = "bold"
        return part

    def enter_break(self, tag: str, node: Node) -> None:
        self.cut()

    def enter_link(self, tag: str, node: Node) -> Leave | Skip | None:
        if mail := node.attr("data-cfemail"):
            return self._mail(mail)
        target = node.attr("href")
        if not target:
            return None
        if target.startswith("javascript:") and "print(" in target:
            return OVER  # a button, also in the middle of a heading
        if "/web/" in target:
            target = _REWRITTEN.sub("", target)
        self.links.append(target)
        self.in_link += 1
        return (Run.leave_link, None)

    def leave_link(self, _: None) -> None:
        self.in_link -= 1

    def enter_bold(self, tag: str, node: Node) -> Leave:
        self.in_bold += 1
        return (Run.leave_bold, None)

    def leave_bold(self, _: None) -> None:
        self.in_bold -= 1

    def enter_span(self, tag: str, node: Node) -> Leave | Skip | None:
        classes = node.attr("class") or ""
        if classes == "mw-editsection":  # "[edit]" behind a wiki's headings
            return OVER
        if names.styled_as_heading(classes.lower()):
            return self.enter_bold(tag, node)
        if classes and len(node.attrs) == 1:  # as nearly all have
            return None
        if is_bold(node):
            return self.enter_bold(tag, node)
        mail = node.attr("data-cfemail")
        return self._mail(mail) if mail else None

    def enter_image(self, tag: str, node: Node) -> None:
        """A picture of a bullet is one at the beginning of a line."""
        if not (self.pieces or self.in_link) and bullets.is_picture(node):
            self.pieces.append(f"{bullets.PICTURE} ")

    def _mail(self, code: str) -> Skip | None:
        """Cloudflare hides an address behind its first byte and shows "[email protected]"."""
        try:
            key, *rest = bytes.fromhex(code)
        except ValueError:
            return None
        self.add(bytes(byte ^ key for byte in rest).decode("utf-8", "replace"))
        return OVER


def is_bold(node: Node) -> bool:
    """Whether an element's own style makes it bold."""
    style = node.attr("style")
    return bool(style) and "eight" in style.lower() and _BOLD_STYLE.search(style) is not None


def clean(text: str) -> str:
    """One line, without invisible characters, double escapes and ligatures.

    >>> clean("Our\\u00ad&nbsp;partner\\n says")
    'Our partner says'
    """
    if "&" in text and ";" in text:
        text = _TWICE.sub(lambda found: html.unescape(found.group()), text)
    text = tidy(text)
    if text.isascii() or not has_any(text, _LIGATURES):
        return text
    return "".join(normalize("NFKC", sign) if sign in _LIGATURES else sign for sign in text)


def _without_new_window(text: str) -> str:
    return _NEW_WINDOW.sub("", text) if has_any(text.lower(), _OPENS) else text


def without_permalink(heading: Line) -> str:
    """The text of a heading without the link to itself that stands at its end."""
    text = heading.text
    if text[-1] in _PERMALINKS and (heading.links or text[-2:-1] == " "):
        return text[:-1].rstrip() or text
    return (_PERMALINK.sub("", text) or text) if heading.links else text


def whole(parts: list[Line]) -> Line:
    """All parts as one line."""
    return Line(
        "paragraph",
        " ".join(part.text for part in parts),
        linked=sum(part.linked for part in parts),
        look="bold" if all(part.look for part in parts) else "",
        links=tuple(link for part in parts for link in part.links),
    )


def _continues(before: Line, after: Line) -> bool:
    if before.look != after.look or _ENDED.search(before.text):
        return False
    return len(before.text) >= _WRAPPED and bool(_GOES_ON.match(after.text))


def _is_filled(before: Line, after: Line) -> bool:
    """Whether a typed line is as long as it could be, and no list goes on below it."""
    if before.look != after.look or before.text.isupper() or _MARKED.match(after.text):
        return False
    return len(before.text) in _FILLED or _continues(before, after)
