"""Open lists and their items' markers, as a browser would show them."""

import re
from dataclasses import dataclass

from tracker.normalize.tree import Node

_DEEPEST = 12  # levels told apart
_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*\b(lower|upper)-(alpha|latin|roman)", re.I)
_DEPTH = re.compile(r"\blst-kix_\w{1,40}-(\d)\b")  # Google Docs writes nested lists side by side
_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class List:
    """An open <ul>, <ol> or <menu>."""

    ordered: bool
    number: int = 1  # of the next item
    style: str = "1"  # "1", "a", "A", "i" or "I"
    depth: int = 0  # of a list that is nested by its looks alone


@dataclass(slots=True)
class Item:
    """An open <li>."""

    level: int
    marker: str
    fresh: bool = True  # still without a line


def begin_list(tag: str, node: Node) -> List:
    found = _DEPTH.search(node.attr("class") or "")
    depth = int(found.group(1)) if found else 0
    if tag != "ol":
        return List(False, depth=depth)
    return List(True, number(node.attr("start"), 1), _style(node), depth)


def begin_item(lists: list[List], node: Node) -> Item:
    """The next item of the innermost list; a stray <li> is an item of level 1."""
    level = min(max(len(lists), 1) + (lists[-1].depth if lists else 0), _DEEPEST)
    if not lists or not lists[-1].ordered:
        return Item(level, "-")
    current = lists[-1]
    value = number(node.attr("value"), current.number)
    current.number = value + 1
    return Item(level, marker(value, current.style))


def begin_block(items: list[Item]) -> Item:
    """The next item where editors build lists from blocks, which stand in each other."""
    return Item(min(1 + (items[-1].level if items else 0), _DEEPEST), "-")


def marker(value: int, style: str) -> str:
    """
    >>> marker(3, "1"), marker(3, "a"), marker(28, "A"), marker(4, "i")
    ('3.', 'c.', 'AB.', 'iv.')
    """
    if style == "1" or not 0 < value < 90:
        return f"{value}."
    text = _roman(value) if style in "iI" else _letters(value)
    return (text.upper() if style.isupper() else text) + "."


def _style(node: Node) -> str:
    kind = node.attr("type") or ""
    if kind in ("a", "A", "i", "I"):
        return str(kind)
    found = _STYLE.search(node.attr("style") or "")
    if not found:
        return "1"
    letter = "i" if found.group(2).lower() == "roman" else "a"
    return letter.upper() if found.group(1).lower() == "upper" else letter


def _roman(number: int) -> str:
    text = ""
    for value, digits in _ROMAN:
        while number >= value:
            text += digits
            number -= value
    return text


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else default
