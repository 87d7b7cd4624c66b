"""The application object, what stands before every command, and how a run ends."""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tracker import config
from tracker.errors import TrackerError

DONE, SOME_FAILED, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
_VALUED = {"--workspace", "-w"}
_FLAGS = {"--json", "-q", "--quiet", "-v", "--verbose"}


class Commands(TyperGroup):
    """Global options may stand before or after the command; expected errors end in one line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            complain(str(error))
            raise typer.Exit(NOTHING_DONE) from error
        except KeyboardInterrupt as error:
            complain("stopped; what was done is kept, the same command continues")
            raise typer.Exit(INTERRUPTED) from error


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
    cls=Commands,
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
    from tracker.cli import commands  # noqa: F401  registers them

    for chatty in ("pypdf", "bs4"):  # what is wrong with a page is told as an incident
        logging.getLogger(chatty).setLevel(logging.ERROR)
    app(None if args is None else list(args))


def complain(message: str) -> None:
    typer.echo(f"policy-tracker: {message}", err=True)


def leave(code: int) -> None:
    """End a command; 0 is no special case, so that commands end in one line."""
    if code:
        raise typer.Exit(code)
