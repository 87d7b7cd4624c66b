"""What a policy's history tells of furniture, and the reasons a reader can ask for."""

from support import document

from tracker.model import Block
from tracker.normalize.explain import Decision, explain
from tracker.normalize.furniture import drop_furniture

CORE = (
    "# Policy",
    "We collect your data to bill you, and to tell you when the service will be out of order.",
    "We share your data with banks only.",
)


def texts(documents):
    return [[block.text for block in each.blocks] for each in documents]


def plain(*lines):
    return [line.lstrip("# ") for line in lines]


def test_a_banner_that_comes_and_goes_is_furniture():
    with_banner = document("Our summer sale is on!", *CORE)
    assert (
        texts(drop_furniture([document(*CORE), with_banner, document(*CORE)])) == [plain(*CORE)] * 3
    )


def test_it_is_furniture_in_every_document():
    sale = "Our summer sale is on!"
    history = [document(*CORE), document(sale, *CORE), document(*CORE), document(sale, *CORE)]
    assert texts(drop_furniture(history)) == [plain(*CORE)] * 4


def test_a_clause_added_once_stays():
    more = (*CORE, "We keep your data for ten years.")
    history = [document(*CORE), document(*more), document(*more)]
    assert drop_furniture(history) == tuple(history)


def test_a_short_line_added_once_stays():
    history = [document(*CORE), document(*CORE, "12 Mill Lane, Oldtown")]
    assert drop_furniture(history) == tuple(history)


def test_a_clause_withdrawn_again_stays():
    history = [document(*CORE), document(*CORE, "We sell your data to brokers."), document(*CORE)]
    assert drop_furniture(history) == tuple(history)


def test_a_line_that_changes_with_the_text_stays():
    other = ("# Policy", "We collect much more about you than before.", "We share it with anyone.")
    history = [document(*CORE), document("See you there!", *other), document(*CORE)]
    assert drop_furniture(history) == tuple(history)


def test_a_heading_that_leads_a_section_stays():
    with_heading = document("# Policy", "## Hello", *CORE[1:])
    history = [document(*CORE), with_heading, document(*CORE)]
    assert drop_furniture(history) == tuple(history)


def test_no_history_no_furniture():
    assert drop_furniture([]) == ()
    assert drop_furniture([document(*CORE)]) == (document(*CORE),)


def test_explain_tells_each_decision_in_order():
    page = b"""<nav><a href=/>Home</a></nav><h1>Policy</h1><p>We collect your data to bill you.</p>
        <p>We keep your data for a year.</p><footer>Acme, since 1912</footer>"""
    assert explain(page) == [
        Decision(False, "<nav>", "Home", 1),
        Decision(True, "the policy's text", "Policy", 3),
        Decision(False, "<footer>", "Acme, since 1912", 1),
    ]


def test_explain_shortens_what_it_quotes():
    (decision,) = explain(b"<p>" + b"We collect your data. " * 20)
    assert len(decision.excerpt) == 90


def test_implied_headings_are_written_as_they_look():
    bold = Block("heading", "Data", level=2, implied="bold")
    numbered = Block("heading", "1. Data", level=2, implied="number")
    assert document().__class__("", (bold, numbered)).text == "**Data**\n\n1. Data"
