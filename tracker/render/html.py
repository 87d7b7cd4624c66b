"""The report as one HTML file that needs nothing else: no script, no other file, no request."""

import re
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from tracker import timestamps
from tracker.model import Report
from tracker.render import headlines, links, view, wording, words

_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def timed(text: str) -> Markup:
    """Escaped text whose dates are marked as such, so that none is broken at a hyphen.

    >>> timed("<b> by 2018-08-30")
    Markup('&lt;b&gt; by <time>2018-08-30</time>')
    """
    return Markup(_DATE.sub(r"<time>\g<0></time>", str(escape(text))))


_TEMPLATES = Environment(
    loader=PackageLoader("tracker.render"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(headlines=headlines, words=words, links=links, view=view, wording=wording)
_TEMPLATES.filters.update(
    line=words.line, capitalized=words.capitalized, day=timestamps.day, timed=timed
)


def render(report: Report, names: Mapping[str, str]) -> str:
    """The whole report, most severe first."""
    return _TEMPLATES.get_template("report.html").render(report=report, names=names)
