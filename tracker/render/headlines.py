"""The words of a report: its title, its headlines, its summaries."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tracker import timestamps
from tracker.model import Change, Clause, ClauseChange, History, Report, Version
from tracker.render import words
from tracker.render.view import Finding, alternations, undone

_LEAD_IN = 45

Names = Mapping[str, str]


def title(report: Report) -> str:
    number = len(report.policies)
    return f"Changes of {number:,} {'policy' if number == 1 else 'policies'}"


def made(report: Report, names: Names) -> str:
    """As known when, and what the report was limited to."""
    limits = scope(report, names)
    return f"As known on {words.moment(report.generated_at)}" + (f"; {limits}" if limits else "")


def scope(report: Report, names: Names) -> str:
    """What a report was limited to, "" where it shows all."""
    parts = []
    if report.topics:
        parts.append("only " + ", ".join(words.topic(one, names) for one in report.topics))
    parts += [
        f"{word} {timestamps.day(at)}"
        for word, at in (("since", report.since), ("until", report.until))
        if at
    ]
    return ", ".join(parts)


def whose(history: History, report: Report) -> str:
    """Brightline Telecom privacy policy: "" where the report is on one policy."""
    return f"{words.line(history.policy.name)}: " if len(report.policies) > 1 else ""


def sentence(finding: Finding, names: Names) -> str:
    """personalised advertising: REVERSED, "we show no ..." became "for the display of ..." """
    return f"{subject(finding, names)}: {words.kind(finding.clause)}, {quotes(finding.clause)}"


def event(finding: Finding, names: Names) -> str:
    """personalised advertising REVERSED"""
    clause = finding.clause
    return words.happened(subject(finding, names), words.kind(clause), words.stance(clause))


def subject(finding: Finding, names: Names) -> str:
    """What a finding is about: its topics, and the instruments of law it brings."""
    told = words.topics(finding.topics, names)
    brought = ", ".join(law for law in finding.clause.instruments if law not in told)
    return f"{told} ({brought})" if brought else told


def quotes(clause: ClauseChange, *, length: int = 120) -> str:
    """What was and what is said, each at most `length` characters long."""
    sides = [side for side in (clause.before, clause.after) if side]
    return " became ".join(f'"{brief(side, length)}"' for side in sides)


def brief(clause: Clause, length: int) -> str:
    """The quote is what counts: of the sentence before its list, the beginning will do."""
    lead_in = words.shortened(words.line(clause.lead_in), _LEAD_IN).removesuffix("…").rstrip()
    quote = words.shortened(words.line(clause.quote), length)
    return f"{lead_in} … {quote}" if lead_in else quote


def when(finding: Finding) -> str:
    """A finding's window, and that the old text was back soon."""
    return words.window(finding.change.window) + _back(finding.history, finding.change)


def change(history: History, what: Change) -> str:
    """One line on a whole change, with what soon became of it."""
    again = alternations(history, what)
    more = ""
    if again:
        last = timestamps.day(again[-1].window.by)
        more = f", and {words.count(len(again), 'time')} more by {last}"
    return words.change(what) + more + _back(history, what)


def _back(history: History, what: Change) -> str:
    back = undone(history, what) if what.kind != "flap" else None
    return f", the old text was back by {timestamps.day(back.by)}" if back else ""


def also(finding: Finding, names: Names) -> str:
    """Topics to which the same words came or which they left; "" where there are none."""
    told = [f"{words.topic(clause.topic, names)}: {clause.kind}" for clause in finding.also]
    return f"with the same words, {'; '.join(dict.fromkeys(told))}" if told else ""


def rest(found: Sequence[Finding], names: Names) -> str:
    """What is left out, by topic."""
    counted = Counter(words.topic(finding.topics[0], names) for finding in found)
    told = "; ".join(f"{name} {number}" for name, number in counted.most_common())
    return f"{len(found)} more ({told})"


def moved(found: Sequence[Finding], names: Names) -> str:
    """One line for all that is only said elsewhere."""
    where = dict.fromkeys(words.topics(finding.topics, names) for finding in found)
    return f"moved, otherwise the same: {'; '.join(where)}"


def redated(before: Version, after: Version) -> str:
    """What became of the date a text gives itself; "" where it stayed."""
    old, new = before.document.declared_date, after.document.declared_date
    if old == new:
        return ""
    return f"its own date: {old or 'none'} → {new or 'none'}"


def summary(history: History, names: Names) -> list[str]:
    """What the latest version speaks on, a line for each stance."""
    found: dict[str, dict[str, None]] = {}
    for entry in history.profile:
        base = entry.clause.topic.partition(".")[0]
        found.setdefault(words.STANCES[entry.clause.stance], {})[words.topic(base, names)] = None
    return [
        f"{stance}: {'; '.join(found[stance])}"
        for stance in words.STANCES.values()
        if stance in found
    ]
