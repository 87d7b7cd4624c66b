"""The command that takes archived documents from files: import."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker import timestamps, watchlist
from tracker.cli import crawl, opening, output, setup
from tracker.cli.app import DONE, NOTHING_DONE, SOME_FAILED, Globals, app, leave
from tracker.config import WATCHLIST_FILE, Config
from tracker.errors import ConfigError
from tracker.render import runs, words

if TYPE_CHECKING:
    from tracker.pipeline.imports import Imported, Told
    from tracker.pipeline.record import Record
    from tracker.pipeline.workspace import Workspace


@app.command(
    "import",
    epilog="Example: policy-tracker import page.html --policy acme/privacy "
    "--url https://acme.example/privacy --captured-at 20150612133724",
)
def import_(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files or folders.")],
    policy: Annotated[str | None, typer.Option(help="SERVICE/DOCUMENT they belong to.")] = None,
    url: Annotated[str | None, typer.Option(help="Address they were captured at.")] = None,
    captured_at: Annotated[
        str | None, typer.Option(help="When: 2018-05-01 or the archive's 14 digits.")
    ] = None,
) -> None:
    """Take archived documents from files: HTML, PDF, WARC, Markdown or plain text.

    Texts with the Princeton-Leuven corpus header say themselves what they are.
    """
    from tracker.pipeline.imports import Told
    from tracker.pipeline.record import recorded

    globals_: Globals = ctx.obj
    _check_told(policy, url)
    told = Told(policy, url, output.time_option("--captured-at", captured_at))
    with (
        opening.opened(globals_, writes=True) as (config, workspace),
        recorded(workspace, "import") as record,
    ):
        results = _keep(globals_, workspace, paths, told, record)
        workspace = _watch(config, workspace, results)
        touched = {result.policy for result in results if result.policy}
        policies = [known for known in workspace.known() if known.id in touched]
        _, news = crawl.derive(globals_, workspace, policies, record)
    _show(globals_, results)
    for line in runs.failures([*(f for f in record.failures if f.stage != "import"), *news]):
        typer.echo(line, err=True)
    useful = any(result.outcome != "unusable" for result in results)
    leave((SOME_FAILED if useful else NOTHING_DONE) if record.failures else DONE)


def _check_told(policy: str | None, url: str | None) -> None:
    if policy and not watchlist.is_id(policy):
        raise ConfigError(f'--policy "{policy}" is not a policy id; expected {watchlist.ID_FORM}')
    if url and (problem := watchlist.url_problem(url)):
        raise ConfigError(f"--url {problem}")


def _keep(
    globals_: Globals,
    workspace: "Workspace",
    paths: Iterable[Path],
    told: "Told",
    record: "Record",
) -> list["Imported"]:
    from tracker.pipeline.imports import keep_files

    results = []
    with output.progress(globals_, "Importing") as bar:
        for result in keep_files(workspace, paths, told):
            results.append(result)
            record.imported(result)
            output.step(bar, done=1)
    return results


def _watch(config: Config, workspace: "Workspace", results: Sequence["Imported"]) -> "Workspace":
    """Add to the watchlist what the files say of addresses that are not in it."""
    text = config.watchlist
    for result in results:
        usable = result.outcome != "unusable" and result.url
        if usable and not watchlist.url_problem(result.url):
            text = watchlist.add(text, result.policy, [result.url])
    if text == config.watchlist:
        return workspace
    setup.write_watchlist(config.watchlist_path, text)
    return replace(workspace, policies=watchlist.parse(text, WATCHLIST_FILE))


def _show(globals_: Globals, results: Sequence["Imported"]) -> None:
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
        typer.echo(f"{result.outcome:9}{words.line(said)}")
        if result.outcome != "unusable" and not result.url:
            typer.echo(
                f"         its address is not known; watch it with "
                f'"policy-tracker add {result.policy} URL"'
            )
