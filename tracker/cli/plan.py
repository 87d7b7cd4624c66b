"""What a crawl would do: captures, and fetch --dry-run. Lists; fetches nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import opening, output
from tracker.cli.app import DONE, NOTHING_DONE, SOME_FAILED, Globals, app, leave
from tracker.cli.output import Policies, Since, Until
from tracker.config import Config
from tracker.errors import ConfigError
from tracker.model import Failure, Policy
from tracker.render import listings, runs, tables

if TYPE_CHECKING:
    from tracker.pipeline.workspace import Workspace
    from tracker.selection import Choice, Strategy

NO_ADDRESS = 'no address is watched; add one: "policy-tracker add SERVICE/DOCUMENT https://…"'
StrategyName = Annotated[
    str | None,
    typer.Option("--strategy", help="adaptive, all, sample-month, sample-quarter, sample-year."),
]
Window = Annotated[
    int | None, typer.Option(help="Days: stop narrowing a change at this width.", min=0)
]
Grid = Annotated[int | None, typer.Option(help="Days between the captures fetched first.", min=1)]


@app.command(epilog="Example: policy-tracker captures voxbone/privacy")
def captures(
    ctx: typer.Context,
    ids: Policies = None,
    since: Since = None,
    until: Until = None,
    strategy: StrategyName = None,
    window: Window = None,
    grid: Grid = None,
) -> None:
    """What the archive lists, and for each capture whether it would be fetched, and why."""
    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (config, workspace):
        wish = wish_of(config, since, until, strategy, window, grid)
        policies = watched(workspace, ids)
        failures = _list(globals_, config, workspace, policies)
        plans = [(policy, _plan(workspace, policy, wish)) for policy in policies]
    if globals_.json:
        output.show_json(
            [
                listings.planned(policy.id, choice.capture, choice.action, choice.reason)
                for policy, plan in plans
                for choice in plan
            ]
        )
    else:
        for policy, plan in plans:
            if plan or not failures:  # an archive that did not answer said nothing
                typer.echo(policy.id)
                output.show(tables.captures((c.capture, f"{c.action}: {c.reason}") for c in plan))
    leave(exit_code(failures, known=any(plan for _, plan in plans)))


def _list(
    globals_: Globals, config: Config, workspace: "Workspace", policies: Sequence[Policy]
) -> list[Failure]:
    from tracker.pipeline import update

    with opening.archive(config, lambda message: output.log(globals_, message)) as archive:
        return list(update.list_all(workspace, archive, policies))


def watched(workspace: "Workspace", ids: list[str] | None) -> tuple[Policy, ...]:
    """The chosen policies that have an address to ask an archive for."""
    policies = tuple(policy for policy in opening.chosen(workspace, ids) if policy.urls)
    if not policies:
        raise ConfigError(NO_ADDRESS)
    return policies


def _plan(workspace: "Workspace", policy: Policy, wish: "Strategy") -> "Sequence[Choice]":
    from tracker import selection
    from tracker.pipeline import facts

    listed = workspace.listings.captures(policy.id)
    return selection.explain(listed, facts.known(workspace, policy), policy.urls, wish)


def dry_run(
    globals_: Globals,
    config: Config,
    workspace: "Workspace",
    policies: Sequence[Policy],
    wish: "Strategy",
) -> int:
    from tracker import selection
    from tracker.archive import ArchiveSettings, estimate_seconds
    from tracker.archive.settings import is_local
    from tracker.pipeline import facts

    failures = _list(globals_, config, workspace, policies)
    least = most = known = 0
    for policy in policies:
        listed = workspace.listings.captures(policy.id)
        few, many = selection.estimate(listed, facts.known(workspace, policy), policy.urls, wish)
        least, most, known = least + few, most + many, known + len(listed)
    pace = ArchiveSettings(
        kind=config["archive"]["kind"],
        path=config["archive"]["path"],
        cdx_per_minute=config["archive"]["cdx_per_minute"],
        replays_per_minute=config["archive"]["replays_per_minute"],
    )
    listed_urls = sum(len(policy.urls) for policy in policies)
    asked = (0, 0, 0) if is_local(pace) else (listed_urls, least, most)
    seconds = (
        estimate_seconds(pace, cdx=asked[0], replays=asked[1]),
        estimate_seconds(pace, cdx=asked[0], replays=asked[2]),
    )
    if globals_.json:
        output.show_json(
            {"listings": listed_urls, "mementos": [least, most], "seconds": list(seconds)}
        )
    else:
        typer.echo(runs.planned(least=least, most=most, listings=listed_urls, seconds=seconds))
    return exit_code(failures, known=known > 0)


def wish_of(
    config: Config,
    since: str | None,
    until: str | None,
    strategy: str | None,
    window: int | None,
    grid: int | None,
) -> "Strategy":
    start, end = output.period(since, until)
    return opening.strategy(
        config,
        strategy=strategy,
        window=window,
        grid=grid,
        since=start,
        until=end,
    )


def exit_code(failures: Sequence[Failure], *, known: bool) -> int:
    """Each to stderr; the exit code, `known` where there is a listing to go on with."""
    for line in runs.failures(failures):
        typer.echo(line, err=True)
    if not failures:
        return DONE
    return SOME_FAILED if known else NOTHING_DONE
