"""Which messages go out, from what was noticed and what each subscriber was told before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.alerts import matching, turns
from tracker.model import Alert, Channel, History, Notice, Subscriber, Subscription, Told

LATELY = timedelta(days=30)
# Quiet policies are looked at once a week.
_LONGEST_TURN = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to queue, and what to remember of each subscriber from then on, by key."""

    alerts: tuple[Alert, ...] = ()
    told: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to tell, and how more is learnt of it."""

    now: datetime
    policies: Sequence[str]  # those with a history
    notices: Sequence[Notice]  # all that somebody may not know yet
    last: int  # the number of the latest notice there ever was
    load: Callable[[str], History | None]
    outline: Callable[[str], History | None]  # a history without versions and changes
    checked: Callable[[str], datetime | None]  # when the archive was last asked about a policy
    heartbeat: bool = False


def subscribers(
    subscriptions: Iterable[Subscription], webhook: str, chats: Iterable[str]
) -> tuple[Subscriber, ...]:
    """Mail to each recipient; each change to the webhook; what is grave enough to the chats."""
    mails = [
        Subscriber("mail", address, subscription)
        for subscription in subscriptions
        for address in subscription.to
    ]
    others: list[tuple[Channel, str]] = [("webhook", webhook)] if webhook else []
    others += [("chat", chat) for chat in chats]
    return (*mails, *(Subscriber(channel, to, Subscription((to,))) for channel, to in others))


def due(everyone: Sequence[Subscriber], told: Mapping[str, Told], known: Known) -> Plan:
    """At most one alert for each subscriber.

    A new subscriber gets a summary of what is watched, never the past.
    """
    start = _adopted(everyone, told)
    alerts: list[Alert] = []
    after: dict[str, Told] = {}
    for subscriber in everyone:
        before = start.get(subscriber.key)
        alert, state = _turn(subscriber, before, known)
        after[subscriber.key] = state
        alerts += [alert] if alert else []
    return Plan(tuple(alerts), after)


def _adopted(everyone: Sequence[Subscriber], told: Mapping[str, Told]) -> dict[str, Told]:
    """A subscription under a new name goes on where one that is gone stopped."""
    states = {one.key: told[one.key] for one in everyone if one.key in told}
    for subscriber in everyone:
        prefix = f"{subscriber.channel} {subscriber.address} "
        gone = [state for key, state in told.items() if key.startswith(prefix)
                and key not in states]  # fmt: skip
        if subscriber.key not in states and gone:
            states[subscriber.key] = min(gone, key=lambda state: state.number)
    return states


def _turn(subscriber: Subscriber, before: Told | None, known: Known) -> tuple[Alert | None, Told]:
    if before is None:
        begun = _histories(subscriber, known.policies, known.load)
        told = Told(known.last, known.now, known.now)
        return (_welcome(subscriber, begun, known) if begun else None), told
    if not turns.has_turn(subscriber.subscription, before, known.now):
        return None, before
    alert = _news(subscriber, before, known)
    if alert is None and known.heartbeat and turns.misses_a_sign(before, known.now):
        alert = _counted(Alert(subscriber, known.now), known)
    after = replace(before, number=known.last)
    if subscriber.subscription.frequency != "immediate":
        after = replace(after, looked_at=known.now)
    return alert, replace(after, mailed_at=known.now) if alert else after


def _welcome(subscriber: Subscriber, begun: tuple[History, ...], known: Known) -> Alert | None:
    """None for a webhook: it gets changes."""
    if subscriber.channel == "webhook":
        return None
    return _counted(Alert(subscriber, known.now, begun=begun), known)


def _news(subscriber: Subscriber, before: Told, known: Known) -> Alert | None:
    new: dict[str, list[Notice]] = {}
    for notice in known.notices:
        watched = matching.watches(subscriber.subscription, notice.policy)
        if notice.number > before.number and watched:
            new.setdefault(notice.policy, []).append(notice)
    changed, quiet = [], dict[str, int]()
    for history in _histories(subscriber, new, known.load):
        shown, rest = matching.told(history, new[history.policy.id], subscriber.subscription)
        changed += [shown] if shown.changes else []
        for kind, count in rest.items():
            quiet[kind] = quiet.get(kind, 0) + count
    changed.sort(key=_weight)
    first = [policy for policy, found in new.items() if any(one.by is None for one in found)]
    begun = () if subscriber.channel == "webhook" else _histories(subscriber, first, known.load)
    if not changed and not begun:
        return None
    alert = Alert(subscriber, known.now, tuple(changed), begun, quiet)
    return _counted(alert, known)


def _counted(alert: Alert, known: Known) -> Alert:
    """Silence means something only where the archive was asked."""
    watched = _histories(alert.subscriber, known.policies, known.outline)
    looks = [known.checked(history.policy.id) for history in watched if history.policy.urls]
    checked = sum(look is not None and look > known.now - _LONGEST_TURN for look in looks)
    return replace(
        alert,
        checked=checked,
        unreached=len(looks) - checked,
        with_incidents=sum(_has_incident(history, known.now) for history in watched),
    )


def _has_incident(history: History, now: datetime) -> bool:
    """Lately, or one that stands for no capture: the archive's refusal."""
    return any(
        one.captured_at is None or one.captured_at > now - LATELY
        for one in history.coverage.incidents
    )


def _histories(
    subscriber: Subscriber, policies: Iterable[str], load: Callable[[str], History | None]
) -> tuple[History, ...]:
    """Of the policies that the subscription is about and something is known of."""
    wanted = subscriber.subscription
    loaded = (load(policy) for policy in policies if matching.watches(wanted, policy))
    return tuple(
        history
        for history in loaded
        if history and (not wanted.languages or history.language in wanted.languages)
    )


def _weight(history: History) -> tuple[int, str]:
    return (-max(change.severity for change in history.changes), history.policy.id)
