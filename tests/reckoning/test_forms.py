"""Each form of a deadline, by examples with an answer that somebody published, or that the words themselves give."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest

from duewatch.engine.encoding.civil import parse_spans
from duewatch.engine.reckoning.computing import CannotCompute, Computed, compute
from duewatch.engine.reckoning.library import NoSuchName, shipped
from duewatch.engine.words import (
    At,
    AtLeast,
    Before,
    Between,
    By,
    DayOf,
    Deemed,
    Easter,
    Every,
    EverySession,
    Expected,
    Extended,
    Fixed,
    Grace,
    Holidays,
    IsWorkingDay,
    Known,
    LatestOf,
    NoDate,
    NotBefore,
    OnDay,
    Pause,
    Recurring,
    Ref,
    Schedule,
    Shifted,
    ShortPeriod,
    Soft,
    Span,
    Suspended,
    Terms,
    Until,
    Within,
    WorkingDays,
)

REGIMES = Path(__file__).parents[2] / "engine" / "reckoning" / "regimes"


def on(text: str) -> Fixed:
    return Fixed(date.fromisoformat(text))


def days(n: int) -> tuple[Span, ...]:
    return (Span(n, "days"),)


def found(expression: Any, anchors: Any = None, **more: Any) -> str | None:
    one = compute(expression, anchors, **({"regime": "plain"} | more))
    return one.day.isoformat() if one.day else None


def words(one: Computed) -> list[str]:
    return [step.words for step in one.steps]


# ------------------------------------------------------------------ the cases of each regime's own file
def regime_cases() -> list[tuple[str, dict[str, Any]]]:
    files = [json.loads(file.read_text("utf-8")) for file in sorted(REGIMES.glob("*.json"))]
    return [(file["regime"], case) for file in files for case in file["cases"]]


def form_of(case: dict[str, Any]) -> Any:
    calendar = case.get("calendar", ())
    names = (calendar,) if isinstance(calendar, str) else tuple(calendar)
    terms = Terms(calendars=names, roll=case.get("roll"), anchor_day=case.get("anchor-day"))
    if "by" in case:
        return By(on(case["by"]), terms=terms)
    way = next(name for name in ("within", "at-least", "not-before") if name in case)
    make: Any = {"within": Within, "at-least": AtLeast, "not-before": NotBefore}[way]
    return make(parse_spans(case[way]), on(case.get("after") or case["before"]), terms)


@pytest.mark.parametrize(
    ("regime", "case"), regime_cases(), ids=lambda one: one if isinstance(one, str) else one["due"]
)
def test_a_regime_gives_what_was_published_for_it(regime: str, case: dict[str, Any]) -> None:
    one = compute(form_of(case), regime=case.get("regime", regime))
    assert (one.day or one.opens) == date.fromisoformat(case["due"]), [str(step) for step in one.steps]


def test_every_regime_has_a_case_and_cites_for_every_step() -> None:
    assert {regime for regime, _ in regime_cases()} == set(shipped().regimes())
    for regime, case in regime_cases():
        one = compute(form_of(case), regime=case.get("regime", regime))
        counts = [step for step in one.steps if " it, " in step.words or "so the" in step.words]
        assert all(step.authority for step in counts)


def test_an_assumed_regime_says_so() -> None:
    one = compute(Within((Span(3, "months"),), on("2021-06-29")), regime="un-sc")
    assert [assumption.axis for assumption in one.assumptions] == ["regime"]
    assert "assumed" in one.steps[-1].authority
    assert not compute(Within((Span(3, "months"),), on("2021-06-29")), regime="de-bgb").assumptions


# ------------------------------------------------------------------ what must hold
def test_31_august_every_three_months_neither_drifts_nor_leaves_a_gap() -> None:
    one = compute(Every(Span(3, "months"), on("2021-08-31"), times=8), regime="un-sc")
    assert [day.isoformat() for day in one.days] == [
        "2021-11-30", "2022-02-28", "2022-05-31", "2022-08-31", "2022-11-30", "2023-02-28", "2023-05-31", "2023-08-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-03-09T09:00-05:00", "2024-03-12T10:00:00-04:00"),  # an hour less on the wall's clock
        ("2024-11-01T09:00-04:00", "2024-11-04T08:00:00-05:00"),  # an hour more
        ("2024-06-03T09:00-04:00", "2024-06-06T09:00:00-04:00"),
    ],
)
def test_72_hours_are_72_hours_across_a_change_of_the_clocks(start: str, end: str) -> None:
    aware = datetime.fromisoformat(start)
    one = compute(Within((Span(72, "hours"),), Ref("aware")), {"aware": aware}, regime="plain", zone="America/New_York")
    assert one.instant is not None
    assert one.instant.isoformat() == end
    assert (one.instant - aware).total_seconds() == 72 * 3600


def test_hours_that_end_on_a_day_of_rest_go_on_where_that_is_law() -> None:
    aware = datetime.fromisoformat("2024-05-23T10:00-04:00")  # 72 hours end on Sunday, Monday is Memorial Day
    span = (Span(72, "hours"),)
    frcp = compute(Within(span, Ref("aware")), {"aware": aware}, regime="us-frcp-6a", zone="America/New_York")
    eu = compute(Within(span, Ref("aware")), {"aware": aware}, regime="eu-1182-71", zone="America/New_York")
    assert (frcp.instant, eu.instant) == (
        datetime.fromisoformat("2024-05-28T10:00-04:00"), datetime.fromisoformat("2024-05-26T11:00-04:00"),
    )  # fmt: skip


def test_3_clear_days_before_a_hearing_step_over_a_public_holiday() -> None:
    hearing = on("2017-05-03")  # Wednesday; Monday 1 May is a bank holiday
    assert found(AtLeast(days(3), hearing), regime="uk-cpr-2.8") == "2017-04-26"
    assert found(AtLeast((Span(3, "clear-days"),), hearing)) == "2017-04-29"


def test_a_year_that_a_calendar_does_not_cover_is_refused_or_said_to_be_assumed() -> None:
    with pytest.raises(CannotCompute, match="eu-institutions is known from 1 January 2017 to 31 December 2026"):
        compute(Within(days(10), on("2041-03-01")), regime="eu-1182-71")
    with pytest.raises(CannotCompute, match=r"un-headquarters is known .* not for"):
        compute(IsWorkingDay(on("2022-05-02"), Terms(calendars=("un-headquarters",))))
    one = compute(Within(days(10), on("2041-03-01")), regime="us-frcp-6a")
    assert [assumption.axis for assumption in one.assumptions] == ["coverage"]
    with pytest.raises(CannotCompute, match="us-frcp-6a is known from 1 August 1985"):
        compute(Within(days(10), on("1950-03-01")), regime="us-frcp-6a")


@pytest.mark.parametrize(
    ("counts_from", "due", "because"),
    [
        ("anchor", "2026-03-31", "two months from 31 January"),
        ("unrolled", "2026-03-30", "a month from Saturday 28 February: Saturday 28 March, rolled"),
        ("rolled", "2026-04-02", "a month from Monday 2 March"),
    ],
)
def test_an_extension_has_three_bases_and_three_answers(counts_from: Any, due: str, because: str) -> None:
    month = (Span(1, "months"),)
    base = Within(month, on("2026-01-31"), Terms(roll="following", calendars=("saturday-sunday",)))
    assert found(base) == "2026-03-02"
    assert found(Extended(base, month, counts_from)) == due, because


def test_the_base_of_an_extension_has_its_authority() -> None:
    sunday = Within(days(45), on("2022-06-30"))  # Sunday 14 August, rolled to the 15th
    extended = {
        how: compute(Extended(sunday, days(5), how), regime="us-sec") for how in ("anchor", "unrolled", "rolled")
    }
    assert [one.day and one.day.day for one in extended.values()] == [19, 19, 22]
    assert all("12b-25" in "".join(step.authority for step in one.steps) for one in extended.values())


# ------------------------------------------------------------------ days and windows
def test_words_for_days_include_and_exclude() -> None:
    assert found(By(on("2021-07-15"))) == "2021-07-15"
    assert found(Before(on("2022-07-01"))) == "2022-06-30"
    assert found(Until(on("2022-06-30"))) == "2022-06-30"
    window = compute(Between(on("2023-09-01"), on("2023-11-30"), "excluded", "excluded"), regime="plain")
    assert (window.opens, window.day) == (date(2023, 9, 2), date(2023, 11, 29))
    opened = compute(OnDay(on("2023-09-01")), regime="plain")
    assert (opened.opens, opened.day) == (date(2023, 9, 1), date(2023, 9, 1))
    with pytest.raises(CannotCompute, match="it ends before it begins"):
        compute(Between(on("2023-09-01"), on("2023-08-30")))


def test_a_bound_has_a_first_day_and_no_last() -> None:
    one = compute(NotBefore((Span(2, "months"),), on("1983-03-23")), regime="plain")
    assert (one.kind, one.days, one.opens) == ("bound", (), date(1983, 5, 23))


@pytest.mark.parametrize(
    ("anchor_day", "span", "anchor", "due"),
    [
        ("included", "1 month", "2024-01-31", "2024-02-29"),
        ("included", "1 month", "2024-01-30", "2024-02-29"),
        ("included", "1 month", "2024-02-01", "2024-02-29"),
        ("included", "1 month", "2023-05-15", "2023-06-14"),
        ("included", "10 days", "2023-05-15", "2023-05-24"),
        ("next", "1 month", "2024-06-30", "2024-08-01"),
        ("excluded", "1 month", "2024-06-30", "2024-07-30"),
    ],
)
def test_the_anchors_own_day(anchor_day: Any, span: str, anchor: str, due: str) -> None:
    assert found(Within(parse_spans(span), on(anchor), Terms(anchor_day=anchor_day))) == due


def test_a_printed_day_is_rolled_only_where_the_law_or_the_clause_has_it_so() -> None:
    sunday = on("2024-06-30")
    assert found(By(sunday), regime="us-frcp-6a") == "2024-06-30"
    assert found(By(sunday), regime="de-bgb") == "2024-07-01"
    assert found(By(sunday, terms=Terms(roll="with-count", calendars=("us-federal",)))) == "2024-07-01"
    assert (
        found(AtLeast(days(2), on("2024-07-02"), Terms(roll="with-count", calendars=("us-federal",)))) == "2024-06-28"
    )


def test_counting_and_rolling_may_ask_different_calendars() -> None:
    terms = Terms(calendars=("saturday-sunday",), roll="following", roll_calendars=("us-federal",))
    assert found(Within((Span(2, "working-days"),), on("2024-06-28"), terms)) == "2024-07-02"
    assert found(Within((Span(4, "working-days"),), on("2024-06-28"), terms)) == "2024-07-05"


def test_calendars_join_by_any_or_by_all_and_may_depend_on_the_place() -> None:
    both = ("gb-england-wales", "gb-scotland")
    boxing = on("2024-01-02")  # a holiday in Scotland alone
    assert compute(IsWorkingDay(boxing, Terms(calendars=both))).truth is False
    assert compute(IsWorkingDay(boxing, Terms(calendars=both, join="all"))).truth is True
    tax = By(on("2016-04-15"), terms=Terms(roll="following", calendars=("us-dc", "us-{place}")))
    assert found(tax, place="me") == "2016-04-19"
    with pytest.raises(CannotCompute, match="depends on the place"):
        compute(tax)


def test_distance_adds_days_before_the_roll_or_after_it() -> None:
    misset = Within((Span(3, "months"),), on("1985-02-18"), Terms(distance=days(2), calendars=("saturday-sunday",)))
    assert found(misset, regime="eu-1182-71") == "1985-05-20"
    mailed = Within(days(10), on("2024-06-06"), Terms(distance=days(3)))  # Sunday 16, Monday 17, and three days
    assert found(mailed, regime="us-frcp-6a") == "2024-06-20"


def test_grace_counts_from_the_day_before_it_was_rolled() -> None:
    base = By(on("2020-10-31"), terms=Terms(roll="following", calendars=("saturday-sunday",)))
    assert found(base) == "2020-11-02"
    assert found(Grace(base, (Span(6, "months"),), terms=Terms(roll="following"))) == "2021-04-30"
    assert found(Grace(base, (Span(6, "months"),), "rolled", Terms(roll="none"))) == "2021-05-02"


def test_a_clause_with_a_kind_of_day_switches_the_regimes_short_periods_off() -> None:
    anchor = on("2023-12-22")
    assert found(Within(days(5), anchor, Terms(days="calendar")), regime="uk-cpr-2.8") == "2023-12-27"
    own = Terms(days="calendar", short_period=ShortPeriod(7))
    assert found(Within(days(7), anchor, own), regime="uk-cpr-2.8") == "2024-01-05"


# ------------------------------------------------------------------ instants
def test_receipt_is_deemed_by_clock_and_calendar() -> None:
    def received(text: str, at_cut_off: Any) -> str | None:
        sent = datetime.fromisoformat(text)
        form = Deemed(Ref("sent"), (), clock(16, 30), at_cut_off, ("gb-england-wales",), "Europe/London")
        return found(form, {"sent": sent})

    assert received("2014-10-06T16:29+01:00", "late") == "2014-10-06"
    assert received("2014-10-06T16:30+01:00", "late") == "2014-10-07"
    assert received("2014-10-06T16:30+01:00", "in-time") == "2014-10-06"
    assert received("2014-10-06T15:31:00+00:00", "late") == "2014-10-07"
    assert received("2014-08-22T17:00+01:00", "late") == "2014-08-26", "Monday 25 August 2014 was a bank holiday"
    assert received("2014-08-24T10:00+01:00", "late") == "2014-08-26"


def test_a_cut_off_time_has_a_zone() -> None:
    one = compute(By(on("2022-08-15"), terms=Terms(cut_off=clock(17, 30), zone="America/New_York")), regime="plain")
    assert one.instant == datetime(2022, 8, 15, 21, 30, tzinfo=UTC)
    assert one.day == date(2022, 8, 15)


def test_what_is_later_may_be_a_day_or_an_hour() -> None:
    aware = datetime(2025, 3, 2, 8, tzinfo=UTC)
    form = LatestOf((Within((Span(4, "hours"),), Ref("aware")), By(on("2025-03-02"))))
    assert found(form, {"aware": aware}) == "2025-03-02"
    assert compute(form, {"aware": aware}).kind == "day"


# ------------------------------------------------------------------ days in stretches
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (DayOf(-1, "day", "month", on("2024-02-03")), "2024-02-29"),
        (DayOf(31, "day", "month", on("2024-02-03")), "2024-02-29"),
        (DayOf(2, "friday", "month", on("2014-08-07")), "2014-08-08"),
        (DayOf(-1, "monday", "month", on("2024-05-07")), "2024-05-27"),
        (DayOf(1, "day", "quarter", on("2024-05-07")), "2024-04-01"),
        (DayOf(-1, "day", "half-year", on("2024-05-07")), "2024-06-30"),
        (DayOf(-1, "day", "year", on("2024-04-05"), (4, 6)), "2024-04-05"),
        (DayOf(1, "day", "year", on("2024-04-05"), (4, 6)), "2023-04-06"),
        (DayOf(-1, "day", "quarter", on("2024-07-05"), (4, 6)), "2024-07-05"),
        (DayOf(1, "day", "week", on("2024-07-07")), "2024-07-01"),
        (Shifted(DayOf(-1, "day", "month", on("2024-01-31")), (Span(1, "months"),)), "2024-02-29"),
        (DayOf(-1, "day", "month", Shifted(on("2018-10-15"), (Span(2, "years"),))), "2020-10-31"),
        (Easter(2026), "2026-04-05"),
    ],
)
def test_a_day_of_a_stretch(moment: Any, day: str) -> None:
    assert found(By(moment)) == found(moment) == day


def test_a_working_day_of_a_month_needs_a_calendar() -> None:
    third = DayOf(3, "working-day", "month", on("2024-07-20"))
    assert found(By(third, terms=Terms(calendars=("us-federal",)))) == "2024-07-03"
    last = DayOf(-2, "working-day", "month", on("2024-07-20"))
    assert found(last, calendars=("us-federal",)) == "2024-07-30"
    with pytest.raises(CannotCompute, match="need a calendar"):
        compute(third)
    with pytest.raises(CannotCompute, match=r"the 5th Monday of the month: .* there is none"):
        compute(DayOf(5, "monday", "month", on("2024-02-03")))


# ------------------------------------------------------------------ suspension
@pytest.mark.parametrize(
    ("ends", "due"), [("both", "2024-10-08"), ("first", "2024-10-07"), ("last", "2024-10-07"), ("none", "2024-10-06")]
)
def test_a_pause_takes_its_days_out_by_which_of_its_ends_count(ends: Any, due: str) -> None:
    base = Within((Span(1, "months"),), on("2024-09-03"))
    assert found(Suspended(base, (Pause(on("2024-09-10"), on("2024-09-14"), ends),))) == due


def test_a_period_of_working_days_loses_working_days_and_a_pause_may_meet_a_pause() -> None:
    base = Within((Span(20, "working-days"),), on("2024-09-02"), Terms(calendars=("gb-england-wales",)))
    assert found(base) == "2024-09-30"
    pause = Pause(on("2024-09-11"), on("2024-09-17"))
    assert found(Suspended(base, (pause,))) == "2024-10-07", "five working days"
    later = Pause(on("2024-10-03"), on("2024-10-03"))
    assert found(Suspended(base, (later, pause))) == "2024-10-08", "the longer period runs into another pause"
    assert found(Suspended(base, (later,))) == "2024-09-30"


def test_a_pause_that_has_not_ended_leaves_no_date_and_the_roll_comes_after_it() -> None:
    base = Within(days(10), on("2024-09-02"), Terms(roll="following", calendars=("saturday-sunday",)))
    assert found(Suspended(base, (Pause(on("2024-09-05"), on("2024-09-06")),))) == "2024-09-16"
    with pytest.raises(CannotCompute, match="not known before it is resumed"):
        compute(Suspended(base, (Pause(on("2024-09-05"), None),)))


# ------------------------------------------------------------------ anchors that are known less exactly
def test_an_anchor_known_to_the_month_gives_a_window_and_its_last_day() -> None:
    assembly = Known(date(2026, 5, 1), date(2026, 5, 31), "in May 2026")
    one = compute(Within((Span(3, "months"),), Ref("assembly")), {"assembly": assembly}, regime="plain")
    assert (one.earliest, one.day) == (date(2026, 8, 1), date(2026, 8, 31))
    assert [assumption.axis for assumption in one.assumptions] == ["anchor"]
    assert any("no more is known" in step for step in words(one))


def test_nothing_is_due_on_a_day_that_is_only_expected() -> None:
    closing = Expected(date(2027, 9, 1), date(2027, 9, 14), "practice")
    one = compute(Within(days(30), Ref("closing")), {"closing": closing}, regime="plain")
    assert (one.expected, one.soft) == (True, date(2027, 10, 14))
    assert "nothing is late before it is recorded" in one.steps[-1].words


def test_sessions_are_counted_by_number() -> None:
    one = compute(EverySession(1, "general-assembly/78", "general-assembly/79"), regime="un-ga")
    assert one.days == (date(2024, 9, 10),), "the end of the 79th is only expected"
    assert one.expected
    with pytest.raises(CannotCompute, match="cancelled"):
        compute(By(Ref("copuos/63.end")))
    with pytest.raises(CannotCompute, match="not known yet"):
        compute(By(Ref("general-assembly/86.start")))
    assert compute(By(Ref("general-assembly/81.start"))).day == date(2026, 9, 8)


# ------------------------------------------------------------------ series and schedules
def test_each_date_of_a_series_is_rolled_by_itself() -> None:
    form = Every(Span(1, "months"), on("2024-03-31"), times=4, terms=Terms(roll="following", calendars=("us-federal",)))
    one = compute(form, regime="plain")
    assert [day.isoformat() for day in one.days] == ["2024-04-30", "2024-05-31", "2024-07-01", "2024-07-31"]
    assert one.unrolled[2] == date(2024, 6, 30)


def test_a_rule_and_a_schedule_need_an_end() -> None:
    start = At(datetime(2024, 1, 31, 9, tzinfo=UTC))
    with pytest.raises(CannotCompute, match="COUNT, UNTIL or a horizon"):
        compute(Recurring("FREQ=MONTHLY", start))
    with pytest.raises(CannotCompute, match="`until`, `times` or a horizon"):
        compute(Every(Span(1, "months"), on("2024-01-31")))
    assert len(compute(Recurring("FREQ=MONTHLY", start), horizon=date(2024, 12, 31)).days) == 7
    with pytest.raises(CannotCompute, match="its interval leads nowhere"):
        compute(Schedule(Span(0, "months"), on("2024-01-31"), on("2025-01-31")))


def test_words_without_a_date_give_a_target_of_our_own() -> None:
    one = compute(Soft("promptly", Span(14, "days"), on("2024-01-01")), regime="plain")
    assert (one.kind, one.day, one.soft) == ("none", None, date(2024, 1, 15))
    assert compute(NoDate(), regime="plain").kind == "none"


# ------------------------------------------------------------------ inquiries
def test_working_days_are_counted_between_days() -> None:
    terms = Terms(calendars=("us-federal",))
    between = WorkingDays(on("2024-07-01"), on("2024-07-08"), terms=terms)
    assert compute(between).number == 4
    assert compute(WorkingDays(on("2024-07-08"), on("2024-07-01"), "included", "included", terms)).number == -5
    assert [day.isoformat() for day in compute(Holidays(2024, Terms(calendars=("us-dc",)))).days][4] == "2024-05-27"


# ------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    ("expression", "anchors", "says"),
    [
        (Within(days(3), Ref("served")), {}, "served: nothing declares it"),
        (Within((Span(3, "hours"),), Ref("served")), {"served": date(2024, 1, 1)}, "give the time of the event"),
        (Within((Span(3, "working-days"),), on("2024-01-01")), {}, "name one"),
        (By(on("2024-01-06"), terms=Terms(roll="following")), {}, "rolling needs a calendar"),
        (By(Ref("served")), {"served": datetime(2024, 1, 1)}, "needs its offset"),  # noqa: DTZ001 - that is the point
        (Within((Span(1, "months"),), on("2024-01-31"), Terms(month_end="refuse")), {}, "has no day 31"),
        (Within((Span(9000, "years"),), on("2024-01-31")), {}, "outside the years 1 to 9999"),
        (Within((Span(1, "days"), Span(2, "hours")), At(datetime(2024, 1, 1, tzinfo=UTC))), {}, "do not mix"),
        (Extended(By(on("2024-01-31")), days(3), "anchor"), {}, "needs a period"),
        (Within((Span(1, "months"),), on("2024-01-31"), Terms(month_end="stick-business")), {}, "needs a calendar"),
    ],
)
def test_what_cannot_be_computed_says_why(expression: Any, anchors: Any, says: str) -> None:
    with pytest.raises(CannotCompute, match=says):
        compute(expression, anchors, regime="plain")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"regime": "un-cs"}, "no regime `un-cs`; did you mean `un-sc`"),
        ({"regime": "plain", "calendars": ("us-federl",)}, "no calendar `us-federl`; did you mean `us-federal`"),
        ({"regime": "us-frcp-6a@soon"}, "after @ comes"),
        ({"regime": "../plain"}, "no regime"),
    ],
)
def test_an_unknown_name_is_met_with_one_that_is_near(more: dict[str, Any], says: str) -> None:
    with pytest.raises(NoSuchName, match=says):
        compute(Within((Span(3, "working-days"),), on("2024-01-01")), **more)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CannotCompute, match="there is no zone `Europe/Atlantis`"):
        compute(By(on("2024-01-01")), zone="Europe/Atlantis")
