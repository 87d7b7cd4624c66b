from datetime import UTC, date, datetime

import pytest

from tracker.normalize import normalize
from tracker.normalize.corpus import CorpusHeader, policy_id, read_header

LINKED = (
    "> *The following text is extracted and transformed from the lark.example privacy policy that "
    "was archived on 2018-08-30. Please check the [original snapshot on the Wayback Machine]"
    "(https://web.archive.org/web/20180830131829id_/http%3A//lark.example/privacy%20policy) for "
    "the most accurate reproduction.*\n\n# Lark\n"
)
PROSE = (
    "The following text is extracted and transformed from the lark.example terms of service that "
    "was archived on 2019-03-23. Please check the original snapshot on the Wayback Machine for the "
    "most accurate reproduction.\nLark Terms\nWe carry your calls on every day of the year."
)


def test_a_header_with_a_link():
    assert read_header(LINKED) == CorpusHeader(
        site="lark.example",
        document="privacy policy",
        archived_on=date(2018, 8, 30),
        captured_at=datetime(2018, 8, 30, 13, 18, 29, tzinfo=UTC),
        url="http://lark.example/privacy policy",
        memento_url="https://web.archive.org/web/20180830131829id_/http%3A//lark.example/privacy%20policy",
        rest="\n# Lark\n",
    )


def test_a_header_without_a_link():
    header = read_header(PROSE)
    assert (header.site, header.document) == ("lark.example", "terms of service")
    assert header.captured_at == datetime(2019, 3, 23, tzinfo=UTC)
    assert (header.url, header.memento_url) == ("http://lark.example/", "")
    assert header.rest.startswith("Lark Terms")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Privacy policy",
        "A page. " + PROSE,
        PROSE.replace("2019-03-23", "2019-13-23"),
        PROSE.replace("archived on", "seen on"),
    ],
)
def test_no_header(text):
    assert read_header(text) is None


def test_a_byte_order_mark_and_line_breaks_do_not_hide_it():
    assert read_header("\ufeff" + LINKED.replace("Wayback Machine", "Wayback\nMachine"))


def test_a_link_that_is_no_memento_counts_for_nothing():
    header = read_header(LINKED.replace("20180830131829id_", "latest"))
    assert (header.url, header.memento_url) == ("http://lark.example/", "")


@pytest.mark.parametrize("text", [LINKED, PROSE])
def test_the_header_is_no_part_of_the_document(text):
    document = normalize(text.encode())
    assert "extracted and transformed" not in document.text
    assert document.title.startswith("Lark")


@pytest.mark.parametrize(
    ("site", "document", "expected"),
    [
        ("voxbone.com", "privacy policy", "voxbone/privacy"),
        ("www.acme.co.uk", "privacy policy", "acme/privacy"),
        ("https://shop.lark-phone.be/legal", "privacy policy", "lark-phone/privacy"),
        ("lark.com", "Terms of Service", "lark/terms-of-service"),
        ("lark.com", "cookie policy", "lark/cookie"),
        ("localhost", "privacy policy", "localhost/privacy"),
        ("müller.de", "privacy policy", "muller/privacy"),
        ("", "policy", "site/policy"),
    ],
)
def test_policy_ids(site, document, expected):
    assert policy_id(site, document) == expected
