from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from duewatch.engine.reckoning.civil import from_day
from duewatch.engine.reckoning.moments import View, resolve
from duewatch.engine.reckoning.steps import said
from duewatch.engine.words import Event, Fixed, Instrument, Moment, Period, Ref, Setting, Shifted, Span


def found(bench: Any, moment: Moment, *facts: Any, settings: tuple[Setting, ...] = (), **more: Any) -> Any:
    resolved = resolve(moment, View(more.get("instrument", bench.instrument), settings, facts))
    return None if resolved.day is None else from_day(resolved.day).isoformat(), said(resolved.steps), resolved.inferred


@pytest.mark.parametrize(
    ("moment", "day", "steps"),
    [
        (Fixed(date(2021, 7, 15)), "2021-07-15", ["15 July 2021 (printed)"]),
        (Ref("adoption"), "2021-06-29", ["adoption: 29 June 2021 (printed, by 15 votes)"]),
        (Ref("mandate.start"), "2021-06-29", [
            "adoption: 29 June 2021 (printed, by 15 votes)", "mandate.start: 29 June 2021 (OP 17)",
        ]),
        (Ref("mandate.end"), "2022-06-30", ["mandate.end: 30 June 2022 (printed, OP 17)"]),
        (Ref("transition.end"), "2022-03-15", [
            "transition.start: 15 September 2020 (printed)", "transition.end: 15 March 2022 (18 months from it)",
        ]),
        (Ref("trial.end"), "2022-06-28", [
            "adoption: 29 June 2021 (printed, by 15 votes)", "trial.start: 29 June 2021",
            "trial.end: 29 June 2022 (1 year from it)", "trial.end, that day excluded: 28 June 2022",
        ]),
        (Shifted(Ref("mandate.end"), (Span(-10, "days"),)), "2022-06-20", [
            "mandate.end: 30 June 2022 (printed, OP 17)", "10 days before it: 20 June 2022",
        ]),
        (Ref("finding"), None, ["finding: not known yet"]),
        (Ref("inquiry.end"), None, ["finding: not known yet"]),
        (Ref("recess.start"), None, ["finding: not known yet"]),
        (Shifted(Ref("finding"), (Span(1, "days"),)), None, ["finding: not known yet"]),
        (Ref("nothing"), None, ["nothing: nothing declares it"]),
        (Ref("mandate.middle"), None, ["mandate.middle: nothing declares it"]),
        (Shifted(Ref("adoption"), (Span(9000, "years"),)), None, [
            "adoption: 29 June 2021 (printed, by 15 votes)", "9000 years after it: outside the years 1 to 9999",
        ]),
    ],
)  # fmt: skip
def test_a_moment_tells_its_day_and_how_it_came_about(
    bench: Any, moment: Moment, day: str | None, steps: list[str]
) -> None:
    assert found(bench, moment) == (day, tuple(steps), False)


def test_a_printed_day_stands_whatever_is_recorded(bench: Any) -> None:
    facts = [bench.event(1, "election", "2022-04-01"), bench.event(2, "mandate.end", "2023-06-30")]
    assert found(bench, Ref("election"), *facts)[0] == "2022-02-27"
    assert found(bench, Ref("mandate.end"), *facts)[0] == "2022-06-30"


def test_an_event_without_a_printed_day_takes_the_newest_fact(bench: Any) -> None:
    facts = [bench.event(4, "finding", "2021-11-05"), bench.event(7, "finding", "2021-10-01", since="2021-12-01")]
    assert found(bench, Ref("finding"), *facts) == (
        "2021-10-01", ("finding: 1 October 2021 (fact 7, in force from 1 December 2021)",), False,
    )  # fmt: skip
    assert found(bench, Ref("inquiry.end"), *facts)[0] == "2021-10-01"


def test_a_corrected_fact_names_both_numbers(bench: Any) -> None:
    fact = bench.event(9, "finding", "2021-11-05", root=4)
    assert found(bench, Ref("finding"), fact)[1] == ("finding: 5 November 2021 (fact 4 as corrected by 9)",)


def test_an_end_that_cannot_be_computed_takes_a_fact_on_itself(bench: Any) -> None:
    assert found(bench, Ref("inquiry.end"), bench.event(3, "inquiry.end", "2022-01-31"))[0] == "2022-01-31"


