"""The command that cron calls: run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from tracker import watchlist
from tracker.cli import opening, output
from tracker.cli.app import DONE, NOTHING_DONE, SOME_FAILED, Globals, app, leave
from tracker.cli.crawl import budget, save_after
from tracker.cli.desk import desk
from tracker.cli.output import Policies
from tracker.cli.stop import Stop, heeding
from tracker.config import Config
from tracker.errors import ConfigError, StoreError
from tracker.model import Run

if TYPE_CHECKING:
    from tracker.archive import Archive
    from tracker.pipeline.run import Orders
    from tracker.pipeline.workspace import Workspace
    from tracker.publish.log import Log
    from tracker.publish.ping import Event

# What cron should mail about: with -q nothing else is said.
TROUBLE = frozenset({"failed", "problem"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said on the command line."""

    ids: tuple[str, ...]
    everything: bool
    max_seconds: int | None
    log: str | None


@dataclass(slots=True)
class Outcome:
    code: int = NOTHING_DONE


@app.command(epilog="Example: policy-tracker run --max-seconds 3600")
def run(
    ctx: typer.Context,
    ids: Policies = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also policies whose turn it is not yet.")
    ] = False,
    max_seconds: Annotated[
        int | None, typer.Option(help="Fetch no longer than that. [default: settings]", min=1)
    ] = None,
    log: Annotated[
        str | None, typer.Option(help="human or json, a line an event. [default: settings]")
    ] = None,
) -> None:
    """Update, site and alerts under a lock: what cron calls. Logs to stderr."""
    from tracker.pipeline.run import run as run_all

    globals_: Globals = ctx.obj
    wish = Wish(tuple(ids or ()), everything, max_seconds, log)
    with opening.opened(globals_, writes=True) as (config, workspace), heeding() as stop:
        write = _log(globals_, config, workspace, wish)
        with _watched_over(config, write) as outcome:
            with opening.archive(config, lambda told: write("waiting", told)) as archive:
                orders = _orders(config, workspace, archive, wish, write, stop)
                done = run_all(workspace, orders)
            outcome.code = _exit_code(done, len(orders.policies))
        _write_metrics(config, workspace, done, write)
    if globals_.json:
        counts = dict(done.counts)
        output.show_json(
            {"counts": counts, "requests": done.requests, "failures": len(done.failures)}
        )
    leave(outcome.code)


@contextmanager
def _watched_over(config: Config, log: "Log") -> Iterator[Outcome]:
    """A monitor hears of the start and, however it comes, of the end."""
    outcome = Outcome()
    _ping(config, "start", log)
    try:
        yield outcome
    finally:
        _ping(config, "success" if outcome.code == DONE else "fail", log)


def _ping(config: Config, event: "Event", log: "Log") -> None:
    from tracker.publish.ping import ping

    url = config["run"]["ping_url"]
    if url and (problem := ping(url, event)):
        log("failed", f"ping: {problem}; mend [run] ping_url")


def _log(globals_: Globals, config: Config, workspace: "Workspace", wish: Wish) -> "Log":
    from tracker.publish.log import Form, Log

    form: Any = wish.log or config["run"]["log"]
    if form not in get_args(Form):
        raise ConfigError(f'--log "{form}" is unknown; expected {" or ".join(get_args(Form))}')
    only = TROUBLE if globals_.quiet else frozenset[str]()
    return Log(sys.stderr, workspace.now, form, only)


def _orders(
    config: Config,
    workspace: "Workspace",
    archive: "Archive",
    wish: Wish,
    log: "Log",
    stop: Stop,
) -> "Orders":
    from tracker.pipeline import run as scheduled
    from tracker.pipeline import site, turns

    named = watchlist.choose(workspace.policies, wish.ids)
    chosen = tuple(policy for policy in named if policy.urls)
    if not (wish.everything or wish.ids):
        chosen = turns.due(workspace, chosen)
    seconds = wish.max_seconds or config["run"]["max_seconds"] or None
    return scheduled.Orders(
        policies=chosen,
        archive=archive,
        strategy=opening.strategy(config),
        budget=budget(config, seconds=seconds),
        desk=desk(config, workspace, whole=stop.whole),
        log=log,
        save_after=save_after(config),
        site=lambda: site.build(
            workspace,
            config.reports / "site",
            title=config["site"]["title"],
            base_url=config["site"]["base_url"],
        ),
    )


def _exit_code(done: Run, wanted: int) -> int:
    """2 only where the archive told nothing of any policy."""
    from tracker.pipeline.run import REACHED

    if not done.failed:
        return DONE
    return SOME_FAILED if done.counts.get(REACHED, 0) or not wanted else NOTHING_DONE


def _write_metrics(config: Config, workspace: "Workspace", done: Run, log: "Log") -> None:
    from tracker.pipeline.run import metrics
    from tracker.publish.metrics import write

    if not config["run"]["metrics"]:
        return
    try:
        path = config.workspace / config["run"]["metrics"]
        write(path, metrics(workspace, done))
    except StoreError as error:
        log("failed", str(error))
