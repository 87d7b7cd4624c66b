import pytest
from support import document

from tracker.normalize import normalize
from tracker.normalize.language import detect

SAMPLES = {
    "en": "We collect the numbers you call and keep them for as long as the law asks us to "
    "do so. You may ask us at any time to delete what we know about you, and we will "
    "do it.",
    "nl": "Wij bewaren de nummers die u belt zolang de wet het van ons vraagt. U kunt ons "
    "op elk moment vragen om te wissen wat wij van u weten, en dan doen wij dat ook "
    "voor u.",
    "de": "Wir speichern die Nummern, die Sie wählen, so lange das Gesetz es von uns "
    "verlangt. Sie können uns jederzeit bitten, das zu löschen, was wir über Sie "
    "wissen, und wir tun es.",
    "fr": "Nous conservons les numéros que vous appelez aussi longtemps que la loi le "
    "demande. Vous pouvez à tout moment nous demander de supprimer ce que nous savons"
    " de vous.",
    "es": "Guardamos los números a los que usted llama durante el tiempo que exige la ley. "
    "Usted puede pedirnos en cualquier momento que borremos lo que sabemos de su "
    "persona.",
    "it": "Conserviamo i numeri che lei chiama per il tempo che la legge ci chiede. Lei può"
    " in ogni momento chiederci di cancellare quello che sappiamo di lei e dei suoi "
    "dati.",
    "pl": "Przechowujemy numery, na które dzwonisz, tak długo, jak wymaga tego prawo. "
    "Możesz w każdej chwili poprosić nas o usunięcie tego, co o tobie wiemy, i "
    "zrobimy to dla ciebie.",
    "fi": "Säilytämme numerot, joihin soitat, niin kauan kuin laki sitä meiltä vaatii. Voit"
    " milloin tahansa pyytää meitä poistamaan sen, mitä tiedämme sinusta.",
    "el": "Διατηρούμε τους αριθμούς που καλείτε για όσο διάστημα απαιτεί ο νόμος. Μπορείτε "
    "να μας ζητήσετε ανά πάσα στιγμή να διαγράψουμε όσα γνωρίζουμε για εσάς.",
    "ru": "Мы храним номера, на которые вы звоните, столько, сколько требует закон. Вы "
    "можете в любое время попросить нас удалить то, что мы о вас знаем.",
    "ja": "法律で求められる期間、お客様がおかけになった電話番号を保存します。お客様はいつで"
    "も削除を依頼することができます。私たちは個人情報を第三者に販売しません。",
}


@pytest.mark.parametrize("code", SAMPLES)
def test_detects(code):
    assert detect(document(SAMPLES[code]).blocks) == code


def test_the_text_outweighs_what_the_template_declares():
    assert detect(document(SAMPLES["nl"]).blocks, "en-US") == "nl"


@pytest.mark.parametrize(("declared", "expected"), [("nl_BE", "nl"), ("", ""), ("xx", "")])
def test_a_few_words_tell_nothing_so_the_declaration_counts(declared, expected):
    assert detect(document("Privacy").blocks, declared) == expected


def test_near_languages_follow_the_declaration():
    both = "det er som en for med ikke eller til den vi du dine om kan og for alle som vil av"
    assert detect(document(both).blocks, "no") == "no"


def test_a_document_knows_its_language():
    assert normalize(SAMPLES["fr"].encode()).language == "fr"
    assert normalize(b"Privacy", language="nl").language == "nl"


def test_names_and_menus_do_not_decide():
    names = ["Lark Phone Inc", "The Home Store", "Our Products"] * 20
    assert detect(document(*names, SAMPLES["de"]).blocks) == "de"
