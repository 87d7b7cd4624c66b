import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import document

from tracker.model import Block
from tracker.text import block_key, canonical, fingerprint, sentences, tidy

EQUAL = {
    "quotes and dashes": ("Don’t “sell” – ever…", 'Don\'t "sell" - ever...'),
    "white space": ("We  do\u00a0not\n sell.", "We do not sell."),
    "invisible characters": ("tele\u00adphone\u200b num\u2060ber\ufeff", "telephone number"),
    "directional marks": ("\u200ephone\u200f \u202anumber\u202c", "phone number"),
    "ligatures": ("oﬃce ﬁles", "office files"),
    "full-width forms": ("ＧＤＰＲ　２０１８", "GDPR 2018"),
    "composed and decomposed": ("cafe\u0301", "café"),
    "copyright year": ("© 2014-2017 Lark Phone", "© 2014-2018 Lark Phone"),
    "copyright year after the name": ("© Lark Phone Inc. 2017", "© Lark Phone Inc. 2018"),
    "copyright in words": ("Copyright 2017, Lark", "Copyright 2016, 2018, Lark"),
    "uuid": (
        "Request 7e3f0a52-9b1c-4d2e-8f6a-0c1d2e3f4a5b",
        "Request 1a2b3c4d-5e6f-4a1b-9c2d-3e4f5a6b7c8d",
    ),
    "hex": ("Ref 3f2a9c81d04be7c6a5", "Ref 99ab12cd34ef56ab78"),
    "view state": (
        "a wEPDwUKMTY1NDU2MTA1MmRk7JqLdXq0xX1vCqPzZ3kQf5u8 b",
        "a wEPDwUKLTk2Nzk3MzQwM2RkPq8sWlXy7r2bTzYh1mCd4n6VgK0 b",
    ),
    "session in a link": ("at /p;jsessionid=8F2A.node1 now", "at /p;jsessionid=77B0.node2 now"),
    "protected address": ("Mail [email\u00a0protected] now", "Mail [email protected] now"),
    "protected address, French": ("Mail [courriel protégé]", "Mail [email protected]"),
    "relative date": ("Updated 3 days ago", "Updated 12 days ago"),
    "relative date, Dutch": ("Bijgewerkt 3 dagen geleden", "Bijgewerkt 1 dag geleden"),
    "printed on": ("Printed on 3 May 2018 at 10:33", "Printed on 4 June 2019 at 9:01 am"),
    "today": ("Today is Monday, 3 May 2018", "Today is Friday, 4 June 2021"),
    "gedruckt am": ("Gedruckt am 03.05.2018 um 10:33", "Gedruckt am 04.06.2019 um 08:12"),
}


@pytest.mark.parametrize(("one", "other"), EQUAL.values(), ids=EQUAL)
def test_makes_no_difference(one, other):
    assert canonical(one) == canonical(other)


DIFFERENT = {
    "a word": ("We may share data.", "We may not share data."),
    "case in a sentence": ("The Service ends.", "The service ends."),
    "a number": ("kept for 30 days", "kept for 60 days"),
    "a number alone": ("30", "60"),
    "days ago in a clause": (
        "We delete recordings that were made more than 30 days ago unless you object to it.",
        "We delete recordings that were made more than 90 days ago unless you object to it.",
    ),
    "a law's year": ("the Copyright Act 1968", "the Copyright Act 1988"),
    "a regulation": ("(c) 2016/679 applies", "(c) 2018/1725 applies"),
    "a date": ("Last updated 3 May 2018", "Last updated 4 May 2018"),
    "an address": ("mail privacy@lark.example", "mail legal@lark.example"),
    "a hidden address that is shown": ("mail [email protected]", "mail a@lark.example"),
    "a phone number": ("call +32 2 555 12 34", "call +32 2 555 12 35"),
    "a company number": ("BE 0478.928.788", "BE 0478.928.789"),
    "a long word": ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschiffahrtsgesellschaft"),
    "an account number": ("IBAN BE71096123456769", "IBAN BE71096123456770"),
    "a long path": ("/legal/privacy/a/b/c/d/e/f/g/h/one", "/legal/privacy/a/b/c/d/e/f/g/h/two"),
    "punctuation that turns meaning": ("no, sharing", "no sharing"),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_is_a_wording_change(one, other):
    assert canonical(one) != canonical(other)


def test_case_does_not_count_in_headings():
    assert block_key(Block("heading", "YOUR RIGHTS")) == block_key(Block("heading", "Your rights"))
    assert block_key(Block("item", "YOUR RIGHTS")) != block_key(Block("item", "Your rights"))


@pytest.mark.parametrize("counter", ["1,204 views", "Views: 12", "(3)", "12 comments", "1204"])
def test_a_counter_is_not_text(counter):
    text = document("We sell nothing.")
    assert fingerprint(document("We sell nothing.", counter)) == fingerprint(text)


@pytest.mark.parametrize("line", ["0800 82 027", "+32 2 555 12 34", "10005", "12 months"])
def test_a_number_that_says_something_is_text(line):
    assert block_key(Block("paragraph", line)) == line


def test_a_cell_may_be_a_number():
    assert block_key(Block("row", "30", cells=("30",))) == "30"


def test_the_fingerprint_is_of_the_words():
    text = document("# Rights", "You may object. You may ask.")
    assert fingerprint(text) == fingerprint(document("# RIGHTS", "You may object.", "You may ask."))
    assert fingerprint(text) != fingerprint(document("# Rights", "You may ask. You may object."))
    assert fingerprint(text) != fingerprint(document("# Rights", "You may object."))


@given(st.text())
def test_canonical_text_is_its_own_canonical_form(text):
    once = canonical(text)
    assert canonical(once) == once


@given(st.text())
def test_tidy_is_one_line(text):
    assert tidy(text).split() == tidy(text).split(" ") or not tidy(text)


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_document_has_a_fingerprint(lines):
    assert len(fingerprint(document(*lines))) == 64


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We use Google Inc. as a partner, e.g. Analytics. We never sell data.", 2),
        ("Kept for 3.5 years. Then deleted!", 2),
        ("Is it sold? Never. Not once.", 3),
        ("It was written for Acme Inc. We run it from the U.S. You may not.", 3),
        ("The EU-U.S. Framework and the Swiss-U.S. DPF bind us. Ask in the U.S.A. You may.", 3),
        ("It applies from May 25, 2018. Before that, another did.", 2),
        ("Nobody under 16. We delete their data.", 2),
        ("Gem. Art. 6 Abs. 1 S. 1 lit. f DSGVO, vom 8. Dezember 1992. Wir löschen.", 2),
        ("See the Terms of Service.This Policy is another text.", 2),
        ("1. We collect. 2. We delete.", 2),
        ("Visit Booking.Com and Node.Js today.", 1),
        ("", 0),
    ],
)
def test_sentences(text, count):
    assert len(sentences(text)) == count
