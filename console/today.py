"""`duewatch` alone: the page Today."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from duewatch.console import tables
from duewatch.console.errors import counted
from duewatch.console.opening import opened
from duewatch.console.progress import busy
from duewatch.engine.running import clock
from duewatch.engine.running.today import today

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duewatch.console.opening import House
    from duewatch.engine.running.today import Changed, Today

MOST: Final = 15  # lines of one section; what is more is counted


def show() -> None:
    """Print the page: late, soon, cannot say, needs you; what changed; and how far all that can be trusted."""
    with opened() as house:
        question = house.question(None, None)
        with busy("asking"):
            found = today(house.desk, question, real_now=clock.real_now())
        there = house.now.astimezone(ZoneInfo(house.desk.zone))
        tables.print_lines([f"Today, {there.day} {there:%B %Y}, {there:%H:%M %Z}", ""])
        if found.items:
            tables.print_items(found.items, symbols=len({item.instrument for item in found.items}) > 1)
        else:
            tables.print_lines(["Nothing is late, nothing is due soon, and nothing is in doubt."])
        tables.print_lines(["", *lines_of(found, house)])


def lines_of(found: Today, house: House) -> Iterator[str]:
    """Give the lines below the table."""
    if found.needs:
        yield "needs you"
        yield from listed(found.needs)
        yield ""
    yield "changed since yesterday"
    yield from listed([line_of(one) for one in found.changed]) if found.changed else ["  nothing"]
    yield ""
    yield f"{house.axes(house.question(None, None))}."
    yield f"last run: {said_of(found, house)}; {counted(found.undelivered, 'message')} undelivered"
    if found.rest:
        yield f"{found.rest} more: `duewatch status`; what comes: `duewatch agenda --within 30d`; --help lists the rest"


def listed(lines: Sequence[str]) -> list[str]:
    """Indent lines, the first ones, and count what is more."""
    more = [f"  and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return [f"  {line}" for line in lines[:MOST]] + more


def line_of(one: Changed) -> str:
    """Say one change of status."""
    name = one.occurrence.partition("#")[2]
    old, new = (status.replace("_", " ") for status in (one.old, one.new))
    return f"{name}: {old} -> {new} on {one.day} ({one.cause})"


def said_of(found: Today, house: House) -> str:
    """Say when the last evaluation was."""
    if found.last_run is None:
        return "none yet (`duewatch run` evaluates by itself, `duewatch evaluate` once)"
    number, at = found.last_run
    there = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(house.desk.zone))
    return f"{number} of {there:%Y-%m-%d %H:%M %Z}"
