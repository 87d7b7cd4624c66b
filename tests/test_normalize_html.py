"""HTML pages to blocks: golden pairs in cases/normalize, one for each thing that went wrong."""

import pytest
from support import CASES, SHARED, needs_shared

from tracker.errors import ConfigError
from tracker.model import Document
from tracker.normalize.html import read_html

PAGES = sorted((CASES / "normalize").glob("*.html"))


def text(page):
    return Document(page.title, page.blocks).text


def blocks(markup, **options):
    return read_html(markup.encode(), **options).blocks


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path, expect):
    expect(text(read_html(path.read_bytes())) + "\n", path.with_suffix(".md"))


def test_no_half_pairs():
    assert {p.stem for p in PAGES} == {p.stem for p in (CASES / "normalize").glob("*.md")}


def test_sections_are_the_headings_above():
    markup = (
        "<h1>Policy</h1><h2>Data</h2><h3>Names</h3><p>We keep them.</p><h2>Law</h2><p>Ours.</p>"
    )
    assert [(block.text, block.section) for block in blocks(markup)] == [
        ("Policy", ()),
        ("Data", ("Policy",)),
        ("Names", ("Policy", "Data")),
        ("We keep them.", ("Policy", "Data", "Names")),
        ("Law", ("Policy",)),
        ("Ours.", ("Policy", "Law")),
    ]


def test_faked_headings_make_sections_and_say_what_they_are():
    markup = "<h1>Policy</h1><p><b>1. Data</b></p><p>We keep the data that you give us.</p>"
    _, heading, paragraph = blocks(markup)
    assert (heading.kind, heading.implied) == ("heading", "bold")
    assert paragraph.section == ("Policy", "1. Data")


def test_numbers_give_faked_headings_their_depth():
    markup = """<h1>Policy</h1><p><b>1. Data</b></p><p>We keep the data you give us.</p>
        <p><b>1.1 Names</b></p><p>We keep the name you give us.</p>"""
    assert [block.section for block in blocks(markup)][-1] == ("Policy", "1. Data", "1.1 Names")


def test_a_heading_is_no_page_tool():
    markup = "<h1>Policy</h1><h2>Share</h2><p>We share your data with banks only.</p>"
    assert [block.text for block in blocks(markup)][1] == "Share"


