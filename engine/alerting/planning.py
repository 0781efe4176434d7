"""From what is raised to alerts, notices and deliveries, as rows in the caller's transaction.

What is stored is a function of what is raised and of the contacts, and keys make it idempotent:
the same again adds nothing; contacts that came late add the notices that they owe. The number of
statements does not grow with the number of occurrences.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, not_, select, update

from duewatch.engine.alerting.reviving import revive
from duewatch.engine.alerting.routing import Route, paragraph, route
from duewatch.engine.alerting.words import FollowUp, Planned, Raised, family
from duewatch.engine.ledger.database import insert_new
from duewatch.engine.ledger.days import instant
from duewatch.engine.ledger.tables import alert, delivery, notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.encoding.contacts import Contacts, Person

_TOLD_BEFORE: Final = "among those who were told of it before"
_MARGIN: Final = 3600  # seconds before a deadline at which waiting for the person's hour ends
_Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A notice that should exist."""

    key: str
    raised: Raised
    person: Person
    channel: str
    address: str
    reason: str


def plan(  # noqa: PLR0913 - whose run, about when, and when: named at the call
    connection: Connection,
    raised: Sequence[Raised],
    contacts: Contacts,
    *,
    run: int,
    as_of: int,
    now: datetime,
    quiet: Collection[str] = (),
    follow_ups: Sequence[FollowUp] = (),
) -> Planned:
    """Write what `raised` asks for, each occurrence at most once in it, and what must follow on earlier messages.

    `run` is the number of this very run, `as_of` the instant it asked about, `now` the real clock.
    `quiet` are occurrences that were looked at and stand at no stage: nobody need hear of them any more.
    """
    routes = {each.occurrence: _reachable(route(each, contacts.responsible), contacts) for each in raised}
    _write_alerts(connection, raised, routes, run)
    _write_follow_ups(connection, follow_ups, run)
    _skip_unheard(connection, raised, quiet)
    wanted = {each.key: each for each in _wanted(raised, routes, contacts)}
    wanted |= {each.key: each for each in _wanted_after(follow_ups, contacts)}
    _write_notices(connection, wanted.values(), run)
    fresh = _write_deliveries(connection, wanted, run, as_of, now)

    def next_at(keys: Sequence[str]) -> int:
        return _leaves_at([wanted[key] for key in keys], as_of, now)

    unheard = tuple(each.occurrence for each in raised if not routes[each.occurrence])
    return Planned(
        alerts=_new_alerts(connection, run),
        unrouted=len(unheard),
        deliveries=fresh + revive(connection, wanted, as_of=as_of, next_at=next_at),
        unheard=unheard,
    )


def not_before(person: Person, *, as_of: int, deadline: int | None, now: datetime) -> int:
    """Give the real instant before which a message should not leave: the person's hour of that day.

    At once where that hour has passed; at the latest an hour before a deadline that is still to come.
    An `as_of` ahead of the real clock (a rehearsal) waits as long as it would then.
    """
    local = datetime.fromtimestamp(as_of, ZoneInfo(person.zone))
    opens = instant(datetime.combine(local.date(), person.at, local.tzinfo))
    if deadline is not None and deadline > as_of:
        opens = min(opens, deadline - _MARGIN)
    real = instant(now)
    return max(real, min(opens, real + max(0, opens - as_of)))


def notice_key(raised: Raised, person: str, channel: str) -> str:
    """Give the key of a notice: the same stage of the same date is told to a person once on a channel."""
    return _key(raised.occurrence, str(raised.base_day), raised.stage, person, channel)


def delivery_key(person: str, channel: str, notices: Iterable[str]) -> str:
    """Give the key of a delivery, which is also the id that its message carries."""
    return _key(person, channel, *sorted(notices))


def _key(*parts: str) -> str:
    return sha256("|".join(parts).encode()).hexdigest()[:32]


# ------------------------------------------------------------------ who
def _reachable(routes: Iterable[Route], contacts: Contacts) -> tuple[Route, ...]:
    known = {person.id for person in contacts.people}
    return tuple(each for each in routes if each.person in known)


def _wanted(raised: Iterable[Raised], routes: Mapping[str, Sequence[Route]], contacts: Contacts) -> Iterator[_Wanted]:
    people = {person.id: person for person in contacts.people}
    for each in raised:
        for way in routes[each.occurrence]:
            for channel, address in _addresses(people[way.person]):
                key = notice_key(each, way.person, channel)
                yield _Wanted(
                    key=key, raised=each, person=people[way.person], channel=channel, address=address, reason=way.reason
                )


def _wanted_after(follow_ups: Iterable[FollowUp], contacts: Contacts) -> Iterator[_Wanted]:
    """Give the notices of follow-ups to those who can still be reached on the channel they know."""
    people = {person.id: person for person in contacts.people}
    for each in follow_ups:
        person = people.get(each.person)
        if person is not None and each.channel in person.channels:
            yield _Wanted(
                key=notice_key(each.raised, person.id, each.channel),
                raised=each.raised,
                person=person,
                channel=each.channel,
                address=person.address_on(each.channel),
                reason=_TOLD_BEFORE,
            )


def _addresses(person: Person) -> tuple[tuple[str, str], ...]:
    """Give the channels on which a person is told, with the address on each."""
    return tuple((channel, person.address_on(channel)) for channel in person.channels)


