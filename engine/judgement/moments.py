"""From a question to the rows that stand for its time: one moment a zone, one prefix of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, func, insert, select

from duewatch.engine.ledger.days import day_at, end_of_day, instant, to_day
from duewatch.engine.ledger.tables import fact
from duewatch.engine.ledger.tables import instrument as instruments

if TYPE_CHECKING:
    from sqlalchemy import Connection

moment = Table(  # temporary: the only place in SQL that knows what time is asked about
    "asked_moment",
    MetaData(),
    Column("zone", Text, primary_key=True),
    Column("day", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant as a zone sees it: its local day and the instant in seconds."""

    zone: str
    day: int
    at: int


def in_zone(as_of: date | datetime, zone: str) -> Moment:
    """Turn a day into its last second in `zone`, an instant into the zone's local day."""
    if isinstance(as_of, datetime):
        at = instant(as_of)
        return Moment(zone, day_at(at, zone), at)
    day = to_day(as_of)
    return Moment(zone, day, end_of_day(day, zone) - 1)


def lay_out(connection: Connection, as_of: date | datetime, encoding: str) -> tuple[Moment, ...]:
    """Fill the temporary table of moments, one row for each zone of the encoding."""
    zones = connection.scalars(select(instruments.c.zone).where(instruments.c.encoding == encoding).distinct())
    rows = tuple(in_zone(as_of, zone) for zone in sorted(zones))
    moment.create(connection, checkfirst=False)
    if rows:
        connection.execute(insert(moment), [{"zone": row.zone, "day": row.day, "at": row.at} for row in rows])
    return rows


def knowledge(connection: Connection, as_known: date | datetime | None, zone: str) -> int:
    """Give the ledger number up to which facts may be used: knowledge is a prefix of the ledger."""
    newest = select(func.coalesce(func.max(fact.c.seq), 0))
    if as_known is None:
        return connection.scalar(newest) or 0
    if isinstance(as_known, datetime):
        return connection.scalar(newest.where(fact.c.recorded_at <= instant(as_known))) or 0
    return connection.scalar(newest.where(fact.c.recorded_at < end_of_day(to_day(as_known), zone))) or 0
