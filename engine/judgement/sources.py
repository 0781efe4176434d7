"""What a norm depends on: the obligations that it looks at, and which of them were found undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from duewatch.engine.judgement.arming import ARMED_BY_UNDONE, looks
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.ledger.tables import dating, source, variant

if TYPE_CHECKING:
    from sqlalchemy import Connection


def scope_of(connection: Connection, encoding: str, name: str) -> frozenset[str]:
    """An obligation and every obligation that it looks at, directly or through others."""
    query = select(source.c.obligation, source.c.source).where(source.c.encoding == encoding).distinct()
    looked_at: dict[str, set[str]] = {}
    for owner, other in connection.execute(query):
        looked_at.setdefault(owner, set()).add(other)
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += looked_at.get(one, ())
    return frozenset(found)


def looked_at(connection: Connection, encoding: str, k: int) -> dict[str, dict[str, bool]]:
    """The source occurrences of every consequence under its default reading, each with whether it was left undone.

    Reads the verdicts of the question that is open on this connection, in one statement.
    """
    here = and_(
        dating.c.encoding == encoding,
        dating.c.occurrence == verdict.c.occurrence,
        dating.c.reading == verdict.c.reading,
        dating.c.k0 <= k,
        dating.c.k1 > k,
        dating.c.d0 <= verdict.c.day,
        dating.c.d1 > verdict.c.day,
    )
    norm = and_(
        variant.c.encoding == encoding,
        variant.c.obligation == verdict.c.obligation,
        variant.c.reading == verdict.c.reading,
    )
    dated = (
        select(
            *(verdict.c[name] for name in ("occurrence", "obligation", "reading", "day", "at")),
            *(variant.c[name] for name in ("encoding", "which", "armed_by")),
            dating.c.looks_at,
            dating.c.looks_at_at,
        )
        .join(variant, norm)
        .outerjoin(dating, here)
        .where(verdict.c.is_default == 1, variant.c.armed_by.in_(ARMED_BY_UNDONE))
        .cte("dated")
    )
    sources = verdict.alias("source_verdict")
    query = looks(dated, sources).where(sources.c.is_default == 1).order_by(sources.c.occurrence)
    found: dict[str, dict[str, bool]] = {}
    for row in connection.execute(query):
        if row.counts:
            found.setdefault(row.occurrence, {})[row.source] = bool(row.undone)
    return found
