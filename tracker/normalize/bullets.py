"""Bullets without a list around them: signs in the text, and on old pages pictures."""

import re

from tracker.normalize.tree import Node

PICTURE = "\uf0b7"  # stands for a picture of a bullet
_SIGNS = f"•·◦▪▫‣●○■□➢►▶→✓✔❖{PICTURE}\uf0a7*–—-"
_SIGN = re.compile(rf"^[{_SIGNS}]\s+(?=\S)")
_SHOWN = re.compile(r"\W*|o|\W*bullet(?: point)?\W*", re.I)  # as text, where pictures are not
_FILE = re.compile(r"bull?et|bul\d|puce|pfeil|arrow|ball\d*\.(?!.*/)", re.I)
_WIDEST = 30  # pixels


def begins(text: str) -> bool:
    """Whether a line begins with a bullet."""
    return text[0] in _SIGNS and _SIGN.match(text) is not None


def without(text: str) -> str:
    """
    >>> without("• your name"), without("-5 degrees")
    ('your name', '-5 degrees')
    """
    return _SIGN.sub("", text) if text[0] in _SIGNS else text


def is_picture(image: Node) -> bool:
    """Whether an <img> is one: by its file's name, if its text names nothing else that it shows."""
    width = image.attr("width") or ""
    if width.isdecimal() and len(width) < 6 and int(width) > _WIDEST:
        return False
    source = image.attr("src") or ""
    shown = image.attr("alt") or ""
    return _SHOWN.fullmatch(shown) is not None and _FILE.search(source) is not None
