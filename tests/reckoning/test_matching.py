from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from duewatch.engine.reckoning.civil import to_day
from duewatch.engine.reckoning.matching import LONE, match
from duewatch.engine.words import ArmedBy, By, EarliestOf, Every, Fixed, NoDate, Ref, Setting, Span, Within

HALF_YEARLY = Every(Span(6, "months"), Ref("adoption"), Ref("mandate.end"))
QUARTERLY = Every(Span(3, "months"), Ref("adoption"), Ref("mandate.end"))
FROM_LETTER = Every(Span(3, "months"), Fixed(date(2021, 4, 10)), Ref("mandate.end"))


def test_near_dates_belong_together_and_far_ones_do_not() -> None:
    assert match([100, 200, 300], [101, 199, 260]) == {1: 1, 2: 2, 3: 3}
    assert match([100, 200, 300], [40, 100, 200, 351]) == {2: 1, 3: 2}
    assert match([100, 200], [50, 249, 250]) == {1: 1, 2: 2}


def test_of_two_that_want_the_same_date_the_nearest_has_it() -> None:
    assert match([100, 200], [90, 105, 199, 201]) == {2: 1, 3: 2}
    assert match([100, 200], [60, 150]) == {1: 1}, "of two equally far dates the earlier is taken"


def test_single_dates() -> None:
    assert match([100], [900]) == {1: 1}
    assert match([100], [70, 150, 230]) == {1: 1}
    assert match([100], [200, 300]) == {}
    assert match([100, 200], [190]) == {1: 2}
    assert match([], [1]) == match([1], []) == {}


@given(
    st.lists(st.integers(0, 5000), min_size=2, max_size=30, unique=True),
    st.lists(st.integers(0, 5000), max_size=30, unique=True),
)
def test_no_date_is_given_away_twice_and_every_series_matches_itself(some: list[int], others: list[int]) -> None:
    default, other = sorted(some), sorted(others)
    pairs = match(default, other)
    assert len(set(pairs.values())) == len(pairs)
    for n, j in pairs.items():
        assert abs(other[n - 1] - default[j - 1]) == min(abs(other[n - 1] - day) for day in default)
    assert match(default, default) == {n: n for n in range(1, len(default) + 1)}


def test_a_day_apart_is_the_same_occurrence(bench: Any, ask: Any) -> None:
    day_later = Every(Span(6, "months"), Fixed(date(2021, 6, 30)), Ref("mandate.end"))
    rows = bench.datings([bench.norm(deadline=HALF_YEARLY), bench.norm("other", deadline=day_later)])
    assert ask.dues(rows, "2021-07-01") == {1: "2021-12-29", 2: "2022-06-29"}
    assert ask.dues(rows, "2021-07-01", reading="other") == {1: "2021-12-30", 2: "2022-06-30"}


def test_one_more_date_at_the_end_has_the_ordinal_that_follows(bench: Any, ask: Any) -> None:
    longer = Every(Span(3, "months"), Ref("adoption"), Fixed(date(2022, 9, 30)))
    rows = bench.datings([bench.norm(deadline=QUARTERLY), bench.norm("longer", deadline=longer)])
    assert ask.dues(rows, "2021-07-01", reading="longer")[5] == "2022-09-29"
    assert (
        ask.row(rows, 5, "2021-07-01", reading="longer").steps[-1]
        == "by its words alone the default reading has no such date"
    )
    assert (
        ask.row(rows, 4, "2021-07-01", reading="longer").steps[-1]
        != "by its words alone the default reading has no such date"
    )


def test_one_more_date_at_the_beginning_stands_alone_after_the_last(bench: Any, ask: Any) -> None:
    # From 10 April: 10 July comes more than half a cycle before the first date of the default, 29 September.
    rows = bench.datings([bench.norm(deadline=QUARTERLY), bench.norm("letter", deadline=FROM_LETTER)])
    assert ask.dues(rows, "2021-07-01", reading="letter") == {
        5: "2021-07-10", 1: "2021-10-10", 2: "2022-01-10", 3: "2022-04-10",
    }  # fmt: skip


