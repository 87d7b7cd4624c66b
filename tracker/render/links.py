"""Links to the evidence: mementos as people read them, down to the quoted sentence."""

import re
from urllib.parse import quote, urlsplit

from tracker import timestamps
from tracker.model import Sighting

# Above this many words a text fragment names its first and last words only: links stay short, and
# a footnote mark or an emphasis in the middle of a sentence does no harm.
_WHOLE = 12
_EDGE = 5
_IN_URLS = ":/?#[]@!$&'()*+,;=%-._~"


def web(url: str) -> str:
    """`url` where it may stand in a link, else "": only http and https are followed."""
    # Not urlsplit alone: it reads over white space and line breaks that `quote` would keep.
    scheme, _, rest = url.strip().partition("://")
    try:
        if scheme.lower() not in ("http", "https") or not urlsplit(f"//{rest}").netloc:
            return ""
    except ValueError:  # an unclosed "[": never a host
        return ""
    # What replay URLs hold beyond RFC 3986 (spaces, quotes, controls) would end or break a link.
    return f"{scheme.lower()}://{quote(rest, safe=_IN_URLS)}"


def raw(sighting: Sighting) -> str:
    """The memento byte for byte as archived, "" where none can be linked."""
    return web(sighting.memento_url)


def view(sighting: Sighting) -> str:
    """The memento as the archive shows it to people.

    >>> from datetime import datetime, UTC
    >>> url = "https://web.archive.org/web/20150612133724id_/http://www.voxbone.com/"
    >>> view(Sighting(datetime(2015, 6, 12, tzinfo=UTC), "http://www.voxbone.com/", url, ""))
    'https://web.archive.org/web/20150612133724/http://www.voxbone.com/'
    """
    return re.sub(r"/(\d{4,14})id_/", r"/\1/", raw(sighting), count=1)


def to_quote(sighting: Sighting, text: str) -> str:
    """The memento scrolled to `text` and with it marked, where the browser can."""
    url = view(sighting)
    return url and url.partition("#")[0] + fragment(text)


def fragment(text: str) -> str:
    """The text fragment that finds `text` in a page (wicg.github.io/scroll-to-text-fragment).

    >>> fragment("We never sell data, ever.")
    '#:~:text=We%20never%20sell%20data%2C%20ever.'
    """
    words = text.split()
    if not words:
        return ""
    if len(words) <= _WHOLE:
        return "#:~:text=" + _encoded(words)
    return "#:~:text=" + _encoded(words[:_EDGE]) + "," + _encoded(words[-_EDGE:])


def _encoded(words: list[str]) -> str:
    """A bare "-" would be read as the mark of a prefix or suffix, "," and "&" as separators."""
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")


def name(sighting: Sighting) -> str:
    """What a link to a memento is called; where there is none, which snapshot is the evidence."""
    told = f"capture of {timestamps.day(sighting.captured_at)}"
    return told if raw(sighting) else f"{told}, snapshot {sighting.snapshot_sha256[:12]}"
