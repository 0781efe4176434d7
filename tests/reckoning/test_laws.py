"""Laws of the algebra, and an oracle that looks at one day after the other: both on made-up days, any regime."""

from __future__ import annotations

import importlib.util
import os
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dateutil import easter as dateutil_easter
from dateutil.relativedelta import relativedelta
from hypothesis import example, given, settings
from hypothesis import strategies as st

from duewatch.engine.reckoning.civil import from_day, to_day
from duewatch.engine.reckoning.computing import CannotCompute, compute
from duewatch.engine.reckoning.holidays import easter
from duewatch.engine.reckoning.library import shipped
from duewatch.engine.reckoning.months import NoSuchDay, add_months, civil, number
from duewatch.engine.reckoning.rolls import roll
from duewatch.engine.words import AtLeast, Deadline, EarliestOf, Every, Fixed, Span, Terms, Within

if TYPE_CHECKING:
    from collections.abc import Iterator


def by_path(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


slow = by_path("slow")

FIRST, LAST = to_day(date(1900, 1, 1)), to_day(date(2199, 12, 31))
DAYS = st.integers(FIRST, LAST)
ANY_DAY = st.integers(to_day(date(1, 1, 2)), to_day(date(9999, 12, 30)))
MONTHS = st.integers(-1200, 1200)
CALENDARS = st.sampled_from([name for name in shipped().calendars() if name not in {"un-headquarters", "every-day"}])
ROLLS = st.sampled_from(
    ["none", "following", "preceding", "modified-following", "modified-preceding", "nearest", "half-month"]
)
POLICIES = st.sampled_from(["clip", "spill", "stick"])


def days_of(name: str) -> Any:
    return shipped().calendar([name])


# ------------------------------------------------------------------ months
@given(day=ANY_DAY)
def test_a_day_has_one_name_and_the_name_one_day(day: int) -> None:
    then = from_day(day)
    assert civil(day) == (then.year, then.month, then.day)
    assert number(*civil(day)) == day


@given(day=DAYS, years=st.integers(-90, 90))
def test_a_year_is_twelve_months(day: int, years: int) -> None:
    found = compute(Within((Span(abs(years), "years"),), Fixed(from_day(day))), regime="plain")
    assert found.days == compute(Within((Span(abs(years) * 12, "months"),), Fixed(from_day(day))), regime="plain").days


@given(day=DAYS, months=MONTHS)
def test_rounding_up_is_rounding_down_or_the_day_after_it(day: int, months: int) -> None:
    down, up = add_months(day, months, "clip"), add_months(day, months, "spill")
    assert up - down in {0, 1}
    try:
        assert add_months(day, months, "refuse") == down == up
    except NoSuchDay:
        assert up == down + 1


@given(day=DAYS, later=st.integers(0, 400), months=MONTHS, policy=POLICIES)
def test_adding_months_keeps_the_order_of_days(day: int, later: int, months: int, policy: Any) -> None:
    assert add_months(day, months, policy) <= add_months(day + later, months, policy)


@given(day=DAYS, months=MONTHS)
def test_months_are_those_of_dateutil_and_of_the_oracle(day: int, months: int) -> None:
    then = from_day(day)
    assert from_day(add_months(day, months)) == then + relativedelta(months=months)
    for policy in ("clip", "spill", "stick"):
        assert from_day(add_months(day, months, policy)) == slow.rounded(then, months, policy)  # type: ignore[arg-type]


@given(year=st.integers(-20_000, 20_000), month=st.integers(1, 12), months=st.integers(-5_000, 5_000))
def test_beyond_the_tables_the_calendar_repeats_every_400_years(year: int, month: int, months: int) -> None:
    day = number(year, month, 28)
    assert add_months(day + 146_097, months) == add_months(day, months) + 146_097


@pytest.mark.parametrize("year", [*range(1900, 2200, 7), 1583, 4099])
def test_easter_is_that_of_dateutil_and_of_the_oracle(year: int) -> None:
    assert from_day(easter(year)) == dateutil_easter.easter(year) == slow._easter(year)


# ------------------------------------------------------------------ series
@given(day=DAYS, step=st.integers(1, 24), times=st.integers(1, 12))
@example(day=to_day(date(2021, 8, 31)), step=3, times=8)
def test_the_kth_date_is_one_addition_from_the_anchor(day: int, step: int, times: int) -> None:
    anchor = Fixed(from_day(day))
    series = compute(Every(Span(step, "months"), anchor, times=times), regime="plain").days
    alone = [compute(Within((Span(step * k, "months"),), anchor), regime="plain").day for k in range(1, times + 1)]
    assert list(series) == alone


# ------------------------------------------------------------------ rolls and working days
@given(name=CALENDARS, day=DAYS, how=ROLLS)
def test_rolling_twice_is_rolling_once(name: str, day: int, how: Any) -> None:
    days = days_of(name)
    there = roll(day, how, days)
    assert roll(there, how, days) == there
    assert how == "none" or days.is_working(there)


@given(name=CALENDARS, day=DAYS, later=st.integers(0, 40), how=ROLLS)
def test_rolls_keep_the_order_of_days(name: str, day: int, later: int, how: Any) -> None:
    days = days_of(name)
    assert roll(day, how, days) <= roll(day + later, how, days)


@given(name=CALENDARS, day=DAYS, n=st.integers(-300, 300))
def test_counting_working_days_undoes_their_selection(name: str, day: int, n: int) -> None:
    days = days_of(name)
    there = days.shift(day, n)
    if n > 0:
        assert days.after_to(day, there) == n
    elif n < 0:
        assert days.after_to(there - 1, day - 1) == -n
    else:
        assert there == day


@given(name=CALENDARS, day=st.integers(to_day(date(1950, 1, 1)), to_day(date(2060, 1, 1))))
def test_a_working_day_is_one_for_tables_for_rules_and_for_the_oracle(name: str, day: int) -> None:
    days = days_of(name)
    assert days.is_working(day) == days.walked(day) == slow.is_working((name,), from_day(day))


@pytest.mark.parametrize("n", [-700, -3, 3, 700])
def test_the_edge_of_the_tables_is_crossed_day_by_day(n: int) -> None:
    days = days_of("saturday-sunday")
    for day in (FIRST + 5, LAST - 5, LAST + 900, FIRST - 900):
        assert from_day(days.shift(day, n)) == slow.counted(from_day(day), n, ("saturday-sunday",))


@settings(max_examples=40)
@given(
    name=CALENDARS, day=st.integers(FIRST - 80_000, FIRST) | st.integers(LAST, LAST + 280_000), n=st.integers(-90, 90)
)
def test_beyond_the_tables_the_rules_alone_say_so(name: str, day: int, n: int) -> None:
    days = days_of(name)
    there = days.shift(day, n)
    assert from_day(there) == slow.counted(from_day(day), n, (name,))
    assert days.after_to(day, there) == sum(map(days.walked, range(day + 1, there + 1))) or n < 0


@given(day=DAYS, parts=st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_the_earliest_of_several_is_not_later_than_any(day: int, parts: list[int]) -> None:
    each: list[Deadline] = [Within((Span(n, "days"),), Fixed(from_day(day))) for n in parts]
    first = compute(EarliestOf(tuple(each)), regime="plain").day
    assert first == min(compute(one, regime="plain").day or date.max for one in each)


def test_a_longer_period_may_end_earlier_where_short_ones_are_switched() -> None:
    anchor = Fixed(date(2023, 12, 22))
    five, six = (compute(Within((Span(n, "days"),), anchor), regime="uk-cpr-2.8").day for n in (5, 6))
    assert (five, six) == (date(2024, 1, 3), date(2023, 12, 28))


# ------------------------------------------------------------------ the oracle, for every regime
CLAUSE = {"isda-modified-following": ("gb-england-wales", "us-federal")}  # it leaves the calendars to the clause
REGIMES = shipped().regimes()
SPANS = st.one_of(
    st.tuples(st.integers(1, 90), st.just("days")),
    st.tuples(st.integers(1, 20), st.just("weeks")),
    st.tuples(st.integers(1, 40), st.just("months")),
    st.tuples(st.integers(1, 5), st.just("years")),
)


def outcome(form: Deadline, regime: str) -> date | str | None:
    """The day, or why there is none."""
    try:
        return compute(form, regime=regime).day
    except CannotCompute as beyond:
        return str(beyond)


@pytest.mark.parametrize("regime", REGIMES)
@settings(max_examples=60)
@given(data=st.data())
def test_every_regime_counts_as_one_does_by_hand(regime: str, data: st.DataObject) -> None:
    first = {"eu-1182-71": 2018}.get(regime, 2012)
    last = {"eu-1182-71": 2019}.get(regime, 2028)
    day = data.draw(st.dates(date(first, 1, 1), date(last, 12, 31)))
    n, unit = data.draw(SPANS)
    way = data.draw(st.sampled_from(["within", "at-least"]))
    span: Any = (Span(n, unit),)
    terms = Terms(calendars=CLAUSE.get(regime, ()))
    form = Within(span, Fixed(day), terms) if way == "within" else AtLeast(span, Fixed(day), terms)
    found = outcome(form, regime)
    assert "is known from" in str(found) or found == slow.due(regime, way, n, unit, day, terms.calendars)


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("year", [1903, 1999, 2100, 2196])
def test_the_same_from_1900_to_2199(regime: str, year: int) -> None:
    """Whatever the calendar says or does not say: the answer is by hand's, or a refusal."""
    for month in range(1, 13):
        day = date(year, month, 28) + timedelta(days=3)
        for n, unit in ((1, "months"), (10, "days"), (3, "days")):
            terms = Terms(calendars=CLAUSE.get(regime, ()))
            found = outcome(Within((Span(n, unit),), Fixed(day), terms), regime)  # type: ignore[arg-type]
            assert "is known from" in str(found) or found == slow.due(regime, "within", n, unit, day, terms.calendars)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/New_York"])
def machine_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    old = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if old is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = old
    time.tzset()


def test_the_zone_of_the_machine_is_never_asked(machine_zone: str) -> None:
    assert machine_zone
    for regime in REGIMES:
        terms = Terms(calendars=CLAUSE.get(regime, ()))
        found = compute(Within((Span(10, "days"),), Fixed(date(2019, 3, 1)), terms), regime=regime).day
        assert found == slow.due(regime, "within", 10, "days", date(2019, 3, 1), terms.calendars)
