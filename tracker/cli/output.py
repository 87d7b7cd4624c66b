"""Where lines go: results to stdout, progress and logs to stderr; JSON where asked for."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, RenderableType

from tracker import timestamps
from tracker.cli.app import Globals
from tracker.errors import ConfigError
from tracker.render import json as json_form
from tracker.render import words

if TYPE_CHECKING:
    from rich.progress import Progress

# Wider than any line: nothing is folded.
UNFOLDED = 1_000_000

Policies = Annotated[
    list[str] | None, typer.Argument(metavar="ID", help="Policies or services; all if none.")
]
Since = Annotated[str | None, typer.Option(help="From this time on: 2018-05-25 or 14 digits.")]
Until = Annotated[str | None, typer.Option(help="Up to the end of this day, month or year.")]


def show(rendered: RenderableType, piped: int = UNFOLDED) -> None:
    """To the terminal's width; into a pipe as `as_text` does, `piped` columns wide."""
    if sys.stdout.isatty():
        Console(highlight=False).print(rendered, crop=False)
    else:
        typer.echo(as_text(rendered, piped), nl=False)


def as_text(rendered: RenderableType, width: int = UNFOLDED) -> str:
    """Uncoloured, and one line for what is one line, as grep and diff want it."""
    told = StringIO()
    Console(highlight=False, width=width, file=told).print(rendered, crop=False)
    return "".join(f"{line.rstrip()}\n" for line in told.getvalue().split("\n")[:-1])


def show_json(value: object) -> None:
    sys.stdout.buffer.write(json_form.encode(value))
    sys.stdout.flush()


def time_option(
    name: str, text: str | None, parse: Callable[[str], datetime] = timestamps.parse
) -> datetime | None:
    """The time an option names; ConfigError says which option."""
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from error


def period(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """What --since and --until name; ConfigError where nothing lies between."""
    start = time_option("--since", since)
    end = time_option("--until", until, timestamps.parse_end)
    if start and end and start > end:
        raise ConfigError(f"--since {since} lies after --until {until}; swap them")
    return start, end


@contextmanager
def progress(globals_: Globals, what: str) -> Iterator["Progress"]:
    """A bar with count, rate and time left on stderr; nothing where that is no terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=globals_.quiet or not console.is_terminal,
    )
    with bar:
        bar.add_task(what, total=None, rate="")
        yield bar


def step(bar: "Progress", more: int = 0, done: int = 0) -> None:
    """Move the only task of a bar on."""
    task = bar.tasks[0]
    if more:
        bar.update(task.id, total=(task.total or 0) + more)
    if done:
        speed = task.finished_speed or task.speed
        bar.update(task.id, advance=done, rate=f"{speed:.1f}/s" if speed else "")


def log(globals_: Globals, message: str, *, detail: bool = False) -> None:
    """To stderr; details only with -v, nothing with -q."""
    if not globals_.quiet and (globals_.verbose or not detail):
        told = words.inert(message)  # it may quote what an archive answered
        Console(stderr=True, highlight=False, soft_wrap=True).print(told, markup=False)
