import pytest

from tracker.normalize.markdown import shown

SAMPLES = {
    "[a](http://x)": ("a", ["http://x"]),
    "[a](http://x 'title') and [b](<http://y>)": ("a and b", ["http://x", "http://y"]),
    "[[1]](http://x/note)": ("[1]", ["http://x/note"]),
    "[](http://x/terms.pdf)": ("", ["http://x/terms.pdf"]),
    "[![logo](l.png)](http://x)": ("", ["http://x"]),
    "[page (old)](http://x/a_(b))": ("page (old)", ["http://x/a_(b)"]),
    "see [our policy][1]": ("see our policy", []),
    "[email protected] and [sic] (so)": ("[email protected] and [sic] (so)", []),
    "<https://x/y> or <mailto:a@x>": ("https://x/y or a@x", ["https://x/y", "a@x"]),
    "*one* _two_ **three** __four__ `five` ~~six~~": ("one two three four five six", []),
    "**  February 2018**": ("February 2018", []),
    "2 * 3 * 4, a_b_c and berichten*": ("2 * 3 * 4, a_b_c and berichten*", []),
    r"1\. A \* B \[C\]": ("1. A * B [C]", []),
    "a<br>b <b>c</b> 1 < 2": ("a b c 1 < 2", []),
    "R&amp;D &copy; 2018": ("R&D © 2018", []),
}


@pytest.mark.parametrize("line", SAMPLES)
def test_a_line_as_read(line):
    text, links = SAMPLES[line]
    assert shown(line) == (text, tuple(links))
