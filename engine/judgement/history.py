"""History: every change of status of one occurrence up to a day, computed, with who first said so.

It is walked from look to look with the knowledge of `as_known`: it does not depend on the nights
on which the machine was up. Beside each change stands the run that first reported it, if any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from duewatch.engine.judgement import naming
from duewatch.engine.judgement.asking import answer_of, remember
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.horizons import extended
from duewatch.engine.judgement.moments import in_zone
from duewatch.engine.judgement.renaming import all_names
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.judgement.sources import scope_of
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.tables import instrument, transition

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from duewatch.engine.judgement.desk import Desk
    from duewatch.rules.rete import Decided


@dataclass(frozen=True, slots=True)
class Change:
    """A status that began on `day`, why, and which run first said so."""

    day: date
    status: str
    says: str
    because: str
    said_by: str  # "run 3 on 2021-07-16", or "never reported"


@dataclass(frozen=True, slots=True)
class _Look:
    status: str
    says: str
    because: str
    next_day: int | None


def history(desk: Desk, typed: str, question: Question) -> tuple[Change, ...]:
    """Every change of one occurrence from the adoption of its instrument to `as_of`."""
    with extended(desk, question.as_of) as connection:
        name = naming.find_occurrence(connection, desk.encoding, typed)
        home = select(instrument).where(
            instrument.c.encoding == desk.encoding, instrument.c.symbol == naming.symbol_of(name)
        )
        row = connection.execute(home).one()
        walk = _Walk(connection, desk, name, question)
        changes = walk.changes(row.adopted, in_zone(question.as_of, row.zone).day)
    remember(desk, walk.fresh)
    return tuple(changes)


class _Walk:
    """From look to look: each one says on which day the next is due."""

    def __init__(self, connection: Connection, desk: Desk, name: str, question: Question) -> None:
        self.connection, self.desk, self.name, self.question = connection, desk, name, question
        self.scope = scope_of(connection, desk.encoding, naming.split_occurrence(name)[0])
        names = all_names(connection, desk.encoding, name)
        told = select(transition).where(transition.c.occurrence.in_(names)).order_by(transition.c.seq)
        self.told = list(connection.execute(told))
        self.fresh: dict[int, Decided] = {}

    def changes(self, first: int, last: int) -> list[Change]:
        """The changes from one day to another, both included; the last look is at the moment asked about."""
        found: list[Change] = []
        day: int | None = first
        while day is not None and day < last:
            look = self._look(from_day(day))
            self._note(found, day, look)
            day = look.next_day
        self._note(found, last, self._look(self.question.as_of))
        return found

    def _note(self, found: list[Change], day: int, look: _Look) -> None:
        if not found or found[-1].status != look.status:
            found.append(Change(from_day(day), look.status, look.says, look.because, self._said_by(look.status, day)))

    def _said_by(self, status: str, day: int) -> str:
        said = (f"run {row.run} on {from_day(row.day)}" for row in self.told if row.new == status and row.day >= day)
        return next(said, "never reported")

    def _look(self, as_of: date | datetime) -> _Look:
        question = Question(as_of, self.question.as_known)
        with judging(self.connection, self.desk, question, self.scope) as judged:
            answer = answer_of(self.connection, self.desk, question, judged.k)
            soonest = select(func.min(verdict.c.next_day)).where(verdict.c.occurrence == self.name)
            next_day = self.connection.scalar(soonest)
        self.fresh.update(judged.fresh)
        for item in answer.items:
            if item.occurrence == self.name:
                return _Look(item.status or "", item.says, item.because, next_day)
        return _Look("not owed", "not owed", "", next_day)
