"""Local files as a source of archived documents. Reads; judges nothing."""

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tracker.errors import UnusableFile

MOST_BYTES = 50_000_000
WARC_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_MAGIC = (b"WARC/", b"filedesc://")


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and all files below the folders named, sorted; hidden ones left out."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.is_file()
                and not any(part.startswith(".") for part in file.relative_to(path).parts)
            )
        else:
            yield path


def is_warc(path: Path) -> bool:
    """By name or by its first bytes: taken for a page, a WARC would be a capture of nothing."""
    return path.name.lower().endswith(WARC_SUFFIXES) or _start(path).startswith(_MAGIC)


def _start(path: Path) -> bytes:
    """Some first bytes, unpacked; nothing of a pipe, which cannot be read twice."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            start = file.read(1000)
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, 100)
    except zlib.error:
        return start
    except OSError:
        return b""


def read(path: Path) -> bytes:
    """The file's bytes; UnusableFile says why there are none to work with."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)  # of a device there is no end
    except FileNotFoundError as error:
        raise UnusableFile(f"{path}: no such file") from error
    except OSError as error:
        raise UnusableFile(f"{path}: cannot be read ({error.strerror})") from error
    if len(body) > MOST_BYTES:
        raise UnusableFile(f"{path}: longer than any policy (limit {MOST_BYTES // 10**6} MB)")
    if not body.strip():
        raise UnusableFile(f"{path}: empty")
    return body
