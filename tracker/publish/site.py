"""Write the site into its folder, and serve a preview. What the pages say is not decided here.

How a reader never sees half a site: all new files are first written whole beneath .build/new; then
they are renamed into place, which is atomic for each: first the pages that did not exist, to which
nothing leads yet, then those that are replaced, the home page last, then what is gone is removed.
So at each instant every page is whole, and no link a reader can come to is dead.

How a killed build does no harm: .build/manifest.json names every file with the part that made it.
Before the first rename it is replaced by one that names old and new files and no fingerprint, so
that the next build renders all parts of this one again and removes what nobody claims.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Protocol

import msgspec

from tracker.errors import ConfigError, StoreError
from tracker.model import SitePart

_OURS = ".build"
_MANIFEST = f"{_OURS}/manifest.json"
_NEW = f"{_OURS}/new"
_BATCH = 64  # parts handed to a mapper at once: at most 100 MB of pages wait to be written


@dataclass(frozen=True, slots=True)
class SiteResult:
    """What a build did, in files."""

    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    rendered: int  # parts; the others' fingerprints had not changed


class _Written(msgspec.Struct, frozen=True):
    """A part as it was last written."""

    fingerprint: str
    files: dict[str, int]  # path -> bytes


Manifest = dict[str, _Written]
File = tuple[str, bytes]


class Mapper(Protocol):
    """Shaped like `map`, results in the order of the items; see executors.py."""

    def __call__(
        self, fn: Callable[[SitePart], list[File]], items: Iterable[SitePart], /
    ) -> Iterator[list[File]]: ...


@dataclass(slots=True)
class _Build:
    folder: Path
    there: frozenset[str]  # what the last build wrote
    # Path -> number of the file beneath .build/new. One flat folder: making and removing folders
    # took a quarter of a large build.
    staged: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    rendered: int = 0
    parts: Manifest = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """What a reader will find at `path` after this build."""
        number = self.staged.get(path)
        place = self.folder / path if number is None else self.folder / _NEW / str(number)
        return place.read_bytes()

    def take(self, parts: Iterable[SitePart], before: Manifest, mapper: Mapper) -> None:
        """Stage a batch of parts that do not read one another."""
        stale = []
        for part in parts:
            known = before.get(part.name)
            if known and _is_current(self.folder, part, known):
                self.parts[part.name] = known
                self.unchanged += len(known.files)
            else:
                stale.append(part)
        for part, files in zip(stale, mapper(_rendered, stale), strict=True):
            self._take(part, files)

    def read_by(self, part: SitePart) -> None:
        self._take(part, part.render(self.read))

    def _take(self, part: SitePart, files: Iterable[File]) -> None:
        self.rendered += 1
        sizes = {}
        for path, body in files:
            sizes[path] = len(body)
            self._stage(path, body)
        self.parts[part.name] = _Written(part.fingerprint, sizes)

    def _stage(self, path: str, body: bytes) -> None:
        if path in self.there and _holds(self.folder / path, body):
            self.unchanged += 1
            return
        number = self.staged[path] = len(self.staged)
        _write(self.folder / _NEW / str(number), body)


def write_site(folder: Path, parts: Iterable[SitePart], *, mapper: Mapper = map) -> SiteResult:
    """Bring the folder up to date with `parts`, rendered by `mapper`; see the module's docstring
    for how."""
    before = _manifest(folder)
    _clear(folder / _NEW)
    build = _Build(folder, frozenset(_files(before)))
    try:
        for reads, some in groupby(parts, key=attrgetter("reads")):
            while batch := list(islice(some, 1 if reads else _BATCH)):
                if reads:
                    build.read_by(batch[0])
                else:
                    build.take(batch, before, mapper)
        removed = build.there - _files(build.parts)
        if build.staged or removed or before != build.parts:
            _save(folder, _doubtful(before, build.parts))
            _place(folder, sorted(build.staged.items(), key=lambda one: one[0] in build.there))
            _remove(folder, removed)
            _save(folder, build.parts)
    except OSError as error:
        raise StoreError(
            f"{folder}: the site could not be written ({error}); "
            "make room or choose another folder, then build it again"
        ) from error
    finally:
        _clear(folder / _NEW)
    return SiteResult(tuple(build.staged), build.unchanged, tuple(sorted(removed)), build.rendered)


def _rendered(part: SitePart) -> list[File]:
    return list(part.render(_nothing))


def _nothing(path: str) -> bytes:
    raise LookupError(f"a part that does not say it reads asked for {path}")


def _manifest(folder: Path) -> Manifest:
    """What the last build wrote; {} for a new folder, an error for somebody else's."""
    path = folder / _MANIFEST
    if path.is_file():
        try:
            return msgspec.json.decode(path.read_bytes(), type=Manifest)
        except msgspec.DecodeError:
            return {}  # cut off by a full disk: everything is rendered and compared anew
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file; name a folder for the site, new or empty")
    if name := _foreign(folder):
        raise StoreError(
            f'{folder} holds other files ("{name}") and no site of this program; hundreds of '
            f"pages would stand among them. Choose a new or empty folder, such as {folder / 'site'}"
        )
    return {}


