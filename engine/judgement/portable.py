"""The few SQL expressions that the two databases spell differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, case, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, Insert
    from sqlalchemy.sql.compiler import SQLCompiler

_NEVER = 2**60


class _Least(GenericFunction[int]):
    """The smallest of its arguments, none of which is null."""

    type = BigInteger()
    name = "least"
    inherit_cache = True


@compiles(_Least, "sqlite")
def _least_on_sqlite(element: _Least, compiler: SQLCompiler, **keywords: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
    """SQLite calls the same function `min`."""
    return f"min({compiler.process(element.clauses, **keywords)})"


def least(values: Iterable[ColumnElement[int]]) -> ColumnElement[int | None]:
    """Give the smallest value that is not null; null where all are.

    Folded in a tree of small calls, because SQLite bounds the number of arguments of one call.
    """
    padded: list[ColumnElement[int]] = [func.coalesce(value, _NEVER) for value in values]
    while len(padded) > 1:
        padded = [_smallest(padded[start : start + 50]) for start in range(0, len(padded), 50)]
    return func.nullif(padded[0], _NEVER)


def _smallest(values: list[ColumnElement[int]]) -> ColumnElement[int]:
    return values[0] if len(values) == 1 else _Least(*values)


class Prepared:
    """A long statement, compiled once for each sort of database and then run as text.

    SQLAlchemy keeps compiled statements by engine, and works out their key anew for every run: for
    statements of this size that takes longer than running them.
    """

    def __init__(self, statement: Insert) -> None:
        """Keep the statement; it is compiled when it is first run."""
        self._statement = statement
        self._compiled: dict[str, SQLCompiler] = {}

    def run(self, connection: Connection, values: Mapping[str, object]) -> None:
        """Run it with these values for its parameters: texts and whole numbers only."""
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = self._statement.compile(
                dialect=dialect, compile_kwargs={"render_postcompile": True}
            )
        compiled = self._compiled[dialect.name]
        given = {**compiled.params, **values}
        in_order = compiled.positiontup
        connection.exec_driver_sql(
            compiled.string, given if in_order is None else tuple(given[name] for name in in_order)
        )


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Give 1 where the condition holds, 0 where it does not or is not known."""
    return case((condition, 1), else_=0)
