"""From what was noticed to a message that arrived: decide, word, queue, send."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Protocol

import msgspec

from tracker import alerts, timestamps
from tracker.errors import NoService, SendError, Unconfirmed
from tracker.model import (
    Alert,
    Change,
    Channel,
    Delivery,
    Failure,
    History,
    Notice,
    Problem,
    Report,
    Subscriber,
    Told,
)
from tracker.pipeline.workspace import Workspace, checked_key
from tracker.publish.chat import ChatMessage
from tracker.publish.message import Sender, compose, message_id
from tracker.render import json as render_json
from tracker.render import mail
from tracker.store.outbox import Outbox

_RUNS = 200  # looked back for failures in a row


class Courier(Protocol):
    """Raises SendError, NoService where no message could be sent, Unconfirmed where this one may
    have arrived; calls `at_risk` just before it may."""

    def send(self, delivery: Delivery, at_risk: Callable[[], object]) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is written to, by whom and how."""

    subscribers: tuple[Subscriber, ...]
    sender: Sender
    couriers: Mapping[Channel, AbstractContextManager[Courier]]
    names: Mapping[str, str]  # of topics
    site: str = ""  # its address
    title: str = "Policy changes"
    operators: tuple[str, ...] = ()
    failing_runs: int = 3
    heartbeat: bool = False
    # Entered for each message: what would end the run waits for the server's answer.
    whole: Callable[[], AbstractContextManager[object]] = nullcontext


@dataclass(slots=True)
class Sent:
    """What a round of sending did."""

    sent: int = 0
    delayed: int = 0
    refused: int = 0
    failures: list[Failure] = field(default_factory=list)


# Deciding and wording


def plan(workspace: Workspace, desk: Desk) -> alerts.Plan:
    """Who would be told what now. Writes nothing."""
    outbox = Outbox(workspace.database)
    told = outbox.told()
    start = min((state.number for state in told.values()), default=0)
    return _due(workspace, desk, told, outbox.notices(start), outbox.last_notice())


def rehearsal(workspace: Workspace, desk: Desk, since: datetime) -> alerts.Plan:
    """What everybody would have been told had all changes since then come at once."""
    now = workspace.now()
    noticed = [
        notice
        for policy in workspace.known()
        if (history := workspace.database.history(policy))
        for notice in alerts.of_changes(history, since)
    ]
    before = Told(0, datetime.min.replace(tzinfo=now.tzinfo), now)
    everyone = {subscriber.key: before for subscriber in desk.subscribers}
    numbered = [replace(notice, number=number) for number, notice in enumerate(noticed, 1)]
    return _due(workspace, desk, everyone, tuple(numbered), len(numbered))


def _due(
    workspace: Workspace,
    desk: Desk,
    told: Mapping[str, Told],
    notices: tuple[Notice, ...],
    last: int,
) -> alerts.Plan:
    known = {policy.id: policy for policy in workspace.known()}
    database = workspace.database

    @cache  # everybody is told of the same policies
    def load(policy: str) -> History | None:
        found = database.history(known[policy])
        return found and alerts.light(found, [one for one in notices if one.policy == policy])

    @cache
    def outline(policy: str) -> History | None:
        found = database.summary(known[policy])
        return found and replace(found, profile=(), dated_references=(), spoken=())

    books = alerts.Known(
        now=workspace.now(),
        policies=[policy for policy in database.policies() if policy in known],
        notices=notices,
        last=last,
        load=load,
        outline=outline,
        checked=lambda policy: _time(database.meta(checked_key(policy))),
        heartbeat=desk.heartbeat,
    )
    return alerts.due(desk.subscribers, told, books)


def _time(text: str) -> datetime | None:
    return timestamps.parse(text) if text else None


def deliveries(desk: Desk, alert: Alert) -> Iterator[Delivery]:
    """The alert as messages of its subscriber's channel; a webhook gets one for each change."""
    if alert.subscriber.channel == "webhook":
        yield from _posts(desk, alert)
        return
    letter = mail.alert(alert, desk.names, site=desk.site, leave=desk.sender.leave)
    identifier = message_id(
        desk.sender, alert.subscriber.key, timestamps.iso(alert.at), letter.text
    )
    if alert.subscriber.channel == "mail":
        body = compose(letter, desk.sender, alert.subscriber.address, identifier, alert.at)
    else:
        brief = mail.brief(alert, desk.names, site=desk.site)
        body = msgspec.json.encode(ChatMessage(letter.subject, brief))
    to = alert.subscriber
    yield Delivery(identifier, to.channel, to.address, letter.subject, body, alert.at)


def _posts(desk: Desk, alert: Alert) -> Iterator[Delivery]:
    to = alert.subscriber
    for history in alert.changed:
        for change in history.changes:
            body = render_json.render(Report(alert.at, (_brief(history, change),)))
            arrived = (history.policy.id, timestamps.iso(change.window.by))
            identifier = message_id(desk.sender, to.key, timestamps.iso(alert.at), *arrived)
            subject = f"{history.policy.id} {change.before}..{change.after}"
            yield Delivery(identifier, "webhook", to.address, subject, body, alert.at)


