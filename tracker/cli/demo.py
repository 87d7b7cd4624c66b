"""The whole main job offline: a workspace around the bundled archive, update, report, site."""

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker import report as report_stage
from tracker.cli import crawl, opening, publish, reports
from tracker.cli.app import Globals, app
from tracker.errors import ConfigError
from tracker.model import Report

if TYPE_CHECKING:
    from tracker.pipeline.workspace import Workspace

FILES = ("tracker.toml", "policies.toml", "sample.warc.gz")


@app.command(
    epilog="Example: policy-tracker demo && policy-tracker -w policy-tracker-demo log halden"
)
def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to put it.")] = Path(
        "policy-tracker-demo"
    ),
) -> None:
    """Watch three invented telephone companies, offline, from archive to report and site."""
    globals_: Globals = ctx.obj
    _unpack(folder)
    here = Globals(folder, quiet=globals_.quiet, verbose=globals_.verbose)
    with opening.opened(here, writes=True) as (config, workspace):
        wish = opening.strategy(config)
        bound = crawl.budget(config)
        code = crawl.run(here, config, workspace, workspace.policies, wish, bound, "demo")
        made, names = _report(workspace)
        path = config.reports / "report.html"
        reports.write_file(path, reports.rendered(made, names, "html"))
        site = publish.site_folder(config)
        publish.write(config, workspace, site)
        reports.write(made, names, "text", None)
        typer.echo("")
        typer.echo(f"HTML report     {path}")
        typer.echo(f"Changelog site  {site / 'index.html'}")
    raise typer.Exit(code)


def _report(workspace: "Workspace") -> tuple[Report, dict[str, str]]:
    from tracker.pipeline import questions

    histories = questions.histories(workspace, workspace.policies)
    names = questions.topic_names(workspace)
    return report_stage.build(histories, now=workspace.now()), names


def _unpack(folder: Path) -> None:
    """Files that are there already are the user's by now."""
    source = resources.files("tracker") / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            if not (folder / name).exists():
                (folder / name).write_bytes((source / name).read_bytes())
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}; name another folder") from error
