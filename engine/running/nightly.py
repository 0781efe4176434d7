"""Evaluate: the question asked now, plus writing what changed, in one transaction.

Idempotence comes from keys and from comparing with the stored state, never from "this run
exists": the same instant after a new fact writes the difference, twice at once writes it once.
With another moment or less knowledge it rehearses: the same answer, nothing written, nothing sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, func, insert, or_, select

from duewatch.engine.alerting.following import follow_ups
from duewatch.engine.alerting.planning import plan
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.horizons import extend, keep_horizon
from duewatch.engine.judgement.renaming import facts_as_named
from duewatch.engine.judgement.rulings import KIND as RULING
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.judgement.verdicts import judging, memoise, summary
from duewatch.engine.ledger.database import rehearsing, writing
from duewatch.engine.ledger.days import instant
from duewatch.engine.ledger.tables import answer, dating, fact, run, state, transition
from duewatch.engine.ledger.texts import keep
from duewatch.engine.problems import BadInput
from duewatch.engine.running.clock import AHEAD
from duewatch.engine.running.ladders import standings
from duewatch.engine.running.looks import newest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

    from duewatch.engine.alerting.words import Planned
    from duewatch.engine.encoding.contacts import Contacts
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.judgement.verdicts import Judged

_STATE: Final = ("encoding", "rules", "status", "default_status", "due", "earliest_due", "next_day", "next_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A change of status: the day, what was said before (None: nothing), what holds now, and why it changed."""

    occurrence: str
    day: int
    old: str | None
    new: str
    cause: str  # time | fact | encoding | rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What one evaluation came to. `run` is None where nothing was written."""

    run: int | None
    written: bool
    examined: int
    transitions: tuple[Transition, ...]
    alerts: int
    unrouted: int
    deliveries: int
    disagreements: int
    incidents: tuple[str, ...]
    unheard: tuple[str, ...] = ()  # the occurrences behind `unrouted`


def evaluate(
    desk: Desk, contacts: Contacts, *, now: datetime, real_now: datetime, was_ahead: bool = False
) -> Evaluated:
    """Evaluate at `now` with the whole ledger and write what changed; `real_now` is for the outbox.

    Time does not run back: a clock that lags behind the last run by what clocks of several machines may differ asks
    about the moment of that run once more; one that lags further is refused (BadInput). `was_ahead`: somebody says that
    the clock of the last run was wrong, and this one is right.
    """
    with writing(desk.engine) as connection:
        now = now if was_ahead else _not_back(connection, now)
        horizon = extend(connection, desk, now)
        if horizon is not None:
            keep_horizon(connection, horizon, now)
        return _evaluated(connection, desk, contacts, Question(now), real_now)


def _not_back(connection: Connection, now: datetime) -> datetime:
    """Give the moment to evaluate at: now, or that of the last run where it is a little later."""
    last = newest(connection)
    if last is None or last.at <= instant(now):
        return now
    then = datetime.fromtimestamp(last.at, UTC)
    if last.at <= instant(now) + AHEAD:
        return then
    raise BadInput(
        f"the clock says {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC, and the last run was of {then:%Y-%m-%d %H:%M} UTC: "
        "nothing is evaluated backwards; set the clock right, or ask about an earlier day with --as-of; if the clock "
        "was wrong at that run, evaluate once with --clock-was-ahead"
    )


def rehearse(desk: Desk, contacts: Contacts, question: Question, *, real_now: datetime) -> Evaluated:
    """The same answer for any moment and knowledge; everything that it would have written is rolled back."""
    with rehearsing(desk.engine) as connection:
        extend(connection, desk, question.as_of)
        found = _evaluated(connection, desk, contacts, question, real_now)
    return replace(found, run=None, written=False)


def _evaluated(
    connection: Connection, desk: Desk, contacts: Contacts, question: Question, real_now: datetime
) -> Evaluated:
    before = len(desk.decider.incidents)
    with judging(connection, desk, question) as judged:
        memoise(connection, desk, judged.fresh)
        last_k = connection.scalar(select(func.max(run.c.k))) or 0
        rows = _changed(connection, desk)
        incidents = tuple(desk.decider.incidents[before:])
        examined = connection.scalar(select(func.count()).select_from(summary(desk))) or 0
        kept = keep(connection, "contacts", contacts.content) if contacts.content else None
        number = _write_run(connection, desk, judged, real_now, (examined, incidents, kept))
        transitions = _transitions(connection, desk, rows, last_k)
        planned = _plan(connection, desk, contacts, judged, (number, real_now))
        _write_transitions(connection, transitions, number, judged)
        _write_state(connection, desk, rows, number)
    return Evaluated(
        run=number,
        written=True,
        examined=examined,
        transitions=tuple(transitions),
        alerts=planned.alerts,
        unrouted=planned.unrouted,
        unheard=planned.unheard,
        deliveries=planned.deliveries,
        disagreements=len(incidents),
        incidents=incidents,
    )


