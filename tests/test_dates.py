from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CASES, document

from tracker.normalize import normalize
from tracker.normalize.dates import own_dates, parse
from tracker.text import dates_of, fingerprint, is_date_line, without_declared_dates


def rows(name):
    """Lines "expected date | text" of a table; "-" where there is none."""
    table = (CASES / "dates" / name).read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            wanted, _, text = line.partition(" | ")
            yield pytest.param(None if wanted == "-" else date.fromisoformat(wanted), text, id=text)


def dates(text, language="nl"):
    return own_dates(document(text).blocks, language)


@pytest.mark.parametrize(("expected", "text"), list(rows("declared.txt")))
def test_declared(expected, text):
    assert dates(text)[0] == expected


@pytest.mark.parametrize(("expected", "text"), list(rows("effective.txt")))
def test_effective(expected, text):
    assert dates(text)[1] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Last updated: 03/05/2018", "en", None),  # 3 May in London, 5 March in New York
        ("Last updated: 03/05/2018", "nl", date(2018, 5, 3)),
        ("Last updated: 25/05/2018", "en", date(2018, 5, 25)),
        ("Last updated: 05/25/2018", "en", date(2018, 5, 25)),
        ("Last updated: 05/05/2018", "en", date(2018, 5, 5)),
        ("Last updated: 03.05.2018", "en", date(2018, 5, 3)),
        ("Last updated: 2018-05-03", "en", date(2018, 5, 3)),
        ("Last updated: 3/5/18", "fr", date(2018, 5, 3)),
    ],
)
def test_orders_of_day_and_month(text, language, expected):
    assert dates(text, language)[0] == expected


def test_another_date_of_the_document_shows_the_order():
    american = document("Last updated: 03/05/2018", "It replaces the version of 12/28/2017.")
    assert own_dates(american.blocks, "en")[0] == date(2018, 3, 5)


def test_both_dates():
    text = "Last updated May 3, 2018; effective as of May 25, 2018."
    assert dates(text) == (date(2018, 5, 3), date(2018, 5, 25))


def test_a_normalised_document_carries_them():
    body = "Privacyverklaring\n\nWij verkopen niets van u.\n\nLaatst gewijzigd op 3 mei 2018"
    assert normalize(body.encode()).declared_date == date(2018, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Last updated: February 2018",
        "This Privacy Policy was last updated on May 3, 2018.",
        "(Version of 25.05.2018)",
        "Stand: Mai 2018",
        "May 25, 2018",
        "Dernière mise à jour : 3 mai 2018",
        "Fecha de entrada en vigor: 25 de mayo de 2018",
    ],
)
def test_date_lines(text):
    assert is_date_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "Privacy policy",
        "We comply with Regulation (EU) 2016/679 of 27 April 2016.",
        "We updated how long we keep calls on May 3, 2018: they are now kept for a whole year.",
        "The law of 8 December 1992 protects you.",
    ],
)
def test_lines_that_hold_a_date_and_more(text):
    assert not is_date_line(text)


def test_documents_that_differ_in_their_date_alone():
    one, other = (
        document("We sell nothing.", f"Last updated: {month} 2018; effective from 1 {month} 2018")
        for month in ("May", "June")
    )
    assert fingerprint(one) != fingerprint(other)
    assert [without_declared_dates(b.text) for b in one.blocks] == [
        without_declared_dates(b.text) for b in other.blocks
    ]


def test_dates_of_laws_stay():
    law = "The Directive of 24 October 1995 applies; last updated 3 May 2018."
    assert (
        without_declared_dates(law)
        == "The Directive of 24 October 1995 applies; last updated #date."
    )


@given(st.text(max_size=60))
def test_never_raises(text):
    dates(f"last updated {text} 2018")
    without_declared_dates(text)


@given(
    st.dates(date(1995, 1, 1), date(2090, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y"]),
)
def test_reads_every_day(day, form):
    written = day.strftime(form)
    assert parse(written) == day
    assert dates_of(f"Last updated: {written}") == [("declared", written)]