def test_two_readings_that_agree_on_a_lone_date_share_its_ordinal(bench: Any, ask: Any) -> None:
    near = Every(Span(3, "months"), Fixed(date(2021, 4, 20)), Ref("mandate.end"))
    apart = By(Fixed(date(2025, 1, 1)))
    norms = [
        bench.norm(deadline=QUARTERLY),
        bench.norm("letter", deadline=FROM_LETTER),
        bench.norm("near", deadline=near),
    ]
    rows = bench.datings([*norms, bench.norm("apart", deadline=apart)])
    assert ask.dues(rows, "2021-07-01", reading="letter")[5] == "2021-07-10"
    assert ask.dues(rows, "2021-07-01", reading="near")[5] == "2021-07-20"
    assert ask.dues(rows, "2021-07-01", reading="apart") == {6: "2025-01-01"}


def test_between_the_dates_of_a_slower_series_dates_stand_alone(bench: Any, ask: Any) -> None:
    rows = bench.datings([bench.norm(deadline=HALF_YEARLY), bench.norm("quarterly", deadline=QUARTERLY)])
    assert ask.dues(rows, "2021-07-01", reading="quarterly") == {
        1: "2021-12-29", 2: "2022-06-29", 3: "2021-09-29", 4: "2022-03-29",
    }  # fmt: skip


def test_a_slower_series_takes_the_ordinals_of_its_own_dates(bench: Any, ask: Any) -> None:
    rows = bench.datings([bench.norm(deadline=QUARTERLY), bench.norm("half", deadline=HALF_YEARLY)])
    assert ask.dues(rows, "2021-07-01", reading="half") == {2: "2021-12-29", 4: "2022-06-29"}


def test_where_a_fact_may_lengthen_a_series_lone_dates_get_numbers_it_never_reaches(bench: Any, ask: Any) -> None:
    moves = bench.norm("moves", deadline=FROM_LETTER, settings=(Setting(target="mandate.end", dynamic=True),))
    norms = [bench.norm(deadline=QUARTERLY), moves]
    before = bench.datings(norms)
    lone = {LONE + 1: "2021-07-10"}
    assert ask.dues(before, "2022-07-01", reading="moves") == {1: "2021-10-10", 2: "2022-01-10", 3: "2022-04-10"} | lone
    after = bench.datings(norms, bench.event(3, "mandate.end", "2022-12-31", since="2022-06-29"))
    assert ask.dues(after, "2022-07-01", reading="moves") == {
        1: "2021-10-10", 2: "2022-01-10", 3: "2022-04-10", 4: "2022-07-10", 5: "2022-10-10",
    } | lone  # fmt: skip


def test_ordinals_do_not_depend_on_the_horizon(bench: Any, ask: Any) -> None:
    endless = [
        bench.norm(deadline=Every(Span(6, "months"), Ref("adoption"))),
        bench.norm("q", deadline=Every(Span(3, "months"), Ref("adoption"))),
    ]
    near, far = (bench.datings(endless, horizon=to_day(date(year, 1, 1))) for year in (2023, 2026))
    for reading in ("default", "q"):
        short, long = ask.dues(near, "2021-07-01", reading=reading), ask.dues(far, "2021-07-01", reading=reading)
        assert short.items() < long.items()
    assert ask.dues(near, "2021-07-01", reading="q")[LONE + 1] == "2021-09-29"


def test_a_rolling_series_keeps_the_ordinals_while_its_dates_move(bench: Any, ask: Any) -> None:
    rolling = bench.norm("rolling", deadline=Every(Span(3, "months"), "previous-delivery", Ref("mandate.end")))
    rows = bench.datings([bench.norm(deadline=QUARTERLY), rolling], bench.delivery(3, 1, "2021-11-25"))
    assert ask.dues(rows, "2021-12-01", reading="rolling") == {1: "2021-09-29", 2: "2022-02-25", 3: "2022-05-25"}


