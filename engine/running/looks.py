"""Whether it is time to evaluate: a look has come, or something changed since the last evaluation. Asks little.

An evaluation that is not needed writes nothing; one that comes late is late for somebody. So the hourly one is
only a net, and `duewatch run` asks here every few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from duewatch.engine.judgement.editions import in_force
from duewatch.engine.ledger import chain
from duewatch.engine.ledger.days import day_at, instant
from duewatch.engine.ledger.tables import instrument, run, state

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an evaluation rested on, or would rest on now."""

    at: int  # the instant that it asked about
    k: int  # how far it knew the ledger
    encoding: str


def newest(connection: Connection) -> Look | None:
    """Give what the newest evaluation rested on, whichever process made it; None where there is none."""
    row = connection.execute(select(run.c.at, run.c.k, run.c.encoding).order_by(run.c.run.desc()).limit(1)).first()
    return None if row is None else Look(at=row.at, k=row.k, encoding=row.encoding)


def reason(connection: Connection, *, now: datetime) -> str:
    """Say why an evaluation is due now; nothing where none is."""
    before, here = newest(connection), _here(connection, now)
    if before is None:
        return "no evaluation yet"
    if here.encoding != before.encoding:
        return "another encoding"
    if here.k != before.k:
        return "something was recorded"
    return "a look has come" if _has_come(connection, before.at, here) else ""


def _here(connection: Connection, now: datetime) -> Look:
    return Look(at=instant(now), k=chain.head(connection).seq, encoding=in_force(connection).encoding)


def _has_come(connection: Connection, since: int, here: Look) -> bool:
    """Tell whether the status or stage of an occurrence may have turned after `since` and up to now."""
    zones = select(instrument.c.symbol, instrument.c.zone).where(instrument.c.encoding == here.encoding)
    turned = [and_(state.c.next_at > since, state.c.next_at <= here.at)]
    for row in connection.execute(zones).all():
        mine = func.substr(state.c.occurrence, 1, len(row.symbol) + 1) == f"{row.symbol}#"
        days = and_(state.c.next_day > day_at(since, row.zone), state.c.next_day <= day_at(here.at, row.zone))
        turned.append(and_(mine, days))
    found = select(state.c.occurrence).where(state.c.encoding == here.encoding, or_(*turned)).limit(1)
    return connection.execute(found).first() is not None


def last_run(connection: Connection) -> tuple[int, int] | None:
    """Give number and instant of the newest evaluation that was written; None where there is none."""
    row = connection.execute(select(run.c.run, run.c.at).order_by(run.c.run.desc()).limit(1)).first()
    return None if row is None else (row.run, row.at)
