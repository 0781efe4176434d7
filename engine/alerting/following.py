"""Who was told something that is no longer so, and must hear of it: closed, moved, open again.

Derived from what was sent and from where everything stands now, so that it does not matter when it
is asked. Only what has left counts: what is still waiting is checked before it leaves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from duewatch.engine.alerting.words import CLOSED, MOVED, REOPENED, FollowUp, family
from duewatch.engine.ledger.tables import alert, dating, delivery, notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.alerting.words import Family, Raised, Standing


@dataclass(frozen=True, slots=True)
class _Told:
    """A notice that has left."""

    stage: str
    due: int
    day: int  # the day that it was about
    run: int


def follow_ups(connection: Connection, standings: Mapping[str, Standing]) -> list[FollowUp]:
    """Give what must follow on what was sent; each again and again until it has been sent itself."""
    wanted = list(_due(_told(connection), standings))
    if not wanted:
        return []
    alerts = _alerts(connection)
    were_dates = _former_dates(connection)
    return [
        replace(each, raised=replace(each.raised, stage=_numbered(each.raised, alerts)))
        for each, told_due in wanted
        if each.raised.stage != MOVED or (each.raised.occurrence, told_due) in were_dates
    ]


def _due(
    told: Mapping[tuple[str, str, str], Sequence[_Told]], standings: Mapping[str, Standing]
) -> Iterator[tuple[FollowUp, int]]:
    """Give each follow-up with the day that the person was told before."""
    for (occurrence, person, channel), rows in told.items():
        standing = standings.get(occurrence)
        found = standing and _follow_up(standing, rows)
        if found:
            yield FollowUp(raised=found, person=person, channel=channel), rows[-1].due


def _follow_up(standing: Standing, told: Sequence[_Told]) -> Raised | None:
    """Say what must follow on all that one person was told of one occurrence, oldest first."""
    last, matter = told[-1], standing.matter
    last_sort = family(last.stage)
    if standing.is_over:
        late = [each for each in told if _calls(each)]
        return _as(matter, CLOSED, late[-1].due) if late and last_sort != CLOSED else None
    if last_sort == CLOSED:
        again = any(each.stage == matter.stage and each.due == matter.base_day for each in told)
        return _as(matter, REOPENED, matter.base_day) if again else None
    if standing.dates and last.due not in standing.dates:
        return _as(matter, MOVED, matter.base_day)
    return None


def _calls(told: _Told) -> bool:
    """Tell whether a notice said that something is to be done now, or should have been."""
    return told.day >= told.due if family(told.stage) == "ladder" else family(told.stage) == REOPENED


def _as(matter: Raised, stage: str, due: int) -> Raised:
    return replace(matter, stage=stage, older_stages=(), base_day=due, due_at=None)


def _told(connection: Connection) -> dict[tuple[str, str, str], list[_Told]]:
    """Give what each person was told of each occurrence on each channel, oldest first."""
    same = and_(alert.c.occurrence == notice.c.occurrence, alert.c.stage == notice.c.stage, alert.c.due == notice.c.due)
    query = (
        select(notice, alert.c.raised_day, alert.c.run)
        .join(delivery, and_(delivery.c.key == notice.c.delivery, delivery.c.state == "sent"))
        .join(alert, same)
        .order_by(alert.c.run, alert.c.raised_day, notice.c.key)
    )
    found: dict[tuple[str, str, str], list[_Told]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.occurrence, row.person, row.channel].append(_Told(row.stage, row.due, row.raised_day, row.run))
    return found


def _former_dates(connection: Connection) -> set[tuple[str, int]]:
    """Give the days that people were told of and that were due days once, in whatever encoding."""
    was = and_(dating.c.occurrence == notice.c.occurrence, dating.c.due == notice.c.due)
    query = select(notice.c.occurrence, notice.c.due).where(select(dating.c.occurrence).where(was).exists())
    return {(row.occurrence, row.due) for row in connection.execute(query)}


# ------------------------------------------------------------------ the second time
def _alerts(connection: Connection) -> dict[tuple[str, int], list[tuple[int, str]]]:
    found: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    query = select(alert.c.occurrence, alert.c.due, alert.c.run, alert.c.stage).where(alert.c.skipped.is_(None))
    for row in connection.execute(query):
        found[row.occurrence, row.due].append((row.run, row.stage))
    return found


def _numbered(raised: Raised, alerts: Mapping[tuple[str, int], Sequence[tuple[int, str]]]) -> str:
    """Give the stage its number, where the same has been so before and something else came between."""
    sort: Family = family(raised.stage)
    rows = alerts.get((raised.occurrence, raised.base_day), ())
    own = sorted(row for row in rows if family(row[1]) == sort)
    if not own:
        return raised.stage
    last_run, last_stage = own[-1]
    between = any(run > last_run for run, stage in rows if family(stage) not in (sort, MOVED))
    return f"{raised.stage}-{len(own) + 1}" if between else last_stage
