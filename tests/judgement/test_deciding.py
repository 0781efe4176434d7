"""Rulings: a question decided, for every entry that names it, from its day on and as far as it is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete
from tests.judgement.conftest import SMALL, World, source

from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.deciding import Ruling, decide
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.doubting import doubts
from duewatch.engine.judgement.explaining import explain
from duewatch.engine.judgement.history import history
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.tables import answer
from duewatch.engine.problems import BadInput
from duewatch.engine.running.ladders import standings

if TYPE_CHECKING:
    from duewatch.engine.judgement.recording import Recorded

Make = Callable[..., World]
ON = date(2022, 7, 5)


def rule(here: World, taken: str, on: date | None = ON, question: str = "which-mandate") -> Recorded:
    ruling = Ruling(question=question, answer=taken, authority="counsel", symbol="M/1", on=on)
    return decide(here.desk, ruling, by="jane", now=here.now, os_user="test")


@pytest.fixture
def renewed(world: Make) -> World:
    """The mandate is renewed the day before it ends; the duties under it were not done."""
    here = world()
    here.now = datetime(2022, 7, 4, 12, tzinfo=UTC)
    here.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29))
    return here


def test_a_question_is_contested_until_it_is_decided_and_plainly_undone_after(renewed: World) -> None:
    done = rule(renewed, "this-one")
    assert not done.moved  # it holds from tomorrow
    assert [renewed.status("h.first/1", day) for day in ("2022-06-30", "2022-07-04", "2022-07-05")] == [
        "due", "contested", "overdue",
    ]  # fmt: skip
    readings = renewed.ask("2022-07-05")["h.first/1"].readings
    assert {name: (one["standing"], one["default"]) for name, one in readings.items()} == {
        "this-one": ("arguable", True), "extended": ("noted", False),
    }  # fmt: skip
    assert (
        renewed.status("h.first/1", "2022-07-05", "2022-07-04T11:00:00+00:00") == "overdue"
    )  # nothing known: no renewal
    changes = history(renewed.desk, "h.first/1", Question(date(2022, 7, 6)))
    assert [change.status for change in changes][-2:] == ["contested", "overdue"]


def test_an_answer_that_was_not_the_default_takes_its_place_for_dates_and_what_hangs_on_them(renewed: World) -> None:
    assert renewed.status("i.response/1", "2022-07-05") == "contested"
    rule(renewed, "extended")
    item = renewed.ask("2022-07-05")["h.first/1"]
    assert (item.status, item.due, item.default_status) == ("open", "2023-06-30", "open")
    assert renewed.status("i.response/1", "2022-07-05") == "dormant"  # no source is undone under the answer taken


def test_an_entrys_own_readings_stay_in_doubt(world: Make) -> None:
    text = SMALL.replace("which: all, at: mandate.end}, why", "which: all, at: mandate.end}, standing: noted, why")
    here = world(text)
    here.now = datetime(2022, 7, 4, 12, tzinfo=UTC)
    rule(here, "this-one", date(2021, 7, 1))
    standings = {name: one["standing"] for name, one in here.ask("2022-01-01")["i.response/1"].readings.items()}
    assert standings == {
        "any/this-one": "arguable", "any/extended": "noted", "all/this-one": "noted", "all/extended": "noted",
    }  # fmt: skip


def test_a_later_ruling_takes_over_and_a_retraction_gives_the_doubt_back(renewed: World) -> None:
    [first] = rule(renewed, "this-one").numbers
    [second] = rule(renewed, "extended", date(2022, 7, 8)).numbers
    assert [renewed.status("h.first/1", day) for day in ("2022-07-07", "2022-07-08")] == ["overdue", "open"]
    with pytest.raises(BadInput, match=f"so already, by fact {second}"):
        rule(renewed, "extended", date(2022, 7, 9))
    for number in (first, second):
        renewed.record("retraction", str(number), why="the authority was not there")
    assert renewed.status("h.first/1", "2022-07-08") == "contested"


def test_what_was_noted_becomes_the_answer_when_it_is_decided(world: Make) -> None:
    """Nobody argued it; the authority takes it all the same, and the entry does not vanish."""
    text = SMALL.replace(
        "{sets: {mandate.end: {as: dynamic}}, why", "{standing: noted, sets: {mandate.end: {as: dynamic}}, why"
    )
    here = world(text)
    here.now = datetime(2022, 7, 4, 12, tzinfo=UTC)
    here.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29))
    assert here.status("h.first/1", "2022-07-05") == "overdue"
    rule(here, "extended")
    assert here.ask("2022-07-05")["h.first/1"].status == "open"


def test_the_sheet_says_who_decided(renewed: World) -> None:
    rule(renewed, "this-one")
    [shared] = [doubt for doubt in doubts(renewed.desk) if doubt.name]
    assert (shared.decided, shared.is_open) == ("this-one, by counsel from 2022-07-05 (fact 2)", False)


@pytest.mark.parametrize(
    ("question", "taken", "told"),
    [
        ("which-mandat", "this-one", "did you mean `which-mandate`"),
        ("which-mandate", "that-one", "did you mean `this-one`"),
        ("which-mandate", "any", "there are this-one, extended"),
    ],
)
def test_what_nobody_asked_cannot_be_decided(renewed: World, question: str, taken: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        rule(renewed, taken, question=question)


def test_an_encoding_adopted_before_there_were_rulings_can_be_decided(renewed: World) -> None:
    with writing(renewed.desk.engine) as connection:
        connection.execute(delete(answer))
    rule(renewed, "this-one")
    assert renewed.status("h.first/1", "2022-07-05") == "overdue"


def test_a_ruling_outlives_a_new_text_that_keeps_the_question(renewed: World) -> None:
    rule(renewed, "this-one")
    with writing(renewed.desk.engine) as connection:
        changed = source(SMALL.replace("do the first thing", "do it"), renewed.desk.rules)
        encoding = adopt(connection, [changed], now=renewed.now, by="jane")
    renewed.desk = type(renewed.desk)(renewed.desk.engine, renewed.desk.rules, renewed.desk.decider, encoding, "UTC")
    assert renewed.status("h.first/1", "2022-07-05") == "overdue"


def test_what_is_asked_and_of_whom_comes_from_the_answer_that_was_taken(world: Make) -> None:
    taken = "{bearer: council, action: do something else, strength: requests, sets: {mandate.end: {as: dynamic}}, why"
    here = world(SMALL.replace("{sets: {mandate.end: {as: dynamic}}, why", taken))
    here.now = datetime(2022, 7, 4, 12, tzinfo=UTC)
    rule(here, "extended")
    first = ("h.first/1", date(2022, 7, 4)), ("h.first/1", date(2022, 7, 5))
    before, after = (here.ask(day)[name] for name, day in first)
    assert (before.bearer, before.action, before.strength) == (["both"], "do the first thing", "urges")
    assert (after.bearer, after.action, after.strength) == (["council"], "do something else", "requests")
    told = explain(here.desk, "h.first", Question(date(2022, 7, 5)))
    assert told.lines(told.heading) == ("T/RES/1 (2021), OP 8: urges council", "to do something else")
    with reading(here.desk.engine) as connection, judging(connection, here.desk, Question(date(2022, 7, 5))):
        standing = standings(connection, here.desk)["T/RES/1 (2021)#h.first/1"]
    assert standing.matter.bearers == ("council",), "who is told follows too"