def _brief(history: History, change: Change) -> History:
    """The change, its two versions, and no more."""
    pair = (change.before, change.after)
    versions = tuple(one for one in history.versions if one.number in pair)
    return replace(history, versions=versions, changes=(change,), profile=(), dated_references=())


# Queueing


def queue(workspace: Workspace, desk: Desk) -> int:
    """Write all that is due into the outbox, in one transaction; how many messages."""
    decided = plan(workspace, desk)
    new = [one for alert in decided.alerts for one in deliveries(desk, alert)]
    Outbox(workspace.database).queue(new, decided.told)
    return len(new)


def queue_problems(workspace: Workspace, desk: Desk) -> tuple[Problem, ...]:
    """Write to the operators of what they do not know yet; returns that, () where nobody is to be
    told."""
    if not desk.operators:
        return ()
    outbox, now = Outbox(workspace.database), workspace.now()
    runs = [run for run in workspace.database.runs(_RUNS) if run.command == "run" and run.ended]
    suspects = _with_incidents(workspace, desk.failing_runs)
    written_to = {*desk.operators, *(one.address for one in desk.subscribers)}
    refused = [one for one in outbox.failed() if one.address in written_to]
    found = alerts.problems(runs, suspects, refused, most=desk.failing_runs)
    known = outbox.problems()
    new = [one for one in found if one.key not in known]
    letters = []
    if new:
        old = [one for one in found if one.key in known]
        letter = mail.problems(new, old, now, desk.title)
        for address in desk.operators:
            identifier = message_id(desk.sender, address, timestamps.iso(now), letter.text)
            body = compose(letter, desk.sender, address, identifier, now)
            letters.append(Delivery(identifier, "mail", address, letter.subject, body, now))
    outbox.queue_problems(letters, [one.key for one in found])
    return tuple(new)


def _with_incidents(workspace: Workspace, least: int) -> Iterator[History]:
    """Histories are large; few are worth loading."""
    for policy in workspace.known():
        outline = workspace.database.summary(policy)
        if outline and len(outline.coverage.incidents) >= least:
            yield from filter(None, [workspace.database.history(policy)])


# Sending


def send(workspace: Workspace, desk: Desk) -> Sent:
    """Send all whose time has come."""
    done = _recovered(workspace)
    return _send_each(workspace, desk, Outbox(workspace.database).ready(workspace.now()), done)


def send_at_once(workspace: Workspace, desk: Desk) -> Sent:
    """Send all that wait, also those whose time has not come: somebody mended something."""
    done = _recovered(workspace)
    return _send_each(workspace, desk, Outbox(workspace.database).waiting(), done)


def send_untried(workspace: Workspace, desk: Desk) -> Sent:
    """Send what was queued since the last round, and nothing a second time."""
    return _send_each(workspace, desk, Outbox(workspace.database).untried(), Sent())


def _recovered(workspace: Workspace) -> Sent:
    """What a killed run left in doubt is settled first."""
    lost = Outbox(workspace.database).recover(workspace.now())
    failures = [_failure(one, "unconfirmed", one.cause) for one in lost]
    return Sent(refused=len(lost), failures=failures)


def _send_each(workspace: Workspace, desk: Desk, waiting: Sequence[Delivery], done: Sent) -> Sent:
    """One that fails stops no other; a server that is down delays its channel's."""
    outbox, now = Outbox(workspace.database), workspace.now
    for channel in sorted({one.channel for one in waiting}):
        own = [one for one in waiting if one.channel == channel]
        with desk.couriers[channel] as courier:
            for index, delivery in enumerate(own):
                try:
                    with desk.whole():
                        _send(outbox, courier, delivery, now, done)
                except NoService as error:
                    _all_wait(outbox, own[index:], error, now(), done)
                    break
    return done


def _send(
    outbox: Outbox,
    courier: Courier,
    delivery: Delivery,
    now: Callable[[], datetime],
    done: Sent,
) -> None:
    try:
        courier.send(delivery, lambda: outbox.at_risk(delivery, now()))
    except NoService:
        raise
    except Unconfirmed as error:
        doubted = replace(delivery, doubts=delivery.doubts + 1)
        after = outbox.doubtful(doubted, str(error), now())
        done.delayed += after.state == "queued"
        done.refused += after.state == "failed"
        done.failures.append(_failure(delivery, "unconfirmed", after.cause))
    except SendError as error:
        if error.permanent:
            outbox.refused(delivery, str(error), now())
            done.refused += 1
        else:
            outbox.delayed(delivery, str(error), now())
            done.delayed += 1
        done.failures.append(
            _failure(delivery, "refused" if error.permanent else "delayed", str(error))
        )
    else:
        outbox.sent(delivery, now())
        done.sent += 1


def _all_wait(
    outbox: Outbox, waiting: list[Delivery], error: NoService, now: datetime, done: Sent
) -> None:
    for delivery in waiting:
        outbox.delayed(delivery, str(error), now)
    done.delayed += len(waiting)
    done.failures.append(Failure("alerts", waiting[0].channel, "no-service", str(error)))


def _failure(delivery: Delivery, kind: str, message: str) -> Failure:
    return Failure("alerts", delivery.address, kind, message)
