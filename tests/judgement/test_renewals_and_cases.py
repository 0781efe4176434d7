"""The laws of evaluation for a term that renews by itself, and for cases that several events may arm."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tests.judgement.test_laws import as_answers, date_anew, entries, replay

from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.tables import dating
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = range(3)
FIRST = date(2021, 7, 1)
TEXT = """
instrument: {symbol: T/RES/1 (2021), adopted: {date: "2021-06-29"}, zone: Europe/London, regime: plain, verbs: contract}
periods:
  term: {from: adoption, until: "2021-12-31", renews: {for: 6 months, unless: notice, at-least: 60 days, times: 3}}
events:
  notice: {repeats: true}
  told: {repeats: true}
  certain: {repeats: true}
parties: {supplier: {}}
obligations:
- under: a
  provision: cl 1
  shared: {verb: shall, bearer: supplier, action: act}
  entries:
  - {id: choice, modality: permission, kind: permit, until: "60 days before term.end"}
  - {id: report, kind: recur, deadline: {every: 2 months, after: adoption, while: term}}
  - {id: month, kind: recur, deadline: {recurs: FREQ=MONTHLY;BYMONTHDAY=3, from: adoption, plus: 20 days, while: term}}
  - {id: back, kind: achieve, deadline: {within: 30 days, after: term.end}}
  - id: tell
    kind: respond
    armed-by: {event: certain, per: breach}
    deadline: {within: 10 days, after: armed}
    readings:
      certain: {default: true, why: so}
      told: {armed-by: {event: told, per: breach}, why: or so}
"""


def a_ledger(world: Any, seed: int) -> random.Random:
    dice = random.Random(seed)  # noqa: S311 - chance for a test
    world.now = datetime(2021, 6, 30, 12, tzinfo=UTC)
    for _ in range(14):
        world.now += timedelta(days=dice.randrange(1, 25))
        day = FIRST + timedelta(days=dice.randrange(500))
        case = dice.choice(["", "B/1", "B/2"])
        event = dice.choice(["notice", "told", "certain", "told", "certain"])
        doings: list[Callable[[], Any]] = [
            *[lambda event=event, case=case, day=day: world.record("event", event, date=day, symbol=case)] * 4,
            lambda: world.record("retraction", str(dice.choice(world.numbers or [1])), why="a mistake"),
            lambda day=day: world.record("correction", str(dice.choice(world.numbers or [1])), date=day, why="another"),
            lambda day=day: world.deliver("a.tell/1", dated=day, symbol="D/1"),
        ]
        try:
            dice.choice(doings)()
        except BadInput:
            continue
    return dice


@pytest.mark.parametrize("seed", SEEDS)
def test_knowledge_is_a_prefix_and_datings_are_a_cache(world: Callable[..., Any], seed: int) -> None:
    here, fresh = world(TEXT), world(TEXT)
    dice = a_ledger(here, seed)
    everything = entries(here, 10**9)
    known = dice.choice(everything).recorded_at
    replay(fresh, [entry for entry in everything if entry.recorded_at <= known])
    for _ in range(3):
        day = FIRST + timedelta(days=dice.randrange(700))
        assert as_answers(here.ask(day, known)) == as_answers(fresh.ask(day)), day
    order = (dating.c.occurrence, dating.c.reading, dating.c.k0, dating.c.d0)
    with writing(here.desk.engine) as connection:
        before = list(connection.execute(select(dating).order_by(*order)))
        date_anew(here, connection)
        assert list(connection.execute(select(dating).order_by(*order))) == before
    for one, two in pairwise(before):
        same = (one.occurrence, one.reading, one.k0, one.k1) == (two.occurrence, two.reading, two.k0, two.k1)
        assert not same or one.d1 <= two.d0, "no two answers for one point"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_changes_before_the_next_look(world: Callable[..., Any], seed: int) -> None:
    here = world(TEXT)
    dice = a_ledger(here, seed)
    day = FIRST + timedelta(days=dice.randrange(500))
    with reading(here.desk.engine) as connection, judging(connection, here.desk, Question(day)):
        rows = connection.execute(select(verdict.c.occurrence, verdict.c.reading, verdict.c.next_day)).all()
    before = here.ask(day)
    for gap in (1, 5, 20, 60, 150):
        later = day + timedelta(days=gap)
        after = here.ask(later)
        for name, item in before.items():
            own = [row for row in rows if row.occurrence.endswith(f"#{name}")]
            if own and all(row.next_day is None or from_day(row.next_day) > later for row in own):
                assert (after[name].status, after[name].due) == (item.status, item.due), (name, day, later)
