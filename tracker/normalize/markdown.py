"""Marks inside a line of Markdown: links, emphasis, escapes. Every pattern is linear."""

import html
import re

from tracker.text import tidy

_URL = r"<?(?P<url>[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,3})>?"
_TITLE = r"""(?:\s{1,9}(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?"""
_IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,2000}}\]\(\s{{0,9}}{_URL}{_TITLE}\s{{0,9}}\)")
_SHOWN = r"(?P<shown>(?:[^\[\]\n]|\[[^\[\]\n]{0,100}\]){0,2000})"
_LINK = re.compile(rf"\[{_SHOWN}\]\(\s{{0,9}}{_URL}{_TITLE}\s{{0,9}}\)")
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,100}\]")
_AUTOLINK = re.compile(
    r"<(?:mailto:)?(?P<url>(?P<shown>(?:https?://|www\.|[^<>@\s]{1,200}@)[^<>\s]{1,2000}))>"
)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,20}(?:\s[^<>\n]{0,1000})?/?>")
_EMPHASIS = (
    re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,2000}?)(?<=[^\s*\\])\*(?![\w*])"),
    re.compile(r"(?<![\w_\\])_(?=[^\s_])([^_\n]{1,2000}?)(?<=[^\s_\\])_(?![\w_])"),
    re.compile(r"`([^`\n]{1,2000})`"),
)
_STRONG = re.compile(r"(?<!\\)\*\*|(?<![\w\\_])__(?=[^\s_])|(?<=[^\s_\\])__(?![\w_])|~~")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def shown(line: str) -> tuple[str, tuple[str, ...]]:
    """The line as a reader sees it, and the targets of its links.

    >>> shown("1\\\\. See our **[Cookie Policy](https://example.com/c)**")
    ('1. See our Cookie Policy', ('https://example.com/c',))
    """
    links: list[str] = []

    def keep(link: re.Match[str]) -> str:
        links.append(link["url"])
        return link["shown"]

    if "](" in line:
        line = _LINK.sub(keep, _IMAGE.sub("", line))
    if "[" in line:
        line = _REFERENCE.sub(r"\1", line)
    if "<" in line:
        line = _TAG.sub(" ", _AUTOLINK.sub(keep, line))
    if "*" in line or "_" in line or "`" in line or "~~" in line:
        line = _STRONG.sub("", line)
        for mark in _EMPHASIS:
            line = mark.sub(r"\1", line)
    if "\\" in line:
        line = _ESCAPE.sub(r"\1", line)
    if "&" in line:
        line = html.unescape(line)
    return tidy(line), tuple(link for link in links if link)
