"""Is a capture what it claims to be? Error pages, walls and broken extractions are incidents,
never versions. Judges what was read; reads and fetches nothing.

A wall is short and says so in its title or in its first lines; a policy that merely speaks of
logins, captchas or errors is long, or legal in most of its sentences. When unsure, the capture
counts: a lost version is worse than a strange one, which a reader sees at once.
"""

import html
import re
from collections.abc import Container, Iterator
from urllib.parse import urlsplit

from tracker.model import Block, Document, Incident, IncidentKind, Snapshot
from tracker.quality.walls import wall_in
from tracker.text import sentences

_REMEDIES: dict[IncidentKind, str] = {
    "error-page": "a neighbouring capture is used instead",
    "blocked": "nothing to be done: its owner keeps it out of the archive; try another archive",
    "unplayable": "a neighbouring capture is used instead",
    "home-redirect": "look for the policy's new address and add it to its urls in policies.toml",
    "unreadable": "open the capture in a browser; if the policy is there, add an address of it "
    "in another format",
    "shell": "look for a page of the policy that needs no script, such as a print or PDF version",
    "empty": "open the capture in a browser; if the policy is there, set `select` for it",
    "bot-wall": "a neighbouring capture is used instead",
    "soft-404": "look for the policy's new address and add it to its urls in policies.toml",
    "parked": "end the address in policies.toml with `until`, and add the policy's new one",
    "login": "look for a public address of the policy and add it to its urls in policies.toml",
    "other-language": "watch the address of one language; if the policy has changed its "
    "language for good, set `until` for it and watch the new one under an id of its own",
    "extraction-break": "set `select` for the policy, or report the page: its text is there "
    "but was not recognised",
}

_LEGAL = re.compile(
    r"privacy|personal(?:ly| data| info)|(?:your|our|user) data\b|cookie|consent|third part"
    r"|disclos|collect|retain|rights?\b"
    r"|\bterms\b|liab|law\b|agree|gegevens|persoons|toestemming|derden|verwerk|voorwaarden|beleid"
    r"|daten|einwilligung|dritte|verarbeit|haftung|données|consentement|tiers|traitement|droit"
    r"|datos|consentimiento|terceros|tratamiento|derecho|condiciones|confiden",
    re.I,
)
_SHELL = re.compile(
    rb"<noscript[^>]{0,200}>[^<]{0,80}(?:<[^>]{0,200}>[^<]{0,80}){0,3}javascript"
    rb"|<div[^>]{1,100}id=[\"']?(?:root|app|__next|__nuxt|main-app|application)\b[^>]{0,100}>\s{0,200}</div>"
    rb"|<app-root|ng-app=|data-reactroot|you need to enable javascript|please enable javascript",
    re.I,
)
_HOME = re.compile(
    r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w{2,5})?/?)?", re.I
)
_LOGIN = re.compile(r"/(?:log-?in|sign-?in|sso|auth)\b", re.I)

_FEW = 15  # words: fewer are no document, unless they promise something
_WALL = 300  # words: the longest walls, with a footer's links, have fewer
_REAL = 60  # words in legal sentences make a real text; in a short one, most of its words do
_MEASURE = 50  # words: a text of fewer says little on what came after it
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,500})", re.I)


def judge(
    snapshot: Snapshot,
    document: Document,
    *,
    body: bytes = b"",
    previous: Document | None = None,
) -> Incident | None:
    """Why `document` may not become a version; None where nothing speaks against it.

    `previous` is the last accepted document of the same policy, `body` the raw one of this.
    """
    for kind, cause in _findings(snapshot, document, body, previous):
        return Incident(
            snapshot.policy, kind, snapshot.captured_at, snapshot.url, cause, _REMEDIES[kind]
        )
    return None


def _findings(
    snapshot: Snapshot, document: Document, body: bytes, previous: Document | None
) -> Iterator[tuple[IncidentKind, str]]:
    """Every objection with its cause, the most telling first."""
    if snapshot.status >= 400:
        yield "error-page", f"archived with status {snapshot.status}"
    if (asked := _asked(snapshot)) and not _is_real(document, least=0.4):
        yield from _led_astray(asked, snapshot.url)
    real = document.words > _WALL or _is_real(document)
    if document.words <= _WALL:
        yield from _walls(document, body, real=real)
    if document.problem or (document.words < _FEW and not real):
        yield _without_text(document, body)
    if previous and previous.words >= _MEASURE:
        yield from _against(previous, document, body)


def _asked(snapshot: Snapshot) -> str:
    """The address asked for, where another one answered."""
    asked = snapshot.asked_url or (snapshot.via[0] if snapshot.via else "")
    return asked if asked != snapshot.url else ""


