"""What nothing settles is contested between its earliest and its latest date; what is assumed is only reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.judgement.deciding import Ruling, decide
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.doubting import doubts
from duewatch.engine.judgement.unsettled import Finding, findings, in_text
from duewatch.engine.judgement.widening import widened
from duewatch.engine.reckoning.library import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = """
instrument: {symbol: T/RES/1 (2021), adopted: {date: "2021-06-01"}, zone: America/New_York%s}
questions:
  which: {asks: which?, this-one: {default: true, why: printed}, later: {sets: {end.end: "2021-08-01"}, why: moved}}
periods: {end: {from: adoption, until: "2021-07-11"}}
events: {served: {date: unknown, why: not served yet}, incident: {repeats: true}}
parties: {secretary: {}}
obligations:
- under: g
  provision: OP 1
  shared: {verb: requests, bearer: secretary, kind: achieve, action: report}
  entries:
  - {id: sunday, deadline: by 2021-07-04}
  - {id: asked, deadline: before the end of end, questions: [which]}
  - {id: thursday, deadline: by 2021-07-15}
  - {id: served, deadline: within 7 days after served}
  - {id: armed, kind: respond, armed-by: {event: incident}, deadline: {within: 7 days, after: armed}}
  - {id: vague, deadline: {promptly: {soft: 14 days}}}
  - {id: series, kind: recur, deadline: every 1 month after adoption until end.end}
