"""Ways to map a function over items: here, in processes, or on a Dask cluster.

Each yields a function shaped like `map`: results in input order. What is mapped is a top-level
function that takes references and returns values; only the parent writes.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Mapper(Protocol):
    def __call__(self, fn: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]: ...


def serial() -> nullcontext[Mapper]:
    return nullcontext(map)


@contextmanager
def processes(workers: int) -> Iterator[Mapper]:
    """A pool on this machine. A page costs about a millisecond, so 8 go in a parcel."""
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield lambda fn, items: pool.map(fn, items, chunksize=8)


@contextmanager
def dask(address: str | None = None, batch: int = 50) -> Iterator[Mapper]:
    """A cluster, or a local one without an address. Dask costs 4-6 ms a task, so `batch` items
    are one task (benchmarks/executors.py prints both)."""
    from distributed import Client  # the "dask" extra

    with Client(address) as client:  # type: ignore[no-untyped-call]

        def mapped(fn: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
            futures = [client.submit(_each, fn, part, pure=False) for part in _parts(items, batch)]
            for future in futures:
                yield from future.result()

        yield mapped


def _each(fn: Callable[[T], R], items: list[T]) -> list[R]:
    return [fn(item) for item in items]


def _parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
