"""What is owed again and again without a date, and what becomes of a duty when its own end comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.judgement.conftest import SMALL, World

Make = Callable[..., World]
MORE = (
    SMALL
    + """\
- under: again
  provision: OP 16
  shared: {verb: requests, bearer: mission, action: act, until: mandate.end}
  entries:
  - {id: meetings, kind: recur, deadline: {regularly: {word: regular, soft: 3 months}}}
  - {id: cases, kind: respond, armed-by: {event: incident}, deadline: {promptly: {word: promptly, soft: 10 days}}}
  - {id: plan, kind: achieve}
  - {id: dated, kind: respond, armed-by: {event: incident}, deadline: {within: 30 days, after: armed}}
  - {id: series, kind: recur, deadline: {every: 6 months, after: adoption}}
"""
)

LATER = """\
instrument: {symbol: L/1, adopted: {date: "2022-06-01"}, zone: America/New_York}
parties: {mission: {}}
earlier: {T/RES/1 (2021): [EFFECT]}
obligations:
- {id: a, provision: Art 1, verb: requests, bearer: mission, kind: achieve, action: act}
"""


def names(world: World, entry: str, day: str) -> dict[str, str | None]:
    found = world.ask(day)
    return {name.partition("/")[2]: item.status for name, item in found.items() if name.startswith(f"{entry}/")}


def test_one_meeting_does_not_fulfil_a_duty_to_meet_regularly(world: Make) -> None:
    here = world(MORE)
    assert names(here, "again.meetings", "2021-09-29") == {"1": "open"}
    assert names(here, "again.meetings", "2021-09-30") == {"1": "at_risk"}
    here.deliver("again.meetings/1", dated=date(2021, 8, 10), symbol="M/1")
    assert names(here, "again.meetings", "2021-08-10") == {"1": "met", "2": "open"}
    assert names(here, "again.meetings", "2021-11-10") == {"1": "met", "2": "open"}
    assert names(here, "again.meetings", "2021-11-11") == {"1": "met", "2": "at_risk"}  # three months after the meeting
    assert here.ask("2021-11-11")["again.meetings/2"].due is None
    here.deliver("again.meetings/2", dated=date(2021, 12, 1), symbol="M/2")
    assert names(here, "again.meetings", "2021-12-31") == {"1": "met", "2": "met", "3": "open"}


def test_a_retracted_meeting_takes_the_turns_after_it_away(world: Make) -> None:
    here = world(MORE)
    paper, _ = here.deliver("again.meetings/1", dated=date(2021, 8, 10), symbol="M/1").numbers
    here.record("retraction", str(paper), why="another meeting")
    assert names(here, "again.meetings", "2021-11-11") == {"1": "at_risk"}


def test_a_duty_without_a_date_ends_with_its_own_end(world: Make) -> None:
    here = world(MORE)
    for entry in ("again.meetings", "again.plan"):
        assert names(here, entry, "2022-06-30") == {"1": "at_risk" if entry == "again.meetings" else "open"}
        assert names(here, entry, "2022-07-01") == {"1": "lapsed"}
    assert here.ask("2022-07-01")["again.plan/1"].says == "ended on 30 June 2022"
    here.deliver("again.plan", dated=date(2022, 6, 1), symbol="P/1")
    assert names(here, "again.plan", "2022-07-01") == {"1": "met"}


def test_no_turn_begins_after_the_end(world: Make) -> None:
    here = world(MORE)
    here.deliver("again.meetings/1", dated=date(2022, 6, 30), symbol="M/1")
    assert names(here, "again.meetings", "2022-07-01") == {"1": "met"}


def test_a_case_after_the_end_arms_nothing(world: Make) -> None:
    here = world(MORE)
    assert names(here, "again.cases", "2022-06-30") == {"1": "dormant"}
    assert names(here, "again.cases", "2022-07-01") == {"1": "lapsed"}
    here.record("event", "incident", date=date(2022, 9, 1))
    assert names(here, "again.cases", "2022-09-20") == {"1": "lapsed"}
    assert names(here, "again.dated", "2022-10-20") == {"1": "lapsed"}


def test_a_case_before_the_end_stays_due_after_it_where_the_words_give_a_date(world: Make) -> None:
    here = world(MORE)
    here.record("event", "incident", date=date(2022, 6, 20))
    here.record("event", "incident", date=date(2022, 9, 1))
    assert names(here, "again.dated", "2022-07-20") == {"1": "due"}
    assert names(here, "again.dated", "2022-07-21") == {"1": "overdue"}
    assert names(here, "again.cases", "2022-06-30") == {"1": "open"}
    assert names(here, "again.cases", "2022-07-01") == {"1": "lapsed"}
    assert "2" not in names(here, "again.dated", "2022-10-20")


def test_a_series_has_no_date_after_the_end(world: Make) -> None:
    assert [here.due for name, here in world(MORE).ask("2022-12-30").items() if name.startswith("again.series")] == [
        "2021-12-29", "2022-06-29",
    ]  # fmt: skip


def test_a_later_meeting_is_not_lost_with_the_one_before_it_and_targets_count_from_the_latest(world: Make) -> None:
    here = world(MORE)
    paper, _ = here.deliver("again.meetings/1", dated=date(2021, 9, 10), symbol="M/1").numbers
    here.deliver("again.meetings/2", dated=date(2021, 8, 10), symbol="M/2")
    assert names(here, "again.meetings", "2021-12-10") == {"1": "met", "2": "met", "3": "open"}
    assert names(here, "again.meetings", "2021-12-11") == {"1": "met", "2": "met", "3": "at_risk"}
    here.record("retraction", str(paper), why="another meeting")
    assert names(here, "again.meetings", "2021-11-10") == {"1": "at_risk", "2": "met", "3": "open"}


def test_a_notice_due_before_its_event_is_owed_though_the_event_comes_after_the_end(world: Make) -> None:
    notice = """\
