"""The HTML parser, behind one door.

turbohtml builds the tree the WHATWG algorithm describes in a fraction of the time of other
parsers, without a depth limit and without quadratic corners. Nothing else imports it.
"""

from typing import Any

from turbohtml import Comment, Element, Text, parse, parse_fragment

Node = Any  # turbohtml's nodes carry no types
COMMENT, ELEMENT, TEXT = Comment, Element, Text


def document(markup: str) -> Node:
    """The root element of `markup`.

    `scripting` on: a self-closed <iframe/> in <noscript> (the tag-manager snippet) would
    otherwise swallow the rest of the page.
    """
    return parse(markup, scripting=True, positions=False).root


def fragment(markup: str) -> Node:
    """A parentless element holding `markup`, for text found where a tree has none."""
    return parse_fragment(markup, scripting=True)
