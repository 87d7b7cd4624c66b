"""Files that survive power cuts and full disks: whole or as before, each failure with a remedy."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.errors import StoreError, Unreadable

_ID = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")
_REMEDIES = {
    errno.EACCES: "give yourself the right to it (chmod, chown)",
    errno.EPERM: "give yourself the right to it (chmod, chown)",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.ENOSPC: "the disk is full; make room and run again, nothing is lost",
    errno.EDQUOT: "your disk quota is used up; make room and run again, nothing is lost",
    errno.EFBIG: "the file system allows no larger files; choose another folder",
    errno.ENAMETOOLONG: "choose a shorter policy id",
    errno.ENOTDIR: "a file is where a folder is needed; move it away",
    errno.EEXIST: "a file is where a folder is needed; move it away",
    errno.EISDIR: "a folder is where a file is needed; move it away",
}


def policy_path(root: Path, policy: str, suffix: str) -> Path:
    """
    >>> policy_path(Path("snapshots"), "acme/privacy", ".cdxj").as_posix()
    'snapshots/acme/privacy.cdxj'
    """
    if not _ID.fullmatch(policy):
        raise StoreError(f'"{policy}" is no policy id; expected service/document, [a-z0-9-] each')
    service, _, document = policy.partition("/")
    return root / service / (document + suffix)


def policy_of(path: Path, suffix: str) -> str:
    """The other way round; "" for a file that some other program put there."""
    policy = f"{path.parent.name}/{path.name.removesuffix(suffix)}"
    return policy if _ID.fullmatch(policy) else ""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    with _explained(path, "read", Unreadable):
        yield


@contextmanager
def writing(path: Path) -> Iterator[None]:
    with _explained(path, "written", StoreError):
        yield


def append(path: Path, record: bytes) -> None:
    """On the disk in full when this returns; the file as it was when it raises."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        size = path.stat().st_size if path.exists() else 0
        try:
            with path.open("ab") as file:
                file.write(record)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:  # also Ctrl-C between two writes
            with suppress(OSError):
                os.truncate(path, size)
            raise
        if size == 0:
            _sync_folder(path.parent)


def replace(path: Path, content: bytes) -> None:
    """The old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A new name survives a power cut only once its folder is on the disk as well."""
    with suppress(OSError):  # not every platform opens folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _explained(path: Path, verb: str, kind: type[StoreError]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "mend this and run again")
        where = error.filename or path
        raise kind(f"{where}: cannot be {verb} ({error.strerror}); {remedy}") from error
