"""Dates that moved: by how much, before or after they had passed, by whom, and known when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.judgement.conftest import SMALL, World, source

from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.deciding import Ruling, decide
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.slipping import Move, Slips, of_bearer, slips
from duewatch.engine.ledger.database import writing

Make = Callable[..., World]
LAST = date(2022, 12, 31)


def at(here: World, day: date) -> None:
    here.now = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


def found(here: World, as_known: date | None = None, as_of: date = LAST) -> Slips:
    return slips(here.desk, Question(as_of, as_known))


def told(move: Move) -> tuple[Any, ...]:
    return (move.occurrence.partition("#")[2], str(move.was), str(move.now), move.days, move.step.cause)


@pytest.fixture
def small(world: Make) -> World:
    return world()


def extend(here: World, to: date, granted: date, target: str = "a.report", symbol: str = "L/1") -> int:
    recorded = here.record("extension", target, to=to, granted=granted, granted_by="council", symbol=symbol)
    return recorded.numbers[0]


def test_nothing_has_moved_at_first(small: World) -> None:
    assert found(small) == Slips((), (), ())


def test_an_extension_granted_in_time_and_recorded_too_late_says_both(small: World) -> None:
    at(small, date(2021, 7, 20))
    number = extend(small, date(2021, 8, 15), date(2021, 7, 10))
    [move] = found(small).moves
    assert told(move) == ("a.report/1", "2021-07-15", "2021-08-15", 31, "extension")
    assert (move.passed_when_granted, move.passed_when_recorded) == (False, True)
    step = move.step
    assert (step.fact, step.granted_by, step.recorded_by, step.symbol) == (number, "council", "an officer", "L/1")
    assert found(small, as_known=date(2021, 7, 19)).moves == ()
    assert found(small, as_of=date(2021, 7, 9)).moves == ()  # it was not in force yet


def test_a_second_extension_a_correction_and_a_retraction_are_moves_of_their_own(small: World) -> None:
    at(small, date(2021, 7, 1))
    extend(small, date(2021, 8, 15), date(2021, 7, 1))
    at(small, date(2021, 8, 20))
    second = extend(small, date(2021, 9, 30), date(2021, 8, 20), symbol="L/2")
    at(small, date(2021, 8, 21))
    small.record("correction", str(second), to=date(2021, 9, 20), why="a slip of the pen")
    at(small, date(2021, 8, 22))
    small.record("retraction", str(second), why="of another report")
    slipped = found(small)
    assert [told(move)[1:] for move in slipped.moves] == [
        ("2021-07-15", "2021-08-15", 31, "extension"),
        ("2021-08-15", "2021-09-30", 46, "extension"),
        ("2021-09-30", "2021-09-20", -10, "correction of extension"),
        ("2021-09-20", "2021-08-15", -36, "retraction of extension"),
    ]
    assert [move.passed_when_granted for move in slipped.moves] == [False, True, False, False]
    [one] = slipped.occurrences
    assert (one.moves, one.later, one.earlier, one.days, one.longest, one.after) == (4, 2, 2, 31, 46, 1)
    [bearer] = slipped.bearers
    assert (bearer.name, bearer.occurrences, bearer.moves) == ("secretary", 1, 4)
    assert len(found(small, as_known=date(2021, 8, 20)).moves) == 2


def test_the_first_day_of_an_event_moves_nothing_and_its_correction_does(small: World) -> None:
    at(small, date(2021, 9, 1))
    [number] = small.record("event", "election", date=date(2022, 2, 27)).numbers
    assert found(small).moves == ()
    at(small, date(2022, 1, 5))
    small.record("correction", str(number), date=date(2022, 6, 12), why="put off")
    [move] = found(small).moves
    assert told(move) == ("k.vote/1", "2022-02-27", "2022-06-12", 105, "correction of event")
    assert (move.bearers, move.passed_when_recorded) == (("one",), False)


def test_a_ruling_that_makes_another_reading_the_default_moves_what_hangs_on_it(small: World) -> None:
    at(small, date(2022, 6, 29))
    small.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29))
    before = found(small)
    assert [told(move) for move in before.moves] == [
        (f"h.{name}/1", "2022-06-30", "2023-06-30", 365, "event") for name in ("first", "second", "third")
    ]
    # the default reading does not follow the extension, the other one does: told, and counted nowhere
    assert {(move.readings, move.is_default, move.is_whole) for move in before.moves} == {(("extended",), False, False)}
    assert before.occurrences == before.bearers == ()
    at(small, date(2022, 7, 4))
    ruling = Ruling(question="which-mandate", answer="extended", authority="counsel", on=date(2022, 7, 5))
    decide(small.desk, ruling, by="jane", now=small.now, os_user="test")
    moves = found(small).moves[3:]
    assert {(move.readings, move.is_default, move.is_whole) for move in moves} == {(("extended",), True, True)}
    assert [told(move) for move in moves] == [
        (f"h.{name}/1", "2022-06-30", "2023-06-30", 365, "ruling") for name in ("first", "second", "third")
    ]
    assert {(move.step.granted_by, move.passed_when_granted) for move in moves} == {("counsel", True)}
    assert not any(
        move.is_default for move in found(small, as_of=date(2022, 7, 4)).moves
    )  # it holds from the day after
    at(small, date(2022, 7, 6))
    small.record("event", "mandate.end", date=date(2023, 12, 31), since=date(2022, 7, 6))
    assert {move.is_whole for move in found(small).moves[6:]} == {True}  # the reading that was settled moves no more


def test_another_encoding_moves_dates_from_its_adoption_on(small: World) -> None:
    at(small, date(2021, 7, 1))
    extend(small, date(2021, 10, 15), date(2021, 7, 1), "b.series/1")
    changed = SMALL.replace('deadline: {by: "2021-07-15"}', 'deadline: {by: "2021-07-20"}')
    with writing(small.desk.engine) as connection:
        now = datetime(2021, 7, 18, tzinfo=UTC)
        encoding = adopt(connection, [source(changed, small.desk.rules)], now=now, by="an editor")
    small.desk = replace(small.desk, encoding=encoding)
    at(small, date(2021, 7, 19))
    extend(small, date(2021, 7, 31), date(2021, 7, 19))
    assert [told(move) for move in found(small).moves] == [
        ("b.series/1", "2021-09-29", "2021-10-15", 16, "extension"),
        ("a.report/1", "2021-07-15", "2021-07-20", 5, "encoding"),
        ("a.report/1", "2021-07-20", "2021-07-31", 11, "extension"),
    ]
    by_encoding = found(small).moves[1]
    assert (by_encoding.step.recorded_by, by_encoding.step.fact) == ("an editor", None)
    assert by_encoding.passed_when_granted  # the 15th had passed on the 18th
    assert [told(move)[4] for move in found(small, as_known=date(2021, 7, 17)).moves] == ["extension"]


def test_a_date_that_moves_under_some_readings_says_which(small: World) -> None:
    at(small, date(2021, 7, 1))
    extend(small, date(2022, 3, 20), date(2021, 7, 1), "c.transition")  # no later than the other reading has it
    extend(small, date(2022, 4, 1), date(2021, 7, 1), "c.transition", "L/2")
    assert [(told(move)[1:4], move.readings, move.is_default) for move in found(small).moves] == [
        (("2022-03-15", "2022-03-20", 5), ("from-decision",), True),
        (("2022-03-20", "2022-04-01", 12), ("from-decision",), True),
        (("2022-03-25", "2022-04-01", 7), ("from-beginning",), False),
    ]
    [one] = found(small).occurrences
    assert (one.moves, one.days) == (2, 17)


def test_a_date_is_followed_under_a_new_name_and_under_the_old_text_again(small: World) -> None:
    def adopted(text: str, day: date) -> None:
        with writing(small.desk.engine) as connection:
            now = datetime(day.year, day.month, day.day, tzinfo=UTC)
            encoding = adopt(connection, [source(text, small.desk.rules)], now=now, by="an editor")
        small.desk = replace(small.desk, encoding=encoding)

    at(small, date(2021, 7, 1))
    extend(small, date(2021, 8, 15), date(2021, 7, 1))
    renamed = SMALL.replace("{id: a.report,", "{id: y.account, formerly: a.report,")
    adopted(renamed, date(2021, 7, 2))
    at(small, date(2021, 7, 3))
    extend(small, date(2021, 9, 15), date(2021, 7, 3), "y.account")
    twice = SMALL.replace("{id: a.report,", "{id: z.account, formerly: [y.account, a.report],")
    twice = twice.replace("2021-07-15", "2021-07-18")
    adopted(twice, date(2021, 7, 4))
    at(small, date(2021, 7, 5))
    extend(small, date(2021, 10, 15), date(2021, 7, 5), "z.account")
    expected = [
        ("z.account/1", "2021-07-15", "2021-08-15", 31, "extension"),
        ("z.account/1", "2021-08-15", "2021-09-15", 31, "extension"),
        ("z.account/1", "2021-09-15", "2021-10-15", 30, "extension"),
    ]
    assert [told(move) for move in found(small).moves] == expected
    [one] = found(small).occurrences
    assert (one.moves, one.days) == (3, 92)
    assert [told(move)[0] for move in found(small, as_known=date(2021, 7, 3)).moves] == ["y.account/1"] * 2


def test_the_moves_of_one_bearer_have_sums_of_their_own(small: World) -> None:
    at(small, date(2021, 7, 1))
    extend(small, date(2021, 8, 15), date(2021, 7, 1))
    extend(small, date(2022, 4, 1), date(2021, 7, 1), "c.transition")
    both = found(small)
    assert {one.name for one in both.bearers} == {"secretary", "both"}
    own = of_bearer(both, "both")
    assert [(move.provision, move.is_default) for move in own.moves] == [("OP 3", True), ("OP 3", False)]
    assert ([one.name for one in own.bearers], own.bearers[0].days) == (["both"], 17)
