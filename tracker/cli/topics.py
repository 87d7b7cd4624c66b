"""The lexicon on the command line: topics, topics check."""

from typing import TYPE_CHECKING

import typer

from tracker.cli import output
from tracker.cli.app import Globals, app
from tracker.errors import ConfigError
from tracker.render import listings, tables

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

    try:
        return load_lexicon(globals_.config().topics)
    except ConfigError:
        if globals_.workspace:
            raise
        return load_lexicon()
