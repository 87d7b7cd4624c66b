"""The changelog site on the command line: site build, site serve."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import opening, output
from tracker.cli.app import Globals, app
from tracker.config import Config

if TYPE_CHECKING:
    from tracker.pipeline.workspace import Workspace

SITE_FOLDER = "site"

site_app = typer.Typer(no_args_is_help=True, help="The changelog site: build it, look at it.")
app.add_typer(site_app, name="site")

Folder = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DIR", help="Instead of reports/site.")
]


@site_app.command(epilog="Example: policy-tracker site build -o public")
def build(ctx: typer.Context, out: Folder = None) -> None:
    """Write the static site; only what changed, and never half of it."""
    globals_: Globals = ctx.obj
    with opening.opened(globals_, writes=True) as (config, workspace):
        folder = out or site_folder(config)
        with output.progress(globals_, "Building the site"):
            result = write(config, workspace, folder)
    if globals_.json:
        output.show_json(result)
    else:
        typer.echo(
            f"{folder / 'index.html'}: {result['written']} files written, "
            f"{result['unchanged']} unchanged, {result['removed']} removed"
        )


def write(config: Config, workspace: "Workspace", folder: Path) -> dict[str, object]:
    """Build the site; what was done, in files."""
    from tracker.pipeline import site

    values = config["site"]
    done = site.build(workspace, folder, title=values["title"], base_url=values["base_url"])
    return {
        "folder": str(folder),
        "written": len(done.written),
        "unchanged": done.unchanged,
        "removed": len(done.removed),
    }


def site_folder(config: Config) -> Path:
    return config.reports / SITE_FOLDER


@site_app.command(epilog="Example: policy-tracker site serve --port 8000")
def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8000,
    out: Folder = None,
) -> None:
    """Preview the built site on this machine until Ctrl-C."""
    from tracker.publish.site import server

    globals_: Globals = ctx.obj
    with server(out or site_folder(globals_.config()), port) as running:
        typer.echo(f"http://127.0.0.1:{running.server_port}/  (Ctrl-C ends it)")
        with suppress(KeyboardInterrupt):
            running.serve_forever()
