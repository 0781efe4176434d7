from __future__ import annotations

from datetime import date
from typing import Any

from duewatch.engine.reckoning.civil import from_day
from duewatch.engine.reckoning.matching import LONE
from duewatch.engine.words import ArmedBy, Before, By, Every, Fixed, NoDate, OnDay, Ref, Shifted, Soft, Span, Within

MONTH = (Span(30, "days"),)


def iso(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


def test_a_norm_sleeps_until_its_event_is_known_and_in_force(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="respond", armed_by=ArmedBy(event="finding"), deadline=Within(MONTH, "armed"))
    rows = bench.datings(norm, bench.event(4, "finding", "2021-10-10"))
    asleep, awake = ask.row(rows, 1, "2021-10-09"), ask.row(rows, 1, "2021-10-10")
    assert (asleep.armed, asleep.armed_on, asleep.state, asleep.opens) == (False, None, "none", None)
    assert asleep.steps == ("finding: not known yet", "not armed: waits for finding")
    assert (awake.armed, iso(awake.armed_on), iso(awake.opens), iso(awake.due)) == (
        True,
        "2021-10-10",
        "2021-10-10",
        "2021-11-09",
    )
    assert awake.steps[0] == "finding: 10 October 2021 (fact 4)"
    assert not ask.row(rows, 1, "2021-10-10", k=3).armed


def test_a_printed_event_arms_on_its_day(bench: Any, ask: Any) -> None:
    rows = bench.datings(bench.norm(kind="permit", armed_by=ArmedBy(event="election")))
    assert not ask.row(rows, 1, "2022-02-26").armed
    row = ask.row(rows, 1, "2022-02-27")
    assert (row.armed, iso(row.armed_on), iso(row.opens)) == (True, "2022-02-27", "2022-02-27")
    assert row.steps == ("election: 27 February 2022 (printed)", "armed on 27 February 2022", "the words set no date")


def test_an_announced_event_arms_when_it_comes(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="permit", armed_by=ArmedBy(event="finding"))
    rows = bench.datings(norm, bench.event(4, "finding", "2021-12-01", since="2021-10-10"))
    assert [ask.row(rows, 1, day).armed for day in ("2021-10-09", "2021-11-30", "2021-12-01")] == [False, False, True]
    assert ask.row(rows, 1, "2021-11-30").steps[-1] == "not armed: waits for finding"


def test_what_must_be_done_before_the_event_is_awake_once_it_is_announced(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Before(Ref("deployment")))
    rows = bench.datings(norm, bench.event(4, "deployment", "2021-12-01", since="2021-10-10"))
    assert not ask.row(rows, 1, "2021-10-09").armed
    row = ask.row(rows, 1, "2021-10-10")
    assert (row.armed, iso(row.armed_on), iso(row.opens), iso(row.due)) == (
        True,
        "2021-10-10",
        "2021-10-10",
        "2021-11-30",
    )


def test_what_is_due_on_the_day_of_the_event_is_awake_before_it(bench: Any, ask: Any) -> None:
    for deadline, opens in ((By(Ref("deployment")), "2021-10-10"), (OnDay(Ref("deployment")), "2021-12-01")):
        norm = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=deadline)
        rows = bench.datings(norm, bench.event(4, "deployment", "2021-12-01", since="2021-10-10"))
        row = ask.row(rows, 1, "2021-10-10")
        assert (row.armed, iso(row.opens), iso(row.due)) == (True, opens, "2021-12-01")


def test_an_announced_case_shows_before_it_comes(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Within(MONTH, "armed"))
    facts = [bench.event(2, "deployment", "2021-08-01"), bench.event(4, "deployment", "2021-12-01", since="2021-10-10")]
    rows = bench.datings(norm, *facts)
    assert ask.dues(rows, "2021-10-09") == {1: "2021-08-31"}
    assert ask.dues(rows, "2021-10-10") == {1: "2021-08-31", 2: None}
    assert ask.row(rows, 2, "2021-10-10").steps == (
        "deployment: 1 December 2021 (fact 4, in force from 10 October 2021)", "not armed: waits for deployment",
    )  # fmt: skip
    assert ask.dues(rows, "2021-12-01") == {1: "2021-08-31", 2: "2021-12-31"}


