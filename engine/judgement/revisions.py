"""How often the days of an occurrence moved, and when they last did: for calendars, which want to know.

A calendar shows the days still to come under the arguable readings. They change with a fact that moves a clock, when
the first of several days passes, when a question is decided, when an encoding is adopted. All of that is read from
the ledger: the same question has the same answer whenever it is asked, and with more knowledge the number only grows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from sqlalchemy import and_, func, or_, select

from duewatch.engine.judgement.horizons import extended
from duewatch.engine.judgement.moments import in_zone, knowledge
from duewatch.engine.judgement.naming import split_occurrence, symbol_of
from duewatch.engine.judgement.rulings import KIND
from duewatch.engine.ledger.days import day_at, end_of_day
from duewatch.engine.ledger.tables import FIRST_DAY, answer, dating, edition, fact, instrument, variant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.judgement.desk import Desk, Question

_T = TypeVar("_T")
_AT_ONCE: Final = 500  # names in one statement


@dataclass(frozen=True, slots=True)
class Revisions:
    """`moved`: how often the days changed. `first`, `last`: the instants at which they were first and last set down."""

    moved: int
    first: int
    last: int


class _Rectangle(NamedTuple):
    """A due day, or the last day of a right, under one reading, with the knowledge and the days for which it is so."""

    encoding: str
    k0: int
    k1: int
    d0: int
    d1: int
    due: int


class _Ruling(NamedTuple):
    """An answer to a question that an entry names."""

    seq: int
    effective: int


class _Edition(NamedTuple):
    """From when an encoding was in force."""

    at: int
    encoding: str


def revisions(desk: Desk, question: Question, occurrences: Collection[str]) -> dict[str, Revisions]:
    """Give for each occurrence, by its full name, how its days were revised up to the moment of the question."""
    with extended(desk, question.as_of) as connection:
        k = knowledge(connection, question.as_known, desk.zone)
        rectangles = _rectangles(connection, occurrences, k)
        rulings = _rulings(connection, desk.encoding, k)
        numbers = {one.k0 for found in rectangles.values() for one in found}
        numbers |= {one.seq for found in rulings.values() for one in found}
        recorded = _recorded(connection, numbers)
        editions = _editions(connection)
        zones = _zones(connection, desk.encoding)
    found = {}
    for name in occurrences:
        zone = zones[symbol_of(name)]
        decided = rulings.get(split_occurrence(name)[0], ())
        last = in_zone(question.as_of, zone).day
        found[name] = _Walk(rectangles.get(name, ()), decided, recorded, editions, zone, last).run()
    return found


@dataclass(frozen=True, slots=True)
class _Walk:
    """From instant to instant, one occurrence: what was known by then, and which days it had still to come."""

    rectangles: Sequence[_Rectangle]
    rulings: Sequence[_Ruling]
    recorded: Mapping[int, int]  # ledger number -> instant
    editions: Sequence[_Edition]
    zone: str
    last_day: int

    def run(self) -> Revisions:
        """Count the changes. Days that have all passed are no change: nothing stands in the calendar then."""
        times = self._times()
        changes: list[int] = []
        before: object = None
        for at in times:
            days, rulings = self._at(at)
            if days and (days, rulings) != before:
                before = days, rulings
                changes.append(at)
        first = changes[0] if changes else times[0]
        return Revisions(max(0, len(changes) - 1), first, max(first, *changes, self._reworded()))

    def _reworded(self) -> int:
        """Give the instant from which on the encoding has been the one that is in force."""
        newest = self.editions[-1].encoding
        return min(one.at for one in takewhile(lambda one: one.encoding == newest, reversed(self.editions)))

    def _times(self) -> list[int]:
        """Every instant at which something may have changed, from the first adoption on."""
        found = {at for at, _encoding in self.editions}
        found |= {self.recorded[one.k0] for one in self.rectangles if one.k0 in self.recorded}
        found |= {self.recorded[one.seq] for one in self.rulings}
        days = {one.d0 for one in self.rectangles if one.d0 > FIRST_DAY} | {one.due + 1 for one in self.rectangles}
        days |= {one.effective for one in self.rulings}
        found |= {end_of_day(day - 1, self.zone) for day in days if day <= self.last_day}
        start = self.editions[0].at
        return sorted({max(start, at) for at in found})

    def _at(self, at: int) -> tuple[frozenset[int], int]:
        """Give the days still to come as an instant knew them, and how many rulings were in force."""
        encoding = max((one for one in self.editions if one.at <= at), key=lambda one: one.at).encoding
        known = [one.k0 for one in self.rectangles if self.recorded.get(one.k0, at) <= at]
        k, day = max(known, default=0), min(day_at(at, self.zone), self.last_day)
        days = frozenset(
            one.due
            for one in self.rectangles
            if one.encoding == encoding and one.k0 <= k < one.k1 and one.d0 <= day < one.d1 and one.due >= day
        )
        rulings = sum(self.recorded[one.seq] <= at and one.effective <= day for one in self.rulings)
        return days, rulings


# ------------------------------------------------------------------ what the walks read
def _rectangles(connection: Connection, occurrences: Collection[str], k: int) -> dict[str, list[_Rectangle]]:
    """Give the days shown under every encoding that was ever in force, and every reading that counts or may."""
    norm = and_(
        variant.c.encoding == dating.c.encoding,
        variant.c.obligation == dating.c.obligation,
        variant.c.reading == dating.c.reading,
    )
    decided = select(answer.c.obligation).join(fact, fact.c.target == answer.c.question)
    decided = decided.where(fact.c.kind == KIND, fact.c.seq <= k)  # a ruling may raise what was only noted
    shown = func.coalesce(dating.c.due, dating.c.ends)  # a right has no due day: it stands on its last one
    query = (
        select(dating, shown.label("shown"))
        .join(variant, norm)
        .where(shown.is_not(None), dating.c.k0 <= k)
        .where(or_(variant.c.standing == "arguable", dating.c.obligation.in_(decided)))
    )
    found: dict[str, list[_Rectangle]] = defaultdict(list)
    for names in _parts(sorted(occurrences)):
        for row in connection.execute(query.where(dating.c.occurrence.in_(names))):
            found[row.occurrence].append(_Rectangle(row.encoding, row.k0, row.k1, row.d0, row.d1, row.shown))
    return found


def _rulings(connection: Connection, encoding: str, k: int) -> dict[str, list[_Ruling]]:
    """Give the rulings on the questions of each obligation, each version once."""
    query = (
        select(answer.c.obligation, fact.c.seq, func.coalesce(fact.c.effective, FIRST_DAY).label("effective"))
        .join(fact, fact.c.target == answer.c.question)
        .where(answer.c.encoding == encoding, fact.c.kind == KIND, fact.c.seq <= k)
        .distinct()
    )
    found: dict[str, list[_Ruling]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.obligation].append(_Ruling(row.seq, row.effective))
    return found


def _recorded(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    """Give the instants at which entries of the ledger were recorded."""
    found: dict[int, int] = {}
    for some in _parts(sorted(numbers)):
        query = select(fact.c.seq, fact.c.recorded_at).where(fact.c.seq.in_(some))
        found |= {row.seq: row.recorded_at for row in connection.execute(query)}
    return found


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Give the values in parts that one statement can hold."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _editions(connection: Connection) -> list[_Edition]:
    query = select(edition.c.adopted_at, edition.c.encoding).order_by(edition.c.adopted_at, edition.c.seq)
    return [_Edition(row.adopted_at, row.encoding) for row in connection.execute(query)]


def _zones(connection: Connection, encoding: str) -> dict[str, str]:
    query = select(instrument.c.symbol, instrument.c.zone).where(instrument.c.encoding == encoding)
    return {row.symbol: row.zone for row in connection.execute(query)}
