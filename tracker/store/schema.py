"""The tables of an opened database brought to what this program expects of them."""

from sqlalchemy import Connection, Engine, delete, insert, inspect, text
from sqlmodel import col, select

from tracker.errors import StoreError
from tracker.store import search, tables
from tracker.store.engine import SCHEMA
from tracker.store.tables import Derived, Kept, MetaRow

_DERIVED, _KEPT = "derived schema", "kept schema"


def prepare(engine: Engine) -> None:
    """Create or mend the tables; writes nothing where they are as they should be."""
    wanted = {_DERIVED: tables.DERIVED_SCHEMA, _KEPT: tables.KEPT_SCHEMA}
    with engine.connect() as connection:
        found = _found(connection)
    if found == wanted:
        return
    if found.get(_KEPT, 0) > tables.KEPT_SCHEMA:
        raise StoreError(
            f"{engine.url.render_as_string(hide_password=True)}: made by a newer policy-tracker; "
            "upgrade this one, or choose another [database] url"
        )
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql" and not inspect(connection).has_schema(SCHEMA):
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        _migrate_kept(connection, found.get(_KEPT))
        if found.get(_DERIVED) != tables.DERIVED_SCHEMA:
            search.drop(connection)
            Derived.metadata.drop_all(connection)
        Derived.metadata.create_all(connection)
        search.create(connection)
        for key, version in wanted.items():
            _remember(connection, key, version)


def _found(connection: Connection) -> dict[str, int]:
    if not inspect(connection).has_table(MetaRow.__tablename__):
        return {}
    keys = col(MetaRow.key).in_((_DERIVED, _KEPT))
    rows = connection.execute(select(MetaRow.key, MetaRow.value).where(keys))
    return {key: int(value) for key, value in rows}


def _migrate_kept(connection: Connection, found: int | None) -> None:
    """In steps, each tested with a database of its day; never dropped."""
    if found is not None:
        for version in range(found + 1, tables.KEPT_SCHEMA + 1):
            for statement in tables.MIGRATIONS.get(version, ()):
                connection.execute(text(statement))
    Kept.metadata.create_all(connection)


def _remember(connection: Connection, key: str, version: int) -> None:
    connection.execute(delete(MetaRow).where(col(MetaRow.key) == key))
    connection.execute(insert(MetaRow).values(key=key, value=str(version)))
