"""Tell a monitor that a run started, ended well, or failed, as healthchecks.io has it."""

from typing import Literal

import requests

from tracker.publish.webhook import label

Event = Literal["start", "success", "fail"]
_TIMEOUT = 10.0


def ping(url: str, event: Event) -> str:
    """Why the monitor could not be told, "" where it was. Never an error: a run that did its work
    is not failed by its monitor."""
    path = "" if event == "success" else f"/{event}"
    try:
        answer = requests.post(url.rstrip("/") + path, timeout=_TIMEOUT)
    except requests.RequestException as error:
        return f"{label(url)}: {type(error).__name__}"
    return "" if answer.ok else f"{label(url)}: answered {answer.status_code}"
