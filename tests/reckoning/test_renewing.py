"""Periods that go on by themselves unless a notice came in time, on both axes of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from duewatch.engine.words import By, EarliestOf, Event, Every, Fixed, Period, Ref, Renewal, Setting, Span

YEAR, NINETY = (Span(12, "months"),), (Span(-90, "days"),)
RENEWS = Renewal(length=YEAR, unless="notice", notice=(Span(90, "days"),))
TERM = Period(name="term", start=Ref("adoption"), until=Fixed(date(2022, 6, 30)), renews=RENEWS)
AT_END = By(Ref("term.end"))


@pytest.fixture
def contract(bench: Any) -> Any:
    """Make an instrument whose term (to 30 June 2022) renews by a year unless a notice came ninety days before."""

    def make(**changes: Any) -> Any:
        term = replace(TERM, **changes)
        events = {**bench.instrument.events, "notice": Event(name="notice", day=None)}
        events["signing"] = Event(name="signing", day=None)
        return replace(bench.instrument, regime="plain", events=events, periods={"term": term})

    return make


def test_it_goes_on_from_the_day_after_the_last_one_for_a_notice(bench: Any, ask: Any, contract: Any) -> None:
    rows = bench.datings(bench.norm(deadline=AT_END), instrument=contract())
    days = ("2022-04-01", "2022-04-02", "2023-04-01", "2023-04-02")  # 1 April is the ninetieth day before 30 June
    assert [ask.dues(rows, day)[1] for day in days] == ["2022-06-30", "2023-06-30", "2023-06-30", "2024-06-30"]
    assert (
        ask.row(rows, 1, "2023-05-01").steps[1]
        == "no notice by 1 April 2023: term.end renews, the 2nd time: 30 June 2024"
    )


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("2021-08-01", "2022-06-30"),
        ("2022-04-01", "2022-06-30"),
        ("2022-04-02", "2023-06-30"),
        ("2023-04-02", "2024-06-30"),
    ],
)
def test_a_notice_stops_the_first_renewal_for_which_it_came_in_time(
    bench: Any, ask: Any, contract: Any, given: str, ends: str
) -> None:
    rows = bench.datings(bench.norm(deadline=AT_END), bench.event(1, "notice", given), instrument=contract())
    assert ask.dues(rows, "2023-12-31")[1] == ends


def test_a_notice_counts_as_it_is_known(bench: Any, ask: Any, contract: Any) -> None:
    """Recorded late, it is a renewal for who asks what was known before; retracted, it is one again."""
    facts = [bench.event(5, "notice", "2022-03-01"), bench.event(9, "notice", "2022-03-01", root=5, gone=True)]
    rows = bench.datings(bench.norm(deadline=AT_END), *facts, instrument=contract())
    assert [ask.dues(rows, "2022-05-01", k)[1] for k in (4, 5, 9)] == ["2023-06-30", "2022-06-30", "2023-06-30"]


def test_a_series_goes_on_with_its_period_and_keeps_its_numbers(bench: Any, ask: Any, contract: Any) -> None:
    norm = bench.norm(kind="recur", deadline=Every(Span(6, "months"), Ref("adoption"), Ref("term.end")))
    rows = bench.datings(norm, instrument=contract())
    assert ask.dues(rows, "2022-04-01") == {1: "2021-12-29", 2: "2022-06-29"}
    assert ask.dues(rows, "2022-04-02") == {1: "2021-12-29", 2: "2022-06-29", 3: "2022-12-29", 4: "2023-06-29"}


def test_a_day_that_does_not_belong_to_the_term_stays_out_of_it(bench: Any, ask: Any, contract: Any) -> None:
    """To 1 March, which is excluded: the term ends with February, also with that of a leap year."""
    instrument = contract(until=Fixed(date(2023, 3, 1)), last_day="excluded")
    rows = bench.datings(bench.norm(deadline=AT_END), instrument=instrument)
    days = ("2022-11-30", "2022-12-01", "2023-12-02")  # the ninetieth days before: 30 November, 1 December
    assert [ask.dues(rows, day)[1] for day in days] == ["2023-02-28", "2024-02-29", "2025-02-28"]


def test_it_renews_no_oftener_than_it_may(bench: Any, ask: Any, contract: Any) -> None:
    rows = bench.datings(bench.norm(deadline=AT_END), instrument=contract(renews=replace(RENEWS, times=1)))
    assert ask.dues(rows, "2023-12-31")[1] == "2023-06-30"


def test_an_end_that_a_fact_brings_renews_from_there(bench: Any, ask: Any, contract: Any) -> None:
    """Eighteen months from the signing, which is recorded later and then corrected."""
    instrument = contract(start=Ref("signing"), until=None, length=(Span(6, "months"),))
    facts = [bench.event(3, "signing", "2021-12-31"), bench.event(7, "signing", "2022-02-28", root=3)]
    rows = bench.datings(bench.norm(deadline=AT_END), *facts, instrument=instrument)
    assert ask.row(rows, 1, "2022-03-01", k=2).state == "unresolved"
    assert [ask.dues(rows, day, k=3)[1] for day in ("2022-04-01", "2022-04-02")] == ["2022-06-30", "2023-06-30"]
    assert [ask.dues(rows, day)[1] for day in ("2022-05-30", "2022-05-31")] == ["2022-08-28", "2023-08-28"]


def test_two_periods_with_the_same_last_day_do_not_hide_each_other(bench: Any, ask: Any, contract: Any) -> None:
    instrument = contract()
    licence = replace(TERM, name="licence", renews=replace(RENEWS, unless="signing"))
    instrument = replace(instrument, periods={**instrument.periods, "licence": licence})
    norm = bench.norm(deadline=EarliestOf((AT_END, By(Ref("licence.end")))))
    assert ask.dues(bench.datings(norm, instrument=instrument), "2022-04-02")[1] == "2023-06-30"


def test_working_days_before_the_end_are_counted_by_the_calendar(bench: Any, ask: Any, contract: Any) -> None:
    notice = (Span(3, "working-days"),)
    instrument = replace(contract(renews=replace(RENEWS, notice=notice)), regime="us-frcp-6a")
    rows = bench.datings(bench.norm(deadline=AT_END), instrument=instrument)
    # three working days before Thursday 30 June 2022: Monday the 27th
    assert [ask.dues(rows, day)[1] for day in ("2022-06-27", "2022-06-28")] == ["2022-06-30", "2023-06-30"]


def test_a_reading_that_sets_the_end_does_not_renew(bench: Any, ask: Any, contract: Any) -> None:
    setting = Setting(target="term.end", moment=Fixed(date(2022, 6, 30)))
    rows = bench.datings(bench.norm(deadline=AT_END, settings=(setting,)), instrument=contract())
    assert ask.dues(rows, "2023-12-31")[1] == "2022-06-30"
