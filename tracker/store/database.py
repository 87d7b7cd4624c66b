"""What is known, in SQLite or PostgreSQL: values in, values out.

Heavy to import (SQLModel, 1.5 s): what answers `--help` must not import it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import msgspec
from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.model import (
    Capture,
    CaptureState,
    Change,
    Document,
    History,
    Policy,
    Run,
    SearchHit,
    Snapshot,
    Version,
)
from tracker.store import captures, documents, histories, schema, search
from tracker.store.content import encode, plain, unpack
from tracker.store.engine import explained, open_engine
from tracker.store.tables import ChangeRow, HistoryRow, MetaRow, RunRow, VersionRow


@lru_cache(maxsize=4)
def _opened(url: str) -> "Database":
    return Database(url)


class Database:
    """One workspace's database; `url` as in "sqlite:///tracker.db"."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url)
        self._writer = self._engine.execution_options(writes=True)
        try:
            with explained(self._engine):
                schema.prepare(self._engine)
        except BaseException:
            self.close()
            raise

    def __reduce__(self) -> tuple[Callable[[str], "Database"], tuple[str]]:
        """Sent to another process as its URL alone, and opened there once."""
        return _opened, (self._url,)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All of it or nothing; waits for other writers."""
        with explained(self._engine), Session(self._writer) as session, session.begin():
            yield session

    # Histories: derived, replaced as a whole

    def save_history(self, history: History, also: Callable[[Session], None] | None = None) -> bool:
        """Replace what is known of a policy, and do `also` in the same transaction.

        Whether anything was written: a history saved before is not written again.
        """
        encoded = histories.Encoded(history)
        with self.reading() as session:
            changed = histories.fingerprint(session, history.policy.id) != encoded.fingerprint
        if changed or also:
            with self.transaction() as session:
                if changed:
                    encoded.write(session)
                if also:
                    also(session)
        return changed

    def history(self, policy: Policy) -> History | None:
        """All that was derived of a policy; None before its first `save_history`."""
        with self.reading() as session:
            found = histories.summary(session, policy.id)
            return found and replace(
                found,
                policy=policy,
                versions=histories.versions(session, policy.id),
                changes=histories.changes(session, policy.id),
            )

    def fingerprint(self, policy: str) -> str:
        """Of all that `history` holds; "" before its first `save_history`."""
        with self.reading() as session:
            return histories.fingerprint(session, policy) or ""

    def summary(self, policy: Policy) -> History | None:
        """The same without versions and changes: profile, dated references, coverage."""
        with self.reading() as session:
            found = histories.summary(session, policy.id)
            return found and replace(found, policy=policy)

    def policies(self) -> tuple[str, ...]:
        """Ids of the policies with a history, sorted."""
        with self.reading() as session:
            return tuple(session.exec(select(HistoryRow.policy).order_by(HistoryRow.policy)))

    def present_since(self) -> dict[str, datetime]:
        """Policy -> the first capture of its latest version."""
        query = select(VersionRow.policy, func.max(VersionRow.first_seen))
        with self.reading() as session:
            return dict(session.exec(query.group_by(VersionRow.policy)).all())

    def version(self, policy: str, number: int) -> Version | None:
        with self.reading() as session:
            row = session.get(VersionRow, (policy, number))
            return unpack(row.content, Version) if row else None

    def versions(self, policy: str) -> tuple[Version, ...]:
        with self.reading() as session:
            return histories.versions(session, policy)

    def changes(
        self, policy: str, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Change, ...]:
        """Those that may have happened in that time: their windows touch it."""
        with self.reading() as session:
            return histories.changes(session, policy, since, until)

    def change_count(self, policy: str) -> int | None:
        """How many changes are known; None before the first `save_history`."""
        query = select(func.count()).where(ChangeRow.policy == policy)
        with self.reading() as session:
            if session.get(HistoryRow, policy) is None:
                return None
            return session.exec(query).one()

    def forget(self, policy: str) -> None:
        """Drop what was derived of a policy that is no longer there."""
        with self.transaction() as session:
            histories.forget(session, policy)

    def search(self, query: str, policies: Sequence[str] | None = None) -> tuple[SearchHit, ...]:
        """Policies whose versions hold the words of the query side by side or, where there are
        none, all of them anywhere; "quoted words" as a phrase alone."""
        with self.reading() as session:
            for phrases in search.readings(query):
                hits = tuple(
                    histories.hit(session, policy, numbers, phrases)
                    for policy, numbers in search.find(session, phrases).items()
                    if policies is None or policy in policies
                )
                if hits:
                    return hits
        return ()

    def dump(self) -> Iterator[str]:
        """Every derived value as a line of JSON, in a stable order: equal for equal content."""
        with self.reading() as session:
            for policy in session.exec(select(HistoryRow.policy).order_by(HistoryRow.policy)):
                found = histories.summary(session, policy)
                yield f"{policy} history {encode(found).decode()}"
                for version in histories.versions(session, policy):
                    yield f"{policy} version {encode(version).decode()}"
                for change in histories.changes(session, policy):
                    yield f"{policy} change {encode(change).decode()}"

    # Documents: derived, kept so that an update normalises only what is new

    def documents(
        self, policy: Policy, rules: str, snapshots: Sequence[Snapshot]
    ) -> dict[str, Document]:
        """Record id -> document, of the snapshots that these rules normalised before."""
        with self.reading() as session:
            return documents.find(session, policy, rules, snapshots)

    def save_documents(
        self, policy: Policy, rules: str, made: Iterable[tuple[Snapshot, Document]]
    ) -> None:
        with self.transaction() as session:
            documents.add(session, policy, rules, made)

    def forget_documents(self, *, except_rules: str) -> None:
        """Make room: drop the documents that other versions of the rules made."""
        with self.transaction() as session:
            documents.forget_others(session, except_rules)

    # Captures and runs: kept

    def capture_states(self, policy: str) -> dict[captures.Key, CaptureState]:
        """By `Capture.key`; a capture that is not in it is no more than listed."""
        with self.reading() as session:
            return captures.states(session, policy)

    def mark_captures(self, policy: str, marked: Iterable[Capture], state: CaptureState) -> None:
        """Give them this state; "failed" counts as one more try, whatever `state.tries` says."""
        with self.transaction() as session:
            captures.mark(session, policy, marked, state)

    def start_run(self, run: Run) -> int:
        """Its number, for `finish_run`."""
        with self.transaction() as session:
            row = RunRow(started=run.started, content=encode(run))
            session.add(row)
            session.flush()
            return row.id or 0

    def finish_run(self, number: int, run: Run) -> None:
        with self.transaction() as session:
            session.merge(RunRow(id=number, started=run.started, content=encode(run)))

    def runs(self, limit: int = 20) -> tuple[Run, ...]:
        """The latest first."""
        with self.reading() as session:
            rows = session.exec(select(RunRow).order_by(col(RunRow.id).desc()).limit(limit))
            return tuple(msgspec.json.decode(row.content, type=Run) for row in rows)

    def meta(self, key: str) -> str:
        """A remembered word, "" where there is none."""
        with self.reading() as session:
            row = session.get(MetaRow, key)
            return row.value if row else ""

    def set_meta(self, key: str, value: str) -> None:
        with self.transaction() as session:
            session.merge(MetaRow(key=key, value=plain(value)))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with explained(self._engine), Session(self._engine) as session:
            yield session
