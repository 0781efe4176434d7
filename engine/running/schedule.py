"""When the rounds of `duewatch run` come: APScheduler as a ticker, and nothing else.

Ticks that were missed are one tick (`coalesce`), a tick that is still at work is not begun again
(`max_instances`), and none is ever dropped for being late (`misfire_grace_time`). It keeps nothing: what is
due stands in the database. Where the clocks change the nightly tick may come twice or not at all; both are
harmless, since an evaluation writes differences and the hourly one comes anyway.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from duewatch.engine.running import clock
from duewatch.engine.running.logs import tell
from duewatch.notifiers.registry import names

if TYPE_CHECKING:
    from threading import Event

    from duewatch.engine.running.rounds import Rounds
    from duewatch.engine.running.settings import Settings

TICKS: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
EVALUATIONS: Final = 3  # jobs that evaluate: hourly, nightly, and when something is due


def run(rounds: Rounds, settings: Settings, stop: Event) -> None:
    """Catch up, then tick until `stop` is set; what is in hand is finished, and nothing new is begun."""
    channels = names()
    rounds.catch_up()
    ticker = _ticker(rounds, settings, channels)
    ticker.start()
    tell("running", evaluate_every=settings.evaluate_every, nightly_at=str(settings.nightly_at), channels=channels)
    try:
        stop.wait()
    finally:
        tell("stopping; what is in hand is finished")
        ticker.shutdown(wait=True)
        tell("stopped")


def once(rounds: Rounds) -> bool:
    """Make one round of everything, for whoever has a scheduler of their own. False where something failed."""
    good = rounds.catch_up()
    sent = [rounds.deliver(channel) for channel in names()]
    return good and not any(found and (found.reason or found.dead) for found in sent)


def _ticker(rounds: Rounds, settings: Settings, channels: tuple[str, ...]) -> BackgroundScheduler:
    zone = ZoneInfo(settings.zone)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # it warns of ticks that are not begun again
    workers = {"default": ThreadPoolExecutor(EVALUATIONS + len(channels))}
    ticker = BackgroundScheduler(executors=workers, job_defaults=TICKS, timezone=zone)
    night = CronTrigger(hour=settings.nightly_at.hour, minute=settings.nightly_at.minute, timezone=zone)
    tick = IntervalTrigger(seconds=settings.deliver_every, timezone=zone)
    often: dict[str, Any] = {"trigger": tick, "next_run_time": clock.real_now()}  # the first at once
    hourly = IntervalTrigger(seconds=settings.evaluate_every, timezone=zone)
    ticker.add_job(rounds.evaluate, hourly, ["hourly"], id="hourly")
    ticker.add_job(rounds.evaluate, night, ["nightly"], {"fully": True}, id="nightly")
    ticker.add_job(rounds.evaluate_if_due, id="due", **often)
    for channel in channels:
        ticker.add_job(rounds.deliver, args=[channel], id=f"deliver on {channel}", **often)
    return ticker
