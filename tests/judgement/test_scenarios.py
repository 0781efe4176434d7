"""Walked through by hand: each kind of norm from its first day to its last, on all axes of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.judgement.conftest import SMALL, World

from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.explaining import explain
from duewatch.engine.problems import BadInput

Make = Callable[..., World]


def days(world: World, name: str, *days: str) -> list[str | None]:
    return [world.status(name, day) for day in days]


def test_a_dated_duty_is_due_on_its_last_day_and_overdue_from_the_next(world: Make) -> None:
    here = world()
    assert days(here, "a.report/1", "2021-06-30", "2021-07-01", "2021-07-15", "2021-07-16") == [
        "open", "at_risk", "due", "overdue",
    ]  # fmt: skip
    item = here.ask("2021-07-16")["a.report/1"]
    assert (item.days_late, item.days_until_due, item.group) == (1, -1, "late")
    assert item.contents == {"seen": 0, "missing": 0, "unchecked": 2, "of": 2}


def test_the_last_day_ends_at_midnight_of_the_instruments_zone(world: Make) -> None:
    here = world()
    assert here.status("a.report/1", "2021-07-16T03:59:59+00:00") == "due"
    assert here.status("a.report/1", "2021-07-16T04:00:00+00:00") == "overdue"


def test_a_delivery_that_lacks_an_item_leaves_it_undone_until_the_item_comes(world: Make) -> None:
    here = world()
    here.deliver("a.report", dated=date(2021, 7, 15), symbol="R/1", contents="lacks:second", why="no second part")
    lacking = here.ask("2021-07-16")["a.report/1"]
    assert (lacking.status, lacking.contents["missing"]) == ("overdue", 1)
    here.deliver("a.report", dated=date(2021, 7, 20), symbol="R/1/Add.1", contents="has:second")
    assert days(here, "a.report/1", "2021-07-16", "2021-07-19", "2021-07-20") == ["overdue", "overdue", "met_late"]
    done = here.ask("2021-08-01")["a.report/1"]
    assert (done.days_late, done.discharged_on, done.contents["seen"]) == (5, "2021-07-20", 1)


def test_what_was_not_known_does_not_count(world: Make) -> None:
    here = world()
    here.now = datetime(2021, 7, 20, 12, tzinfo=UTC)
    here.deliver("a.report", dated=date(2021, 7, 15), symbol="R/1")
    assert here.status("a.report/1", "2021-07-18") == "met"
    assert here.status("a.report/1", "2021-07-18", "2021-07-19") == "overdue"
    assert here.status("a.report/1", "2021-07-18", "2021-07-20T11:59:59+00:00") == "overdue"
    assert here.status("a.report/1", "2021-07-18", "2021-07-20T12:00:00+00:00") == "met"


def test_a_correction_and_a_retraction_act_on_knowledge_only(world: Make) -> None:
    here = world()
    paper, _ = here.deliver("a.report", dated=date(2021, 7, 15), symbol="R/1").numbers
    here.now = datetime(2021, 8, 1, 12, tzinfo=UTC)
    here.record("correction", str(paper), dated=date(2021, 7, 18), why="the cover says so")
    assert here.ask("2021-09-01")["a.report/1"].days_late == 3
    assert here.ask("2021-09-01", "2021-07-31")["a.report/1"].days_late == 0
    here.now = datetime(2021, 8, 2, 12, tzinfo=UTC)
    here.record("retraction", str(paper), why="another report")
    assert here.status("a.report/1", "2021-09-01") == "overdue"
    assert here.status("a.report/1", "2021-09-01", "2021-08-01") == "met_late"


def test_a_series_counts_from_its_anchor_whatever_was_delivered_when(world: Make) -> None:
    here = world()
    dues = ["2021-09-29", "2021-12-29", "2022-03-29", "2022-06-29"]
    assert [here.ask("2021-07-01")[f"b.series/{n}"].due for n in range(1, 5)] == dues
    here.deliver("b.series/1", issued=date(2021, 11, 1), symbol="R/2")
    assert [here.ask("2021-12-01")[f"b.series/{n}"].due for n in range(1, 5)] == dues
    assert days(here, "b.series/2", "2021-09-29", "2021-09-30", "2021-12-15", "2021-12-30") == [
        "upcoming", "open", "at_risk", "overdue",
    ]  # fmt: skip


def test_an_item_added_by_another_entry_must_be_in_each_report(world: Make) -> None:
    assert world().ask("2021-07-01")["b.series/1"].contents["of"] == 1


def test_an_extension_moves_one_date_from_the_day_it_was_granted(world: Make) -> None:
    here = world()
    here.now = datetime(2021, 10, 15, 12, tzinfo=UTC)
    here.record(
        "extension", "b.series/1", to=date(2021, 10, 31), granted=date(2021, 9, 20), granted_by="council", symbol="L/1"
    )
    assert here.status("b.series/1", "2021-10-05") == "open"
    assert here.status("b.series/1", "2021-10-05", "2021-10-10") == "overdue"
    assert here.ask("2021-09-19")["b.series/1"].due == "2021-09-29"
    assert here.status("b.series/1", "2021-11-01") == "overdue"
    assert [here.ask("2021-11-01")[f"b.series/{n}"].due for n in (2, 3, 4)] == [
        "2021-12-29",
        "2022-03-29",
        "2022-06-29",
    ]


def test_readings_part_only_on_days_on_which_their_classes_differ(world: Make) -> None:
    here = world()
    assert days(here, "c.transition/1", "2022-03-15", "2022-03-16", "2022-03-25", "2022-03-26") == [
        "due", "contested", "contested", "overdue",
    ]  # fmt: skip
    item = here.ask("2022-03-20")["c.transition/1"]
    assert (item.due, item.group) == ("2022-03-15", "cannot-say")
    assert item.readings["from-beginning"] == {
        "status": "at_risk", "due": "2022-03-25", "default": False, "standing": "arguable",
    }  # fmt: skip
    assert "overdue" not in item.says
    assert "15 March 2022" in item.says
    assert "25 March 2022" in item.says


def test_a_ceiling_is_breached_from_the_measure_that_exceeds_it(world: Make) -> None:
    here = world()
    assert here.status("d.ceiling/1", "2021-07-01") == "unknown"
    here.record("measure", "d.ceiling", value="100", on=date(2021, 8, 1))
    assert here.status("d.ceiling/1", "2021-08-01") == "in_force"
    (number,) = here.record("measure", "d.ceiling", value="101", on=date(2021, 9, 1)).numbers
    item = here.ask("2021-09-02")["d.ceiling/1"]
    assert (item.status, item.group) == ("breached", "late")
    assert "above the ceiling" in item.says
    assert days(here, "d.ceiling/1", "2021-08-31", "2022-06-01", "2022-07-01") == ["in_force", "breached", "lapsed"]
    here.now = datetime(2021, 9, 5, 12, tzinfo=UTC)
    here.record("correction", str(number), value="99", why="miscounted")
    assert here.status("d.ceiling/1", "2021-09-02") == "in_force"
    assert here.status("d.ceiling/1", "2021-09-02", "2021-09-04") == "breached"
    assert days(here, "d.ceiling/1", "2021-12-03", "2021-12-04") == ["in_force", "unknown"]


@pytest.mark.parametrize(
    ("value", "of", "expected"),
    [("30", "100", "in_force"), ("29", "97", "breached"), ("3", "10", "in_force"), ("299999", "1000000", "breached")],
)
def test_a_share_is_compared_exactly(world: Make, value: str, of: str, expected: str) -> None:
    here = world()
    here.record("measure", "e.share", value=value, of=of, on=date(2021, 8, 1))
    assert here.status("e.share/1", "2021-08-02") == expected


def test_a_standing_norm_is_never_green_and_wants_a_look(world: Make) -> None:
    here = world()
    name = "f.standing@one/1"
    assert days(here, name, "2021-06-30", "2021-09-30", "2021-10-01") == ["in_force", "in_force", "review"]
    here.record("looked", name, on=date(2021, 9, 20), found="nothing")
    assert days(here, name, "2021-10-01", "2022-01-01") == ["in_force", "review"]
    here.record("judgement", name, finding="not-kept", on=date(2021, 10, 10), why="seen to refuse")
    assert days(here, name, "2021-10-10", "2022-06-01") == ["breached", "breached"]
    assert here.status("f.standing@two/1", "2021-10-10") == "review"
    here.record("judgement", name, finding="kept", on=date(2021, 11, 1), why="does it again")
    assert here.status(name, "2021-11-02") == "in_force"


def test_a_member_of_an_open_class_comes_into_being_with_the_first_fact(world: Make) -> None:
    here = world()
    before = here.ask("2021-07-01")
    assert before["g.ban"].status is None
    assert before["g.ban"].says == "no member recorded"
    here.record("judgement", "g.ban@a-group", finding="not-kept", on=date(2021, 8, 1), why="seen")
    assert here.status("g.ban@a-group/1", "2021-08-01") == "breached"
    assert "g.ban@a-group/1" not in here.ask("2021-08-01", "2021-06-01")


def test_a_consequence_is_armed_by_what_was_left_undone(world: Make) -> None:
    here = world()
    name = "i.response/1"
    assert here.status(name, "2022-07-01T03:59:59+00:00") == "dormant"
    item = here.ask("2022-07-01T04:00:00+00:00")[name]
    assert item.status == "available"
    assert "h.first/1, h.second/1, h.third/1" in item.because
    here.deliver("h.first", dated=date(2022, 6, 1), symbol="R/3")
    assert here.status(name, "2022-07-01") == "contested"
    here.deliver("h.second", dated=date(2022, 6, 1), symbol="R/4")
    here.record("measure", "h.third", value="10", on=date(2022, 6, 30))
    assert here.status(name, "2022-07-01") == "dormant"


def test_done_too_late_arms_all_the_same_and_a_waiver_disarms(world: Make) -> None:
    here = world()
    for one in ("h.first", "h.second", "h.third"):
        here.deliver(one, dated=date(2022, 8, 1), symbol=f"R/{one}")
    assert here.status("i.response/1", "2022-09-01") == "available"
    for one in ("h.first", "h.second", "h.third"):
        here.record("waiver", one, granted=date(2022, 9, 1), granted_by="council", symbol="L/2")
    assert days(here, "i.response/1", "2022-08-31", "2022-09-01") == ["available", "dormant"]


def test_a_moved_mandate_is_contested_between_its_two_answers(world: Make) -> None:
    here = world()
    here.now = datetime(2022, 6, 30, 12, tzinfo=UTC)
    here.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29))
    after = here.ask("2022-07-01")
    assert [after[name].status for name in ("h.first/1", "i.response/1", "b.series/4", "m.mandate/1")] == [
        "contested", "contested", "overdue", "lapsed",
    ]  # fmt: skip
    assert here.status("h.first/1", "2022-07-01", "2022-06-29") == "overdue"
    assert here.status("h.first/1", "2023-07-01") == "overdue"


def test_each_recorded_case_is_an_occurrence_of_its_own(world: Make) -> None:
    here = world()
    assert here.status("j.cases/1", "2021-07-01") == "dormant"
    here.record("event", "incident", date=date(2021, 8, 1))
    here.record("event", "incident", date=date(2021, 9, 1))
    items = here.ask("2021-09-02")
    assert [(items[f"j.cases/{n}"].due, items[f"j.cases/{n}"].status) for n in (1, 2)] == [
        ("2021-08-31", "overdue"), ("2021-10-01", "open"),
    ]  # fmt: skip


def test_a_day_that_is_not_known_yet_is_unresolved_and_moves_with_the_fact(world: Make) -> None:
    here = world()
    assert here.status("k.vote/1", "2022-01-01") == "unresolved"
    moved = here.record("event", "election", date=date(2022, 2, 27)).moved
    assert any("due undated -> 2022-02-27" in line for line in moved)
    assert days(here, "k.vote/1", "2022-01-01", "2022-02-26", "2022-02-27", "2022-02-28") == [
        "upcoming", "at_risk", "due", "overdue",
    ]  # fmt: skip


def test_words_without_a_date_are_never_overdue(world: Make) -> None:
    here = world()
    assert days(here, "l.swift/1", "2021-07-29", "2021-07-30", "2030-01-01") == ["open", "at_risk", "at_risk"]
    assert here.ask("2030-01-01")["l.swift/1"].due is None


def test_a_permission_lapses_and_a_statement_binds_nobody(world: Make) -> None:
    here = world()
    assert days(here, "m.mandate/1", "2022-06-30", "2022-07-01") == ["available", "lapsed"]
    assert here.ask("2021-07-01")["n.seized"].status is None


def test_what_the_bearer_announces_puts_it_at_risk_at_once(world: Make) -> None:
    here = world()
    here.record("announced", "b.series/2", on=date(2021, 10, 5), will="late")
    assert days(here, "b.series/2", "2021-10-04", "2021-10-05") == ["open", "at_risk"]


def test_looking_without_being_able_to_say_is_not_the_same_as_finding_nothing(world: Make) -> None:
    here = world()
    here.record("looked", "a.report", on=date(2021, 7, 20), found="cannot-say")
    assert days(here, "a.report/1", "2021-07-19", "2021-07-20") == ["overdue", "unknown"]
    here.record("looked", "a.report", on=date(2021, 7, 25), found="nothing")
    assert here.status("a.report/1", "2021-07-25") == "overdue"


@pytest.mark.parametrize(
    ("kind", "target", "fields", "words"),
    [
        ("measure", "a.report", {"value": "3", "on": date(2021, 8, 1)}, "has no target"),
        ("measure", "d.ceiling", {"value": "13,300", "on": date(2021, 8, 1)}, "13300"),
        ("measure", "d.ceiling", {"on": date(2021, 8, 1)}, "--value is missing"),
        ("measure", "e.share", {"value": "31", "of": "30", "on": date(2021, 8, 1)}, "no share"),
        ("event", "decision", {"date": date(2021, 8, 1)}, "given by the encoding"),
        ("event", "mandate.end", {"date": date(2021, 6, 1)}, "end on 1 June 2021, before it begins on 29 June 2021"),
        (
            "extension",
            "b.series/1",
            {"to": date(2021, 9, 29), "granted": date(2021, 8, 1), "granted_by": "council", "symbol": "L/7"},
            "2021-09-29 is no later day",
        ),
        ("event", "decisions", {"date": date(2021, 8, 1)}, "did you mean decision"),
        ("judgement", "d.ceiling", {"finding": "kept", "on": date(2021, 8, 1), "why": "x"}, "record measure"),
        ("judgement", "f.standing@one", {"finding": "fulfilled", "on": date(2021, 8, 1), "why": "x"}, "--finding kept"),
        ("judgement", "a.report", {"on": date(2021, 8, 1)}, "needs --why"),
        ("waiver", "a.report", {"granted": date(2021, 8, 1)}, "--granted-by, --symbol"),
        (
            "extension",
            "d.ceiling",
            {"to": date(2021, 8, 1), "granted": date(2021, 7, 1), "granted_by": "x", "symbol": "y"},
            "no due day",
        ),
        ("announced", "b.series", {"on": date(2021, 8, 1), "will": "late"}, "4 occurrences"),
        ("looked", "n.seized", {"on": date(2021, 8, 1), "found": "nothing"}, "binds nobody"),
        ("suspension", "a.report", {}, "--on is missing"),
        ("resumption", "a.report", {"on": date(2021, 8, 1)}, "nothing to resume"),
        ("correction", "99", {"why": "x"}, "99"),
        ("retraction", "one", {"why": "x"}, "no number of a fact"),
        ("review", "g.ban@An Odd Name", {"on": date(2021, 8, 1)}, "small letters"),
    ],
)
def test_what_may_not_be_recorded_is_refused_in_words_and_leaves_nothing(
    world: Make, kind: str, target: str, fields: dict[str, object], words: str
) -> None:
    here = world()
    before = here.ask("2021-08-02")
    with pytest.raises(BadInput, match=words):
        here.record(kind, target, **fields)
    assert here.ask("2021-08-02") == before


def test_a_suspended_clock_is_closed_and_its_date_moves_by_the_days_that_it_stood_still(world: Make) -> None:
    here = world()
    due = date.fromisoformat(here.ask("2021-07-02")["a.report/1"].due or "")
    here.record("suspension", "a.report", on=date(2021, 7, 3), why="a question was asked")
    here.record("resumption", "a.report", on=date(2021, 7, 8), why="it was answered")
    assert here.status("a.report/1", "2021-07-02") != "suspended"
    assert [here.status("a.report/1", day) for day in ("2021-07-03", "2021-07-07")] == ["suspended"] * 2
    moved = here.ask("2021-07-08")["a.report/1"]
    assert (moved.status == "suspended", moved.due) == (False, (due + timedelta(days=5)).isoformat())


def test_what_is_suspended_is_not_suspended_again_and_a_suspension_in_force_hides_nothing_late(world: Make) -> None:
    here = world()
    due = date.fromisoformat(here.ask("2021-07-02")["a.report/1"].due or "")
    here.record("suspension", "a.report", on=date(2021, 7, 3))
    with pytest.raises(BadInput, match="suspended already, by fact 1"):
        here.record("suspension", "a.report", on=date(2021, 7, 4))
    here.record("retraction", "1", why="a slip")
    here.record("suspension", "a.report", on=due + timedelta(days=3))
    assert here.status("a.report/1", (due + timedelta(days=4)).isoformat()) == "overdue"


def test_a_document_is_recorded_once_and_its_form_may_need_a_reason(world: Make) -> None:
    here = world()
    with pytest.raises(BadInput, match="a letter where a report was asked for"):
        here.deliver("a.report", dated=date(2021, 7, 1), symbol="R/1", form="letter")
    here.deliver("a.report", dated=date(2021, 7, 1), symbol="R/1", form="letter", why="it says all that was asked")
    with pytest.raises(BadInput, match="recorded already"):
        here.deliver("b.series/1", dated=date(2021, 7, 1), symbol="R/1")


def test_one_document_may_answer_several_occurrences(world: Make) -> None:
    here = world()
    here.deliver("b.series/1", "b.series/2", issued=date(2021, 9, 1), symbol="R/1")
    items = here.ask("2022-01-01")
    assert [items[f"b.series/{n}"].status for n in (1, 2, 3)] == ["met", "met", "open"]


def test_the_day_of_a_document_is_the_one_that_counts_or_the_first_recorded(world: Make) -> None:
    here = world()
    here.deliver("b.series/1", dated=date(2021, 9, 28), issued=date(2021, 10, 2), symbol="R/1")
    here.deliver("b.series/2", dated=date(2021, 12, 29), symbol="R/2")
    items = here.ask("2022-01-01")
    assert [(items[f"b.series/{n}"].status, items[f"b.series/{n}"].days_late) for n in (1, 2)] == [
        ("met_late", 3),
        ("met", 0),
    ]


def test_deleting_a_reading_ends_the_contest(world: Make) -> None:
    without = SMALL.replace(
        '    from-beginning: {sets: {transition.start: began}, why: "the day on which it began"}\n', ""
    )
    assert without != SMALL
    assert world().status("c.transition/1", "2022-03-20") == "contested"
    assert world(without).status("c.transition/1", "2022-03-20") == "overdue"


def test_renaming_every_id_renames_the_answers_and_changes_nothing_else(world: Make) -> None:
    renamed = SMALL
    for letter in "abcdefghijklmno":
        renamed = renamed.replace(f"{{id: {letter}.", f"{{id: z{letter}.").replace(
            f"- id: {letter}.", f"- id: z{letter}."
        )
    renamed = (
        renamed.replace("under: h\n", "under: zh\n")
        .replace("undone: h,", "undone: zh,")
        .replace("entry: b.series", "entry: zb.series")
    )
    first, second = world(), world(renamed)
    for here, prefix in ((first, ""), (second, "z")):
        here.deliver(f"{prefix}h.first", dated=date(2022, 6, 1), symbol="R/3")
    for day in ("2021-07-16", "2022-03-20", "2022-07-01"):
        old, new = first.ask(day), second.ask(day)
        assert {f"z{name}": (item.status, item.due, item.says) for name, item in old.items()} == {
            name: (item.status, item.due, item.says) for name, item in new.items()
        }


def test_days_late_go_with_the_status_under_the_reading_that_it_names(world: Make) -> None:
    """Done in time by the later of two days, and late by the earlier one: the answer says late, and by how much."""
    text = SMALL.replace(
        "from-decision: {default: true, why", 'from-decision: {default: true, deadline: {by: "2022-03-25"}, why'
    ).replace(
        "from-beginning: {sets: {transition.start: began}, why", 'from-beginning: {deadline: {by: "2022-03-15"}, why'
    )
    here = world(text)
    here.now = datetime(2022, 3, 21, 12, tzinfo=UTC)
    here.deliver("c.transition", dated=date(2022, 3, 20), symbol="S/1")
    item = here.ask("2022-04-01")["c.transition/1"]
    assert (item.status, item.due, item.days_late) == ("met_late", "2022-03-25", 5)
    assert item.says.endswith("5 days after 15 March 2022, under from-beginning")


def test_the_contents_that_are_told_are_those_of_the_verdict(world: Make) -> None:
    here = world()
    here.now = datetime(2021, 10, 1, 12, tzinfo=UTC)
    here.deliver("a.report", dated=date(2021, 9, 20), symbol="S/1", contents="has:first")

    def told(day: date) -> tuple[str, ...]:
        return explain(here.desk, "a.report", Question(day)).lines("Contents")

    assert told(date(2021, 9, 19)) == ("unchecked: first", "unchecked: second"), "it has not come yet"
    assert told(date(2021, 9, 20)) == ("seen: first", "unchecked: second")
    here.record("retraction", str(here.numbers[1]), why="it was another report")
    assert told(date(2021, 9, 20)) == ("unchecked: first", "unchecked: second")
