"""`duewatch health`: whether the watch itself can be trusted, for people, monitors and containers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import CANNOT_TRUST, FINE, FOUND, counted, say
from duewatch.console.options import printed
from duewatch.console.progress import busy
from duewatch.engine.problems import DuewatchError

if TYPE_CHECKING:
    from duewatch.engine.running.health import Health

EPILOG: Final = """\b
Examples:
  duewatch health
  duewatch health --format json
  duewatch health || [ $? -eq 1 ]      (true while it can be trusted, late or not: for a container)

\b
Exit codes: 0 fine; 1 something is overdue; 4 cannot be trusted, with the reasons and their remedies.
Too old is a last good run of more than DUEWATCH_RUN_TOO_OLD (26h), a message not delivered for more than
DUEWATCH_UNDELIVERED_TOO_OLD (1h)."""

CODES: Final = {"fine": FINE, "overdue": FOUND, "untrustworthy": CANNOT_TRUST}


@click.command("health", epilog=EPILOG)
@printed()
def command(output: str) -> int:
    """Tell whether the watch is running and everybody has been told.

    It cannot be trusted where the last good run is too old, a message was given up or could not be delivered, an
    alert reached nobody, a channel is paused, the engines of the rules disagreed, or the ledger was altered.
    """
    from duewatch.console.opening import contacts_of, opened, settings_here
    from duewatch.engine.running import clock
    from duewatch.engine.running.health import health

    settings_here()  # a wrong setting is bad input; whatever comes after it is a house that cannot be trusted
    try:
        with opened() as house:
            contacts_of(house.settings)
            with busy("looking"):
                found = health(house.desk, house.settings, now=house.now, real_now=clock.real_now())
    except DuewatchError as trouble:
        tell_ruin(trouble, output)
        return CANNOT_TRUST
    say(json.dumps(found.as_json(), ensure_ascii=False, indent=2) if output == "json" else as_text(found))
    return CODES[found.state]


def tell_ruin(trouble: DuewatchError, output: str) -> None:
    """Say that the house could not even be opened, and why."""
    reason = {"what": str(trouble), "remedy": "mend what it says"}
    if output == "json":
        say(json.dumps({"state": "untrustworthy", "reasons": [reason]}, ensure_ascii=False, indent=2))
    else:
        say(f"cannot be trusted:\n  {reason['what']}")


def as_text(found: Health) -> str:
    """Say the state first, then each reason with its remedy, then the numbers."""
    head = {"fine": "fine", "overdue": f"overdue: {late(found)}", "untrustworthy": "cannot be trusted:"}[found.state]
    lines = [head]
    for reason in found.reasons:
        lines += [f"  {reason.what}", f"    -> {reason.remedy}"]
    oldest = f", the oldest since {found.oldest_undelivered}" if found.oldest_undelivered else ""
    lines += [
        f"last good run: {found.last_run or 'none'}",
        f"messages: {found.undelivered} undelivered{oldest}, {found.dead} given up",
        f"alerts that reached nobody: {found.unrouted}",
    ]
    return "\n".join([*lines, late(found)] if found.state == "untrustworthy" else lines)


def late(found: Health) -> str:
    """Count what is late."""
    return f"{counted(found.overdue, 'occurrence')} late; `duewatch status --group late` lists them"
