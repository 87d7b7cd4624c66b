"""The HTML parser, behind one door.

turbohtml builds the tree of the WHATWG algorithm in a fraction of other parsers' time and has
no depth limit. Nothing else imports it.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from itertools import chain
from typing import Any

from turbohtml import Element, SelectorSyntaxError, Text, parse, parse_fragment

from tracker.errors import ConfigError

Node = Any  # turbohtml's nodes carry no types
Leave = tuple[Callable[[Any, Any], None], Any]  # what to call when an element ends, and with what


class Skip(Enum):
    """What the beginning of an element may answer instead: nothing in it is of interest."""

    OVER = 0


OVER = Skip.OVER
Enter = Callable[[Any, str, Node], Leave | Skip | None]

# Formatting elements left open are opened again in every paragraph that follows; the standard
# merges equal ones only. 5,000 unclosed <font color=...> of as many colours made 12 million
# elements: past this many, attributes of formatting elements go, except links'.
_UNCLOSED = 200
_WITH_ATTRIBUTES = re.compile(
    r"<(?=[bcefinstuBCEFINSTU])(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
    r"|B|BIG|CODE|EM|FONT|I|NOBR|S|SMALL|STRIKE|STRONG|TT|U|Font)\s"
)
# A shadow root written as markup is part of the page that a reader sees.
_SHADOW = re.compile(r"<template(?=[^<>]*\bshadowrootmode\b)", re.I)
_FORMATTING = re.compile(
    r"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])([^<>]*)>", re.I
)


def document(markup: str) -> Node:
    """The root element of `markup`.

    `scripting` on: a self-closed <iframe/> in <noscript> (the tag manager's snippet) would
    otherwise swallow the rest of the page.
    """
    if "shadowrootmode" in markup:
        markup = _SHADOW.sub("<div", markup)
    return parse(_calmed(markup), scripting=True, positions=False).root


def fragment(markup: str) -> Node:
    """An element that holds `markup`, for text in places where a tree keeps it raw."""
    return parse_fragment(_calmed(markup), scripting=True)


def visit(root: Node, reader: Any, enter: Mapping[str, Enter], enter_custom: Enter) -> None:
    """Walk the tree under `root` in order, with an explicit stack: pages nest ten thousand deep.

    `reader.add` gets each text. What stands in `enter` for the tag of an element, `enter_custom`
    where the tag has a dash, gets `reader`, the tag and the element, and says what to call, with
    `reader`, when it ends.

    Only open elements are held, never the children still to come: half a million may stand side by
    side. Which have ended is told by the parent of the next node, one object while it is held.
    """
    end = root.parent
    around: list[tuple[Node, Leave | None]] = []  # open elements, without the innermost
    inside: Node = end
    leave: Leave | None = None
    nodes = chain((root,), root.descendants, (end,))
    while True:
        for node in nodes:
            parent = node.parent
            while parent is not inside:
                if leave:
                    leave[0](reader, leave[1])
                inside, leave = around.pop()
                if not around:
                    return
            kind = type(node)
            if kind is Text:
                reader.add(node.text)
            elif kind is Element:
                tag = node.tag
                begin = enter.get(tag) or (enter_custom if "-" in tag else None)
                begun = begin(reader, tag, node) if begin else None
                if begun is OVER:
                    if node is root:
                        return
                    nodes = chain(node.following, (end,))
                    break
                around.append((inside, leave))
                inside, leave = node, begun


def select(root: Node, selector: str) -> list[Node]:
    """The outermost elements that match a CSS selector, in order."""
    try:
        found = root.select(selector)
    except SelectorSyntaxError as error:
        raise ConfigError(
            f'"{selector}" is not a CSS selector ({error}); '
            'give one such as "#content" or "main article"'
        ) from error
    inner = {node for match in found for node in match.select(selector)}
    return [node for node in found if node not in inner]


def _calmed(markup: str) -> str:
    if len(_WITH_ATTRIBUTES.findall(markup)) < _UNCLOSED:
        return markup
    closing = [bool(slash) for slash, _, _ in _FORMATTING.findall(markup)]
    if closing.count(False) - closing.count(True) < _UNCLOSED:
        return markup
    return _FORMATTING.sub(r"<\1\2>", markup)
