"""The application object, what stands before every command, and how a run ends."""

import errno
import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from tracker import config
from tracker.errors import ConfigError, TrackerError
from tracker.render import words

DONE, SOME_FAILED, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
# As people meet them: a workspace, what comes in, what is read of it, what goes out.
ORDER = (
    "init add captures fetch import update rebuild log show diff compare timeline search "
    "report topics normalize site alerts run status demo"
).split()
_VALUED = {"--workspace", "-w"}
_FLAGS = {"--json", "-q", "--quiet", "-v", "--verbose"}


class Commands(TyperGroup):
    """Commands in ORDER; global options may stand before or after them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:  # typer would end without a word
            complain("stopped; what was done is kept, the same command continues")
            raise typer.Exit(INTERRUPTED) from error

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=ORDER.index)


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
    context_settings={"help_option_names": ["--help", "-h"]},
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
        folder = self.workspace or config.find_workspace(here())
        return config.load(folder, os.environ)


def here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise ConfigError("the current folder is no longer there; change to another") from error


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"policy-tracker {version('policy-tracker')}")
        raise typer.Exit()


@app.callback()
def global_options(
    ctx: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="Folder with policies.toml; else the nearest."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Listings as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say which workspace and database are used.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version)
    ] = False,
) -> None:
    ctx.obj = Globals(workspace, json, quiet, verbose)


def main(args: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    _open_streams()
    _speak_utf8()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends a command as Ctrl-C does
    for chatty in ("pypdf", "bs4"):  # what is wrong with a page is told as an incident
        logging.getLogger(chatty).setLevel(logging.ERROR)
    sys.exit(_code_of(None if args is None else list(args)))


def _open_streams() -> None:
    """Some callers close them; Python then has None in their place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  to the end


def _speak_utf8() -> None:
    """As in every file we write, whatever the locale; policies quote and dash beyond ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _code_of(args: list[str] | None) -> int:
    """Run the command; what is expected to go wrong ends in one line and an exit code."""
    try:
        from tracker.cli import commands  # noqa: F401  registers them

        return app(args, prog_name="policy-tracker", standalone_mode=False) or DONE
    except KeyboardInterrupt:  # before a command began
        return INTERRUPTED
    except TyperException as error:
        complain(misuse(error))
    except TrackerError as error:
        complain(str(error))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        complain(f"{error.filename or 'output'}: {error.strerror}; make room and run it again")
        _leave_output()
    return NOTHING_DONE


def misuse(error: TyperException) -> str:
    """What is wrong with a command line, and whose help to read; "" where that was shown."""
    told = " ".join(error.format_message().split()).replace("'", '"')
    if not told:
        return ""
    told = (told[:1].lower() + told[1:]).replace(". Did", "; did").rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "policy-tracker"
    return f'{told}{"" if told.endswith("?") else ";"} see "{command} --help"'


def _leave_output() -> None:
    """What is still buffered cannot be written; Python would try again and complain twice."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """In one line: it may quote what a terminal would obey."""
    if message:
        typer.echo(f"policy-tracker: {words.line(message)}", err=True)


def leave(code: int) -> None:
    """End a command; 0 is no special case, so that commands end in one line."""
    if code:
        raise typer.Exit(code)
