"""When the next request may leave: one pace and one cool-down per archive and machine.

Slots and cool-downs live in a small file that all processes of the user share, under a lock. Times
there are wall-clock: a monotonic clock does not survive a reboot, and the pause must. Clock jumps
are bounded instead: a pause never lasts longer than it was set for.
"""

import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import filelock
import msgspec
import platformdirs

from tracker import timestamps
from tracker.archive.settings import ArchiveSettings, base_url
from tracker.errors import StoreError, Unavailable

Lane = Literal["cdx", "replay"]

# "If 429s are ignored for more than a minute we block the IP at the firewall for 1 hour" (staff,
# 2023-11), so a pause is a minute at least and doubles while the archive goes on refusing.
SHORTEST_PAUSE = 60.0
LONGEST_OWN_PAUSE = 3600.0
_MOST_STRIKES = 10  # far beyond the longest own pause
LONGEST_ASKED_PAUSE = 86_400.0  # of Retry-After; more is a mistake of theirs
# How long a run sits out a pause itself before it gives up with the time to come back.
PATIENCE = 300.0
# Slots reserved further ahead than this, and one interval, come from a clock that was set back.
_FURTHEST_SLOT = 900.0


@dataclass(frozen=True, slots=True)
class _State:
    next_slot: Mapping[str, float] = field(default_factory=dict)  # lane -> wall-clock seconds
    pause_since: float = 0.0
    pause_seconds: float = 0.0
    reason: str = ""
    strikes: int = 0  # refusals since the archive last answered


class Pace:
    """Shared by all threads; `state` is shared by all processes."""

    def __init__(self, settings: ArchiveSettings) -> None:
        self._settings = settings
        self._interval: dict[Lane, float] = {
            "cdx": 60 / settings.cdx_per_minute,
            "replay": 60 / settings.replays_per_minute,
        }
        self._path = _state_path(settings)
        self._mutex = threading.Lock()
        self._given_up = False
        self._struck = True  # unknown yet: another run may have left strikes
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        self._lock = filelock.FileLock(f"{self._path}.lock", timeout=30)

    def wait(self, lane: Lane) -> None:
        """Return when a request may leave; Unavailable where that is too far off."""
        while True:
            state, slot = self._reserve(lane)
            now = self._settings.clock()
            rest = state.pause_since + state.pause_seconds - now
            if rest <= 0:
                self._given_up = False
                if slot <= now:
                    return
                self._settings.sleep(slot - now)
                if not self._paused():
                    return
            elif self._given_up or rest > PATIENCE:
                raise self._come_back(state, rest)
            else:
                self._settings.notify(f"{state.reason}: waiting {math.ceil(rest)} s")
                self._settings.sleep(rest)

    def refused(self, reason: str, retry_after: float | None) -> float:
        """Stop everything, here and in every other process; the pause's length in seconds."""
        now = self._settings.clock()
        with self._held():
            state = self._load()
            own = min(SHORTEST_PAUSE * 2.0**state.strikes, LONGEST_OWN_PAUSE)
            seconds = max(own, min(retry_after or 0.0, LONGEST_ASKED_PAUSE))
            self._store(
                replace(
                    state,
                    pause_since=now,
                    pause_seconds=seconds,
                    reason=reason,
                    strikes=state.strikes + 1,
                )
            )
        self._struck = True
        return seconds

    def give_up(self) -> None:
        """Sit out no more pauses: until this one is over, every request is refused at once."""
        self._given_up = True

    def answered(self) -> None:
        """The archive is well again: the next pause is a short one."""
        if not self._struck:
            return
        with self._held():
            state = self._load()
            if state.strikes:
                self._store(replace(state, strikes=0))
        self._struck = False

    def _reserve(self, lane: Lane) -> tuple[_State, float]:
        """The state, and the moment kept for this request; no slot is taken during a pause."""
        with self._held():
            now = self._settings.clock()
            state = self._load()
            if now < state.pause_since:  # the clock was set back: count the pause anew
                state = replace(state, pause_since=now)
                self._store(state)
            if now < state.pause_since + state.pause_seconds:
                return state, now
            slot = state.next_slot.get(lane, now)
            if not now <= slot <= now + _FURTHEST_SLOT + self._interval[lane]:
                slot = now
            self._store(
                replace(state, next_slot={**state.next_slot, lane: slot + self._interval[lane]})
            )
            return state, slot

    def _paused(self) -> bool:
        with self._held():
            state = self._load()
        return self._settings.clock() < state.pause_since + state.pause_seconds

    def _come_back(self, state: _State, rest: float) -> Unavailable:
        back = datetime.fromtimestamp(self._settings.clock() + rest, UTC)
        return Unavailable(f"{state.reason}; come back at {timestamps.iso(back)}", rest)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The state is ours among all threads and processes."""
        with self._mutex:
            try:
                self._lock.acquire(poll_interval=0.01)
            except (OSError, filelock.Timeout) as error:
                raise self._unwritable(error) from error
            try:
                yield
            finally:
                self._lock.release()

    def _load(self) -> _State:
        """What the file says; a fresh state where there is none or it is broken."""
        try:
            state = msgspec.json.decode(self._path.read_bytes(), type=_State)
        except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
            return _State()
        except OSError as error:
            raise self._unwritable(error) from error
        return replace(
            state,
            pause_seconds=min(max(state.pause_seconds, 0.0), LONGEST_ASKED_PAUSE),
            strikes=min(max(state.strikes, 0), _MOST_STRIKES),
        )

    def _store(self, state: _State) -> None:
        """By renaming, so that a kill in the middle leaves the old state."""
        draft = self._path.with_suffix(".new")
        try:
            draft.write_bytes(msgspec.json.encode(state))
            draft.replace(self._path)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> StoreError:
        return StoreError(
            f"{self._path}: the pace of requests cannot be kept there ({error}); "
            "make the folder writable, or name another in XDG_STATE_HOME"
        )


def _state_path(settings: ArchiveSettings) -> Path:
    """One file per host: limits count per address, whatever is asked of it."""
    folder = settings.state_dir or platformdirs.user_state_path("policy-tracker")
    host = urlsplit(base_url(settings)).netloc.rpartition("@")[2]
    name = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in host)
    return folder / f"{name}.pace.json"
