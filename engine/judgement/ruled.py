"""Which reading of an entry is the default one, and which can be argued for, under given rulings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.ledger.tables import answer, instrument, obligation, variant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_ARGUABLE: Final = "arguable"
_Row = Any  # a row of the database


class Readings:
    """The entries of an encoding, and which reading of each is the default one under given rulings."""

    def __init__(self, connection: Connection, encoding: str) -> None:
        """Read them all: a history asks for every entry at every step."""
        norm = (variant.c.encoding == obligation.c.encoding) & (variant.c.obligation == obligation.c.obligation)
        columns = (obligation.c.obligation, obligation.c.provision, variant.c.reading, variant.c.body)
        query = select(*columns, variant.c.is_default, variant.c.standing).join(variant, norm)
        self.entries: dict[str, _Row] = {}
        self.variants: defaultdict[str, list[str]] = defaultdict(list)  # the arguable readings of each
        for row in connection.execute(query.where(obligation.c.encoding == encoding)):
            if row.is_default:
                self.entries[row.obligation] = row
            if row.standing == _ARGUABLE:
                self.variants[row.obligation].append(row.reading)
        self.answers: defaultdict[str, defaultdict[str, dict[str, _Row]]] = defaultdict(lambda: defaultdict(dict))
        for row in connection.execute(select(answer).where(answer.c.encoding == encoding)):
            self.answers[row.obligation][row.reading][row.question] = row
        homes = select(instrument.c.symbol, instrument.c.zone).where(instrument.c.encoding == encoding)
        self.zones = {row.symbol: row.zone for row in connection.execute(homes)}

    def zone(self, symbol: str) -> str:
        """Give the zone of an instrument."""
        return str(self.zones[symbol])

    def entry(self, owner: str) -> tuple[str, tuple[str, ...]]:
        """Give the provision and the bearers of an entry."""
        row = self.entries[owner]
        return row.provision, tuple(row.body["bearer"]["parties"])

    def arguable(self, owner: str, ruled: Mapping[str, str]) -> list[str]:
        """Give the readings that can be argued for: a ruling settles the others."""
        parts = self.answers[owner]
        return [
            reading
            for reading in self.variants[owner]
            if all(ruled.get(question, part.answer) == part.answer for question, part in parts.get(reading, {}).items())
        ]

    def default(self, owner: str, ruled: Mapping[str, str]) -> str:
        """Give the default reading: the one whose parts are the answers decided, and the usual ones else."""
        for reading_name, parts in self.answers.get(owner, {}).items():
            if all(
                part.answer == ruled[question] if question in ruled else part.is_default
                for question, part in parts.items()
            ):
                return str(reading_name)
        return str(self.entries[owner].reading) if owner in self.entries else ""
