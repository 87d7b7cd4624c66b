"""Commands that answer from the database: log, show, diff, compare, timeline, search, status."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker import watchlist
from tracker.cli import opening, output, reports
from tracker.cli.app import DONE, SOME_FAILED, Globals, app, leave
from tracker.cli.desk import addresses
from tracker.cli.output import Policies
from tracker.errors import ConfigError
from tracker.model import Policy
from tracker.render import json as json_form
from tracker.render import listings, tables

if TYPE_CHECKING:
    from tracker.pipeline.workspace import Workspace

PolicyId = Annotated[str, typer.Argument(metavar="ID", help="A policy, like voxbone/privacy.")]


@app.command(epilog="Example: policy-tracker log voxbone/privacy")
def log(ctx: typer.Context, policy: PolicyId) -> None:
    """The versions of a policy, the latest first, with what changed."""
    from tracker.pipeline import questions

    globals_: Globals = ctx.obj
    with opening.opened(globals_) as (_, workspace):
        history = questions.history(workspace, _one(workspace, policy))
        names = questions.topic_names(workspace)
    if globals_.json:
        output.show_json([json_form.version(version) for version in history.versions])
    else:
        output.show(tables.log(history, names))


@app.command(epilog="Example: policy-tracker show voxbone/privacy --at 2017-01-01")
def show(
    ctx: typer.Context,
    policy: PolicyId,
    at: Annotated[
        str | None, typer.Option("--at", help="A time, or a version's number; else the latest.")
    ] = None,
) -> None:
    """A version's normalised text, as it stood at a time."""
    from tracker.pipeline import questions

    globals_: Globals = ctx.obj
    with opening.opened(globals_) as (_, workspace):
        version = questions.version(questions.history(workspace, _one(workspace, policy)), at)
    if globals_.json:
        output.show_json({**json_form.version(version), "text": version.document.text})
    else:
        output.show(tables.show(version))


@app.command(epilog="Example: policy-tracker diff voxbone/privacy 1 2 --side-by-side")
def diff(
    ctx: typer.Context,
    policy: PolicyId,
    old: Annotated[str | None, typer.Argument(metavar="FROM", help="Number or time.")] = None,
    new: Annotated[str | None, typer.Argument(metavar="TO", help="Number or time.")] = None,
    side_by_side: Annotated[bool, typer.Option("--side-by-side", help="Two columns.")] = False,
) -> None:
    """What differs between two versions, word by word; the latest change if none is named."""
    from tracker.pipeline import questions
    from tracker.render import diff as diff_form

    globals_: Globals = ctx.obj
    with opening.opened(globals_) as (_, workspace):
        history = questions.history(workspace, _one(workspace, policy))
        before, after, found = questions.difference(history, old, new)
    if globals_.json:
        output.show_json(listings.diff(before, after, found))
    else:
        form = diff_form.side_by_side if side_by_side else diff_form.inline
        width = 160 if side_by_side else output.UNFOLDED
        output.show(form(before.document, after.document, found), width)


@app.command(epilog="Example: policy-tracker compare voxbone/privacy voxox/privacy --at 2019-04-01")
def compare(
    ctx: typer.Context,
    first: PolicyId,
    second: PolicyId,
    at: Annotated[str | None, typer.Option(help="As they stood then; else the latest.")] = None,
) -> None:
    """Which topics two policies speak on at one time, and with which stance."""
    from tracker.pipeline import questions

    globals_: Globals = ctx.obj
    with opening.opened(globals_) as (_, workspace):
        one, other = _one(workspace, first), _one(workspace, second)
        if one == other:
            raise ConfigError(f'"{first}" and "{second}" are one policy; name two')
        rows = questions.side_by_side(workspace, one, other, at)
    if globals_.json:
        output.show_json(
            [
                {"topic": row.topic, "name": row.name, one.id: row.first, other.id: row.second}
                for row in rows
            ]
        )
    else:
        told = [(row.name, row.first, row.second) for row in rows]
        output.show(tables.two_policies(one.id, other.id, told))


@app.command(epilog="Example: policy-tracker timeline ads_personalised")
def timeline(
    ctx: typer.Context,
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help='See "policy-tracker topics".')],
    ids: Policies = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Draw a chart into this file too.")
    ] = None,
) -> None:
    """When each policy spoke on a topic, and the law of the time; --svg draws a chart."""
    from tracker.pipeline import questions

    globals_: Globals = ctx.obj
    with opening.opened(globals_) as (_, workspace):
        policies = opening.chosen(workspace, ids)
        found = questions.topic_timeline(workspace, topic, policies)
        names = questions.topic_names(workspace)
    if svg:
        from tracker.render import chart

        reports.write_file(svg, chart.svg(found, names).encode())
        output.log(globals_, f"written  {svg}")
    if globals_.json:
        output.show_json(listings.timeline(found))
    else:
        output.show(tables.timeline(found, names))


@app.command(epilog='Example: policy-tracker search "personalised advertising"')
def search(
    ctx: typer.Context,
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY",
            help="Words that stand side by side or, if they do nowhere, in one version.",
        ),
    ],
    ids: Policies = None,
) -> None:
    """Full text over all versions: where the words stand, and since and until when."""
    globals_: Globals = ctx.obj
    if not any(letter.isalnum() for letter in query):
        raise ConfigError(
            f'"{query}" holds no word; expected some, like "personalised advertising"'
        )
    with opening.opened(globals_) as (_, workspace):
        policies = watchlist.choose(workspace.known(), ids or ())
        hits = workspace.database.search(query, [policy.id for policy in policies])
    if globals_.json:
        output.show_json([listings.search_hit(hit) for hit in hits])
    else:
        output.show(tables.hits(hits))


@app.command(epilog="Example: policy-tracker status --json")
def status(ctx: typer.Context) -> None:
    """Health: the last run, failures, overdue policies, unsent messages, incidents, coverage.

    With --json for monitors: exit code 1 where something is overdue or fails.
    """
    from tracker.pipeline import questions
    from tracker.pipeline.health import health, standing

    globals_: Globals = ctx.obj
    with opening.opened(globals_) as (config, workspace):
        found = health(workspace, addresses(config))
        histories = standing(workspace, found)
        moves = questions.moved(workspace)
    if globals_.json:
        lines = [(policy, move.line) for policy, move in moves]
        output.show_json(listings.status(histories, found, lines))
        leave(DONE if found.ok else SOME_FAILED)
    else:
        output.show(tables.status(histories, found))
        for policy, move in moves:
            typer.echo(f"{policy}: {move.url} moved; add to its urls: {move.line}")


def _one(workspace: "Workspace", wanted: str) -> Policy:
    return watchlist.choose(workspace.known(), [wanted])[0]
