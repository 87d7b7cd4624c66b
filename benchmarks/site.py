"""How long a large site takes, and how little one more change touches.

    python benchmarks/site.py [--policies 1000] [--versions 10] [--workers 2] [--folder DIR]

Made-up policies of about 2,500 words in 70 paragraphs, a tenth of which change from version to
version. Prints seconds, peak memory and files of a full build, of one with nothing new, and of one
with one new version.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

import msgspec

from tracker.executors import Mapper, processes, serial
from tracker.model import (
    Block,
    BlockChange,
    Change,
    Clause,
    ClauseChange,
    Coverage,
    Diff,
    Document,
    Edit,
    History,
    LegalEvent,
    Policy,
    ProfileEntry,
    Sighting,
    Topic,
    Version,
    WatchedUrl,
    Window,
    sha256,
)
from tracker.publish.site import SiteResult, write_site
from tracker.render.site import PolicyRef, SiteInput, parts

_PARAGRAPHS = 70
_WORDS = 36
_TOPICS = 30
_CLAUSES = 12


def history(number: int, versions: int) -> History:
    """The same history for the same numbers."""
    random = Random(number)
    vocabulary = [_word(random) for _ in range(1500)]
    texts = [[_paragraph(random, vocabulary) for _ in range(_PARAGRAPHS)]]
    edited = []
    for _ in range(versions - 1):
        new = list(texts[-1])
        touched = sorted(random.sample(range(_PARAGRAPHS), _PARAGRAPHS // 10))
        for index in touched:
            new[index] = _reworded(random, new[index], vocabulary)
        texts.append(new)
        edited.append(touched)
    identifier = f"service-{number:04}/privacy"
    found = tuple(_version(identifier, n, lines) for n, lines in enumerate(texts, 1))
    changes = tuple(
        _change(old, new, touched)
        for (old, new), touched in zip(pairwise(found), edited, strict=True)
    )
    spoken = Random(number).sample(range(_PARAGRAPHS), _CLAUSES)
    clauses = [_clause(found[-1], index) for index in spoken]
    return History(
        policy=Policy(
            identifier, f"Service {number:04} privacy policy", (WatchedUrl(_url(identifier)),)
        ),
        language="en",
        versions=found,
        changes=changes,
        spoken=tuple(tuple((one.topic, one.stance) for one in clauses) for _ in found),
        profile=tuple(ProfileEntry(one, None, found[0].first_seen.captured_at) for one in clauses),
        coverage=Coverage(
            400,
            versions * 3,
            found[0].first_seen.captured_at,
            found[-1].last_seen.captured_at,
            180,
            per_month=tuple((f"{2010 + n // 12}-{n % 12 + 1:02}", n % 9 + 1) for n in range(120)),
        ),
    )


def _word(random: Random) -> str:
    return "".join(
        random.choice("bcdfghjklmnprstvw") + random.choice("aeiou")
        for _ in range(random.randint(1, 4))
    )


def _paragraph(random: Random, vocabulary: list[str]) -> str:
    return " ".join(random.choices(vocabulary, k=_WORDS)).capitalize() + "."


def _reworded(random: Random, text: str, vocabulary: list[str]) -> str:
    kept = text.split()
    kept[random.randrange(len(kept))] = random.choice(vocabulary)
    return " ".join(kept)


def _url(identifier: str) -> str:
    return f"https://{identifier.partition('/')[0]}.example/privacy"


def _version(identifier: str, number: int, lines: list[str]) -> Version:
    blocks = []
    for index, line in enumerate(lines):
        if index % 7 == 0:
            blocks.append(Block("heading", f"Section {index // 7 + 1}", level=2))
        blocks.append(Block("paragraph", line, (f"Section {index // 7 + 1}",)))
    document = Document("Privacy policy", tuple(blocks), "en", rules="benchmark")
    first = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=365 * (number - 1))
    return Version(
        identifier,
        number,
        sha256("\n".join(lines).encode()),
        document,
        _sighting(identifier, first),
        _sighting(identifier, first + timedelta(days=300)),
        3,
    )


def _sighting(identifier: str, at: datetime) -> Sighting:
    url = _url(identifier)
    memento = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}id_/{url}"
    return Sighting(at, url, memento, sha256(memento.encode()), "DIGEST", True)


def _block(paragraph: int) -> int:
    return paragraph + paragraph // 7 + 1


def _change(old: Version, new: Version, touched: list[int]) -> Change:
    changed = {_block(index) for index in touched}
    blocks = tuple(
        BlockChange("changed", n, n, _edits(before.text, after.text))
        if n in changed and before.text != after.text
        else BlockChange("equal", n, n)
        for n, (before, after) in enumerate(
            zip(old.document.blocks, new.document.blocks, strict=True)
        )
    )
    clauses = tuple(
        ClauseChange(before.topic, "reworded", before, after, "same topic", 30, "words changed")
        for before, after in ((_clause(old, n), _clause(new, n)) for n in touched[:4])
    )
    window = Window(old.last_seen.captured_at, new.first_seen.captured_at)
    return Change(
        old.policy, old.number, new.number, "substantive", window, Diff(blocks, 7, 7), clauses
    )


def _edits(before: str, after: str) -> tuple[Edit, ...]:
    old, new = before.split(" "), after.split(" ")
    at = next(n for n, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1])
    return (
        Edit("equal", " ".join(old[:at]) + " "),
        Edit("delete", old[at]),
        Edit("insert", new[at]),
        Edit("equal", " " + " ".join(old[at + 1 :])),
    )


def _clause(version: Version, paragraph: int) -> Clause:
    text = version.document.blocks[_block(paragraph)].text
    stance = ("asserts", "denies", "conditional")[paragraph % 3]
    topic = f"topic_{paragraph % _TOPICS}"
    return Clause(topic, stance, text, "Section", "rule", _block(paragraph))  # type: ignore[arg-type]


class Histories:
    """Kept in files, as a database keeps them; reading them counts as part of the build."""

    def __init__(self, folder: Path, policies: int, versions: int) -> None:
        self.folder = folder
        self.versions = {f"service-{n:04}/privacy": versions for n in range(policies)}
        for identifier in self.versions:
            self.keep(identifier)

    def keep(self, identifier: str) -> None:
        made = history(int(identifier[8:12]), self.versions[identifier])
        _path(self.folder, identifier).write_bytes(msgspec.msgpack.encode(made))

    def site(self) -> SiteInput:
        return SiteInput(
            tuple(PolicyRef(one, f"{one} {count}") for one, count in self.versions.items()),
            partial(load, self.folder),
            tuple(Topic(f"topic_{n}", f"topic {n}", "Made up.", ("en",)) for n in range(_TOPICS)),
            (LegalEvent(date(2018, 5, 25), "gdpr", "GDPR", "applies"),),
            base_url="https://changes.example/",
            last_run=datetime(2026, 1, 1, tzinfo=UTC),
        )


def _path(folder: Path, identifier: str) -> Path:
    return folder / identifier.replace("/", ".")


def load(folder: Path, identifier: str) -> History:
    return msgspec.msgpack.decode(_path(folder, identifier).read_bytes(), type=History)


def measured(name: str, folder: Path, histories: Histories, mapper: Mapper) -> SiteResult:
    started, (before, _) = time.perf_counter(), spent(mapper)
    result = write_site(folder, parts(histories.site()), mapper=mapper)
    seconds = time.perf_counter() - started
    after, memory = spent(mapper)
    busy = after - before
    print(
        f"{name:<18} {seconds:7.1f} s  {busy:6.1f} s CPU  {memory:6.0f} MB  "
        f"{len(result.written):7,} written  {result.unchanged:7,} unchanged  "
        f"{len(result.removed):3,} removed  {result.rendered:5,} parts rendered"
    )
    return result


def spent(mapper: Mapper) -> tuple[float, float]:
    """CPU seconds and peak megabytes, of this process and its workers together."""
    known = {os.getpid(): _usage(0)[1:], **{pid: own for pid, *own in mapper(_usage, range(64))}}
    return sum(cpu for cpu, _ in known.values()), sum(peak for _, peak in known.values())


def _usage(_: int) -> tuple[int, float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return os.getpid(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _mapper(workers: int) -> AbstractContextManager[Mapper]:
    return processes(workers) if workers > 1 else serial()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--policies", type=int, default=1000)
    options.add_argument("--versions", type=int, default=10)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary, _mapper(asked.workers) as mapper:
        folder = asked.folder or Path(temporary) / "site"
        kept = Path(temporary) / "histories"
        kept.mkdir()
        histories = Histories(kept, asked.policies, asked.versions)
        print(f"{asked.policies:,} policies of {asked.versions} versions, {asked.workers} workers")
        measured("full build", folder, histories, mapper)
        measured("nothing new", folder, histories, mapper)
        first = next(iter(histories.versions))
        histories.versions[first] += 1
        histories.keep(first)
        touched = measured("one new version", folder, histories, mapper).written
        kinds = Counter(
            path.partition("/")[0] if "service" not in path else "the policy" for path in touched
        )
        print("touched: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
        heaviest = max(folder.rglob("*.html"), key=lambda path: path.stat().st_size)
        print(f"heaviest page: {heaviest.relative_to(folder)}, {heaviest.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
