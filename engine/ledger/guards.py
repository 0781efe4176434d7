"""Triggers that refuse to change or delete what may only be added.

A migration that rebuilds a guarded table (Alembic's batch mode on SQLite does) loses its
triggers without a word, and calls `guard` again at its end. `missing` tells at start-up.
Here stands no list of tables: a migration has its own, which later schemas leave alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

_ACTIONS: Final = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$
"""
_PRESENT: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    " AND tgrelid IN (SELECT oid FROM pg_class WHERE pg_table_is_visible(oid))",
}


def guard(connection: Connection, table: str) -> None:
    """Put the triggers of one table in place; those that are there already are made anew."""
    for statement in _statements(connection.dialect.name, table):
        connection.exec_driver_sql(statement)


def missing(connection: Connection, tables: Iterable[str]) -> tuple[str, ...]:
    """Name the triggers of these tables that should be in place and are not, or are switched off."""
    dialect = connection.dialect.name
    present = set(connection.scalars(text(_PRESENT[dialect])))
    wanted = (_name(table, action) for table in tables for action in _ACTIONS[dialect])
    return tuple(name for name in wanted if name not in present)


def _name(table: str, action: str) -> str:
    return f"{table}_no_{action}"


def _statements(dialect: str, table: str) -> Iterator[str]:
    if dialect == "postgresql":
        yield _FUNCTION.replace("%", "%%")
    for action in _ACTIONS[dialect]:
        name = _name(table, action)
        on_table = "" if dialect == "sqlite" else f" ON {table}"
        yield f"DROP TRIGGER IF EXISTS {name}{on_table}"
        yield _creation(dialect, name, table, action)


def _creation(dialect: str, name: str, table: str, action: str) -> str:
    if dialect == "postgresql":
        each = "STATEMENT" if action == "truncate" else "ROW"
        return f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
    refusal = f"SELECT RAISE(ABORT, '{table} is append-only: {action} refused')"
    return f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN {refusal}; END"
