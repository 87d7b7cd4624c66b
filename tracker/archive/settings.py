"""Which archive is asked, how fast, and under which name."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from tracker.errors import ConfigError

Kind = Literal["wayback", "pywb", "warc", "timemap"]
KINDS: tuple[str, ...] = get_args(Kind)

WAYBACK_MACHINE = "web.archive.org"

# What the archive's staff ask clients to stay under (80 % of the hard limits 30 and 600 a minute).
ADVISED_CDX_PER_MINUTE = 24
ADVISED_REPLAYS_PER_MINUTE = 480


def _silent(_message: str) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """The `[archive]` section, and the outside world's clock for tests to replace."""

    url: str = f"https://{WAYBACK_MACHINE}"
    kind: Kind | None = None  # found out by asking where None
    path: Path | None = None  # of kind "warc": a file or a folder of them
    contact: str = ""  # an address the archive's staff can write to
    cdx_per_minute: float = ADVISED_CDX_PER_MINUTE
    replays_per_minute: float = 60
    timeout: float = 60.0  # seconds to connect, and between two reads
    redirect_window: timedelta = timedelta(hours=24)  # how far an archived redirect may drift
    state_dir: Path | None = None  # pace and cool-downs; the user's state folder where None
    save_page_now: bool = False
    max_body: int = 30_000_000  # bytes, before and after content-coding is removed
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    notify: Callable[[str], None] = _silent  # told before every pause a user would wonder about


def is_local(settings: ArchiveSettings) -> bool:
    """Files on this machine: nobody has to be asked."""
    return settings.kind == "warc" or (settings.kind is None and settings.path is not None)


def is_wayback_machine(url: str) -> bool:
    return urlsplit(url).hostname == WAYBACK_MACHINE


def base_url(settings: ArchiveSettings) -> str:
    """The archive's address without a slash at its end; https for the Wayback Machine, whose
    port 80 was seen refusing in 2026-09."""
    url = settings.url.strip().rstrip("/")
    if not _is_web_address(url):
        raise ConfigError(
            f'[archive] url = "{settings.url}" is not a web address; '
            f'expected one like "https://{WAYBACK_MACHINE}"'
        )
    return "https:" + url.partition(":")[2] if is_wayback_machine(url) else url


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def check(settings: ArchiveSettings) -> None:
    """ConfigError with the line to mend, or nothing."""
    if settings.kind is not None and settings.kind not in KINDS:
        raise ConfigError(
            f'[archive] kind = "{settings.kind}" is unknown; expected one of {", ".join(KINDS)}'
        )
    for key in ("cdx_per_minute", "replays_per_minute", "timeout", "max_body"):
        if getattr(settings, key) <= 0:
            raise ConfigError(f"[archive] {key} = {getattr(settings, key)}: expected more than 0")
    if not settings.contact.isascii() or not settings.contact.isprintable():
        raise ConfigError("[archive] contact is sent as a header; expected plain ASCII")
    if not is_local(settings) and is_wayback_machine(base_url(settings)):
        _check_manners(settings)


def _check_manners(settings: ArchiveSettings) -> None:
    """What the Wayback Machine asks of crawlers."""
    if not settings.contact.strip():
        raise ConfigError(
            f"a crawl of {WAYBACK_MACHINE} needs an address its staff can write to; "
            'add to tracker.toml: [archive] contact = "you@example.org"'
        )
    for key, most in (
        ("cdx_per_minute", ADVISED_CDX_PER_MINUTE),
        ("replays_per_minute", ADVISED_REPLAYS_PER_MINUTE),
    ):
        if getattr(settings, key) > most:
            raise ConfigError(
                f"[archive] {key} = {getattr(settings, key)}: {WAYBACK_MACHINE} "
                f"asks clients to stay at {most} a minute or below"
            )


def estimate_seconds(settings: ArchiveSettings, *, cdx: int, replays: int) -> float:
    """The least time so many requests take at the configured pace.

    >>> estimate_seconds(ArchiveSettings(), cdx=2, replays=30)
    35.0
    """
    return cdx * 60 / settings.cdx_per_minute + replays * 60 / settings.replays_per_minute
