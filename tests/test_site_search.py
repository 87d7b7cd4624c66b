"""The search index: passages of all versions, and which policies hold which word."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from site_builders import acme, bell, history, site

from tracker.render.site import pages, search


def called(body):
    """Name, subject and value of the call a script makes."""
    name, subject, value = re.fullmatch(
        r"policySearch\.(\w+)\((\"[^\"]*\"),(.*)\);\n", body.decode()
    ).groups()
    return name, json.loads(subject), json.loads(value)


def test_a_passage_is_listed_once_with_the_versions_that_hold_it():
    name, policy, found = called(dict(pages(site(acme())))["acme/privacy/passages.js"])
    assert (name, policy) == ("passages", "acme/privacy")
    assert found["versions"][0] == [1, "2015-06-12", "2017-06-29"]
    transfers = [one for one in found["passages"] if "Privacy Shield" in one[1]]
    text = "Transfers to the United States rely on the EU-US Privacy Shield."
    assert transfers == [["Transfers", text, [[2, 3]], 15, 1]]


def test_a_list_is_one_passage_with_its_lead_in():
    found = search.passages(acme())
    assert [one.text for one in found.found if one.text.startswith("We will never")] == [
        "We will never: sell your data rent your data Data | Kept Address | 1 year",
        "We will never: sell your data Data | Kept Address | 3 years",
    ]


def test_shards_say_which_policies_hold_a_word():
    files = dict(pages(site(acme(), bell())))
    _, shard, words = called(files["assets/words/ge.js"])
    assert (shard, words) == ("ge", {"gegevens": [1]})
    assert called(files["assets/words/pr.js"])[2]["privacy"] == [0, 1]


def test_an_endless_word_is_indexed_by_its_beginning():
    long = history("long/terms", [("2019-01-01", "2019-01-01", "x" * 200_000)])
    assert search.passages(long).words == ("x" * 40,)


@given(st.text(max_size=60))
def test_every_word_has_a_shard_a_file_can_be_named_after(text):
    for word in search.tokens(text):
        assert re.fullmatch("[a-z0-9]{1,2}|u[0-9a-f]+", search.key(word))


@given(st.text(max_size=60))
def test_folding_is_stable(text):
    assert search.tokens(search.fold(text)) == search.tokens(text)
