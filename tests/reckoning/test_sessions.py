"""Periods that many instruments share, dates that are only expected, and clocks that stand still: as datings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.reckoning.civil import from_day, to_day
from duewatch.engine.reckoning.library import shipped
from duewatch.engine.reckoning.names import names_of
from duewatch.engine.words import (
    At,
    By,
    DayOf,
    Deemed,
    During,
    EarliestOf,
    Event,
    Every,
    EverySession,
    Expected,
    Extended,
    Fixed,
    Grace,
    Known,
    NoDate,
    Pause,
    Period,
    Recurring,
    Ref,
    Schedule,
    Shifted,
    Soft,
    Span,
    Suspended,
    Terms,
    Within,
)

if TYPE_CHECKING:
    from duewatch.engine.reckoning.clock import ClockFact

WINDOW = Expected(date(2022, 9, 1), date(2022, 9, 14), "practice")
PERIODS = (
    Period(name="s-76", start=Fixed(date(2021, 9, 14)), until=WINDOW, session="assembly/76", recess=Ref("recess")),
    Period(name="s-77", start=None, session="assembly/77"),
    Period(name="s-86", start=None, session="general-assembly/86"),
    Period(name="ga-81", start=None, session="general-assembly/81"),
    Period(name="gone", start=Fixed(date(2021, 9, 14)), session="assembly/63", cancelled=True),
    Period(
        name="split",
        start=None,
        session="assembly/78",
        parts=(
            (Fixed(date(2021, 9, 1)), Fixed(date(2021, 9, 9))),
            (Fixed(date(2022, 2, 1)), Fixed(date(2022, 2, 12))),
        ),
    ),
)
EVENTS = (
    Event(name="recess", day=None, expected=(date(2021, 12, 1), date(2021, 12, 31)), source="practice"),
    Event(name="assembly", day=None, known=(date(2022, 5, 1), date(2022, 5, 31)), source="in May 2022"),
    Event(name="called-off", day=None, cancelled=True, source="a letter"),
)


@pytest.fixture
def house(bench: Any) -> Any:
    """The bench with sessions and events that nobody has set."""
    instrument = replace(
        bench.instrument,
        periods=bench.instrument.periods | {period.name: period for period in PERIODS},
        events=bench.instrument.events | {event.name: event for event in EVENTS},
    )

    def ask(deadline: Any, *facts: ClockFact, **more: Any) -> list[Any]:
        norm = bench.norm(deadline=deadline, **more)
        return bench.datings(norm, *facts, instrument=instrument)  # type: ignore[no-any-return]

    ask.bench, ask.instrument = bench, instrument  # type: ignore[attr-defined]
    return ask


def test_a_session_without_a_set_end_is_open_and_has_no_due_day(house: Any) -> None:
    (row,) = house(During("s-76"))
    assert (row.state, row.due, row.due_at, row.inferred) == ("expected", None, None, True)
    assert (ask_iso(row.opens), ask_iso(row.soft_due)) == ("2021-09-14", "2022-09-14")
    assert "nothing is late before it is recorded" in row.steps[-1]


def ask_iso(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


@pytest.mark.parametrize("name", ["s-76.end", "assembly/76.end"])
def test_recording_the_close_makes_the_date_firm_under_its_own_name_or_the_shared_one(house: Any, name: str) -> None:
    fact = house.bench.event(4, name, "2022-09-12")
    rows = house(During("s-76"), fact)
    assert [(row.state, ask_iso(row.due)) for row in rows] == [
        ("expected", None),
        ("expected", None),
        ("dated", "2022-09-12"),
    ]
    assert name in names_of(
        house.bench.obligation(house.bench.norm(deadline=During("s-76"))), house.instrument, shipped()
    )


def test_what_is_known_of_nothing_is_unresolved(house: Any) -> None:
    for period in ("s-77", "s-86", "nowhere"):
        (row,) = house(During(period))
        assert (row.state, row.due) == ("unresolved", None)


def test_a_shipped_list_of_sessions_serves_what_an_encoding_leaves_open(house: Any) -> None:
    (opening,) = house(By(Ref("ga-81.start")))
    (closing,) = house(During("general-assembly/81"))
    assert (opening.state, ask_iso(opening.due)) == ("dated", "2026-09-08")
    assert (closing.state, ask_iso(closing.soft_due)) == ("expected", "2027-09-14")


def test_what_is_cancelled_meets_nothing_and_breaks_nothing(house: Any) -> None:
    for deadline in (During("gone"), By(Ref("called-off"))):
        (row,) = house(deadline)
        assert row.state == "unresolved"
        assert any("cancelled" in step for step in row.steps)


def test_a_split_session_goes_from_its_first_part_to_the_end_of_its_last(house: Any) -> None:
    (row,) = house(During("split"))
    assert (ask_iso(row.opens), ask_iso(row.due)) == ("2021-09-01", "2022-02-12")


def test_the_main_part_has_an_end_of_its_own(house: Any) -> None:
    (row,) = house(By(Ref("s-76.recess")))
    assert (row.state, ask_iso(row.soft_due)) == ("expected", "2021-12-31")
    (row,) = [row for row in house(By(Ref("s-76.recess")), house.bench.event(4, "recess", "2021-12-21")) if row.due]
    assert ask_iso(row.due) == "2021-12-21"


def test_sessions_are_a_series_by_number(house: Any) -> None:
    facts = [house.bench.event(4, "assembly/79.end", "2021-08-01")]
    rows = house(EverySession(3, "s-76", "assembly/82"), *facts)
    found = {row.ordinal: (row.state, ask_iso(row.due)) for row in rows if row.k1 > 10**9 and row.d1 > 10**6}
    assert found == {1: ("expected", None), 2: ("dated", "2021-08-01"), 3: ("unresolved", None)}
    (row,) = house(EverySession(0, "s-76"))
    assert row.state == "unresolved"


def test_a_day_known_to_the_month_is_late_only_after_the_month(house: Any) -> None:
    (row,) = house(Within((Span(30, "days"),), Ref("assembly")))
    assert (row.state, ask_iso(row.opens), ask_iso(row.due)) == ("dated", "2022-05-01", "2022-06-30")
    assert any("due between 31 May 2022 and 30 June 2022" in step for step in row.steps)
    (row,) = house(By(Known(date(2022, 5, 1), date(2022, 5, 31))))
    assert ask_iso(row.due) == "2022-05-31"


def test_an_end_that_is_only_expected_ends_nothing(house: Any) -> None:
    (row,) = house(NoDate(), until=Ref("s-76.end"), kind="maintain")
    assert (row.ends, row.ends_at) == (None, None)
    assert row.steps[-1] == "its end is not known"


# ------------------------------------------------------------------ clocks that stand still
def fact(bench: Any, seq: int, kind: str, day: str, **more: Any) -> ClockFact:
    return bench._fact(seq, kind, ("", more.pop("ordinal", 1)), day, day, more)  # type: ignore[no-any-return]


def held(rows: list[Any], on: str) -> tuple[str, str | None]:
    day = to_day(date.fromisoformat(on))
    (row,) = [row for row in rows if row.d0 <= day < row.d1 and row.k1 > 10**9]
    return row.state, ask_iso(row.due)


def test_a_clock_stands_still_until_it_is_resumed_and_the_date_moves(house: Any) -> None:
    stop, go = fact(house.bench, 3, "suspension", "2021-07-05"), fact(house.bench, 4, "resumption", "2021-07-10")
    rows = house(By(Fixed(date(2021, 7, 15))), stop, go)
    assert held(rows, "2021-07-04") == ("dated", "2021-07-15")
    assert held(rows, "2021-07-05") == held(rows, "2021-07-09") == ("suspended", None)
    assert held(rows, "2021-07-10") == ("dated", "2021-07-20")
    assert any("5 days from 5 July 2021 to 9 July 2021 do not count" in step for step in rows[-1].steps)


def test_an_extension_settles_what_stood_still_before_it(house: Any) -> None:
    stop, go = fact(house.bench, 3, "suspension", "2021-07-05"), fact(house.bench, 4, "resumption", "2021-07-10")
    granted = house.bench.extension(5, 1, "2021-07-31", "2021-07-11")
    again = fact(house.bench, 6, "suspension", "2021-07-20"), fact(house.bench, 7, "resumption", "2021-07-22")
    rows = house(By(Fixed(date(2021, 7, 15))), stop, go, granted, *again)
    assert held(rows, "2021-07-15") == ("dated", "2021-07-31")
    assert held(rows, "2021-07-22") == ("dated", "2021-08-02")


def test_a_stop_after_the_last_day_changes_nothing_and_one_without_a_date_stops_all_the_same(house: Any) -> None:
    late = fact(house.bench, 3, "suspension", "2021-07-20")
    assert held(house(By(Fixed(date(2021, 7, 15))), late), "2021-07-21") == ("dated", "2021-07-15")
    assert held(house(NoDate(), late), "2021-07-21")[0] == "suspended"
    over = fact(house.bench, 4, "resumption", "2021-07-25")
    assert held(house(NoDate(), late, over), "2021-07-26")[0] == "none"
    assert held(house(NoDate(), over), "2021-07-26")[0] == "none", "nothing to resume"


def test_one_date_of_a_series_stops_alone(house: Any) -> None:
    stop = fact(house.bench, 3, "suspension", "2021-09-01", ordinal=1)
    go = fact(house.bench, 4, "resumption", "2021-09-11", ordinal=1)
    rows = house(Every(Span(3, "months"), Ref("adoption"), times=2), stop, go)
    found = {row.ordinal: ask_iso(row.due) for row in rows if row.k1 > 10**9 and row.d1 > 10**6}
    assert found == {1: "2021-10-09", 2: "2021-12-29"}


# ------------------------------------------------------------------ other lists of dates, and names
def test_schedules_and_rules_are_series_of_their_own(house: Any) -> None:
    schedule = Schedule(
        Span(3, "months"), Fixed(date(2021, 7, 1)), Fixed(date(2022, 7, 1)), terms=Terms(regime="plain")
    )
    assert [ask_iso(row.due) for row in house(schedule)][::2] == ["2021-07-01", "2022-01-01", "2022-07-01"]
    rule = Recurring("FREQ=MONTHLY;BYDAY=1FR;COUNT=2", Fixed(date(2021, 7, 1)))
    assert [(row.ordinal, ask_iso(row.due)) for row in house(rule)] == [(1, "2021-07-02"), (2, "2021-08-06")]
    unknown = Schedule(Span(3, "months"), Ref("finding"), Fixed(date(2022, 7, 1)))
    assert [row.state for row in house(unknown)] == ["unresolved"]
    (row,) = house(Recurring("FREQ=MONTHLY;COUNT=1", Ref("finding")))
    assert row.state == "unresolved"


def test_every_name_in_a_tree_is_found(house: Any) -> None:
    form = Grace(
        Extended(
            Suspended(
                EarliestOf(
                    (
                        By(DayOf(1, "day", "month", Shifted(Ref("finding"), (Span(1, "months"),)))),
                        Within((Span(3, "days"),), Deemed(Ref("election"))),
                        Soft("soon", Span(1, "days"), Ref("began")),
                    )
                ),
                (Pause(Ref("assembly"), Ref("split.end")),),
            ),
            (Span(1, "days"),),
            "rolled",
        ),
        (Span(1, "days"),),
    )
    names = names_of(house.bench.obligation(house.bench.norm(deadline=form)), house.instrument, shipped())
    assert {"finding", "election", "began", "assembly", "split.end", "assembly/78.end"} <= names
    printed = house.bench.norm(deadline=By(At(datetime.fromisoformat("2024-01-01T00:00Z"))))
    assert not names_of(house.bench.obligation(printed), house.instrument, shipped())
