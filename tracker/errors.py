"""What can go wrong, named by remedy.

    TrackerError
    ├── ConfigError          mend the named line of a settings file
    ├── UnusableFile         choose another file; the rest of an import goes on
    ├── NotFound             no such policy, version or topic; the message lists what there is
    ├── Locked               another run is at work; wait for it
    ├── StoreError           snapshots/ or the database cannot be read or written
    │   └── Unreadable       the files of one policy are damaged; those of the others are not
    ├── ArchiveError
    │   ├── NotArchived      the archive has no such capture: skip for good
    │   ├── Blocked          excluded by the archive or by robots.txt: skip for good
    │   ├── Unplayable       listed but not replayable: try a neighbour
    │   ├── DamagedBody      shorter or other than announced: ask once more
    │   └── Unavailable      throttled or down: come back after `retry_after` seconds
    └── SendError            a message could not be handed over
        ├── NoService        nor could any other: the server is down or refuses us
        └── Unconfirmed      it was handed over, but the answer was lost

`args` equal the constructor's arguments, so that every error survives pickling between processes.
"""


class TrackerError(Exception):
    """Something the user or the caller can act on."""


class ConfigError(TrackerError):
    pass


class UnusableFile(TrackerError):
    pass


class NotFound(TrackerError):
    pass


class Locked(TrackerError):
    pass


class StoreError(TrackerError):
    pass


class Unreadable(StoreError):
    pass


class ArchiveError(TrackerError):
    pass


class NotArchived(ArchiveError):
    pass


class Blocked(ArchiveError):
    pass


class Unplayable(ArchiveError):
    pass


class DamagedBody(ArchiveError):
    pass


class Unavailable(ArchiveError):
    """`retry_after` is in seconds, None where the archive did not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return str(self.args[0])


class SendError(TrackerError):
    """`permanent` where trying again cannot help (an SMTP 5xx for this recipient)."""

    def __init__(self, message: str, permanent: bool = False) -> None:
        super().__init__(message, permanent)
        self.permanent = permanent

    def __str__(self) -> str:
        return str(self.args[0])


class NoService(SendError):
    pass


class Unconfirmed(SendError):
    pass
