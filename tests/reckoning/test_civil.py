from __future__ import annotations

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from duewatch.engine.ledger import tables
from duewatch.engine.reckoning import clock
from duewatch.engine.reckoning.civil import NEWEST, add, from_day, nth, say_after, say_day, say_spans, times, to_day
from duewatch.engine.words import Span

DAYS = st.integers(to_day(date(1600, 1, 1)), to_day(date(2400, 12, 31)))


def test_days_count_from_1970() -> None:
    assert (to_day(date(1970, 1, 1)), to_day(date(2021, 6, 29))) == (0, 18_807)
    assert from_day(18_807) == date(2021, 6, 29)


def test_the_open_ends_are_those_of_the_tables() -> None:
    ours = (clock.FIRST_DAY, clock.LAST_DAY, clock.NO_KNOWLEDGE, clock.ALL_KNOWLEDGE)
    assert ours == (tables.FIRST_DAY, tables.LAST_DAY, tables.NO_KNOWLEDGE, tables.ALL_KNOWLEDGE)


def test_months_are_added_as_dateutil_adds_them_from_every_day_of_four_years() -> None:
    for day in range(to_day(date(2019, 3, 1)), to_day(date(2023, 3, 1))):
        for months in (-25, -12, -6, -1, 1, 2, 3, 4, 11, 12, 20, 48):
            expected = from_day(day) + relativedelta(months=months)
            assert from_day(add(day, (Span(months, "months"),))) == expected


@given(DAYS, st.integers(-600, 600), st.integers(-60, 60))
def test_any_months_and_days_are_added_as_dateutil_adds_them(day: int, months: int, days: int) -> None:
    spans = (Span(months, "months"), Span(days, "days"))
    assert from_day(add(day, spans)) == from_day(day) + relativedelta(months=months, days=days)


@given(DAYS, st.integers(-200, 200))
def test_a_year_is_twelve_months_and_a_week_seven_days(day: int, n: int) -> None:
    assert add(day, (Span(n, "years"),)) == add(day, (Span(12 * n, "months"),))
    assert add(day, (Span(n, "weeks"),)) == add(day, (Span(7 * n, "days"),))


@given(DAYS, st.integers(0, 40), st.integers(0, 60))
def test_a_later_anchor_never_gives_an_earlier_day(day: int, later: int, months: int) -> None:
    assert add(day, (Span(months, "months"),)) <= add(day + later, (Span(months, "months"),))


def test_years_and_months_together_are_rounded_once() -> None:
    leap = to_day(date(2020, 2, 29))
    # One year first would give 28 February 2021, and then 28 August.
    assert from_day(add(leap, (Span(1, "years"), Span(6, "months")))) == date(2021, 8, 29)


def test_the_order_of_months_and_days_counts() -> None:
    # The two readings of Forrester: 24 December 1996, two months and ten days.
    start = to_day(date(1996, 12, 24))
    assert from_day(add(start, (Span(10, "days"), Span(2, "months")))) == date(1997, 3, 3)
    assert from_day(add(start, (Span(2, "months"), Span(10, "days")))) == date(1997, 3, 6)


@pytest.mark.parametrize(
    "span", [Span(8000, "years"), Span(-2022, "years"), Span(10**18, "months"), Span(3_000_000, "days")]
)
def test_outside_the_calendar_nothing_is_clamped(span: Span) -> None:
    with pytest.raises(OverflowError, match="outside the years 1 to 9999"):
        add(to_day(date(2021, 6, 29)), (span,))


def test_the_newest_day_is_still_a_day() -> None:
    assert from_day(add(NEWEST - 1, (Span(1, "days"),))) == date.max


def test_lengths_and_days_are_said_in_words() -> None:
    assert say_day(to_day(date(2021, 9, 5))) == "5 September 2021"
    assert say_spans((Span(9, "months"), Span(1, "days"))) == "9 months and 1 day"
    assert say_after((Span(1, "years"),)) == "1 year after"
    assert say_after((Span(-42, "days"),)) == "42 days before"
    assert say_after((Span(1, "months"), Span(-1, "days"))) == "1 month and minus 1 day after"
    assert times(Span(3, "months"), 4) == Span(12, "months")


def test_ordinals_are_said_in_words() -> None:
    said = [nth(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1000)]
    assert said == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th", "1000th"]
