"""What renderings look up in a report: each quote with its capture, the findings by rank."""

from dataclasses import dataclass
from datetime import datetime

from tracker.model import Change, Clause, ClauseChange, History, Report, Sighting, Version


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause and the capture that proves it."""

    clause: Clause
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Finding:
    """A clause change with all a reader needs to check it."""

    history: History
    change: Change
    clause: ClauseChange
    before: Quote | None
    after: Quote | None


def findings(history: History, change: Change) -> list[Finding]:
    """The change's clauses in their order."""
    old, new = version(history, change.before), version(history, change.after)
    return [
        Finding(
            history,
            change,
            clause,
            Quote(clause.before, old.last_seen) if clause.before else None,
            Quote(clause.after, new.first_seen) if clause.after else None,
        )
        for clause in change.clauses
    ]


def standing_out(report: Report, limit: int = 10) -> list[Finding]:
    """The most severe findings over all policies, the latest first among equals.

    What only moved never stands out, nor what an editorial change or a flap touched.
    """
    found = [
        finding
        for history in report.policies
        for change in history.changes
        if change.kind == "substantive"
        for finding in findings(history, change)
        if finding.clause.kind != "moved" and finding.clause.severity > 0
    ]
    found.sort(key=lambda finding: finding.change.window.by, reverse=True)
    found.sort(key=lambda finding: -finding.clause.severity)
    return found[:limit]


def by_weight(history: History) -> list[Change]:
    """The substantive changes, then the others; the latest first."""
    latest_first = reversed(history.changes)
    return sorted(latest_first, key=lambda change: change.kind != "substantive")


def version(history: History, number: int) -> Version:
    return next(one for one in history.versions if one.number == number)


def sighting(history: History, at: datetime) -> Sighting | None:
    """The capture of that time, where a version was first or last seen in it."""
    seen = (one for version in history.versions for one in (version.first_seen, version.last_seen))
    return next((one for one in seen if one.captured_at == at), None)


def split_moved(found: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What was said differently, and what is only said elsewhere."""
    told = [finding for finding in found if finding.clause.kind != "moved"]
    return told, [finding for finding in found if finding.clause.kind == "moved"]


def anchor(history: History, change: Change | None = None) -> str:
    """The id of a policy's or a change's place in a page: "acme.privacy.1-2"."""
    place = history.policy.id.replace("/", ".")
    return f"{place}.{change.before}-{change.after}" if change else place
