"""What a command works on: the watchlist and the two stores, opened once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker import timestamps
from tracker.clauses import Lexicon, load_lexicon
from tracker.executors import Mapper
from tracker.model import Policy
from tracker.store.database import Database
from tracker.store.listings import ListingStore
from tracker.store.snapshots import SnapshotStore
from tracker.watchlist import spoken


@dataclass(frozen=True, slots=True)
class Workspace:
    policies: tuple[Policy, ...]
    snapshots: SnapshotStore
    listings: ListingStore
    database: Database
    lexicon: Lexicon
    now: Callable[[], datetime]
    topics: str = ""  # text of the user's topics.toml
    mapper: Mapper = map

    def policy(self, ident: str) -> Policy | None:
        """The watched policy, or one known by its imported snapshots alone; else None."""
        return next((policy for policy in self.known() if policy.id == ident), None)

    def known(self) -> tuple[Policy, ...]:
        """Watched policies in the order of the file, then those that were only imported."""
        watched = {policy.id for policy in self.policies}
        imported = sorted(set(self.snapshots.policies()) - watched)
        return (*self.policies, *(Policy(ident, spoken(ident), ()) for ident in imported))


def checked_key(policy: str) -> str:
    """Where the database remembers when a policy was last looked at without a failure."""
    return f"checked {policy}"


def open_workspace(
    watchlist: Sequence[Policy],
    folder: Path,
    database_url: str,
    *,
    topics: str | None = None,
    now: Callable[[], datetime] = timestamps.now,
    mapper: Mapper = map,
) -> Workspace:
    """The stores below `folder` (snapshots) and at `database_url`, opened or made."""
    return Workspace(
        policies=tuple(watchlist),
        snapshots=SnapshotStore(folder),
        listings=ListingStore(folder),
        database=Database(database_url),
        lexicon=load_lexicon(topics),
        now=now,
        topics=topics or "",
        mapper=mapper,
    )
