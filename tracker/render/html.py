"""The report as one HTML file that needs nothing else: no script, no other file, no request."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker import timestamps
from tracker.model import Report
from tracker.render import links, view, wording, words

_TEMPLATES = Environment(
    loader=PackageLoader("tracker.render"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(words=words, links=links, view=view, wording=wording)
_TEMPLATES.filters.update(line=words.line, capitalized=words.capitalized, day=timestamps.day)


def render(report: Report, names: Mapping[str, str]) -> str:
    """The whole report, most severe first."""
    return _TEMPLATES.get_template("report.html").render(report=report, names=names)
