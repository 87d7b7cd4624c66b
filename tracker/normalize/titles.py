"""The document's title, and the same title where a new template adds or drops the owner's name."""

import re

from tracker.normalize import marks
from tracker.normalize.shapes import Line

_LABELS = re.compile(r"//(?:[^/@]*@)?([^/:?#]+)(?!.*//)")  # of the last address in the URL
_NUMBERED = re.compile(r"§|\d|(?:article|section|artikel|art[íi]culo) ?[\dIVX]", re.I)
_WORDS = 4  # of an owner's name
_JOINT = " \t-–—|:·,"


def name_of(lines: list[Line], page_title: str) -> str:
    """The first heading that is no date and no numbered section, or else what <title> says."""
    headings = [line for line in lines if line.kind == "heading"]
    headings = [line for line in headings if line.level <= 2] or headings[:1]
    found = (line.text for line in headings if not _NUMBERED.match(line.text))
    return next((text for text in found if not marks.date_line(text)), page_title)


def without_owner(text: str, url: str | None) -> str:
    """A title without the site's own name: "Voxbone Privacy Policy" of one template and "Privacy
    Policy" of the next are one title. The name must be in the URL, the rest must still name a
    legal text.

    >>> without_owner("Acme's Privacy Policy", "https://www.acme.example/legal")
    'Privacy Policy'
    >>> without_owner("Acme Summer Party", "https://www.acme.example/legal")
    'Acme Summer Party'
    """
    host = _LABELS.search(url or "")
    if not host:
        return text
    labels = {label for label in host.group(1).lower().split(".")[:-1] if len(label) > 2}
    words = text.split()
    for count in range(min(_WORDS, len(words) - 1), 0, -1):
        first = " ".join(words[:count])
        owner = re.sub(r"['’]s?$", "", first.rstrip(_JOINT))
        if _squeezed(owner) in labels:
            return _rest(text, text[len(first) :])
        last = " ".join(words[-count:])
        if _squeezed(last) in labels and text[: -len(last)].rstrip(" ")[-1:] in _JOINT.strip():
            return _rest(text, text[: -len(last)])
    return text


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _rest(text: str, rest: str) -> str:
    rest = rest.strip(_JOINT)
    return rest[0].upper() + rest[1:] if marks.legal(rest) else text
