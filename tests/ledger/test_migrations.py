"""The schema that the migrations make is the schema that the house reads."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from duewatch.engine.ledger import guards
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.migrations.newest import HEAD
from duewatch.engine.ledger.migrations.upgrade import configuration, knows
from duewatch.engine.ledger.tables import APPEND_ONLY, metadata

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

SCHEMA = text(
    "SELECT type, name, sql FROM sqlite_master"
    " WHERE type IN ('table', 'index') AND name <> 'alembic_version' AND sql IS NOT NULL"
)


def schema(connection: Connection) -> dict[tuple[str, str], list[str]]:
    """Give each table and index with its parts, in the order of their lines."""
    made = connection.execute(SCHEMA)
    # a column that a migration added stands behind the last one, on its line
    lines = {(kind, name): re.sub(r", (?=\w+ [A-Z]+\b)", ",\n", sql).splitlines() for kind, name, sql in made}
    return {key: sorted(part.strip(" ,\t") for part in parts) for key, parts in lines.items()}


def filled(connection: Connection, name: str) -> None:
    """Put one row into a table: zeros and empty texts do."""
    table = metadata.tables[name]
    values = {
        column.name: {int: 1, str: "", bytes: b"", object: []}[column.type.python_type]
        for column in table.columns
        if not column.nullable
    }
    connection.execute(insert(table).values(**values))


def test_the_newest_revision_is_the_one_that_a_start_looks_for() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]
    assert knows(HEAD)
    assert not knows("9999")


def test_upgrade_gives_exactly_the_tables_of_the_house(engine: Engine) -> None:
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        migrated = schema(connection)
    created = create_engine("sqlite://")
    with created.begin() as connection:
        metadata.create_all(connection)
        assert migrated == schema(connection)  # keys and column order too, which Alembic does not compare
    created.dispose()


def test_no_revision_looks_at_the_tables_of_today(root: Path) -> None:
    for file in (root / "engine/ledger/migrations/versions").glob("v*.py"):
        imported = {
            name
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and re.match("duewatch", node.module or "")
            for name in (f"{node.module}.{alias.name}" for alias in node.names)
        }
        assert imported <= {"duewatch.engine.ledger.guards.guard"}


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_what_may_only_be_added_is_neither_changed_nor_deleted_nor_replaced(engine: Engine, name: str) -> None:
    table = metadata.tables[name]
    column = next(iter(table.columns))
    with writing(engine) as connection:
        filled(connection, name)
    statements = {"update": table.update().values({column.name: column}), "delete": table.delete()}
    with reading(engine) as connection:
        before = connection.execute(select(table)).all()
        assert len(before) == 1
    for action, statement in statements.items():
        with pytest.raises(IntegrityError, match=f"{name} is append-only: {action} refused"), writing(engine) as writer:
            writer.execute(statement)
    with pytest.raises(IntegrityError, match="append-only: delete refused"), writing(engine) as writer:
        writer.exec_driver_sql(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}")  # noqa: S608 - our own names
    with reading(engine) as connection:
        assert connection.execute(select(table)).all() == before


def test_what_was_lost_by_rebuilding_a_table_is_told_and_put_back(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER edition_no_delete")
        assert guards.missing(connection, APPEND_ONLY) == ("edition_no_delete",)
        guards.guard(connection, "edition")
        guards.guard(connection, "edition")
        assert guards.missing(connection, APPEND_ONLY) == ()


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from duewatch.engine.ledger.database import open_database

    def fail(*_: object) -> None:
        raise RuntimeError("the power went off")

    url = f"sqlite:///{tmp_path}/duewatch.db"
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(guards, "_statements", fail)
        open_database(url)
    plain = create_engine(url)
    with plain.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    plain.dispose()
    open_database(url).dispose()


def test_postgresql_is_told_to_refuse_emptying_a_table_as_well() -> None:
    told = [statement for statement in guards._statements("postgresql", "fact") if "no_truncate" in statement]
    assert told == [
        "DROP TRIGGER IF EXISTS fact_no_truncate ON fact",
        "CREATE TRIGGER fact_no_truncate BEFORE truncate ON fact FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


# ------------------------------------------------------------------ PostgreSQL, where there is one
def test_the_same_holds_on_postgresql(postgresql: Engine) -> None:
    with reading(postgresql) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert guards.missing(connection, APPEND_ONLY) == ()
    for name in APPEND_ONLY:
        with writing(postgresql) as connection:
            filled(connection, name)
        column = next(iter(metadata.tables[name].columns)).name
        for action in (f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}", f"TRUNCATE {name}"):  # noqa: S608
            with pytest.raises(DBAPIError, match=f"{name} is append-only"), writing(postgresql) as connection:
                connection.exec_driver_sql(action)
    with writing(postgresql) as connection:
        connection.exec_driver_sql("ALTER TABLE fact DISABLE TRIGGER fact_no_update")
        assert guards.missing(connection, APPEND_ONLY) == ("fact_no_update",)
