"""Why each region of a page was kept or dropped, for `normalize FILE --explain`."""

from dataclasses import dataclass
from itertools import groupby

from tracker.normalize.html import judge
from tracker.normalize.shapes import Line

_EXCERPT = 90  # characters


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of neighbouring lines, and why."""

    kept: bool
    reason: str
    excerpt: str  # how they begin
    lines: int


def explain(
    body: bytes,
    content_type: str | None = None,
    *,
    select: str | None = None,
    remove: tuple[str, ...] = (),
) -> list[Decision]:
    """Every line of the page in order, in runs of one decision, made as `read_html` makes them."""
    sheet = judge(body, content_type, select=select, remove=remove)
    return [
        _decision(kept, reason, list(run))
        for (kept, reason), run in groupby(sheet.lines, key=_verdict)
    ]


def _verdict(line: Line) -> tuple[bool, str]:
    return (False, line.dropped) if line.dropped else (True, line.kept or "the policy's text")


def _decision(kept: bool, reason: str, run: list[Line]) -> Decision:
    text = run[0].text
    excerpt = text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"
    return Decision(kept, reason, excerpt, len(run))
