"""What a report shows: chosen topics and time, most severe first."""

from dataclasses import replace

import pytest
from histories import ACME, ADS, BELL, MADE, NO_ADS, SHIELD
from support import at

from tracker import report


def topics(history):
    return [clause.topic for change in history.changes for clause in change.clauses]


def test_the_most_severe_policy_and_clause_stand_first():
    built = report.build([BELL, ACME], now=MADE)

    assert [history.policy.id for history in built.policies] == ["acme/privacy", "bell/privacy"]
    assert topics(built.policies[0]) == [NO_ADS.topic, SHIELD.topic, "sale_of_data"]


def test_the_order_of_the_input_makes_no_difference():
    assert report.build([BELL, ACME], now=MADE) == report.build([ACME, BELL], now=MADE)


def test_a_topic_keeps_its_clauses_alone():
    (acme,) = report.build([ACME], now=MADE, topics=["ads_personalised"]).policies

    assert topics(acme) == ["ads_personalised"]
    assert [entry.clause for entry in acme.profile] == [ADS]
    assert acme.dated_references == ()
    assert acme.coverage == ACME.coverage


def test_a_topic_brings_its_facets_and_the_dated_law_its_sentences_cite():
    (acme,) = report.build([ACME], now=MADE, topics=["international_transfer"]).policies

    assert topics(acme) == [SHIELD.topic]
    assert acme.dated_references == ACME.dated_references


def test_a_policy_silent_on_the_topic_is_shown_with_its_coverage():
    (bell,) = report.build([BELL], now=MADE, topics=["sale_of_data"]).policies

    assert (bell.changes, bell.profile, bell.coverage) == ((), (), BELL.coverage)


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        (None, None, [(1, 2), (2, 3)]),
        ("2018-08-31", None, [(2, 3)]),
        (None, "2018-01-01", [(1, 2)]),  # it may have happened by then
        ("2017-12-01", "2017-12-31", [(1, 2)]),
        ("2019-01-01", None, []),
        (None, "2017-06-28", []),
    ],
)
def test_a_change_is_shown_where_its_window_touches_the_period(since, until, shown):
    built = report.build([ACME], now=MADE, since=since and at(since), until=until and at(until))

    assert [(change.before, change.after) for change in built.policies[0].changes] == shown


def test_both_versions_of_a_shown_change_are_there():
    (acme,) = report.build(
        [ACME], now=MADE, since=at("2017-12-01"), until=at("2017-12-31")
    ).policies

    assert [version.number for version in acme.versions] == [1, 2]


def test_the_profile_of_a_later_version_is_not_shown():
    (acme,) = report.build([ACME], now=MADE, until=at("2018-01-01")).policies

    assert (acme.profile, acme.dated_references) == ((), ())


def test_nor_that_of_a_later_version_which_a_change_needs():
    two = replace(ACME, versions=ACME.versions[:2], changes=ACME.changes[:1])
    (acme,) = report.build([two], now=MADE, until=at("2018-01-01")).policies

    assert (len(acme.versions), acme.profile) == (2, ())
