"""Commands that bring captures in and derive from them: fetch, update, rebuild."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import opening, output, plan
from tracker.cli.app import (
    DONE,
    NOTHING_DONE,
    SOME_FAILED,
    Globals,
    app,
    complain,
    leave,
)
from tracker.cli.output import Policies, Since, Until
from tracker.config import Config
from tracker.errors import ConfigError, TrackerError
from tracker.model import Failure, Incident, Policy
from tracker.render import listings, runs

if TYPE_CHECKING:
    from tracker.archive import Archive
    from tracker.pipeline.crawl import Budget, Crawled
    from tracker.pipeline.record import Record
    from tracker.pipeline.workspace import Workspace
    from tracker.selection import Strategy

MaxRequests = Annotated[int | None, typer.Option(help="Fetch at most so many mementos.", min=0)]
MaxSeconds = Annotated[int | None, typer.Option(help="Stop fetching after that time.", min=1)]


@app.command(epilog="Example: policy-tracker fetch voxbone --since 2015 --dry-run")
def fetch(
    ctx: typer.Context,
    ids: Policies = None,
    since: Since = None,
    until: Until = None,
    strategy: plan.StrategyName = None,
    window: plan.Window = None,
    grid: plan.Grid = None,
    max_requests: MaxRequests = None,
    max_seconds: MaxSeconds = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many requests, and how long.")
    ] = False,
) -> None:
    """List captures and fetch those worth it into snapshots/. Goes on where it stopped."""
    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (config, workspace):
        wish = plan.wish_of(config, since, until, strategy, window, grid)
        policies = plan.watched(workspace, ids)
        if dry_run:
            leave(plan.dry_run(globals_, config, workspace, policies, wish))
        else:
            bound = budget(config, max_requests, max_seconds)
            leave(run(globals_, config, workspace, policies, wish, bound, "fetch"))


@app.command(epilog="Example: policy-tracker update && policy-tracker report")
def update(
    ctx: typer.Context,
    ids: Policies = None,
    since: Since = None,
    until: Until = None,
    strategy: plan.StrategyName = None,
    window: plan.Window = None,
    grid: plan.Grid = None,
    max_requests: MaxRequests = None,
    max_seconds: MaxSeconds = None,
) -> None:
    """Fetch what is new and derive versions and changes from it."""
    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (config, workspace):
        wish = plan.wish_of(config, since, until, strategy, window, grid)
        bound = budget(config, max_requests, max_seconds)
        policies = opening.chosen(workspace, ids)
        leave(run(globals_, config, workspace, policies, wish, bound, "update"))


@app.command(epilog="Example: policy-tracker rebuild voxbone/privacy")
def rebuild(ctx: typer.Context, ids: Policies = None) -> None:
    """Derive versions and changes again from snapshots/. Sends no alert."""
    from tracker.pipeline.record import recorded

    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (_, workspace):
        policies = opening.chosen(workspace, ids)
        with recorded(workspace, "rebuild") as record:
            rows, _ = derive(globals_, workspace, policies, record, force=True)
    if globals_.json:
        output.show_json(rows)
    else:
        for row in rows:
            typer.echo(
                "{policy}: versions {versions}, changes {changes}, incidents {incidents}".format(
                    **row
                )
            )
    leave(plan.exit_code(record.failures, known=bool(rows)))


def derive(
    globals_: Globals,
    workspace: "Workspace",
    policies: Sequence[Policy],
    record: "Record",
    *,
    force: bool = False,
) -> tuple[list[dict[str, Any]], list[Failure]]:
    """Bring the histories up to date: what each holds now, and the incidents that are new."""
    from tracker.pipeline.update import bring_up_to_date

    rows: list[dict[str, Any]] = []
    news: list[Failure] = []
    before = {policy.id: _before(workspace, policy) for policy in policies}
    with output.progress(globals_, "Reading") as bar:
        output.step(bar, more=len(policies))
        for history, written in bring_up_to_date(
            workspace, policies, force=force, failed=record.failed
        ):
            changes, incidents = before[history.policy.id]
            record.derived(changes, history)
            if not force:
                news += record.met(incidents, history)
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
    return rows, news


def _before(workspace: "Workspace", policy: Policy) -> tuple[int, Sequence[Incident]]:
    known = workspace.database.summary(policy)
    changes = workspace.database.change_count(policy.id) or 0
    return changes, known.coverage.incidents if known else ()


def run(
    globals_: Globals,
    config: Config,
    workspace: "Workspace",
    policies: Sequence[Policy],
    wish: "Strategy",
    bound: "Budget",
    command: str,
) -> int:
    """Crawl what has an address, derive, print the sum; the exit code."""
    from tracker.pipeline.record import recorded

    watched = [policy for policy in policies if policy.urls]
    if not watched:
        raise ConfigError(plan.NO_ADDRESS)
    with recorded(workspace, command) as record, _what_is_kept(record):
        with opening.archive(config, lambda told: output.log(globals_, told)) as archive:
            crawled = _crawl(globals_, config, workspace, archive, watched, wish, bound, record)
        _, news = derive(globals_, workspace, policies, record)
    _show_crawl(globals_, crawled, record, news)
    failed = len(record.failures) > sum(len(one.remarks) for one in crawled)
    reached = any(one.reached for one in crawled)
    return (SOME_FAILED if reached else NOTHING_DONE) if failed else DONE


def _crawl(
    globals_: Globals,
    config: Config,
    workspace: "Workspace",
    archive: "Archive",
    policies: Sequence[Policy],
    wish: "Strategy",
    bound: "Budget",
    record: "Record",
) -> list["Crawled"]:
    from tracker.pipeline.crawl import Watch
    from tracker.pipeline.update import fetch as fetch_all

    found = []
    with output.progress(globals_, "Fetching") as bar:

        def fetched(_: object) -> None:
            record.fetched()
            output.step(bar, done=1)

        watch = Watch(chosen=lambda more: output.step(bar, more=more), fetched=fetched)
        try:
            for one in fetch_all(
                workspace, archive, policies, wish, bound, watch, save_after=save_after(config)
            ):
                record.crawled(one)
                found.append(one)
        finally:
            record.requests = archive.requests
    return found


@contextmanager
def _what_is_kept(record: "Record") -> Iterator[None]:
    """Said first where a run is stopped, by Ctrl-C or by a full disk."""
    from tracker.pipeline.record import FETCHED

    try:
        yield
    except (KeyboardInterrupt, TrackerError):
        if kept := record.counts.get(FETCHED, 0):
            complain(f"{kept:,} fetched in this run and kept in snapshots/")
        raise


def _show_crawl(
    globals_: Globals, crawled: Sequence["Crawled"], record: "Record", news: Sequence[Failure]
) -> None:
    if globals_.json:
        output.show_json(_crawl_json(crawled, record) | {"incidents": listings.failures(news)})
        return
    typer.echo(runs.crawled(record.counts, record.requests))
    for line in runs.failures([*record.failures, *news]):
        typer.echo(f"  {line}")
    for one in crawled:
        if not one.finished and not one.failures:
            typer.echo(f"{one.policy}: stopped at the bound; the same command continues")


def _crawl_json(crawled: Sequence["Crawled"], record: "Record") -> dict[str, Any]:
    new, told = record.counts.get("changes new", 0), listings.failures
    return {
        "requests": record.requests,
        "changes": record.counts.get("changes known", 0),
        "changes_new": new,
        "requests_per_change": record.requests / new if new else None,
        "policies": [
            {
                "id": one.policy,
                "listed": one.listed,
                "new": one.new,
                "fetched": one.fetched,
                "held": one.held,
                "saved": one.saved,
                "finished": one.finished,
                "failures": told(one.failures),
                "remarks": told(one.remarks),
            }
            for one in crawled
        ],
        "failures": told(record.failures),
    }


def budget(config: Config, most: int | None = None, seconds: int | None = None) -> "Budget":
    """The settings' bound, or those of the command line."""
    from tracker.pipeline.crawl import Budget

    limit = config["fetch"]["max_requests"] or None
    return Budget(mementos=limit if most is None else most, seconds=seconds)


def save_after(config: Config) -> timedelta | None:
    """The neglect after which Save Page Now is asked; None where it is off."""
    wanted = config["archive"]["save_page_now"]
    return timedelta(days=config["archive"]["save_after_days"]) if wanted else None
