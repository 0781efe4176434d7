"""`duewatch deliver`: sends the alerts that are pending."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import CANNOT_TRUST, FINE, counted, notice, say
from duewatch.console.options import printed
from duewatch.console.progress import busy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.engine.alerting.words import Delivered

EPILOG: Final = """\b
Examples:
  duewatch deliver
  DUEWATCH_SMTP_HOST=mail.example.org duewatch deliver --format json"""


@click.command("deliver", epilog=EPILOG)
@printed()
def command(output: str) -> int:
    """Send the alerts that are pending now, on every channel.

    What a fact has settled meanwhile is not sent. What a channel cannot send (it has no settings, its far side
    is down or will not have us) stays pending, and the exit code is 4; so it is where a message was given up.
    Called by hand, it tries channels again that were left alone after a refusal.
    """
    from duewatch.console.opening import contacts_of, opened
    from duewatch.engine.alerting import outbox
    from duewatch.engine.running import clock, sending

    with opened() as house:
        outbox.lift(house.desk.engine)
        post = sending.Post(
            contacts=contacts_of(house.settings),
            settings=house.settings,
            now=house.now,
            clock=clock.real_now,
            chance=random.random,
        )
        with busy("delivering"):
            found = sending.deliver(house.desk, post)
        total = sending.in_all(found)
    if output == "json":
        say(json.dumps(as_json(total), indent=2))
    else:
        say(", ".join(f"{number} {name}" for name, number in as_json(total).items()))
    return judged(found)


def as_json(found: Delivered) -> dict[str, int]:
    """Give the numbers as programs read them."""
    return {"sent": found.sent, "retrying": found.retrying, "dead": found.dead, "obsolete": found.obsolete}


def judged(found: Mapping[str, Delivered]) -> int:
    """Give the exit code, 4 where something was given up or could not be tried, and say why."""
    for name, each in found.items():
        if each.reason:
            notice(f"duewatch: {name}: {counted(each.pending, 'message')} pending: {each.reason}")
        if each.dead:
            notice(f"duewatch: {name}: {counted(each.dead, 'message')} given up for good: the person was not told")
    return CANNOT_TRUST if any(each.reason or each.dead for each in found.values()) else FINE
