"""The site in parts, each with the fingerprint of all it is made from."""

from collections.abc import Callable, Iterator
from functools import partial

from tracker.model import History, SitePart, sha256
from tracker.render.site import look, paths, policy_pages, shared_pages, summary
from tracker.render.site.inputs import SiteInput
from tracker.render.site.look import File, Look

Read = Callable[[str], bytes]
Load = Callable[[str], History]


def parts(site: SiteInput) -> Iterator[SitePart]:
    """A part per policy in the order of ids, then the pages over all of them.

    A part whose fingerprint is the one it was last written with need not be rendered: no history is
    loaded for it, and its summary is read back.
    """
    ordered = sorted(site.policies, key=lambda one: one.id)
    seen = look.of(site)
    shared = sha256(f"{look.fingerprint()}{seen!r}".encode(errors="replace"))
    for ref in ordered:
        known = sha256(f"{shared}{ref.fingerprint}".encode()) if ref.fingerprint else ""
        yield SitePart(ref.id, known, partial(_policy, site.load, seen, ref.id))
    yield SitePart("", "", partial(_shared, site, seen), reads=True)


def pages(site: SiteInput) -> Iterator[File]:
    """Every file of the site: relative path and bytes, the same for the same input."""
    kept: dict[str, bytes] = {}
    for part in parts(site):
        for path, body in part.render(kept.__getitem__):
            if path == paths.summary(part.name):
                kept[path] = body
            yield path, body


def _policy(load: Load, seen: Look, identifier: str, read: Read) -> Iterator[File]:
    return policy_pages.files(load(identifier), seen)


def _shared(site: SiteInput, seen: Look, read: Read) -> Iterator[File]:
    ids = sorted(ref.id for ref in site.policies)
    summaries = [summary.decode(read(paths.summary(identifier))) for identifier in ids]
    return shared_pages.files(summaries, site, seen)
