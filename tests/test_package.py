"""`from tracker import ...`: four functions, whatever was imported before."""

import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

import tracker
from tracker import compare, find_clauses, normalize, tag

OLD = b"<h1>Privacy policy</h1><p>We do not sell your personal data.</p>"
NEW = b"<h1>Privacy policy</h1><p>We sell your personal data.</p>"


def test_each_answers_on_what_the_one_before_returned():
    before, after = normalize(OLD, "text/html"), normalize(body=NEW, url="https://a.example/")
    assert before.text == "# Privacy policy\n\nWe do not sell your personal data."
    assert compare(before, after).words_removed == 2
    assert [(c.topic, c.stance) for c in find_clauses(after)] == [("sale_of_data", "asserts")]
    assert tag("We do not sell your personal data.") == {"sale_of_data": "denies"}


@pytest.mark.parametrize(
    "first",
    ["normalize", "normalize.document", "compare", "compare.diff", "clauses", "pipeline.update"],
)
def test_a_stage_imported_before_or_after_does_not_take_the_functions_place(first):
    by_name = "from tracker import compare, find_clauses, normalize, tag\n"
    still = (
        f"import tracker, tracker.{first}\n"
        "from tracker.normalize import NORMALIZER\n"
        "assert all(map(callable, (compare, find_clauses, normalize, tag)))\n"
        "assert tracker.normalize is normalize and tracker.compare is compare"
    )
    for probe in (f"import tracker.{first}\n{by_name}{still}", f"{by_name}{still}"):
        done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_functions_and_values_go_to_other_processes():
    with ProcessPoolExecutor(1) as pool:
        (document,) = pool.map(normalize, [NEW])
        assert pool.submit(compare, document, document).result().words_added == 0
    assert pickle.loads(pickle.dumps(find_clauses(document))) == find_clauses(document)


def test_they_are_listed_before_they_are_loaded():
    probe = "import tracker; print(*sorted({*dir(tracker)} & {*tracker.__all__}))"
    listed = subprocess.check_output([sys.executable, "-c", probe], text=True)
    assert listed == "compare find_clauses normalize tag\n"


def test_it_has_nothing_else():
    with pytest.raises(AttributeError, match="module 'tracker' has no attribute 'frobnicate'"):
        _ = tracker.frobnicate
