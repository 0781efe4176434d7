"""Whether the watch itself can be trusted: is it running, has everybody been told, is the ledger whole?

Three states: `untrustworthy` (somebody may not have been told, or the answer may be wrong), `overdue` (all is well
with the watch, and something is late), `fine`. Each reason comes with its remedy.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import and_, func, select

from duewatch.engine.alerting.backlog import backlog
from duewatch.engine.judgement.asking import ask
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.selecting import Filter
from duewatch.engine.judgement.selecting import select as selected
from duewatch.engine.ledger import chain, texts
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.days import instant
from duewatch.engine.ledger.tables import attempt, delivery, pause, run
from duewatch.engine.running.clock import AHEAD
from duewatch.engine.running.looks import last_run
from duewatch.engine.running.sending import channel_settings
from duewatch.notifiers.message import NotConfigured
from duewatch.notifiers.registry import open_channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from duewatch.engine.alerting.backlog import Backlog
    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.running.settings import Settings

State = Literal["fine", "overdue", "untrustworthy"]
LATE: Final = "late"
MINUTE: Final = 60
HOUR: Final = 3600
DAYS: Final = 48 * HOUR  # from here on a length of time is said in days


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that is not as it should be, and what to do about it."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """Messages that should have left and have not; those that wait for their person's hour are none."""

    count: int
    oldest: int | None  # since when it waits: an instant of the real clock
    tried: int  # how many of them failed at least once
    trouble: str  # the newest of these failures
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state, with all that it was judged by. Instants are ISO texts in UTC."""

    state: State
    as_of: str
    last_run: str | None
    undelivered: int
    oldest_undelivered: str | None
    unrouted: int
    dead: int
    paused: tuple[str, ...]  # channels
    disagreements: int
    overdue: int  # late by their verdict, or by their default reading
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as programs read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database says."""

    last_run: tuple[int, int] | None  # number and instant
    backlog: Backlog
    undelivered: Undelivered
    paused: tuple[tuple[str, int, str], ...]  # channel, until, why
    disagreements: int
    broken: tuple[int, ...]  # entries of the ledger
    flawed: tuple[texts.Flawed, ...]  # kept texts


def health(desk: Desk, settings: Settings, *, now: datetime, real_now: datetime) -> Health:
    """Judge the watch. `now` is the moment that the house is at, `real_now` the real one: messages wait on that."""
    with reading(desk.engine) as connection:
        found = _found(connection, settings, instant(now), instant(real_now))
    reasons = tuple(_reasons(found, settings, instant(now), instant(real_now)))
    late = _late(desk, now)
    return Health(
        state="untrustworthy" if reasons else "overdue" if late else "fine",
        as_of=now.isoformat(),
        last_run=_said(found.last_run[1] if found.last_run else None),
        undelivered=found.undelivered.count,
        oldest_undelivered=_said(found.undelivered.oldest),
        unrouted=found.backlog.unrouted,
        dead=found.backlog.dead,
        paused=tuple(channel for channel, _until, _why in found.paused),
        disagreements=found.disagreements,
        overdue=len(late),
        reasons=reasons,
    )


# ------------------------------------------------------------------ what is so
def _found(connection: Connection, settings: Settings, now: int, real_now: int) -> _Found:
    recent = run.c.at > now - int(settings.run_too_old)
    disagreed = connection.scalar(select(func.sum(run.c.disagreements)).where(recent)) or 0
    waits = select(pause.c.channel, pause.c.until, pause.c.why).where(_is_paused(real_now)).order_by(pause.c.channel)
    return _Found(
        last_run=last_run(connection),
        backlog=backlog(connection),
        undelivered=undelivered(connection, real_now),
        paused=tuple((row.channel, row.until, row.why) for row in connection.execute(waits)),
        disagreements=int(disagreed),
        broken=tuple(one.seq for one in chain.verify(connection)),
        flawed=tuple(texts.verify(connection)),
    )


def _is_paused(real_now: int) -> Any:  # noqa: ANN401 - a condition
    """A pause that is over counts while something waits: nothing has been sent on that channel since."""
    waiting = select(delivery.c.key).where(
        delivery.c.channel == pause.c.channel, delivery.c.state.in_(("pending", "leased"))
    )
    return and_(pause.c.until > real_now) | waiting.exists()


def undelivered(connection: Connection, real_now: int) -> Undelivered:
    """Find what should have left by now: what could go, and what was tried in vain, whenever it is tried again."""
    first_try = (
        select(func.min(attempt.c.at)).where(attempt.c.delivery == delivery.c.key).correlate(delivery).scalar_subquery()
    )
    failed = (
        select(attempt.c.n)
        .where(attempt.c.delivery == delivery.c.key, attempt.c.outcome.in_(("retry", "paused")))
        .correlate(delivery)
        .exists()
    )
    rows = connection.execute(
        select(delivery.c.channel, delivery.c.next_at, first_try.label("first_try"), failed.label("failed")).where(
            delivery.c.state.in_(("pending", "leased"))
        )
    ).all()
    waiting = [row for row in rows if row.next_at <= real_now or row.first_try is not None]
    return Undelivered(
        count=len(waiting),
        oldest=min((_since(row) for row in waiting), default=None),
        tried=sum(bool(row.failed) for row in waiting),
        trouble=backlog(connection).trouble,
        channels=tuple(sorted({row.channel for row in waiting})),
    )


