"""Connections to SQLite and PostgreSQL that wait their turn, and failures that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from tracker.errors import ConfigError, StoreError

# Of its own, since "version" and "document" may be somebody else's tables in a shared database.
SCHEMA = "policy_tracker"
_WAITS = 30  # seconds, for another program's transaction
_ABOUT_URL = 'expected "sqlite:///tracker.db" or "postgresql://user@host/name"; mend [database] url'
_REMEDIES = {
    "locked": "another program is writing to it; wait until it is done and run again",
    "lock timeout": "another program is writing to it; wait until it is done and run again",
    "readonly": "give yourself the right to write the file and its folder",
    "unable to open": "its folder must exist, and you need the right to write in it",
    "is full": "make room on the disk and run again, nothing is lost",
    "no space left": "make room on the disk and run again, nothing is lost",
    "disk i/o error": "see that the disk is sound and not full, and run again",
    "not a database": "move the file away and run `policy-tracker rebuild`",
    "malformed": "move the file away and run `policy-tracker rebuild`",
    "connection": "see that the server runs and that [database] url is right",
}


def open_engine(url: str) -> Engine:
    parsed = _parsed(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": _WAITS})
            event.listen(engine, "connect", _sqlite_settings)
            event.listen(engine, "begin", _sqlite_begin)
            return engine
        options = f"-c lock_timeout={_WAITS}s -c timezone=UTC -c search_path={SCHEMA}"
        return create_engine(parsed, hide_parameters=True, connect_args={"options": options})
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"[database] url: PostgreSQL needs the module {error.name}; "
            "pip install 'policy-tracker[postgresql]'"
        ) from error


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn what the database says into a StoreError with its remedy; bugs stay what they are."""
    try:
        yield
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        remedy = next((words for key, words in _REMEDIES.items() if key in said.casefold()), None)
        if remedy is None:
            raise
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"{where}: {said}; {remedy}") from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise ConfigError(f"the database address cannot be read: {_ABOUT_URL}") from error
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise ConfigError(f'databases of kind "{backend}" are not supported: {_ABOUT_URL}')
    return parsed


def _sqlite_settings(connection: Any, _: object) -> None:
    """Write-ahead log: readers never wait. Full sync: what was committed survives a power cut."""
    connection.isolation_level = None  # SQLAlchemy's "begin" event speaks instead of the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    """A transaction that may write asks for the lock first: one that read before could not wait
    for it (SQLITE_BUSY_SNAPSHOT)."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
