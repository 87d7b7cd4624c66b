"""The main job on real input: from an archive or from files to histories, again and again."""

import shutil
from pathlib import Path

import pytest
from loopback import LoopbackArchive, says
from support import ROOT, SHARED, at, needs_shared

from tracker import watchlist
from tracker.archive import ArchiveSettings, open_archive
from tracker.model import Failure, Policy, WatchedUrl
from tracker.pipeline import imports, update
from tracker.pipeline.crawl import Budget, Watch
from tracker.pipeline.imports import Told
from tracker.pipeline.workspace import open_workspace
from tracker.selection import Strategy

DEMO = ROOT / "tracker" / "demo"
POLICIES = watchlist.parse((DEMO / "policies.toml").read_text())
NOW = at("2024-01-01")
SILENT = Watch()


def workspace(folder: Path, policies=POLICIES):
    url = f"sqlite:///{folder / 'tracker.db'}"
    return open_workspace(policies, folder / "snapshots", url, now=lambda: NOW)


def demo_archive():
    return open_archive(ArchiveSettings(kind="warc", path=DEMO / "sample.warc.gz"))


def run(space, archive, watch=SILENT, budget=None):
    crawled = list(
        update.fetch(space, archive, space.policies, Strategy(), budget or Budget(), watch)
    )
    derived = list(update.bring_up_to_date(space, space.known()))
    return crawled, derived


def files(folder: Path) -> dict[str, bytes]:
    """Everything under snapshots/ but the rebuildable index."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / "snapshots").rglob("*"))
        if path.suffix in (".gz", ".cdxj")
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A workspace after one whole run, and what its database says."""
    folder = tmp_path_factory.mktemp("undisturbed")
    space = workspace(folder)
    run(space, demo_archive())
    dump = list(space.database.dump())
    space.database.close()
    return folder, dump


def kinds(space, policy):
    return [
        (clause.topic, clause.kind)
        for change in space.database.history(space.policy(policy)).changes
        for clause in change.clauses
    ]


def test_finds_what_the_demo_holds(undisturbed):
    space = workspace(undisturbed[0])
    brightline = space.database.history(space.policy("brightline/privacy"))
    assert ("ads_personalised", "reversed") in kinds(space, "brightline/privacy")
    assert {r.term for r in brightline.dated_references} == {"eu_us_privacy_shield"}
    assert [i.kind for i in brightline.coverage.incidents] == ["soft-404"]
    halden = space.database.history(space.policy("halden/privacy"))
    assert {change.kind for change in halden.changes} == {"editorial"}
    space.database.close()


def test_a_second_run_fetches_and_writes_nothing(undisturbed, tmp_path):
    folder = shutil.copytree(undisturbed[0], tmp_path / "again")
    before = files(folder)
    space = workspace(folder)
    crawled, derived = run(space, demo_archive())
    assert [one.fetched for one in crawled] == [0, 0, 0]
    assert [written for _, written in derived] == [False, False, False]
    assert files(folder) == before
    assert list(space.database.dump()) == undisturbed[1]
    space.database.close()


def test_a_lost_database_is_rebuilt_the_same(undisturbed, tmp_path):
    folder = shutil.copytree(undisturbed[0], tmp_path / "rebuilt")
    (folder / "tracker.db").unlink()
    space = workspace(folder)
    list(update.bring_up_to_date(space, space.known(), force=True))
    assert list(space.database.dump()) == undisturbed[1]
    space.database.close()


@pytest.mark.parametrize("fetched", [1, 4, 9, 15])
def test_a_run_stopped_anywhere_goes_on(undisturbed, tmp_path, fetched):
    space = workspace(tmp_path)
    left = [fetched]

    def stop(_capture):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(space, demo_archive(), watch=Watch(fetched=stop))
    space.database.close()
    again = workspace(tmp_path)
    crawled, _ = run(again, demo_archive())
    assert sum(one.fetched for one in crawled) == len(_snapshots(undisturbed[0])) - fetched
    assert list(again.database.dump()) == undisturbed[1]
    again.database.close()


def _snapshots(folder):
    space = workspace(folder)
    held = [s for policy in POLICIES for s in space.snapshots.list(policy.id)]
    space.database.close()
    return held


def test_a_budget_ends_a_run_and_the_next_goes_on(undisturbed, tmp_path):
    space = workspace(tmp_path)
    for _ in range(20):
        crawled, _ = run(space, demo_archive(), budget=Budget(mementos=3))
        assert sum(one.fetched for one in crawled) <= 3
        if all(one.finished for one in crawled):
            break
    assert list(space.database.dump()) == undisturbed[1]
    space.database.close()


PAGE = "<html><title>Privacy Policy</title><h1>Privacy Policy</h1>" + "".join(
    f"<p>We collect personal data to provide service number {n}, and we protect your privacy.</p>"
    for n in range(8)
)
ACME = Policy("acme/privacy", "Acme", (WatchedUrl("http://acme.example/privacy"),))
OTHER = Policy("other/privacy", "Other", (WatchedUrl("http://other.example/privacy"),))


def test_one_bad_capture_is_an_incident_and_the_rest_goes_on(tmp_path):
    with LoopbackArchive() as server:
        server.hold("http://acme.example/privacy", "20150101000000", PAGE)
        server.hold("http://acme.example/privacy", "20160101000000", PAGE + "<p>We sell data.</p>")
        server.hold("http://other.example/privacy", "20160101000000", PAGE)
        space = workspace(tmp_path, (ACME, OTHER))
        archive = open_archive(server.settings(tmp_path / "state"))
        server.next(*[says(404, "gone")] * 1, on="replay")
        crawled, derived = run(space, archive)
        archive.close()
    assert [one.fetched for one in crawled] == [1, 1]
    [failure] = crawled[0].failures
    assert isinstance(failure, Failure)
    assert failure.kind == "missing"
    history = derived[0][0]
    assert [incident.kind for incident in history.coverage.incidents] == ["missing"]
    assert len(history.versions) == 1
    space.database.close()


