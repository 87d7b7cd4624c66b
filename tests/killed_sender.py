"""A process of its own that sends what is due and dies at a given step of it.

Reads "FOLDER PORT STEP HOURS" lines; for each a forked child queues and sends with the database in
FOLDER, so many hours later than the last, and kills itself at that step (0: never). Answers with
the number of steps that the child took.
"""

import os
import signal
import smtplib
import sys
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from histories import ACME, MADE, NAMES
from mailboxes import ANNA, SITE

from tracker.model import Evidence, Notice, Subscriber, Subscription, Told
from tracker.pipeline import alerting
from tracker.pipeline.workspace import open_workspace
from tracker.publish.message import Sender
from tracker.publish.smtp import SmtpCourier, SmtpSettings
from tracker.store.database import Database
from tracker.store.outbox import Outbox

BEN = Subscriber("mail", "ben@example.org", Subscription(("ben@example.org",)))


def opened(folder: Path, hours: int = 0):
    url = f"sqlite:///{folder / 'tracker.db'}"
    watched = [ACME.policy]
    return open_workspace(watched, folder, url, now=lambda: MADE + timedelta(hours=hours))


def prepare(folder: Path) -> None:
    """A change of Acme's was noticed, and nobody was told."""
    workspace = opened(folder)
    outbox = Outbox(workspace.database)
    window = ACME.changes[0].window
    notice = Notice("acme/privacy", MADE, window.after, window.by)

    def noticed(session):
        outbox.noticed(session, "acme/privacy", Evidence(MADE), [notice])

    workspace.database.save_history(ACME, noticed)
    outbox.queue([], {one.key: Told(0, MADE, MADE) for one in (ANNA, BEN)})
    workspace.database.close()


def desk(port: int, timeout: float = 5.0) -> alerting.Desk:
    settings = SmtpSettings("127.0.0.1", "alerts@example.org", port, "none", timeout=timeout)
    return alerting.Desk(
        (ANNA, BEN), Sender("alerts@example.org"), {"mail": SmtpCourier(settings)}, NAMES, SITE
    )


class Steps:
    """Counts what happens to the world; dies at the step asked for."""

    def __init__(self, last: int) -> None:
        self.last, self.taken = last, 0

    def __call__(self) -> None:
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Before and after each write to the server, each of its answers, each transaction; and
        in the middle of each message."""
        send, reply, transaction = smtplib.SMTP.send, smtplib.SMTP.getreply, Database.transaction

        def stepwise_send(smtp, said):
            self()
            half = len(said) // 2 if len(said) > 500 else len(said)
            send(smtp, said[:half])
            self()
            if half < len(said):
                send(smtp, said[half:])
                self()

        def stepwise_reply(smtp):
            self()
            answer = reply(smtp)
            self()
            return answer

        @contextmanager
        def stepwise_transaction(database):
            self()
            with transaction(database) as session:
                yield session
                self()
            self()

        smtplib.SMTP.send, smtplib.SMTP.getreply = stepwise_send, stepwise_reply
        Database.transaction = stepwise_transaction


def act(folder: Path, port: int, last: int, hours: int, report: int) -> None:
    steps = Steps(last)
    workspace = opened(folder, hours)
    steps.install()
    alerting.queue(workspace, desk(port))
    alerting.send(workspace, desk(port))
    os.write(report, str(steps.taken).encode())


def warm_up() -> None:
    """Once for all children: templates, statements, lexicon."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        workspace = opened(Path(folder))
        alerting.queue(workspace, desk(0))
        workspace.database.close()


def main() -> None:
    warm_up()
    for line in sys.stdin:
        folder, port, last, hours = line.split()
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            act(Path(folder), int(port), int(last), int(hours), writing)
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        taken = os.read(reading, 20).decode()
        os.close(reading)
        sys.stdout.write(f"{taken or f'killed {os.WTERMSIG(status)}'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