def _since(row: Any) -> int:  # noqa: ANN401 - a row of the query above
    return min(row.next_at, row.first_try) if row.first_try is not None else int(row.next_at)


def _late(desk: Desk, now: datetime) -> list[Item]:
    """Find what is late on the page that people see; a contested item counts by its default reading too."""
    undone = {name for name, outcome in desk.rules.status.statuses.items() if outcome.group == LATE}
    shown = selected(ask(desk, Question(now)).items, Filter())
    return [item for item in shown if undone & {item.status, item.default_status}]


# ------------------------------------------------------------------ what follows from it
def _reasons(found: _Found, settings: Settings, now: int, real_now: int) -> Iterator[Reason]:
    """Give every reason not to trust the watch, the gravest first."""
    if found.broken:
        entries = ", ".join(map(str, found.broken))
        yield Reason(f"the ledger was altered: entry {entries}", "run `duewatch ledger verify` and restore a backup")
    if found.flawed:
        first, rest = found.flawed[0], len(found.flawed) - 1
        what = f"the text {first.name} {first.why}" + (f", and {_counted(rest, 'other text')}" if rest else "")
        yield Reason(what, "run `duewatch ledger verify` and restore a backup")
    yield from _about_the_run(found.last_run, settings, now)
    if found.disagreements:
        what = f"the two engines of the rules disagreed or failed {_times(found.disagreements)}"
        yield Reason(what, "look into the log of `duewatch run` for the incidents, and report them")
    yield from _about_messages(found, settings, real_now)


def _about_the_run(last: tuple[int, int] | None, settings: Settings, now: int) -> Iterator[Reason]:
    remedy = "see that `duewatch run` is running, and what it logs; `duewatch evaluate` makes up for it"
    if last is None:
        yield Reason("nothing was ever evaluated", remedy)
        return
    number, at = last
    if at > now + AHEAD:
        what = f"run {number} is of {_said(at)}, {_length(at - now)} ahead of the clock"
        yield Reason(what, "set the clock of this machine; take DUEWATCH_NOW out of a real service")
    elif now - at > settings.run_too_old:
        yield Reason(f"the last good run, {number}, was {_length(now - at)} ago", remedy)


def _about_messages(found: _Found, settings: Settings, real_now: int) -> Iterator[Reason]:
    if found.backlog.dead:
        what = f"{_counted(found.backlog.dead, 'message')} given up for good: somebody was not told"
        yield Reason(what, "tell them yourself; mend the address in the contacts, and `duewatch evaluate` sends anew")
    if found.backlog.unrouted:
        what = f"{_counted(found.backlog.unrouted, 'alert')} reached nobody"
        yield Reason(what, "name somebody in the contacts who is responsible; `duewatch evaluate` then tells them")
    for channel, until, why in found.paused:
        again = f"it is tried again at {_said(until)}" if until > real_now else "it is tried again with the next round"
        yield Reason(f"the channel {channel} is paused: {why}", f"mend what it says; {again}")
    yield from _about_undelivered(found.undelivered, settings, real_now)


def _about_undelivered(waiting: Undelivered, settings: Settings, real_now: int) -> Iterator[Reason]:
    for channel in waiting.channels:
        if missing := _not_configured(channel, settings):
            yield Reason(f"messages wait for the channel {channel}, which is not set up", missing)
            return
    if waiting.tried:
        what = f"{_counted(waiting.tried, 'message')} could not be delivered yet: {waiting.trouble}"
        yield Reason(what, "mend what it says; each is tried again by itself")
    elif waiting.oldest is not None and real_now - waiting.oldest > settings.undelivered_too_old:
        what = (
            f"{_counted(waiting.count, 'message')} not delivered, the oldest for {_length(real_now - waiting.oldest)}"
        )
        yield Reason(what, "see that `duewatch run` is running; `duewatch deliver` sends at once")


def _not_configured(channel: str, settings: Settings) -> str:
    try:
        open_channel(channel, channel_settings(settings))
    except NotConfigured as missing:
        return str(missing)
    return ""


# ------------------------------------------------------------------ words
def _said(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


def _length(seconds: int) -> str:
    """Give a length of time in the unit that people would use."""
    if seconds >= DAYS:
        return _counted(seconds // (24 * HOUR), "day")
    if seconds >= HOUR:
        return _counted(seconds // HOUR, "hour")
    return _counted(seconds // MINUTE, "minute")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
