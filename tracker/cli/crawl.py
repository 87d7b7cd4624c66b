"""Commands that bring evidence in: captures, fetch, import, rebuild, update."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import timestamps, watchlist
from tracker.cli import opening, output, setup
from tracker.cli.app import DONE, NOTHING_DONE, SOME_FAILED, Globals, app, leave
from tracker.cli.output import Policies, Since, Until
from tracker.config import Config
from tracker.errors import ConfigError
from tracker.model import Policy
from tracker.render import listings, runs, tables

if TYPE_CHECKING:
    from tracker.pipeline.crawl import Budget, Crawled
    from tracker.pipeline.imports import Imported
    from tracker.pipeline.workspace import Workspace
    from tracker.selection import Strategy

StrategyName = Annotated[
    str | None,
    typer.Option("--strategy", help="adaptive, all, sample-month, sample-quarter, sample-year."),
]
Window = Annotated[
    int | None, typer.Option(help="Days: stop narrowing a change at this width.", min=0)
]
Grid = Annotated[int | None, typer.Option(help="Days between the captures fetched first.", min=1)]
MaxRequests = Annotated[int | None, typer.Option(help="Fetch at most so many mementos.", min=0)]
MaxSeconds = Annotated[int | None, typer.Option(help="Stop fetching after that time.", min=1)]


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
        wish = _strategy(config, since, until, strategy, window, grid)
        failures = _list(globals_, config, workspace, ids)
        policies = _watched(workspace, ids)
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
            typer.echo(policy.id)
            output.show(tables.captures((c.capture, f"{c.action}: {c.reason}") for c in plan))
    leave(_complain(failures, len(policies)))


def _list(
    globals_: Globals, config: Config, workspace: "Workspace", ids: list[str] | None
) -> list[Any]:
    from tracker.pipeline import crawl

    failures: list[Any] = []
    with opening.archive(config, lambda message: output.log(globals_, message)) as archive:
        for policy in _watched(workspace, ids):
            failures += crawl.list_captures(workspace, archive, policy)
    return failures


def _watched(workspace: "Workspace", ids: list[str] | None) -> tuple[Policy, ...]:
    """The chosen policies that have an address to ask an archive for."""
    policies = tuple(policy for policy in opening.chosen(workspace, ids) if policy.urls)
    if not policies:
        raise ConfigError(
            'no address is watched; add one with "policy-tracker add SERVICE/DOCUMENT https://…"'
        )
    return policies


def _plan(workspace: "Workspace", policy: Policy, wish: "Strategy") -> Sequence[Any]:
    from tracker import selection
    from tracker.pipeline import crawl

    listed = workspace.listings.captures(policy.id)
    return selection.explain(listed, crawl.facts(workspace, policy), policy.urls, wish)


@app.command(epilog="Example: policy-tracker fetch voxbone --since 2015 --dry-run")
def fetch(
    ctx: typer.Context,
    ids: Policies = None,
    since: Since = None,
    until: Until = None,
    strategy: StrategyName = None,
    window: Window = None,
    grid: Grid = None,
    max_requests: MaxRequests = None,
    max_seconds: MaxSeconds = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many requests, and how long.")
    ] = False,
) -> None:
    """List captures and fetch those worth it into snapshots/. Goes on where it stopped."""
    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (config, workspace):
        wish = _strategy(config, since, until, strategy, window, grid)
        if dry_run:
            leave(_dry_run(globals_, config, workspace, ids, wish))
            return
        bound = budget(config, workspace, max_requests, max_seconds)
        leave(run(globals_, config, workspace, ids, wish, bound))


@app.command(epilog="Example: policy-tracker update && policy-tracker report")
def update(
    ctx: typer.Context,
    ids: Policies = None,
    since: Since = None,
    until: Until = None,
    strategy: StrategyName = None,
    window: Window = None,
    grid: Grid = None,
    max_requests: MaxRequests = None,
    max_seconds: MaxSeconds = None,
) -> None:
    """Fetch what is new and derive versions and changes from it."""
    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (config, workspace):
        wish = _strategy(config, since, until, strategy, window, grid)
        bound = budget(config, workspace, max_requests, max_seconds)
        leave(run(globals_, config, workspace, ids, wish, bound))


@app.command(epilog="Example: policy-tracker rebuild voxbone/privacy")
def rebuild(ctx: typer.Context, ids: Policies = None) -> None:
    """Derive versions and changes again from snapshots/. Sends no alert."""
    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (_, workspace):
        policies = opening.chosen(workspace, ids)
        derive(globals_, workspace, policies, force=True, summary=True)


def derive(
    globals_: Globals,
    workspace: "Workspace",
    policies: Sequence[Policy],
    *,
    force: bool = False,
    summary: bool = False,
) -> int:
    """Bring the histories up to date; how many changes they hold."""
    from tracker.pipeline.update import bring_up_to_date

    changes = 0
    rows = []
    with output.progress(globals_, "Reading") as bar:
        output.step(bar, more=len(policies))
        for history, written in bring_up_to_date(workspace, policies, force=force):
            changes += len(history.changes)
            rows.append(
                {
                    "policy": history.policy.id,
                    "versions": len(history.versions),
                    "changes": len(history.changes),
                    "incidents": len(history.coverage.incidents),
                    "written": written,
                }
            )
            output.step(bar, done=1)
    if summary and globals_.json:
        output.show_json(rows)
    elif summary:
        for row in rows:
            typer.echo(
                "{policy}: versions {versions}, changes {changes}, incidents {incidents}".format(
                    **row
                )
            )
    return changes


def run(
    globals_: Globals,
    config: Config,
    workspace: "Workspace",
    ids: list[str] | None,
    wish: "Strategy",
    bound: "Budget",
) -> int:
    """Crawl, derive, print the sum; the exit code."""
    from tracker.pipeline.crawl import Watch
    from tracker.pipeline.update import fetch as fetch_all

    policies = _watched(workspace, ids)
    with (
        opening.archive(config, lambda message: output.log(globals_, message)) as archive,
        output.progress(globals_, "Fetching") as bar,
    ):
        watch = Watch(
            chosen=lambda more: output.step(bar, more=more),
            fetched=lambda _: output.step(bar, done=1),
        )
        crawled = list(fetch_all(workspace, archive, policies, wish, bound, watch))
        requests = archive.requests
    changes = derive(globals_, workspace, opening.chosen(workspace, ids))
    _show_crawl(globals_, crawled, requests, changes)
    failures = [failure for one in crawled for failure in one.failures]
    reached = any(one.listed or not one.failures for one in crawled)
    return (SOME_FAILED if reached else NOTHING_DONE) if failures else DONE


def _show_crawl(
    globals_: Globals, crawled: Sequence["Crawled"], requests: int, changes: int
) -> None:
    if globals_.json:
        output.show_json(
            {
                "requests": requests,
                "changes": changes,
                "policies": [
                    {
                        "id": one.policy,
                        "listed": one.listed,
                        "new": one.new,
                        "fetched": one.fetched,
                        "finished": one.finished,
                        "failures": [
                            {"kind": f.kind, "subject": f.subject, "message": f.message}
                            for f in one.failures
                        ],
                    }
                    for one in crawled
                ],
            }
        )
        return
    for line in runs.crawled(
        listed=sum(one.listed for one in crawled),
        fetched=sum(one.fetched for one in crawled),
        requests=requests,
        changes=changes,
        failures=[failure for one in crawled for failure in one.failures],
    ):
        typer.echo(line)
    for one in crawled:
        if not one.finished and not one.failures:
            typer.echo(f"{one.policy}: stopped at the bound; the same command continues")


def _dry_run(
    globals_: Globals,
    config: Config,
    workspace: "Workspace",
    ids: list[str] | None,
    wish: "Strategy",
) -> int:
    from tracker import selection
    from tracker.archive import ArchiveSettings, estimate_seconds
    from tracker.pipeline import crawl

    failures = _list(globals_, config, workspace, ids)
    policies = _watched(workspace, ids)
    least = most = 0
    for policy in policies:
        listed = workspace.listings.captures(policy.id)
        few, many = selection.estimate(listed, crawl.facts(workspace, policy), policy.urls, wish)
        least, most = least + few, most + many
    pace = ArchiveSettings(
        cdx_per_minute=config["archive"]["cdx_per_minute"],
        replays_per_minute=config["archive"]["replays_per_minute"],
    )
    listings = sum(len(policy.urls) for policy in policies)
    seconds = (
        estimate_seconds(pace, cdx=listings, replays=least),
        estimate_seconds(pace, cdx=listings, replays=most),
    )
    if globals_.json:
        output.show_json(
            {"listings": listings, "mementos": [least, most], "seconds": list(seconds)}
        )
    else:
        typer.echo(runs.planned(least=least, most=most, listings=listings, seconds=seconds))
    return _complain(failures, len(policies))


@app.command(
    "import",
    epilog="Example: policy-tracker import page.html --policy acme/privacy "
    "--url https://acme.example/privacy --captured-at 20150612133724",
)
def import_(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    policy: Annotated[str | None, typer.Option(help="SERVICE/DOCUMENT they belong to.")] = None,
    url: Annotated[str | None, typer.Option(help="Address they were captured at.")] = None,
    captured_at: Annotated[
        str | None, typer.Option(help="When: 2018-05-01 or the archive's 14 digits.")
    ] = None,
) -> None:
    """Take archived documents from files: HTML, PDF, WARC, Markdown or plain text.

    Texts with the Princeton-Leuven corpus header say themselves what they are.
    """
    from tracker.pipeline.imports import Told, keep_files

    globals_: Globals = ctx.obj
    _check_told(policy, url)
    told = Told(policy, url, output.time_option("--captured-at", captured_at))
    with opening.opened(globals_, writes=True) as (config, workspace):
        results = []
        with output.progress(globals_, "Importing") as bar:
            for result in keep_files(workspace, paths, told):
                results.append(result)
                output.step(bar, done=1)
        _watch(config, results)
    _derive_imported(globals_, results)
    _show_imported(globals_, results)
    unusable = [result for result in results if result.outcome == "unusable"]
    leave((SOME_FAILED if len(unusable) < len(results) else NOTHING_DONE) if unusable else DONE)


def _check_told(policy: str | None, url: str | None) -> None:
    if policy and not watchlist.is_id(policy):
        raise ConfigError(f'--policy "{policy}" is not a policy id; expected {watchlist.ID_FORM}')
    if url and (problem := watchlist.url_problem(url)):
        raise ConfigError(f"--url {problem}")


def _watch(config: Config, results: Sequence["Imported"]) -> None:
    """Add to the watchlist what the files say of addresses that are not in it."""
    text = config.watchlist
    for result in results:
        if result.policy and result.url:
            text = watchlist.add(text, result.policy, [result.url])
    if text != config.watchlist:
        setup.write_watchlist(config.watchlist_path, text)


def _derive_imported(globals_: Globals, results: Sequence["Imported"]) -> None:
    touched = {result.policy for result in results if result.policy}
    if touched:
        with opening.opened(globals_, writes=True) as (_, workspace):
            derive(globals_, workspace, [p for p in workspace.known() if p.id in touched])


def _show_imported(globals_: Globals, results: Sequence["Imported"]) -> None:
    if globals_.json:
        output.show_json(
            [
                {
                    "file": result.file,
                    "outcome": result.outcome,
                    "policy": result.policy or None,
                    "url": result.url or None,
                    "captured_at": result.captured_at and timestamps.iso(result.captured_at),
                    "message": result.message or None,
                }
                for result in results
            ]
        )
        return
    for result in results:
        at = timestamps.iso(result.captured_at) if result.captured_at else ""
        said = result.message or f"{result.file}: {result.policy} as captured {at}"
        typer.echo(f"{result.outcome:9}{said}")
        if result.outcome != "unusable" and not result.url:
            typer.echo(
                f"         its address is not known; watch it with "
                f'"policy-tracker add {result.policy} URL"'
            )


def _strategy(
    config: Config,
    since: str | None,
    until: str | None,
    strategy: str | None,
    window: int | None,
    grid: int | None,
) -> "Strategy":
    return opening.strategy(
        config,
        strategy=strategy,
        window=window,
        grid=grid,
        since=output.time_option("--since", since),
        until=output.time_option("--until", until),
    )


def budget(
    config: Config,
    workspace: "Workspace",
    most: int | None = None,
    seconds: int | None = None,
) -> "Budget":
    """The settings' bound, or those of the command line."""
    from tracker.pipeline.crawl import Budget

    limit = config["fetch"]["max_requests"] or None
    until = workspace.now() + timedelta(seconds=seconds) if seconds else None
    return Budget(mementos=limit if most is None else most, until=until)


def _complain(failures: Sequence[Any], policies: int) -> int:
    for failure in failures:
        typer.echo(f"{failure.subject}: {failure.kind}: {failure.message}", err=True)
    if not failures:
        return DONE
    return SOME_FAILED if len({f.subject for f in failures}) < policies else NOTHING_DONE
