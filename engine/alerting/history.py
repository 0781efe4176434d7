"""What was told before, and to whom else: for the words of one message."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from duewatch.engine.ledger.tables import alert, delivery, notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Select

    from duewatch.engine.alerting.words import Delivery, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What one message may refer to."""

    keys: tuple[str, ...]  # messages about the same to the same person on the same channel, oldest first
    told_days: Mapping[str, int]  # occurrence -> the day that the person was told of last, as the date of it
    told: Mapping[str, Mapping[str, tuple[str, ...]]]  # notice -> other persons -> channels

    def others(self, notice_key: str) -> Mapping[str, tuple[str, ...]]:
        """Give the other persons who are told the same, with their channels."""
        return self.told.get(notice_key, {})


def earlier(connection: Connection, of: Delivery, notices: Sequence[Notice]) -> Earlier:
    """Look up what was sent before about the occurrences of `notices`, and who else is told of their stages."""
    keys: dict[str, int] = {}
    days: dict[str, int] = {}
    for occurrence in sorted({each.occurrence for each in notices}):
        for row in connection.execute(_sent(of, occurrence)):
            keys.setdefault(row.key, row.run)
            days[occurrence] = row.due
    others = {each.key: _others(connection, of, each) for each in notices}
    return Earlier(keys=tuple(sorted(keys, key=keys.__getitem__)), told_days=days, told=others)


def _sent(of: Delivery, occurrence: str) -> Select[tuple[Any, ...]]:
    same = and_(alert.c.occurrence == notice.c.occurrence, alert.c.stage == notice.c.stage, alert.c.due == notice.c.due)
    return (
        select(delivery.c.key, notice.c.due, alert.c.run)
        .join(notice, notice.c.delivery == delivery.c.key)
        .join(alert, same)
        .where(notice.c.occurrence == occurrence, notice.c.person == of.person, notice.c.channel == of.channel)
        .where(delivery.c.state == "sent", delivery.c.key != of.key)
        .order_by(alert.c.run, alert.c.raised_day, delivery.c.key)
    )


def _others(connection: Connection, of: Delivery, mine: Notice) -> dict[str, tuple[str, ...]]:
    query = (
        select(notice.c.person, notice.c.channel)
        .join(delivery, delivery.c.key == notice.c.delivery)
        .where(notice.c.occurrence == mine.occurrence, notice.c.stage == mine.stage, notice.c.due == mine.due)
        .where(notice.c.person != of.person, delivery.c.state.in_(("pending", "leased", "sent")))
        .order_by(notice.c.person, notice.c.channel)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.person].append(row.channel)
    return {person: tuple(channels) for person, channels in found.items()}
