"""Tabs: what a panel of text is called stands on its tab, far away in a row of buttons."""

from tracker.normalize.tree import Node, select
from tracker.text import tidy

_LONGEST = 80  # characters


def labels(root: Node) -> dict[str, str]:
    """Labels of the tabs below `root`, by the tab's id and by that of its panel."""
    found: dict[str, str] = {}
    for tab in select(root, '[role="tab"]'):
        label = tidy(tab.text)
        if 0 < len(label) <= _LONGEST:
            names = (tab.attr("id"), tab.attr("aria-controls"), (tab.attr("href") or "")[1:])
            found |= {name: label for name in names if name}
    return found


def label_of(panel: Node, known: dict[str, str]) -> str:
    """What a panel's tab says, "" if it has none."""
    names = (panel.attr("aria-labelledby"), panel.attr("id"))
    return next((known[name] for name in names if name in known), "")
