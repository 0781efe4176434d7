"""The table of cycles, as it stands on a day, with what was known then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.judgement.conftest import SMALL, World, source

from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.cycling import Cycles, Delivered, Line, cycles, edition_at
from duewatch.engine.judgement.desk import Question
from duewatch.engine.ledger.database import writing

Make = Callable[..., World]


def table(here: World, as_of: date, as_known: date | None = None) -> Cycles:
    return cycles(here.desk, Question(as_of, as_known))


def lines(found: Cycles) -> dict[str, Line]:
    return {line.obligation + (f"@{line.member}" if line.member else ""): line for line in found.lines}


@pytest.fixture
def small(world: Make) -> World:
    return world()


def test_what_falls_due_or_is_a_mandate_stands_in_it_and_nothing_else(small: World) -> None:
    found = lines(table(small, date(2021, 7, 1)))
    assert list(found) == ["a.report", "b.series", "c.transition", "h.first", "h.second", "h.third", "m.mandate"]
    series = found["b.series"]
    assert (series.cycle, series.bearers, series.organs) == ("every 3 months", ("secretary",), ("council",))
    assert (series.last, series.next_due) == (None, date(2021, 9, 29))
    assert series.end is not None
    assert (series.end.period, series.end.day, series.end.is_first) == ("mandate", date(2022, 6, 30), True)


def test_the_last_one_has_its_symbol_and_the_next_is_the_first_still_owed(small: World) -> None:
    small.deliver("b.series/1", issued=date(2021, 10, 2), symbol="R/1")
    small.deliver("b.series/3", issued=date(2022, 1, 5), symbol="R/3")
    line = lines(table(small, date(2022, 1, 6)))["b.series"]
    assert line.last == Delivered(date(2022, 1, 5), "R/3")
    assert line.next_due == date(2021, 12, 29)  # passed, and still owed
    assert line.lateness == ("n 2: overdue by 8 days: no delivery recorded",)
    assert not line.remarks  # nothing says late but the lateness
    for ordinal in (4, 2):
        small.deliver(f"b.series/{ordinal}", issued=date(2022, 1, 24 - ordinal), symbol=f"R/{ordinal}")
    line = lines(table(small, date(2022, 1, 25)))["b.series"]
    assert (line.next_due, line.lateness) == (None, ("the last one came 24 days after its day",))


def test_who_moved_the_next_day_is_a_remark_and_so_is_another_reading(small: World) -> None:
    grant = {"granted": date(2021, 7, 10), "granted_by": "council", "symbol": "L/4"}
    small.record("extension", "a.report", to=date(2021, 8, 1), **grant)
    before, after = (lines(table(small, day)) for day in (date(2021, 7, 9), date(2021, 7, 10)))
    assert (before["a.report"].next_due, before["a.report"].remarks) == (date(2021, 7, 15), ())
    assert after["a.report"].next_due == date(2021, 8, 1)
    assert after["a.report"].remarks == ("moved to 1 August 2021 by council (L/4)",)
    transition = after["c.transition"]
    assert (transition.next_due, transition.remarks) == (
        date(2022, 3, 15), ("25 March 2022 under the reading from-beginning",),
    )  # fmt: skip
    assert transition.end is not None
    assert (transition.end.period, transition.end.is_first) == ("transition", False)


def test_a_renewed_mandate_ends_later_for_reports_and_not_for_the_permission_itself(small: World) -> None:
    small.now = datetime(2022, 6, 29, 15, tzinfo=UTC)
    small.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29), symbol="RES/2")
    known = table(small, date(2022, 6, 30))
    [moved] = known.moved_ends
    assert (moved.given, moved.day, moved.symbol) == (date(2022, 6, 30), date(2023, 6, 30), "RES/2")
    ends = {name: line.end.day for name, line in lines(known).items() if line.end}
    assert (ends["a.report"], ends["m.mandate"]) == (date(2023, 6, 30), date(2022, 6, 30))
    assert not table(small, date(2022, 6, 28)).moved_ends  # it counts from the 29th
    assert not table(small, date(2022, 6, 30), date(2022, 6, 28)).moved_ends  # and was not known before


def test_an_earlier_edition_knows_what_was_known_then_under_the_encoding_of_then(small: World) -> None:
    small.now = datetime(2021, 10, 3, 12, tzinfo=UTC)
    small.deliver("b.series/1", issued=date(2021, 9, 28), symbol="R/1")
    changed = SMALL.replace('deadline: {by: "2021-07-15"}', 'deadline: {by: "2021-07-20"}')
    with writing(small.desk.engine) as connection:
        now = datetime(2021, 11, 1, tzinfo=UTC)
        encoding = adopt(connection, [source(changed, small.desk.rules)], now=now, by="x")
    small.desk = replace(small.desk, encoding=encoding)
    earlier, later = (lines(edition_at(small.desk, day)) for day in (date(2021, 10, 2), date(2021, 11, 2)))
    assert (earlier["b.series"].last, earlier["a.report"].next_due) == (None, date(2021, 7, 15))
    assert later["b.series"].last == Delivered(date(2021, 9, 28), "R/1")
    assert later["a.report"].next_due == date(2021, 7, 20)


def test_a_table_says_how_far_knowledge_goes(small: World) -> None:
    assert table(small, date(2021, 7, 1)).known_to is None
    small.deliver("a.report", dated=date(2021, 7, 1), symbol="R/0")
    found = table(small, date(2021, 7, 2))
    assert (found.known_to, found.entries_known) == (small.now, 2)
    assert table(small, date(2021, 7, 2), date(2021, 7, 1)).known_to == date(2021, 7, 1)