def test_a_reading_sets_another_moment(bench: Any) -> None:
    settings = (Setting(target="transition.start", moment=Ref("began")),)
    day, steps, inferred = found(bench, Ref("transition.end"), settings=settings)
    assert (day, inferred) == ("2022-03-25", True)  # 18 months from the inferred day
    assert steps == (
        "began: 25 September 2020 (inferred)",
        "transition.start under this reading: 25 September 2020",
        "transition.end: 25 March 2022 (18 months from it)",
    )


def test_a_reading_may_set_an_unknown_moment(bench: Any) -> None:
    settings = (Setting(target="transition.start", moment=Ref("finding")),)
    assert found(bench, Ref("transition.end"), settings=settings) == (None, ("finding: not known yet",), False)


def test_a_reading_may_set_an_event(bench: Any) -> None:
    settings = (Setting(target="election", moment=Fixed(date(2022, 3, 6))),)
    assert found(bench, Ref("election"), settings=settings)[0] == "2022-03-06"


def test_a_set_moment_may_lean_on_what_is_printed(bench: Any) -> None:
    settings = (Setting(target="mandate.end", moment=Shifted(Ref("mandate.end"), (Span(1, "years"),))),)
    assert found(bench, Ref("mandate.end"), settings=settings)[0] == "2023-06-30"


def test_a_dynamic_reading_follows_the_latest_announcement_in_force(bench: Any) -> None:
    settings = (Setting(target="election", dynamic=True),)
    first = bench.event(2, "election", "2022-04-01", since="2021-12-30")
    older = bench.event(5, "election", "2023-01-01", since="2021-12-01")  # recorded later, but in force earlier
    tie = bench.event(8, "election", "2022-05-01", since="2021-12-30")
    assert found(bench, Ref("election"), settings=settings)[0] == "2022-02-27"
    assert found(bench, Ref("election"), first, older, settings=settings)[0] == "2022-04-01"
    assert found(bench, Ref("election"), first, older, tie, settings=settings)[0] == "2022-05-01"


def test_a_dynamic_reading_moves_the_end_of_a_period(bench: Any) -> None:
    settings = (Setting(target="mandate.end", dynamic=True),)
    fact = bench.event(2, "mandate.end", "2023-06-30", since="2022-06-29")
    assert found(bench, Ref("mandate.end"), fact, settings=settings)[0] == "2023-06-30"


def test_an_excluded_last_day_is_the_day_before_the_printed_one(bench: Any) -> None:
    period = Period(name="stay", start=Ref("adoption"), until=Fixed(date(2022, 6, 30)), last_day="excluded")
    instrument = replace(bench.instrument, periods={"stay": period})
    assert found(bench, Ref("stay.end"), instrument=instrument)[:2] == (
        "2022-06-29", ("stay.end: 30 June 2022 (printed)", "stay.end, that day excluded: 29 June 2022"),
    )  # fmt: skip


def test_what_hangs_on_itself_is_unresolved_and_does_not_hang(bench: Any) -> None:
    loop = Period(name="loop", start=Ref("loop.end"), length=(Span(1, "months"),))
    instrument = replace(bench.instrument, periods={"loop": loop})
    assert found(bench, Ref("loop.end"), instrument=instrument)[:2] == (None, ("loop.end: hangs on itself",))


def test_a_length_beyond_the_calendar_is_unresolved(bench: Any) -> None:
    period = Period(name="ever", start=Ref("adoption"), length=(Span(9999, "years"),))
    instrument = replace(bench.instrument, periods={"ever": period})
    day, steps, _ = found(bench, Ref("ever.end"), instrument=instrument)
    assert (day, steps[-1]) == (None, "ever.end: outside the years 1 to 9999")


def test_an_event_may_bear_the_name_of_an_end(bench: Any) -> None:
    events: dict[str, Event] = {"mandate.end": Event(name="mandate.end", day=date(2022, 1, 1))}
    instrument: Instrument = replace(bench.instrument, events=events)
    assert found(bench, Ref("mandate.end"), instrument=instrument)[0] == "2022-01-01"
