"""The database: values come back as they were, in SQLite and in a real PostgreSQL alike."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import postgres
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlmodel import Session
from support import at, document, require

from tracker.errors import ConfigError, StoreError
from tracker.model import (
    BlockChange,
    Capture,
    CaptureState,
    Change,
    Clause,
    ClauseChange,
    Coverage,
    DatedReference,
    Diff,
    Edit,
    Failure,
    History,
    Incident,
    Policy,
    ProfileEntry,
    Run,
    Sighting,
    Snapshot,
    Version,
    WatchedUrl,
    Window,
)
from tracker.store import tables
from tracker.store.database import Database
from tracker.store.search import excerpt, phrases_of

URL = "https://acme.example/privacy"
POLICY = Policy("acme/privacy", "Acme", (WatchedUrl(URL, until=at("2020").date()),), "en")


@pytest.fixture(scope="session")
def postgres_server():
    require(postgres.binaries() is not None, "PostgreSQL")
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server):
    engine = create_engine(postgres_server.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS policy_tracker CASCADE"))
    engine.dispose()
    return postgres_server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path}/tracker.db"


@pytest.fixture
def database(url):
    database = Database(url)
    yield database
    database.close()


def sighting(time):
    return Sighting(
        at(time), URL, f"https://a/web/{time}id_/{URL}", "5" * 64, "D", True, "https://a"
    )


def version(number, first, last, *lines, policy="acme/privacy"):
    return Version(
        policy, number, f"{number:064}", document(*lines), sighting(first), sighting(last), 2
    )


def change(number, after, by):
    before, now = (Clause("ads", stance, "q", "s", "r", 0) for stance in ("denies", "asserts"))
    return Change(
        "acme/privacy",
        number - 1,
        number,
        "substantive",
        Window(at(after), at(by)),
        Diff((BlockChange("changed", 0, 0, (Edit("insert", "now \0"),)),), 1, 0),
        (ClauseChange("ads", "reversed", before, now, "r", 100),),
        ("silent",),
    )


def history():
    incident = Incident("acme/privacy", "soft-404", at("2016"), URL, "cause", "remedy")
    clause = Clause("ads", "asserts", "We show ads.", "Ads", "r", 1)
    return History(
        POLICY,
        "en",
        (
            version(1, "2015", "2016", "# Privacy", "We never show ads. Third-party cookies."),
            version(2, "2018", "2019", "# Privacy", "We show ads. Les données sont à vous."),
            version(3, "2020", "2021", "# Privacy", "We show ads to third parties."),
        ),
        (change(2, "2016", "2018"), change(3, "2019", "2020")),
        ((("ads", "denies"),), (("ads", "asserts"),), ()),
        (ProfileEntry(clause, at("2016"), at("2018")),),
        (DatedReference("privacy_shield", "Privacy Shield", "q", at("2021"), 412, "struck down"),),
        Coverage(5, 4, at("2015"), at("2021"), 731, (incident,)),
    )


def test_a_history_comes_back_as_it_was(database):
    assert database.history(POLICY) is None
    assert database.save_history(history())
    assert database.history(POLICY) == history()
    assert database.summary(POLICY) == replace(history(), versions=(), changes=())
    assert database.policies() == ("acme/privacy",)
    assert database.versions("acme/privacy") == history().versions
    assert database.version("acme/privacy", 2) == history().versions[1]
    assert database.version("acme/privacy", 9) is None


def test_changes_whose_windows_touch_the_time(database):
    database.save_history(history())

    def numbers(**when):
        return [c.after for c in database.changes("acme/privacy", **when)]

    assert numbers() == [2, 3]
    assert numbers(since=at("201802")) == [3]
    assert numbers(until=at("201802")) == [2]
    assert numbers(since=at("2017"), until=at("2017")) == [2]


def test_the_same_history_is_written_once(database):
    assert database.save_history(history())
    assert not database.save_history(history())
    assert database.save_history(replace(history(), changes=()))
    assert database.history(POLICY).changes == ()


def test_rebuilt_is_identical(database, tmp_path):
    database.save_history(replace(history(), versions=history().versions[:1], changes=()))
    database.save_history(history())
    again = Database(f"sqlite:///{tmp_path}/again.db")
    again.save_history(history())
    assert list(again.dump()) == list(database.dump())
    assert len(list(again.dump())) == 6
    again.close()


def test_what_is_queued_with_a_history_is_saved_with_it_or_not_at_all(database):
    def queue(session: Session):
        session.add(tables.MetaRow(key="queued", value="yes"))

    def fail(session: Session):
        queue(session)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.save_history(history(), also=fail)
    assert (database.history(POLICY), database.meta("queued")) == (None, "")
    assert database.save_history(history(), also=queue)
    assert (database.history(POLICY), database.meta("queued")) == (history(), "yes")


def test_a_forgotten_policy_leaves_nothing(database):
    database.save_history(history())
    database.forget("acme/privacy")
    assert list(database.dump()) == []
    assert database.search("ads") == ()


SNAPSHOT = Snapshot("acme/privacy", URL, at("2015"), "5" * 64, "<urn:uuid:1>", "text/html")


def test_documents_are_found_by_all_they_were_made_from(database):
    made = replace(document("# A", "b\0c \ud800"), declared_date=at("2018").date())
    database.save_documents(POLICY, "r1", [(SNAPSHOT, made)])
    kept = database.documents(POLICY, "r1", [SNAPSHOT])["<urn:uuid:1>"]
    assert kept.blocks[1].text == "b\0c ?"
    assert kept.declared_date == made.declared_date
    others = (
        (POLICY, "r2", SNAPSHOT),
        (replace(POLICY, select="#content"), "r1", SNAPSHOT),
        (replace(POLICY, remove=(".menu",)), "r1", SNAPSHOT),
        (POLICY, "r1", replace(SNAPSHOT, content_type="text/plain")),
        (POLICY, "r1", replace(SNAPSHOT, sha256="6" * 64)),
        (POLICY, "r1", replace(SNAPSHOT, url="http://else.example")),
    )
    for policy, rules, snapshot in others:
        assert database.documents(policy, rules, [snapshot]) == {}


def test_equal_bodies_are_normalised_once(database):
    later = replace(SNAPSHOT, record_id="<urn:uuid:2>", captured_at=at("2016"))
    database.save_documents(POLICY, "r1", [(SNAPSHOT, document("a")), (later, document("a"))])
    found = database.documents(POLICY, "r1", [SNAPSHOT, later])
    assert found == {"<urn:uuid:1>": document("a"), "<urn:uuid:2>": document("a")}


def test_documents_of_old_rules_make_room(database):
    for rules in ("r1", "r2"):
        database.save_documents(POLICY, rules, [(SNAPSHOT, document(rules))])
    database.forget_documents(except_rules="r2")
    assert database.documents(POLICY, "r1", [SNAPSHOT]) == {}
    assert database.documents(POLICY, "r2", [SNAPSHOT]) == {"<urn:uuid:1>": document("r2")}


def capture(timestamp, original=URL):
    return Capture(original, timestamp, at("2015"), "D", 200, "text/html")


def test_captures_remember_how_far_they_came(database):
    one, odd = capture("20150612133724"), capture("20150612133724", "http://é/\0\ud800")
    noon, evening = datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 20, tzinfo=UTC)
    assert database.capture_states("acme/privacy") == {}
    failed = CaptureState("failed", cause="timeout\0\ud800", changed_at=noon)
    database.mark_captures("acme/privacy", [one, odd], failed)
    database.mark_captures("acme/privacy", [one], replace(failed, changed_at=evening))
    database.mark_captures("acme/privacy", [odd], CaptureState("given-up", changed_at=evening))
    assert database.capture_states("acme/privacy") == {
        one.key: CaptureState("failed", 2, "timeout\N{REPLACEMENT CHARACTER}?", evening),
        odd.key: CaptureState("given-up", 1, "", evening),
    }


def test_times_come_back_aware_and_in_utc(database):
    """sqlmodel before 0.0.45 turned 12:00+02:00 into a naive 12:00."""
    local = datetime(2024, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    database.mark_captures("acme/privacy", [capture("2015")], CaptureState(changed_at=local))
    (state,) = database.capture_states("acme/privacy").values()
    assert state.changed_at == local
    assert state.changed_at.utcoffset() == timedelta(0)


def test_runs_are_kept_with_their_outcome(database):
    run = Run(at("2024"), "update")
    number = database.start_run(run)
    assert database.runs() == (run,)
    failures = (Failure("fetch", "acme/privacy", "Blocked", "by robots.txt"),)
    done = replace(run, ended=at("2025"), requests=7, counts={"captures": 3}, failures=failures)
    database.finish_run(number, done)
    database.start_run(Run(at("2026")))
    assert database.runs() == (Run(at("2026")), done)
    assert database.runs(limit=1) == (Run(at("2026")),)


def test_remembered_words(database):
    database.set_meta("rules", "1")
    database.set_meta("rules", "2\0")
    assert (database.meta("rules"), database.meta("other")) == ("2\N{REPLACEMENT CHARACTER}", "")


@pytest.mark.parametrize(
    ("query", "versions", "current"),
    [
        ("ads", (1, 2, 3), True),
        ("THIRD parties", (3,), True),
        ('"third parties"', (3,), True),
        ("third-party", (1,), False),
        ('"parties third"', (), None),
        ("donnees", (2,), False),
        ("Données vous", (2,), False),
        ("never parties", (), None),
        ("we show", (2, 3), True),  # and not "We never show"
        ("show never", (1,), False),  # nowhere side by side
        ('"show never"', (), None),
    ],
)
def test_search(database, query, versions, current):
    database.save_history(history())
    hits = database.search(query)
    assert [hit.versions for hit in hits] == ([versions] if versions else [])
    assert [hit.current for hit in hits] == ([current] if versions else [])


def test_a_hit_says_when_and_how_it_reads(database):
    database.save_history(history())
    (hit,) = database.search('"show ads"')
    assert (hit.first_seen, hit.last_seen) == (sighting("2015"), sighting("2021"))
    assert hit.excerpt == "Privacy We show ads to third parties."
    assert database.search("ads", policies=["other/privacy"]) == ()


def test_a_replaced_history_is_found_by_its_new_words_only(database):
    database.save_history(history())
    database.save_history(replace(history(), versions=history().versions[:1], changes=()))
    assert database.search("parties") == ()
    assert [hit.versions for hit in database.search("never")] == [(1,)]


def test_no_query_is_an_error(database):
    database.save_history(history())
    for query in (
        '"',
        "AND",
        "a OR",
        "NEAR(",
        "*",
        "^",
        "(((",
        "a:b",
        "'",
        "\0",
        "é\ud800",
        "!",
        ":",
    ):
        assert isinstance(database.search(query), tuple)


@given(st.text())
def test_phrases_are_plain_words(query):
    assert all(word.isalnum() for words in phrases_of(query) for word in words)


def test_an_excerpt_shows_the_words_together():
    text = "# Your privacy\n\n" + "We care a lot. " * 40 + "\n\n- We left Privacy Shield in 2020."
    assert excerpt(text, phrases_of("privacy shield")).endswith("We left Privacy Shield in 2020.")
    assert excerpt(text, phrases_of("privacy")).startswith("Your privacy We care")


def test_a_text_longer_than_any_index_position_is_found(database):
    long = " ".join(f"word{n}" for n in range(40_000)) + " the very end"
    database.save_history(History(POLICY, versions=(version(1, "2015", "2016", long),)))
    assert database.search('"word14990 word14991"')
    (hit,) = database.search('"very end"')
    assert hit.excerpt.endswith("word39999 the very end")


def test_hostile_text_is_kept(database):
    hostile = "a\0b \ud800 '; DROP TABLE version; -- \U0010ffff"
    database.save_history(History(POLICY, versions=(version(1, "2015", "2016", hostile),)))
    kept = database.version("acme/privacy", 1).document.blocks[0].text
    assert kept == hostile.replace("\ud800", "?")


def test_an_older_schema_of_derived_tables_is_made_anew(url, monkeypatch):
    database = Database(url)
    database.save_history(history())
    database.set_meta("rules", "kept")
    database.close()
    monkeypatch.setattr(tables, "DERIVED_SCHEMA", tables.DERIVED_SCHEMA + 1)
    database = Database(url)
    assert (database.policies(), database.meta("rules")) == ((), "kept")
    assert database.save_history(history())
    database.close()


def test_kept_tables_are_migrated(url, monkeypatch):
    database = Database(url)
    database.set_meta("rules", "kept")
    database.close()
    version = tables.KEPT_SCHEMA + 1
    monkeypatch.setattr(tables, "KEPT_SCHEMA", version)
    monkeypatch.setattr(
        tables, "MIGRATIONS", {version: ("UPDATE meta SET value = 'moved' WHERE key = 'rules'",)}
    )
    Database(url).close()
    database = Database(url)
    assert database.meta("rules") == "moved", "once"
    database.close()


def test_a_database_of_the_future_is_refused(url, monkeypatch):
    with monkeypatch.context() as future:
        future.setattr(tables, "KEPT_SCHEMA", 99)
        future.setattr(tables, "MIGRATIONS", {n: () for n in range(99)})
        Database(url).close()
    with pytest.raises(StoreError, match="made by a newer policy-tracker; upgrade"):
        Database(url)


def test_a_locked_database_is_waited_for_then_named(tmp_path, monkeypatch):
    monkeypatch.setattr("tracker.store.engine._WAITS", 0.05)
    path = tmp_path / "tracker.db"
    database = Database(f"sqlite:///{path}")
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"tracker\.db: database is locked; another program"):
        database.save_history(history())
    assert database.policies() == (), "reading goes on"
    other.rollback()
    assert database.save_history(history())
    other.close()
    database.close()


def test_opening_and_saving_again_writes_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/tracker.db"
    database = Database(url)
    database.save_history(history())
    database.close()
    before = (tmp_path / "tracker.db").read_bytes()
    other = sqlite3.connect(tmp_path / "tracker.db")
    other.execute("BEGIN IMMEDIATE")  # nobody else can write now
    database = Database(url)
    assert not database.save_history(history())
    database.close()
    other.close()
    assert (tmp_path / "tracker.db").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a database, but text" * 100, r"file is not a database; move the file away"),
        (None, r"unable to open database file; its folder must exist"),
    ],
)
def test_a_file_that_is_no_database_is_named(tmp_path, content, said):
    path = tmp_path / "tracker.db"
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(StoreError, match=said):
        Database(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["tracker.db", "mysql://a/b", "", "oracle:x"])
def test_an_address_that_is_none_is_explained(url):
    with pytest.raises(ConfigError, match=r'expected "sqlite:///tracker\.db" or "postgresql://'):
        Database(url)


@pytest.mark.postgresql
def test_tables_of_others_are_left_alone(postgres_url):
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS public.version (theirs text)"))
    database = Database(postgres_url)
    assert database.save_history(history())
    database.close()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM public.version")).scalar() == 0
        connection.execute(text("DROP TABLE public.version"))
    engine.dispose()


@pytest.mark.postgresql
def test_a_server_that_is_not_there_is_explained(tmp_path):
    with pytest.raises(StoreError, match="see that the server runs") as raised:
        Database(f"postgresql://user:secret@/db?host={tmp_path}")
    assert "secret" not in str(raised.value)
