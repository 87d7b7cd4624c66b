"""The header line of the Princeton-Leuven corpus of privacy policies."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from tracker import timestamps

# As written:
#   > *The following text is extracted and transformed from the example.com privacy policy that was
#   archived on 2018-08-30. Please check the [original snapshot on the Wayback
#   Machine](https://web.archive.org/web/20180830131829id_/http%3A//example.com/p) for the most
#   accurate reproduction.*
# and in plain text the same words without the marks and without the link.
_HEADER = re.compile(
    r"\s{0,20}(?:>\s?)?[*_]{0,2}The following text is extracted and transformed from the\s+"
    r"(?P<site>[\w.-]{1,253})\s+(?P<document>[\w /&-]{1,80}?)\s+that was archived on\s+"
    r"(?P<on>\d{4}-\d\d-\d\d)\.\s+Please check the\s+\[?original snapshot on the\s+"
    r"Wayback\s+Machine(?:\]\((?P<link>[^\s)]{1,4000})\))?[^\n]{0,120}\n?"
)
_MEMENTO = re.compile(r"https?://[^/\s]+/(?:web/)?(?P<at>\d{14})(?:[a-z]{2}_)?/(?P<url>\S+)")


@dataclass(frozen=True, slots=True)
class CorpusHeader:
    site: str  # "example.com"
    document: str  # "privacy policy"
    archived_on: date
    captured_at: datetime  # of the linked memento, else that day's midnight
    url: str  # the linked memento's, else the site's home page
    memento_url: str  # "" where the header has no link
    rest: str  # the text below the header


def read_header(text: str) -> CorpusHeader | None:
    """The corpus header `text` begins with, None where it has none."""
    found = _HEADER.match(text.removeprefix("\ufeff"))
    if found is None:
        return None
    try:
        archived_on = date.fromisoformat(found["on"])
    except ValueError:
        return None
    link = found["link"] or ""
    memento = _MEMENTO.fullmatch(link)
    captured_at, url = timestamps.midnight(archived_on), f"http://{found['site']}/"
    if memento:
        url = unquote(memento["url"])
        captured_at = _captured(memento["at"]) or captured_at
    return CorpusHeader(
        site=found["site"].lower(),
        document=found["document"],
        archived_on=archived_on,
        captured_at=captured_at,
        url=url,
        memento_url=link if memento else "",
        rest=text.removeprefix("\ufeff")[found.end() :],
    )


def _captured(at: str) -> datetime | None:
    try:
        return timestamps.from_index(at)
    except ValueError:
        return None


def policy_id(site: str, document: str = "privacy policy") -> str:
    """The watchlist id of a site's document: its domain without the public suffix.

    >>> policy_id("www.acme.co.uk")
    'acme/privacy'
    """
    host = (urlsplit(site).hostname if "//" in site else site.partition("/")[0]) or site
    host = host.lower().strip(".")
    registered = _suffixes().privatesuffix(host) or host
    service = _slug(registered.partition(".")[0])
    return f"{service or 'site'}/{_slug(document).removesuffix('-policy') or 'privacy'}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@lru_cache(maxsize=1)
def _suffixes():  # type: ignore[no-untyped-def]
    from publicsuffixlist import PublicSuffixList  # its list takes 60 ms to read

    return PublicSuffixList()
