"""Commands that tell people: alerts preview, alerts send, alerts test."""

import tempfile
import webbrowser
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import opening, output
from tracker.cli.app import DONE, NOTHING_DONE, SOME_FAILED, Globals, app, complain, leave
from tracker.cli.desk import desk, mail_courier
from tracker.cli.stop import heeding
from tracker.config import is_address
from tracker.errors import ConfigError, SendError, StoreError

if TYPE_CHECKING:
    from tracker.model import Delivery, Subscriber
    from tracker.pipeline.alerting import Desk, Sent

commands = typer.Typer(no_args_is_help=True, help="What would be mailed; mail it once; a test.")
app.add_typer(commands, name="alerts")


@commands.command(epilog="Example: policy-tracker alerts preview --since 2024-01-01 --browser")
def preview(
    ctx: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(help="As if all changes since then had come at once, instead of what is due."),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser", help="Show the HTML in a browser.")] = False,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write .eml files to this folder.")
    ] = None,
) -> None:
    """Each message that would go out now: recipient, subject and both bodies. Sends nothing."""
    from tracker.pipeline import alerting

    globals_: Globals = ctx.obj
    with opening.opened(globals_) as (config, workspace):
        writer = desk(config, workspace)
        start = output.time_option("--since", since)
        decided = (
            alerting.rehearsal(workspace, writer, start)
            if start
            else alerting.plan(workspace, writer)
        )
        messages = [one for alert in decided.alerts for one in alerting.deliveries(writer, alert)]
        idle = _without_policies(writer, [policy.id for policy in workspace.known()])
    for subscriber in idle:
        wanted = ", ".join(subscriber.subscription.policies)
        complain(f"{subscriber.address}: no policy is called {wanted}; mend [[subscription]]")
    if out:
        _write(out, messages)
    if globals_.json:
        output.show_json([_as_json(one) for one in messages])
    elif not messages:
        typer.echo("Nothing is due; --since 2024-01-01 shows what earlier changes would look like.")
    else:
        for one in messages:
            _show(one, browser)


def _without_policies(writer: "Desk", policies: list[str]) -> list["Subscriber"]:
    from tracker import alerts

    return [
        one
        for one in writer.subscribers
        if policies and not any(alerts.watches(one.subscription, policy) for policy in policies)
    ]


def _bodies(message: "Delivery") -> tuple[str, str]:
    """Plain text and HTML; what goes to webhooks and chats has no HTML."""
    if message.channel != "mail":
        return message.body.decode(), ""
    from email import message_from_bytes, policy

    parsed = message_from_bytes(message.body, policy=policy.default)
    plain, html = (parsed.get_body((kind,)) for kind in ("plain", "html"))
    return (plain.get_content() if plain else ""), (html.get_content() if html else "")


def _as_json(message: "Delivery") -> dict[str, str]:
    text, html = _bodies(message)
    return {
        "channel": message.channel,
        "to": message.address,
        "subject": message.subject,
        "message_id": message.id,
        "text": text,
        "html": html,
    }


def _show(message: "Delivery", browser: bool) -> None:
    text, html = _bodies(message)
    typer.echo(f"To: {message.address}\nSubject: {message.subject}\n\n{text}")
    if browser and html:
        with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False) as file:
            file.write(html)
        webbrowser.open(Path(file.name).as_uri())
    elif html:
        typer.echo("(The HTML body says the same: --browser shows it, --output writes it.)\n")


def _write(folder: Path, messages: list["Delivery"]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, message in enumerate(messages, 1):
            suffix = "eml" if message.channel == "mail" else "json"
            (folder / f"{number:03}.{suffix}").write_bytes(message.body)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror})") from error


@commands.command(epilog="Example: policy-tracker alerts send")
def send(
    ctx: typer.Context,
    retry: Annotated[
        bool, typer.Option("--retry", help="Also what was refused for good, once more.")
    ] = False,
) -> None:
    """Queue what is due and send what is queued, now: each message once."""
    from tracker.pipeline import alerting
    from tracker.store.outbox import Outbox

    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (config, workspace), heeding() as stop:
        writer = desk(config, workspace, whole=stop.whole)
        if retry:
            Outbox(workspace.database).retry_failed(workspace.now())
        alerting.queue(workspace, writer)
        done = alerting.send_at_once(workspace, writer)
        waiting = len(Outbox(workspace.database).waiting())
    _report(globals_, done, waiting)
    leave(SOME_FAILED if done.failures else DONE)


def _report(globals_: Globals, done: "Sent", waiting: int) -> None:
    for failure in done.failures:
        typer.echo(f"{failure.subject}: {failure.kind}: {failure.message}", err=True)
    if globals_.json:
        counts = {"sent": done.sent, "delayed": done.delayed, "refused": done.refused}
        output.show_json({**counts, "waiting": waiting})
    else:
        typer.echo(
            f"sent {done.sent}, delayed {done.delayed}, refused {done.refused}; waiting {waiting}"
        )


@commands.command(epilog="Example: policy-tracker alerts test you@example.org")
def test(ctx: typer.Context, address: Annotated[str, typer.Argument(metavar="ADDRESS")]) -> None:
    """Send a test message now, past the outbox."""
    globals_: Globals = ctx.obj
    if not is_address(address):
        raise ConfigError(f'"{address}" is no mail address; expected one like you@example.org')
    with opening.opened(globals_) as (config, workspace):
        writer = desk(config, workspace)
        message = _test_message(writer, workspace.now(), address)
        try:
            with mail_courier(config) as courier:
                courier.send(message, lambda: None)
        except SendError as error:
            typer.echo(f"policy-tracker: {error}", err=True)
            leave(NOTHING_DONE)
    typer.echo(f"handed over: a test message to {address}")


def _test_message(writer: "Desk", now: datetime, address: str) -> "Delivery":
    from tracker.model import Delivery
    from tracker.publish.message import compose, message_id
    from tracker.render import mail

    letter = mail.test(writer.title, now)
    identifier = message_id(writer.sender, "test", address, now.isoformat())
    body = compose(letter, writer.sender, address, identifier, now)
    return Delivery(identifier, "mail", address, letter.subject, body, now)
