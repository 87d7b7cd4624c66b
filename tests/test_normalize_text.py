import gzip
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CASES, SHARED, needs_shared

from tracker import normalize
from tracker.normalize.plain import read_text
from tracker.text import fingerprint

PLAIN = sorted((CASES / "plain").glob("*.in.txt"))


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.name.removesuffix(".in.txt"))
def test_plain_text(path: Path, expect):
    document = normalize(path.read_bytes(), "text/plain")
    expect(document.text + "\n", path.with_name(path.name.replace(".in.txt", ".out.txt")))


def test_every_case_has_both_halves():
    names = {path.name.partition(".")[0] for path in (CASES / "plain").iterdir()}
    assert names == {path.name.partition(".")[0] for path in PLAIN}


def outline(document) -> str:
    """What a document is made of, with so few of its words that it is no copy."""
    lines = [
        f"title {document.title}",
        f"language {document.language}, declared {document.declared_date}, words {document.words}",
        f"fingerprint {fingerprint(document)}",
        "",
    ]
    for block in document.blocks:
        depth = "  " * len(block.section)
        start = " ".join(block.text.split()[:4])
        label = f"{block.kind}{block.level or ''} {block.marker}".strip()
        lines.append(f"{depth}{label}: {start} ({len(block.text.split())})")
    return "\n".join(lines) + "\n"


SEEDS = {
    "voxbone-2018": "000_4796a29f",
    "voxbone-2015": "001_1c7248a3",
    "voiceking-2018": "002_fd37387f",
    "voxox-2019": "003_f5a6992c",
    "voiped": "004_081d7847",
}


@needs_shared
@pytest.mark.parametrize("name", SEEDS)
def test_seed_outlines(name, expect):
    (path,) = (SHARED / "seeds").glob(f"{SEEDS[name]}*")
    expect(outline(normalize(path.read_bytes())), CASES / "seeds" / f"{name}.outline")


def kinds(text):
    return [(block.kind, block.text) for block in read_text(text).blocks]


def test_a_list_of_short_numbered_lines_is_no_run_of_headings():
    assert kinds("1. Name\n\n2. Address\n\n3. Phone\n\nWe keep these for one year only.") == [
        ("item", "Name"),
        ("item", "Address"),
        ("item", "Phone"),
        ("paragraph", "We keep these for one year only."),
    ]


def test_sections_are_the_headings_above():
    page = read_text(
        "# Policy\n\nA. DATA\n\nUse of data\n\nWe use it to serve you.\n\nB. LAW\n\nLaw."
    )
    assert page.blocks[3].section == ("Policy", "A. DATA", "Use of data")
    assert page.blocks[-1].section == ("Policy", "B. LAW")


def test_an_empty_cell_leaves_no_space_in_the_text():
    (row,) = read_text("| | b | | d |").blocks
    assert (row.text, row.cells) == ("| b | | d", ("", "b", "", "d"))


def test_links_are_kept_apart_from_the_text():
    (block,) = read_text("See [our (old) page](https://a.example/x_(y)) now.").blocks
    assert (block.text, block.links) == ("See our (old) page now.", ("https://a.example/x_(y)",))


@pytest.mark.parametrize(
    "line",
    [
        "We use the term “you” (and “your”) for customers.",
        "12 May 2018 is the day these rules begin to hold.",
        "I agree to everything that is said above here.",
        "A person may call us at any time of the day.",
        "3.5 million people use our phones on each day.",
        "Section 5 of the Act applies to all of our calls.",
        "*Customers may refuse newsletters at any time.",
        "Write to us at <privacy@lark.example> or call.",
    ],
)
def test_lines_that_only_look_marked(line):
    assert kinds(line) == [("paragraph", line.replace("<", "").replace(">", ""))]


# What a body is

