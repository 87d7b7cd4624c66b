"""Which charset a page is in: byte-order mark, UTF-8 that decodes, header, page, statistics."""

import pytest

from tracker import normalize
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


SENTENCES = {
    "cs": "Osobní údaje neprodáváme ani nepředáváme jiné společnosti; můžete je kdykoli změnit.",
    "hu": "Személyes adatait nem adjuk el; a nyilatkozat előző változatát őrizzük, híven, hűen.",
    "pl": "Danych osobowych nie sprzedajemy żadnej spółce, chyba że wymaga tego prawo.",
    "tr": "Kişisel bilgilerinizi yasa gerektirmedikçe hiçbir şirkete satmayız, kiralamayız.",
    "lt": "Jūsų asmens duomenų neparduodame jokiai įmonei, išskyrus atvejus, kai to reikalauja.",
    "de": "Für Änderungen prüfen wir Ihre persönlichen Daten; möchten Sie das ausschließen?",
    "fr": "Vos données ne sont ni cédées ni vendues à d’autres sociétés, même à l’étranger.",
    "ru": "Мы не продаём и не передаём ваши персональные данные третьим лицам. ",
    "el": "Δεν πουλάμε και δεν δίνουμε τα προσωπικά σας στοιχεία σε τρίτους. ",
    "he": "איננו מוכרים את המידע האישי שלך לצד שלישי, אלא אם החוק מחייב. ",
    "ja": "当社は、お客様の個人情報を第三者に提供することはありません。",
    "zh": "未经用户同意，本网站不会公开或者出售用户的个人信息。",
    "zh-tw": "除非取得您的同意，本公司不會將您的個人資料提供給任何第三人。",
    "ko": "회사는 이용자의 동의 없이 개인정보를 제3자에게 제공하지 않습니다. ",
}


def page_in(language, declared=""):
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    return f"<html>{meta if declared else ''}<p>{SENTENCES[language] * 3}</html>"


@pytest.mark.parametrize(
    ("language", "name"),
    [
        *(("cs", "cp1250"), ("cs", "iso8859-2"), ("hu", "cp1250"), ("pl", "iso8859-2")),
        *(("tr", "cp1254"), ("lt", "cp1257"), ("de", "mac-roman"), ("fr", "mac-roman")),
        *(("ru", "koi8-r"), ("ru", "cp866"), ("ru", "iso8859-5"), ("el", "iso8859-7")),
        *(("he", "cp1255"), ("ja", "euc_jp"), ("ja", "cp932"), ("ja", "iso2022_jp")),
        *(("zh", "gb18030"), ("zh-tw", "big5"), ("ko", "cp949")),
    ],
)
@pytest.mark.parametrize("declared", ["", "iso-8859-1"])
def test_letters_tell_the_charset(language, name, declared):
    """Editors wrote "iso-8859-1" into every page; others declared nothing."""
    page = page_in(language, declared)
    assert decode(page.encode(name)) == page


@pytest.mark.parametrize(
    ("language", "name", "declared"),
    [
        ("ru", "koi8-r", "windows-1251"),
        ("ru", "cp1251", "koi8-r"),
        ("zh-tw", "big5", "gb2312"),
        ("zh", "gb18030", "big5"),
        ("ja", "euc_jp", "Shift_JIS"),
        ("pl", "cp1250", "iso-8859-2"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_passed_over(language, name, declared):
    page = page_in(language, declared)
    assert decode(page.encode(name)) == page


@pytest.mark.parametrize(
    ("language", "name", "declared"),
    [("ja", "cp932", "x-sjis"), ("de", "mac-roman", "x-mac-roman"), ("ko", "cp949", "x-euc-kr")],
)
def test_labels_of_the_time_before_they_were_registered(language, name, declared):
    page = page_in(language, declared)
    assert decode(page.encode(name)) == page


def test_one_damaged_byte_does_not_cost_the_page():
    body = page_in("ja", "Shift_JIS").encode("cp932")
    assert decode(body.replace(b"</html>", b"\xff</html>")).count("個人情報") == 3


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be"])
def test_sixteen_bits_with_and_without_their_mark(name):
    page = "<html><title>x</title><p>We don’t sell “names”."
    assert normalize(page.encode(name)).text == "We don’t sell “names”."


@pytest.mark.parametrize("name", ["no-such-charset", "hex", "utf-16", "utf-8"])
def test_a_declaration_that_cannot_be_is_passed_over(name):
    assert decode(QUOTED.encode("cp1252"), f"text/html; charset={name}") == QUOTED


def test_utf8_with_a_damaged_byte_stays_utf8():
    assert decode(QUOTED.encode() * 3 + b"\xff") == QUOTED * 3 + "\ufffd"


def test_page_of_1998_without_any_declaration():
    page = read_html("<title>x</title><p>We don’t sell “names”.".encode("cp1252"))
    assert page.blocks[0].text == "We don’t sell “names”."
