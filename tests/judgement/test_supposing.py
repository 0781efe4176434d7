"""What if: both sides of everything that would move, and a ledger that stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from tests.judgement.conftest import World

from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.supposing import Moved, Supposed, suppose
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import reading
from duewatch.engine.problems import BadInput

Make = Callable[..., World]
RENEWAL = Supposed("event", "mandate.end", {"date": date(2022, 12, 31), "since": date(2022, 6, 29)})


def what_if(here: World, *supposed: Supposed, as_of: date = date(2022, 7, 2)) -> dict[str, Moved]:
    found = suppose(here.desk, supposed, Question(as_of), now=here.now)
    return {one.occurrence.partition("#")[2]: one for one in found}


@pytest.fixture
def here(world: Make) -> World:
    one = world()
    one.now = datetime(2022, 7, 2, 12, tzinfo=UTC)
    return one


def test_a_renewal_moves_what_hangs_on_it_and_nothing_is_written(here: World) -> None:
    before = here.ask("2022-07-02")
    moved = what_if(here, RENEWAL)
    assert list(moved) == ["h.first/1", "h.second/1", "h.third/1", "i.response/1"]
    first = moved["h.first/1"]
    assert (first.status, first.due) == (("overdue", "contested"), ("2022-06-30", "2022-06-30"))
    assert first.readings == ("extended",)
    assert here.ask("2022-07-02") == before
    with reading(here.desk.engine) as connection:
        assert facts.rows(connection) == []


def test_supposed_facts_come_one_after_the_other(here: World) -> None:
    incident = Supposed("event", "incident", {"date": date(2022, 6, 1)})
    waiver = {"granted": date(2022, 6, 30), "granted_by": "council", "symbol": "L/1"}
    moved = what_if(here, incident, Supposed("waiver", "j.cases/1", waiver))
    assert {name: one.status for name, one in moved.items()} == {"j.cases/1": ("dormant", "waived")}


def test_what_could_not_be_recorded_cannot_be_supposed(here: World) -> None:
    with pytest.raises(BadInput, match="no event"):
        what_if(here, Supposed("event", "mandate.ende", {"date": date(2022, 12, 31)}))


def test_what_changes_the_words_alone_is_told_as_well(here: World) -> None:
    moved = what_if(here, Supposed("review", "f.standing@one", {"on": date(2021, 7, 1)}))
    assert moved["f.standing@one/1"].status == ("review", "review")
    assert moved["f.standing@one/1"].says[0] != moved["f.standing@one/1"].says[1]
