import pytest
from support import document

from tracker.normalize import language, normalize
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
    "uk": "Ми зберігаємо номери, на які ви телефонуєте, стільки, скільки вимагає закон. Ви "
    "можете будь-коли попросити нас видалити те, що ми про вас знаємо, і ми це зробимо.",
    "cs": "Čísla, na která voláte, uchováváme tak dlouho, jak to vyžaduje zákon. Kdykoli nás "
    "můžete požádat o výmaz toho, co o vás víme, a my to pro vás uděláme.",
    "hu": "A hívott számokat addig őrizzük meg, ameddig azt a törvény megköveteli. Ön bármikor "
    "kérheti, hogy töröljük, amit önről tudunk, és mi ezt meg is tesszük.",
    "ro": "Păstrăm numerele pe care le apelați atât timp cât o cere legea. Ne puteți cere în "
    "orice "
    "moment să ștergem ceea ce știm despre dumneavoastră, iar noi vom face acest lucru.",
    "tr": "Aradığınız numaraları yasanın gerektirdiği süre boyunca saklarız. Hakkınızda "
    "bildiklerimizi"
    " silmemizi her zaman isteyebilirsiniz ve bunu sizin için yaparız.",
    "zh": "我们会在法律要求的期限内保存您拨打的电话号码。您可以随时要求我们删除我们所掌握的有关"
    "您的信息。",
    "ko": "당사는 법률이 요구하는 기간 동안 귀하가 건 전화번호를 보관합니다. 귀하는 언제든지 "
    "삭제를 요청할 수 있습니다.",
    "ar": "نحتفظ بالأرقام التي تتصل بها طالما يتطلب القانون ذلك. يمكنك في أي وقت أن تطلب منا "
    "حذف ما نعرفه.",
    "fa": "ما شماره‌هایی را که با آن‌ها تماس می‌گیرید تا زمانی که قانون ایجاب کند نگه می‌داریم "
    "و پاک می‌کنیم.",
    "he": "אנו שומרים את המספרים שאליהם אתם מתקשרים כל עוד החוק דורש זאת. תוכלו לבקש מאתנו למחוק.",
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


def test_the_usual_languages_need_no_model(monkeypatch):
    monkeypatch.setattr(language, "_by_model", None)
    imprint = "Lark GmbH, Hauptstraße 1, 10115 Berlin. Telefon und E-Mail: 030 1234. " * 3
    assert detect(document(imprint).blocks, "de") == "de"
    assert detect(document(SAMPLES["ja"]).blocks) == "ja"
    assert detect(document(SAMPLES["ru"] * 3).blocks) == "ru"


def test_the_same_word_again_and_again_tells_nothing(monkeypatch):
    monkeypatch.setattr(language, "_by_model", None)
    assert detect(document("a " * 500).blocks) == ""


def test_names_and_menus_do_not_decide():
    names = ["Lark Phone Inc", "The Home Store", "Our Products"] * 20
    assert detect(document(*names, SAMPLES["de"]).blocks) == "de"
