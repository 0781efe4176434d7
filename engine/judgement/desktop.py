"""What a draft is checked against, whatever sort of fact it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from duewatch.engine.judgement import naming
from duewatch.engine.judgement.effects import added_items
from duewatch.engine.ledger import tables
from duewatch.engine.ledger.days import day_at, from_day, instant
from duewatch.engine.ledger.facts import Draft
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Desktop:
    """What a draft is checked against: the adopted encoding, and the moment of recording."""

    connection: Connection
    encoding: str
    now: datetime
    by: str

    def zone(self, symbol: str) -> str:
        """The zone of an instrument; of what all instruments share, UTC."""
        query = select(tables.instrument.c.zone).where(
            tables.instrument.c.encoding == self.encoding, tables.instrument.c.symbol == symbol
        )
        return str(self.connection.scalar(query) or "UTC")

    def today(self, symbol: str) -> date:
        """The day of recording, in the zone of an instrument."""
        return from_day(day_at(instant(self.now), self.zone(symbol)))

    def norms(self, obligation: str) -> list[Any]:
        """The rows of an obligation's readings, the default first."""
        query = (
            select(tables.variant)
            .where(tables.variant.c.encoding == self.encoding, tables.variant.c.obligation == obligation)
            .order_by(tables.variant.c.is_default.desc())
        )
        return list(self.connection.execute(query))

    def items(self, occurrence: str) -> list[str]:
        """The items that this report must contain, under any reading, in the order of the file.

        Those that later instruments add to it come last.
        """
        obligation, _, ordinal = naming.split_occurrence(occurrence)
        query = (
            select(tables.need.c.item)
            .where(tables.need.c.encoding == self.encoding, tables.need.c.obligation == obligation)
            .order_by(tables.need.c.place)
        )
        added = added_items(self.connection, self.encoding, obligation, ordinal)
        return list(dict.fromkeys([*self.connection.scalars(query), *added]))

    def draft(self, kind: Any, target: str, **fields: Any) -> Draft:  # noqa: ANN401 - columns of the draft
        """A draft of this recorder on a target named in full."""
        member = naming.split_occurrence(target)[1]
        symbol = naming.symbol_of(target)
        return Draft(kind=kind, instrument=symbol, target=target, member=member, recorded_by=self.by, **fields)


def required(fields: Mapping[str, Any], *names: str) -> None:
    """Refuse where one of the options was not given."""
    missing = [name for name in names if fields.get(name) in {None, ""}]
    if missing:
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise BadInput(f"{listed} is missing; nothing was recorded")
