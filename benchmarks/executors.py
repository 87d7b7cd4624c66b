"""What each executor costs to start, for an empty item, and for a page to normalise.

    python benchmarks/executors.py [--pages 400] [--workers 2]

Wall-clock seconds: the point of an executor is to end sooner. Pages are made up, some 65 kB each.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager

from pages import policy_pages

from tracker.executors import Mapper, dask, processes, serial
from tracker.normalize import normalize

_EMPTY = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    pages = [body for n in range(wanted.pages // 4) for _, body in policy_pages(n, 4)]
    print(f"{'executor':12} {'start, s':>9} {'an empty item, ms':>18} {'pages a second':>15}")
    for name, opened in executors(wanted.workers):
        start = time.perf_counter()
        with opened as mapper:
            list(mapper(abs, range(1)))
            ready = time.perf_counter()
            list(mapper(abs, range(_EMPTY)))
            empty = time.perf_counter()
            words = sum(mapper(count_words, pages))
            done = time.perf_counter()
        assert words > len(pages) * 1_000, "pages were not read"
        print(
            f"{name:12} {ready - start:9.2f} {(empty - ready) / _EMPTY * 1000:18.3f} "
            f"{len(pages) / (done - empty):15.0f}"
        )


def executors(workers: int) -> Iterator[tuple[str, AbstractContextManager[Mapper]]]:
    yield "serial", serial()
    yield f"{workers} processes", processes(workers)
    yield "dask, 50", dask()
    yield "dask, 1", dask(batch=1)


def count_words(body: bytes) -> int:
    return normalize(body, "text/html", "https://example.org/privacy").words


if __name__ == "__main__":
    main()
