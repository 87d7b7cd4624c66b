"""Runs of equal text become versions; what lies between two of them gets its honest name."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SHARED, at, document, needs_shared

from tracker.compare import compare
from tracker.model import Incident, Observation, Sighting, Version, Window
from tracker.normalize import normalize
from tracker.versions import classify, derive, window

A = document("# Privacy", "We never sell your data.")
B = document("# Privacy", "We may sell your data.")
C = document("# Privacy", "We sell your data to partners.")


def sighting(day, url="https://acme.example/privacy", archive=""):
    return Sighting(at(day), url, f"memento of {day}", f"sha256 of {day}", archive=archive)


def seen(day, text, **options):
    return Observation(sighting(day, **options), text)


def incident(day, kind):
    return Incident(
        "acme/privacy", kind, at(day), "https://acme.example/privacy", "cause", "remedy"
    )


def held(day, text):
    return Observation(sighting(day), text, incident(day, "extraction-break"))


def runs(observations):
    versions, _ = derive("acme/privacy", observations)
    return [
        (v.number, v.document, v.first_seen.captured_at, v.last_seen.captured_at, v.sightings)
        for v in versions
    ]


def test_equal_texts_in_a_row_are_one_version():
    observations = [seen("2015", A), seen("2016", A), seen("2017", B), seen("2018", A)]
    assert runs(observations) == [
        (1, A, at("2015"), at("2016"), 2),
        (2, B, at("2017"), at("2017"), 1),
        (3, A, at("2018"), at("2018"), 1),
    ]


def test_order_of_arrival_does_not_matter():
    assert runs([seen("2017", B), seen("2015", A)]) == runs([seen("2015", A), seen("2017", B)])


def test_typography_makes_no_version_and_the_first_text_stands():
    curly = document("# PRIVACY", "We never sell  your data.")
    assert runs([seen("2015", A), seen("2016", curly)]) == [(1, A, at("2015"), at("2016"), 2)]


def test_incidents_pass_through_and_make_no_version():
    soft = incident("2016", "soft-404")
    observations = [seen("2015", A), Observation(sighting("2016"), None, soft), seen("2017", A)]
    versions, incidents = derive("acme/privacy", observations)
    assert [version.sightings for version in versions] == [2]
    assert incidents == (soft,)


def test_nothing_seen_is_no_version():
    assert derive("acme/privacy", []) == ((), ())


def test_broken_extraction_is_held_back():
    versions, incidents = derive("acme/privacy", [seen("2015", A), held("2016", B)])
    assert [version.document for version in versions] == [A]
    assert incidents == (incident("2016", "extraction-break"),)


def test_broken_extraction_that_passes_leaves_one_version():
    observations = [seen("2015", A), held("2016", B), seen("2017", A)]
    assert runs(observations) == [(1, A, at("2015"), at("2017"), 2)]


@pytest.mark.parametrize("second", [seen("2017", B), held("2017", B)])
def test_second_capture_confirms_what_was_held(second):
    versions, incidents = derive("acme/privacy", [seen("2015", A), held("2016", B), second])
    assert [(v.document, v.first_seen.captured_at) for v in versions] == [
        (A, at("2015")),
        (B, at("2016")),
    ]
    assert incidents == ()


def test_several_urls_in_one_second_keep_their_order():
    observations = [
        seen("2015", A, url="https://acme.example/privacy"),
        seen("2015", A, url="https://acme.example/en/privacy"),
    ]
    ((version,), _) = derive("acme/privacy", observations)
    assert version.first_seen.url == "https://acme.example/privacy"
    assert version.last_seen.url == "https://acme.example/en/privacy"


texts = st.lists(st.sampled_from([A, B, C]), max_size=8)


@settings(deadline=None)
@given(texts)
def test_neighbours_differ_and_every_capture_counts_once(found):
    observations = [seen(str(2000 + n), text) for n, text in enumerate(found)]
    versions, _ = derive("acme/privacy", observations)
    assert sum(version.sightings for version in versions) == len(found)
    assert [v.number for v in versions] == list(range(1, len(versions) + 1))
    shas = [version.text_sha256 for version in versions]
    assert all(one != two for one, two in pairwise(shas))


# Kinds and labels


def history(*seen_texts):
    versions, _ = derive("acme/privacy", [seen(day, text) for day, text in seen_texts])
    return versions


def judged(versions, index=-1, **options):
    index %= len(versions)
    diff = compare(versions[index - 1].document, versions[index].document)
    return classify(versions, index, diff, **options)


def between(before, after):
    return judged(
        tuple(
            Version("acme/privacy", n, str(n), text, sighting(day), sighting(day))
            for n, day, text in ((1, "2018-01-01", before), (2, "2018-02-01", after))
        )
    )


def test_window_is_last_old_to_first_new():
    before, after = history(("2017-06-29", A), ("2018-08-30", B))
    assert window(before, after) == Window(at("2017-06-29"), at("2018-08-30"))
    assert window(before, after).days == 427


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["# 1. Use", "We use it."], ["# 2. Use", "We use it."]),
        (["# Use", "We use it."], ["## Use", "We use it."]),
        (["# Use", "We use it."], ["Use", "- We use it."]),
        (["# Use", "We use it.", "We keep it."], ["# Use", "We keep it.", "We use it."]),
        (["# Use", "Our customers count."], ["# Use", "Our Customers count."]),
        (["# Use", "We use it. We keep it."], ["# Use", "We use it.", "We keep it."]),
        (["# Acme Privacy Policy", "We use it."], ["# Privacy Policy", "We use it."]),
    ],
)
def test_editorial(before, after):
    assert between(document(*before), document(*after)) == ("editorial", ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["# Use", "We use it."], ["# Use", "We do not use it."]),
        (["# Use", "We use it."], ["# Use", "We use it.", "We keep it."]),
        (["# Privacy", "# Use", "We use it."], ["# Privacy", "# Misuse", "We use it."]),
        (["# Use", "We keep it 3 years."], ["# Use", "We keep it 5 years."]),
    ],
)
def test_substantive(before, after):
    assert between(document(*before), document(*after)) == ("substantive", ())


def test_date_only():
    old = document("We use it.", "Last updated: 3 May 2017")
    new = document("We use it.", "Last updated: 4 May 2018")
    assert between(old, new) == ("date-only", ())
    assert between(document("We use it."), new) == ("date-only", ())
    dated = (
        replace(old, declared_date=date(2017, 5, 3)),
        replace(new, declared_date=date(2018, 5, 4)),
    )
    assert between(*dated) == ("date-only", ("date bump without change",))


def dated(text, declared=None, effective=None):
    return replace(text, declared_date=declared, effective_date=effective)


@pytest.mark.parametrize(
    ("before", "after", "labels"),
    [
        (dated(A, date(2017, 5, 1)), dated(B, date(2017, 5, 1)), ("silent",)),
        (dated(A, date(2017, 5, 1)), dated(B, date(2018, 1, 20)), ()),
        (dated(A, date(2017, 5, 1)), dated(B, date(2017, 9, 1)), ("backdated",)),
        (dated(A), dated(B, date(2017, 9, 1)), ("backdated",)),
        # "December 2017" is read as its first day; the text may be of the 31st.
        (dated(A, date(2017, 5, 1)), dated(B, date(2017, 12, 1)), ()),
        (dated(A), dated(B, effective=date(2018, 2, 15)), ("14 to 45 days' notice",)),
        (dated(A), dated(B, effective=date(2017, 6, 1)), ("in force before it was published",)),
        (dated(A), dated(B, effective=date(2018, 1, 20)), ()),
    ],
)
def test_dates_against_the_window(before, after, labels):
    assert between(before, after) == ("substantive", labels)


def test_flap_returns_within_days():
    versions = history(("2018-01-01", A), ("2018-01-05", B), ("2018-01-08", A))
    assert judged(versions, 1) == ("substantive", ())
    assert judged(versions, 2) == ("flap", ("returns to version 1",))


def test_alternation_is_one_event():
    days = [(f"2018-01-{day:02}", (A, B)[day % 2]) for day in range(1, 7)]
    versions = history(*days)
    assert [judged(versions, n) for n in range(1, 6)] == [
        ("substantive", ()),
        ("flap", ("returns to version 1",)),
        ("flap", ("returns to version 2", "alternates")),
        ("flap", ("returns to version 3", "alternates")),
        ("flap", ("returns to version 4", "alternates")),
    ]


def test_return_after_long_is_a_change():
    versions = history(("2015-01-01", A), ("2016-01-01", B), ("2018-01-01", A))
    assert judged(versions) == ("substantive", ("returns to version 1",))
    assert judged(versions, flap_days=2000) == ("flap", ("returns to version 1",))


def test_return_past_too_many_texts_is_a_change():
    versions = history(("2018-01-01", A), ("2018-01-02", B), ("2018-01-03", C), ("2018-01-04", A))
    assert judged(versions) == ("flap", ("returns to version 1",))
    assert judged(versions, flap_texts=2) == ("substantive", ("returns to version 1",))


def test_two_addresses_with_a_text_each_are_no_change_back():
    """An old page that stays online is captured again long after the policy moved."""
    old, new = "http://www.acme.example/privacy.jsf", "https://acme.example/privacy/"
    observations = [
        seen("2015", A, url=old),
        seen("2016", B, url=new),
        seen("2018", A, url=old),
        seen("2020", B, url="http://www.acme.example/privacy"),
    ]
    versions, _ = derive("acme/privacy", observations)
    assert [judged(versions, n) for n in (1, 2, 3)] == [
        ("substantive", ("other address",)),
        ("flap", ("other address", "returns to version 1")),
        ("flap", ("other address", "returns to version 2", "alternates")),
    ]


def test_across_archives():
    before = derive(
        "p", [seen("2015", A, archive="https://a"), seen("2016", B, archive="https://b")]
    )
    assert judged(before[0]) == ("substantive", ("across archives",))


def test_captures_of_one_second_are_a_window_of_no_days():
    versions = history(("2018-01-01", A), ("2018-01-01", B))
    assert window(*versions).days == 0
    assert versions[1].first_seen.captured_at - versions[0].last_seen.captured_at == timedelta(0)


@needs_shared
def test_other_template_with_the_same_text_is_no_substantive_change():
    """Voxbone's page of 2017 says what that of 2015 said, at another address."""
    pages = {
        day: normalize((SHARED / "captures" / f"voxbone-{day}.html").read_bytes(), "text/html")
        for day in ("20150612133724", "20170629104026")
    }
    versions = history(*pages.items())
    assert [judged(versions, n)[0] for n in range(1, len(versions))] in ([], ["editorial"])
