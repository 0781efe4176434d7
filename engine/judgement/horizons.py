"""Endless series are dated up to a horizon; a question that looks beyond it extends them first."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select

from duewatch.engine.judgement.editions import edition_of, in_force, instrument_of, library_of
from duewatch.engine.judgement.naming import instruments_of
from duewatch.engine.judgement.redating import redate
from duewatch.engine.ledger.database import reading, rehearsing
from duewatch.engine.ledger.days import instant, to_day
from duewatch.engine.ledger.tables import edition, instrument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from duewatch.engine.judgement.desk import Desk

AHEAD: Final = timedelta(days=800)  # how far beyond the day asked about an endless series is dated
_ENOUGH: Final = timedelta(days=30)  # by which the horizon may fall short of that


@contextmanager
def extended(desk: Desk, as_of: date | datetime) -> Iterator[Connection]:
    """Give a connection for a question, with the endless series dated beyond `as_of`; nothing done on it stays.

    Of a database that may only be read a copy is asked, where more must be dated than stands there.
    """
    with reading(desk.engine) as connection:
        edition = in_force(connection)
    is_dated = desk.encoding == edition.encoding and _beyond(as_of) <= edition.horizon + _ENOUGH
    with (reading if is_dated else rehearsing)(desk.engine) as connection:
        extend(connection, desk, as_of)
        yield connection


def _beyond(as_of: date | datetime) -> date:
    return (as_of.date() if isinstance(as_of, datetime) else as_of) + AHEAD


def extend(connection: Connection, desk: Desk, as_of: date | datetime) -> date | None:
    """Date the endless series beyond `as_of`, in the caller's transaction; None where they are already.

    A question rolls this back, the nightly run keeps it (`keep_horizon`).
    """
    wanted = _beyond(as_of)
    if desk.encoding != in_force(connection).encoding:
        _date_anew(connection, desk, wanted)
        return None
    if wanted <= in_force(connection).horizon + _ENOUGH:
        return None
    query = select(instrument.c.symbol, instrument.c.body).where(instrument.c.encoding == desk.encoding)
    endless = {row.symbol: set(row.body["endless"]) for row in connection.execute(query) if row.body["endless"]}
    for symbol, ids in endless.items():
        one = instrument_of(connection, desk.rules, symbol)
        entries = [entry for entry in one.obligations if entry.id in ids]
        library = library_of(connection, symbol)
        redate(connection, desk.encoding, one, entries, horizon=wanted, library=library)
    return wanted if endless else None


def _date_anew(connection: Connection, desk: Desk, horizon: date) -> None:
    """Date everything under an encoding that is not in force: facts may have been recorded since it was."""
    edition = edition_of(connection, desk.encoding)
    horizon = max(horizon, edition.horizon)
    for symbol in instruments_of(connection, desk.encoding):
        one = instrument_of(connection, desk.rules, symbol, edition)
        library = library_of(connection, symbol, edition)
        redate(connection, desk.encoding, one, one.obligations, horizon=horizon, library=library)


def keep_horizon(connection: Connection, horizon: date, now: datetime) -> None:
    """Note the new horizon as a new edition of the same encoding: editions are only ever added."""
    last = in_force(connection)
    row = {"encoding": last.encoding, "adopted_at": instant(now), "adopted_by": "evaluate", "files": list(last.files)}
    connection.execute(insert(edition).values(**row, horizon=to_day(horizon)))
