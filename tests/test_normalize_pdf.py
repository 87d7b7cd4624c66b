"""PDFs are drawn here, line by line, so that each shows one thing a layout does."""

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import normalize

BODY = (
    "We collect the numbers you call, the length of each call and the mast you called from.",
    "We keep them for six months, because the law on electronic communications asks us to.",
    "We do not sell them, and we do not let others advertise to you on their account.",
    "You may see them at any time, and have them corrected where they turn out to be wrong.",
)


class Paper(FPDF):
    """A4 in points; y grows downwards from the top."""

    def __init__(self):
        super().__init__(unit="pt")
        self.set_auto_page_break(auto=False)

    def at(self, x, y, text, *, size=11, style="", font="Helvetica"):
        self.set_font(font, style, size)
        self.text(x, y, text)
        return self

    def lines(self, x, y, texts, *, leading=14, **look):
        for text in texts:
            self.at(x, y, text, **look)
            y += leading
        return self

    def bytes(self):
        return bytes(self.output())


def paper(pages=1):
    new = Paper()
    for _ in range(pages):
        new.add_page()
    return new


def shown(pdf):
    document = normalize(pdf.bytes(), "application/pdf")
    assert not document.problem
    return [(b.kind + str(b.level or ""), b.text) for b in document.blocks]


def test_headings_by_size_and_paragraphs_by_distance():
    pdf = paper().at(60, 80, "Lark Privacy Policy", size=22, style="B")
    pdf.at(60, 120, "What we collect", size=14, style="B")
    pdf.lines(60, 140, BODY[:2])
    pdf.lines(60, 182, BODY[2:3])
    pdf.at(60, 220, "Your rights", size=14, style="B")
    pdf.lines(60, 240, BODY[3:])
    assert shown(pdf) == [
        ("heading1", "Lark Privacy Policy"),
        ("heading2", "What we collect"),
        ("paragraph", f"{BODY[0]} {BODY[1]}"),
        ("paragraph", BODY[2]),
        ("heading2", "Your rights"),
        ("paragraph", BODY[3]),
    ]


def test_headings_in_bold_of_the_same_size():
    pdf = paper().at(60, 80, "Privacy Policy", size=18)
    pdf.at(60, 110, "Retention", style="B").lines(60, 130, BODY[:3])
    assert shown(pdf)[:2] == [("heading1", "Privacy Policy"), ("heading2", "Retention")]


LEFT = [
    "This is the left column of the page,",
    "which is read from its top to its end",
    "before the eye goes over to the other",
    "one. It has a few lines of text only,",
    "as every column of a page must have,",
    "and it ends here with a full stop.",
]
RIGHT = [
    "Here the right column begins, and it",
    "is as long as the left one on this",
    "page, so that the lines stand side by",
    "side and a careless reader would mix",
    "them up. That would make no sense to",
    "anybody who reads it, would it?",
]


@pytest.mark.parametrize("order", ["column by column", "line by line"])
def test_two_columns(order):
    pdf = paper().at(60, 80, "A title that stands over both of the columns of this page", size=18)
    if order == "column by column":
        pdf.lines(60, 120, LEFT)
        pdf.lines(310, 120, RIGHT)
    else:
        for n, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
            pdf.at(60, 120 + 14 * n, left).at(310, 120 + 14 * n, right)
    assert [text for _, text in shown(pdf)] == [
        "A title that stands over both of the columns of this page",
        " ".join(LEFT),
        " ".join(RIGHT),
    ]


def test_words_set_in_bold_do_not_make_a_column():
    pdf = paper()
    for n, line in enumerate(BODY * 3):
        half = len(line) // 2
        pdf.at(60, 100 + 14 * n, line[:half]).at(270 + 7 * n, 100 + 14 * n, line[half:], style="B")
    assert len(shown(pdf)) == 1


def test_page_numbers_and_running_heads_go():
    pdf = paper(0)
    for number, sentence in enumerate(BODY, start=1):
        pdf.add_page()
        pdf.at(60, 40, "Lark Phone - Privacy Policy", size=9).at(500, 820, f"Page {number} of 4")
        pdf.lines(60, 100, [sentence, f"This is what page {'abcd'[number - 1]} says of it."])
        pdf.at(60, 805, f"Version 3, printed {number} times", size=9)
    texts = [text for _, text in shown(pdf)]
    assert texts == [
        f"{s} This is what page {c} says of it." for s, c in zip(BODY, "abcd", strict=True)
    ]


def test_a_sentence_goes_on_over_the_page():
    pdf = paper()
    pdf.lines(60, 760, [BODY[0], "We keep the numbers that you call for as long as the law"])
    pdf.add_page()
    pdf.lines(
        60, 80, ["asks us to, and not a day longer, wherever in the world you call from.", BODY[2]]
    )
    assert shown(pdf) == [
        (
            "paragraph",
            f"{BODY[0]} We keep the numbers that you call for as long as the law asks us to, "
            f"and not a day longer, wherever in the world you call from. {BODY[2]}",
        )
    ]