def test_notice_before_a_printed_event_is_awake_from_the_adoption(bench: Any) -> None:
    notice = By(Shifted(Ref("election"), (Span(-10, "days"),)))
    row = bench.one(bench.norm(kind="respond", armed_by=ArmedBy(event="election"), deadline=notice))
    assert (row.armed, iso(row.armed_on), iso(row.due)) == (True, "2021-06-29", "2022-02-17")


def test_each_entry_of_a_repeating_event_arms_an_occurrence(bench: Any, ask: Any) -> None:
    norm = bench.norm(
        kind="respond", armed_by=ArmedBy(event="deployment", per="case"), deadline=Within(MONTH, Ref("deployment"))
    )
    facts = [
        bench.event(2, "deployment", "2021-09-01"),
        bench.event(3, "deployment", "2021-08-01"),
        bench.event(5, "deployment", "2021-10-01"),
    ]
    rows = bench.datings(norm, *facts)
    assert ask.dues(rows, "2021-12-01") == {1: "2021-10-01", 2: "2021-08-31", 3: "2021-10-31"}
    assert ask.dues(rows, "2021-08-15") == {1: None, 2: "2021-08-31"}, "in force from its own day"
    assert ask.dues(rows, "2021-12-01", k=4) == {1: "2021-10-01", 2: "2021-08-31"}
    assert ask.dues(rows, "2021-12-01", k=0) == {1: None}
    assert (ask.row(rows, 1, "2021-12-01", k=0).armed, ask.row(rows, 3, "2021-12-01").armed) == (False, True)


def test_without_an_entry_the_norm_is_asleep_and_not_invisible(bench: Any) -> None:
    (row,) = bench.datings(bench.norm(kind="respond", armed_by=ArmedBy(event="deployment")))
    assert (row.ordinal, row.armed, row.state) == (1, False, "none")
    assert row.steps == ("deployment: no entry in force", "not armed: waits for deployment")


def test_a_retracted_entry_keeps_its_place_and_owes_nothing(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Within(MONTH, "armed"))
    facts = [
        bench.event(2, "deployment", "2021-08-01"),
        bench.event(3, "deployment", "2021-09-01"),
        bench.event(6, "deployment", "2021-09-01", root=3, gone=True),
        bench.event(7, "deployment", "2021-08-01", root=2, gone=True),
        bench.event(8, "deployment", "2021-10-01"),
    ]
    rows = bench.datings(norm, *facts)
    both = {1: "2021-08-31", 2: "2021-10-01"}
    assert [ask.dues(rows, "2021-12-01", k) for k in (5, 6, 7, 8)] == [
        both, {1: "2021-08-31"}, {1: None}, {1: None, 3: "2021-10-31"},
    ]  # fmt: skip
    assert not ask.row(rows, 1, "2021-12-01", k=7).armed


def test_an_entry_corrected_to_another_event_leaves_its_place(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Within(MONTH, "armed"))
    facts = [
        bench.event(2, "deployment", "2021-08-01"),
        bench.event(4, "allegation", "2021-08-01", root=2),
        bench.event(5, "deployment", "2021-09-01"),
        bench.event(6, "allegation", "2021-07-15"),
        bench.event(7, "deployment", "2021-07-20", root=6),
    ]
    rows = bench.datings(norm, *facts)
    assert ask.dues(rows, "2021-12-01") == {1: None, 2: "2021-10-01", 3: "2021-08-19"}


