"""Any bytes in, never an exception, never a hang: normalisation reads what strangers serve."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CASES

from tracker.normalize.explain import explain
from tracker.normalize.html import read_html

SAMPLES = [path.read_bytes() for path in sorted((CASES / "normalize").glob("*.html"))]
PIECES = st.sampled_from(
    """
    <p> </p> <div> </div> <div/class=footer> <div/class="cookie-banner"> <table> <tr> <td> <th>
    </table> <ul> <ol/type=i> <li> </li> </ul> <h1> <h2> </h1> <b> </b> <font/size=5> <br>
    <a/href=#x> </a> <form> <input> <main> </main> <nav> <pre> <dl> <dt> <dd> <details> <summary>
    <button> <noscript> <frameset> <noframes> <svg> <template> <script> </script> <!-- --> <?php
    <![CDATA[ &amp;nbsp; &#0; &lt; § • › Accept Cookies We collect data. Last updated 2020
    English Deutsch Français Español \x00 \ufeff \u200b
    """.split()
)


@given(st.binary(max_size=2_000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_bytes(body):
    read_html(body)


@given(st.lists(PIECES, max_size=60).map(" ".join), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_markup(markup, charset):
    body = markup.encode(charset, "replace")
    page = read_html(body)
    assert sum(decision.lines for decision in explain(body) if decision.kept) == len(page.blocks)


@given(st.sampled_from(SAMPLES), st.integers(0, 4_000), st.integers(0, 400), st.binary(max_size=30))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_damaged_pages(body, start, length, noise):
    page = read_html(body[:start] + noise + body[start + length :])
    assert all(block.text for block in page.blocks)


@given(st.sampled_from(SAMPLES))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_same_bytes_same_page(body):
    assert read_html(body) == read_html(body)


HOSTILE = {
    "two megabytes of unclosed paragraphs": "<p>We keep your data as the law demands it.\n"
    * 45_000,
    "two megabytes in one paragraph": "word " * 400_000,
    "two megabytes of distinct sections": "".join(
        f"<section><h2>{n}. Clause</h2><p>We keep datum number {n} for {n} days.</p></section>"
        for n in range(28_000)
    ),
    "5,000 unclosed fonts, each of its own colour": "".join(
        f"<p><font color=#{n:06x}>We keep datum {n}." for n in range(5_000)
    ),
    "5,000 unclosed bold tags before 5,000 paragraphs": "<b>" * 5_000
    + "<p>We keep it.</p>" * 5_000,
    "100,000 lines of one letter": "a<br>" * 100_000,
    "20,000 rows of two cells below one of 20,000": "<table><tr>"
    + "<td>a" * 20_000
    + "<tr><td>a<td>b" * 20_000,
    "20,000 copyright notices above a date": "<p>© 2017 Acme</p>" * 20_000
    + "<p>Last updated 3 May 2018</p>",
    "10,000 nested boxes": "<div class=x>" * 10_000 + "We keep your data.",
    "10,000 nested tables": "<table><tr><td>" * 10_000 + "We keep your data.",
    "10,000 nested lists": "<ul><li>We keep it" * 10_000,
    "10,000 nested cookie dialogs": "<div><p>Accept all cookies</p>" * 10_000,
    "10,000 choices side by side": "<div>" + "<p>Accept all</p>" * 10_000,
    "5,000 nested forms of nested menus": "<form><input><div class=nav>" * 5_000 + "We keep it.",
    "a comment that never closes": "<!--" + "- " * 500_000,
    "an attribute that never closes": "<p>We keep it.</p><a href='" + "x " * 500_000,
    "code that never closes, in no charset": "<script " * 25_000 + "é",
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_nothing_hangs(markup):
    body = markup.encode("cp1252")
    start = time.process_time()
    read_html(body)
    assert time.process_time() - start < 5, "minutes, where work grows with the square"


def test_deep_text_is_not_lost():
    assert (
        read_html(b"<div>" * 10_000 + b"We keep your data.").blocks[0].text == "We keep your data."
    )


MEASURE = """
import resource
from tracker.normalize.html import read_html
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
page = "".join(
    f"<div class='c'><h2>{n}. Clause</h2><p>We keep datum {n}, which <b>you</b> gave us, "
    f"for {n} days after <a href='/{n}'>the end</a> of it.</p></div>" for n in range(7_000)
).encode()
read_html(page[:10_000])
before = peak()
read_html(page)
print((peak() - before) / len(page))
"""


def test_memory_stays_under_forty_pages():
    """In a process of its own: the peak of this one was reached long ago."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
    )
    assert float(run.stdout) < 40
