"""policies.toml: every mistake is named with its line; adding keeps what was there."""

from datetime import date, timedelta

import pytest

from tracker import watchlist
from tracker.errors import ConfigError, NotFound
from tracker.model import Policy, WatchedUrl

GOOD = """\
[[policy]]
id = "voxbone/privacy"            # the first
name = "Voxbone privacy policy"
language = "en"
urls = [
  { url = "http://www.voxbone.com/privacypolicy.jsf", until = 2016-01-01 },
  { url = "https://www.voxbone.com/privacy-policy" },
]

[[policy]]
id = "acme/terms"
urls = ["https://acme.example/terms"]
every = "12h"
"""


def test_reads_policies_in_order():
    assert watchlist.parse(GOOD) == (
        Policy(
            "voxbone/privacy",
            "Voxbone privacy policy",
            (
                WatchedUrl("http://www.voxbone.com/privacypolicy.jsf", until=date(2016, 1, 1)),
                WatchedUrl("https://www.voxbone.com/privacy-policy"),
            ),
            language="en",
        ),
        Policy(
            "acme/terms",
            "Acme terms",
            (WatchedUrl("https://acme.example/terms"),),
            every=timedelta(hours=12),
        ),
    )


def test_addresses_with_and_without_a_period_in_one_list():
    (policy,) = watchlist.parse(
        '[[policy]]\nid = "a/b"\n'
        'urls = ["https://b.example/", { url = "http://a.example/", until = 2016-01-01 }]'
    )
    assert policy.urls == (
        WatchedUrl("https://b.example/"),
        WatchedUrl("http://a.example/", until=date(2016, 1, 1)),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name =", "nam =", 'policies.toml:3: [policy] "voxbone/privacy": unknown key "nam"; did'),
        (
            "until =",
            "untl =",
            'policies.toml:6: [policy.urls]: unknown key "untl"; did you mean "u',
        ),
        ("2016-01-01", '"soon"', "policies.toml:6: \"until\" is 'soon', not a date; expected YYYY"),
        ("acme/terms", "voxbone/privacy", 'policies.toml:11: "voxbone/privacy" is there twice'),
        ("acme/terms", "Acme", 'policies.toml:11: "Acme" is not a policy id; expected service/doc'),
        (
            '"https://acme',
            '"ftp://acme',
            'policies.toml:12: "ftp://acme.example/terms" is not a URL',
        ),
        ('"https://acme.example/terms"', "", 'policies.toml:10: "acme/terms" has no urls'),
        ("12h", "often", 'policies.toml:13: "often" is not a cadence; expected "12h"'),
        ('language = "en"', "language = 3", 'policies.toml:4: "language" is 3; expected a text'),
        ("[[policy]]", "[[polcy]]", 'policies.toml:1: unknown key "polcy"; did you mean "poli'),
        ('"en"', '"en', "policies.toml: not valid TOML"),
        ('urls = ["https', 'url = ["https', 'unknown key "url"; did you mean "urls"?'),
        ('["https://acme.example/terms"]', "[3]", '"urls" holds 3; expected texts in quotes or t'),
        (
            '["https://acme.example/terms"]',
            '"https://acme.example/terms"',
            'policies.toml:12: "urls" is one text; expected a list: urls = ["https://acme.example',
        ),
    ],
)
def test_names_what_is_wrong(old, new, message):
    with pytest.raises(ConfigError) as error:
        watchlist.parse(GOOD.replace(old, new, 1))
    assert message in str(error.value)


def test_chooses_by_id_or_service():
    policies = watchlist.parse(GOOD)
    assert watchlist.choose(policies, []) == policies
    assert [p.id for p in watchlist.choose(policies, ["voxbone"])] == ["voxbone/privacy"]
    with pytest.raises(NotFound, match='no policy "voxbon/privacy"; did you mean "voxbone/priv'):
        watchlist.choose(policies, ["voxbon/privacy"])
    with pytest.raises(NotFound, match='no policy "VoxBone"; did you mean "voxbone"'):
        watchlist.choose(policies, ["VoxBone"])


def test_adding_keeps_comments_and_can_be_read_back():
    added = watchlist.add(GOOD, "new/privacy", ["https://new.example/p"], language="nl")
    assert added.startswith(GOOD)
    assert watchlist.parse(added)[2] == Policy(
        "new/privacy", "New privacy policy", (WatchedUrl("https://new.example/p"),), language="nl"
    )


def test_adding_to_a_policy_appends_what_is_new():
    added = watchlist.add(
        GOOD, "voxbone/privacy", ["https://www.voxbone.com/privacy-policy", "https://b.example/"]
    )
    assert "# the first" in added
    assert [u.url for u in watchlist.parse(added)[0].urls][2:] == ["https://b.example/"]


def test_adding_to_addresses_written_as_tables_and_the_same_one_twice():
    text = '[[policy]]\nid = "a/b"\n[[policy.urls]]\nurl = "https://a.example/"\n'
    added = watchlist.add(text, "a/b", ["https://b.example/", "https://b.example/"])
    assert [u.url for u in watchlist.parse(added)[0].urls] == [
        "https://a.example/",
        "https://b.example/",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "voxbone.com",
        "http://",
        "https://a b/",
        "javascript:x",
        "http://[/",
        "//a/b",
        "http://a/\udcff",
    ],
)
def test_refuses_what_is_no_page(url):
    with pytest.raises(ConfigError, match="expected an address like"):
        watchlist.add("", "a/b", [url])
