"""`duewatch agenda`: what falls due within the next days, for people, programs and calendars."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import Span, about_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.console.opening import House
    from duewatch.engine.judgement.desk import Question
    from duewatch.engine.showing.agenda import Entry
    from duewatch.engine.showing.ics import Event

EPILOG: Final = """\b
Examples:
  duewatch agenda
  duewatch agenda --within 90d --owner reporting-officer
  duewatch agenda --within 52w --format ics > duewatch.ics      (all-day events; an id never changes)"""


@click.command("agenda", epilog=EPILOG)
@click.option(
    "--within", type=Span(), default="30d", show_default=True, metavar="N", help="How far to look: 30d or 6w."
)
@click.option("--owner", metavar="P", help="Only what this person or role looks after.")
@click.option("--instrument", metavar="S", help="Only this instrument, by its symbol.")
@about_time
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "json", "ics"]),
    default="table",
    show_default=True,
    help="For people, programs or calendars.",
)
def command(  # noqa: PLR0913 - one for each option
    *,
    within: int,
    owner: str | None,
    instrument: str | None,
    as_of: date | datetime | None,
    as_known: date | datetime | None,
    output: str,
) -> None:
    """List what falls due from today on, the soonest first.

    Where readings differ an entry stands on its first day that is still to come; the others are named beside it.
    What is late already stands in `duewatch status --group late`. In a calendar an event keeps its id when its day
    moves, and its SEQUENCE grows: read the file again and it takes the old one's place.
    """
    from duewatch.console.opening import opened
    from duewatch.console.status import asked_of
    from duewatch.engine.showing.agenda import agenda

    with opened() as house:
        question = house.question(as_of, as_known)
        answer, shown = asked_of(house, question, owner=owner, instrument=instrument)
        entries = agenda(shown, today=today_of(house, question.as_of), within=within)
        if output == "json":
            head = {"as_of": answer.as_of, "as_known": answer.as_known, "within": within}
            say(json.dumps({**head, "items": [one.as_json() for one in entries]}, ensure_ascii=False, indent=2))
        elif output == "ics":
            print_calendar(events_of(house, question, entries), owner)
        else:
            print_entries(entries, within)


def today_of(house: House, as_of: date | datetime) -> date:
    """Give the day of a moment, in the zone of the settings."""
    return as_of.astimezone(ZoneInfo(house.desk.zone)).date() if isinstance(as_of, datetime) else as_of


def events_of(house: House, question: Question, entries: Sequence[Entry]) -> list[Event]:
    """Give the entries with what the ledger knows of their past."""
    from duewatch.engine.judgement.revisions import revisions
    from duewatch.engine.showing.ics import Event

    past = revisions(house.desk, question, [one.item.occurrence or "" for one in entries])
    found = ((one, past[one.item.occurrence or ""]) for one in entries)
    return [
        Event(
            entry=one,
            moved=of.moved,
            created=datetime.fromtimestamp(of.first, UTC),
            modified=datetime.fromtimestamp(of.last, UTC),
        )
        for one, of in found
    ]


def print_calendar(events: Sequence[Event], owner: str | None) -> None:
    """Print the calendar as it stands, line ends included."""
    from duewatch.engine.showing.ics import calendar

    sys.stdout.flush()
    sys.stdout.buffer.write(calendar(events, name=f"duewatch: {owner}" if owner else "duewatch").encode())
    sys.stdout.buffer.flush()


def print_entries(entries: Sequence[Entry], within: int) -> None:
    """Print one row for each entry."""
    from duewatch.console import tables

    if entries:
        tables.print_list([row_of(one) for one in entries], ("day", "in", "provision", "obligation", "bearer", "says"))
        tables.print_lines([""])
    tables.print_lines([f"{counted(len(entries), 'date')} within {counted(within, 'day')}."])


def row_of(one: Entry) -> tuple[str, ...]:
    """Give the cells of one row."""
    item = one.item
    bearer = item.member or ", ".join(item.bearer) or "not named"
    days = counted(one.days_left, "day") if one.days_left else "today"
    name = (item.occurrence or "").partition("#")[2]
    others = f"; under another reading {', '.join(map(str, one.others))}" if one.others else ""
    return str(one.day), days, item.provision, name, bearer, item.says + others
