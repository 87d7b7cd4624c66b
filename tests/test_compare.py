"""Blocks find their partners, words their edits; nothing is lost and nothing depends on luck."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import CASES, document

from tracker.compare import compare
from tracker.compare.edits import rewrite
from tracker.compare.keys import key_of, tokenize
from tracker.model import Block, BlockChange, Diff, Document

MARKS = {"equal": "{}", "insert": "{{+{}+}}", "delete": "[-{}-]"}


def marked(before, after):
    """Both texts in one, as wdiff writes it: white space stays outside the marks."""
    found = ""
    for edit in rewrite(before, after).edits:
        found += MARKS[edit.kind].format(edit.text.rstrip())
        found += edit.text[len(edit.text.rstrip()) :]
    return found.replace("-]{+", "-] {+")


def kinds(diff):
    return [(block.kind, block.before, block.after) for block in diff.blocks]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("You may opt out.", "You may not opt out.", "You may {+not+} opt out."),
        ("We will ask you.", "We may ask you.", "We [-will-] {+may+} ask you."),
        ("We sell data.", "However, we sell data.", "{+However,+} we sell data."),
        ("We keep it 12 months.", "We keep it 24 months.", "We keep it [-12-] {+24+} months."),
        ("Don’t sell “data”.", 'Don\'t sell "data" ever.', 'Don\'t sell "data" {+ever+}.'),
        ("我们出售数据", "我们不出售数据", "我们{+不+}出售数据"),
        (
            "We do not sell our customer lists to third parties.",
            "We do not sell our Customer lists to third parties and never share your data.",
            "We do not sell our Customer lists to third parties {+and never share your data+}.",
        ),
        (
            "We keep your data for 12 months after you close the account.",
            "We keep your data as long as the law demands after you close the account.",
            "We keep your data [-for 12 months-] {+as long as the law demands+} after you close"
            " the account.",
        ),
    ],
)
def test_word_edits(before, after, expected):
    assert marked(before, after) == expected


def test_identical():
    text = document("# Privacy", "We care.", "- one")
    assert compare(text, text).identical
    assert compare(text, text).words_added == compare(text, text).words_removed == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["We don’t sell – ever."], ["We don't  sell - ever."]),
        (["# USE OF DATA"], ["# Use of data"]),
        (["Our customers"], ["Our Customers"]),
        (["# Use of data"], ["## Use of data"]),
        (["# Use of data"], ["Use of data"]),
        (["- one"], ["one"]),
        (["• one"], ["- one"]),
        (["We share and/or sell."], ["We share and / or sell."]),
    ],
)
def test_typography_and_template_make_no_difference(before, after):
    assert compare(document(*before), document(*after)).identical


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# 3. Use of data", "# 4. Use of data"),
        ("# 3 Use of data", "# 4 Use of data"),
        ("# III. Use of data", "# C. Use of data"),
        ("# Article 3: Use of data", "# Article 4: Use of data"),
        ("# Use of data", "# 1. Use of data"),
        ("4.1 We keep logs.", "5.1 We keep logs."),
        ("(a) We keep logs.", "(b) We keep logs."),
    ],
)
def test_renumbered_is_equal(before, after):
    change = BlockChange("equal", 0, 0, renumbered=True)
    assert compare(document(before), document(after)) == Diff((change,))


def test_renumbered_item():
    before = Document("", (Block("item", "We keep logs.", marker="1."),))
    after = Document("", (Block("item", "We keep logs.", marker="2."),))
    assert compare(before, after) == Diff((BlockChange("equal", 0, 0, renumbered=True),))


@pytest.mark.parametrize(
    ("before", "after"),
    [("30 days later it ends.", "60 days later it ends."), ("I. We care", "I. We do not care")],
)
def test_number_that_means_something_is_a_change(before, after):
    assert [block.kind for block in compare(document(before), document(after)).blocks] == [
        "changed"
    ]


def test_renumbered_and_reworded_shows_the_rewording_only():
    diff = compare(document("# 3. Use of your data"), document("# 4. Use of your information"))
    (change,) = diff.blocks
    assert [(edit.kind, edit.text) for edit in change.edits] == [
        ("equal", "4. Use of your "),
        ("delete", "data"),
        ("insert", "information"),
    ]
    assert (diff.words_added, diff.words_removed) == (1, 1)


def test_added_and_removed_stand_where_they_were():
    before = document("# Use", "We keep everything we can find about you.", "# End")
    after = document("# Use", "Nobody reads policies like this one.", "Or do they?", "# End")
    assert kinds(compare(before, after)) == [
        ("equal", 0, 0),
        ("removed", 1, None),
        ("added", None, 1),
        ("added", None, 2),
        ("equal", 2, 3),
    ]


def test_shorter_of_two_swapped_blocks_moved():
    long = "We use your data to provide the services you asked for and to send bills."
    before, after = document(long, "We never sell."), document("We never sell.", long)
    assert kinds(compare(before, after)) == [("moved", 1, 0), ("equal", 0, 1)]


def test_moved_and_changed():
    moved = "We share your data with partners who help us to run the service."
    before = document("# A", moved, "# B", "We keep logs for a year, as the law demands of us.")
    after = document(
        "# A", "# B", "We keep logs for a year, as the law demands of us.", moved + " And ads."
    )
    assert ("moved-changed", 1, 3) in kinds(compare(before, after))


def test_paragraph_cut_in_pieces_shows_only_its_new_words():
    whole = "We keep call records for a year. We bill monthly. We never sell any of your data."
    parts = ["We keep call records for a year.", "We bill monthly.", "We never sell your data."]
    (change,) = compare(document(whole), document(*parts)).blocks
    assert (change.kind, change.before, change.after) == ("changed", 0, 0)
    assert change.joined_after == (1, 2)
    assert [(edit.kind, edit.text) for edit in change.edits] == [
        ("equal", "We keep call records for a year. We bill monthly. We never sell "),
        ("delete", "any of "),
        ("equal", "your data."),
    ]
    back = compare(document(*parts), document(whole))
    assert [(b.kind, b.before, b.after, b.joined_before) for b in back.blocks] == [
        ("changed", 0, 0, (1, 2))
    ]
    assert (back.words_added, back.words_removed) == (2, 0)


def test_a_page_in_one_paragraph_becomes_a_hundred():
    """An old template without line breaks against a new one."""
    parts = [f"Section {n} of our policy speaks of matter {n} and no other." for n in range(100)]
    diff = compare(document(" ".join(parts)), document(*parts))
    assert (len(diff.blocks), diff.words_added, diff.words_removed) == (1, 0, 0)


def test_blocks_that_share_common_words_only_are_no_pair():
    before = document("We use cookies to keep you signed in to the site.")
    after = document("You have the right to ask for a copy of the data we hold.")
    assert kinds(compare(before, after)) == [("removed", 0, None), ("added", None, 0)]


@pytest.mark.parametrize("size", [1, 70, 700])
def test_every_size_finds_its_moved_and_edited_blocks(size):
    """1 x 1, scored cells, and the index of word pairs beyond them."""
    texts = [" ".join(f"w{n * 7 + k}" for k in range(20)) for n in range(size)]
    edited = [text.replace(" ", " new ", 1) for text in texts]
    diff = compare(document(*texts), document(*reversed(edited)))
    assert {(block.before, block.after) for block in diff.blocks} == {
        (n, size - 1 - n) for n in range(size)
    }
    assert diff.words_added == size


def test_long_block_is_cut_at_what_both_texts_hold():
    old = [f"w{n}" for n in range(3_000)]
    new = [f"x{n}" if n % 50 == 0 else word for n, word in enumerate(old)]
    found = rewrite(" ".join(old), " ".join(new))
    assert (found.added, found.removed) == (60, 60)


def test_long_blocks_without_anything_in_common_are_replaced():
    found = rewrite("a b " * 1_000, "c d " * 1_000)
    assert [edit.kind for edit in found.edits] == ["delete", "insert"]


# Whole documents: NAME.before and NAME.after make NAME.diff.

CASE_NAMES = sorted(path.stem for path in (CASES / "compare").glob("*.before"))
SIGNS = {"equal": "=", "moved": ">", "changed": "~", "moved-changed": ">~"}


def told(before, after):
    """One line a block, with a sign for its kind and "#" where its number changed."""
    lines = []
    for change in compare(before, after).blocks:
        old = [
            before.blocks[n].text for n in (change.before, *change.joined_before) if n is not None
        ]
        new = [after.blocks[n].text for n in (change.after, *change.joined_after) if n is not None]
        sign = SIGNS.get(change.kind) or ("+" if new else "-")
        text = marked(" ".join(old), " ".join(new)) if old and new else " ".join(old or new)
        lines.append(f"{sign}{'#' if change.renumbered else ''} {text}\n")
    return "".join(lines)


@pytest.mark.parametrize("name", CASE_NAMES)
def test_whole_documents(name, expect):
    before, after = (
        document(*(CASES / "compare" / f"{name}.{side}").read_text("utf-8").splitlines())
        for side in ("before", "after")
    )
    expect(told(before, after), CASES / "compare" / f"{name}.diff")


# What must hold for any two texts.

words = st.sampled_from(
    "we may not sell your data 30 days to partners , . 3. (a) don’t “opt” É 数据 © 2014".split()
)
line = st.lists(words, min_size=1, max_size=12).map(" ".join)
shape = st.sampled_from(["{}", "# {}", "- {}"])
lines = st.lists(st.builds(str.format, shape, line), max_size=12)
documents = lines.map(lambda found: document(*found))
texts = st.one_of(line, st.text(max_size=60))
# A busy machine is no reason to fail.
patient = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def folded(text):
    return tokenize(text).keys


@patient
@given(texts, texts)
def test_edits_make_the_new_text_of_the_old(before, after):
    edits = rewrite(before, after).edits
    new = "".join(edit.text for edit in edits if edit.kind != "delete")
    old = [key for edit in edits if edit.kind != "insert" for key in folded(edit.text)]
    assert new == after
    assert [key for key in old if key] == [key for key in folded(before) if key]


def applied(diff, before, after):
    """The new document's folded texts, made of the old one's wherever that is possible."""
    made = []
    for change in diff.blocks:
        if change.after is None:
            continue
        if change.edits:
            text = "".join(edit.text for edit in change.edits if edit.kind != "delete")
        else:
            source = after if change.before is None else before
            index = change.after if change.before is None else change.before
            text = source.blocks[index].text
        made.append(key_of(Block("paragraph", text)).text.replace(" ", ""))
    return made


@patient
@given(documents, documents)
def test_diff_makes_the_new_document_of_the_old(before, after):
    diff = compare(before, after)
    wanted = [
        key_of(Block("paragraph", " ".join(after.blocks[n].text for n in run))).text
        for run in (sorted((b.after, *b.joined_after)) for b in diff.blocks if b.after is not None)
    ]
    assert applied(diff, before, after) == [text.replace(" ", "") for text in wanted]


@patient
@given(documents, documents)
def test_every_block_exactly_once(before, after):
    diff = compare(before, after)
    old = [n for b in diff.blocks for n in (b.before, *b.joined_before) if n is not None]
    new = [b.after for b in diff.blocks if b.after is not None]
    joined = [n for b in diff.blocks for n in b.joined_after]
    assert sorted(old) == list(range(len(before.blocks)))
    assert new == sorted(new)
    assert sorted(new + joined) == list(range(len(after.blocks)))


@patient
@given(documents, documents)
def test_both_directions_agree(before, after):
    there, back = compare(before, after), compare(after, before)
    assert (there.words_added, there.words_removed) == (back.words_removed, back.words_added)


@patient
@given(documents)
def test_nothing_differs_from_itself(text):
    assert compare(text, text).identical
