"""Scheduled runs over an archive that moves on, day by day."""

import io
import json
from datetime import date, timedelta

import pytest
from loopback import LoopbackArchive, excluded
from mailboxes import Mailbox
from prometheus_client.parser import text_string_to_metric_families
from promises import ADS, KEPT, LONGER, SAFE
from worlds import World

from tracker.archive import open_archive
from tracker.errors import StoreError
from tracker.model import Subscription
from tracker.pipeline import run, update
from tracker.pipeline.crawl import Budget, Watch
from tracker.publish.metrics import exposition
from tracker.selection import Strategy

ANNA = Subscription(("anna@example.org",))


@pytest.fixture
def archive():
    with LoopbackArchive() as archive:
        yield archive


@pytest.fixture
def world(tmp_path, archive):
    with Mailbox() as box:
        yield World(tmp_path, archive, box, ANNA)


def start(world):
    """Acme and Bell are known; who is new was welcomed."""
    for name in ("Acme", "Bell"):
        world.capture(name, date(2020, 5, 1), SAFE, KEPT)
        world.capture(name, date(2020, 5, 20), SAFE, LONGER)
    world.run()
    assert [subject for _, subject in world.mails()] == ["Now watching 2 policies"]
    world.now += timedelta(days=1)


REVERSAL = [("anna", "Acme privacy: personalised advertising REVERSED, now stated")]


def test_a_second_run_with_nothing_new_mails_nobody(world):
    start(world)
    world.capture("Acme", date(2020, 6, 1), ADS, LONGER)
    world.run()
    assert world.mails() == REVERSAL
    done = world.run()
    assert (world.mails(), done.failures) == ([], ())


def test_other_rules_cut_other_versions_and_mail_nobody(world, monkeypatch):
    start(world)
    with monkeypatch.context() as rules:
        rules.setattr("tracker.versions.fingerprint", lambda document: str(id(document)))
        workspace = world.open()
        changes = [
            len(history.changes)
            for history, _ in update.bring_up_to_date(workspace, world.policies, force=True)
        ]
        workspace.database.close()
        world.run()
    assert (sum(changes), world.mails()) == (2, [])
    world.run()
    assert world.mails() == []


def test_what_was_derived_by_hand_is_told_by_the_next_run(world):
    start(world)
    world.capture("Acme", date(2020, 6, 1), ADS, LONGER)
    workspace = world.open()
    archive = open_archive(world.archive.settings(world.folder))
    list(update.fetch(workspace, archive, world.policies, Strategy(), Budget(), Watch()))
    list(update.bring_up_to_date(workspace, world.policies))
    archive.close()
    workspace.database.close()
    assert world.mails() == []
    world.run()
    assert world.mails() == REVERSAL


def test_one_policy_that_fails_stops_no_other(world):
    start(world)
    world.capture("Bell", date(2020, 6, 1), ADS, LONGER)
    world.archive.next(excluded(), on="cdx")
    done = world.run()
    assert [(one.subject, one.kind) for one in done.failures] == [
        ("acme/privacy", "partial-listing")
    ]
    assert world.mails() == [
        ("anna", "Bell privacy: personalised advertising REVERSED, now stated")
    ]


def test_a_site_that_cannot_be_written_stops_no_mail(world):
    start(world)
    world.capture("Acme", date(2020, 6, 1), ADS, LONGER)

    def site():
        raise StoreError("reports/: the disk is full")

    done = world.run(site=site)
    assert [(one.stage, one.message) for one in done.failures] == [
        ("site", "reports/: the disk is full")
    ]
    assert world.mails() == REVERSAL


def test_an_interrupted_run_says_so_and_the_next_goes_on(world):
    start(world)
    world.capture("Acme", date(2020, 6, 1), ADS, LONGER)

    def site():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.run(site=site)
    workspace = world.open()
    (last,) = workspace.database.runs(1)
    workspace.database.close()
    assert (last.ended, last.failures[0].kind) == (world.now, "interrupted")
    world.run()
    assert world.mails() == REVERSAL


def test_a_run_ends_at_its_bound_and_the_next_goes_on(world):
    world.capture("Acme", date(2020, 5, 1), SAFE, KEPT)
    done = world.run(budget=Budget(mementos=0))
    assert done.counts["policies stopped at the bound"] == 1
    assert world.run().counts["mementos fetched"] == 1


def test_the_record_says_what_was_done(world):
    start(world)
    world.capture("Acme", date(2020, 6, 1), ADS, LONGER)
    done = world.run()
    assert {name: number for name, number in done.counts.items() if number} == {
        "policies checked": 2,
        "policies reached": 2,
        "captures listed": 5,
        "captures new": 1,
        "captures held": 5,
        "mementos fetched": 1,
        "changes new": 1,
        "messages queued": 1,
        "messages sent": 1,
    }
    assert done.requests >= 3
    workspace = world.open()
    assert workspace.database.runs(1) == (done,)
    workspace.database.close()


def test_the_log_is_a_line_an_event(world):
    start(world)
    world.log = io.StringIO()
    world.capture("Acme", date(2020, 6, 1), ADS, LONGER)
    world.run(form="json")
    lines = [json.loads(line) for line in world.log.getvalue().splitlines()]
    assert [line["event"] for line in lines] == [
        "started",
        "crawled",
        "crawled",
        "derived",
        "ended",
    ]
    assert lines[1] == {
        "at": "2020-06-02T06:00:00Z",
        "event": "crawled",
        "message": "acme/privacy: 1 new capture, 1 fetched",
        "policy": "acme/privacy",
        "new": 1,
        "fetched": 1,
    }


def test_a_policy_is_looked_at_when_its_turn_comes(world):
    start(world)
    world.now += timedelta(hours=2)
    first = world.run(due=True).counts
    world.now += timedelta(hours=1)
    again = world.run(due=True).counts
    assert (first["policies checked"], again.get("policies checked", 0)) == (2, 0)


def test_figures_for_monitors(world):
    start(world)
    done = world.run()
    workspace = world.open()
    text = exposition(run.metrics(workspace, done))
    workspace.database.close()
    families = list(text_string_to_metric_families(text))
    assert {family.type for family in families} == {"gauge"}
    figures = {
        (one.name.removeprefix("policy_tracker_"), *one.labels.values()): one.value
        for family in families
        for one in family.samples
    }
    assert figures[("run_end_time_seconds",)] == done.ended.timestamp()
    assert figures[("run_count", "policies checked")] == 2
    assert figures[("deliveries", "sent")] == 1
    assert [figures[(name,)] for name in ("run_failures", "policies", "policies_overdue")] == [
        0, 2, 0,
    ]  # fmt: skip


def test_operators_hear_once_of_a_policy_that_keeps_failing(world):
    start(world)
    heard = []
    for _ in range(5):
        world.archive.refuse()
        world.run()
        world.archive.listen_again()
        world.now += timedelta(days=1)
        heard += world.mails()
    assert heard == [("ops", "Policy changes: acme/privacy keeps failing, and 1 other problem")]
    assert world.log.getvalue().count(" problem ") == 2, "cron mails what is logged"
