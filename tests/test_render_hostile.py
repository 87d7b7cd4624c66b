"""Any text at all, read back by other people's parsers: it is still that text and nothing more."""

import html
import io
import json
import re
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console
from rich.text import Text

from tracker.render import json as as_json
from tracker.render import links, markdown, wording, words
from tracker.render.hanging import Hanging
from tracker.render.html import timed

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# What means something somewhere, more often than chance would have it.
MARKS = (
    "<b> </b> <!-- --> <a@b.c> <https://x.y> **x** *x* __x__ _x_ ~~x~~ `x` ``` \\ [x](y) ![x](y) "
    "** __ * _ ~~ ` [x]: &amp; &#60; & "
    "| --- # 1. 1) - + > = : \" ' {{ }} {% %} $ http://x.y www.x.y word"
).split()
TEXT = st.lists(
    st.one_of(
        st.sampled_from([*MARKS, " ", "\n", "\n\n", "\t", "\x1b[31m", "\x9b", "\u202e", "\u2028"]),
        st.text(max_size=2),
    )
).map("".join)


class Seen(HTMLParser):
    """The text and the tags a browser would make of it."""

    def __init__(self, markup):
        super().__init__()
        self.text, self.tags = "", []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


@given(TEXT)
def test_markdown_shows_the_text_itself(text):
    shown = MARKDOWN.render(markdown.escaped(text)).strip()

    line = words.line(text).replace("\0", "\ufffd")
    assert html.unescape(shown) == (f"<p>{line}</p>" if line else "")


@given(TEXT)
def test_markdown_cells_hold_the_text_itself(text):
    table = f"| a |\n| --- |\n| x{markdown.escaped(text)} |"

    cell = re.search(r"<td>(.*)</td>", MARKDOWN.render(table), re.S)[1]

    assert html.unescape(cell) == f"x{words.line(text)}".rstrip()


@given(TEXT)
def test_html_shows_the_text_itself(text):
    seen = Seen(f"<p>{timed(words.inert(text))}</p>")

    assert seen.text == words.inert(text)
    assert set(seen.tags) <= {"p", "time"}


@given(TEXT)
def test_json_reads_back_and_prints_harmlessly(text):
    body = as_json.encode({"quote": text})

    assert json.loads(body) == {"quote": text}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", body.decode())


@given(TEXT)
def test_terminals_get_no_control(text):
    console = Console(file=io.StringIO(), width=40, color_system=None)
    console.print(Hanging("  ", Text(words.line(text))))

    shown = console.file.getvalue()

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@given(TEXT)
@example(" http://x.y")
@example("h\nttp://x")
def test_a_link_has_no_way_out_of_its_attribute(text):
    for url in (links.web(text), links.web("https://a.example/" + text), links.fragment(text)):
        assert re.fullmatch(r"(?:https?://[!-~]+|#:~:text=[\w.~%,]+)?", url, re.ASCII)
        assert not re.search(r"[\"<>`\\]", url)


@given(TEXT, TEXT)
def test_edits_lead_from_one_wording_to_the_other(before, after):
    edits = wording.edits(before, after)

    if edits:
        old = [edit.text for edit in edits if edit.kind != "insert"]
        new = [edit.text for edit in edits if edit.kind != "delete"]
        assert " ".join(old).split() == before.split()
        assert " ".join(new).split() == after.split()