def test_two_single_dates_are_one_occurrence_however_far_apart(bench: Any, ask: Any) -> None:
    other = EarliestOf((By(Ref("transition.end")), By(Ref("finding"))))
    rows = bench.datings([bench.norm(deadline=By(Ref("adoption"))), bench.norm("other", deadline=other)])
    assert ask.dues(rows, "2021-07-01", reading="other") == {1: "2022-03-15"}


def test_a_reading_without_a_date_is_the_first_occurrence(bench: Any, ask: Any) -> None:
    rows = bench.datings([bench.norm(deadline=QUARTERLY), bench.norm("none", deadline=NoDate())])
    assert ask.dues(rows, "2021-07-01", reading="none") == {1: None}


def test_an_unresolved_series_is_unresolved_for_every_occurrence(bench: Any, ask: Any) -> None:
    unknown = Every(Span(3, "months"), Ref("finding"), Ref("mandate.end"))
    rows = bench.datings([bench.norm(deadline=QUARTERLY), bench.norm("unknown", deadline=unknown)])
    assert ask.dues(rows, "2021-07-01", reading="unknown") == dict.fromkeys((1, 2, 3, 4))
    assert {row.state for row in rows if row.reading == "unknown"} == {"unresolved"}


def test_when_the_leading_series_is_unresolved_the_other_counts_for_itself(bench: Any, ask: Any) -> None:
    unknown = Every(Span(3, "months"), Ref("finding"), Ref("mandate.end"))
    rows = bench.datings([bench.norm(deadline=unknown), bench.norm("known", deadline=HALF_YEARLY)])
    assert ask.dues(rows, "2021-07-01") == {1: None}
    assert ask.dues(rows, "2021-07-01", reading="known") == {1: "2021-12-29", 2: "2022-06-29"}


def test_dates_that_only_a_fact_gives_are_matched_as_it_gives_them(bench: Any, ask: Any) -> None:
    unknown = Every(Span(3, "months"), Ref("finding"), Ref("mandate.end"))
    norms = [bench.norm(deadline=QUARTERLY), bench.norm("unknown", deadline=unknown)]
    rows = bench.datings(
        [*norms, bench.norm("single", deadline=By(Ref("finding")))], bench.event(3, "finding", "2021-12-20")
    )
    assert ask.dues(rows, "2021-12-19", reading="unknown") == dict.fromkeys((1, 2, 3, 4))
    assert ask.dues(rows, "2021-12-20", reading="unknown") == {3: "2022-03-20", 4: "2022-06-20"}
    assert ask.dues(rows, "2021-12-19", reading="single") == {1: None}
    assert ask.dues(rows, "2021-12-20", reading="single") == {2: "2021-12-20"}


def test_such_dates_may_stand_alone(bench: Any, ask: Any) -> None:
    unknown = Every(Span(3, "months"), Ref("finding"), Ref("mandate.end"))
    norms = [bench.norm(deadline=HALF_YEARLY), bench.norm("unknown", deadline=unknown)]
    rows = bench.datings(norms, bench.event(3, "finding", "2021-06-29"))
    assert ask.dues(rows, "2021-12-20", reading="unknown") == {
        1: "2021-12-29", 2: "2022-06-29", LONE + 1: "2021-09-29", LONE + 3: "2022-03-29",
    }  # fmt: skip


def test_an_armed_date_is_the_occurrence_that_the_words_date(bench: Any, ask: Any) -> None:
    armed = bench.norm("armed", armed_by=ArmedBy(event="finding"), deadline=Within((Span(30, "days"),), "armed"))
    rows = bench.datings([bench.norm(deadline=By(Ref("mandate.end"))), armed], bench.event(3, "finding", "2021-10-01"))
    assert ask.dues(rows, "2021-10-01", reading="armed") == {1: "2021-10-31"}
