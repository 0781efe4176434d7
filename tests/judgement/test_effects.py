"""Later instruments: what they end, move, leave, amend and add, and from which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.judgement.conftest import SMALL, World

from duewatch.engine.encoding.decisions import Decision
from duewatch.engine.judgement.carrying import carry
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.explaining import explain
from duewatch.engine.judgement.history import history
from duewatch.engine.problems import BadFile, BadInput

Make = Callable[..., World]

HEAD = """
instrument: {symbol: T/RES/2 (2021), adopted: {date: "2021-09-28"}, zone: America/New_York}
periods: {term: {from: adoption, until: "2022-12-31"}}
parties: {secretary: {}}
obligations:
- {id: report, provision: OP 1, verb: requests, bearer: secretary, kind: achieve, action: report, deadline: none}
earlier:
  T/RES/1 (2021):
"""


def later(*links: str) -> str:
    return HEAD + "".join(f"  - {link}\n" for link in links)


def days(world: World, name: str, *days: str) -> list[str | None]:
    return [world.status(name, day) for day in days]


# ------------------------------------------------------------------ ends, moves-to, leaves
def test_what_fell_due_up_to_the_adoption_of_a_later_instrument_stays_undone(world: Make) -> None:
    """The series falls due on the 29th of September, December, March and June; the later one is of the 28th."""
    here = world(SMALL, later("{ends: b.series, provision: OP 9}"))
    assert days(here, "a.report/1", "2021-09-28", "2021-12-31") == ["overdue", "overdue"]
    assert days(here, "b.series/1", "2021-09-28", "2021-09-29", "2021-10-01") == ["at_risk", "superseded", "superseded"]
    assert days(here, "b.series/2", "2021-09-28", "2021-09-29") == ["upcoming", "superseded"]
    after = later('{ends: b.series, from: "2021-09-30"}')
    assert days(world(SMALL, after), "b.series/1", "2021-09-29", "2021-09-30", "2021-12-31") == [
        "due", "overdue", "overdue",
    ]  # fmt: skip
    on_its_day = later('{ends: b.series, from: "2021-09-29"}')
    assert days(world(SMALL, on_its_day), "b.series/1", "2021-09-28", "2021-09-29") == ["at_risk", "superseded"]


def test_a_link_names_an_entry_a_group_or_a_provision_and_what_it_does_not_name_is_left(world: Make) -> None:
    here = world(SMALL, later("{moves-to: report, of: [h, OP 4, OP 13]}", "{leaves: OP 3, why: the day is printed}"))
    found = here.ask("2021-10-01")
    moved = [name for name, item in found.items() if item.status == "superseded"]
    assert moved == ["h.first/1", "h.second/1", "h.third/1", "d.ceiling/1", "m.mandate/1"]
    assert {found[name].group for name in moved} == {"closed"}
    assert found["h.first/1"].because == (
        "a later instrument has taken its place from 29 September 2021 on, before 30 June 2022 had passed"
    )
    assert found["report/1"].status == "open"
    told = explain(here.desk, "h.first", Question(datetime(2021, 10, 1, tzinfo=UTC)))
    assert told.lines("What later instruments do to it") == (
        "T/RES/2 (2021) moves it to T/RES/2 (2021)#report from 29 September 2021 on, save for what fell due before",
    )
    left = explain(here.desk, "c.transition", Question(datetime(2021, 10, 1, tzinfo=UTC)))
    assert left.lines("What later instruments do to it") == ("T/RES/2 (2021) leaves it as it was: the day is printed",)
    silent = explain(here.desk, "a.report", Question(datetime(2021, 10, 1, tzinfo=UTC)))
    assert silent.lines("What later instruments do to it") == (
        "T/RES/2 (2021) does not speak of it: it is left as it was",
    )


def test_what_was_superseded_before_it_fell_due_arms_nothing(world: Make) -> None:
    plain = world(SMALL)
    assert plain.status("i.response/1", "2022-07-01") == "available"
    ended = world(SMALL, later("{ends: h}"))
    assert ended.status("i.response/1", "2022-07-01") == "dormant"
    one_left = world(SMALL, later("{ends: [h.first, h.second]}"))
    assert one_left.ask("2022-07-01")["i.response/1"].because.endswith("left undone: h.third/1")


def test_a_person_decides_where_the_text_is_silent_and_each_later_instrument_speaks_for_itself(world: Make) -> None:
    third = later("{ends: a.report}").replace("T/RES/2 (2021)", "T/RES/3 (2022)").replace("2021-09-28", "2022-02-01")
    third = third.replace("a.report", "b.series")
    here = world(SMALL, later("{leaves: OP 3}"), third)
    here.now = datetime(2021, 11, 1, tzinfo=UTC)
    pair = ("T/RES/1 (2021)", "T/RES/2 (2021)")
    signed = {"authority": "Counsel", "by": "an officer", "now": here.now, "os_user": "test"}
    carry(here.desk, *pair, [Decision(entry="b.series", does="leaves")], **signed)
    assert days(here, "b.series/3", "2022-01-31", "2022-02-02") == ["open", "superseded"], "the third speaks as well"
    assert days(here, "b.series/2", "2022-01-31", "2022-02-02") == ["overdue", "overdue"]
    on = datetime(2021, 11, 15, tzinfo=UTC).date()
    carry(here.desk, *pair, [Decision(entry="d.ceiling", does="ends", since=on, why="so")], **signed)
    assert days(here, "d.ceiling/1", "2021-11-14", "2021-11-15") == ["unknown", "superseded"]
    with pytest.raises(BadInput, match="is spoken of by the text"):
        carry(here.desk, *pair, [Decision(entry="c.transition", does="ends", why="so")], **signed)
    with pytest.raises(BadInput, match="before `T/RES/2"):
        early = datetime(2021, 9, 1, tzinfo=UTC).date()
        carry(here.desk, *pair, [Decision(entry="h.first", does="ends", since=early, why="so")], **signed)


def test_the_day_on_which_a_link_begins_to_hold_is_a_day_to_look(world: Make) -> None:
    here = world(SMALL, later('{ends: b.series, from: "2021-10-11"}'))
    changes = [
        (str(one.day), one.status)
        for one in history(here.desk, "b.series/2", Question(datetime(2022, 1, 9, tzinfo=UTC)))
    ]
    assert changes[-1] == ("2021-10-11", "superseded")


# ------------------------------------------------------------------ amends, adds-item
def test_an_amended_end_moves_what_follows_it_and_nothing_else_from_its_day_on(world: Make) -> None:
    here = world(SMALL, later("{amends: mandate.end, to: term.end, provision: OP 5}"))
    before, after = here.ask("2021-09-27")["h.first/1"], here.ask("2021-09-28")["h.first/1"]
    assert {name: one["due"] for name, one in before.readings.items()} == {
        "this-one": "2022-06-30", "extended": "2022-06-30",
    }  # fmt: skip
    assert {name: one["due"] for name, one in after.readings.items()} == {
        "this-one": "2022-06-30", "extended": "2022-12-31",
    }  # fmt: skip
    assert here.status("h.first/1", "2022-07-01") == "contested"
    told = explain(here.desk, "h.first", Question(datetime(2022, 7, 1, tzinfo=UTC)))
    assert any("31 December 2022 (T/RES/2 (2021), OP 5" in line for line in told.lines("How the date comes about"))
    assert here.ask("2022-07-01", "2021-07-01")["h.first/1"].status == "contested", "a text was always known"


def test_an_amended_day_of_an_entry_moves_its_due_day_from_then_on_under_every_reading(world: Make) -> None:
    here = world(
        SMALL,
        later('{amends: a.report, to: "2021-10-15", provision: OP 7}', '{amends: b.series, n: 2, to: "2021-12-01"}'),
    )
    assert days(here, "a.report/1", "2021-07-16", "2021-09-27") == ["overdue", "overdue"], "it was late until then"
    item = here.ask("2021-10-16")["a.report/1"]
    assert (here.status("a.report/1", "2021-09-28"), item.status, item.due, item.days_late) == (
        "open", "overdue", "2021-10-15", 1,
    )  # fmt: skip
    assert here.ask("2021-10-16", "2021-07-01")["a.report/1"].due == "2021-10-15", "a text was always known"
    dues = {name: item.due for name, item in here.ask("2021-09-28").items() if name.startswith("b.series")}
    assert dues == {
        "b.series/1": "2021-09-29", "b.series/2": "2021-12-01", "b.series/3": "2022-03-29", "b.series/4": "2022-06-29",
    }  # fmt: skip
    told = explain(here.desk, "a.report", Question(datetime(2021, 10, 1, tzinfo=UTC)))
    assert "moved to 15 October 2021 (T/RES/2 (2021), OP 7)" in told.lines("How the date comes about")
    assert told.lines("What later instruments do to it") == (
        "T/RES/2 (2021), OP 7 moves its day to 15 October 2021 from 28 September 2021 on",
    )
    first = explain(here.desk, "b.series/1", Question(datetime(2021, 10, 1, tzinfo=UTC)))
    assert first.lines("What later instruments do to it") == ()


def test_an_extension_granted_later_speaks_after_the_text_and_one_granted_before_does_not(world: Make) -> None:
    here = world(SMALL, later('{amends: a.report, to: "2021-10-15"}'))
    grant = {"granted_by": "council", "symbol": "L/1"}
    here.record("extension", "a.report", to=_day("2021-08-31"), granted=_day("2021-07-10"), **grant)
    assert [here.ask(day)["a.report/1"].due for day in ("2021-09-27", "2021-09-28")] == ["2021-08-31", "2021-10-15"]
    here.record("extension", "a.report", to=_day("2021-11-15"), granted=_day("2021-10-01"), **grant)
    assert [here.ask(day)["a.report/1"].due for day in ("2021-09-30", "2021-10-01")] == ["2021-10-15", "2021-11-15"]


def test_of_two_texts_of_one_day_the_one_that_was_loaded_later_speaks_last(world: Make) -> None:
    one, two = (later(f'{{amends: [mandate.end, a.report], to: "{day}"}}') for day in ("2022-12-31", "2022-11-30"))
    here = world(SMALL, one, two.replace("T/RES/2 (2021)", "T/RES/3 (2021)"))
    assert here.ask("2021-10-01")["h.first/1"].readings["extended"]["due"] == "2022-11-30"
    assert here.ask("2021-10-01")["a.report/1"].due == "2022-11-30"


def test_an_amended_end_of_a_norm_and_a_day_for_what_had_none(world: Make) -> None:
    text = SMALL.replace("{id: a.report, provision: OP 1, verb: requests, bearer: secretary,", _EACH)
    here = world(text, later('{amends: [OP 13, d.ceiling, OP 12, OP 1], to: "2022-09-30"}'))
    assert days(here, "m.mandate/1", "2022-07-01", "2022-09-30", "2022-10-01") == ["available", "available", "lapsed"]
    assert days(here, "d.ceiling/1", "2022-09-30", "2022-10-01") == ["unknown", "lapsed"]
    assert days(here, "l.swift/1", "2022-09-30", "2022-10-01") == ["due", "overdue"]
    assert days(here, "a.report@one/1", "2022-09-30", "2022-10-01") == ["due", "overdue"]
    assert days(here, "a.report@two/1", "2021-09-27", "2022-10-01") == ["overdue", "overdue"]


_EACH = "{id: a.report, provision: OP 1, verb: requests, bearer: {each: both},"


def test_a_recorded_day_of_the_same_date_speaks_last(world: Make) -> None:
    here = world(SMALL, later('{amends: mandate.end, to: "2022-12-31"}'))
    here.record("event", "T/RES/1 (2021)#mandate.end", date=_day("2023-01-31"), since=_day("2021-09-28"))
    assert here.ask("2021-10-01")["h.first/1"].readings["extended"]["due"] == "2023-01-31"


def test_an_item_is_added_to_one_report_or_to_each_from_then_on(world: Make) -> None:
    here = world(
        SMALL, later("{adds-item: people, to: b.series, n: 2}", '{adds-item: money, to: b.series, from: "2022-01-01"}')
    )
    of = {name: item.contents["of"] for name, item in here.ask("2022-02-01").items() if name.startswith("b.series")}
    assert of == {"b.series/1": 1, "b.series/2": 2, "b.series/3": 2, "b.series/4": 2}
    assert here.ask("2021-09-27")["b.series/2"].contents["of"] == 1
    here.deliver("b.series/2", issued=_day("2021-12-20"), symbol="S/1", contents="lacks:people", why="not in it")
    assert here.ask("2021-12-30")["b.series/2"].contents == {"seen": 0, "missing": 1, "unchecked": 1, "of": 2}
    assert here.status("b.series/2", "2021-12-30") == "overdue"
    with pytest.raises(BadInput, match="`people` is no item"):
        here.deliver("b.series/1", issued=_day("2021-12-20"), symbol="S/2", contents="lacks:people", why="not in it")
    told = explain(here.desk, "b.series/2", Question(datetime(2021, 12, 30, tzinfo=UTC)))
    assert told.lines("Contents")[-2:] == (
        "missing: people (added by T/RES/2 (2021))", "unchecked: money (added by T/RES/2 (2021))",
    )  # fmt: skip


def _day(text: str) -> object:
    return datetime.fromisoformat(text).date()


# ------------------------------------------------------------------ names that are not there
@pytest.mark.parametrize(
    ("link", "says"),
    [
        (
            "{ends: b.serie}",
            "small.yaml:9:12: nothing of `T/RES/1 (2021)` is `b.serie` or stands there; did you mean `b.series`?",
        ),
        (
            "{leaves: [OP 4, OP 99]}",
            "small.yaml:9:21: nothing of `T/RES/1 (2021)` is `OP 99` or stands there; write an id",
        ),
        ("{amends: mandat.end, to: adoption}", "did you mean `mandate.end`?"),
        ("{amends: incident, to: adoption}", "no event, end of a period or entry `incident`"),
        ("{amends: b.series, to: adoption}", "`b.series` falls due again and again; say with `n` which date"),
        ("{amends: a.report, to: adoption, n: 2}", "`a.report` falls due once; leave `n` out"),
        ("{amends: mandate.end, to: adoption, n: 2}", "`mandate.end` is an event, and no series; leave `n` out"),
        ("{amends: [OP 14], to: adoption}", "`OP 14` has no day that could be moved"),
        ("{amends: f.standing, to: adoption}", "`f.standing` has no day that could be moved"),
        ("{adds-item: women, to: h}", "`h` is not the id of one entry"),
        ("{adds-item: first, to: a.report}", "`a.report` has an item `first` already"),
    ],
)
def test_a_name_that_the_earlier_instrument_does_not_have_is_refused(world: Make, link: str, says: str) -> None:
    with pytest.raises(BadFile) as refused:
        world(SMALL, later(link))
    assert says in str(refused.value)


def test_one_instrument_says_one_thing_of_a_norm(world: Make) -> None:
    with pytest.raises(BadFile, match=r"`h\.first` is left here and ends in line 9; say one of them"):
        world(SMALL, later("{ends: OP 8}", "{leaves: h.first}"))


def test_what_moves_on_may_not_come_back(world: Make) -> None:
    """Two instruments of one day that move the same entry to each other: nobody would owe it any more."""
    one = later("{moves-to: report, of: report}").replace("T/RES/1 (2021)", "T/RES/3 (2021)")
    other = later("{moves-to: report, of: report}").replace("T/RES/2 (2021)", "T/RES/3 (2021)")
    other = other.replace("T/RES/1 (2021)", "T/RES/2 (2021)")
    with pytest.raises(BadFile) as refused:
        world(one, other)
    circle = "T/RES/2 (2021)#report -> T/RES/3 (2021)#report -> T/RES/2 (2021)#report"
    assert str(refused.value).endswith(f"moves in a circle: {circle}; let one of them go on")


def test_an_earlier_instrument_that_is_not_there_is_left_alone(world: Make) -> None:
    here = world(later("{ends: b.series}", "{ends: no-such-thing}"))
    assert here.status("report/1", "2021-10-01") == "open"
