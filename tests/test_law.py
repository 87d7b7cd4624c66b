"""Who cites an instrument outside its life span, and who only says that it is gone."""

from datetime import date

import pytest
from support import at, document

from tracker.clauses.law import citation_labels, cited_terms, dated_references, legal_events, terms
from tracker.model import DatedReference

SHIELD = "We are Privacy Shield certified."


def cites(day, *lines):
    return [(r.term, r.days_after_end) for r in dated_references(document(*lines), [at(day)])]


def test_reference_names_term_quote_and_days():
    assert dated_references(document("# Transfers", f"We care. {SHIELD}"), [at("2021-03-02")]) == (
        DatedReference(
            "eu_us_privacy_shield",
            "EU-US Privacy Shield",
            SHIELD,
            at("2021-03-02"),
            229,
            "declared invalid by the Court of Justice (C-311/18, Schrems II)",
        ),
    )


@pytest.mark.parametrize(
    ("day", "days"),
    [
        ("2016-07-11", [-1]),
        ("2016-07-12", []),
        ("2020-07-16", []),
        ("2020-07-17", [1]),
    ],
)
def test_both_ends_of_a_life_span_belong_to_it(day, days):
    assert [n for _, n in cites(day, SHIELD)] == days


@pytest.mark.parametrize(
    "sentence",
    [
        "The Privacy Shield was invalidated by the Court of Justice in July 2020.",
        "We were formerly certified under the Privacy Shield.",
        "We no longer rely on the EU-US Privacy Shield.",
        "Het Privacy Shield is ongeldig verklaard.",
        "Das Privacy Shield wurde vom EuGH für unwirksam erklärt.",
        "Le Privacy Shield a été invalidé.",
        "El Privacy Shield fue anulado por el Tribunal.",
        "We are Privacy Shield certified. The Court has since struck down that framework.",
        "References to Directive 95/46/EC shall be interpreted as references to the GDPR.",
        "Verordening (EU) 2016/679 tot intrekking van Richtlijn 95/46/EG",
    ],
)
def test_who_says_it_is_gone_does_not_cite_it(sentence):
    assert cites("2021-03-02", sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We adhere to the US-EU Safe Harbor principles.", ["eu_us_safe_harbor"]),
        ("We take part in the kidSAFE COPPA safe harbor program.", ["coppa"]),
        ("Under the DMCA safe harbor we remove content.", []),
        ("We rely on the EU-U.S. and Swiss-U.S. Privacy Shield.",
         ["eu_us_privacy_shield", "swiss_us_privacy_shield"]),
        ("We rely on the Swiss-U.S. Privacy Shield.", ["swiss_us_privacy_shield"]),
        ("Nous adhérons au bouclier de protection des données.", ["eu_us_privacy_shield"]),
        ("the Belgian Data Protection Law of 8th December 1992", ["be_law_1992"]),
        ("de wet van 8 december 1992", ["be_law_1992"]),
        ("la loi du 8 décembre 1992", ["be_law_1992"]),
        ("meer op www.privacycommission.be", ["be_privacy_commission"]),
        ("de Wet bescherming persoonsgegevens (Wbp)", ["nl_wbp"]),
        ("the General Data Protection Regulation (EU) 2016/679", ["gdpr"]),
        ("De AVG geldt.", ["gdpr"]),
        ("We scan with AVG antivirus.", []),
        ("on average (avg.) two days", []),
        ("la Ley Orgánica 15/1999", ["es_lopd_1999"]),
        ("valid from 12/15/1999", []),
        ("US Customs and Border Protection (CBP)", []),
        ("Clauses under Decision 2010/87/EU", ["old_sccs"]),
        ("§ 25 TTDSG", ["de_ttdsg"]),
        ("visit https://ec.europa.eu/consumers/odr", ["eu_odr"]),
        ("We never sell your data.", []),
    ],
)  # fmt: skip
def test_cited_terms(sentence, expected):
    assert list(cited_terms(sentence)) == expected


def test_a_term_is_reported_once_with_its_first_sentence():
    found = dated_references(document(SHIELD, "Privacy Shield again."), [at("2021-03-02")])
    assert [reference.quote for reference in found] == [SHIELD]


def test_what_a_change_brings_and_drops():
    before = document("the law of 8 December 1992", SHIELD)
    after = document("We follow the GDPR.", "Again: GDPR.", SHIELD)
    assert citation_labels(before, after) == (
        "now cites GDPR",
        "no longer cites Belgian Law of 8 December 1992",
    )


def test_regulation_in_force_but_not_yet_applied_is_no_offence():
    assert cites("2018-03-01", "We comply with the GDPR.") == []


def test_events_are_sorted_and_name_what_ended():
    events = legal_events()
    assert [event.on for event in events] == sorted(event.on for event in events)
    assert (date(2018, 5, 25), "gdpr", "applies") in [(e.on, e.term, e.event) for e in events]
    assert {event.event for event in events if event.term == "wp29"} == {
        "starts",
        "replaced by the European Data Protection Board",
    }


@pytest.mark.parametrize("term", terms().values(), ids=terms())
def test_every_term_says_how_it_ended_and_where_to_check(term):
    assert term.source
    assert bool(term.valid_to) == bool(term.ended)
    assert term.valid_to is None or term.valid_from < term.valid_to
