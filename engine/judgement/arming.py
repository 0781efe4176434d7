"""Consequences: a norm that is armed because others were left undone.

A source counts as undone at the moment that the consequence looks at (`at`), or at the end of
its own due day: when it was due by then, was not discharged by then, and is not waived. Even if
it is done later it stays undone; a waiver, a due date that moved beyond, or a later instrument
that took its place before then, disarms. Sources are
taken under their default readings; where other arguable readings would answer otherwise, the
consequence is in doubt. Only verdicts of lower ranks are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, not_, or_, select

from duewatch.engine.judgement.portable import flag
from duewatch.engine.ledger.tables import source
from duewatch.engine.words import DUTIES

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, FromClause, Select

ARMED_BY_UNDONE = ("undone", "undone-at")


def looks(dated: CTE, verdict: FromClause) -> Select[tuple[object, ...]]:
    """One row for each consequence, source occurrence and reading of the source, with `undone`.

    `dated` is the consequences of this round with their datings; `verdict` holds the lower ranks.
    `counts` is 0 where the source is no dated duty under that reading: it is left out.
    """
    counts = flag(and_(verdict.c.kind.in_(DUTIES), verdict.c.owed == 1, verdict.c.armed == 1))
    late = or_(verdict.c.discharged_on.is_(None), verdict.c.discharged_on > _deadline(dated, verdict))
    undone = flag(and_(_passed(dated, verdict), late, verdict.c.waived == 0, not_(_freed(dated, verdict))))
    return (
        select(
            dated.c.occurrence,
            dated.c.reading,
            dated.c.which,
            dated.c.day,
            dated.c.looks_at,
            verdict.c.occurrence.label("source"),
            verdict.c.is_default,
            verdict.c.standing,
            verdict.c.due.label("source_due"),
            counts.label("counts"),
            undone.label("undone"),
        )
        .join(source, _same_norm(source, dated))
        .join(verdict, verdict.c.obligation == source.c.source)
        .where(dated.c.armed_by.in_(ARMED_BY_UNDONE))
    )


def _same_norm(left: FromClause, right: FromClause) -> ColumnElement[bool]:
    return and_(
        left.c.encoding == right.c.encoding,
        left.c.obligation == right.c.obligation,
        left.c.reading == right.c.reading,
    )


def _deadline(dated: CTE, verdict: FromClause) -> ColumnElement[int]:
    return case((dated.c.armed_by == "undone-at", dated.c.looks_at), else_=verdict.c.due)


def _freed(dated: CTE, verdict: FromClause) -> ColumnElement[bool]:
    """A later instrument took its place before it fell due, or before the moment looked at."""
    since = verdict.c.superseded_on
    return and_(since.is_not(None), since <= func.coalesce(verdict.c.due, _deadline(dated, verdict)))


def _passed(dated: CTE, verdict: FromClause) -> ColumnElement[bool]:
    """The moment has come, and the source was due by it."""
    at_moment = and_(
        dated.c.at >= dated.c.looks_at_at,
        or_(verdict.c.due.is_(None), verdict.c.due <= dated.c.looks_at),
    )
    own = verdict.c.past_due == 1
    return or_(
        and_(dated.c.armed_by == "undone-at", at_moment),
        and_(dated.c.armed_by == "undone", own),
    )


def arming(dated: CTE, verdict: FromClause) -> CTE:
    """Say for each consequence and reading: armed, armed_on, doubt, and the next day on which that may turn."""
    looked = looks(dated, verdict).cte("look")
    by_source = _by_source(looked)
    least_one = func.max(by_source.c.counts)
    default, some, every = (_gather(by_source, name) for name in ("by_default", "under_some", "under_every"))
    first = func.min(case((by_source.c.by_default == 1, by_source.c.source_due)))
    last = func.max(case((by_source.c.by_default == 1, by_source.c.source_due)))
    armed_on = func.coalesce(by_source.c.looks_at, case((by_source.c.which == "all", last), else_=first)) + 1
    grouped = (by_source.c.occurrence, by_source.c.reading, by_source.c.which, by_source.c.looks_at)
    armed = case((least_one == 1, default), else_=0)
    return (
        select(
            by_source.c.occurrence,
            by_source.c.reading,
            armed.label("armed"),
            case((armed == 1, armed_on)).label("armed_on"),
            flag(and_(least_one == 1, some != every)).label("doubt"),
            func.min(by_source.c.next_day).label("next_day"),
        )
        .group_by(*grouped)
        .cte("arming")
    )


def _by_source(looked: CTE) -> CTE:
    """What the readings of each source say; a reading that leaves the source out changes nothing."""
    neutral = case((looked.c.which == "all", 1), else_=0)
    undone = case((looked.c.counts == 1, looked.c.undone), else_=neutral)
    arguable = looked.c.standing == "arguable"
    turn = func.coalesce(looked.c.looks_at, looked.c.source_due) + 1
    grouped = (looked.c.occurrence, looked.c.reading, looked.c.source, looked.c.which, looked.c.looks_at)
    return (
        select(
            *grouped,
            func.max(looked.c.counts).label("counts"),
            func.max(case((looked.c.is_default == 1, undone))).label("by_default"),
            func.max(case((arguable, undone))).label("under_some"),
            func.min(case((arguable, undone))).label("under_every"),
            func.max(case((looked.c.is_default == 1, looked.c.source_due))).label("source_due"),
            func.min(case((turn > looked.c.day, turn))).label("next_day"),
        )
        .group_by(*grouped)
        .cte("source_look")
    )


def _gather(by_source: CTE, name: str) -> ColumnElement[int]:
    """`any`: one undone source arms; `all`: every one must be undone."""
    column = by_source.c[name]
    return case((by_source.c.which == "all", func.min(column)), else_=func.max(column))
