"""Messages handed to this machine: to its sendmail command, or into a folder."""

import os
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import NoService, SendError, Unconfirmed
from tracker.model import Delivery

# Of sysexits.h: no such user, no such host, and a message that is not one.
_FOR_GOOD = {65: "EX_DATAERR", 67: "EX_NOUSER", 68: "EX_NOHOST"}


@dataclass(frozen=True, slots=True)
class SendmailCourier(AbstractContextManager["SendmailCourier"]):
    command: str
    sender: str
    timeout: float = 30.0

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, delivery: Delivery, at_risk: Callable[[], object]) -> None:
        """The message comes from a file: were it a pipe, our death in the middle of it would
        make the command send the half it got."""
        with tempfile.TemporaryFile() as file:
            file.write(delivery.body.replace(b"\r\n", b"\n"))
            file.seek(0)
            at_risk()
            arguments = [self.command, "-i", "-f", self.sender, "--", delivery.address]
            try:
                done = subprocess.run(
                    arguments, stdin=file, capture_output=True, timeout=self.timeout, check=False
                )
            except OSError as error:
                raise NoService(
                    f"{self.command}: {error.strerror}; mend [alerts] sendmail"
                ) from error
            except subprocess.TimeoutExpired as error:
                raise Unconfirmed(
                    f"{self.command}: no answer within {self.timeout:g} seconds"
                ) from error
        if done.returncode:
            said = " ".join(done.stderr.decode(errors="replace").split())
            code = _FOR_GOOD.get(done.returncode, f"exit code {done.returncode}")
            raise SendError(f"{self.command}: {said or code}", done.returncode in _FOR_GOOD)


@dataclass(frozen=True, slots=True)
class FolderCourier(AbstractContextManager["FolderCourier"]):
    """One .eml file a message, named by its id: sent twice it is there once."""

    folder: Path

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, delivery: Delivery, at_risk: Callable[[], object]) -> None:
        at_risk()
        name = f"{delivery.queued_at:%Y%m%d-%H%M%S}-{delivery.id.partition('@')[0]}"
        draft = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(delivery.body)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise NoService(
                f"{self.folder}: cannot be written ({error.strerror}); mend [alerts] folder"
            ) from error


@dataclass(frozen=True, slots=True)
class NoCourier(AbstractContextManager["NoCourier"]):
    """Where nothing is configured: messages wait, and the user learns why."""

    reason: str

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, delivery: Delivery, at_risk: Callable[[], object]) -> None:
        raise NoService(self.reason)
