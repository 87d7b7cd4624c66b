"""The application object, what stands before every command, and how a run ends."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import click
import typer
from typer.core import TyperGroup

from tracker import config
from tracker.errors import TrackerError

DONE, SOME_FAILED, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
_VALUED = {"--workspace", "-w"}
_FLAGS = {"--json", "-q", "--quiet", "-v", "--verbose"}


class GlobalOptionsAnywhere(TyperGroup):
    """Global options may stand before or after the command, as people type them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, hoisted(args))


def hoisted(args: Sequence[str]) -> list[str]:
    """The same arguments, global options first; everything after "--" is left alone.

    >>> hoisted(["log", "a/b", "--json", "--workspace", "w", "--", "-q"])
    ['--json', '--workspace', 'w', 'log', 'a/b', '--', '-q']
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = list(args)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        if word in _VALUED and waiting:
            front += [word, waiting.pop(0)]
        elif word in _FLAGS or word.startswith("--workspace="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


app = typer.Typer(
    name="policy-tracker",
    cls=GlobalOptionsAnywhere,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="When did this company change what it promises, what exactly, and how do you know?",
    epilog="Global options may also stand after the command. "
    "Exit codes: 0 done, 1 some policies failed, 2 nothing could be done.",
)


@dataclass(frozen=True, slots=True)
class Globals:
    """What was said before the command."""

    workspace: Path | None = None
    json: bool = False
    quiet: bool = False
    verbose: bool = False

    def config(self) -> config.Config:
        folder = self.workspace or config.find_workspace(Path.cwd())
        return config.load(folder, os.environ)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"policy-tracker {version('policy-tracker')}")
        raise typer.Exit()


@app.callback()
def global_options(
    ctx: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="Folder with policies.toml. [default: nearest]"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Listings as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say every step.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version)
    ] = False,
) -> None:
    ctx.obj = Globals(workspace, json, quiet, verbose)


def main(args: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if args is None else args))


def run(args: Sequence[str]) -> int:
    """The exit code of one command. Expected errors are one line on stderr, no traceback."""
    from tracker.cli import alerts, crawl, publish, read, setup  # noqa: F401  register commands

    try:
        code = app(list(args), standalone_mode=False)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as error:
        error.show()
        return NOTHING_DONE
    except TrackerError as error:
        complain(str(error))
        return NOTHING_DONE
    except (KeyboardInterrupt, click.Abort):
        complain("stopped; what was done is kept, the same command continues")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code if isinstance(code, int) else DONE


def complain(message: str) -> None:
    typer.echo(f"policy-tracker: {message}", err=True)


def settings_with(settings: Any, **given: Any) -> Any:
    """`settings` with every option that was given on the command line."""
    return replace(settings, **{name: value for name, value in given.items() if value is not None})
