"""Which charset a page is in: byte-order mark, UTF-8 that decodes, header, page, statistics."""

import pytest

from tracker.normalize.charset import decode
from tracker.normalize.html import read_html

QUOTED = "We don’t sell “your data” – ever."


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_wins(name):
    assert decode(QUOTED.encode(name), "text/html; charset=iso-8859-1") == QUOTED


def test_utf8_that_decodes_is_utf8_whatever_is_declared():
    page = '<meta charset="iso-8859-1">' + QUOTED
    assert decode(page.encode(), "text/html; charset=windows-1252") == page


def test_header_before_page():
    page = '<meta charset="koi8-r">персональные данные'
    assert decode(page.encode("cp1251"), 'text/html; charset="windows-1251"') == page


def test_page_where_the_header_says_nothing():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">данные'
    assert decode(page.encode("cp1251"), "text/html") == page


def test_latin_1_means_windows_1252():
    assert decode(QUOTED.encode("cp1252"), "text/html; charset=ISO-8859-1") == QUOTED


@pytest.mark.parametrize(
    "text",
    [
        QUOTED,
        "Don’t",
        "Données personnelles : vos droits à l’accès, à l’effacement, et la durée.",
        "Wir schützen Ihre persönlichen Daten gemäß der Verordnung.",
        "Política de privacidad: información y protección de datos.",
        "Wij gebruiken cookies één keer.",
    ],
)
def test_undeclared_western_pages_are_windows_1252(text):
    page = f"<html><head><title>x</title></head><body><p>{text}</p></body></html>"
    assert decode(page.encode("cp1252")) == page


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cp1251", "Мы собираем персональные данные и используем их для оказания услуг. "),
        ("shift_jis", "当社は個人情報を収集し、利用目的の範囲内で利用します。"),
    ],
)
def test_undeclared_pages_in_other_scripts_are_guessed(name, text):
    page = f"<html><body><script>var x = 1;</script><p>{text * 5}</p></body></html>"
    assert decode(page.encode(name)) == page


@pytest.mark.parametrize("name", ["no-such-charset", "hex", "utf-16", "utf-8"])
def test_a_declaration_that_cannot_be_is_passed_over(name):
    assert decode(QUOTED.encode("cp1252"), f"text/html; charset={name}") == QUOTED


def test_utf8_with_a_damaged_byte_stays_utf8():
    assert decode(QUOTED.encode() * 3 + b"\xff") == QUOTED * 3 + "\ufffd"


def test_page_of_1998_without_any_declaration():
    page = read_html("<title>x</title><p>We don’t sell “names”.".encode("cp1252"))
    assert page.blocks[0].text == "We don’t sell “names”."
