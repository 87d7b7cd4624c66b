"""The demo's whole main job on PostgreSQL says, byte for byte, what it says on SQLite."""

import postgres
import pytest
from support import ROOT, at, require

from tracker import report, watchlist
from tracker.archive import ArchiveSettings, open_archive
from tracker.pipeline import questions, update
from tracker.pipeline.crawl import Budget, Watch
from tracker.pipeline.workspace import open_workspace
from tracker.render import json as json_form
from tracker.selection import Strategy

DEMO = ROOT / "tracker" / "demo"
NOW = at("2024-01-01")
QUERIES = ('"personalised advertising"', "privacy shield", "verkopen", "nowhere-to-be-found", "é")

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    require(postgres.binaries() is not None, "PostgreSQL")
    with postgres.server() as url:
        yield {
            "sqlite": f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/tracker.db",
            "postgres": url,
        }


@pytest.fixture(scope="module")
def answers(servers, tmp_path_factory):
    return {name: whole_job(tmp_path_factory.mktemp(name), url) for name, url in servers.items()}


def whole_job(folder, database_url):
    """Fetch, derive, search and report, then once more; all that was said of it."""
    policies = watchlist.parse((DEMO / "policies.toml").read_text())
    space = open_workspace(policies, folder / "snapshots", database_url, now=lambda: NOW)
    source = open_archive(ArchiveSettings(kind="warc", path=DEMO / "sample.warc.gz"))
    runs = []
    for _ in range(2):
        crawled = update.fetch(space, source, policies, Strategy(), Budget(), Watch())
        fetched = [(one.policy, one.fetched) for one in crawled]
        written = [written for _, written in update.bring_up_to_date(space, policies)]
        runs.append((fetched, written))
    made = report.build(questions.histories(space, policies), now=NOW)
    said = {
        "runs": runs,
        "dump": list(space.database.dump()),
        "hits": {query: space.database.search(query) for query in QUERIES},
        "report": json_form.render(made),
    }
    space.database.close()
    return said


@pytest.mark.parametrize("what", ["runs", "dump", "hits", "report"])
def test_both_databases_say_the_same(answers, what):
    assert answers["postgres"][what] == answers["sqlite"][what]


def test_the_job_was_a_real_one(answers):
    (fetched, written), (again, nothing) = answers["postgres"]["runs"]
    assert written == [True, True, True]
    assert nothing == [False, False, False]
    assert sum(count for _, count in fetched) > 10
    assert sum(count for _, count in again) == 0
    hits = answers["postgres"]["hits"]
    assert [hit.policy for hit in hits["privacy shield"]] == ["brightline/privacy"]
    assert hits["nowhere-to-be-found"] == ()
    assert b'"reversed"' in answers["postgres"]["report"]
