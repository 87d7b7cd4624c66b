"""One run at a time: the second learns who holds the lock.

The operating system's lock decides, so a killed run's is free at once; the note beside it only
says whose it is.
"""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from tracker import timestamps
from tracker.errors import Locked
from tracker.store import files


class RunLock:
    """`with RunLock(workspace / "tracker.lock"):` or Locked at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._note = path.with_name(path.name + ".owner")
        self._lock = FileLock(path, timeout=0)

    def __enter__(self) -> None:
        with files.writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout:
                raise Locked(
                    f"{self._path}: another run is at work{self._owner()}; wait until it is done"
                ) from None
            owner = {
                "process": os.getpid(),
                "host": socket.gethostname(),
                "since": timestamps.iso(timestamps.now()),
            }
            self._note.write_text(json.dumps(owner), encoding="utf-8")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._note.unlink()
        self._lock.release()

    def _owner(self) -> str:
        """Empty in the moment between the other's lock and its note."""
        try:
            owner = json.loads(self._note.read_text(encoding="utf-8"))
            return f" (process {owner['process']} on {owner['host']} since {owner['since']})"
        except (OSError, ValueError, KeyError, TypeError):
            return ""