# ------------------------------------------------------------------ alerts
def _write_alerts(
    connection: Connection, raised: Sequence[Raised], routes: Mapping[str, Sequence[Route]], run: int
) -> None:
    """Insert the newest stages, and beside them the older ones that were never said."""
    newest = [_alert(each, each.stage, run, unrouted=not routes[each.occurrence]) for each in raised]
    older = [
        _alert(each, stage, run, skipped=f"overtaken by {each.stage}") for each in raised for stage in each.older_stages
    ]
    _each(connection, insert_new(connection, alert), newest + older)
    routed = [_ladder_place(each) for each in raised if routes[each.occurrence]]
    _each(connection, update(alert).where(_THIS_ALERT, alert.c.unrouted == 1).values(unrouted=0), routed)


def _write_follow_ups(connection: Connection, follow_ups: Iterable[FollowUp], run: int) -> None:
    rows = {(each.raised.occurrence, each.raised.stage, each.raised.base_day): each.raised for each in follow_ups}
    _each(connection, insert_new(connection, alert), [_alert(each, each.stage, run) for each in rows.values()])


def _alert(each: Raised, stage: str, run: int, *, skipped: str | None = None, unrouted: bool = False) -> dict[str, Any]:
    return {
        "occurrence": each.occurrence,
        "stage": stage,
        "due": each.base_day,
        "status": each.status,
        "raised_day": each.day,
        "run": run,
        "skipped": skipped,
        "unrouted": int(unrouted),
    }


def _skip_unheard(connection: Connection, raised: Iterable[Raised], quiet: Collection[str]) -> None:
    """Close the alerts that found nobody and that a newer one, or the end of the matter, made moot."""
    unheard = (alert.c.occurrence == bindparam("of"), alert.c.unrouted == 1, alert.c.skipped.is_(None))
    overtaken = [_ladder_place(each) | {"why": f"overtaken by {each.stage}"} for each in raised]
    closing = update(alert).where(*unheard).values(skipped=bindparam("why"))
    _each(connection, closing.where(not_(_THIS_ALERT)), overtaken)
    _each(connection, closing, [{"of": each, "why": "nothing to say any more"} for each in quiet])


_THIS_ALERT: Final = and_(
    alert.c.occurrence == bindparam("of"), alert.c.stage == bindparam("at"), alert.c.due == bindparam("day")
)


def _ladder_place(each: Raised) -> dict[str, Any]:
    return {"of": each.occurrence, "at": each.stage, "day": each.base_day}


def _new_alerts(connection: Connection, run: int) -> int:
    raised = select(func.count()).select_from(alert).where(alert.c.run == run, alert.c.skipped.is_(None))
    return connection.scalar(raised) or 0


# ------------------------------------------------------------------ notices and deliveries
def _write_notices(connection: Connection, wanted: Iterable[_Wanted], run: int) -> None:
    """Insert the notices of alerts that are to be said; for now under the mark of this run."""
    rows = [
        {
            "key": each.key,
            "occurrence": each.raised.occurrence,
            "stage": each.raised.stage,
            "due": each.raised.base_day,
            "person": each.person.id,
            "channel": each.channel,
            "reason": each.reason,
            "delivery": _mark(run),
        }
        for each in wanted
    ]
    said = select(alert.c.occurrence).where(
        alert.c.occurrence == bindparam("occurrence"),
        alert.c.stage == bindparam("stage"),
        alert.c.due == bindparam("due"),
        alert.c.skipped.is_(None),
    )
    names = [column.name for column in notice.columns]
    source = select(*(bindparam(name, type_=notice.c[name].type) for name in names)).where(said.exists())
    _each(connection, insert_new(connection, notice).from_select(names, source), rows)


def _write_deliveries(
    connection: Connection, wanted: Mapping[str, _Wanted], run: int, as_of: int, now: datetime
) -> int:
    """Group the notices that came in just now, one message for a paragraph, day, person and channel."""
    groups: dict[tuple[str, ...], list[_Wanted]] = defaultdict(list)
    for key in connection.scalars(select(notice.c.key).where(notice.c.delivery == _mark(run))):
        groups[_group(wanted[key])].append(wanted[key])
    rows = [_delivery(group, as_of, now) for group in groups.values()]
    _each(connection, insert_new(connection, delivery), rows)
    belonging = [
        {"of": each.key, "to": row["key"]} for row, group in zip(rows, groups.values(), strict=True) for each in group
    ]
    belongs = update(notice).where(notice.c.key == bindparam("of")).values(delivery=bindparam("to"))
    _each(connection, belongs, belonging)
    return len(rows)


def _mark(run: int) -> str:
    return f"run {run}"


def _group(each: _Wanted) -> tuple[str, ...]:
    raised = each.raised
    what = (raised.instrument, paragraph(raised.provision), str(raised.base_day), family(raised.stage))
    return (*what, each.person.id, each.channel)


def _delivery(group: Sequence[_Wanted], as_of: int, now: datetime) -> dict[str, Any]:
    first = group[0]
    return {
        "key": delivery_key(first.person.id, first.channel, [each.key for each in group]),
        "person": first.person.id,
        "channel": first.channel,
        "address": first.address,
        "as_of": as_of,
        "state": "pending",
        "next_at": _leaves_at(group, as_of, now),
        "attempts": 0,
    }


def _leaves_at(group: Sequence[_Wanted], as_of: int, now: datetime) -> int:
    """Give the instant from which a message may leave: that of the most pressing thing in it."""
    return min(not_before(each.person, as_of=as_of, deadline=each.raised.due_at, now=now) for each in group)


def _each(connection: Connection, statement: Any, rows: _Rows) -> None:  # noqa: ANN401 - any statement with parameters
    """Run a statement once for each row, as one call, in an order that two writers share."""
    if rows:
        connection.execute(statement, sorted(rows, key=lambda row: tuple(map(str, row.values()))))