def test_an_extension_moves_one_case_only(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Within(MONTH, "armed"))
    facts = [
        bench.event(2, "deployment", "2021-08-01"),
        bench.event(3, "deployment", "2021-09-01"),
        bench.extension(5, 2, "2021-12-24", since="2021-09-10"),
    ]
    rows = bench.datings(norm, *facts)
    assert ask.dues(rows, "2021-09-10") == {1: "2021-08-31", 2: "2021-12-24"}
    assert ask.dues(rows, "2021-09-09") == {1: "2021-08-31", 2: "2021-10-01"}


def test_a_case_may_hang_on_another_event_too(bench: Any, ask: Any) -> None:
    norm = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Within(MONTH, Ref("finding")))
    rows = bench.datings(norm, bench.event(2, "deployment", "2021-08-01"), bench.event(3, "finding", "2021-08-20"))
    assert [ask.row(rows, 1, day).state for day in ("2021-07-31", "2021-08-19", "2021-08-20")] == [
        "none", "unresolved", "dated",
    ]  # fmt: skip
    assert ask.dues(rows, "2021-08-20") == {1: "2021-09-19"}
    assert iso(ask.row(rows, 1, "2021-08-20").opens) == "2021-08-01"


def test_a_series_for_each_case_is_not_reckoned(bench: Any, ask: Any) -> None:
    norm = bench.norm(
        kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Every(Span(1, "months"), Ref("deployment"))
    )
    row = ask.row(bench.datings(norm, bench.event(2, "deployment", "2021-08-01")), 1, "2021-09-01")
    assert (row.state, row.steps[-1]) == ("unresolved", "a series cannot be counted where one date is wanted")


def test_a_soft_target_counts_from_the_arming(bench: Any) -> None:
    norm = bench.norm(
        kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Soft("swiftly", Span(5, "days"), "armed")
    )
    row = bench.one(norm, bench.event(2, "deployment", "2021-08-01"), on="2021-08-02")
    assert (row.state, iso(row.soft_due), iso(row.opens)) == ("none", "2021-08-06", "2021-08-01")


def test_an_extension_gives_no_date_to_what_has_none_but_moves_its_target(bench: Any) -> None:
    granted = bench.extension(3, 1, "2021-10-31", since="2021-09-20")
    soft = bench.one(bench.norm(deadline=Soft("soon", Span(5, "days"), Ref("adoption"))), granted, on="2021-10-01")
    assert (soft.state, soft.due, iso(soft.soft_due)) == ("none", None, "2021-10-31")
    plain = bench.one(bench.norm(deadline=NoDate()), granted, on="2021-10-01")
    assert (plain.state, plain.due, plain.soft_due) == ("none", None, None)
    unknown = bench.one(bench.norm(deadline=By(Ref("finding"))), granted, on="2021-10-01")
    assert (unknown.state, iso(unknown.due)) == ("dated", "2021-10-31")


def test_an_extension_does_not_wake_what_sleeps(bench: Any, ask: Any) -> None:
    norm = bench.norm(armed_by=ArmedBy(event="finding"), deadline=By(Fixed(date(2021, 12, 1))))
    rows = bench.datings(
        norm, bench.extension(3, 1, "2021-12-31", since="2021-09-20"), bench.event(5, "finding", "2021-10-01")
    )
    assert not ask.row(rows, 1, "2021-09-25").armed
    assert iso(ask.row(rows, 1, "2021-10-01").due) == "2021-12-31"


def test_cases_of_another_event_are_not_the_cases_of_the_leading_one(bench: Any, ask: Any) -> None:
    occurs = bench.norm(kind="respond", armed_by=ArmedBy(event="deployment"), deadline=Within(MONTH, "armed"))
    alleged = bench.norm(
        "alleged", kind="respond", armed_by=ArmedBy(event="allegation"), deadline=Within(MONTH, "armed")
    )
    facts = [bench.event(2, "allegation", "2021-08-01"), bench.event(3, "deployment", "2021-09-01")]
    rows = bench.datings([occurs, alleged], *facts)
    assert ask.dues(rows, "2021-12-01") == {1: "2021-10-01"}
    assert ask.dues(rows, "2021-12-01", reading="alleged") == {1: None, LONE + 1: "2021-08-31"}
    assert not ask.row(rows, 1, "2021-12-01", reading="alleged").armed