def test_words_broken_at_the_end_of_a_line_are_made_whole():
    pdf = paper().lines(
        60,
        100,
        [
            "We use your telecommuni-",
            "cations data with a third-",
            "party, and each third-party signs.",
        ],
    )
    assert shown(pdf) == [
        (
            "paragraph",
            "We use your telecommunications data with a third-party, and each third-party signs.",
        )
    ]


def test_lists():
    pdf = paper().lines(60, 100, ["We need your data to:"])
    pdf.lines(75, 114, ["- connect your calls, wherever you", "- send you a bill."], leading=14)
    pdf.lines(60, 142, ["1. Numbered entries are", "2. entries as well."])
    assert [kind for kind, _ in shown(pdf)] == ["paragraph", "item1", "item1", "item1", "item1"]


@pytest.mark.parametrize("order", ["row by row", "column by column"])
def test_tables(order):
    """Cells may take several lines, and one may nearly reach the next column."""
    columns = (
        (60, ["Data", "Name and address", "Masts"]),
        (160, ["Purpose", "Invoices, and", "Finding faults"]),
        (260, ["Kept for", "Ten years", "Seven days"]),
    )
    pdf = paper().lines(60, 80, BODY[:1])
    drawn = [(x, 120 + 40 * n, text) for x, texts in columns for n, text in enumerate(texts)]
    if order == "row by row":
        drawn.sort(key=lambda cell: (cell[1], cell[0]))
    for x, y, text in drawn:
        pdf.at(x, y, text, style="B" if y == 120 else "")
    pdf.at(160, 173, "reminders").at(160, 213, "for the pur-").at(160, 226, "poses of law")
    pdf.lines(60, 270, BODY[1:3])
    document = normalize(pdf.bytes())
    assert [(b.kind, b.cells or b.text, b.header) for b in document.blocks] == [
        ("paragraph", BODY[0], False),
        ("row", ("Data", "Purpose", "Kept for"), True),
        ("row", ("Name and address", "Invoices, and reminders", "Ten years"), False),
        (
            "row",
            ("Masts", "Finding faults for the purposes of law", "Seven days"),
            False,
        ),
        ("paragraph", f"{BODY[1]} {BODY[2]}", False),
    ]


def test_footnotes_stand_at_the_end():
    pdf = paper()
    pdf.lines(60, 740, [BODY[0], "We keep the numbers that you call for as long as the law"])
    pdf.at(60, 790, "1 Act of 12 May 2004 on electronic communications.", size=8)
    pdf.add_page()
    pdf.lines(60, 80, ["asks us to, and not a day longer.", *BODY[1:]])
    texts = [text for _, text in shown(pdf)]
    assert "as the law asks us to" in texts[0]
    assert texts[-1] == "1 Act of 12 May 2004 on electronic communications."


def test_signs_that_fonts_name_oddly():
    """The bullet that is a control character, and the soft hyphen that is drawn."""
    pdf = paper().lines(60, 100, ["We need your data to:"])
    pdf.at(70, 114, "\x7f").at(85, 114, "connect calls with third").at(203, 114, "\xad")
    pdf.at(206, 114, "party networks.")
    assert shown(pdf)[1:] == [("item1", "connect calls with third-party networks.")]


def test_a_last_page_with_little_in_its_second_column():
    pdf = paper().lines(60, 80, LEFT * 4).lines(310, 80, RIGHT)
    assert [text for _, text in shown(pdf)][-1].endswith(" ".join(RIGHT))


def test_language_and_dates_are_those_of_the_text():
    pdf = paper().lines(60, 100, [*BODY, "Last updated: 3 May 2018"])
    document = normalize(pdf.bytes(), "text/html")
    assert document.language == "en"
    assert document.declared_date.isoformat() == "2018-05-03"


def test_an_encrypted_pdf():
    pdf = paper().at(60, 100, BODY[0])
    pdf.set_encryption(owner_password="o", user_password="u")
    assert normalize(pdf.bytes()).problem == "an encrypted PDF: its text needs a password"


def test_a_pdf_that_only_may_not_be_edited():
    pdf = paper().at(60, 100, BODY[0])
    pdf.set_encryption(owner_password="o")
    assert shown(pdf) == [("paragraph", BODY[0])]


def test_a_scanned_pdf():
    pdf = paper(2)
    pdf.rect(60, 60, 200, 300, style="F")
    problem = normalize(pdf.bytes()).problem
    assert problem == "a scanned PDF: its pages are pictures without a text layer"


def test_a_broken_pdf():
    whole = paper().at(60, 100, BODY[0]).bytes()
    assert normalize(whole[:300]).problem.startswith("a broken PDF (")
    assert normalize(b"%PDF-1.4 and nothing else").problem.startswith("a broken PDF (")


WHOLE = paper().lines(60, 100, BODY).bytes()


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=4)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_damaged_pdf_never_raises(damages):
    body = bytearray(WHOLE)
    for place, junk in damages:
        body[place : place + len(junk)] = junk
    document = normalize(bytes(body), "application/pdf")
    assert document.blocks or document.problem
