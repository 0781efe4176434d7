"""The rows behind deliveries: claiming one, freezing its bytes, recording what became of it.

Each step is one transaction. A lease says whose turn it is; whoever comes back after its lease
was taken over finds the fence (owner and number of attempts) closed, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import and_, delete, func, insert, or_, select, update

from duewatch.engine.alerting.retrying import tried
from duewatch.engine.alerting.words import FOLLOW_UPS, Delivery, Notice
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.tables import alert, attempt, delivery, notice, pause

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Engine, Row, ScalarSelect

    from duewatch.engine.alerting.retrying import Tried

State = Literal["pending", "sent", "dead", "obsolete"]
Word = Literal["sent", "retry", "paused", "dead", "obsolete"]

_FAR_AHEAD: Final = 3  # leases; one that ends later was given before the clock was put back
_STATES: Final[dict[Word, State]] = {
    "sent": "sent",
    "retry": "pending",
    "paused": "pending",
    "dead": "dead",
    "obsolete": "obsolete",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A delivery that is ours for the time of a lease."""

    delivery: Delivery
    raw: bytes | None  # the frozen bytes, where an earlier turn came that far
    number: int  # which attempt this is
    owner: str
    before: Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A channel is not tried until then."""

    channel: str
    until: int  # real clock
    asked: bool  # by the far side; otherwise it would not have us
    times: int  # so often in a row
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a turn."""

    word: Word
    detail: str
    next_at: int | None = None  # for retry and paused
    pause: Pause | None = None  # the whole channel waits
    ends: bool = False  # no use in going on with this channel now


def claim(  # noqa: PLR0913 - a lease is all of these
    engine: Engine, channel: str, *, owner: str, upto: int, now: int, lease: int
) -> Turn | None:
    """Take the delivery of this channel that has waited longest; None where nothing waits since before `upto`.

    What a dead process left behind comes last: should it kill every process, the others have gone by then.
    """
    waiting = _first(channel, "pending", delivery.c.next_at <= upto)
    over = or_(delivery.c.lease_until <= now, delivery.c.lease_until > now + _FAR_AHEAD * lease)
    left_behind = _first(channel, "leased", over)
    paused = select(pause.c.channel).where(pause.c.channel == channel, pause.c.until > now)
    taking = (
        update(delivery)
        .where(delivery.c.key == func.coalesce(waiting, left_behind), ~paused.exists())
        .values(state="leased", owner=owner, lease_until=now + lease, attempts=delivery.c.attempts + 1)
        .returning(*delivery.c)
    )
    with writing(engine) as connection:
        row = connection.execute(taking).one_or_none()
        if row is None:
            return None
        turn = _turn(connection, row)
        _note(connection, turn, "start", owner, now)
        return turn


def _first(channel: str, state: str, ready: ColumnElement[bool]) -> ScalarSelect[str]:
    """Give the key of the first ready delivery in a state, in the order of the index `delivery_to_do`."""
    return (
        select(delivery.c.key)
        .where(delivery.c.channel == channel, delivery.c.state == state, ready)
        .order_by(delivery.c.next_at, delivery.c.attempts)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )


def release(engine: Engine, channel: str, gone: Callable[[str], bool]) -> None:
    """End the leases of owners that are `gone`: what they had begun need not wait until their leases run out."""
    leased = (delivery.c.channel == channel, delivery.c.state == "leased", delivery.c.owner.is_not(None))
    with reading(engine) as connection:
        owners = list(connection.scalars(select(delivery.c.owner).where(*leased).distinct()))
    for owner in filter(gone, owners):
        with writing(engine) as connection:
            connection.execute(update(delivery).where(*leased, delivery.c.owner == owner).values(lease_until=0))


def freeze(  # noqa: PLR0913 - the bytes, where they go, and how long they are ours
    engine: Engine, turn: Turn, raw: bytes, address: str, *, now: int, lease: int
) -> bool:
    """Keep the bytes to send, the address, and begin the lease anew. False means that another process took over."""
    frozen = {"raw": raw, "raw_sha256": sha256(raw).hexdigest(), "address": address, "lease_until": now + lease}
    with writing(engine) as connection:
        return _change(connection, turn, frozen)


def record(engine: Engine, turn: Turn, outcome: Outcome, *, now: int) -> bool:
    """Write what became of a turn. False means that another process took over: only the attempt is noted."""
    with writing(engine) as connection:
        ours = _change(connection, turn, _row(outcome))
        _note(connection, turn, outcome.word if ours else "lease-lost", outcome.detail, now)
        if outcome.pause is not None:
            _write_pause(connection, outcome.pause, now)
        elif outcome.word == "sent":
            connection.execute(delete(pause).where(pause.c.channel == turn.delivery.channel))
        return ours


