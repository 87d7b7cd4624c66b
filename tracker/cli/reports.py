"""Commands that make readable things: report, normalize."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import opening, output
from tracker.cli.app import DONE, NOTHING_DONE, Globals, app, complain, leave
from tracker.cli.output import Policies, Since, Until
from tracker.errors import ConfigError, StoreError
from tracker.model import Document, Report
from tracker.render import listings

if TYPE_CHECKING:
    from tracker.normalize.explain import Decision

FORMATS = ("text", "md", "html", "json")
_STDOUT = (Path("-"), Path("/dev/stdout"))
_ENDINGS = {".txt": "text", ".md": "md", ".html": "html", ".htm": "html", ".json": "json"}


@app.command(epilog="Example: policy-tracker report --topic ads_personalised --output report.html")
def report(
    ctx: typer.Context,
    ids: Policies = None,
    topic: Annotated[
        list[str] | None,
        typer.Option(help='Only this topic or facet ("security.breach"); repeatable.'),
    ] = None,
    since: Since = None,
    until: Until = None,
    format: Annotated[
        str | None, typer.Option(help="text, md, html or json; else by the file's ending.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """What changed, clause by clause, with the evidence for it."""
    from tracker import report as report_stage
    from tracker.pipeline import questions

    globals_: Globals = ctx.obj
    form = _form(format, globals_, out)
    out = None if out in _STDOUT else out
    start, end = output.period(since, until)
    with opening.opened(globals_) as (_, workspace):
        questions.check_topics(workspace, topic or ())
        known = questions.histories(workspace, opening.chosen(workspace, ids))
        histories = [questions.with_facets(workspace, one, topic or ()) for one in known]
        made = report_stage.build(
            histories,
            now=workspace.now(),
            topics=topic or (),
            since=start,
            until=end,
        )
        names = questions.topic_names(workspace)
    write(made, names, form, out)


def _form(format: str | None, globals_: Globals, out: Path | None) -> str:
    """The format asked for, in words, by --json or by the ending of the file."""
    if format is None:
        return "json" if globals_.json else _ENDINGS.get(out.suffix.lower() if out else "", "text")
    if format not in FORMATS:
        raise ConfigError(f'--format "{format}" is unknown; expected {", ".join(FORMATS)}')
    return format


def write(made: Report, names: dict[str, str], form: str, out: Path | None) -> None:
    from tracker.render import text

    if form == "text" and out is None:
        output.show(text.render(made, names))
        return
    body = rendered(made, names, form)
    if out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.flush()
        return
    write_file(out, body)
    typer.echo(f"written  {out}")


def rendered(made: Report, names: dict[str, str], form: str) -> bytes:
    """The report in one of FORMATS, as bytes of a file."""
    if form == "json":
        from tracker.render import json

        return json.render(made)
    if form == "html":
        from tracker.render import html

        return html.render(made, names).encode()
    if form == "md":
        from tracker.render import markdown

        return markdown.render(made, names).encode()
    from tracker.render import text

    return output.as_text(text.render(made, names)).encode()


def write_file(path: Path, body: bytes) -> None:
    """Replace the file whole; StoreError names what is in the way."""
    if path.is_dir():
        raise StoreError(f"{path}: a folder; name a file in it")
    beside = path.with_name(path.name + ".new")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe: never to be replaced
            path.write_bytes(body)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(body)
        beside.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); choose another place"
        ) from error


@app.command(epilog="Example: policy-tracker normalize page.html --explain")
def normalize(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="HTML, PDF or text; else stdin.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Why each part of an HTML page was kept or dropped.")
    ] = False,
    select: Annotated[str | None, typer.Option(help="CSS selector of the policy.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="CSS selector to drop.")] = None,
) -> None:
    """The normalised text of one document; --json for its blocks."""
    from tracker.archive import files
    from tracker.normalize import normalize as normalized

    globals_: Globals = ctx.obj
    file = None if file == Path("-") else file
    if file is None and sys.stdin.isatty():
        output.log(globals_, "reading standard input; end it with Ctrl-D")
    body = files.read(file) if file else sys.stdin.buffer.read()
    chosen = {"select": select, "remove": tuple(remove or ())}
    if explain:
        from tracker.normalize.explain import explain as explained

        _explain(globals_, explained(body, **chosen))  # type: ignore[arg-type]
        return
    document = normalized(body, **chosen)  # type: ignore[arg-type]
    leave(_show_document(globals_, document, str(file or "standard input")))


def _explain(globals_: Globals, decisions: Sequence["Decision"]) -> None:
    if globals_.json:
        output.show_json([asdict(decision) for decision in decisions])
        return
    for decision in decisions:
        mark = "kept   " if decision.kept else "dropped"
        typer.echo(f"{mark}  {decision.reason:40}  {decision.excerpt}")


def _show_document(globals_: Globals, document: Document, name: str) -> int:
    if globals_.json:
        output.show_json(listings.document(document))
    elif document.text:
        typer.echo(document.text)
    if document.problem:
        complain(f"{name}: {document.problem}")
    return DONE if document.blocks else NOTHING_DONE
