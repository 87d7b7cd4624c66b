"""Since when a clause has been there, and who speaks on a topic in which month."""

from datetime import date

from support import at, document

from tracker.clauses import profile, timeline
from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    Diff,
    History,
    MonthShare,
    Policy,
    Sighting,
    StancePeriod,
    TopicHistory,
    Version,
    Window,
)

NEVER = "We do not sell your personal data to partners."
SELL = "We sell your personal data to partners."
SECURE = "We encrypt the personal data that we store."
SECURER = "We always encrypt the personal data that we store."


def clause(quote, topic="sale_of_data", stance="asserts"):
    return Clause(topic, stance, quote, "", "rule", 0)


NO, YES = clause(NEVER, stance="denies"), clause(SELL)
SAFE, SAFER = clause(SECURE, "security"), clause(SECURER, "security")


def history(*seen, policy="acme/privacy"):
    """Versions from (first day, last day, clauses), and their clauses by number."""
    versions, clauses = [], {}
    for number, (first, last, found) in enumerate(seen, start=1):
        text = document(*(c.quote for c in found))
        ends = (Sighting(at(day), "https://acme.example", "", "") for day in (first, last))
        versions.append(Version(policy, number, text.text, text, *ends))
        clauses[number] = found
    return tuple(versions), clauses


def since(*seen):
    return [(entry.clause.quote, entry.after, entry.by) for entry in profile(*history(*seen))]


def test_no_versions_no_profile():
    assert profile((), {}) == ()


def test_clause_of_the_first_version_has_no_lower_bound():
    assert since(("2015", "2016", [NO])) == [(NEVER, None, at("2015"))]


def test_clause_is_as_old_as_its_first_wording():
    assert since(("2015", "2016", [SAFE]), ("2017", "2018", [NO, SAFER])) == [
        (NEVER, at("2016"), at("2017")),
        (SECURER, None, at("2015")),
    ]


def test_clause_turned_round_is_as_old_as_its_turn():
    assert since(("2015", "2016", [NO]), ("2017", "2018", [YES]), ("2019", "2020", [YES])) == [
        (SELL, at("2016"), at("2017"))
    ]


def test_clause_that_came_back_after_long_is_new():
    assert since(("2015", "2016", [NO]), ("2017", "2018", [SAFE]), ("2019", "2020", [NO])) == [
        (NEVER, at("2018"), at("2019"))
    ]


def test_clause_that_came_back_within_days_was_never_gone():
    versions = (
        ("2015-01-01", "2016-01-01", [NO]),
        ("2016-01-03", "2016-01-03", [SAFE]),
        ("2016-01-05", "2017-01-01", [NO]),
    )
    assert since(*versions) == [(NEVER, None, at("2015"))]


def turned(after, by):
    change = ClauseChange("sale_of_data", "reversed", NO, YES, "why")
    return Change(
        "acme/privacy", 1, 2, "substantive", Window(at(after), at(by)), Diff(()), (change,)
    )


def told(*seen, policy="acme/privacy", changes=()):
    versions, clauses = history(*seen, policy=policy)
    return History(Policy(policy, policy, ()), versions=versions, changes=changes), clauses


def over(*pairs, topic="sale_of_data"):
    return timeline(topic, [h for h, _ in pairs], {h.policy.id: found for h, found in pairs})


def test_periods_and_reversals_of_one_policy():
    change = turned("2018-02-10", "2018-04-10")
    found = over(
        told(
            ("2018-01-10", "2018-02-10", [NO]),
            ("2018-04-10", "2018-05-10", [YES]),
            ("2018-06-10", "2018-06-20", [SAFE]),
            changes=(change,),
        )
    )
    assert found.policies == (
        TopicHistory(
            "acme/privacy",
            (
                StancePeriod(
                    "denies", None, at("2018-01-10"), at("2018-02-10"), at("2018-04-10"), (1, 1)
                ),
                StancePeriod(
                    "asserts",
                    at("2018-02-10"),
                    at("2018-04-10"),
                    at("2018-05-10"),
                    at("2018-06-10"),
                    (2, 2),
                ),
            ),
            (Window(at("2018-02-10"), at("2018-04-10")),),
        ),
    )


def test_share_of_policies_by_month():
    found = over(
        told(("2018-01-10", "2018-02-10", [NO]), ("2018-03-10", "2018-04-01", [YES])),
        told(("2018-02-01", "2018-03-01", [NO, YES]), policy="other/privacy"),
    )
    assert found.months == (
        MonthShare(date(2018, 1, 1), policies=1, asserts=0, denies=1, conditional=0),
        MonthShare(date(2018, 2, 1), policies=2, asserts=0, denies=1, conditional=1),
        MonthShare(date(2018, 3, 1), policies=2, asserts=1, denies=0, conditional=1),
        MonthShare(date(2018, 4, 1), policies=1, asserts=1, denies=0, conditional=0),
    )
    assert found.months[1].speaking == 2


def test_law_of_the_time_is_laid_under():
    found = over(told(("2018-05-01", "2018-05-31", [NO])))
    assert {(event.term, event.event) for event in found.events} >= {("gdpr", "applies")}
    assert all(event.on.year == 2018 and event.on.month == 5 for event in found.events)


def test_facet_and_its_topic():
    shield = clause("Privacy Shield", "international_transfer.eu_us_privacy_shield")
    pair = told(("2018-05-01", "2018-05-31", [shield]))
    for topic in ("international_transfer", "international_transfer.eu_us_privacy_shield"):
        assert [len(p.periods) for p in over(pair, topic=topic).policies] == [1]
    assert [len(p.periods) for p in over(pair, topic="international").policies] == [0]


def test_nothing_known():
    found = over()
    assert (found.policies, found.months, found.events) == ((), (), ())
