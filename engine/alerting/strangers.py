"""Contacts that name what nobody has: a slip of the pen there means that somebody is never told.

What is looked for is what the encodings have: instruments, provisions, parties, topics. It is a note and no fault: an
encoding that is loaded tomorrow may bring it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from duewatch.engine.alerting.routing import paragraph
from duewatch.engine.encoding.notebook import did_you_mean
from duewatch.engine.encoding.provisions import at_or_under
from duewatch.engine.ledger.tables import obligation, occurrence, variant
from duewatch.engine.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from duewatch.engine.encoding.contacts import Contacts, Responsible
    from duewatch.engine.words import Instrument

_FITS_NOTHING = "until then the line fits nothing"


@dataclass(frozen=True, slots=True)
class Known:
    """What a line of `responsible` may name."""

    instruments: frozenset[str]
    provisions: frozenset[str]
    bearers: frozenset[str]
    topics: frozenset[str]


def strangers(contacts: Contacts, known: Known) -> tuple[Problem, ...]:
    """Give a note for each name in the contacts that nothing known has."""
    return tuple(problem for rule in contacts.responsible for problem in _of_rule(rule, known))


def _of_rule(rule: Responsible, known: Known) -> Iterator[Problem]:
    for sort, name, names in (
        ("instrument", rule.instrument, known.instruments),
        ("party", rule.bearer, known.bearers),
        ("topic", rule.topic, known.topics),
    ):
        if name and name not in names:
            yield _problem(rule, f"no {sort} is called `{name}`", name, names)
    if rule.provision and not any(at_or_under(one, rule.provision) for one in known.provisions):
        # Of another number nobody can tell whether it was meant; another way to write the same one can be told.
        written = known.provisions | {paragraph(one) for one in known.provisions}
        same = [one for one in written if _numbers(one) == _numbers(rule.provision)]
        yield _problem(rule, f"nothing is encoded at or under `{rule.provision}`", rule.provision, same)


def _numbers(provision: str) -> list[str]:
    return re.findall(r"\d+", provision)


def _problem(rule: Responsible, wrong: str, name: str, names: Collection[str]) -> Problem:
    return Problem(rule.place or Place("contacts"), wrong, did_you_mean(name, names, _FITS_NOTHING))


def known_of(instruments: Iterable[Instrument]) -> Known:
    """Give what encodings have, as read from their files."""
    given = list(instruments)
    entries = [entry for one in given for entry in one.obligations]
    return Known(
        instruments=frozenset(one.symbol for one in given),
        provisions=frozenset(entry.provision for entry in entries),
        bearers=frozenset(name for one in given for name in one.parties),
        topics=frozenset(topic for entry in entries for topic in _listed(entry.flat.get("topics"))),
    )


def known_here(connection: Connection, encoding: str) -> Known:
    """Give what an adopted encoding has, and the members that facts have named."""
    rows = connection.execute(select(obligation).where(obligation.c.encoding == encoding)).all()
    bodies = connection.scalars(select(variant.c.body).where(variant.c.encoding == encoding))
    members = connection.scalars(select(occurrence.c.member).distinct())
    return Known(
        instruments=frozenset(row.instrument for row in rows),
        provisions=frozenset(row.provision for row in rows),
        bearers=frozenset(name for body in bodies for name in body["bearer"]["parties"]) | frozenset(members),
        topics=frozenset(topic for row in rows for topic in _listed(row.flat.get("topics"))),
    )


def _listed(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
