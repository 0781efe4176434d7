"""`duewatch evaluate`: asks now, and writes what changed; with another moment it rehearses."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import counted, notice, say
from duewatch.console.options import about_time, printed
from duewatch.console.progress import busy

if TYPE_CHECKING:
    from datetime import date, datetime

    from duewatch.engine.running.nightly import Evaluated, Transition

EPILOG: Final = """\b
Examples:
  duewatch evaluate
  duewatch evaluate --as-of 2021-10-01    (a rehearsal: nothing is written, nothing is sent)"""


@click.command("evaluate", epilog=EPILOG)
@about_time
@click.option("--clock-was-ahead", is_flag=True, help="The clock of the last run was wrong: evaluate before it.")
@printed()
def command(
    *, as_of: date | datetime | None, as_known: date | datetime | None, clock_was_ahead: bool, output: str
) -> None:
    """Evaluate every obligation now: write what changed since the last time, and the alerts it calls for.

    However often it runs, the same thing is written once. With --as-of or --as-known it rehearses: it gives the
    same answer and writes nothing. `duewatch deliver` sends what is pending. Nothing is evaluated backwards: a clock
    that is behind the last run is refused.
    """
    from duewatch.console.opening import contacts_of, opened, tell_strangers
    from duewatch.engine.running import clock, nightly

    with opened() as house:
        contacts = contacts_of(house.settings)
        tell_strangers(house, contacts)
        question = house.question(as_of, as_known)
        with busy("evaluating"):
            if as_of is None and as_known is None:
                found = nightly.evaluate(
                    house.desk, contacts, now=house.now, real_now=clock.real_now(), was_ahead=clock_was_ahead
                )
            else:
                found = nightly.rehearse(house.desk, contacts, question, real_now=clock.real_now())
    for incident in found.incidents:
        notice(f"duewatch: incident: {incident}; the plain interpreter's answer stands")
    say(json.dumps(as_json(found), ensure_ascii=False, indent=2) if output == "json" else as_text(found))


def as_json(found: Evaluated) -> dict[str, object]:
    """Give the evaluation as programs read it."""
    return {
        "run": None if found.run is None else str(found.run),
        "written": found.written,
        "examined": found.examined,
        "transitions": [asdict(one) | {"day": day_of(one).isoformat()} for one in found.transitions],
        "alerts": found.alerts,
        "unrouted": found.unrouted,
        "deliveries": found.deliveries,
        "disagreements": found.disagreements,
        "unheard": list(found.unheard),
    }


def as_text(found: Evaluated) -> str:
    """Say what the evaluation came to; the transitions of a first run are only counted."""
    head = f"run {found.run}" if found.written else "rehearsal, nothing is written"
    moved = [line(one) for one in found.transitions if one.old is not None]
    fresh = len(found.transitions) - len(moved)
    parts = [f"{counted(found.examined, 'occurrence')} examined", counted(len(moved), "change")]
    parts += [f"{fresh} seen for the first time"] if fresh else []
    parts += [counted(found.alerts, "alert") + (f" ({found.unrouted} of them reach nobody)" if found.unrouted else "")]
    parts += [f"{counted(found.deliveries, 'message')} to send"]
    return "\n".join([f"{head}: {', '.join(parts)}", *moved, *map(nobody, found.unheard)])


def nobody(occurrence: str) -> str:
    """Say of which alert nobody hears, and what to do."""
    return f"  {occurrence}: its alert reaches nobody; name who is responsible in the contacts"


def line(one: Transition) -> str:
    """Say one transition."""
    return f"  {one.occurrence}: {one.old} -> {one.new} on {day_of(one)} ({one.cause})"


def day_of(one: Transition) -> date:
    """Give the day of a transition."""
    from duewatch.engine.ledger.days import from_day

    return from_day(one.day)