- id: notice
  provision: OP 18
  verb: requests
  bearer: mission
  kind: respond
  action: give notice
  armed-by: {event: election}
  deadline: {by: "60 days before election"}
  until: mandate.end
"""
    here = world(MORE + notice)
    here.record("event", "election", date=date(2022, 7, 15), since=date(2022, 3, 1))
    assert here.ask("2022-05-16")["notice/1"].due == "2022-05-16"
    assert here.status("notice/1", "2022-05-17") == "overdue"


def test_a_later_instrument_may_move_the_end_of_every_turn_and_case(world: Make) -> None:
    here = world(MORE, LATER.replace("EFFECT", '{amends: again.cases, to: "2022-12-31"}'))
    for day in (date(2022, 9, 1), date(2022, 10, 1)):
        here.record("event", "incident", date=day)
    assert names(here, "again.cases", "2022-10-20") == {"1": "at_risk", "2": "at_risk"}
    assert names(here, "again.cases", "2023-01-01") == {"1": "lapsed", "2": "lapsed"}


def test_what_ended_by_itself_stays_ended_when_a_later_instrument_ends_it_too(world: Make) -> None:
    here = world(MORE, LATER.replace("EFFECT", '{ends: again.plan, from: "2022-09-30"}'))
    assert [names(here, "again.plan", day) for day in ("2022-06-30", "2022-07-01", "2022-10-01")] == [
        {"1": "open"}, {"1": "lapsed"}, {"1": "lapsed"},
    ]  # fmt: skip


def test_a_permission_that_an_event_arms_ends_with_its_end_whenever_the_event_came(world: Make) -> None:
    more = """\
- id: leave
  provision: OP 18
  verb: decides
  modality: permission
  bearer: mission
  kind: respond
  action: leave
  armed-by: {event: election}
  until: mandate.end
"""
    here = world(MORE + more)
    here.record("event", "election", date=date(2022, 9, 1))
    assert here.status("leave/1", "2022-09-02") == "lapsed"


def test_a_printed_notice_stops_a_renewal_as_a_recorded_one_does(world: Make) -> None:
    term = """\
instrument: {symbol: P/1, adopted: {date: "2021-06-29"}, zone: UTC}
parties: {tenant: {}}
events: {notice: {date: "2021-09-01", provision: Art 1}}
periods: {term: {from: adoption, until: "2021-12-31", renews: {for: 6 months, unless: notice, at-least: 60 days}}}
obligations:
- id: a
  provision: Art 2
  verb: requests
  bearer: tenant
  kind: achieve
  action: leave
  deadline: {within: 30 days, after: term.end}
"""
    assert world(term).ask("2022-01-15")["a/1"].due == "2022-01-30"
    uncounted = world(term.replace("60 days", "60 working days")).ask("2022-03-01")["a/1"]
    assert (uncounted.status, uncounted.due) == ("unresolved", None)  # nobody named a calendar
    late = world(term.replace("2021-09-01", "2021-11-15"))
    assert late.ask("2022-01-15")["a/1"].due == "2022-07-30"


def test_a_last_date_that_rolls_beyond_the_end_is_owed(world: Make) -> None:
    text = """\
instrument: {symbol: P/1, adopted: {date: "2021-06-27"}, zone: UTC, regime: eu-1182-71}
parties: {tenant: {}}
obligations:
- id: a
  provision: Art 2
  verb: requests
  bearer: tenant
  kind: recur
  action: report
  deadline: {every: 1 month, after: adoption}
  until: "2021-11-27"
"""
    dues = [item.due for item in world(text).ask("2021-11-30").values()]
    assert (len(dues), dues[-1]) == (5, "2021-11-29")  # the 27th was a Saturday
