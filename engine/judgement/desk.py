"""What every question needs at hand: the database, the rules, the adopted encoding."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from duewatch.engine.judgement.situations import Layout, Statements, layout_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.rules.rete import Decider


@dataclass(frozen=True, slots=True)
class Desk:
    """The database, the rules and who decides by them, the encoding asked about, and our own zone."""

    engine: Engine
    rules: Rules
    decider: Decider
    encoding: str  # "sha256:..."
    zone: str  # IANA name; the days of `as_known` end in it
    layout: Layout = field(init=False, repr=False, compare=False)  # the statements that answer a question

    def __post_init__(self) -> None:
        """Prepare the statements for these rules."""
        key = Statements(self.rules.hash, self.rules.status, self.rules.stages)
        object.__setattr__(self, "layout", layout_of(key))


@dataclass(frozen=True, slots=True)
class Question:
    """Two of the three axes of time; the third, the encoding, is the desk's.

    `as_of`: what was the case then; a day means its last moment, in each instrument's own zone.
    `as_known`: using only what had been recorded by then; a day means its last moment in the
    desk's zone; None means the whole ledger. Datetimes are aware.
    """

    as_of: date | datetime
    as_known: date | datetime | None = None
