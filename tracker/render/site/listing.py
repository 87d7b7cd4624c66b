"""Lists over all policies: a change as they show it, and the pages a long list is cut into."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from tracker.render import wording
from tracker.render.site import blocks, timeline
from tracker.render.site.look import Look
from tracker.render.site.summary import ChangeLine, Summary, Told, headline

T = TypeVar("T")

ON_PAGE = 200  # list entries; about 200 kB


@dataclass(frozen=True, slots=True)
class Listed:
    """A change in a list over all policies."""

    summary: Summary
    change: ChangeLine
    headline: str
    told: Told | None  # the clause change to quote
    reworded: Markup  # its quotations in one, where they are alike


def shown(summary: Summary, change: ChangeLine, look: Look, topic: str = "") -> Listed:
    """With the weightiest clause change, or the weightiest on the topic."""
    told = [one for one in change.told if not topic or timeline.any_on_topic(one.topics, topic)]
    quoted = told[0] if told else None
    return Listed(summary, change, headline(change, look.names), quoted, _reworded(quoted))


def _reworded(told: Told | None) -> Markup:
    if told is None or any(side == "" or side.endswith("…") for side in (told.before, told.after)):
        return Markup()
    return blocks.both_sides(wording.edits(told.before, told.after))


def chunks(found: Sequence[T]) -> list[Sequence[T]]:
    return [found[start : start + ON_PAGE] for start in range(0, len(found), ON_PAGE)] or [found]