def test_an_archive_that_is_down_is_told_of_every_policy(tmp_path):
    with LoopbackArchive() as server:
        space = workspace(tmp_path, (ACME, OTHER))
        archive = open_archive(server.settings(tmp_path / "state"))
        server.refuse()
        crawled, _ = run(space, archive)
        archive.close()
    assert [[f.kind for f in one.failures] for one in crawled] == [["unavailable"]] * 2
    space.database.close()


def test_listed_captures_of_a_held_body_tighten_the_window(tmp_path):
    url = "http://acme.example/privacy"
    with LoopbackArchive() as server:
        for day in ("20150101", "20150201", "20150301"):
            server.hold(url, f"{day}000000", PAGE)
        server.hold(url, "20150401000000", PAGE + "<p>We sell your data.</p>")
        space = workspace(tmp_path, (ACME,))
        archive = open_archive(server.settings(tmp_path / "state"))
        crawled, derived = run(space, archive)
        archive.close()
    assert crawled[0].fetched == 2
    [change] = derived[0][0].changes
    assert (change.window.after, change.window.by) == (at("2015-03-01"), at("2015-04-01"))
    space.database.close()


# The seeds: what the program was conceived from


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeds")
    space = workspace(folder, ())
    texts, pages = SHARED / "seeds", SHARED / "captures"
    old = "http://www.voxbone.com/privacypolicy.jsf"
    for paths, told in (
        (sorted(texts.glob("00[013]_*")), Told()),
        (
            [pages / "voxbone-20150612133724.html"],
            Told("voxbone/privacy", old, at("20150612133724")),
        ),
        (
            [pages / "voxbone-20170629104026.html"],
            Told("voxbone/privacy", "https://www.voxbone.com/privacy-policy", at("20170629104026")),
        ),
        (sorted(texts.glob("002_*")), Told("voiceking/privacy", None, at("2018-05-01"))),
        (sorted(texts.glob("004_*")), Told("voiped/privacy", None, at("2023-05-01"))),
    ):
        for result in imports.keep_files(space, paths, told):
            assert result.outcome == "kept", result
    histories = {h.policy.id: h for h, _ in update.bring_up_to_date(space, space.known())}
    space.database.close()
    return histories


def voxbone_change(seeds):
    """The one substantive change; 2015 to 2017 was another template around the same text."""
    [change] = [c for c in seeds["voxbone/privacy"].changes if c.kind == "substantive"]
    return change


@needs_shared
def test_voxbone_changes_in_its_window(seeds):
    change = voxbone_change(seeds)
    assert change.window.after == at("20170629104026")
    assert change.window.by == at("20180830131829")


@needs_shared
def test_a_page_is_linked_by_the_address_that_its_extracted_text_names(seeds):
    first = seeds["voxbone/privacy"].versions[0].first_seen
    assert first.captured_at == at("20150612133724")
    assert first.memento_url.startswith("https://web.archive.org/web/20150612133724id_/http")


@needs_shared
@pytest.mark.parametrize(
    ("topic", "kind", "before", "after"),
    [
        ("ads_personalised", "reversed", "do not include the display", "(Retargeting)"),
        ("international_transfer", "appeared", None, "Privacy Shield"),
        ("third_party_sharing", "vanished", "Even after termination", None),
        ("sale_of_data", "reworded", "sell, rent, or lease", "sell, rent, or lease"),
        ("retention", "appeared", None, "store your personal data"),
        ("security", "appeared", None, "high level of protection"),
    ],
)
def test_voxbone_2018_says_otherwise(seeds, topic, kind, before, after):
    change = voxbone_change(seeds)
    found = [c for c in change.clauses if (c.topic, c.kind) == (topic, kind)]
    assert any(
        (c.before is None if before is None else before in c.before.quote)
        and (c.after is None if after is None else after in c.after.quote)
        for c in found
    ), found


@needs_shared
def test_voxbone_still_denies_sale(seeds):
    change = voxbone_change(seeds)
    assert not [c for c in change.clauses if c.topic == "sale_of_data" and c.kind == "reversed"]
    stances = {
        e.clause.stance
        for e in seeds["voxbone/privacy"].profile
        if e.clause.topic == "sale_of_data"
    }
    assert stances == {"denies"}


@needs_shared
@pytest.mark.parametrize(
    ("policy", "topic", "stance", "words"),
    [
        ("voxox/privacy", "ads_personalised", "denies", "ad-free"),
        ("voxox/privacy", "recording_monitoring", "asserts", "record"),
        ("voxox/privacy", "merger_transfer", "asserts", "merger"),
        ("voxox/privacy", "children", None, "16"),
        ("voiceking/privacy", "retention", "asserts", "3 jaar"),
        ("voiceking/privacy", "children", "denies", "16 jaar"),
        ("voiceking/privacy", "international_transfer", "denies", "buiten"),
        ("voiped/privacy", "recording_monitoring", "asserts", "Telefoongesprekken"),
        ("voiped/privacy", "cookies_tracking", "asserts", "cookies"),
    ],
)
def test_what_the_other_seeds_promise(seeds, policy, topic, stance, words):
    clauses = [e.clause for e in seeds[policy].profile if e.clause.topic == topic]
    assert any(words in clause.quote and stance in (None, clause.stance) for clause in clauses), [
        (c.stance, c.quote) for c in clauses
    ]