HTML = b"<!doctype html><html><body><h1>Privacy policy</h1><p>We sell nothing.</p></body></html>"
MARKDOWN = b"# Privacy policy\n\nWe sell nothing."
BOTH = [("heading", "Privacy policy"), ("paragraph", "We sell nothing.")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (HTML, "text/html"),
        (HTML, "text/plain"),
        (HTML, "application/pdf"),
        (HTML, None),
        (b"\xef\xbb\xbf\n\n" + HTML, None),
        (b'<?xml version="1.0"?>' + HTML, "application/xhtml+xml"),
        (HTML.replace(b"<!doctype html><html><body>", b""), "text/html"),
        (gzip.compress(HTML, mtime=0), "text/html"),
        (MARKDOWN, "text/html"),
        (MARKDOWN, "text/markdown"),
        (MARKDOWN, "application/octet-stream"),
        (MARKDOWN + b"<br>", None),
        (gzip.compress(MARKDOWN, mtime=0), None),
        (MARKDOWN.decode().encode("utf-16"), "text/plain"),
        (b"\xef\xbb\xbf" + MARKDOWN.replace(b"\n", b"\r\n"), None),
    ],
)
def test_content_outweighs_the_content_type(body, content_type):
    blocks = normalize(body, content_type).blocks
    assert [(block.kind, block.text) for block in blocks] == BOTH


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-15"])
def test_charsets_of_plain_text(charset):
    text = "Vie privée : nous ne vendons aucune donnée, à quiconque, et ce jusqu’à la fin."
    text = text.replace("’", "'") if charset == "iso-8859-15" else text
    assert normalize(text.encode(charset), f"text/plain; charset={charset}").text == text
    assert normalize(text.encode(charset)).text == text


def test_a_gzip_bomb_is_not_unpacked():
    bomb = gzip.compress(bytes(60_000_000))
    assert normalize(bomb).problem == "larger than 20 MB, which no policy is"


def test_half_a_gzip_is_no_document():
    whole = gzip.compress(HTML * 50, mtime=0)
    assert normalize(whole[: len(whole) // 2]).problem == "gzip data that ends too early"


# Any bytes


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "an empty file"),
        (b" \n\t\n", "an empty file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image, not a document"),
        (b"PK\x03\x04" + bytes(100), "a ZIP archive or an Office file, not a document"),
        (bytes(range(256)) * 20, "binary data of an unknown kind, not a document"),
        (b'{"error": "not found"}', "JSON data, not a document"),
        (b"a" * 20_000_001, "larger than 20 MB, which no policy is"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 20, "damaged gzip data"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_document_says_why(body, problem):
    document = normalize(body)
    assert (document.blocks, document.problem) == ((), problem)


@given(st.binary(max_size=2000), st.sampled_from([None, "text/html", "text/plain", "x"]))
@settings(max_examples=200, deadline=None)
def test_any_bytes_make_a_document(body, content_type):
    document = normalize(body, content_type)
    assert document.blocks or document.problem


MARKS = st.sampled_from(
    [
        *"# ## - * • 1. 2. a. A. I. § | --- === ** __ ` [ ]( ) < > &amp; Privacy you.".split(),
        "\n",
        "\n\n",
    ]
)


@given(st.lists(MARKS | st.text(max_size=9), max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_marks_make_a_page(parts):
    page = read_text(" ".join(parts))
    assert all(block.text == " ".join(block.text.split()) for block in page.blocks)
    assert read_text(" ".join(parts)) == page


HOSTILE = {
    "brackets": "[" * 500_000,
    "links": "[](" * 300_000,
    "unclosed links": "[a](http://x(" * 10_000,
    "stars": "*a" * 300_000,
    "tags": "<a " * 300_000,
    "bars": "|" * 100_000,
    "table": "a|b\n---|---\n" + "c|d\n" * 10_000,
    "broken table": "a|b\n---|---\n" + "  \n* x\n|\n* y\n" * 10_000,
    "one long line": "we keep your data for a year " * 10_000,
    "one wrapped paragraph": "we keep what you give to us for as long as the law\n" * 10_000,
    "a word": "a" * 1_000_000,
    "blank lines": "\n" * 300_000,
    "numbers": "1. Name\n" * 10_000,
    "counting": "".join(f"{n}. Name\n" for n in range(10_000)),
    "letters": "A. Name\n" * 10_000 + "I. Name\n" * 10_000,
    "deeper and deeper": "".join(" " * n + "- x\n" for n in range(600)),
    "an item's lines": "- x\n" + "  more of it\n" * 10_000,
    "short lines": "Privacy\n" * 10_000,
    "lead-ins": "We keep:\n" * 10_000 + "\n\nx\n\ny" * 10_000,
    "quotes": "> " * 300_000,
    "underlines": "a\n---\n" * 10_000,
    "comments": "<!-- " * 200_000,
    "dates": "last updated on 3 May 2018 " * 10_000,
    "glue": "last updated " + "on " * 300_000 + "2018",
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_texts_take_little_time(shape):
    start = process_time()
    fingerprint(normalize(HOSTILE[shape].encode(), "text/plain"))
    assert process_time() - start < 6
