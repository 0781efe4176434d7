"""What has not reached anybody yet, and why: for screens, and for the exit code of those who must trust us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from duewatch.engine.ledger.tables import alert, attempt, delivery, pause

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Counts of what is not where it should be."""

    pending: int
    dead: int
    unrouted: int  # alerts that nobody is responsible for, and that still stand
    oldest: int | None  # the instant since which the oldest pending delivery could leave
    trouble: str  # the newest error of those pending; empty where none failed yet
    paused: tuple[str, ...] = ()  # channels that were told to wait, or would not have us, with the reason


def backlog(connection: Connection) -> Backlog:
    """Count the deliveries that wait or were given up, and the alerts without anybody to tell."""
    unfinished = delivery.c.state.in_(("pending", "leased"))
    counts = select(
        func.count().filter(unfinished),
        func.count().filter(delivery.c.state == "dead"),
        func.min(delivery.c.next_at).filter(unfinished),
    )
    pending, dead, oldest = connection.execute(counts).one()
    standing = and_(alert.c.unrouted == 1, alert.c.skipped.is_(None))
    unrouted = connection.scalar(select(func.count()).select_from(alert).where(standing)) or 0
    return Backlog(
        pending=pending,
        dead=dead,
        unrouted=unrouted,
        oldest=oldest,
        trouble=_trouble(connection),
        paused=_paused(connection),
    )


def unrouted(connection: Connection) -> tuple[str, ...]:
    """Give the occurrences with an alert that nobody heard of: the next planning must look at them again."""
    standing = select(alert.c.occurrence).where(alert.c.unrouted == 1, alert.c.skipped.is_(None))
    return tuple(connection.scalars(standing.distinct().order_by(alert.c.occurrence)))


def _paused(connection: Connection) -> tuple[str, ...]:
    """Name the channels that have been in trouble and have sent nothing since."""
    rows = connection.execute(select(pause.c.channel, pause.c.why).order_by(pause.c.channel))
    return tuple(f"{row.channel}: {row.why}" for row in rows)


def _trouble(connection: Connection) -> str:
    newest = (
        select(attempt.c.detail)
        .join(delivery, delivery.c.key == attempt.c.delivery)
        .where(delivery.c.state.in_(("pending", "leased")), attempt.c.outcome.in_(("retry", "paused")))
        .order_by(attempt.c.at.desc(), attempt.c.n.desc())
        .limit(1)
    )
    return connection.scalar(newest) or ""
