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


def test_what_is_closed_says_so_and_what_took_its_place(world: Make) -> None:
    later = (
        'instrument: {symbol: T/RES/2 (2021), adopted: {date: "2021-09-28"}, zone: America/New_York}\n'
        "parties: {secretary: {}}\n"
        "obligations:\n"
        "- {id: report, provision: OP 1, verb: requests, bearer: secretary, kind: achieve, action: x, deadline: none}\n"
        "earlier: {T/RES/1 (2021): [{moves-to: report, of: [b.series]}, {leaves: OP 3, why: so}]}\n"
    )
    here = world(SMALL, later)
    here.record("suspension", "a.report", on=date(2021, 7, 1))
    before, after = (lines(table(here, day)) for day in (date(2021, 9, 27), date(2021, 10, 1)))
    assert (before["b.series"].remarks, before["b.series"].next_due) == ((), date(2021, 9, 29))
    assert after["b.series"].remarks == (
        "superseded: a later instrument has taken its place from 29 September 2021 on: T/RES/2 (2021)#report",
    )
    assert after["b.series"].next_due is None
    assert after["a.report"].remarks == ("suspended: its time stands still",)


def test_nothing_says_how_late_unless_asked_and_no_line_changes_with_the_day_alone(small: World) -> None:
    small.record("looked", "a.report", on=date(2021, 7, 20), found="cannot-say")
    small.deliver("b.series/1", issued=date(2021, 9, 28), symbol="R/1")
    early, late = (table(small, day) for day in (date(2021, 10, 10), date(2021, 10, 11)))
    assert [line for line in lines(early).values() if "past" in " ".join(line.remarks)] == []
    assert lines(early)["a.report"].remarks == ("cannot say, looked on 20 July 2021",)
    assert lines(early)["a.report"].lateness == ("cannot say, looked on 20 July 2021, 87 days past 15 July 2021",)
    changed = [
        (one.obligation, one.remarks)
        for one, other in zip(early.lines, late.lines, strict=True)
        if replace(one, lateness=()) != replace(other, lateness=())
    ]
    assert changed == []


def test_a_document_that_lacks_something_is_named_though_it_fulfils_nothing_yet(small: World) -> None:
    small.deliver("a.report", dated=date(2021, 7, 10), symbol="R/1", contents="has:first;lacks:second", why="no annex")
    line = lines(table(small, date(2021, 7, 12)))["a.report"]
    assert (line.last, line.next_due) == (None, date(2021, 7, 15))
    assert line.remarks == ("R/1 came, and lacks 1 of 2 items",)


def test_a_table_says_how_far_knowledge_goes(small: World) -> None:
    assert table(small, date(2021, 7, 1)).known_to is None
    small.deliver("a.report", dated=date(2021, 7, 1), symbol="R/0")
    found = table(small, date(2021, 7, 2))
    assert (found.known_to, found.entries_known) == (small.now, 2)
    assert table(small, date(2021, 7, 2), date(2021, 7, 1)).known_to == date(2021, 7, 1)
