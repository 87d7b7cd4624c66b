"""The demo's archive through all stages: what a journalist would read off it."""

from importlib import resources
from itertools import pairwise

import pytest
from make_demo_archive import ARCHIVE
from support import NOON

from tracker import quality, report, versions
from tracker.archive.settings import ArchiveSettings
from tracker.archive.warc import WarcArchive
from tracker.clauses import clause_changes, dated_references, find_clauses, profile, topics
from tracker.compare import compare
from tracker.model import Change, History, Observation, Sighting, Snapshot, sha256
from tracker.normalize import normalize
from tracker.render import headlines, view, words
from tracker.watchlist import parse

NAMES = {topic.id: topic.name for topic in topics()}


def observation(policy, memento):
    document = normalize(memento.body, "text/html; charset=utf-8", memento.url)
    snapshot = Snapshot(policy.id, memento.url, memento.at, sha256(memento.body), "")
    incident = quality.judge(snapshot, document, body=memento.body)
    sighting = Sighting(memento.at, memento.url, "", snapshot.sha256)
    return Observation(sighting, None if incident else document, incident)


def changed(found, clauses, index):
    before, after = found[index - 1], found[index]
    diff = compare(before.document, after.document)
    kind, labels = versions.classify(found, index, diff)
    sides = clauses[before.number], clauses[after.number]
    return Change(
        policy=after.policy,
        before=before.number,
        after=after.number,
        kind=kind,
        window=versions.window(before, after),
        diff=diff,
        clauses=clause_changes(*sides, diff, before.document, after.document),
        labels=labels,
    )


def history(archive, policy):
    listed = [archive.list(url.url, now=NOON).captures for url in policy.urls]
    seen = [observation(policy, archive.fetch(one)) for captures in listed for one in captures]
    found, _ = versions.derive(policy.id, seen)
    clauses = {one.number: find_clauses(one.document, policy.language) for one in found}
    return History(
        policy=policy,
        language=policy.language,
        versions=found,
        changes=tuple(changed(found, clauses, index) for index, _ in enumerate(pairwise(found), 1)),
        profile=profile(found, clauses),
        dated_references=tuple(
            reference
            for one in found
            for reference in dated_references(one.document, [one.last_seen.captured_at])
        ),
    )


@pytest.fixture(scope="module")
def shown():
    """The report, its histories by service."""
    archive = WarcArchive(ArchiveSettings(kind="warc", path=ARCHIVE))
    watched = parse((resources.files("tracker") / "demo" / "policies.toml").read_text("utf-8"))
    return report.build([history(archive, policy) for policy in watched], now=NOON)


@pytest.fixture(scope="module")
def services(shown):
    return {history.policy.service: history for history in shown.policies}


def test_noise_makes_no_version(services):
    counted = {
        service: [one.sightings for one in history.versions]
        for service, history in services.items()
    }

    # The redirect leads where another capture stands; the soft 404 is no sighting; the revisit is.
    assert counted == {"brightline": [2, 3, 3, 2], "halden": [2, 2, 2], "noordlijn": [2, 2, 1, 1]}


def test_each_change_has_its_kind(services):
    kinds = {
        service: [change.kind for change in history.changes]
        for service, history in services.items()
    }

    assert kinds == {
        "brightline": ["substantive"] * 3,
        "halden": ["editorial"] * 2,
        "noordlijn": ["substantive", "substantive", "date-only"],
    }


def test_the_reversals_stand_on_top(shown):
    top = [
        (finding.history.policy.service, headlines.sentence(finding, NAMES))
        for finding in view.standing_out(shown, 3)
    ]

    assert sorted(top) == [
        (
            "brightline",
            'Personalised advertising: REVERSED, "Our services do not include the display of '
            'personalised advertising." became "Our services include the display of personalised '
            'advertising."',
        ),
        (
            "noordlijn",
            'International transfers: REVERSED, "Uw gegevens worden niet doorgegeven buiten de '
            'Europese Economische Ruimte." became "Uw gegevens worden daarom doorgegeven buiten '
            'de Europese Economische Ruimte, op basis van modelcontractbepalingen van de …"',
        ),
        (
            "noordlijn",
            'Personalised advertising: REVERSED, "Wij plaatsen geen advertentiecookies." became '
            '"Met uw toestemming plaatsen wij advertentiecookies, waarmee wij u gepersonaliseerde '
            'advertenties tonen."',
        ),
    ]


def told(history, number, topic):
    """What a version brought on a topic: kind of change, and the quotes' first words."""
    change = history.changes[number - 2]
    return [
        (
            clause.kind,
            *(side.quote[:30] if side else None for side in (clause.before, clause.after)),
        )
        for clause in change.clauses
        if clause.topic == topic
    ]


def test_privacy_shield_comes_and_outlives_itself(shown, services):
    brightline = services["brightline"]

    assert told(brightline, 2, "international_transfer") == [
        ("appeared", None, "For this transfer we rely on t")
    ]
    assert [
        (history.policy.service, reference.term, reference.days_after_end)
        for history, references in view.outdated(shown)
        for reference in references
    ] == [("brightline", "eu_us_privacy_shield", 595)]


def test_a_longer_retention_is_seen_in_dutch(services):
    (clause,) = [
        clause for clause in services["noordlijn"].changes[0].clauses if "2 jaar" in str(clause)
    ]

    assert (clause.topic, clause.kind, clause.effect) == ("retention", "reworded", "weakened")
    assert "5 jaar" in clause.after.quote


def test_the_broken_promise_is_named(services):
    assert ("vanished", "We will not disclose your info", None) in told(
        services["brightline"], 3, "third_party_sharing"
    )
    assert ("vanished", "Wij verstrekken uw persoonsgeg", None) in told(
        services["noordlijn"], 2, "third_party_sharing"
    )


def test_moving_and_renumbering_is_told_in_a_line(services):
    assert [words.change(change) for change in services["halden"].changes] == [
        "after 2017-05-21 and by 2018-07-07 (412 days): version 1 → 2, editorial, the same words, "
        "4 blocks moved, 4 renumbered",
        "after 2019-09-12 and by 2021-01-15 (491 days): version 2 → 3, editorial, the same words, "
        "4 blocks moved, 11 renumbered",
    ]
    assert all(
        not view.split_moved(view.findings(services["halden"], change))[0]
        for change in services["halden"].changes
    )
