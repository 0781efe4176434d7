"""`duewatch deliver`: sends the alerts that are pending."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import CANNOT_TRUST, FINE, counted, notice, say
from duewatch.console.options import printed

if TYPE_CHECKING:
    from duewatch.engine.alerting.words import Delivered

EPILOG: Final = """\b
Examples:
  duewatch deliver
  DUEWATCH_SMTP_HOST=mail.example.org duewatch deliver --format json"""


@click.command("deliver", epilog=EPILOG)
@printed()
def command(output: str) -> int:
    """Send the alerts that are pending now.

    What a fact has settled meanwhile is not sent. Without a mail server (DUEWATCH_SMTP_HOST) everything stays
    pending, and the exit code is 4; so it is where a message was given up.
    """
    from duewatch.console.opening import contacts_of, opened
    from duewatch.engine.running import clock, sending

    with opened() as house:
        contacts = contacts_of(house.settings)
        found = sending.deliver(
            house.desk, contacts, house.settings, now=house.now, clock=clock.real_now, chance=random.random
        )
    if output == "json":
        say(json.dumps(as_json(found), indent=2))
    else:
        say(", ".join(f"{number} {name}" for name, number in as_json(found).items()))
    return judged(found)


def as_json(found: Delivered) -> dict[str, int]:
    """Give the numbers as programs read them."""
    return {"sent": found.sent, "retrying": found.retrying, "dead": found.dead, "obsolete": found.obsolete}


def judged(found: Delivered) -> int:
    """Give the exit code, 4 where something was given up or could not be tried, and say why."""
    if found.reason:
        notice(f"duewatch: {counted(found.pending, 'message')} pending: {found.reason}")
    if found.dead:
        notice(f"duewatch: {counted(found.dead, 'message')} given up for good: the person was not told")
    return CANNOT_TRUST if found.reason or found.dead else FINE