def _led_astray(asked: str, got: str) -> Iterator[tuple[IncidentKind, str]]:
    was, became = _path(asked), _path(got)
    if _HOME.fullmatch(became) and not _HOME.fullmatch(was):
        yield "home-redirect", f"{asked} led to {got}, the site's home page"
    if _LOGIN.search(became) and not _LOGIN.search(was):
        yield "login", f"{asked} led to {got}, a login"


def _path(url: str) -> str:
    """Path and query; "?" of a broken URL, which is nobody's home."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    return parts.path + ("?" + parts.query if parts.query else "")


def _walls(document: Document, body: bytes, *, real: bool) -> Iterator[tuple[IncidentKind, str]]:
    """Signs of a wall: in the title of any short page, in the first lines of one that is
    nothing real."""
    title = _TITLE.search(body[:100_000])
    lines = [html.unescape(title[1].decode("utf-8", "replace")).strip()] if title else []
    lines.append(document.title)
    if not real:
        lines += [block.text for block in document.blocks[:12]]
    yield from filter(None, map(wall_in, lines))


def _is_real(document: Document, *, least: float = 0.0) -> bool:
    """Whether it has enough words in sentences that speak of what policies speak of, and at
    least this share of all its words. A menu has no sentences, and what a wall says of cookies
    in a dozen words is no promise."""
    texts = (block.text for block in document.blocks if block.kind != "heading")
    said = (text for text in texts if text.count(" ") >= 5 and _LEGAL.search(text))
    legal = sum(len(text.split()) for text in said if text.count(" ") > 12 or not wall_in(text))
    enough = legal >= _REAL or (legal > 0 and legal >= 0.6 * document.words)
    return enough and legal >= least * document.words


def _without_text(document: Document, body: bytes) -> tuple[IncidentKind, str]:
    if document.problem and document.words < _FEW and not _is_markup(body):
        return "unreadable", document.problem
    if _SHELL.search(body[:300_000]) or _is_mostly_script(body):
        return "shell", document.problem or "the page is filled by a script; there is no text in it"
    if document.words < _FEW:
        return "empty", document.problem or f"only {document.words} words came out of the page"
    return "unreadable", document.problem


def _is_markup(body: bytes) -> bool:
    return body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _is_mostly_script(body: bytes) -> bool:
    scripts = len(re.findall(rb"<script\b", body[:1_000_000], re.I))
    return scripts >= 3 and len(body) > 2_000


def _against(
    previous: Document, document: Document, body: bytes
) -> Iterator[tuple[IncidentKind, str]]:
    """What the last accepted text says against this one."""
    languages = (previous.language, document.language)
    if all(languages) and languages[0] != languages[1] and document.words >= 50:
        yield (
            "other-language",
            f"written in {languages[1]}; the policy was in {languages[0]} before",
        )
    if document.words < 0.3 * previous.words:
        raw = _letters(html.unescape("".join(_pieces(body))))
        share = _share(raw, _passages(previous.blocks))
        if share >= 0.5:
            yield (
                "extraction-break",
                f"{document.words} of {previous.words} words came out, but {share:.0%} of the old "
                "sentences are still in the page",
            )
    had = [_letters(block.text) for block in previous.blocks if block.kind == "heading"]
    if len(had) >= 4 and not any(block.kind == "heading" for block in document.blocks):
        standing = {_letters(html.unescape(piece)) for piece in _pieces(body) if len(piece) < 300}
        if _share(standing, had) >= 0.5:
            yield "extraction-break", f"none of {len(had)} headings was recognised as one"


def _passages(blocks: tuple[Block, ...], most: int = 40) -> list[str]:
    """Sentences spread over a text, letters only."""
    found = [s for block in blocks for s in sentences(block.text) if s.count(" ") >= 6]
    step = max(1, len(found) // most)
    return [_letters(sentence)[:80] for sentence in found[::step]]


def _share(raw: Container[str], passages: list[str]) -> float:
    known = [passage for passage in passages if passage]
    return sum(passage in raw for passage in known) / len(known) if known else 0.0


def _pieces(body: bytes) -> list[str]:
    """The page's text between tags and line ends, roughly: enough to look for sentences in."""
    return re.split(r"<[^<>]*>|\n", body[:5_000_000].decode("utf-8", "replace"))


def _letters(text: str) -> str:
    """ASCII letters only, or all word characters where a script has none: blind to charsets."""
    return re.sub(r"[^a-z]+", "", text.lower()) or re.sub(r"\W+", "", text)
