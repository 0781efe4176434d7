"""`duewatch run`: evaluates and delivers, by itself, until it is told to stop."""

from __future__ import annotations

import random
import signal
import sys
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import CANNOT_TRUST, FINE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from duewatch.console.opening import House
    from duewatch.engine.encoding.contacts import Contacts
    from duewatch.engine.running.rounds import Rounds
    from duewatch.engine.running.settings import Settings

EPILOG: Final = """\b
Examples:
  duewatch run                            (until SIGTERM or Ctrl-C; what is in hand is finished)
  duewatch run --once                     (one round, for cron or a systemd timer)
  DUEWATCH_EVALUATE_EVERY=15m duewatch run

\b
Settings, by environment or file:
  DUEWATCH_EVALUATE_EVERY  at least so often, 1h unless given; and whenever a look has come or a fact was recorded
  DUEWATCH_NIGHTLY_AT      the hour of the full evaluation in DUEWATCH_ZONE, 02:30 unless given
  DUEWATCH_DELIVER_EVERY   how often it looks for something to send, 5s unless given
  DUEWATCH_PING_URL        called after each good run, so that an outside watchman hears when there are none"""


@click.command("run", epilog=EPILOG)
@click.option("--once", is_flag=True, help="Evaluate and deliver once, then end: 4 where something could not be sent.")
def command(*, once: bool) -> int:
    """Watch: evaluate at least hourly, deliver every few seconds, until stopped.

    A run that was missed while the machine was down is made up for at the start, once, and said so. Two of these
    on one database do each thing once. What happens is told on standard error, one JSON object a line, without
    addresses and without the text of any message.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.running import logs, schedule

    logs.set_up(sys.stderr)
    stop = stopped_by(signal.SIGTERM, signal.SIGINT)
    with opened(tell=told) as house:
        rounds = rounds_of(house, stop)
        if once:
            return FINE if schedule.once(rounds) else CANNOT_TRUST
        schedule.run(rounds, house.settings, stop)
    return FINE


def stopped_by(*signals: signal.Signals) -> Event:
    """Give an event that these signals set; nothing is interrupted."""
    stop = Event()

    def set_it(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in signals:
        signal.signal(number, set_it)
    return stop


def rounds_of(house: House, stop: Event) -> Rounds:
    """Give the rounds of this house."""
    from duewatch.console.opening import now_here
    from duewatch.engine.running import clock
    from duewatch.engine.running.rounds import Rounds, Surroundings

    around = Surroundings(
        desk=house.desk,
        settings=house.settings,
        now=now_here,
        clock=clock.real_now,
        chance=random.random,
        contacts=as_they_stand(house.settings),
        stopping=stop.is_set,
    )
    return Rounds(around)


def as_they_stand(settings: Settings) -> Callable[[], Contacts]:
    """Give a reader of the contacts that reads the file again only when it has changed."""
    from duewatch.console.opening import contacts_of

    kept: dict[tuple[int, int, int], Contacts] = {}

    def read() -> Contacts:
        path = settings.contacts
        there = path.stat() if path.exists() else None
        stamp = (there.st_mtime_ns, there.st_size, there.st_ino) if there else (0, 0, 0)
        if stamp not in kept:
            found = contacts_of(settings, tell=told)
            kept.clear()
            kept[stamp] = found
        return kept[stamp]

    return read


def told(words: str) -> None:
    """Tell a notice of the house as a line of the log."""
    from duewatch.engine.running import logs

    logs.tell("notice", words=words.removeprefix("duewatch: "))
