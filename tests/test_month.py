"""A month of scheduled runs: what happens, what goes wrong, and exactly which mails come of it.

June 2020, a run every evening at 18:00 UTC; four subscribers, two policies and later three.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from loopback import LoopbackArchive
from mailboxes import Mailbox, hang_up, read
from promises import ADS, KEPT, LONGER, SAFE
from worlds import World, policy

from tracker.errors import StoreError
from tracker.model import Subscription
from tracker.pipeline import update

ANNA = Subscription(("anna@example.org",))
BEN = Subscription(("ben@example.org",), frequency="weekly")
CLEO = Subscription(
    ("cleo@example.org",), ("bell/*",), frequency="daily", hour=21, timezone="Europe/Brussels"
)
DORA = Subscription(("dora@example.org",), kinds=("substantive", "flap", "editorial"))

REVERSED, TWICE = "personalised advertising REVERSED, now stated", "and 1 more clause change"
ALL_WELL = "checked, nothing changed that you asked for"
MONTH = {
    1: [
        ("anna", "Now watching 2 policies"),
        ("ben", "Now watching 2 policies"),
        ("cleo", "Now watching 1 policy"),
        ("dora", "Now watching 2 policies"),
    ],
    5: [("anna", f"Acme privacy: {REVERSED}"), ("dora", f"Acme privacy: {REVERSED}")],
    # The server's answer to dora's was lost.
    6: [("dora", f"Acme privacy: {REVERSED}")],
    # Ben's digests come on Mondays; cleo hears of Bell alone, and had heard nothing for a week.
    8: [("ben", f"Acme privacy: {REVERSED}"), ("cleo", f"1 policy {ALL_WELL}")],
    # The archive was down on the 9th; the disk is full, which stops no mail.
    10: [(who, "Bell privacy: retention reworded, weakened") for who in ("anna", "cleo", "dora")],
    # Acme goes back and forth on the 11th and 13th: told on the 5th, and to dora, who wants flaps.
    11: [("dora", "Acme privacy: personalised advertising REVERSED, now denied")],
    # Cleo's was greylisted.
    13: [("anna", f"Bell privacy: {REVERSED}"), ("dora", f"Bell privacy: {REVERSED}")],
    14: [("cleo", f"Bell privacy: {REVERSED}")],
    15: [("ben", f"Bell privacy: {REVERSED}, {TWICE}")],
    # The mail server took nothing on the 17th. Coda's past of five years is no news.
    18: [("anna", "Now watching 1 policy"), ("dora", "Now watching 1 policy")],
    # All was derived again by other rules, which is no news either.
    20: [("cleo", f"1 policy {ALL_WELL}")],
    # The run of the 22nd, a Monday, was interrupted. Dora's address is gone.
    23: [
        ("anna", "Coda privacy: personalised advertising: denial appeared"),
        ("ben", "Coda privacy: personalised advertising: denial appeared"),
        ("ops", "Policy changes: dora@example.org cannot be reached"),
    ],
    27: [("cleo", f"1 policy {ALL_WELL}")],
    # The archive is down for the third day, for each of three policies.
    28: [("ops", "Policy changes: acme/privacy keeps failing, and 2 other problems")],
    30: [
        ("anna", f"3 policies {ALL_WELL}"),
        ("ops", "Policy changes: dora@example.org cannot be reached"),  # refused again
    ],
}


def test_a_month_of_runs_brings_exactly_these_mails(tmp_path):
    with LoopbackArchive() as archive, Mailbox() as box:
        world = World(tmp_path, archive, box, ANNA, BEN, CLEO, DORA)
        mails, letters = {}, []
        for day in range(1, 31):
            world.now = datetime(2020, 6, day, 18, tzinfo=UTC)
            happens(world, day)
            with faults(world, day) as site:
                world.run(desk=world.desk(heartbeat=True), site=site)
            letters += world.box.received
            if found := world.mails():
                mails[day] = sorted(found)
    assert mails == MONTH
    assert_each_arrived_once(letters)
    assert_quotes(letters)


def happens(world, day):
    """What the archive captures and the operators do."""
    today = date(2020, 6, day)
    if day == 1:
        for name in ("Acme", "Bell"):
            world.capture(name, date(2017, 3, 1), KEPT)
            world.capture(name, date(2018, 3, 1), KEPT.replace("two", "three"))
            world.capture(name, date(2019, 3, 1), SAFE, KEPT)
            world.capture(name, date(2020, 5, 20), SAFE, KEPT)
    if day == 5:
        world.capture("Acme", today, ADS, KEPT)
    if day == 9:
        world.capture("Bell", today, SAFE, LONGER)
    if day == 11:
        world.capture("Acme", today, SAFE, KEPT)
    if day == 13:
        world.capture("Acme", today, ADS, KEPT)
        world.capture("Bell", today, ADS, LONGER)
    if day == 17:
        world.policies = (*world.policies, policy("Coda"))
        for year, text in ((2015, KEPT), (2016, ADS), (2020, LONGER)):
            world.capture("Coda", date(year, 5, 1), text, KEPT)
    if day == 20:  # other rules
        workspace = world.open()
        list(update.bring_up_to_date(workspace, world.policies, force=True))
        workspace.database.close()
    if day == 22:
        world.capture("Coda", today, SAFE, KEPT)


@contextmanager
def faults(world, day):
    """What goes wrong; how the site is built on that day."""
    box = world.box
    box.refused.pop("cleo@example.org", "")
    if day == 5:
        box.answers["DATA"] = [hang_up_on_dora] * 2
    if day == 13:
        box.refused["cleo@example.org"] = "451 4.7.1 greylisted"
    if day == 17:
        box.answers["MAIL"] = ["451 4.3.0 come back later"]
    if day == 22:
        with pytest.raises(KeyboardInterrupt):
            yield interrupted
        return
    if day == 23:
        box.refused["dora@example.org"] = "550 5.1.1 no such user"
    down = day in (9, 26, 27, 28)
    if down:
        world.archive.refuse()
    yield full if day == 10 else None
    if down:
        world.archive.listen_again()


def hang_up_on_dora(server):
    return hang_up(server) if "dora@example.org" in server.envelope.rcpt_tos else ""


def interrupted():
    raise KeyboardInterrupt


def full():
    raise StoreError("reports/: the disk is full")


def assert_each_arrived_once(letters):
    """But for the one whose answer was lost, which came twice under one Message-ID."""
    arrived = Counter((to, read(body)["Message-ID"]) for to, body in letters)
    assert [to for (to, _), times in arrived.items() if times > 1] == ["dora@example.org"]
    assert max(arrived.values()) == 2


def assert_quotes(letters):
    """Who was told what, in the policies' own words."""
    told = {
        sentence: {to.partition("@")[0] for to, body in letters if sentence in words_of(body)}
        for sentence in (ADS, LONGER, KEPT.replace("two", "three"))
    }
    everyone = {"anna", "ben", "cleo", "dora"}
    assert told == {ADS: everyone, LONGER: everyone, KEPT.replace("two", "three"): set()}


def words_of(body):
    return " ".join(read(body).get_body(("plain",)).get_content().split())
