"""Commands that make and fill a workspace: init, add."""

from pathlib import Path
from typing import Annotated

import typer

from tracker import config, watchlist
from tracker.cli.app import Globals, app
from tracker.errors import ConfigError

STARTER_WATCHLIST = """\
# The policies to watch. Add one with
#   policy-tracker add example/privacy https://example.org/privacy
# or by hand:
#
# [[policy]]
# id = "example/privacy"            # service/document
# name = "Example privacy policy"
# language = "en"                   # detected where absent
# urls = [                          # every address it has lived at
#   { url = "http://example.org/privacy.html", until = 2016-01-01 },
#   { url = "https://example.org/privacy" },
# ]
# every = "1d"                      # how often a scheduled run looks: 12h, 1d, 2w
# select = "#content"               # CSS selectors; rarely needed
# remove = [".newsletter"]
"""


@app.command(epilog="Example: policy-tracker init my-watch")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made where absent.")] = Path(),
) -> None:
    """Make a workspace: commented tracker.toml and policies.toml. Keeps what is there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in (
            (config.SETTINGS_FILE, config.starter()),
            (config.WATCHLIST_FILE, STARTER_WATCHLIST),
        ):
            path = folder / name
            if path.exists():
                typer.echo(f"kept     {path}")
            else:
                path.write_text(text, encoding="utf-8")
                typer.echo(f"written  {path}")
    except OSError as error:
        raise ConfigError(
            f"{error.filename}: {error.strerror}; choose another folder or mend its permissions"
        ) from error
    place = "" if folder == Path() else f"--workspace {folder} "
    typer.echo(f"Next: policy-tracker {place}add SERVICE/DOCUMENT URL")


@app.command(epilog="Example: policy-tracker add voxbone/privacy https://voxbone.com/privacy")
def add(
    ctx: typer.Context,
    policy: Annotated[str, typer.Argument(metavar="ID", help=watchlist.ID_FORM)],
    urls: Annotated[list[str], typer.Argument(metavar="URL", help="Where it lives or has lived.")],
    name: Annotated[str, typer.Option(help="Shown in reports.")] = "",
    language: Annotated[str, typer.Option(help='"en", "nl" …; detected where absent.')] = "",
) -> None:
    """Watch a policy, or give one a further address. Comments in the file are kept."""
    globals_: Globals = ctx.obj
    settings = globals_.config()
    text = watchlist.add(settings.watchlist, policy, urls, name=name, language=language)
    if text == settings.watchlist:
        typer.echo(f"{policy}: watched already")
        return
    write_watchlist(settings.watchlist_path, text)
    typer.echo(f"{policy}: watching {', '.join(dict.fromkeys(urls))}")


def write_watchlist(path: Path, text: str) -> None:
    """Replace the file whole, so that a reader or a crash never meets half of it."""
    watchlist.parse(text, path.name)
    beside = path.with_suffix(".toml.new")
    try:
        beside.write_text(text, encoding="utf-8", errors="replace")
        beside.replace(path)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be written ({error.strerror}); mend its permissions or make room"
        ) from error
