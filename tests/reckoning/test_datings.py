from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from duewatch.engine.ledger.tables import dating as table
from duewatch.engine.reckoning.datings import Dating, has_occurrences, leading
from duewatch.engine.reckoning.rows import Row
from duewatch.engine.words import Bearer, By, During, EarliestOf, Every, Fixed, Period, Ref, Setting, Span

QUARTERLY = Every(Span(3, "months"), Ref("adoption"), Ref("mandate.end"))
DAY, BEFORE = Fixed(date(2022, 3, 31)), Fixed(date(2022, 3, 30))
GRID = {1: "2021-09-29", 2: "2021-12-29", 3: "2022-03-29", 4: "2022-06-29"}


def test_a_dating_has_the_columns_of_its_table() -> None:
    ours = {field.name for field in fields(Dating)}
    assert ours == {column.name for column in table.columns} - {"encoding", "occurrence", "obligation"} | {
        "member",
        "ordinal",
    }
    assert [field.name for field in fields(Dating)][-len(fields(Row)) :] == [field.name for field in fields(Row)]


def test_what_nobody_can_owe_is_not_dated(bench: Any) -> None:
    statement, content = bench.norm(modality="statement"), bench.norm(kind="content")
    assert not has_occurrences(statement)
    assert leading(bench.obligation(statement, content)) is None
    assert bench.datings([statement, content]) == []


def test_the_default_leads_and_where_it_owes_nothing_the_first_that_owes(bench: Any) -> None:
    default, other = bench.norm(deadline=By(Ref("adoption"))), bench.norm("other", deadline=QUARTERLY)
    assert leading(bench.obligation(other, default)) is default
    silent = bench.norm(modality="statement")
    assert leading(bench.obligation(silent, other)) is other
    assert {row.reading for row in bench.datings([silent, other])} == {"other"}
    assert not any("by its words alone" in row.steps[-1] for row in bench.datings([silent, other]))


def test_each_member_has_its_own_occurrences_and_extensions(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=QUARTERLY, bearer=Bearer(how="each", parties=("all",)))
    facts = [
        bench.extension(3, 2, "2022-01-31", since="2021-12-01", member="b"),
        bench.delivery(4, 1, "2021-09-01", member="c"),
    ]
    rows = bench.datings(norm, *facts, members=("a", "b", "c"))
    assert ask.dues(rows, "2022-01-01", member="a") == GRID
    assert ask.dues(rows, "2022-01-01", member="b") == GRID | {2: "2022-01-31"}
    assert ask.dues(rows, "2022-01-01", member="c") == GRID


def test_an_extension_that_the_due_day_has_overtaken_moves_nothing_and_says_so(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=By(Ref("mandate.end")), settings=(Setting(target="mandate.end", dynamic=True),))
    facts = [
        bench.extension(3, 1, "2022-09-30", since="2022-06-01"),
        bench.event(4, "mandate.end", "2023-06-30", since="2022-06-29"),
    ]
    rows = bench.datings(norm, *facts)
    assert [ask.dues(rows, day) for day in ("2022-05-31", "2022-06-28", "2022-06-29")] == [
        {1: "2022-06-30"}, {1: "2022-09-30"}, {1: "2023-06-30"},
    ]  # fmt: skip
    assert any("no later, and moves nothing" in step for step in ask.row(rows, 1, "2022-06-29").steps)


def test_a_window_that_ends_before_it_begins_is_no_date(bench: Any) -> None:
    turned = replace(bench.instrument, periods={"recess": Period(name="recess", start=DAY, until=BEFORE)})
    (row,) = bench.datings(bench.norm(deadline=During("recess")), instrument=turned)
    assert (row.state, row.due, row.steps[-1]) == ("unresolved", None, "it ends before it begins")


def test_deliveries_roll_for_their_own_member_only(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=Every(Span(3, "months"), "previous-delivery", Ref("mandate.end")))
    rows = bench.datings(norm, bench.delivery(4, 1, "2021-09-01", member="b"), members=("a", "b"))
    assert ask.dues(rows, "2022-01-01", member="a") == GRID
    assert ask.dues(rows, "2022-01-01", member="b") == {1: GRID[1], 2: "2021-12-01", 3: "2022-03-01", 4: "2022-06-01"}


