"""What the whole main job costs a page, stage by stage: from stored snapshots to the report.

    python benchmarks/pipeline.py [--policies 200] [--captures 6] [--workers 2]

No network: made-up pages of some 65 kB are put into snapshots/ as fetched mementos. Prints CPU
milliseconds a page for each stage of a first run, then a run with nothing new, the reports, the
same from processes in wall-clock seconds, and peak memory.
"""

import argparse
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from pages import policy_pages

from tracker import quality, report, timestamps, versions
from tracker.executors import Mapper, calm, processes
from tracker.model import Capture, Memento, Policy, WatchedUrl
from tracker.pipeline import derive, questions, update
from tracker.pipeline.workspace import Workspace, open_workspace
from tracker.render import html
from tracker.render import json as json_form
from tracker.store.database import Database
from tracker.store.snapshots import SnapshotStore

# Where the pipeline finds each stage; a stage called by another counts for itself alone.
STAGES = (
    (SnapshotStore, "read", "read snapshots"),
    (derive, "normalize", "normalise"),
    (Database, "documents", "cache: load documents"),
    (Database, "save_documents", "cache: save documents"),
    (quality, "judge", "judge"),
    (derive, "drop_furniture", "furniture"),
    (versions, "derive", "derive versions"),
    (derive, "find_clauses", "find clauses"),
    (derive, "compare", "compare"),
    (versions, "classify", "classify"),
    (derive, "clause_changes", "clause changes"),
    (derive, "profile", "profile"),
    (derive, "dated_references", "dated references"),
    (derive, "citation_labels", "citation labels"),
    (update, "noticing", "notices"),
    (Database, "save_history", "save"),
    (Database, "history", "load"),
    (update, "inputs_of", "digest of inputs"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=200)
    parser.add_argument("--captures", type=int, default=6)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    calm()
    pages = wanted.policies * wanted.captures
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size, seconds = timed(lambda: keep(folder, wanted.policies, wanted.captures))
        print(f"{pages} pages, {size / pages / 1000:.0f} kB each")
        told("keep as WARC", seconds, pages)
        told_memory("before the first run")
        first_run(folder, wanted.policies, pages)
        told_memory("after it")
        second_run(folder, wanted.policies, pages)
        told_memory("after the report of all policies")
        in_processes(folder, wanted.policies, pages, wanted.workers)


def keep(folder: Path, count: int, captures: int) -> int:
    """Bytes of all the pages that were put into the snapshot store."""
    store = SnapshotStore(folder / "snapshots")
    size = 0
    for number, policy in enumerate(policies(count)):
        for at, body in policy_pages(number, captures):
            store.add(policy.id, memento(policy.urls[0].url, at, body))
            size += len(body)
    return size


def first_run(folder: Path, count: int, pages: int) -> None:
    clock = StageClock()
    space = workspace(folder, "serial", count)
    for place, name, label in STAGES:
        setattr(place, name, clock.watched(label, getattr(place, name)))
    clauses, seconds = timed(lambda: clause_changes(space))
    for place, name, _ in STAGES:
        setattr(place, name, getattr(place, name).__wrapped__)
    for label, spent in clock.spent.most_common():
        told(f"  {label}", spent, pages)
    told("first run, all of it", seconds, pages)
    print(f"{len(clauses)} changes, {sum(clauses)} clause changes")
    space.database.close()


def clause_changes(space: Workspace) -> list[int]:
    """How many each change of all policies has; one history in memory at a time."""
    derived = update.bring_up_to_date(space, space.policies)
    return [len(change.clauses) for history, _ in derived for change in history.changes]


def second_run(folder: Path, count: int, pages: int) -> None:
    space = workspace(folder, "serial", count)
    _, seconds = timed(lambda: unchanged(space))
    told("second run, nothing new", seconds, pages)
    known, seconds = timed(lambda: questions.histories(space, space.policies))
    told("load histories", seconds, pages)
    made, seconds = timed(lambda: report.build(known, now=space.now()))
    told("report: choose and order", seconds, pages)
    names = questions.topic_names(space)
    told("report: JSON", timed(lambda: json_form.render(made))[1], pages)
    told("report: HTML", timed(lambda: html.render(made, names))[1], pages)
    space.database.close()


def unchanged(space: Workspace) -> None:
    for _, written in update.bring_up_to_date(space, space.policies):
        assert not written, "a second run wrote"


def in_processes(folder: Path, count: int, pages: int, workers: int) -> None:
    """Whole policies are mapped, and their new pages. The parent's share of the work says how many
    workers it can keep busy."""
    start, cpu = time.perf_counter(), time.process_time()
    with processes(workers) as mapper:
        derive_all(folder, "shared", count, mapper)
    seconds = time.perf_counter() - start
    told(f"{workers} processes: the parent", time.process_time() - cpu, pages)
    print(f"{seconds:.2f} s wall clock, {pages / seconds:,.0f} pages a second")


def derive_all(folder: Path, name: str, count: int, mapper: Mapper) -> None:
    space = workspace(folder, name, count, mapper)
    evidence = (derive.evidence(space, policy) for policy in space.policies)
    for history in mapper(derive.derived, evidence):
        space.database.save_history(history)
    space.database.close()


class StageClock:
    """CPU seconds by stage. What a stage spends in another counts for the other."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inner = [0.0]

    def watched(self, label: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(stage)
        def measured(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            self._inner.append(0.0)
            try:
                return stage(*args, **options)
            finally:
                took = time.process_time() - start
                self.spent[label] += took - self._inner.pop()
                self._inner[-1] += took

        return measured


def policies(count: int) -> tuple[Policy, ...]:
    return tuple(
        Policy(
            f"made-up-{n}/privacy", f"Made-up {n}", (WatchedUrl(f"https://{n}.example/privacy"),)
        )
        for n in range(count)
    )


def workspace(folder: Path, name: str, count: int, mapper: Mapper = map) -> Workspace:
    """One over the same snapshots, with a database of its own."""
    url = f"sqlite:///{folder / name}.db"
    now = timestamps.parse("2024-01-01")
    return open_workspace(
        policies(count), folder / "snapshots", url, now=lambda: now, mapper=mapper
    )


def memento(url: str, at: Any, body: bytes) -> Memento:
    stamp = timestamps.digits(at)
    capture = Capture(url, stamp, at, digest="", status=200, mimetype="text/html")
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Memento(capture, url, at, 200, headers, body, f"https://archive.example/{stamp}/{url}")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def told(label: str, seconds: float, pages: int) -> None:
    print(f"{label:28} {seconds:7.2f} s CPU {seconds / pages * 1000:9.2f} ms a page")


def told_memory(when: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {when}: {peak:,.0f} MB")


if __name__ == "__main__":
    main()
