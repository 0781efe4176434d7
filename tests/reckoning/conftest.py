"""Small instruments and norms to reckon with, and a way to ask a point (k, d)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.reckoning.civil import from_day, to_day
from duewatch.engine.reckoning.clock import ALL_KNOWLEDGE, ClockFact
from duewatch.engine.reckoning.datings import Dating, datings_of
from duewatch.engine.words import (
    Bearer,
    Event,
    Fixed,
    Instrument,
    NoDate,
    Norm,
    Obligation,
    Period,
    Ref,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

EVENTS = (
    Event(name="adoption", day=date(2021, 6, 29), source="by 15 votes"),
    Event(name="began", day=date(2020, 9, 25), certainty="inferred"),
    Event(name="election", day=date(2022, 2, 27)),
    Event(name="finding", day=None),
    Event(name="deployment", day=None, repeats=True),
    Event(name="allegation", day=None, repeats=True),
)
PERIODS = (
    Period(name="mandate", start=Ref("adoption"), until=Fixed(date(2022, 6, 30)), provision="OP 17"),
    Period(name="transition", start=Fixed(date(2020, 9, 15)), length=(Span(18, "months"),)),
    Period(name="trial", start=Ref("adoption"), length=(Span(1, "years"),), last_day="excluded"),
    Period(name="inquiry", start=Ref("adoption"), until=Ref("finding")),
    Period(name="recess", start=Ref("finding"), until=Fixed(date(2022, 3, 31))),
)
INSTRUMENT = Instrument(
    symbol="S/RES/1 (2021)",
    title="",
    adopted=date(2021, 6, 29),
    zone="America/New_York",
    regime="un-sc",
    verbs="un-sc",
    counts_by="dated",
    topics=(),
    events={event.name: event for event in EVENTS},
    periods={period.name: period for period in PERIODS},
    parties={},
    questions={},
    obligations=(),
    file="",
    tree_hash="",
)
NORM = Norm(
    reading="default",
    is_default=True,
    standing="arguable",
    why="",
    modality="obligation",
    verb="requests",
    strength="requests",
    kind="achieve",
    watch="own",
    bearer=Bearer(how="one", parties=("somebody",)),
    action="report",
    deadline=NoDate(),
    lead=14,
    review_days=None,
    after_breach="still_owed",
    counts_by="dated",
)


class Bench:
    """Makes norms and facts in a line, and asks what holds at a point."""

    instrument = INSTRUMENT
    horizon = to_day(date(2024, 1, 1))

    def norm(self, reading: str = "default", **fields: Any) -> Norm:
        return replace(NORM, reading=reading, is_default=reading == "default", **fields)

    def obligation(self, *norms: Norm) -> Obligation:
        return Obligation(id="a", provision="OP 1", groups=(), place="", norms=norms, flat={}, origins={})

    def event(self, seq: int, name: str, day: str, since: str = "", **fields: Any) -> ClockFact:
        return self._fact(seq, "event", name, day, since or day, fields)

    def extension(self, seq: int, ordinal: int, day: str, since: str, **fields: Any) -> ClockFact:
        return self._fact(seq, "extension", (fields.pop("member", ""), ordinal), day, since, fields)

    def delivery(self, seq: int, ordinal: int, day: str, **fields: Any) -> ClockFact:
        return self._fact(seq, "delivery", (fields.pop("member", ""), ordinal), day, day, fields)

    def _fact(self, seq: int, kind: Any, target: Any, day: str, since: str, more: dict[str, Any]) -> ClockFact:
        fields = {
            "root": seq,
            "seq": seq,
            "kind": kind,
            "target": target,
            "day": number(day),
            "effective": number(since),
        }
        return ClockFact(**(fields | more))

    def datings(self, norms: Norm | Sequence[Norm], *facts: ClockFact, **more: Any) -> list[Dating]:
        norms = [norms] if isinstance(norms, Norm) else norms
        arguments: dict[str, Any] = {"horizon": self.horizon, "members": ("",)} | more
        instrument = arguments.pop("instrument", self.instrument)
        return datings_of(self.obligation(*norms), instrument, facts, **arguments)

    def one(self, norm: Norm, *facts: ClockFact, on: str = "2021-07-01") -> Dating:
        """The only dating of a norm that holds on a day, with everything known."""
        (found,) = at(self.datings(norm, *facts), number(on))
        return found


def number(day: str) -> int:
    return to_day(date.fromisoformat(day))


def at(datings: Sequence[Dating], day: int, k: int = ALL_KNOWLEDGE - 1) -> list[Dating]:
    return [dating for dating in datings if dating.k0 <= k < dating.k1 and dating.d0 <= day < dating.d1]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="session")
def module_bench() -> Bench:
    """The same bench for property tests, which may not take a fixture made anew for each example."""
    return Bench()


class Asking:
    """Reads datings the way an officer asks: ordinals with their due days, on a day, as known."""

    def dues(
        self, datings: Sequence[Dating], on: str, k: int = ALL_KNOWLEDGE - 1, reading: str = "default", member: str = ""
    ) -> dict[int, str | None]:
        rows = [row for row in at(datings, number(on), k) if (row.reading, row.member) == (reading, member)]
        return {row.ordinal: iso(row.due) for row in rows}

    def row(
        self, datings: Sequence[Dating], ordinal: int, on: str, k: int = ALL_KNOWLEDGE - 1, reading: str = "default"
    ) -> Dating:
        (row,) = [row for row in at(datings, number(on), k) if (row.reading, row.ordinal) == (reading, ordinal)]
        return row


def iso(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


@pytest.fixture
def ask() -> Asking:
    return Asking()
