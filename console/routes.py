"""`duewatch routes`: who would hear of something, on which channels, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import CANNOT_TRUST, FINE, notice, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.running.routes import Hearer, Routes

EPILOG: Final = """\b
Examples:
  duewatch routes test annual-report
  duewatch routes test annual-report/2"""


@click.group("routes", epilog=EPILOG)
def command() -> None:
    """Ask who would hear of something, and why."""


@command.command("test", epilog="\b\nExample:\n  duewatch routes test annual-report/2")
@click.argument("name", metavar="ID")
def test(name: str) -> int:
    """Say who would hear of an alert of the occurrence or obligation ID, on which channels, and why.

    Exit code 4 where nobody would.
    """
    from duewatch.console.opening import contacts_of, opened, tell_strangers
    from duewatch.engine.running.routes import routes_of

    with opened() as house:
        contacts = contacts_of(house.settings)
        tell_strangers(house, contacts)
        found = routes_of(house.desk, contacts, name, house.now)
    for each in found:
        say("\n".join(lines(each)))
    deaf = [each for each in found if not each.hearers]
    for each in deaf:
        notice(f"duewatch: nobody hears of {each.matter.occurrence}; name who is responsible in the contacts")
    return CANNOT_TRUST if deaf else FINE


def lines(routes: Routes) -> Iterator[str]:
    """Say the answer for one occurrence."""
    matter = routes.matter
    topics = f"; topics {', '.join(matter.topics)}" if matter.topics else ""
    yield f"{matter.occurrence} ({matter.provision}; bearer {', '.join(matter.bearers) or 'not named'}{topics})"
    yield f"  {ladder(routes)}"
    for hearer in routes.hearers:
        yield from told(hearer)
    for each in routes.beaten:
        yield f"  not {', '.join(each.who)}: {each.reason} fits too, and a more specific rule comes first"
    if not routes.hearers:
        yield "  nobody: no rule of the contacts fits"


def ladder(routes: Routes) -> str:
    """Say at which stage it stands, and which comes next."""
    from duewatch.engine.ledger.days import from_day

    matter = routes.matter
    now = f"stands at {matter.stage}" if matter.stage else f"is {matter.status}, at no stage"
    coming = f"; next {matter.next_stage} on {from_day(matter.next_day)}" if matter.next_stage else "; no stage to come"
    return now + coming


def told(hearer: Hearer) -> Iterator[str]:
    """Say how one person hears of it."""
    person = hearer.person
    yield f"  {person.name} ({person.id}): {hearer.reason}; not before {person.at:%H:%M} {person.zone}"
    for channel in person.channels:
        address = person.address_on(channel)
        yield f"    {channel}" + (f": {address}" if address else "")
