"""Whole crawls of a loopback archive, in this process, in few words."""

from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from loopback import LoopbackArchive
from support import at

from tracker.archive import open_archive
from tracker.model import Policy, WatchedUrl
from tracker.pipeline import update
from tracker.pipeline.crawl import Budget, Watch
from tracker.pipeline.workspace import open_workspace
from tracker.selection import Strategy

ACME_URL, OTHER_URL = "http://acme.example/privacy", "http://other.example/privacy"
ACME = Policy("acme/privacy", "Acme privacy policy", (WatchedUrl(ACME_URL),))
OTHER = Policy("other/privacy", "Other privacy policy", (WatchedUrl(OTHER_URL),))
NOW = at("2024-01-01")


def page(*sentences: str) -> str:
    """A privacy policy that passes for one, with these sentences of its own."""
    usual = (
        f"<p>We collect personal data to provide service number {n}, and we protect your privacy."
        for n in range(8)
    )
    own = "".join(f"<p>{sentence}" for sentence in sentences)
    return f"<title>Privacy Policy</title><h1>Privacy Policy</h1>{''.join(usual)}{own}"


@contextmanager
def crawling(folder: Path, *policies: Policy, server: LoopbackArchive, now=NOW, **settings):
    """A function that runs once over the policies: (crawled by policy id, histories by id)."""
    space = open_workspace(
        policies, folder / "snapshots", f"sqlite:///{folder / 'tracker.db'}", now=lambda: now
    )
    archive = open_archive(server.settings(folder / "state", **settings))

    def run(strategy=None, budget=None, watch=None, **more):
        wish = (strategy or Strategy(), budget or Budget(), watch or Watch())
        crawled = update.fetch(space, archive, policies, *wish, **more)
        done = {one.policy: one for one in crawled}
        histories = {h.policy.id: h for h, _ in update.bring_up_to_date(space, space.known())}
        return done, histories

    run.space = space
    try:
        yield run
    finally:
        archive.close()
        space.database.close()


def states(space, policy="acme/privacy"):
    """Day -> (state, tries) of each capture that is more than listed."""
    found = space.database.capture_states(policy)
    return {key[0][:8]: (state.state, state.tries) for key, state in sorted(found.items())}


def asked(server: LoopbackArchive) -> Counter:
    """How often each memento was asked for."""
    return Counter(r.path for r in server.requests if r.lane == "replay")
