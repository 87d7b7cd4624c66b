"""A watched world: an archive that moves on, a mail server, and a run whenever one is asked for."""

import io

from mailboxes import read
from promises import page
from support import at

from tracker import alerts
from tracker.archive import open_archive
from tracker.model import Policy, WatchedUrl
from tracker.pipeline import alerting, run, turns
from tracker.pipeline.crawl import Budget
from tracker.pipeline.workspace import open_workspace
from tracker.publish.log import Log
from tracker.publish.message import Sender
from tracker.publish.smtp import SmtpCourier, SmtpSettings
from tracker.selection import Strategy

NAMES = {"ads_personalised": "personalised advertising", "retention": "retention"}


def policy(name):
    address = f"https://{name.lower()}.example/privacy"
    return Policy(f"{name.lower()}/privacy", f"{name} privacy", (WatchedUrl(address),))


class World:
    """A workspace, an archive and a mail server; each run is a process of its own."""

    def __init__(self, folder, archive, box, *subscriptions):
        self.folder, self.archive, self.box = folder, archive, box
        self.policies = (policy("Acme"), policy("Bell"))
        self.subscriptions = subscriptions
        self.now = at("2020-06-01T06:00Z")
        self.log = io.StringIO()

    def capture(self, name, day, *sentences, hour=12):
        body = page(*sentences, name=name) if sentences else ""
        moment = f"{day:%Y%m%d}{hour:02}0000"
        self.archive.hold(f"https://{name.lower()}.example/privacy", moment, body)

    def open(self):
        url = f"sqlite:///{self.folder / 'tracker.db'}"
        return open_workspace(self.policies, self.folder, url, now=lambda: self.now)

    def desk(self, **more):
        settings = SmtpSettings("127.0.0.1", "alerts@example.org", self.box.port, "none", timeout=5)
        return alerting.Desk(
            alerts.subscribers(self.subscriptions, "", ()),
            Sender("alerts@example.org"),
            {"mail": SmtpCourier(settings)},
            NAMES,
            "https://changes.example/",
            operators=("ops@example.org",),
            **more,
        )

    def run(self, *, due=False, site=None, desk=None, budget=None, form="human"):
        workspace = self.open()
        archive = open_archive(self.archive.settings(self.folder))
        try:
            policies = turns.due(workspace, self.policies) if due else self.policies
            orders = run.Orders(
                policies, archive, Strategy(), budget or Budget(), desk or self.desk(),
                Log(self.log, lambda: self.now, form), site,
            )  # fmt: skip
            return run.run(workspace, orders)
        finally:
            archive.close()
            workspace.database.close()

    def mails(self):
        """What arrived since the last time: (recipient, subject)."""
        found = [(to.partition("@")[0], read(body)["Subject"]) for to, body in self.box.received]
        self.box.received.clear()
        return found
