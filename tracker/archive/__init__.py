"""The archive edge: list captures, fetch mementos; politely, completely, and judging nothing."""

from tracker.archive.protocol import Archive
from tracker.archive.settings import ArchiveSettings, estimate_seconds

__all__ = ["Archive", "ArchiveSettings", "estimate_seconds", "open_archive"]


def open_archive(settings: ArchiveSettings) -> Archive:
    """The archive the settings name; ConfigError where they cannot work. No request is sent yet."""
    from tracker.archive import opening  # the HTTP client takes a quarter of a second to load

    return opening.open_archive(settings)
