from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.reckoning.civil import from_day
from duewatch.engine.words import (
    ArmedBy,
    Before,
    By,
    During,
    EarliestOf,
    Every,
    Fixed,
    LatestOf,
    NoDate,
    OnDay,
    Ref,
    Setting,
    Shifted,
    Soft,
    Span,
    Within,
)

if TYPE_CHECKING:
    from duewatch.engine.words import Deadline

JULY = Fixed(date(2021, 7, 15))
UNKNOWN = Ref("finding")


def iso(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


@pytest.mark.parametrize(
    ("deadline", "state", "opens", "due"),
    [
        (By(JULY), "dated", "2021-06-29", "2021-07-15"),
        (By(Ref("mandate.end")), "dated", "2021-06-29", "2022-06-30"),
        (By(UNKNOWN), "unresolved", "2021-06-29", None),
        (Before(JULY), "dated", "2021-06-29", "2021-07-14"),
        (Before(UNKNOWN), "unresolved", "2021-06-29", None),
        (OnDay(Ref("election")), "dated", "2022-02-27", "2022-02-27"),
        (OnDay(UNKNOWN), "unresolved", None, None),
        (Within((Span(3, "months"),), Fixed(date(2021, 11, 30))), "dated", "2021-11-30", "2022-02-28"),
        (Within((Span(14, "days"),), JULY), "dated", "2021-07-15", "2021-07-29"),
        (Within((Span(1, "weeks"),), Ref("adoption")), "dated", "2021-06-29", "2021-07-06"),
        (Within((Span(14, "days"),), UNKNOWN), "unresolved", None, None),
        (Within((Span(9999, "years"),), JULY), "unresolved", "2021-07-15", None),
        (Within((Span(14, "days"),), "armed"), "unresolved", None, None),
        (During("mandate"), "dated", "2021-06-29", "2022-06-30"),
        (During("inquiry"), "unresolved", "2021-06-29", None),
        (During("recess"), "dated", None, "2022-03-31"),
        (EarliestOf((By(Ref("transition.end")), OnDay(Ref("election")))), "dated", "2022-02-27", "2022-02-27"),
        (EarliestOf((By(Ref("transition.end")), By(UNKNOWN))), "dated", "2021-06-29", "2022-03-15"),
        (EarliestOf((By(UNKNOWN), OnDay(UNKNOWN))), "unresolved", "2021-06-29", None),
        (LatestOf((By(Ref("transition.end")), OnDay(Ref("election")))), "dated", "2021-06-29", "2022-03-15"),
        (LatestOf((By(JULY), By(UNKNOWN))), "unresolved", "2021-06-29", None),
        (EarliestOf((By(JULY), Every(Span(1, "months"), JULY))), "dated", "2021-06-29", "2021-07-15"),
        (NoDate(), "none", "2021-06-29", None),
        (EarliestOf((NoDate(), NoDate())), "none", "2021-06-29", None),
    ],
)
def test_each_form_of_deadline(bench: Any, deadline: Deadline, state: str, opens: str | None, due: str | None) -> None:
    row = bench.one(bench.norm(deadline=deadline))
    assert (row.state, iso(row.opens), iso(row.due)) == (state, opens, due)
    assert (row.due_at is None) == (due is None)
    assert (row.armed, row.armed_on) == (True, None)


def test_a_due_day_lasts_to_its_last_moment_in_the_zone_of_the_instrument(bench: Any) -> None:
    row = bench.one(bench.norm(deadline=By(Ref("mandate.end"))))
    assert row.due_at == datetime(2022, 7, 1, 4, tzinfo=UTC).timestamp()
    assert row.steps == ("mandate.end: 30 June 2022 (printed, OP 17)", "covers the whole day in America/New_York")


def test_a_cut_off_ends_the_day_earlier(bench: Any) -> None:
    row = bench.one(bench.norm(deadline=By(JULY, time(17, 30))))
    assert row.due_at == datetime(2021, 7, 15, 21, 30, 1, tzinfo=UTC).timestamp()
    assert row.steps[-1] == "in time up to 17:30 in America/New_York"


def test_of_two_dates_on_one_day_the_earlier_hour_is_the_earlier(bench: Any) -> None:
    parts = (By(JULY), By(JULY, time(12)))
    assert (
        bench.one(bench.norm(deadline=EarliestOf(parts))).due_at
        == datetime(2021, 7, 15, 16, 0, 1, tzinfo=UTC).timestamp()
    )
    assert bench.one(bench.norm(deadline=LatestOf(parts))).due_at == datetime(2021, 7, 16, 4, tzinfo=UTC).timestamp()


def test_an_unknown_part_is_told_where_the_known_ones_decide(bench: Any) -> None:
    known = bench.one(bench.norm(deadline=EarliestOf((By(JULY), By(UNKNOWN)))))
    assert known.steps[:3] == (
        "15 July 2021 (printed)",
        "finding: not known yet",
        "the earliest of those known (1 not known): 15 July 2021",
    )
    both = bench.one(bench.norm(deadline=EarliestOf((By(JULY), By(Ref("election"))))))
    assert both.steps[2] == "the earliest of them: 15 July 2021"
    unknown = bench.one(bench.norm(deadline=LatestOf((By(JULY), By(UNKNOWN)))))
    assert unknown.steps[-1] == "the latest of them cannot be told: 1 of 2 not known"


def test_soft_words_set_a_target_of_ours_and_no_date(bench: Any) -> None:
    row = bench.one(bench.norm(deadline=Soft("swift", Span(60, "days"), Ref("adoption"))))
    assert (row.state, row.due, iso(row.soft_due), iso(row.opens)) == ("none", None, "2021-08-28", "2021-06-29")
    assert row.steps[-1] == '"swift" sets no date; ours is a target'
    assert bench.one(bench.norm(deadline=Soft("swift", Span(60, "days"), UNKNOWN))).soft_due is None


def test_promptly_and_at_the_latest_keeps_both(bench: Any) -> None:
    parts = (Soft("promptly", Span(5, "days"), Ref("adoption")), By(JULY))
    row = bench.one(bench.norm(deadline=EarliestOf(parts)))
    assert (row.state, iso(row.soft_due), iso(row.due)) == ("dated", "2021-07-04", "2021-07-15")


def test_an_inferred_anchor_is_told_wherever_it_stands(bench: Any) -> None:
    settings = (Setting(target="transition.start", moment=Ref("began")),)
    for fields in (
        {"deadline": By(Ref("transition.end")), "settings": settings},
        {"deadline": EarliestOf((By(JULY), By(Ref("began"))))},
        {"deadline": NoDate(), "until": Shifted(Ref("began"), (Span(1, "years"),))},
        {"deadline": By(JULY), "armed_by": ArmedBy(event="began")},
        {"deadline": NoDate(), "armed_by": ArmedBy(undone="a", at=Ref("began"))},
    ):
        assert bench.one(bench.norm(**fields)).inferred, fields
    assert not bench.one(bench.norm(deadline=By(Ref("transition.end")))).inferred


def test_the_last_working_date_is_the_one_that_counts(bench: Any) -> None:
    dates = (("draft", Span(-42, "days")), ("council", Span(-7, "days")), ("translation", Span(-28, "days")))
    row = bench.one(bench.norm(deadline=By(JULY), working_dates=dates))
    assert iso(row.working_due) == "2021-07-08"
    assert row.steps[-1] == "last working date, council: 8 July 2021"
    assert bench.one(bench.norm(deadline=By(UNKNOWN), working_dates=dates)).working_due is None


def test_a_standing_norm_holds_to_the_end_of_its_last_day(bench: Any) -> None:
    row = bench.one(bench.norm(kind="maintain", until=Ref("transition.end")))
    assert (row.state, iso(row.ends)) == ("none", "2022-03-15")
    assert row.ends_at == datetime(2022, 3, 16, 4, tzinfo=UTC).timestamp()
    assert row.steps[-1] == "holds until 15 March 2022, that day included"


def test_an_unknown_end_is_no_end_yet(bench: Any) -> None:
    norm = bench.norm(kind="refrain", until=UNKNOWN)
    row = bench.one(norm)
    assert (row.ends, row.ends_at, row.steps[-1]) == (None, None, "its end is not known")
    assert iso(bench.one(norm, bench.event(3, "finding", "2021-07-20"), on="2021-08-01").ends) == "2021-07-20"


def test_a_consequence_looks_at_the_end_of_its_moment(bench: Any) -> None:
    row = bench.one(bench.norm(kind="respond", armed_by=ArmedBy(undone="op04", at=Ref("mandate.end"))))
    assert (row.armed, row.armed_on, iso(row.looks_at), iso(row.opens)) == (True, None, "2022-06-30", "2022-07-01")
    assert row.looks_at_at == datetime(2022, 7, 1, 4, tzinfo=UTC).timestamp()
    assert row.steps[-1] == "looks at its sources at the end of 30 June 2022"


def test_a_consequence_may_be_dated_from_the_day_after_it_looks(bench: Any) -> None:
    armed = ArmedBy(undone="op04", at=Ref("mandate.end"))
    row = bench.one(bench.norm(kind="respond", armed_by=armed, deadline=Within((Span(30, "days"),), "armed")))
    assert iso(row.due) == "2022-07-31"
    assert "armed at the earliest on the day after it: 1 July 2022" in row.steps


@pytest.mark.parametrize("at", [None, UNKNOWN])
def test_a_consequence_without_a_known_moment_has_no_date(bench: Any, at: Ref | None) -> None:
    armed = ArmedBy(undone="op04", at=at)
    row = bench.one(bench.norm(kind="respond", armed_by=armed, deadline=Within((Span(30, "days"),), "armed")))
    assert (row.state, row.armed, row.looks_at, row.looks_at_at, row.opens) == ("unresolved", True, None, None, None)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize("day", [date.min, date(1970, 1, 1), date.max])
def test_the_edges_of_the_calendar_are_days_like_others(bench: Any, day: date, zone: str) -> None:
    dates = (("draft", Span(-42, "days")), ("council", Span(-7, "days")))
    norm = bench.norm(deadline=By(Fixed(day)), working_dates=dates)
    there = replace(bench.instrument, zone=zone)
    (row,) = bench.datings(norm, instrument=there)
    (standing,) = bench.datings(bench.norm(kind="permit", until=Fixed(day)), instrument=there)
    assert (row.state, from_day(row.due), row.due_at) == ("dated", day, standing.ends_at)
    assert (row.working_due is None) == (day == date.min)


def test_beyond_the_edges_nothing_is_dated(bench: Any) -> None:
    before = bench.one(bench.norm(deadline=Before(Fixed(date.min))))
    assert (before.state, before.steps[-1]) == ("unresolved", "the day before it: outside the years 1 to 9999")
    armed = ArmedBy(undone="op04", at=Fixed(date.max))
    after = bench.one(bench.norm(armed_by=armed, deadline=Within((Span(1, "days"),), "armed")))
    assert (after.state, after.opens) == ("unresolved", None)


def test_the_first_of_january_1970_is_a_working_date_like_others(bench: Any) -> None:
    dates = (("council", Span(-7, "days")), ("draft", Span(-42, "days")))
    assert bench.one(bench.norm(deadline=By(Fixed(date(1970, 1, 8))), working_dates=dates)).working_due == 0
