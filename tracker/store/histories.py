"""A policy's history as rows, and back."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from tracker.model import Change, History, SearchHit, Version
from tracker.store import search
from tracker.store.content import encode, pack, unpack
from tracker.store.tables import ChangeRow, HistoryRow, VersionRow


class Encoded:
    """A history as JSON, and one fingerprint of it all."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._header = encode(replace(history, versions=(), changes=()))
        self._versions = [encode(version) for version in history.versions]
        self._changes = [encode(change) for change in history.changes]
        digest = hashlib.sha256()
        for part in (self._header, *self._versions, *self._changes):
            digest.update(part + b"\n")
        self.fingerprint = digest.hexdigest()

    def write(self, session: Session) -> None:
        """In place of what was there."""
        policy = self.history.policy.id
        forget(session, policy)
        session.add(
            HistoryRow(policy=policy, fingerprint=self.fingerprint, content=pack(self._header))
        )
        if self._versions:
            session.exec(insert(VersionRow), params=self._version_rows())
            search.add(session, self.history.versions)
        if self._changes:
            session.exec(insert(ChangeRow), params=self._change_rows())

    def _version_rows(self) -> list[dict[str, object]]:
        return [
            {
                "policy": version.policy,
                "number": version.number,
                "text_sha256": version.text_sha256,
                "first_seen": version.first_seen.captured_at,
                "last_seen": version.last_seen.captured_at,
                "content": pack(encoded),
            }
            for version, encoded in zip(self.history.versions, self._versions, strict=True)
        ]

    def _change_rows(self) -> list[dict[str, object]]:
        return [
            {
                "policy": change.policy,
                "number": change.after,
                "kind": change.kind,
                "severity": change.severity,
                "after": change.window.after,
                "by": change.window.by,
                "content": pack(encoded),
            }
            for change, encoded in zip(self.history.changes, self._changes, strict=True)
        ]


def forget(session: Session, policy: str) -> None:
    search.forget(session, policy)
    for table in (ChangeRow, VersionRow, HistoryRow):
        session.exec(delete(table).where(col(table.policy) == policy))


def fingerprint(session: Session, policy: str) -> str | None:
    row = session.get(HistoryRow, policy)
    return row.fingerprint if row else None


def summary(session: Session, policy: str) -> History | None:
    """The history without versions and changes."""
    row = session.get(HistoryRow, policy)
    return unpack(row.content, History) if row else None


def versions(session: Session, policy: str) -> tuple[Version, ...]:
    query = select(VersionRow.content).where(VersionRow.policy == policy)
    rows = session.exec(query.order_by(col(VersionRow.number)))
    return tuple(unpack(content, Version) for content in rows)


def changes(
    session: Session, policy: str, since: datetime | None = None, until: datetime | None = None
) -> tuple[Change, ...]:
    query = select(ChangeRow.content).where(ChangeRow.policy == policy)
    if since:
        query = query.where(col(ChangeRow.by) >= since)
    if until:
        query = query.where(col(ChangeRow.after) <= until)
    rows = session.exec(query.order_by(col(ChangeRow.number)))
    return tuple(unpack(content, Change) for content in rows)


def hit(
    session: Session, policy: str, numbers: Sequence[int], phrases: search.Phrases
) -> SearchHit:
    """From the first to the last version that holds the phrases."""
    first, last = (
        unpack(session.get_one(VersionRow, (policy, number)).content, Version)
        for number in (numbers[0], numbers[-1])
    )
    latest = session.exec(
        select(VersionRow.number)
        .where(VersionRow.policy == policy)
        .order_by(col(VersionRow.number).desc())
    ).first()
    return SearchHit(
        policy=policy,
        excerpt=search.excerpt(last.document.text, phrases),
        versions=tuple(numbers),
        first_seen=first.first_seen,
        last_seen=last.last_seen,
        current=numbers[-1] == latest,
    )
