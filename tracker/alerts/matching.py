"""What of a history a subscription asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import get_args

from tracker.model import Change, ChangeKind, ClauseChange, Diff, History, Notice, Subscription

_OF_CHANGES = frozenset(get_args(ChangeKind))


def watches(subscription: Subscription, policy: str) -> bool:
    """
    >>> wanted = Subscription(("a@b.org",), ("acme", "*/terms"))
    >>> [watches(wanted, policy) for policy in ("acme/privacy", "bell/terms", "bell/privacy")]
    [True, True, False]
    """
    return any(
        fnmatchcase(policy, pattern) or fnmatchcase(policy, f"{pattern}/*")
        for pattern in subscription.policies
    )


def told(
    history: History, notices: Iterable[Notice], subscription: Subscription
) -> tuple[History, Mapping[str, int]]:
    """The history with the noticed changes that were asked for, and how many of each kind were
    not. Clauses are most severe first."""
    if subscription.languages and history.language not in subscription.languages:
        return replace(history, changes=()), {}
    noticed = {found.after: found for one in notices if (found := _change(history, one))}
    changes, quiet = [], Counter[str]()
    for change in noticed.values():
        clauses = tuple(sorted(_wanted(change, subscription), key=_rank))
        if change.kind not in _kinds(subscription) or (not clauses and _is_choosy(subscription)):
            quiet[change.kind] += 1
        else:
            changes.append(replace(change, clauses=clauses))
    return replace(history, changes=tuple(changes)), quiet


def light(history: History, notices: Iterable[Notice]) -> History:
    """All that can be told of the history, without what makes it large: the texts of versions and
    the diffs of changes that nobody is told of."""
    noticed = {found.after for one in notices if (found := _change(history, one))}
    shown = noticed | {number - 1 for number in noticed}
    return replace(
        history,
        versions=tuple(
            one if one.number in shown else replace(one, document=replace(one.document, blocks=()))
            for one in history.versions
        ),
        changes=tuple(
            one if one.after in noticed else replace(one, diff=Diff(()), clauses=())
            for one in history.changes
        ),
        spoken=(),
        profile=(),
        dated_references=(),
    )


def _change(history: History, notice: Notice) -> Change | None:
    """The change as today's rules see it; None where they see none there.

    Later captures may have moved its window, never back beyond the old text's last capture.
    """
    if notice.after is None or notice.by is None:
        return None
    for change in history.changes:
        version = history.versions[change.after - 1]
        first, last = version.first_seen.captured_at, version.last_seen.captured_at
        if notice.after < first <= notice.by <= last:
            return change
    return None


def _kinds(subscription: Subscription) -> frozenset[str]:
    """Of changes; who names kinds of clause changes alone means those of substantive changes."""
    return (_OF_CHANGES & set(subscription.kinds)) or frozenset({"substantive"})


def _is_choosy(subscription: Subscription) -> bool:
    clause_kinds = set(subscription.kinds) - _OF_CHANGES
    return bool(subscription.topics or subscription.min_severity or clause_kinds)


def _wanted(change: Change, subscription: Subscription) -> Iterable[ClauseChange]:
    kinds = set(subscription.kinds) - _OF_CHANGES
    for clause in change.clauses:
        general = clause.topic.partition(".")[0]
        if (
            clause.severity >= subscription.min_severity
            and (not kinds or clause.kind in kinds)
            and (not subscription.topics or {clause.topic, general} & set(subscription.topics))
        ):
            yield clause


def _rank(clause: ClauseChange) -> tuple[int, str]:
    return (-clause.severity, clause.topic)
