"""The archive's answers in `snapshots/<service>/<document>.cdxj`: what it listed, and when.

Beside the snapshots, because an answer is true at its time only and cannot be derived. One line a
capture (urlkey, timestamp, JSON), and one `!meta` line for each address asked.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from tracker.errors import Unreadable
from tracker.model import Capture, Listing
from tracker.store import files
from tracker.store.index import Stamp, stamp_of
from tracker.store.records import to_json

_SUFFIX = ".cdxj"
_META = "!meta "


@dataclass(frozen=True, slots=True)
class Asked:
    """The last answer for one address."""

    url: str
    archive: str
    answer: Listing  # without its captures


_Content = tuple[tuple[Asked, ...], tuple[Capture, ...]]


class ListingStore:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, tuple[Stamp, _Content]] = {}

    def captures(self, policy: str) -> tuple[Capture, ...]:
        """All that was ever listed for any address of the policy, oldest first."""
        return self._read(policy)[1]

    def answers(self, policy: str) -> tuple[Asked, ...]:
        """The last answer for each address asked."""
        return self._read(policy)[0]

    def asked(self, policy: str, url: str, archive: str) -> Listing | None:
        """The last answer for one address, without its captures; None where never asked."""
        for one in self.answers(policy):
            if (one.url, one.archive) == (url, archive):
                return one.answer
        return None

    def merge(self, policy: str, url: str, archive: str, listing: Listing) -> int:
        """Keep an answer; returns how many captures were not known before.

        A union: what an archive lists less today was still listed then.
        """
        path = files.policy_path(self.root, policy, _SUFFIX)
        asked, known = self._read(policy)
        captures = {(c.archive, c.key): c for c in (*known, *listing.captures)}
        answer = Asked(url, archive, replace(listing, captures=()))
        others = [a for a in asked if (a.url, a.archive) != (url, archive)]
        content = "".join(_lines([*others, answer], captures.values())).encode("ascii")
        with files.writing(path):
            files.replace(path, content)
        return len(captures) - len(known)

    def _read(self, policy: str) -> _Content:
        """Parsed once for as long as the file stays as it is."""
        path = files.policy_path(self.root, policy, _SUFFIX)
        with files.reading(path):
            stamp = stamp_of(path)
            known = self._known.get(policy)
            if known is None or known[0] != stamp:
                known = self._known[policy] = (stamp, _parsed(path))
        return known[1]


def _parsed(path: Path) -> _Content:
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    asked: list[Asked] = []
    captures: list[Capture] = []
    for number, line in enumerate(lines, 1):
        try:
            if line.startswith(_META):
                asked.append(msgspec.convert(json.loads(line.removeprefix(_META)), Asked))
            else:
                captures.append(msgspec.convert(json.loads(line.split(" ", 2)[2]), Capture))
        except (ValueError, IndexError, msgspec.ValidationError) as error:
            raise Unreadable(
                f"{path}, line {number}: not a line this program wrote ({error}); "
                "delete the line, and the next fetch asks the archive again"
            ) from error
    return tuple(asked), tuple(sorted(captures, key=_order))


def _lines(asked: Iterable[Asked], captures: Iterable[Capture]) -> Iterator[str]:
    for one in sorted(asked, key=lambda a: (a.archive, a.url)):
        yield f"{_META}{to_json(one)}\n"
    for capture in sorted(captures, key=_order):
        key = "%20".join(capture.urlkey.split()) or "-"
        yield f"{json.dumps(key)[1:-1]} {capture.timestamp} {to_json(capture)}\n"


def _order(capture: Capture) -> tuple[object, ...]:
    return (capture.at, *capture.key, capture.archive)