def _foreign(folder: Path) -> str:
    """The first thing in a folder that an interrupted first build cannot have left. Hidden files
    do no harm: .git of a branch the site is published from."""
    names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    return next((name for name in names if not name.startswith(".")), "")


def _is_current(folder: Path, part: SitePart, known: _Written) -> bool:
    """The same input as last time, and nobody has taken its files away since."""
    if not part.fingerprint or part.fingerprint != known.fingerprint:
        return False
    return all(_size(folder / path) == size for path, size in known.files.items())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _holds(path: Path, body: bytes) -> bool:
    try:
        return path.stat().st_size == len(body) and path.read_bytes() == body
    except FileNotFoundError:
        return False


def _write(path: Path, body: bytes) -> None:
    """Three system calls instead of the seven of `Path.write_bytes`: a large site has 34,000
    files, and where calls are dear (containers) they are half of the time."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        written = os.write(file, body)
        while written < len(body):
            written += os.write(file, body[written:])
    finally:
        os.close(file)


def _files(parts: Manifest) -> set[str]:
    return {path for part in parts.values() for path in part.files}


def _doubtful(before: Manifest, after: Manifest) -> Manifest:
    """The manifest for the time of renaming: old and new files, and no part to be trusted that
    this build changes."""
    return {
        name: known
        if (known := after.get(name)) and known == before.get(name)
        else _Written("", {**_known(before, name), **_known(after, name)})
        for name in sorted(before.keys() | after.keys())
    }


def _known(parts: Manifest, name: str) -> dict[str, int]:
    return parts[name].files if name in parts else {}


def _save(folder: Path, parts: Manifest) -> None:
    staged = folder / f"{_MANIFEST}.new"
    _write(staged, msgspec.json.encode(dict(sorted(parts.items()))))
    staged.replace(folder / _MANIFEST)


def _place(folder: Path, staged: Iterable[tuple[str, int]]) -> None:
    for path, number in staged:
        source, target = folder / _NEW / str(number), folder / path
        try:
            source.replace(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """The files, and the folders they leave empty."""
    for path in sorted(paths):
        (folder / path).unlink(missing_ok=True)
        for parent in _parents(folder, path):
            try:
                parent.rmdir()
            except OSError:  # not empty
                break


def _parents(folder: Path, path: str) -> Iterator[Path]:
    parent = (folder / path).parent
    while parent != folder:
        yield parent
        parent = parent.parent


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


class _Preview(SimpleHTTPRequestHandler):
    """Files, the site's own 404 page, and no log line per request."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


def server(folder: Path, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server of the site, not yet running; port 0 takes a free one (`server_port`)."""
    if not (folder / "index.html").is_file():
        raise StoreError(f'{folder} holds no site; run "policy-tracker site build" first')
    try:
        return ThreadingHTTPServer((host, port), partial(_Preview, directory=str(folder)))
    except OSError as error:
        raise ConfigError(
            f"{host}:{port} cannot be listened on ({error.strerror}); choose another port"
        ) from error