def test_another_reading_may_be_armed_by_cases_where_the_leading_one_is_not(bench: Any, ask: Any) -> None:
    plain = bench.norm(deadline=By(Fixed(date(2021, 12, 1))))
    cases = bench.norm("cases", armed_by=ArmedBy(event="deployment"), deadline=Within(MONTH, "armed"))
    rows = bench.datings(
        [plain, cases], bench.event(2, "deployment", "2021-08-01"), bench.event(4, "deployment", "2021-09-01")
    )
    assert ask.dues(rows, "2021-12-01", reading="cases") == {1: "2021-08-31", 2: "2021-10-01"}


def test_entries_of_one_symbol_are_one_case_whichever_event_arms_the_reading(bench: Any, ask: Any) -> None:
    """The finding is certain; under another reading the allegation that led to it had started the clock."""
    facts = [
        bench.event(2, "allegation", "2021-08-01", mark="CASE/1"),
        bench.event(3, "allegation", "2021-08-20", mark="CASE/2"),
        bench.event(5, "deployment", "2021-09-01", mark="CASE/2"),
        bench.event(7, "deployment", "2021-10-01", mark="CASE/1"),
        bench.event(8, "deployment", "2021-11-01"),
    ]
    rows = bench.datings(_by_either(bench), *facts)
    assert ask.dues(rows, "2021-12-01") == {1: "2021-10-31", 2: "2021-10-01", 3: "2021-12-01"}
    assert ask.dues(rows, "2021-12-01", reading="at-once") == {1: "2021-08-31", 2: "2021-09-19", 3: "2021-12-01"}
    assert ask.dues(rows, "2021-12-01", k=6) == {1: None, 2: "2021-10-01"}
    assert "no allegation of the same symbol" in ask.row(rows, 3, "2021-12-01", reading="at-once").steps[0]


def test_a_case_keeps_its_number_when_an_entry_is_retracted_and_recorded_anew(bench: Any, ask: Any) -> None:
    facts = [
        bench.event(2, "deployment", "2021-08-01", mark="CASE/1"),
        bench.event(3, "deployment", "2021-08-01", mark="CASE/1", root=2, gone=True),
        bench.event(4, "deployment", "2021-08-11", mark="CASE/1"),
        bench.event(5, "deployment", "2021-08-21", mark="CASE/1"),
    ]
    rows = bench.datings(_by_either(bench), *facts)
    assert [ask.dues(rows, "2021-12-01", k=k) for k in (2, 3, 4)] == [{1: "2021-08-31"}, {1: None}, {1: "2021-09-10"}]
    assert ask.dues(rows, "2021-12-01") == {1: "2021-09-10", 2: "2021-09-20"}, "a second one in force is another case"


def test_a_symbol_joins_nothing_where_the_readings_speak_of_other_sorts_of_cases(bench: Any, ask: Any) -> None:
    facts = [
        bench.event(2, "allegation", "2021-08-01", mark="A/1"),
        bench.event(3, "deployment", "2021-09-01", mark="A/1"),
    ]
    rows = bench.datings(_by_either(bench, per=""), *facts)
    assert ask.dues(rows, "2021-12-01", reading="at-once") == {1: None, LONE + 1: "2021-08-31"}


def _by_either(bench: Any, per: str = "case") -> list[Any]:
    events = {"default": "deployment", "at-once": "allegation"}
    return [
        bench.norm(name, kind="respond", armed_by=ArmedBy(event=event, per=per), deadline=Within(MONTH, "armed"))
        for name, event in events.items()
    ]