def _changed(connection: Connection, desk: Desk) -> list[RowMapping]:
    """Occurrences whose conclusion differs from the stored one in anything, or was never stored."""
    now = summary(desk)
    day = (
        select(verdict.c.occurrence, func.max(verdict.c.day).label("day"))
        .group_by(verdict.c.occurrence)
        .subquery("here")
    )
    due = select(verdict.c.occurrence, verdict.c.due).where(verdict.c.is_default == 1).subquery("default_due")
    differs = or_(
        state.c.occurrence.is_(None),
        state.c.encoding != desk.encoding,
        state.c.rules != desk.rules.hash,
        *(
            state.c[name].is_distinct_from(now.c[name])
            for name in ("status", "default_status", "earliest_due", "next_day", "next_at")
        ),
        state.c.due.is_distinct_from(due.c.due),
    )
    query = (
        select(
            now,
            due.c.due,
            day.c.day,
            state.c.status.label("old"),
            state.c.encoding.label("old_encoding"),
            state.c.rules.label("old_rules"),
        )
        .join(day, day.c.occurrence == now.c.occurrence)
        .join(due, due.c.occurrence == now.c.occurrence)
        .outerjoin(state, state.c.occurrence == now.c.occurrence)
        .where(differs)
        .order_by(now.c.occurrence)
    )
    return list(connection.execute(query).mappings())


def _transitions(connection: Connection, desk: Desk, rows: Sequence[RowMapping], last_k: int) -> list[Transition]:
    touched = _touched_since(connection, desk, last_k)
    return [
        Transition(
            occurrence=row["occurrence"],
            day=row["day"],
            old=row["old"],
            new=row["status"],
            cause=_cause(desk, row, row["occurrence"] in touched),
        )
        for row in rows
        if row["old"] != row["status"]
    ]


def _cause(desk: Desk, row: RowMapping, touched: bool) -> str:  # noqa: FBT001 - one fact of a row
    """Why the status changed: a fact before an encoding, before rules, before time alone."""
    if touched:
        return "fact"
    if row["old"] is not None and row["old_encoding"] != desk.encoding:
        return "encoding"
    if row["old"] is not None and row["old_rules"] != desk.rules.hash:
        return "rules"
    return "time"


def _touched_since(connection: Connection, desk: Desk, k: int) -> set[str]:
    """Occurrences that a fact recorded after ledger number `k` speaks of, decides, or whose dates it moved."""
    new = facts_as_named(desk.encoding).where(fact.c.seq > k).subquery("new")
    direct = select(verdict.c.occurrence).join(
        new, or_(new.c.target == verdict.c.occurrence, new.c.target == verdict.c.obligation)
    )
    ruled = (
        select(verdict.c.occurrence)
        .join(answer, and_(answer.c.encoding == desk.encoding, answer.c.obligation == verdict.c.obligation))
        .join(fact, and_(fact.c.kind == RULING, fact.c.target == answer.c.question, fact.c.seq > k))
    )
    moved = select(dating.c.occurrence).where(dating.c.encoding == desk.encoding, dating.c.k0 > k)
    return {*connection.scalars(direct), *connection.scalars(ruled), *connection.scalars(moved)}


def _write_run(
    connection: Connection,
    desk: Desk,
    judged: Judged,
    real_now: datetime,
    found: tuple[int, tuple[str, ...], str | None],
) -> int:
    examined, incidents, contacts = found
    at = max((moment.at for moment in judged.moments), default=instant(real_now))
    row = {
        "at": at,
        "finished_at": instant(real_now),
        "k": judged.k,
        "encoding": desk.encoding,
        "rules": desk.rules.hash,
        "examined": examined,
        "disagreements": len(incidents),
        "incidents": list(incidents),
        "contacts": contacts,
    }
    return int(connection.execute(insert(run).values(**row).returning(run.c.run)).scalar_one())


def _write_transitions(connection: Connection, transitions: Sequence[Transition], number: int, judged: Judged) -> None:
    if not transitions:
        return
    signatures: dict[str, dict[str, int]] = {}
    for row in connection.execute(select(verdict.c.occurrence, verdict.c.reading, verdict.c.signature)):
        signatures.setdefault(row.occurrence, {})[row.reading] = row.signature
    rows = [
        {
            "occurrence": one.occurrence,
            "day": one.day,
            "run": number,
            "old": one.old,
            "new": one.new,
            "cause": one.cause,
            "signatures": signatures[one.occurrence],
            "k": judged.k,
        }
        for one in transitions
    ]
    connection.execute(insert(transition), rows)


def _write_state(connection: Connection, desk: Desk, rows: Sequence[RowMapping], number: int) -> None:
    """Replace what the clock last concluded by what it concludes now."""
    if not rows:
        return
    own = {"encoding": desk.encoding, "rules": desk.rules.hash, "run": number}
    names = [name for name in _STATE if name not in own]
    values: list[dict[str, Any]] = [
        {"occurrence": row["occurrence"], **own, **{name: row[name] for name in names}} for row in rows
    ]
    for value in values:
        value["default_status"] = value["default_status"] or "absent"
    connection.execute(delete(state).where(state.c.occurrence.in_([row["occurrence"] for row in rows])))
    connection.execute(insert(state), values)


def _plan(
    connection: Connection, desk: Desk, contacts: Contacts, judged: Judged, when: tuple[int, datetime]
) -> Planned:
    number, real_now = when
    found = standings(connection, desk)
    at = max((moment.at for moment in judged.moments), default=instant(real_now))
    return plan(
        connection,
        [each.matter for each in found.values() if each.matter.stage],
        contacts,
        run=number,
        as_of=at,
        now=real_now,
        quiet=[name for name, each in found.items() if not each.matter.stage],
        follow_ups=follow_ups(connection, found),
    )
