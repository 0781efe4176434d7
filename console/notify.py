"""`duewatch notify`: tries a channel before it matters, and lets what was given up go once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import CANNOT_TRUST, FINE, counted, notice, say

if TYPE_CHECKING:
    from duewatch.notifiers.message import NotSent

EPILOG: Final = """\b
Examples:
  duewatch notify test email
  duewatch notify test slack --to jane
  duewatch notify revive email    (after the trouble was mended)"""


@click.group("notify", epilog=EPILOG)
def command() -> None:
    """Try a channel, or let what was given up go once more."""


@command.command("test", epilog="\b\nExamples:\n  duewatch notify test email\n  duewatch notify test slack --to jane")
@click.argument("channel")
@click.option("--to", "person", metavar="PERSON", help="Who gets it; else the first one who is told on the channel.")
def test(channel: str, person: str | None) -> int:
    """Send one message marked TEST on CHANNEL, and tell what happened.

    Nothing is written to the database. Exit code 4 where the message was not taken.
    """
    from duewatch.console.opening import contacts_of, settings_here
    from duewatch.engine.running import clock, trying
    from duewatch.notifiers.message import NotConfigured, NotSent

    settings = settings_here()
    whom = trying.receiver(contacts_of(settings), channel, person)
    try:
        receipt = trying.try_channel(settings, channel, whom, at=clock.real_now())
    except NotConfigured as missing:
        notice(f"duewatch: {channel}: {missing}")
        return CANNOT_TRUST
    except NotSent as trouble:
        notice(f"duewatch: {channel}: not sent to {whom.id}: {trouble.detail}; {meaning(trouble)}")
        return CANNOT_TRUST
    say(f"{channel}: taken for {whom.name}: {receipt.detail}")
    return FINE


def meaning(trouble: NotSent) -> str:
    """Say what would follow, were it no test."""
    from duewatch.notifiers.message import Refused

    if not isinstance(trouble, Refused):
        return "it may have been taken; the same message would be sent again"
    if trouble.retry_after is not None:
        return f"the channel would wait for {trouble.retry_after:g} s"
    if trouble.for_good and trouble.scope == "message":
        return "refused for good: a message like it would be given up at once"
    if trouble.for_good:
        return "the channel would be paused, and nothing given up, until this is mended"
    return "it would be tried again"


@command.command("revive", epilog="\b\nExample:\n  duewatch notify revive email")
@click.argument("channel")
def revive(channel: str) -> None:
    """Let the messages that were given up on CHANNEL be tried once more.

    `duewatch deliver` sends those that are still true.
    """
    from duewatch.console.opening import furnished
    from duewatch.engine.alerting import outbox
    from duewatch.engine.ledger.days import instant
    from duewatch.engine.running import clock

    with furnished() as house:
        count = outbox.raise_dead(house.desk.engine, channel, now=instant(clock.real_now()))
    say(f"{channel}: {counted(count, 'message')} to be tried once more")
