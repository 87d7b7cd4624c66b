"""The HTML parser, behind one door.

turbohtml builds the tree of the WHATWG algorithm in a fraction of other parsers' time and has
no depth limit. Nothing else imports it.
"""

import re
from typing import Any

from turbohtml import Element, SelectorSyntaxError, Text, parse, parse_fragment

from tracker.errors import ConfigError

Node = Any  # turbohtml's nodes carry no types
ELEMENT, TEXT = Element, Text

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