def pause_of(engine: Engine, channel: str) -> Pause | None:
    """Give the pause of a channel, also one that is over: it counts until something was sent."""
    wanted = select(*(pause.c[name] for name in Pause.__dataclass_fields__)).where(pause.c.channel == channel)
    with reading(engine) as connection:
        row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else Pause(**{**row, "asked": bool(row["asked"])})


def lift(engine: Engine) -> None:
    """End the pauses of channels that would not have us: somebody says that it is mended. What was asked for stays."""
    with writing(engine) as connection:
        connection.execute(update(pause).where(pause.c.asked == 0).values(until=0))


def raise_dead(engine: Engine, channel: str, *, now: int) -> int:
    """Let what was given up on a channel be tried once more; give how many. Whether it still holds is checked then."""
    dead = (delivery.c.channel == channel, delivery.c.state == "dead")
    with writing(engine) as connection:
        return connection.execute(update(delivery).where(*dead).values(state="pending", next_at=now)).rowcount


def remaining(engine: Engine, channel: str) -> int:
    """Count what has still to go on a channel."""
    unfinished = delivery.c.state.in_(("pending", "leased"))
    with reading(engine) as connection:
        count = select(func.count()).select_from(delivery).where(delivery.c.channel == channel, unfinished)
        return connection.scalar(count) or 0


def waiting(engine: Engine) -> tuple[str, ...]:
    """Give the channels on which something has still to go, sorted."""
    unfinished = select(delivery.c.channel).where(delivery.c.state.in_(("pending", "leased")))
    with reading(engine) as connection:
        return tuple(connection.scalars(unfinished.distinct().order_by(delivery.c.channel)))


def _turn(connection: Connection, row: Row[Any]) -> Turn:
    attempts = select(attempt.c.n, attempt.c.outcome, attempt.c.at).where(attempt.c.delivery == row.key)
    return Turn(
        delivery=Delivery(
            key=row.key,
            person=row.person,
            channel=row.channel,
            address=row.address,
            as_of=row.as_of,
            notices=_notices(connection, row.key),
        ),
        raw=row.raw,
        number=row.attempts,
        owner=row.owner,
        before=tried((n, outcome, at) for n, outcome, at in connection.execute(attempts)),
    )


def _notices(connection: Connection, key: str) -> tuple[Notice, ...]:
    """Give what a delivery tells, less the stages that the same ladder has left behind since it was planned."""
    mine, newer = alert.alias("mine"), alert.alias("newer")
    overtaken = select(newer.c.occurrence).where(
        _same_ladder(newer.c, mine.c),
        newer.c.run > mine.c.run,
        newer.c.skipped.is_(None),
        ~_follows(newer.c.stage),
        ~_follows(mine.c.stage),
    )
    told = (
        select(notice.c.key, notice.c.occurrence, notice.c.stage, notice.c.due, notice.c.reason)
        .join(mine, and_(_same_ladder(mine.c, notice.c), mine.c.stage == notice.c.stage))
        .where(notice.c.delivery == key, ~overtaken.exists())
        .order_by(notice.c.occurrence, notice.c.key)
    )
    return tuple(Notice(**row) for row in connection.execute(told).mappings())


def _follows(stage: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of an alias
    """Tell whether a stage belongs to no ladder: whether it still holds is for the ledger to say."""
    return or_(*(stage.startswith(name) for name in FOLLOW_UPS))


def _same_ladder(one: Any, other: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the columns of two tables
    return and_(one.occurrence == other.occurrence, one.due == other.due)


def _row(outcome: Outcome) -> dict[str, Any]:
    """Give the columns of a delivery after an outcome."""
    kept = "receipt" if outcome.word == "sent" else "error"
    later = {} if outcome.next_at is None else {"next_at": outcome.next_at}
    return {"state": _STATES[outcome.word], "owner": None, "lease_until": None, kept: outcome.detail} | later


def _change(connection: Connection, turn: Turn, values: dict[str, Any]) -> bool:
    fence = (
        delivery.c.key == turn.delivery.key,
        delivery.c.state == "leased",
        delivery.c.owner == turn.owner,
        delivery.c.attempts == turn.number,
    )
    return connection.execute(update(delivery).where(*fence).values(values)).rowcount == 1


def _write_pause(connection: Connection, wanted: Pause, now: int) -> None:
    """Keep a pause; a longer one of the same channel that another process has written stays."""
    longer = select(pause.c.channel).where(pause.c.channel == wanted.channel, pause.c.until >= wanted.until)
    if connection.scalar(longer) is not None:
        return
    row = {name: getattr(wanted, name) for name in ("channel", "until", "times", "why")}
    connection.execute(delete(pause).where(pause.c.channel == wanted.channel))
    connection.execute(insert(pause).values(since=now, asked=int(wanted.asked), **row))


def _note(connection: Connection, turn: Turn, outcome: str, detail: str, now: int) -> None:
    row = {"delivery": turn.delivery.key, "n": turn.number, "outcome": outcome, "at": now, "detail": detail}
    connection.execute(insert(attempt).values(row))
