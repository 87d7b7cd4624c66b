"""Evidence into a history: the same in whatever process, with what each version says."""

import pytest
from support import ROOT, at

from tracker import executors, watchlist
from tracker.archive import ArchiveSettings, open_archive
from tracker.pipeline import derive, update
from tracker.pipeline.crawl import Budget, Watch
from tracker.pipeline.workspace import open_workspace
from tracker.selection import Strategy

DEMO = ROOT / "tracker" / "demo"
POLICIES = watchlist.parse((DEMO / "policies.toml").read_text())


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    folder = tmp_path_factory.mktemp("derive")
    space = open_workspace(
        POLICIES, folder / "snapshots", f"sqlite:///{folder}/tracker.db", now=lambda: at("2024")
    )
    archive = open_archive(ArchiveSettings(kind="warc", path=DEMO / "sample.warc.gz"))
    list(update.fetch(space, archive, POLICIES, Strategy(), Budget(), Watch()))
    yield space
    space.database.close()


def test_another_process_derives_the_same(space):
    here = [derive.history(space, policy) for policy in POLICIES]
    with executors.processes(2) as mapper:
        there = mapper(derive.derived, (derive.evidence(space, policy) for policy in POLICIES))
        assert list(there) == here


def test_each_version_with_the_topics_it_speaks_on(space):
    known = derive.history(space, POLICIES[0])
    assert len(known.spoken) == len(known.versions)
    first, last = dict(known.spoken[0]), dict(known.spoken[-1])
    assert (first["ads_personalised"], last["ads_personalised"]) == ("denies", "asserts")
    assert set(known.spoken[-1]) == {(e.clause.topic, e.clause.stance) for e in known.profile}


def test_law_out_of_its_time_is_told_for_every_capture(space):
    known = derive.history(space, POLICIES[0])
    cited = [(one.captured_at.date(), one.days_after_end) for one in known.dated_references]
    last = known.versions[-1]
    shown = [(day, days) for day, days in cited if day >= last.first_seen.captured_at.date()]
    assert len(shown) == last.sightings > 1
    assert shown[-1] == (last.last_seen.captured_at.date(), 595)
