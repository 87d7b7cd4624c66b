"""One line for each thing that happened: for people, or JSON for machines."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TextIO

from tracker import timestamps

Form = Literal["human", "json"]


@dataclass(frozen=True, slots=True)
class Log:
    stream: TextIO
    now: Callable[[], datetime]
    form: Form = "human"
    only: frozenset[str] = frozenset()  # events to be told; all where empty

    def __call__(self, event: str, message: str, **facts: object) -> None:
        """`event` is a word machines can filter by; the message says the same to people."""
        if self.only and event not in self.only:
            return
        at = timestamps.iso(self.now())
        if self.form == "json":
            line = json.dumps({"at": at, "event": event, "message": message, **facts}, default=str)
        else:
            line = f"{at} {event:9} {' '.join(message.split())}"
        printable = "".join(mark if mark.isprintable() else "?" for mark in line)
        self.stream.write(printable + "\n")
        self.stream.flush()
