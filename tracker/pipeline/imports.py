"""Archived documents from files into snapshots/: find out what each is, keep it as it came."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from tracker import archive, timestamps
from tracker.archive import files
from tracker.errors import ArchiveError, UnusableFile
from tracker.model import Capture, Policy, SnapshotSource
from tracker.normalize import normalize
from tracker.normalize.corpus import CorpusHeader, policy_id, read_header
from tracker.normalize.sniff import Kind, decompressed, recognise
from tracker.pipeline.workspace import Workspace

CONTENT_TYPES: dict[Kind, str] = {
    "html": "text/html",
    "pdf": "application/pdf",
    "text": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the user said of the files; it goes before what they say themselves."""

    policy: str | None = None
    url: str | None = None
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file; `policy` is "" where it could not be used."""

    file: str
    outcome: Literal["kept", "held", "unusable"]
    policy: str = ""
    url: str = ""  # "" where the file's address is not known
    captured_at: datetime | None = None
    message: str = ""


def keep_files(workspace: Workspace, paths: Iterable[Path], told: Told) -> Iterator[Imported]:
    """Keep each file as a snapshot. One unusable file is a result, not an end.

    A full or read-only disk is an end (StoreError): every further file would meet it too.
    """
    for path in files.expand(paths):
        try:
            if files.is_warc(path):
                yield from _keep_warc(workspace, path, told)
            else:
                yield _keep_document(workspace, path, told)
        except UnusableFile as error:
            yield Imported(str(path), "unusable", message=str(error))


def _keep_document(workspace: Workspace, path: Path, told: Told) -> Imported:
    body = files.read(path)
    kind, problem = recognise(decompressed(body)[0])
    if kind not in CONTENT_TYPES:
        raise UnusableFile(f"{path}: {problem}; expected HTML, PDF, WARC, Markdown or plain text")
    header = read_header(body.decode("utf-8", "replace")) if kind == "text" else None
    policy, url, at = _facts(workspace, path, body, kind, header, told)
    source: SnapshotSource = "extracted" if kind == "text" else "raw"
    _, new = workspace.snapshots.add_file(
        policy,
        url=url or f"file:///{path.name}",
        captured_at=at,
        body=body,
        content_type=CONTENT_TYPES[kind],
        memento_url=header.memento_url if header else "",
        source=source,
    )
    return Imported(str(path), "kept" if new else "held", policy, url, at)


def _facts(
    workspace: Workspace,
    path: Path,
    body: bytes,
    kind: Kind,
    header: CorpusHeader | None,
    told: Told,
) -> tuple[str, str, datetime]:
    """Policy, URL ("" if unknown) and time: told, or of the corpus header, or of the document."""
    policy = told.policy or (policy_id(header.site) if header else None)
    if not policy:
        raise UnusableFile(
            f"{path}: names no site; say which policy with --policy SERVICE/DOCUMENT"
        )
    url = told.url or (header.url if header else "") or _watched_url(workspace, policy)
    at = told.captured_at or (header.captured_at if header else None)
    return policy, url, at or _own_date(path, body, kind)


def _own_date(path: Path, body: bytes, kind: Kind) -> datetime:
    document = normalize(body, CONTENT_TYPES[kind])
    if document.declared_date is None:
        problem = document.problem or 'has no date of its own ("last updated …")'
        raise UnusableFile(
            f"{path}: {problem}; say when it was captured with --captured-at 2018-05-01"
        )
    return timestamps.midnight(document.declared_date)


def _watched_url(workspace: Workspace, policy: str) -> str:
    known = workspace.policy(policy)
    return known.urls[-1].url if known and known.urls else ""


def _keep_warc(workspace: Workspace, path: Path, told: Told) -> Iterator[Imported]:
    """Every capture of a watched address in the WARC, or of the address told."""
    if not path.exists():
        raise UnusableFile(f"{path}: no such file")
    source = archive.open_archive(archive.ArchiveSettings(kind="warc", path=path))
    found = 0
    problem = ""
    for policy, url in _wanted(workspace, told):
        listing = source.list(url, now=workspace.now())
        problem = listing.problem
        for capture in listing.captures:
            found += 1
            yield _keep_capture(workspace, source, path, policy, capture)
    if problem:
        raise UnusableFile(f"{problem}; what comes before was taken")
    if not found:
        raise UnusableFile(
            f"{path}: holds no capture of a watched address; "
            "name one with --policy SERVICE/DOCUMENT --url URL"
        )


def _keep_capture(
    workspace: Workspace, source: archive.Archive, path: Path, policy: str, capture: Capture
) -> Imported:
    url, at = capture.original, capture.at
    before = len(workspace.snapshots.list(policy))
    try:
        workspace.snapshots.add(policy, source.fetch(capture))
    except ArchiveError as error:
        message = f"{path}: {error}"
        return Imported(str(path), "unusable", policy, url, at, message)
    new = len(workspace.snapshots.list(policy)) > before
    return Imported(str(path), "kept" if new else "held", policy, url, at)


def _wanted(workspace: Workspace, told: Told) -> list[tuple[str, str]]:
    if told.policy and told.url:
        return [(told.policy, told.url)]
    policies: Iterable[Policy] = workspace.policies
    if told.policy:
        policies = (policy for policy in policies if policy.id == told.policy)
    return [(policy.id, url.url) for policy in policies for url in policy.urls]
