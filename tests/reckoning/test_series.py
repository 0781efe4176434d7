from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from duewatch.engine.reckoning.civil import from_day, to_day
from duewatch.engine.words import ArmedBy, Every, Fixed, Recurring, Ref, Setting, Span, Terms

ASSUMED = "[no published rule on counting time was found (un-sc, assumed)]"
QUARTER = Span(3, "months")
QUARTERLY = Every(QUARTER, Ref("adoption"), Ref("mandate.end"))
GRID = {1: "2021-09-29", 2: "2021-12-29", 3: "2022-03-29", 4: "2022-06-29"}


def iso(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


def test_dates_count_from_the_anchor_up_to_the_end_and_on_it(bench: Any, ask: Any) -> None:
    assert ask.dues(bench.datings(bench.norm(deadline=QUARTERLY)), "2021-07-01") == GRID
    to_the_day = Every(QUARTER, Ref("adoption"), Fixed(date(2021, 12, 29)))
    assert ask.dues(bench.datings(bench.norm(deadline=to_the_day)), "2021-07-01") == {1: GRID[1], 2: GRID[2]}


def test_each_window_opens_the_day_after_the_date_before(bench: Any) -> None:
    rows = bench.datings(bench.norm(deadline=QUARTERLY))
    assert [iso(row.opens) for row in rows] == ["2021-06-29", "2021-09-30", "2021-12-30", "2022-03-30"]


def test_steps_say_the_count_and_only_the_last_says_why_it_is_the_last(bench: Any) -> None:
    rows = bench.datings(bench.norm(deadline=QUARTERLY))
    assert rows[1].steps == (
        "adoption: 29 June 2021 (printed, by 15 votes)",
        f"3 months after it, 2nd: 29 December 2021 {ASSUMED}",
        "covers the whole day in America/New_York",
    )
    assert rows[3].steps[1:4] == (
        f"3 months after it, 4th: 29 June 2022 {ASSUMED}",
        "mandate.end: 30 June 2022 (printed, OP 17)",
        "the last one: the next falls after 30 June 2022",
    )


def test_each_second_date_of_another_series(bench: Any, ask: Any) -> None:
    second = Every(QUARTER, Ref("adoption"), Ref("mandate.end"), take=2)
    rows = bench.datings(bench.norm(deadline=second))
    assert ask.dues(rows, "2021-07-01") == {1: "2021-12-29", 2: "2022-06-29"}
    assert [iso(row.opens) for row in rows] == ["2021-06-29", "2021-12-30"]


@pytest.mark.parametrize(
    ("take", "dues"), [(1, {1: "2021-09-27", 2: "2021-12-27"}), (2, {1: "2021-12-27"})]
)  # fmt: skip
def test_an_anchor_before_the_adoption_gives_only_dates_after_it(
    bench: Any, ask: Any, take: int, dues: dict[int, str]
) -> None:
    letter = Fixed(date(2013, 6, 27))  # the 32nd date would be 27 June 2021
    norm = bench.norm(deadline=Every(QUARTER, letter, Fixed(date(2022, 3, 1)), take=take))
    rows = bench.datings(norm)
    assert ask.dues(rows, "2021-07-01") == dues
    assert iso(rows[0].opens) == "2021-06-29"
    assert rows[0].steps[1].startswith("3 months after it, 33rd" if take == 1 else "3 months after it, 34th")


def test_a_date_on_the_day_of_adoption_does_not_fall_after_it(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=Every(Span(1, "years"), Fixed(date(2019, 6, 29)), Fixed(date(2023, 6, 29))))
    assert ask.dues(bench.datings(norm), "2021-07-01") == {1: "2022-06-29", 2: "2023-06-29"}


def test_an_endless_series_goes_to_the_horizon_and_a_known_end_beyond_it(bench: Any) -> None:
    yearly = bench.norm(deadline=Every(Span(1, "years"), Ref("adoption")))
    assert len(bench.datings(yearly)) == 2
    assert len(bench.datings(yearly, horizon=to_day(date(2041, 6, 29)))) == 20
    ended = bench.norm(deadline=Every(Span(1, "years"), Ref("adoption"), Fixed(date(2035, 1, 1))))
    assert len(bench.datings(ended)) == 13


def test_a_series_with_an_unknown_end_goes_to_the_horizon_and_says_so(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=Every(Span(6, "months"), Ref("adoption"), Ref("finding")))
    rows = bench.datings(norm)
    assert [row.ordinal for row in rows] == [1, 2, 3, 4, 5]
    assert "its end is not known: dated up to 1 January 2024" in rows[-1].steps
    ended = bench.datings(norm, bench.event(2, "finding", "2022-07-10"))
    assert ask.dues(ended, "2022-07-09").keys() == {1, 2, 3, 4, 5}
    assert ask.dues(ended, "2022-07-10").keys() == {1, 2}


def test_an_inferred_end_makes_only_the_last_date_uncertain(bench: Any) -> None:
    rows = bench.datings(
        bench.norm(
            deadline=Every(QUARTER, Fixed(date(2021, 6, 29)), Ref("transition.end")),
            settings=(Setting(target="transition.start", moment=Ref("began")),),
        )
    )
    assert [row.inferred for row in rows] == [False, True]


def test_the_calendar_ends_a_series_that_nothing_else_ends(bench: Any) -> None:
    norm = bench.norm(deadline=Every(Span(4000, "years"), Ref("adoption"), Fixed(date.max)))
    assert [iso(row.due) for row in bench.datings(norm)] == ["6021-06-29"]
    rolling = bench.norm(deadline=Every(Span(4000, "years"), "previous-delivery", Fixed(date.max)))
    assert [iso(row.due) for row in bench.datings(rolling)] == ["6021-06-29"]


def test_an_unknown_anchor_leaves_one_unresolved_occurrence(bench: Any) -> None:
    (row,) = bench.datings(bench.norm(deadline=Every(QUARTER, Ref("finding"), Ref("mandate.end"))))
    assert (row.ordinal, row.state, row.due, row.steps) == (1, "unresolved", None, ("finding: not known yet",))


@pytest.mark.parametrize("every", [Every(Span(0, "days"), Ref("adoption")), Every(QUARTER, Ref("adoption"), take=0)])
def test_an_interval_that_leads_nowhere_is_unresolved(bench: Any, every: Every) -> None:
    (row,) = bench.datings(bench.norm(deadline=every))
    assert (row.state, row.steps[-1]) == ("unresolved", "its interval leads nowhere")


def test_a_series_without_any_date_stays_visible(bench: Any) -> None:
    norm = bench.norm(deadline=Every(Span(2, "years"), Ref("adoption"), Ref("mandate.end")))
    (row,) = bench.datings(norm)
    assert (row.ordinal, row.state, row.steps) == (1, "unresolved", ("no date falls within its bounds",))


def test_a_moved_end_lengthens_the_series_for_the_reading_that_follows_it(bench: Any, ask: Any) -> None:
    fixed = bench.norm(deadline=QUARTERLY)
    moves = bench.norm("moves", deadline=QUARTERLY, settings=(Setting(target="mandate.end", dynamic=True),))
    rows = bench.datings([fixed, moves], bench.event(5, "mandate.end", "2023-06-30", since="2022-06-29"))
    longer = GRID | {5: "2022-09-29", 6: "2022-12-29", 7: "2023-03-29", 8: "2023-06-29"}
    assert ask.dues(rows, "2022-06-28", reading="moves") == GRID
    assert ask.dues(rows, "2022-06-29", reading="moves") == longer
    assert ask.dues(rows, "2022-06-29", k=4, reading="moves") == GRID, "not yet recorded"
    assert ask.dues(rows, "2022-06-29") == GRID
    assert (
        ask.row(rows, 5, "2022-07-01", reading="moves").steps[-1]
        == "by its words alone the default reading has no such date"
    )
    untouched = [row for row in rows if row.ordinal < 4]
    assert len(untouched) == 6, "the dates that do not move are not cut"


def test_a_shortened_end_ends_what_is_owed_from_its_day_on(bench: Any, ask: Any) -> None:
    moves = bench.norm(deadline=QUARTERLY, settings=(Setting(target="mandate.end", dynamic=True),))
    rows = bench.datings(moves, bench.event(5, "mandate.end", "2021-12-31", since="2021-11-01"))
    assert ask.dues(rows, "2021-10-31") == GRID
    assert ask.dues(rows, "2021-11-01") == {1: GRID[1], 2: GRID[2]}


def test_a_series_shortened_to_nothing_owes_nothing(bench: Any, ask: Any) -> None:
    moves = bench.norm(deadline=QUARTERLY, settings=(Setting(target="mandate.end", dynamic=True),))
    rows = bench.datings(moves, bench.event(5, "mandate.end", "2021-08-31", since="2021-08-01"))
    assert ask.dues(rows, "2021-08-01") == {}


def test_an_extension_moves_its_own_date_from_the_day_granted(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=QUARTERLY, working_dates=(("council", Span(-7, "days")),))
    rows = bench.datings(norm, bench.extension(3, 1, "2021-10-31", since="2021-09-20"))
    moved = GRID | {1: "2021-10-31"}
    assert ask.dues(rows, "2021-09-19") == GRID
    assert ask.dues(rows, "2021-09-20") == moved
    assert ask.dues(rows, "2021-09-20", k=2) == GRID
    row = ask.row(rows, 1, "2021-10-05")
    assert "extended to 31 October 2021 (fact 3)" in row.steps
    assert (iso(row.working_due), iso(row.opens)) == ("2021-10-24", "2021-06-29")
    assert iso(ask.row(rows, 2, "2021-10-05").opens) == "2021-09-30"


def test_of_several_extensions_the_latest_granted_counts(bench: Any, ask: Any) -> None:
    facts = [
        bench.extension(3, 1, "2021-10-31", since="2021-09-20"),
        bench.extension(4, 1, "2021-10-15", since="2021-09-10"),
        bench.extension(6, 1, "2021-11-30", since="2021-09-20"),
    ]
    rows = bench.datings(bench.norm(deadline=QUARTERLY), *facts)
    assert [ask.dues(rows, day)[1] for day in ("2021-09-09", "2021-09-10", "2021-09-20")] == [
        "2021-09-29", "2021-10-15", "2021-11-30",
    ]  # fmt: skip
    assert ask.dues(rows, "2021-09-20", k=4)[1] == "2021-10-31"


def test_a_corrected_extension_leaves_the_old_one_known_before(bench: Any, ask: Any) -> None:
    wrong = bench.extension(3, 1, "2021-10-31", since="2021-09-20")
    right = bench.extension(5, 2, "2022-01-31", since="2021-09-20", root=3)  # it was for the second date
    rows = bench.datings(bench.norm(deadline=QUARTERLY), wrong, right)
    assert ask.dues(rows, "2021-09-20", k=4) == GRID | {1: "2021-10-31"}
    assert ask.dues(rows, "2021-09-20", k=5) == GRID | {2: "2022-01-31"}


def test_a_retracted_extension_is_gone(bench: Any, ask: Any) -> None:
    given = bench.extension(3, 1, "2021-10-31", since="2021-09-20")
    gone = bench.extension(8, 1, "2021-10-31", since="2021-09-20", root=3, gone=True)
    rows = bench.datings(bench.norm(deadline=QUARTERLY), given, gone)
    assert [ask.dues(rows, "2021-10-01", k)[1] for k in (2, 3, 7, 8)] == [
        "2021-09-29", "2021-10-31", "2021-10-31", "2021-09-29",
    ]  # fmt: skip


def test_a_rolling_series_counts_from_what_was_delivered(bench: Any, ask: Any) -> None:
    rolling = bench.norm(deadline=Every(QUARTER, "previous-delivery", Ref("mandate.end")))
    late, again = bench.delivery(3, 1, "2021-10-04"), bench.delivery(9, 1, "2021-11-20")
    rows = bench.datings(rolling, late, again)
    assert ask.dues(rows, "2021-10-03") == GRID
    assert ask.dues(rows, "2021-10-04") == {1: "2021-09-29", 2: "2022-01-04", 3: "2022-04-04"}
    assert ask.dues(rows, "2021-12-01") == ask.dues(rows, "2021-10-04"), "a second document moves nothing"
    row = ask.row(rows, 2, "2021-10-04")
    assert iso(row.opens) == "2021-10-05"
    assert row.steps[1] == f"3 months after the 1st delivery, 4 October 2021: 4 January 2022 {ASSUMED}"


def test_a_fixed_grid_moves_with_no_delivery(bench: Any) -> None:
    assert len(bench.datings(bench.norm(deadline=QUARTERLY), bench.delivery(3, 1, "2021-10-04"))) == 4


def test_a_series_is_asleep_until_its_event(bench: Any, ask: Any) -> None:
    norm = bench.norm(deadline=QUARTERLY, armed_by=ArmedBy(event="finding"))
    rows = bench.datings(norm, bench.event(4, "finding", "2021-10-10"))
    asleep = ask.row(rows, 1, "2021-10-09")
    assert (asleep.armed, asleep.state, asleep.due) == (False, "none", None)
    assert ask.dues(rows, "2021-10-09") == {1: None}
    assert ask.dues(rows, "2021-10-10") == GRID


QUARTER_ENDS = "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1"


def test_a_date_so_long_after_each_quarter_runs_from_its_end(bench: Any, ask: Any) -> None:
    """45 days after a quarter are not always the same day of a month; the last one ends with the period."""
    terms = Terms(roll="following", calendars=("saturday-sunday",))
    deadline = Recurring(QUARTER_ENDS, Ref("adoption"), (Span(45, "days"),), Ref("mandate.end"), terms)
    rows = bench.datings(bench.norm(kind="recur", deadline=deadline))
    assert ask.dues(rows, "2021-07-01") == {  # the 14th of August and of November 2021 are a Saturday and a Sunday
        1: "2021-08-16", 2: "2021-11-15", 3: "2022-02-14", 4: "2022-05-16", 5: "2022-08-15",
    }  # fmt: skip
    first = ask.row(rows, 1, "2021-07-01")
    assert iso(first.opens) == "2021-06-30"
    assert first.steps[2] == f"45 days after it, its own day not counted: 14 August 2021 {ASSUMED}"


def test_a_rule_goes_on_with_its_period(bench: Any, ask: Any) -> None:
    moving = (Setting(target="mandate.end", dynamic=True),)
    deadline = Recurring(QUARTER_ENDS, Ref("adoption"), (Span(45, "days"),), Ref("mandate.end"))
    norm = bench.norm(kind="recur", deadline=deadline, settings=moving)
    rows = bench.datings(norm, bench.event(3, "mandate.end", "2022-09-29", since="2022-06-20"))
    assert [max(ask.dues(rows, day).values()) for day in ("2022-06-19", "2022-06-20")] == ["2022-08-14", "2022-08-14"]
    rows = bench.datings(norm, bench.event(3, "mandate.end", "2022-09-30", since="2022-06-20"))
    assert max(ask.dues(rows, "2022-06-20").values()) == "2022-11-14"
