"""Who would hear of an occurrence, on which channels, and why: asked before it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duewatch.engine.alerting.routing import considered
from duewatch.engine.judgement import naming
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.explaining import sitting
from duewatch.engine.ledger.database import reading
from duewatch.engine.problems import BadInput
from duewatch.engine.running.ladders import standings

if TYPE_CHECKING:
    from datetime import datetime

    from duewatch.engine.alerting.routing import Considered
    from duewatch.engine.alerting.words import Raised
    from duewatch.engine.encoding.contacts import Contacts, Person
    from duewatch.engine.judgement.desk import Desk


@dataclass(frozen=True, slots=True)
class Hearer:
    """A person who hears of it, and why."""

    person: Person
    reason: str


@dataclass(frozen=True, slots=True)
class Routes:
    """The answer for one occurrence."""

    matter: Raised
    hearers: tuple[Hearer, ...]
    beaten: tuple[Considered, ...]  # rules that fit, and that a more specific one outranks


def routes_of(desk: Desk, contacts: Contacts, typed: str, now: datetime) -> tuple[Routes, ...]:
    """Answer for an occurrence, or for all occurrences of an obligation. BadInput where there is none."""
    owner, member, ordinal = naming.split_occurrence(typed)
    with reading(desk.engine) as connection:
        name = naming.find_obligation(connection, desk.encoding, owner)
    with sitting(desk, Question(now)) as sat:
        here = [each.matter for each in standings(sat.connection, desk).values() if each.matter.obligation == name]
    fitting = [each for each in here if _fits(each.occurrence, member, ordinal)]
    if not fitting:
        raise BadInput(f"`{typed}` has no occurrence that is owed now, under any arguable reading: nobody is alerted")
    return tuple(_routes(each, contacts) for each in fitting)


def _fits(occurrence: str, member: str, ordinal: int) -> bool:
    _, its_member, its_ordinal = naming.split_occurrence(occurrence)
    return (not member or member == its_member) and ordinal in {0, its_ordinal}


def _routes(matter: Raised, contacts: Contacts) -> Routes:
    people = {person.id: person for person in contacts.people}
    found = considered(matter, contacts.responsible)
    reasons = {who: each.reason for each in reversed(found) if each.wins for who in each.who}
    return Routes(
        matter,
        tuple(Hearer(people[who], reason) for who, reason in sorted(reasons.items()) if who in people),
        tuple(each for each in found if not each.wins),
    )
