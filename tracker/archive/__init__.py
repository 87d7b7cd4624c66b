"""The archive edge: list captures, fetch mementos; politely, completely, and judging nothing."""

from tracker.archive.opening import open_archive
from tracker.archive.protocol import Archive
from tracker.archive.settings import ArchiveSettings, estimate_seconds

__all__ = ["Archive", "ArchiveSettings", "estimate_seconds", "open_archive"]
