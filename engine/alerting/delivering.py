"""The delivery loop of one channel: claim, check, freeze, send, record.

At least once into the channel; at most one more copy for each crash; every copy byte-identical.
The clock here is the real one; whether a message is still true is asked of the ledger, about the
message's own instant, by the caller's `still_true`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from duewatch.engine.alerting import outbox
from duewatch.engine.alerting.outbox import Outcome, Pause
from duewatch.engine.alerting.retrying import Patience, pause_for, wait
from duewatch.engine.alerting.words import Delivered
from duewatch.engine.ledger.days import instant
from duewatch.engine.problems import BadInput, CannotTrust
from duewatch.notifiers.message import NotSent, Refused, Unsure

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from duewatch.engine.alerting.outbox import Turn
    from duewatch.engine.alerting.words import Delivery, Notice
    from duewatch.notifiers.message import Channel, Message

    StillTrue = Callable[[Delivery], Collection[Notice]]
    Render = Callable[[Delivery, Sequence[Notice]], Message]
    AddressOf = Callable[[Delivery], str | None]

PATIENCE: Final = Patience()
_WHOLE_HOUSE: Final = (SQLAlchemyError, BadInput, CannotTrust)  # the database is in trouble, not one message


def planned_address(delivery: Delivery) -> str:
    """Give the address that the planning wrote down."""
    return delivery.address


def nobody_is_gone(_owner: str) -> bool:
    """Wait for every lease to run out."""
    return False


def never() -> bool:
    """Go on until nothing is left."""
    return False


def deliver(  # noqa: PLR0913 - what the loop must not know by itself comes from outside
    engine: Engine,
    channel: Channel,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    render: Render,
    still_true: StillTrue,
    owner: str,
    patience: Patience = PATIENCE,
    address_of: AddressOf = planned_address,
    gone: Callable[[str], bool] = nobody_is_gone,
    stopping: Callable[[], bool] = never,
) -> Delivered:
    """Send what is pending on a channel, each delivery at most once in this pass.

    `clock` is the real one; `chance` gives a number from 0 up to 1. `still_true` gives those notices
    of a delivery that still hold (none: the delivery is obsolete), `render` the message that tells
    the given ones, `address_of` where its person is reached now (None: no longer on this channel).
    `owner` names this very pass: no two passes may share one; `gone` tells of such a name whether
    its process has died. `stopping` is asked before each delivery. A channel that is paused is not tried.
    """
    before = outbox.pause_of(engine, channel.name)
    current = _Pass(engine, channel, clock, chance, render, still_true, address_of, patience, before)
    upto = current.now()
    outbox.release(engine, channel.name, gone)
    tally: Counter[str] = Counter()
    reason = ""
    while not reason and not stopping() and (turn := current.claim(owner, upto)):
        outcome = current.take(turn)
        ours = outbox.record(engine, turn, outcome, now=current.now())
        tally[outcome.word] += ours
        reason = outcome.detail if outcome.ends else ""
    pending = outbox.remaining(engine, channel.name)
    return Delivered(
        sent=tally["sent"],
        retrying=tally["retry"],
        dead=tally["dead"],
        obsolete=tally["obsolete"],
        pending=pending,
        reason=(reason or current.paused()) if pending else "",  # what was given up says itself why
    )


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one pass works with."""

    engine: Engine
    channel: Channel
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    render: Render
    still_true: StillTrue
    address_of: AddressOf
    patience: Patience
    before: Pause | None  # the pause that the channel had, or has still

    def now(self) -> int:
        """Give the real instant."""
        return instant(self.clock())

    def claim(self, owner: str, upto: int) -> Turn | None:
        """Take the next delivery of the channel."""
        lease = self.patience.lease
        return outbox.claim(self.engine, self.channel.name, owner=owner, upto=upto, now=self.now(), lease=lease)

    def paused(self) -> str:
        """Say why the channel is not tried now; nothing where it is."""
        found = outbox.pause_of(self.engine, self.channel.name)
        if found is None or found.until <= self.now():
            return ""
        until = datetime.fromtimestamp(found.until, UTC)
        return f"paused until {until:%Y-%m-%d %H:%M:%S} UTC: {found.why}"

    def take(self, turn: Turn) -> Outcome:
        """Do all of a turn but its record."""
        if turn.before.is_deadly(self.patience, self.now()):
            return Outcome(word="dead", detail="given up: no process came back from trying")
        address = self.address_of(turn.delivery)
        if address is None:
            return Outcome(word="obsolete", detail="the person is no longer told on this channel")
        try:
            true = self.still_true(turn.delivery) if turn.delivery.notices else ()
        except _WHOLE_HOUSE:
            raise
        except Exception as error:  # noqa: BLE001 - one message that cannot be checked must not hold up the others
            return self._again(turn, f"cannot be checked: {_words(error)}", None)
        if not true:
            return Outcome(word="obsolete", detail="no longer so, or a newer stage says it")
        addressed = replace(turn, delivery=replace(turn.delivery, address=address))
        return self._freeze_and_send(addressed, [each for each in turn.delivery.notices if each in true])

    def _freeze_and_send(self, turn: Turn, true: Sequence[Notice]) -> Outcome:
        try:
            raw = turn.raw or self.channel.freeze(self.render(turn.delivery, true))
        except _WHOLE_HOUSE:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            return Outcome(word="dead", detail=f"cannot be written: {_words(error)}")
        address = turn.delivery.address
        if not outbox.freeze(self.engine, turn, raw, address, now=self.now(), lease=self.patience.lease):
            return Outcome(word="retry", detail="another process took over before it was sent")
        return self._send(turn, raw)

    def _send(self, turn: Turn, raw: bytes) -> Outcome:
        try:
            receipt = self.channel.send(raw, turn.delivery.address, at=self.clock(), deadline=self.patience.wall)
        except NotSent as trouble:
            return self._judged(turn, trouble)
        except Exception as error:  # noqa: BLE001 - a channel of somebody else's may raise anything, even with secrets
            return self._judged(turn, Unsure(f"the channel failed: {type(error).__name__}", scope="message"))
        return Outcome(word="sent", detail=receipt.detail)

    def _judged(self, turn: Turn, trouble: NotSent) -> Outcome:
        """Say what follows from a trouble: dead at once, later again, or the channel is closed for all."""
        if isinstance(trouble, Refused) and trouble.for_good:
            if trouble.scope == "message":
                return Outcome(word="dead", detail=trouble.detail)
            # Behind those that have not met the closed door: one alone must not stand before it for ever.
            return Outcome(
                word="paused", detail=trouble.detail, next_at=self.now(), pause=self._closed(trouble), ends=True
            )
        return self._again(turn, trouble.detail, trouble)

    def _again(self, turn: Turn, detail: str, trouble: NotSent | None) -> Outcome:
        now = self.now()
        if turn.before.and_again(now).exhausts(self.patience, now):
            return Outcome(word="dead", detail=f"given up: {detail}")
        next_at = now + wait(turn.before, trouble, self.patience, self.chance)
        asked = isinstance(trouble, Refused) and trouble.retry_after is not None
        return Outcome(
            word="retry",
            detail=detail,
            next_at=next_at,
            pause=self._pause(next_at, detail, asked=True) if asked else None,
            ends=trouble is not None and trouble.scope == "channel",
        )

    def _closed(self, trouble: NotSent) -> Pause:
        """Leave a channel that will not have us alone for a while, longer each time."""
        times = self.before.times if self.before else 0
        return self._pause(self.now() + pause_for(times, self.patience), trouble.detail, asked=False)

    def _pause(self, until: int, why: str, *, asked: bool) -> Pause:
        times = (self.before.times if self.before else 0) + 1
        return Pause(channel=self.channel.name, until=until, asked=asked, times=times, why=why)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
