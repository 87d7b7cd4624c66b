"""Ways to map a function over items: here, in processes, or on a Dask cluster.

Each yields a function shaped like `map`: lazy, results in input order. What is mapped is a
top-level function that takes references and returns values; only the parent writes.
"""

import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import Any, Protocol, TypeVar

from tracker.errors import ConfigError

T = TypeVar("T")
R = TypeVar("R")

# A local cluster: one page at a time in each process, and no fixed port for the dashboard.
_LOCAL = {"threads_per_worker": 1, "dashboard_address": ":0"}


class Mapper(Protocol):
    def __call__(self, fn: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]: ...


def calm() -> None:
    """Look for reference cycles seldom in this process: documents are large and have none, and
    looking took a tenth of the time (benchmarks/pipeline.py)."""
    gc.freeze()  # what was imported stays to the end
    gc.set_threshold(50_000)


def serial() -> nullcontext[Mapper]:
    return nullcontext(map)


@contextmanager
def processes(workers: int) -> Iterator[Mapper]:
    """A pool on this machine, started when first used. An empty item costs half a ms
    (benchmarks/executors.py), a page more than ten times that, so none wait for others."""
    context = multiprocessing.get_context("forkserver")
    # Ctrl-C reaches every process of a terminal; the parent alone answers it.
    deaf = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(workers, context, signal.signal, deaf) as pool:
        yield _mapper(pool.submit, batch=1, ahead=8 * workers)


@contextmanager
def dask(address: str | None = None, batch: int = 50) -> Iterator[Mapper]:
    """A cluster, or a local one without an address. Dask costs milliseconds a task, so `batch`
    items are one task (benchmarks/executors.py prints both)."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ConfigError('Dask is an extra: pip install "policy-tracker[dask]"') from error
    try:
        client = Client(address) if address else Client(**_LOCAL)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f'no Dask scheduler answers at {address}; start one with "dask scheduler"'
        ) from error
    with client:
        # pure=False: Dask would hold equal items for one task and send its result twice.
        yield _mapper(lambda *task: client.submit(*task, pure=False), batch=batch, ahead=100)


def _mapper(submit: Callable[..., Any], *, batch: int, ahead: int) -> Mapper:
    """`submit` gives futures. At most `ahead` batches are out: results wait in memory."""

    def mapped(fn: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        batches = _batches(items, batch)
        out = deque(submit(_each, fn, part) for part in islice(batches, ahead))
        try:
            while out:
                results = out.popleft().result()
                out.extend(submit(_each, fn, part) for part in islice(batches, 1))
                yield from results
        finally:
            for future in out:
                future.cancel()

    return mapped


def _each(fn: Callable[[T], R], items: list[T]) -> list[R]:
    return [fn(item) for item in items]


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
