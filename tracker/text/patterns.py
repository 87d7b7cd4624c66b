"""Many words looked for at once."""

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of `words`, which may be patterns themselves.

    Alternatives are tried one after the other. Those of one first letter share it, so that at
    most places of a text thirty letters are tried instead of a hundred words.

    >>> any_of(["nav", "menus?", "navbar", "(?:site|page)map"])
    '(?:n(?:av|avbar)|m(?:enus?)|(?:site|page)map)'
    """
    endings: dict[str, list[str]] = {}
    for word in words:
        shared = word[0].isalnum() and word[1:2] not in tuple("?*+{")
        first, ending = (word[0], word[1:]) if shared else (word, "")
        endings.setdefault(first, []).append(ending)
    parts = (first if of == [""] else f"{first}(?:{'|'.join(of)})" for first, of in endings.items())
    return f"(?:{'|'.join(parts)})"


def phrases(text: str) -> list[str]:
    """The phrases in `text`, parted by semicolons and line ends.

    >>> phrases("print; print this page")
    ['print', 'print this page']
    """
    return [phrase.strip() for phrase in re.split("[;\n]", text) if phrase.strip()]


def has_any(text: str, parts: Iterable[str]) -> bool:
    """Whether any of `parts` is in `text`. A loop, since `any` takes twice as long."""
    for part in parts:  # noqa: SIM110
        if part in text:
            return True
    return False
