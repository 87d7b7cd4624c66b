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


@pytest.mark.parametrize("first", ["normalize", "compare.diff", "clauses", "pipeline.update"])
def test_a_stage_imported_before_does_not_take_the_functions_place(first):
    probe = (
        f"import tracker.{first}; from tracker import compare, find_clauses, normalize, tag; "
        "assert all(map(callable, (compare, find_clauses, normalize, tag)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_functions_and_values_go_to_other_processes():
    with ProcessPoolExecutor(1) as pool:
        (document,) = pool.map(normalize, [NEW])
        assert pool.submit(compare, document, document).result().words_added == 0
    assert pickle.loads(pickle.dumps(find_clauses(document))) == find_clauses(document)


def test_it_has_nothing_else():
    with pytest.raises(AttributeError, match="module 'tracker' has no attribute 'frobnicate'"):
        _ = tracker.frobnicate
