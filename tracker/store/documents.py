"""Normalised snapshots, kept so that each is normalised once per version of the rules."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from tracker.model import Document, Policy, Snapshot
from tracker.store.content import encode, pack, unpack
from tracker.store.tables import DocumentRow

_AT_ONCE = 500  # keys in one query; SQLite once allowed 999 parameters


def find(
    session: Session, policy: Policy, rules: str, snapshots: Sequence[Snapshot]
) -> dict[str, Document]:
    """Record id -> document, of those that were normalised by these rules before."""
    keys = {snapshot.record_id: _key(policy, rules, snapshot) for snapshot in snapshots}
    wanted = sorted(set(keys.values()))
    packed: dict[str, bytes] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = col(DocumentRow.key).in_(wanted[start : start + _AT_ONCE])
        packed |= dict(
            session.exec(select(DocumentRow.key, DocumentRow.content).where(chosen)).all()
        )
    read = {key: unpack(content, Document) for key, content in packed.items()}
    return {record_id: read[key] for record_id, key in keys.items() if key in read}


def add(
    session: Session, policy: Policy, rules: str, made: Iterable[tuple[Snapshot, Document]]
) -> None:
    contents = {_key(policy, rules, snapshot): document for snapshot, document in made}
    rows = [
        {"key": key, "rules": rules, "content": pack(encode(document))}
        for key, document in contents.items()
    ]
    if rows:
        session.exec(delete(DocumentRow).where(col(DocumentRow.key).in_(list(contents))))
        session.exec(insert(DocumentRow), params=rows)


def forget_others(session: Session, rules: str) -> None:
    """Drop what other versions of the rules made."""
    session.exec(delete(DocumentRow).where(col(DocumentRow.rules) != rules))


def _key(policy: Policy, rules: str, snapshot: Snapshot) -> str:
    """All that a document is made from. The URL too: relative links depend on it."""
    made_from = (
        snapshot.sha256,
        snapshot.content_type,
        snapshot.url,
        rules,
        policy.language,
        policy.select,
        policy.remove,
    )
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()
