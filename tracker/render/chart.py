"""A topic's timeline as an SVG chart: who says what of it month by month, and the law of the time.

Drawn by matplotlib, the extra "chart"; loaded when a chart is drawn, never before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from tracker.errors import ConfigError, NotFound
from tracker.model import LegalEvent, MonthShare, Stance, TopicTimeline
from tracker.render import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Stance -> colour and hatching: told apart in grey, and by those who see no red or no green.
_LOOK: dict[Stance, tuple[str, str]] = {
    "asserts": ("#0b4f9c", ""),
    "conditional": ("#a6bddb", "////"),
    "denies": ("#e08214", "...."),
}
_SETTINGS = {
    "svg.fonttype": "none",  # text stays text: searchable, selectable, read aloud
    "svg.hashsalt": "policy-tracker",  # ids from content, not from chance
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 9,
    "hatch.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_WIDTH = 9.0  # inches
_PANEL, _KEY_LINE, _MARGIN = 3.6, 0.2, 1.1  # heights of the panels, of a line of the key, the rest
_CROWDED = 0.022  # of the time shown: numbers of events nearer than that stand in several rows
Events = list[tuple[date, list[LegalEvent]]]


def svg(shown: TopicTimeline, names: Mapping[str, str]) -> str:
    """A whole SVG document, with a title and the facts in words for those who cannot see it.

    Same input, same bytes, for one version of matplotlib.
    """
    if not shown.months:
        raise NotFound('no version to draw yet; run "policy-tracker update" or import one')
    title = words.topic(shown.topic, names)
    events = [(on, list(same)) for on, same in groupby(shown.events, key=lambda event: event.on)]
    with _settings():
        figure = _drawn(shown.months, events, title)
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return _told(written.getvalue(), title, _description(shown))


def _settings() -> AbstractContextManager[None]:
    """Ours alone, whatever the user's matplotlibrc says; what held before comes back."""
    try:
        import matplotlib
    except ImportError as error:
        raise ConfigError(
            'charts are drawn by matplotlib, an extra: pip install "policy-tracker[chart]"'
        ) from error
    settings: Any = {**matplotlib.rcParamsDefault, **_SETTINGS}
    del settings["backend"]  # setting it would choose one for the whole process
    return matplotlib.rc_context(settings)


def _drawn(months: Sequence[MonthShare], events: Events, title: str) -> Figure:
    from matplotlib.figure import Figure

    key = [event for _, same in events for event in same]
    height = _PANEL + _MARGIN + _KEY_LINE * len(key)
    figure = Figure(figsize=(_WIDTH, height))
    shares, seen = figure.subplots(
        2,
        1,
        sharex=True,
        gridspec_kw={
            "height_ratios": (4, 1),
            "left": 0.08,
            "right": 0.98,
            "top": 1 - 0.75 / height,
            "bottom": (_KEY_LINE * len(key) + 0.45) / height,
            "hspace": 0.12,
        },
    )
    figure.text(0.08, 1 - 0.22 / height, title, size=12, weight="bold", parse_math=False)
    _draw_shares(shares, months)
    _draw_seen(seen, months)
    _draw_events(shares, seen, events)
    for place, (number, event) in enumerate(_numbered(events)):
        y = (_KEY_LINE * (len(key) - place) - 0.08) / height
        told = (str(number), event.on.isoformat(), f"{words.line(event.name)}: {event.event}")
        for x, text in zip((0.08, 0.11, 0.2), told, strict=True):
            figure.text(x, y, text, size=8, color="#444444", parse_math=False)
    return figure


def _draw_shares(axes: Axes, months: Sequence[MonthShare]) -> None:
    """Stacked, a step a month: a stance holds from one month's end to the next, not between."""
    steps = [*(month.month for month in months), _month_after(months[-1].month)]
    counted = [*months, months[-1]]
    under = [0.0] * len(steps)
    for stance, (colour, hatch) in _LOOK.items():
        over = [
            low + 100 * getattr(month, stance) / max(1, month.policies)
            for low, month in zip(under, counted, strict=True)
        ]
        axes.fill_between(
            steps,  # type: ignore[arg-type]
            under,
            over,
            step="post",
            facecolor=colour,
            edgecolor="white",
            linewidth=0.0,
            hatch=hatch,
            label=words.STANCES[stance],
        )
        under = over
    axes.set_ylim(0, 100)
    axes.set_xlim(steps[0], steps[-1])  # type: ignore[arg-type]
    axes.set_ylabel("% of the policies seen")
    axes.legend(
        loc="lower right", bbox_to_anchor=(1, 1.08), ncols=3, frameon=False, borderaxespad=0
    )


def _draw_seen(axes: Axes, months: Sequence[MonthShare]) -> None:
    """How many policies the share is of: all of one policy proves little."""
    steps = [*(month.month for month in months), _month_after(months[-1].month)]
    counts = [month.policies for month in months]
    axes.stairs(counts, steps, fill=True, color="#8a8f98")  # type: ignore[arg-type]
    axes.set_ylim(0, max(counts) * 1.15)
    axes.set_yticks([0, max(counts)])
    axes.set_ylabel("policies")


def _draw_events(shares: Axes, seen: Axes, events: Events) -> None:
    """A dotted line a day, on white to be seen on any colour, numbered as in the key below."""
    from matplotlib.dates import date2num as place_of

    first, last = shares.get_xlim()
    rows: list[float] = []  # where the last number of each row stands
    for number, (on, _) in enumerate(events, start=1):
        for axes in (shares, seen):
            for colour, width, style in (("white", 1.6, "-"), ("#222222", 0.8, ":")):
                axes.axvline(on, color=colour, linewidth=width, linestyle=style)  # type: ignore[arg-type]
        at = (place_of(on) - first) / (last - first)  # type: ignore[no-untyped-call]
        row = next((n for n, taken in enumerate(rows) if at - taken > _CROWDED), len(rows))
        rows[row : row + 1] = [at]
        shares.text(
            at,
            1.01 + 0.045 * (row % 3),
            str(number),
            size=7,
            ha="center",
            va="bottom",
            transform=shares.transAxes,
        )


def _numbered(events: Events) -> list[tuple[int, LegalEvent]]:
    return [(n, event) for n, (_, same) in enumerate(events, start=1) for event in same]


def _description(shown: TopicTimeline) -> str:
    """What the chart shows, in words."""
    first, last = shown.months[0], shown.months[-1]
    told = [
        f"{getattr(last, stance)} {words.STANCES[stance]}"
        for stance in _LOOK
        if getattr(last, stance)
    ]
    law = "; ".join(f"{e.on.isoformat()} {words.line(e.name)}: {e.event}" for e in shown.events)
    return (
        f"Share of the policies seen, by what they say, month by month from {first.month:%Y-%m} to "
        f"{last.month:%Y-%m}. At the end, of {last.policies}: "
        f"{', '.join(told) or 'none speaks of it'}." + (f" Law: {law}." if law else "")
    )


def _told(drawn: str, title: str, description: str) -> str:
    """The drawing with its title and description inside, where screen readers look for them."""
    start = drawn.index("<svg ")
    end = drawn.index(">", start)
    told = (
        f'\n <title id="chart-title">{escape(words.line(title))}</title>'
        f'\n <desc id="chart-description">{escape(words.line(description))}</desc>'
    )
    role = ' role="img" aria-labelledby="chart-title chart-description"'
    return drawn[:end] + role + drawn[end : end + 1] + told + drawn[end + 1 :]


def _month_after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
