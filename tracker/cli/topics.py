"""The lexicon on the command line: topics, topics check."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker import config
from tracker.cli import opening, output
from tracker.cli.app import DONE, NOTHING_DONE, Globals, app, here, leave
from tracker.errors import ConfigError
from tracker.render import listings, tables, words

if TYPE_CHECKING:
    from tracker.clauses import Lexicon

topics_app = typer.Typer(
    invoke_without_command=True, help="The lexicon's topics and languages; check your own."
)
app.add_typer(topics_app, name="topics")


@topics_app.callback(epilog="Example: policy-tracker topics")
def topics(ctx: typer.Context) -> None:
    """The lexicon's topics and languages."""
    from tracker import clauses

    if ctx.invoked_subcommand:
        return
    globals_: Globals = ctx.obj
    known = clauses.topics(_lexicon(globals_))
    if globals_.json:
        output.show_json([listings.topic(topic) for topic in known])
    else:
        output.show(tables.topics(known))


def _lexicon(globals_: Globals) -> "Lexicon":
    """The workspace's, or the shipped one outside of any."""
    from tracker.clauses import load_lexicon

    return load_lexicon(globals_.config().topics if _in_workspace(globals_) else None)


def _in_workspace(globals_: Globals) -> bool:
    """Outside of any the shipped lexicon will do; a broken workspace must not look like none."""
    if globals_.workspace:
        return True
    try:
        config.find_workspace(here())
    except ConfigError:
        return False
    return True


@topics_app.command(epilog="Example: policy-tracker topics check topics.toml")
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your topics.toml.")],
) -> None:
    """Explain what is wrong in a topics.toml, and try its phrases on the latest versions."""
    from tracker.archive import files
    from tracker.clauses.check import check as problems_of

    globals_: Globals = ctx.obj
    text = files.read(file).decode("utf-8", "replace")
    problems = problems_of(text)
    wrong = any(problem.level == "error" for problem in problems)
    trials = [] if wrong else _trials(globals_, text)
    if globals_.json:
        output.show_json({"problems": list(map(str, problems)), "found": trials})
    else:
        for problem in problems:
            typer.echo(str(problem).replace("topics.toml", str(file), 1))
        for trial in trials:
            typer.echo("{policy}: {topic}: {phrase}: {quote}".format(**trial))
        if not problems:
            typer.echo(f"{file}: no mistakes; {words.count(len(trials), 'sentence')} found")
    leave(NOTHING_DONE if wrong else DONE)


def _trials(globals_: Globals, text: str) -> list[dict[str, str]]:
    """What the phrases find in the workspace's versions; nothing outside of a workspace."""
    from tracker.pipeline import questions

    if not _in_workspace(globals_):
        return []
    with opening.opened(globals_) as (_, workspace):
        return [
            {"policy": policy, "topic": t.topic, "phrase": t.phrase, "quote": words.line(t.quote)}
            for policy, t in questions.tried(workspace, text)
        ]
