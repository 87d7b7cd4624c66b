"""Ctrl-C and SIGTERM end a command, but not in the middle of a message."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Stop:
    """Raises KeyboardInterrupt when told to, but not while something must stay whole."""

    held: bool = False
    wanted: bool = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.wanted = True
        if not self.held:
            raise KeyboardInterrupt

    @contextmanager
    def whole(self) -> Iterator[None]:
        self.held = True
        try:
            yield
        finally:
            self.held = False
            if self.wanted:
                raise KeyboardInterrupt


@contextmanager
def heeding() -> Iterator[Stop]:
    """Ctrl-C and SIGTERM go to a Stop while this lasts."""
    stop = Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
