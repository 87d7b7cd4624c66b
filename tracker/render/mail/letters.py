"""The letters that are written: to subscribers, to operators, and a test."""

from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.model import Alert, Letter, Problem
from tracker.render import words
from tracker.render.mail import plain
from tracker.render.mail.content import Begun, Content, Names, event, name, of_alert, title
from tracker.render.view import findings

# Gmail cuts what is longer than 102 KB; the rest is for the mail's own markup.
_MOST_BYTES = 90_000
_MOST_CLAUSES = 25
_SUBJECT = 140
_MOST_IN_CHAT, _QUOTE_IN_CHAT = 3, 120

_TEMPLATES = Environment(
    loader=PackageLoader("tracker.render.mail"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(more=plain.more)


def alert(told: Alert, names: Names, *, site: str = "", leave: str = "") -> Letter:
    """As many clause changes as both bodies have room for, the most severe first. `leave` is
    where to unsubscribe: an address or a URL."""
    footer = _footer(told, leave)
    room = _MOST_CLAUSES
    while True:
        content = of_alert(told, names, site, room)
        text, html = plain.render(content, footer), _html(content, footer)
        if room == 0 or max(len(text.encode()), len(html.encode())) <= _MOST_BYTES:
            return Letter(_subject(told, names), text, html, _thread(told))
        room //= 2


def brief(told: Alert, names: Names, *, site: str = "") -> str:
    """The gist for a chat, which takes few characters: no quote is complete here."""
    content = of_alert(told, names, site, _MOST_IN_CHAT)
    lines = []
    for part in content.parts:
        lines.append(f"{part.name}: {part.about}.")
        for item in part.items:
            quotes = " -> ".join(words.shortened(side.quote, _QUOTE_IN_CHAT) for side in item.sides)
            lines.append(f"- {item.heading}: {quotes}")
        lines += [part.link] * bool(part.link)
    if content.more or content.more_changes:
        lines.append(" ".join([plain.more(content), content.site]).strip())
    lines += [f"{one.name}: {one.about}" for one in content.begun[:_MOST_IN_CHAT]]
    return "\n".join([*lines, *content.notes]) + "\n"


def problems(new: Sequence[Problem], old: Sequence[Problem], at: datetime, title: str) -> Letter:
    """To the operators: what is new, and what goes on."""
    heading = f"{words.count(len(new), 'new problem')} with {words.line(title)}"
    content = Content(
        title=heading,
        begun=tuple(Begun(words.line(one.message), "", "") for one in new),
        list_heading="New",
        notes=tuple(f"Still so: {words.line(one.message)}" for one in old),
    )
    footer = (f'As known on {words.moment(at)}; "policy-tracker status" shows the present.',)
    others = len(new) - 1
    tail = f", and {words.count(others, 'other problem')}" if others else ""
    subject = _cut(f"{title}: {new[0].title}", tail)
    return Letter(subject, plain.render(content, footer), _html(content, footer), "operators")


def test(title: str, at: datetime) -> Letter:
    """Shows that mail arrives."""
    heading = f"Test message of {words.line(title)}"
    note = "If you can read this, alerts will reach you. Nothing has changed."
    content = Content(title=heading, notes=(note,))
    footer = (f"Sent on {words.moment(at)} by policy-tracker.",)
    return Letter(_cut(heading), plain.render(content, footer), _html(content, footer), "test")


def _html(content: Content, footer: tuple[str, ...]) -> str:
    return _TEMPLATES.get_template("letter.html").render(content=content, footer=footer)


def _subject(told: Alert, names: Names) -> str:
    """What happened, the gravest first: it may be all that is read."""
    if not told.changed:
        return _cut(title(told))
    gravest = told.changed[0]
    found = [finding for change in gravest.changes for finding in findings(gravest, change)]
    others = len(told.changed) - 1
    if not found:
        subject = f"{name(gravest)} changed"
    else:
        worst = max(found, key=lambda finding: finding.clause.severity)
        subject = f"{name(gravest)}: {event(worst, names)}"
        if not others and len(found) > 1:
            subject += f", and {words.count(len(found) - 1, 'more clause change')}"
    if others:
        return _cut(
            subject, f", and {others:,} other {'policy' if others == 1 else 'policies'} changed"
        )
    return _cut(subject)


def _cut(subject: str, tail: str = "") -> str:
    """The tail stays whole."""
    return words.shortened(words.line(subject), _SUBJECT - len(tail)) + tail


def _thread(told: Alert) -> str:
    """What is said of one policy stays together; the rest by subscription."""
    policies = {history.policy.id for history in (*told.changed, *told.begun)}
    return policies.pop() if len(policies) == 1 else told.subscriber.key


def _footer(told: Alert, leave: str) -> tuple[str, ...]:
    wanted = told.subscriber.subscription
    named = f"policies {', '.join(wanted.policies)}"
    about = "all policies" if "*" in wanted.policies else named
    if wanted.topics:
        about += f"; topics {', '.join(wanted.topics)}"
    how = f" To leave, {'go' if '://' in leave else 'write'} to {leave}." if leave else ""
    return (
        f"You get this because {told.subscriber.address} subscribed to {about} "
        f"({wanted.frequency}).{how}",
        "A change happened between two captures of a public web archive; nobody knows on which "
        "day. No message is legal advice.",
    )
