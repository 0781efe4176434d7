"""A short visit to a database: opened, read, closed. For commands that need nothing but the ledger."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from duewatch.engine.ledger.database import open_database, open_unguarded, reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


@contextmanager
def visit(url: str) -> Iterator[Connection]:
    """Give a reading connection to the database at `url`. Errors as those of `open_database`."""
    with _read(open_database(url)) as connection:
        yield connection


@contextmanager
def visit_unguarded(url: str) -> Iterator[Connection]:
    """The same where guards may have been removed: to find out what happened."""
    with _read(open_unguarded(url)) as connection:
        yield connection


@contextmanager
def _read(engine: Engine) -> Iterator[Connection]:
    try:
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()
