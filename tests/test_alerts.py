"""Who is told what, and when: new evidence alone, once, and never a flood."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from histories import ACME, BELL, sighting, version
from support import at

from tracker import alerts
from tracker.model import (
    Capture,
    Change,
    Coverage,
    Delivery,
    Diff,
    Evidence,
    Failure,
    History,
    Incident,
    Notice,
    Policy,
    Run,
    Snapshot,
    Subscriber,
    Subscription,
    Told,
    Window,
)

NOW = at("2020-12-01T06:00Z")
POLICY = Policy("acme/privacy", "Acme", ())


def snapshot(day):
    moment = at(day).replace(hour=12)
    return Snapshot("acme/privacy", "https://acme.example/privacy", moment, "5" * 64, day)


def seen(*runs, labels=(), incidents=()):
    """A history of texts, each seen from one day to another: seen(("A", "2020-01-01", ...))."""
    versions = tuple(
        version(number, first, last, text) for number, (text, first, last) in enumerate(runs, 1)
    )
    changes = tuple(
        Change(
            "acme/privacy",
            before.number,
            after.number,
            "substantive",
            Window(before.last_seen.captured_at, after.first_seen.captured_at),
            Diff(()),
            labels=labels,
        )
        for before, after in pairwise(versions)
    )
    return History(POLICY, "en", versions, changes, coverage=Coverage(incidents=incidents))


def noon(*days):
    return tuple(at(day).replace(hour=12) for day in days)


def known(*days, horizon="2020-01-01", addresses=()):
    return Evidence(at(horizon), addresses, noon(*days))


def news(history, before, after=None):
    """The days of what is noticed, "begun" for a first history."""
    found = alerts.notices(history, before, after or before or known(), NOW)
    return [f"{one.by:%Y-%m-%d}" if one.by else "begun" for one in found]


# Noticing

OLD, NEW = ("old", "2020-01-01", "2020-02-01"), ("new", "2020-03-01", "2020-03-01")


def test_a_text_that_no_known_capture_shows_is_news():
    assert news(seen(OLD, NEW), known("2020-01-01", "2020-02-01")) == ["2020-03-01"]


def test_what_was_noticed_is_not_news_again():
    assert news(seen(OLD, NEW), known("2020-01-01", "2020-02-01", "2020-03-01")) == []


def test_a_first_history_is_one_notice_whatever_happened_in_it():
    assert news(seen(OLD, NEW), None) == ["begun"]


def test_nothing_is_begun_without_a_text():
    assert news(History(POLICY), None) == []


def test_rules_that_cut_old_captures_otherwise_bring_no_news():
    captures = ("2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01")
    old_rules = known(*captures)
    new_rules = seen(*(("text " + day, day, day) for day in captures))
    assert news(new_rules, old_rules) == []


def test_a_capture_that_tightens_the_window_of_a_told_change_is_no_news():
    tighter = seen(OLD, ("new", "2020-02-15", "2020-03-01"))
    assert news(tighter, known("2020-01-01", "2020-02-01", "2020-03-01")) == []


def test_a_text_found_late_between_two_known_ones_is_news_and_the_next_is_not():
    between = seen(OLD, ("other", "2020-02-15", "2020-02-15"), NEW)
    assert news(between, known("2020-01-01", "2020-02-01", "2020-03-01")) == ["2020-02-15"]


def test_the_past_that_a_long_first_crawl_still_fills_in_is_no_news():
    assert news(seen(OLD, NEW), known("2020-01-01", horizon="2020-06-01")) == []


def test_a_text_that_keeps_coming_and_going_was_told_once():
    assert news(seen(OLD, NEW, labels=("alternates",)), known("2020-01-01")) == []


def test_a_suspected_break_is_news_once_the_next_capture_confirms_it():
    suspect = Incident("acme/privacy", "extraction-break", *noon("2020-03-01"), "", "", "")
    doubtful = seen(OLD, incidents=(suspect,))
    held = [snapshot(day) for day in ("2020-01-01", "2020-02-01", "2020-03-01")]
    before = alerts.evidence(doubtful, held, (), (), None, NOW)
    assert before.sightings == noon("2020-01-01", "2020-02-01")
    confirmed = seen(OLD, ("new", "2020-03-01", "2020-04-01"))
    assert news(confirmed, before) == ["2020-03-01"]


def listed(day, digest="D"):
    moment = at(day).replace(hour=12)
    return Capture("u", f"{moment:%Y%m%d%H%M%S}", moment, digest, 200, "text/html", archive="a")


@pytest.mark.parametrize(
    ("captures", "addresses", "horizon"),
    [
        ([listed("2020-03-01")], ("a u",), "2020-03-01T12:00Z"),
        ([listed("2020-03-01")], (), "2020-12-01T06:00Z"),
        ([], (), "2020-01-01T12:00Z"),
    ],
    ids=["all listed: its last capture", "partial listing: now", "imported files: the last"],
)
def test_how_far_history_reaches_when_a_policy_is_first_known(captures, addresses, horizon):
    found = alerts.evidence(seen(OLD), [snapshot("2020-01-01")], captures, addresses, None, NOW)
    assert found.horizon == at(horizon)


def test_a_further_address_brings_its_own_past_and_is_begun_again():
    before = known("2020-01-01", addresses=("a u",))
    captures = [listed("2020-03-01")]
    after = alerts.evidence(seen(OLD), [], captures, ("a u", "a v"), before, NOW)
    assert after.horizon == at("2020-03-01T12:00Z")
    assert news(seen(OLD, NEW), before, after) == ["begun"]


def test_a_capture_with_the_digest_of_a_held_one_is_evidence_too():
    held = replace(snapshot("2020-01-01"), digest="D", archive="a")
    found = alerts.evidence(seen(OLD), [held], [listed("2020-02-01"), listed("2020-03-01", "E")],
                            (), None, NOW)  # fmt: skip
    assert found.sightings == noon("2020-01-01", "2020-02-01")


# Deciding

ANNA = Subscriber("mail", "anna@example.org", Subscription(("anna@example.org",)))
BEFORE = Told(0, NOW - timedelta(days=1), NOW - timedelta(days=1))
FIRST, SECOND = (
    Notice("acme/privacy", NOW, change.window.after, change.window.by, change.before)
    for change in ACME.changes
)
BEGUN = Notice("bell/privacy", NOW, number=3)
LOOKS = {"acme/privacy": NOW, "bell/privacy": NOW - timedelta(days=9)}
BOOKS = {"acme/privacy": ACME, "bell/privacy": BELL}


def books(notices=(FIRST, SECOND), now=NOW, **more):
    last = max((notice.number for notice in notices), default=0)
    return alerts.Known(now, tuple(BOOKS), notices, last, BOOKS.get, BOOKS.get, LOOKS.get, **more)


def due(subscriber=ANNA, told=BEFORE, notices=(FIRST, SECOND), now=NOW, **more):
    states = {subscriber.key: told} if told else {}
    return alerts.due([subscriber], states, books(notices, now, **more))


def with_(**settings):
    return replace(ANNA, subscription=replace(ANNA.subscription, **settings))


def told(plan):
    """{policy: topics told}, most severe first."""
    return {
        history.policy.id: [clause.topic for change in history.changes for clause in change.clauses]
        for alert in plan.alerts
        for history in alert.changed
    }


BOTH = ["ads_personalised", "international_transfer.eu_us_privacy_shield"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, BOTH),
        ({"policies": ("acme/*",)}, BOTH),
        ({"policies": ("bell/*",)}, None),
        ({"topics": ("ads_personalised",)}, BOTH[:1]),
        ({"topics": ("international_transfer",)}, BOTH[1:]),
        ({"topics": ("retention",)}, None),
        ({"min_severity": 41}, BOTH[:1]),
        ({"min_severity": 100}, BOTH[:1]),
        ({"kinds": ("appeared",)}, BOTH[1:]),
        ({"kinds": ("vanished",)}, None),
        ({"kinds": ("editorial",)}, ["sale_of_data"]),
        ({"kinds": ("flap",)}, None),
        ({"languages": ("en",)}, BOTH),
        ({"languages": ("nl", "de")}, None),
    ],
    ids=str,
)
def test_a_subscription_gets_what_it_asked_for(settings, expected):
    assert told(due(with_(**settings))) == ({"acme/privacy": expected} if expected else {})


def test_what_was_not_asked_for_is_counted():
    (alert,) = due().alerts
    assert (alert.quiet, alert.checked, alert.with_incidents) == ({"editorial": 1}, 1, 0)


def test_what_was_not_asked_about_is_not_called_checked():
    (alert,) = due().alerts
    assert (alert.checked, alert.unreached) == (1, 1)


def test_a_new_subscriber_gets_a_summary_and_never_the_past():
    plan = due(told=None)
    (alert,) = plan.alerts
    assert (alert.changed, [one.policy.id for one in alert.begun]) == ((), sorted(BOOKS))
    assert plan.told == {ANNA.key: Told(2, NOW, NOW)}


def test_one_who_joins_long_after_the_others_is_spared_what_they_know():
    assert told(due(told=Told(2, NOW, NOW), notices=(FIRST, SECOND))) == {}


def test_a_policy_begun_later_is_announced_with_the_changes_of_others():
    (alert,) = due(notices=(FIRST, BEGUN)).alerts
    assert [one.policy.id for one in alert.changed] == ["acme/privacy"]
    assert [one.policy.id for one in alert.begun] == ["bell/privacy"]


def test_nothing_new_changes_nothing():
    assert due(told=Told(2, NOW, NOW)) == alerts.Plan((), {ANNA.key: Told(2, NOW, NOW)})


def test_a_change_that_todays_rules_do_not_see_is_not_told():
    nowhere = replace(FIRST, by=at("2018-01-01"))
    merged = replace(FIRST, after=at("2015-01-01"), by=at("2016-01-01"))
    assert told(due(notices=(nowhere,))) == {}
    assert told(due(notices=(merged,))) == {}, "the first version is nobody's news"


def weekly(**more):
    return with_(frequency="weekly", timezone="Europe/Brussels", **more)


@pytest.mark.parametrize(
    ("subscriber", "looked_at", "now", "expected"),
    [
        (with_(frequency="daily"), "2020-12-01T07:00Z", "2020-12-01T07:59Z", False),
        (with_(frequency="daily"), "2020-12-01T07:00Z", "2020-12-01T08:00Z", True),
        (with_(frequency="daily"), "2020-12-01T08:00Z", "2020-12-01T23:00Z", False),
        (with_(frequency="daily", hour=23), "2020-12-01T08:00Z", "2020-12-02T03:00Z", True),
        # Monday 7 December 2020, 8:00 in Brussels is 7:00 UTC.
        (weekly(), "2020-12-06T09:00Z", "2020-12-07T06:59Z", False),
        (weekly(), "2020-12-06T09:00Z", "2020-12-07T07:00Z", True),
        (weekly(weekday="friday"), "2020-12-06T09:00Z", "2020-12-07T07:00Z", False),
        # In summer it is 6:00 UTC.
        (weekly(), "2020-07-05T09:00Z", "2020-07-06T06:00Z", True),
        (weekly(), "2020-12-07T07:30Z", "2020-12-13T23:00Z", False),
    ],
    ids=["early", "on time", "once", "yesterday's hour", "week early", "week on time", "weekday",
         "summer", "once a week"],
)  # fmt: skip
def test_digests_wait_for_their_hour(subscriber, looked_at, now, expected):
    before = Told(0, at(looked_at), at(looked_at))
    plan = due(subscriber, before, (FIRST,), at(now))
    assert bool(plan.alerts) is expected
    assert plan.told[subscriber.key] == (Told(1, at(now), at(now)) if expected else before)


def test_silence_for_a_week_is_broken_by_a_heartbeat():
    quiet = Told(2, NOW - timedelta(days=7), NOW - timedelta(days=7))
    (alert,) = due(told=quiet, heartbeat=True).alerts
    assert (alert.changed, alert.begun, alert.checked) == ((), (), 1)
    assert due(told=quiet).alerts == ()
    assert due(told=replace(quiet, mailed_at=NOW - timedelta(days=6)), heartbeat=True).alerts == ()


def test_an_edited_subscription_goes_on_where_it_was():
    renamed = with_(name="legal", frequency="weekly")
    plan = alerts.due([renamed], {ANNA.key: replace(BEFORE, number=1)}, books())
    assert (plan.alerts, list(plan.told)) == ((), [renamed.key])


def test_two_subscriptions_of_one_address_are_told_apart():
    severe, digest = with_(min_severity=90), with_(frequency="daily", hour=5)
    plan = alerts.due([severe, digest], {severe.key: BEFORE, digest.key: BEFORE}, books())
    assert [len(alert.changed[0].changes[0].clauses) for alert in plan.alerts] == [1, 2]


def test_each_recipient_is_a_subscriber_and_so_are_webhook_and_chats():
    both = Subscription(("a@x.org", "b@x.org"))
    found = alerts.subscribers([both], "https://hook#1", ["slack://#2"])
    assert [one.key for one in found] == [
        "mail a@x.org immediate", "mail b@x.org immediate", "webhook https://hook#1 immediate",
        "chat slack://#2 immediate",
    ]  # fmt: skip


def test_a_webhook_hears_of_changes_only():
    hook = Subscriber("webhook", "hook", Subscription(("hook",)))
    assert due(hook, told=None).alerts == ()
    (alert,) = due(hook, notices=(FIRST, BEGUN)).alerts
    assert (len(alert.changed), alert.begun) == (1, ())


# Operators


def run(day, *failures):
    return Run(at(day), "run", at(day), failures=failures)


DOWN = Failure("fetch", "acme/privacy", "unavailable", "the archive did not answer")
CUT = Failure("fetch", "acme/privacy 2018-05-01T00:00:00Z", "integrity", "cut off")


def test_a_policy_that_fails_in_each_of_the_last_runs_is_a_problem():
    runs = [run("2020-01-04", DOWN), run("2020-01-03", CUT), run("2020-01-02", DOWN)]
    (problem,) = alerts.problems(runs, [], [], most=3)
    assert problem.message == (
        "acme/privacy failed in 3 runs in a row, since 2020-01-02 00:00 UTC: "
        "the archive did not answer"
    )
    assert alerts.problems([*runs[:2], run("2020-01-02")], [], [], most=3) == ()
    assert alerts.problems(runs[:2], [], [], most=3) == ()


def test_a_policy_whose_latest_captures_are_all_incidents_is_a_problem():
    walls = [
        Incident("acme/privacy", "bot-wall", moment, "", "a challenge page", "wait")
        for moment in noon("2019-12-01", "2020-03-02", "2020-03-03", "2020-03-04")
    ]
    (problem,) = alerts.problems([], [seen(OLD, incidents=tuple(walls))], [], most=3)
    assert problem.title == "acme/privacy cannot be read"
    assert "no usable capture since 2020-02-01; the last 3 were incidents" in problem.message
    assert alerts.problems([], [seen(OLD, incidents=tuple(walls[:3]))], [], most=3) == ()


def test_a_message_refused_for_good_is_a_problem_with_its_reason():
    refused = Delivery("1@x", "mail", "gone@x.org", "Acme changed", b"", NOW, cause="550 no such")
    (problem,) = alerts.problems([], [], [refused], most=3)
    assert problem.message == '"Acme changed" did not reach gone@x.org: 550 no such'


def test_a_history_made_light_holds_all_that_is_told():
    light = alerts.light(ACME, [FIRST])
    assert light.changes[0] == ACME.changes[0]
    assert light.versions[:2] == ACME.versions[:2]
    assert light.versions[2].document.blocks == light.changes[1].clauses == ()


def test_previews_take_changes_since_a_time():
    (notice,) = alerts.of_changes(ACME, at("2018-08-31"))
    assert notice.by == sighting("2018-08-31").captured_at
