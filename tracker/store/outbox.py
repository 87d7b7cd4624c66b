"""What is to be told, and messages on their way, each step a transaction of its own.

    queued --at_risk--> sending --> sent | queued (again) | failed

A delivery is "sending" only while its answer is awaited. One that is found so was interrupted and
may have arrived: it is sent once more, under the same id, and after a second such doubt no more.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import msgspec
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from tracker.model import Delivery, DeliveryState, Evidence, Notice, Told
from tracker.store.content import encode, pack, plain, unpack
from tracker.store.database import Database
from tracker.store.tables import (
    DeliveryRow,
    EvidenceRow,
    MetaRow,
    NoticeRow,
    ToldRow,
)

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)
_MOST_DOUBTS = 2
_TWICE_LOST = "the answer was lost twice: it may have arrived, and is not sent a third time"
_PROBLEMS = "problems told"


class Outbox:
    """The part of a database that cannot be derived: what was sent, and what is still to be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Noticing: in the transaction that saves a history

    def evidence(self, policy: str) -> Evidence | None:
        with self._database.reading() as session:
            row = session.get(EvidenceRow, policy)
            return unpack(row.content, Evidence) if row else None

    def noticed(
        self, session: Session, policy: str, evidence: Evidence, notices: Iterable[Notice]
    ) -> None:
        """Remember both, or neither, with whatever else the session writes."""
        session.merge(EvidenceRow(policy=policy, content=pack(encode(evidence))))
        for one in notices:
            session.add(NoticeRow(policy=policy, at=one.at, after=one.after, by=one.by))

    def notices(self, since: int = 0) -> tuple[Notice, ...]:
        """Those after number `since`, in the order of their numbers."""
        query = select(NoticeRow).where(col(NoticeRow.number) > since).order_by("number")
        with self._database.reading() as session:
            return tuple(
                Notice(row.policy, row.at, row.after, row.by, row.number or 0)
                for row in session.exec(query)
            )

    def last_notice(self) -> int:
        """The highest number there ever was."""
        with self._database.reading() as session:
            return session.exec(select(func.max(NoticeRow.number))).one() or 0

    # Telling

    def told(self) -> dict[str, Told]:
        """By subscriber's key."""
        with self._database.reading() as session:
            rows = session.exec(select(ToldRow).order_by(ToldRow.subscriber))
            return {row.subscriber: msgspec.json.decode(row.content, type=Told) for row in rows}

    def queue(self, deliveries: Iterable[Delivery], told: Mapping[str, Told]) -> None:
        """New messages, and whom they tell how much: all in one transaction. Subscribers who are
        not in `told` are forgotten. Writes nothing where nothing is new."""
        new = list(deliveries)
        if not new and told == self.told():
            return
        with self._database.transaction() as session:
            session.exec(delete(ToldRow).where(col(ToldRow.subscriber).not_in(told)))
            for key, state in told.items():
                session.merge(ToldRow(subscriber=key, content=encode(state)))
            for one in new:
                _add(session, one)

    def problems(self) -> tuple[str, ...]:
        """Keys of those the operators know."""
        return tuple(msgspec.json.decode(self._database.meta(_PROBLEMS) or "[]", type=list[str]))

    def queue_problems(self, deliveries: Iterable[Delivery], keys: Iterable[str]) -> None:
        """Messages to the operators, and the keys of all problems there are now."""
        known = sorted(keys)
        new = list(deliveries)
        if not new and tuple(known) == self.problems():
            return
        with self._database.transaction() as session:
            session.merge(MetaRow(key=_PROBLEMS, value=encode(known).decode()))
            for one in new:
                _add(session, one)

    # Sending

    def ready(self, now: datetime) -> tuple[Delivery, ...]:
        """Those whose time has come."""
        return tuple(one for one in self.waiting() if not one.next_try or one.next_try <= now)

    def untried(self) -> tuple[Delivery, ...]:
        return tuple(one for one in self.waiting() if not one.tries)

    def at_risk(self, delivery: Delivery, now: datetime) -> Delivery:
        """From here on it may arrive. On the disk before this returns."""
        return self._save(
            replace(delivery, state="sending", doubts=delivery.doubts + 1, changed_at=now)
        )

    def sent(self, delivery: Delivery, now: datetime) -> Delivery:
        """Its body is dropped; what is left is the proof that it was sent."""
        done = replace(delivery, state="sent", body=b"", cause="", next_try=None, changed_at=now)
        return self._save(replace(done, tries=delivery.tries + 1))

    def refused(self, delivery: Delivery, cause: str, now: datetime) -> Delivery:
        """For good."""
        failed = replace(delivery, state="failed", cause=cause, next_try=None, changed_at=now)
        return self._save(replace(failed, tries=delivery.tries + 1))

    def delayed(self, delivery: Delivery, cause: str, now: datetime) -> Delivery:
        """To be tried again: in the next run, then later each time."""
        tries = delivery.tries + 1
        pause = min(_FIRST_PAUSE * (2 ** min(tries - 1, 20) - 1), _LONGEST_PAUSE)
        waiting = replace(delivery, state="queued", cause=cause, next_try=now + pause)
        return self._save(replace(waiting, tries=tries, changed_at=now))

    def doubtful(self, delivery: Delivery, cause: str, now: datetime) -> Delivery:
        """Its answer was lost: to be sent once more, or given up."""
        if delivery.doubts >= _MOST_DOUBTS:
            return self.refused(delivery, f"{cause}; {_TWICE_LOST}", now)
        return self.delayed(delivery, cause, now)

    def recover(self, now: datetime) -> tuple[Delivery, ...]:
        """Settle what a killed run left in the middle; returns those given up."""
        query = select(DeliveryRow).where(DeliveryRow.state == "sending")
        with self._database.reading() as session:
            interrupted = [_delivery(row) for row in session.exec(query)]
        lost = [one for one in interrupted if one.doubts >= _MOST_DOUBTS]
        return tuple(self.refused(one, f"interrupted; {_TWICE_LOST}", now) for one in lost)

    def retry_failed(self, now: datetime) -> int:
        """Queue again what was refused for good; how many there were."""
        failed = self.failed()
        for one in failed:
            self._save(replace(one, state="queued", doubts=0, next_try=None, changed_at=now))
        return len(failed)

    # Looking

    def counts(self) -> dict[DeliveryState, int]:
        """How many are queued, sending, sent and failed."""
        query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        with self._database.reading() as session:
            found = dict(session.exec(query).all())
        return {state: found.get(state, 0) for state in get_args(DeliveryState)}

    def waiting(self) -> tuple[Delivery, ...]:
        """The longest waiting first; interrupted ones among them."""
        return self._in_state("queued", "sending")

    def failed(self) -> tuple[Delivery, ...]:
        return self._in_state("failed")

    def _in_state(self, *states: str) -> tuple[Delivery, ...]:
        query = select(DeliveryRow).where(col(DeliveryRow.state).in_(states))
        with self._database.reading() as session:
            return tuple(map(_delivery, session.exec(query.order_by("queued_at", "id"))))

    def _save(self, delivery: Delivery) -> Delivery:
        with self._database.transaction() as session:
            session.merge(_row(delivery))
        return delivery


def _add(session: Session, delivery: Delivery) -> None:
    """A message that was queued before, by whatever accident, is not queued again."""
    if session.get(DeliveryRow, delivery.id) is None:
        session.add(_row(delivery))


def _row(one: Delivery) -> DeliveryRow:
    return DeliveryRow(
        id=one.id,
        channel=one.channel,
        address=plain(one.address),
        subject=plain(one.subject),
        state=one.state,
        tries=one.tries,
        doubts=one.doubts,
        cause=plain(one.cause),
        queued_at=one.queued_at,
        next_try=one.next_try,
        changed_at=one.changed_at,
        body=pack(one.body),
    )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        channel=row.channel,  # type: ignore[arg-type]
        address=row.address,
        subject=row.subject,
        body=zlib.decompress(row.body),
        queued_at=row.queued_at,
        state=row.state,  # type: ignore[arg-type]
        tries=row.tries,
        doubts=row.doubts,
        next_try=row.next_try,
        cause=row.cause,
        changed_at=row.changed_at,
    )
