"""Bullets without a list around them: signs in the text, and on old pages pictures."""

import re

from tracker.normalize.tree import Node

PICTURE = "\uf0b7"  # stands for a picture of a bullet
SIGNS = f"•·◦▪▫‣●○■□➢►▶→✓✔❖{PICTURE}\uf0a7*–—-"
_SIGN = re.compile(rf"^[{SIGNS}]\s+(?=\S)")
_SHOWN = re.compile(r"\W*|o|\W*bullet(?: point)?\W*", re.I)  # as text, where pictures are not
_FILE = re.compile(r"bull?et|bul\d|puce|pfeil|arrow|ball\d*\.", re.I)
_NAME = 40  # characters at the end of an address, which may hold the picture itself
_WIDEST = 30  # pixels


def begins(text: str) -> bool:
    """Whether a line begins with a bullet."""
    return _SIGN.match(text) is not None


def without(text: str) -> str:
    """
    >>> without("• your name"), without("-5 degrees")
    ('your name', '-5 degrees')
    """
    return _SIGN.sub("", text)


def is_picture(image: Node) -> bool:
    """Whether an <img> is one: by its file's name, if its text names nothing else that it shows."""
    file = (image.attr("src") or "")[-_NAME:].rpartition("/")[2]
    if not _FILE.search(file) or not _SHOWN.fullmatch(image.attr("alt") or ""):
        return False
    width = image.attr("width") or ""
    return not width.isdecimal() or (len(width) < 3 and int(width) <= _WIDEST)