"""
UNSETTLED = HEAD % ", unsettled: roll"
ASSUMED = HEAD % ""


@pytest.fixture
def unsettled(world: Callable[..., Any]) -> Any:
    return world(UNSETTLED)


def by_axis(here: Any, typed: str | None, as_of: str, **more: Any) -> dict[tuple[str, str], Finding]:
    found = findings(here.desk, Question(date.fromisoformat(as_of)), typed, now=here.now, **more)
    return {(one.obligation, one.ambiguity.axis): one for one in found}


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2021-06-17", "open"),
        ("2021-06-18", "at_risk"),  # two weeks before the earliest of the three
        ("2021-07-02", "due"),  # the Friday before
        ("2021-07-03", "contested"),  # late under one reading only
        ("2021-07-04", "contested"),  # the Sunday that is printed
        ("2021-07-05", "contested"),  # the Monday: late as printed, not late if it rolls
        ("2021-07-06", "overdue"),  # late under every reading
    ],
)
def test_lead_goes_by_the_earliest_and_overdue_only_after_the_latest(unsettled: Any, as_of: str, status: str) -> None:
    assert unsettled.status("g.sunday/1", as_of) == status


def test_the_readings_are_made_by_machine_and_say_why(unsettled: Any) -> None:
    item = unsettled.ask("2021-07-05")["g.sunday/1"]
    assert {name: (one["due"], one["standing"]) for name, one in item.readings.items()} == {
        "default": ("2021-07-04", "arguable"),
        "roll-following": ("2021-07-05", "arguable"),
        "roll-preceding": ("2021-07-02", "arguable"),
    }
    assert item.due == "2021-07-04"


def test_where_the_ways_give_one_date_nothing_is_made(unsettled: Any) -> None:
    assert list(unsettled.ask("2021-07-16")["g.thursday/1"].readings) == ["default"]
    assert unsettled.status("g.thursday/1", "2021-07-16") == "overdue"


def test_an_anchor_that_comes_later_is_read_each_way(unsettled: Any) -> None:
    unsettled.record("event", "served", date=date(2021, 6, 26))
    item = unsettled.ask("2021-07-04")["g.served/1"]
    assert {one["due"] for one in item.readings.values()} == {"2021-07-02", "2021-07-03", "2021-07-05"}
    assert item.status == "contested"


def test_what_is_assumed_makes_no_reading_and_changes_no_status(world: Callable[..., Any]) -> None:
    here = world(ASSUMED)
    item = here.ask("2021-07-05")["g.sunday/1"]
    assert (list(item.readings), item.status) == (["default"], "overdue")


def test_a_question_decided_leaves_one_default(unsettled: Any) -> None:
    ruling = Ruling(question="which", answer="later", authority="the Council")
    decide(unsettled.desk, ruling, by="jane", now=unsettled.now, os_user="test")
    item = unsettled.ask("2021-07-12")["g.asked/1"]
    assert [name for name, one in item.readings.items() if one["default"]] == ["later"]
    assert item.due == "2021-08-01"


def test_the_sheet_of_doubts_knows_the_written_ones_alone(unsettled: Any) -> None:
    assert [(one.name, [answer.name for answer in one.answers]) for one in doubts(unsettled.desk)] == [
        ("which", ["this-one", "later"])
    ]


def test_reading_the_adopted_text_again_gives_the_same_readings(unsettled: Any) -> None:
    before = unsettled.ask("2021-07-05")
    unsettled.record(
        "extension", "g.sunday/1", to=date(2021, 8, 1), granted=date(2021, 6, 20), granted_by="c", symbol="X"
    )
    after = unsettled.ask("2021-07-05")["g.sunday/1"]
    assert set(after.readings) == set(before["g.sunday/1"].readings)
    assert {one["due"] for one in after.readings.values()} == {"2021-08-01"}


# ------------------------------------------------------------------ the report
def test_the_report_says_what_today_s_status_would_be(world: Callable[..., Any]) -> None:
    here = world(ASSUMED)
    roll = by_axis(here, None, "2021-07-05")["g.sunday", "roll"]
    assert roll.settled_by == "assumption"
    assert roll.occurrence == "g.sunday/1"
    assert roll.statuses == {"roll-none": "overdue", "roll-following": "due", "roll-preceding": "overdue"}
    assert roll.decides_status
    assert here.ask("2021-07-05")["g.sunday/1"].status == "overdue", "a report changes nothing"


def test_the_report_on_one_entry(unsettled: Any) -> None:
    found = by_axis(unsettled, "g.sunday", "2021-06-10")
    assert {name for name, _ in found} == {"g.sunday"}
    roll = found["g.sunday", "roll"]
    assert roll.settled_by == "nothing"
    assert not roll.decides_status
    assert set((roll.statuses or {}).values()) == {"open"}


def test_the_encoding_s_own_readings_are_an_axis(unsettled: Any) -> None:
    own = by_axis(unsettled, "g.asked", "2021-07-12")["g.asked", "reading"]
    assert own.settled_by == "encoding"
    assert own.statuses == {"this-one": "overdue", "later": "open"}
    assert own.ambiguity.spread_days == 21
    decide(
        unsettled.desk,
        Ruling(question="which", answer="this-one", authority="the Council"),
        by="jane",
        now=unsettled.now,
        os_user="test",
    )
    assert by_axis(unsettled, "g.asked", "2021-07-12")["g.asked", "reading"].settled_by == "person"


def test_an_unknown_anchor_is_told_over_all_anchors(unsettled: Any) -> None:
    found = by_axis(unsettled, None, "2021-06-10")
    assert found["g.served", "days"].ambiguity.anywhere is not None  # assumed
    for entry in ("g.served", "g.armed"):
        roll = found[entry, "roll"].ambiguity
        assert roll.anywhere is not None
        assert roll.anywhere.spread_days == 3
    assert not [axis for entry, axis in found if entry == "g.vague"]


def test_any_anchor_on_request(unsettled: Any) -> None:
    assert (
        by_axis(unsettled, "g.served", "2021-06-10", any_anchor=True)["g.served", "days"].ambiguity.anywhere is not None
    )


def test_a_series_is_compared_date_by_date(unsettled: Any) -> None:
    roll = by_axis(unsettled, "g.series", "2021-07-02")["g.series", "roll"]
    assert [reading.days for reading in roll.ambiguity.readings] == [(date(2021, 7, 1),)] * 3
    assert not roll.ambiguity.differs
    assert roll.statuses is None


def test_by_the_words_alone(rules: Any) -> None:
    instrument = read_instrument(UNSETTLED.encode(), rules.verbs)[0]
    found = {(one.obligation, one.ambiguity.axis): one for one in in_text(instrument, shipped())}
    assert found["g.sunday", "roll"].settled_by == "nothing"
    assert all(one.statuses is None for one in found.values())


def test_nothing_is_made_where_nothing_is_unsettled(rules: Any) -> None:
    instrument = read_instrument(ASSUMED.encode(), rules.verbs)[0]
    assert widened(instrument, shipped()) is instrument
    settled = read_instrument(UNSETTLED.replace("unsettled: roll", "unsettled: order").encode(), rules.verbs)[0]
    assert replace(widened(settled, shipped()), obligations=()) == replace(settled, obligations=())
    assert all(len(entry.norms) == 1 for entry in widened(settled, shipped()).obligations if entry.id != "g.asked")


def test_a_regime_that_says_nothing_of_the_day_leaves_nothing_to_doubt(rules: Any) -> None:
    old = ASSUMED.replace("by 2021-07-04", '"7 days after 1960-01-01, under us-frcp-6a@anchor"')
    instrument = read_instrument(old.encode(), rules.verbs)[0]
    assert not [one for one in in_text(instrument, shipped()) if one.obligation == "g.sunday"]