@pytest.mark.parametrize(
    ("sentence", "buttons"),
    [
        ("Wir nutzen Cookies, damit das Lesen leichter fällt.", ["Einverstanden"]),
        (
            "Des cookies nous aident à compter nos lectrices et lecteurs.",
            ["J'accepte", "Je refuse"],
        ),
        ("Questo sito usa i cookie per contare le sue lettrici.", ["Ho capito"]),
        ("Contamos leitores com a ajuda de cookies neste site.", ["Entendi"]),
        ("Vi räknar våra läsare med hjälp av kakor på webbplatsen.", ["Godkänn alla", "Avvisa"]),
        ("Evästeillä laskemme, kuinka moni sivuja lukee.", ["Hyväksy kaikki", "Hylkää"]),
        ("Čtenáře počítáme pomocí souborů cookies na tomto webu.", ["Přijmout vše"]),
        ("Az olvasókat sütik segítségével számoljuk meg.", ["Elfogadom"]),
        ("Okurlarımızı çerezler yardımıyla sayıyoruz.", ["Kabul et", "Reddet"]),
        ("С помощью файлов cookie мы считаем читателей сайта.", ["Хорошо"]),
        ("읽는 분의 수를 세기 위해 쿠키를 사용합니다.", ["모두 동의", "거부"]),
        ("我们使用Cookie来统计读者人数。", ["接受所有Cookie"]),
        ("نستخدم ملفات تعريف الارتباط لمعرفة عدد القراء.", ["قبول الكل"]),
        ("אנו סופרים את הקוראים בעזרת עוגיות באתר הזה.", ["אני מסכים"]),
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_dialogs_about_cookies_are_known_by_their_choice(sentence, buttons, place):
    policy = """<div class="b"><h1>Privacy policy</h1>
        <p>We keep the personal data of our readers for as long as they subscribe.</p></div>"""
    choice = "".join(f"<button>{button}</button>" for button in buttons)
    dialog = f"<div class='a'><div><span>{sentence}</span></div><div>{choice}</div></div>"
    page = dialog + policy if place == "above" else policy + dialog
    assert len(blocks(page)) == 2


def test_links_stay_apart_from_the_text():
    (block,) = blocks('<p>Read <a href="/terms">our terms</a> before you order.</p>')
    assert (block.text, block.links) == ("Read our terms before you order.", ("/terms",))


def test_rows_keep_their_cells():
    markup = """<p>These are the cookies we set, and there are no others.</p>
        <table><tr><th>Name</th><th>Purpose</th></tr>
        <tr><td>sid</td><td><p>Keeps you</p><p>signed in</p></td></tr></table>"""
    assert [(block.cells, block.header) for block in blocks(markup)[1:]] == [
        (("Name", "Purpose"), True),
        (("sid", "Keeps you signed in"), False),
    ]


def test_items_keep_level_and_marker():
    markup = '<ol><li>one<ol type="a"><li>two</li></ol></li><li value="7">three</li></ol>'
    assert [(b.kind, b.level, b.marker) for b in blocks(markup)] == [
        ("item", 1, "1."),
        ("item", 2, "a."),
        ("item", 1, "7."),
    ]


def test_markdown_numbers_what_the_page_letters():
    romans = '<ol type="i"><li>one</li><li>two</li></ol>'
    letters = (
        '<ol type="a" start="3">' + "<li>x</li>" * 5 + f"<li>eight{romans}</li><li>nine</li></ol>"
    )
    assert text(read_html(letters.encode())).splitlines()[4:] == [
        "7. x",
        "8. eight",
        "  1. one",
        "  2. two",
        "9. nine",
    ]


def test_typed_lines_end_with_their_element():
    """What stands in <pre> is wrapped at a column; the address below it is not."""
    sentence = "We keep what you tell us for as long as you are with us"
    typed = f"<pre>{sentence},\nOr as the law asks us to.</pre>"
    address = f"<pre>Contact</pre><p>{sentence}<br>Or as the law asks us to"
    assert [block.text for block in blocks(typed)] == [f"{sentence}, Or as the law asks us to."]
    assert [block.text for block in blocks(address)][-2:] == [sentence, "Or as the law asks us to"]


def test_archive_prefixes_of_links_are_undone():
    markup = (
        '<p>See <a href="/web/20150612133724/http://a.example/x">the code</a> of our trade.</p>'
    )
    assert blocks(markup)[0].links == ("http://a.example/x",)


def test_title_without_its_owner():
    body = b"<h1>Acme Privacy Policy</h1><p>We collect nothing about anybody.</p>"
    assert read_html(body, url="http://www.acme.example/p").blocks[0].text == "Privacy Policy"
    assert read_html(body, url="http://other.example/p").blocks[0].text == "Acme Privacy Policy"


def test_select_keeps_what_was_chosen_whole():
    markup = '<div id="a"><nav>Menu</nav><p>Short.</p></div><p>Long, but nobody wanted it.</p>'
    assert [block.text for block in blocks(markup, select="#a")] == ["Menu", "Short."]


def test_select_takes_nested_matches_once():
    markup = "<div class=x><div class=x><p>Once.</p></div></div>"
    assert [block.text for block in blocks(markup, select=".x")] == ["Once."]


def test_remove_takes_elements_away():
    markup = "<p>We keep your data for a year.</p><p class=note>A note from the editor.</p>"
    assert len(blocks(markup, remove=(".note",))) == 1


def test_select_that_finds_nothing_says_so():
    page = read_html(b"<p>We keep your data.</p>", select="#gone")
    assert (page.blocks, page.problem) == (
        (),
        'nothing on the page matches the selector "#gone"',
    )


def test_a_selector_that_is_none():
    with pytest.raises(ConfigError, match=r'"#\[" is not a CSS selector'):
        read_html(b"<p>x</p>", select="#[")


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("", "no text in the page"),
        (
            "<frameset><frame src=a.html></frameset>",
            "frames: the text is in the pages that this page shows in them",
        ),
        (
            "<h1>Privacy</h1><iframe src=privacy_text.html></iframe><script></script>",
            "frames: the text is in the pages that this page shows in them",
        ),
        (
            "<div id=root></div><script src=app.js></script>",
            "the page is an empty shell that a script fills",
        ),
        ("<p>We keep your data for a year, and then we delete it.</p><script></script>", ""),
    ],
)
def test_problem_says_why_there_is_no_text(markup, problem):
    assert read_html(markup.encode()).problem == problem


def test_language_is_what_the_page_declares():
    assert read_html(b'<html lang="nl-BE"><p>Wij bewaren uw gegevens.</p>').lang == "nl-BE"


@needs_shared
def test_a_new_template_changes_no_block():
    """Voxbone's policy of 2015 and, in a new design, of 2017: word for word the same text."""
    url = "http://www.voxbone.com/privacy"
    old, new = (
        read_html((SHARED / "captures" / f"voxbone-{at}.html").read_bytes(), url=url)
        for at in ("20150612133724", "20170629104026")
    )
    assert [b.text.lower() for b in old.blocks] == [b.text.lower() for b in new.blocks]
    assert len(new.blocks) == 7
    assert new.blocks[0].text == "Privacy Policy"