def test_an_open_party_without_a_known_member_owes_nothing_yet(bench: Any) -> None:
    assert bench.datings(bench.norm(deadline=QUARTERLY), members=()) == []


def test_a_member_is_not_known_before_the_fact_that_names_it(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=QUARTERLY, settings=(Setting(target="mandate.end", dynamic=True),))
    moved = bench.event(3, "mandate.end", "2021-12-31", since="2021-11-01")
    rows = bench.datings(norm, moved, members=("a", "b"), known_from={"b": 5})
    assert ask.dues(rows, "2021-10-01", k=4, member="b") == {}
    assert ask.dues(rows, "2021-10-01", k=5, member="b") == GRID
    assert ask.dues(rows, "2021-10-01", k=2, member="a") == GRID
    assert {row.k0 for row in rows if row.member == "b"} == {5}
    assert all(row.k0 < row.k1 for row in rows)


def test_readings_that_only_divide_the_bearer_have_the_same_occurrences(bench: Any, ask: Any) -> None:
    each = bench.norm("each", deadline=QUARTERLY, bearer=Bearer(how="each", parties=("all",)), bearer_only=True)
    rows = bench.datings([bench.norm(deadline=QUARTERLY), each])
    assert ask.dues(rows, "2021-07-01", reading="each") == GRID


def test_facts_of_other_things_cut_nothing(bench: Any) -> None:
    norm = bench.norm(deadline=QUARTERLY)
    others = [
        bench.event(2, "election", "2022-04-01"),
        bench.event(3, "mandate.end", "2023-06-30"),
        bench.extension(4, 9, "2022-04-01", since="2022-01-01"),
        bench.extension(5, 1, "2022-04-01", since="2022-01-01", member="nobody"),
    ]
    assert bench.datings(norm, *others) == bench.datings(norm)


def test_the_example_of_the_two_anchors(bench: Any, ask: Any) -> None:
    """The earliest of two dates follows whichever of them moves."""
    clause = EarliestOf((By(Ref("transition.end")), By(Ref("mandate.end"))))
    settings = (Setting(target="mandate.end", dynamic=True),)
    rows = bench.datings(
        bench.norm(deadline=clause, settings=settings), bench.event(2, "mandate.end", "2022-01-31", since="2021-12-01")
    )
    assert [ask.dues(rows, day)[1] for day in ("2021-11-30", "2021-12-01")] == ["2022-03-15", "2022-01-31"]


def test_the_order_in_which_facts_are_given_is_no_matter(bench: Any) -> None:
    norm = bench.norm(deadline=QUARTERLY, settings=(Setting(target="mandate.end", dynamic=True),))
    facts = [
        bench.event(2, "mandate.end", "2022-09-30", since="2022-01-01"),
        bench.extension(3, 1, "2021-10-31", since="2021-09-20"),
    ]
    assert bench.datings(norm, *facts) == bench.datings(norm, *reversed(facts))


@pytest.mark.parametrize("zone_of_the_machine", ["UTC", "America/Havana", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_changes_no_dating(
    bench: Any, zone_of_the_machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    norm = bench.norm(deadline=QUARTERLY, until=Ref("mandate.end"))
    expected = bench.datings(norm)
    monkeypatch.setenv("TZ", zone_of_the_machine)
    time.tzset()
    try:
        assert bench.datings(norm) == expected
        assert [row.due_at for row in expected] == [1632974400, 1640840400, 1648612800, 1656561600]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_another_zone_ends_the_same_day_at_another_instant(bench: Any) -> None:
    norm = bench.norm(deadline=By(Fixed(date(2022, 6, 30))))
    (here,) = bench.datings(norm)
    (there,) = bench.datings(norm, instrument=replace(bench.instrument, zone="Asia/Tokyo"))
    assert here.due == there.due
    assert here.due_at - there.due_at == 13 * 3600


@pytest.mark.slow
def test_ten_thousand_simple_datings_take_well_under_a_second(bench: Any) -> None:
    obligation = [bench.norm(deadline=By(Fixed(date(2021, 7, 15))))]
    began = time.process_time()
    rows = [row for _ in range(10_000) for row in bench.datings(obligation)]
    assert len(rows) == 10_000
    assert time.process_time() - began < 3, "the bound is loose: the machine may be busy"
