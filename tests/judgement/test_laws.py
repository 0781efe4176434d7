"""The laws of evaluation, on ledgers made up at random (each seed is one ledger, and always the same one)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Row, event, select
from tests.judgement.conftest import SMALL, World, source

from duewatch.engine.encoding.contacts import Contacts
from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.editions import in_force, instrument_of
from duewatch.engine.judgement.redating import redate
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.tables import dating, fact, state
from duewatch.engine.problems import BadInput
from duewatch.engine.running.nightly import evaluate

if TYPE_CHECKING:
    from duewatch.engine.judgement.asking import Item

Make = Callable[..., World]
NOBODY = Contacts(people=(), responsible=(), sha256="", content=b"")
FIRST = date(2021, 6, 29)
SEEDS = range(4)

pytestmark = pytest.mark.uncounted  # counting lines would nearly double it, and the scenarios reach the same ones


def some_day(dice: random.Random) -> date:
    return FIRST + timedelta(days=dice.randrange(420))


def one_fact(world: World, dice: random.Random) -> None:
    """Record something; what may not be recorded is refused, and another ledger results."""
    day, number = some_day(dice), dice.randrange(10_000)
    series = f"b.series/{dice.randrange(1, 5)}"
    hour = datetime(day.year, day.month, day.day, number % 24, 30, tzinfo=UTC)
    paper = {dice.choice(["dated", "issued"]): dice.choice([day, hour]), "symbol": f"R/{number}"}
    doings: list[Callable[[], Any]] = [
        lambda: world.deliver(
            "a.report", **paper, contents=dice.choice(["unchecked", "complete", "lacks:first"]), why="w"
        ),
        lambda: world.deliver(series, **paper),
        lambda: world.deliver(dice.choice(["h.first", "h.second"]), **paper),
        lambda: world.record("measure", "d.ceiling", value=str(dice.choice([90, 100, 101])), on=day),
        lambda: world.record("measure", "h.third", value=str(dice.choice([9, 10])), on=day),
        lambda: world.record("event", "mandate.end", date=date(2022, 12, 31) + timedelta(number % 90), since=day),
        lambda: world.record("event", "incident", date=day),
        lambda: world.record("event", "election", date=day),
        lambda: world.record("extension", series, to=day + timedelta(40), granted=day, granted_by="c", symbol="L"),
        lambda: world.record("waiver", "h.first", granted=day, granted_by="c", symbol="L"),
        lambda: world.record("looked", "a.report", on=day, found=dice.choice(["nothing", "cannot-say"])),
        lambda: world.record("announced", series, on=day, will="late"),
        lambda: world.record("judgement", "f.standing@one", finding=dice.choice(["kept", "not-kept"]), on=day, why="w"),
        lambda: world.record("judgement", f"g.ban@group-{number % 2}", finding="not-kept", on=day, why="w"),
        lambda: world.record("retraction", str(dice.choice(world.numbers or [1])), why="a mistake"),
        lambda: world.record("correction", str(dice.choice(world.numbers or [1])), on=day, why="another day"),
        lambda: world.record(
            "correction", str(dice.choice(world.numbers or [1])), dated=dice.choice([day, hour]), why="so"
        ),
    ]
    try:
        dice.choice(doings)()
    except BadInput:
        return


def a_ledger(world: World, seed: int, length: int = 18) -> random.Random:
    dice = random.Random(seed)  # noqa: S311 - chance for a test
    world.now = datetime(2021, 6, 30, 12, tzinfo=UTC)
    for _ in range(length):
        world.now += timedelta(days=dice.randrange(1, 20))
        one_fact(world, dice)
    return dice


def as_answers(items: dict[str, Item]) -> dict[str, object]:
    return {name: item.as_json() for name, item in items.items()}


def entries(world: World, upto: int) -> list[facts.Entry]:
    with reading(world.desk.engine) as connection:
        return [entry for entry in facts.rows(connection) if entry.seq <= upto]


def replay(world: World, what: list[facts.Entry]) -> None:
    """Write the given entries to the empty ledger of a fresh world, and date everything anew."""
    with writing(world.desk.engine) as connection:
        for entry in what:
            if entry.gone:
                facts.retract(
                    connection, entry.root, why=entry.draft.note, by=entry.draft.recorded_by, now=entry.recorded_at,
                    os_user=entry.os_user,
                )  # fmt: skip
            elif entry.root != entry.seq:
                facts.correct(connection, entry.root, entry.draft, now=entry.recorded_at, os_user=entry.os_user)
            else:
                facts.append(connection, entry.draft, now=entry.recorded_at, os_user=entry.os_user)
        date_anew(world, connection)


def date_anew(world: World, connection: Any) -> None:
    from duewatch.engine.judgement.redating import create_occurrences

    named = {
        row.target: row.target.partition("@")[0] for row in connection.execute(select(fact).where(fact.c.member != ""))
    }
    create_occurrences(connection, named)
    instrument = instrument_of(connection, world.desk.rules, "T/RES/1 (2021)")
    redate(connection, world.desk.encoding, instrument, instrument.obligations, horizon=in_force(connection).horizon)


@pytest.mark.parametrize("seed", SEEDS)
def test_law_1_knowledge_is_a_prefix_of_the_ledger(world: Make, seed: int) -> None:
    here, fresh = world(), world()
    dice = a_ledger(here, seed)
    everything = entries(here, 10**9)
    cut = dice.choice(everything).seq
    known = next(entry.recorded_at for entry in everything if entry.seq == cut)
    replay(fresh, [entry for entry in everything if entry.recorded_at <= known])
    for _ in range(3):
        day = some_day(dice)
        assert as_answers(here.ask(day, known)) == as_answers(fresh.ask(day)), day


@pytest.mark.parametrize("seed", SEEDS)
def test_law_2_later_facts_do_not_change_an_earlier_day(world: Make, seed: int) -> None:
    here, fresh = world(), world()
    dice = a_ledger(here, seed)
    day = some_day(dice)
    # a later correction may bring a fact forward, so the newest versions decide; cases keep their ordinals
    everything = entries(here, 10**9)
    newest = {entry.root: entry for entry in everything}
    papers = {entry.root: entry.draft for entry in newest.values() if entry.draft.kind == "document"}

    def counts(entry: facts.Entry) -> bool:
        draft = newest[entry.root].draft
        if draft.kind == "event" and "incident" in draft.target:
            return True
        paper = papers.get(draft.document or entry.root)
        if paper is not None:
            found = [one for one in (paper.dated, paper.issued, paper.transmitted, paper.received) if one is not None]
            return min(found) <= day
        return draft.effective is None or draft.effective <= day

    kept = [entry for entry in everything if counts(entry)]
    replay_compact(fresh, kept)
    mine, theirs = here.ask(day), fresh.ask(day)
    assert {name: (item.status, item.due, item.contents) for name, item in mine.items() if "g.ban" not in name} == {
        name: (item.status, item.due, item.contents) for name, item in theirs.items() if "g.ban" not in name
    }


def replay_compact(world: World, what: list[facts.Entry]) -> None:
    """As `replay`, where earlier numbers may be missing: roots and documents are numbered anew."""
    numbers: dict[int, int] = {}
    with writing(world.desk.engine) as connection:
        for entry in what:
            draft = entry.draft
            if draft.document is not None:
                from dataclasses import replace as changed

                draft = changed(draft, document=numbers[draft.document])
            if entry.gone:
                facts.retract(connection, numbers[entry.root], why="r", by="b", now=entry.recorded_at, os_user="u")
            elif entry.root != entry.seq:
                facts.correct(connection, numbers[entry.root], draft, now=entry.recorded_at, os_user="u")
            else:
                numbers[entry.root] = facts.append(connection, draft, now=entry.recorded_at, os_user="u")
        date_anew(world, connection)


@pytest.mark.parametrize("seed", SEEDS)
def test_law_3_nothing_changes_before_the_next_look(world: Make, seed: int) -> None:
    here = world()
    dice = a_ledger(here, seed)
    day = some_day(dice)
    with reading(here.desk.engine) as connection, judging(connection, here.desk, Question(day)):
        rows = connection.execute(select(verdict.c.occurrence, verdict.c.reading, verdict.c.next_day)).all()
    before = here.ask(day)
    for gap in (1, 3, 10, 40, 120):
        later = day + timedelta(days=gap)
        after = here.ask(later)
        for name, item in before.items():
            own = [row for row in rows if row.occurrence.endswith(f"#{name}")]
            if own and all(row.next_day is None or from_day(row.next_day) > later for row in own):
                assert after[name].status == item.status, (name, day, later)
                assert after[name].due == item.due, (name, day, later)


@pytest.mark.parametrize("seed", SEEDS)
def test_law_4_datings_are_a_cache(world: Make, seed: int) -> None:
    here = world()
    a_ledger(here, seed)

    def rows(connection: Any) -> list[Row[Any]]:
        order = (dating.c.occurrence, dating.c.reading, dating.c.k0, dating.c.d0)
        return list(connection.execute(select(dating).order_by(*order)))

    with writing(here.desk.engine) as connection:
        before = rows(connection)
        date_anew(here, connection)
        assert rows(connection) == before


@pytest.mark.parametrize("seed", range(2))
def test_law_5_by_nights_by_weeks_and_at_once_give_the_same_state(world: Make, seed: int) -> None:
    worlds = [world() for _ in range(3)]
    for here in worlds:
        a_ledger(here, seed, 12)
    first, last = date(2022, 3, 1), date(2022, 3, 29)
    for here, step in zip(worlds, (1, 7, 28), strict=True):
        for gap in range(0 if step < 28 else 28, (last - first).days + 1, step):
            now = datetime.combine(first + timedelta(days=gap), time(12), UTC)
            evaluate(here.desk, NOBODY, now=now, real_now=now)
    names = [column for column in state.c if column.name != "run"]
    states = []
    for here in worlds:
        with reading(here.desk.engine) as connection:
            states.append(connection.execute(select(*names).order_by(state.c.occurrence)).all())
    assert states[0] == states[1] == states[2]


def many(count: int) -> str:
    """The small instrument with many more dated duties."""
    lines = [
        f"- {{id: z.n{n}, provision: OP 99, verb: requests, bearer: secretary, kind: achieve, action: act,"
        f' deadline: {{by: "{FIRST + timedelta(days=n % 300)}"}}}}'
        for n in range(count)
    ]
    return SMALL + "\n".join(lines) + "\n"


def test_law_8_the_number_of_statements_does_not_grow(world: Make) -> None:
    counts = []
    for size in (20, 400):
        here = world(many(size))
        heard: list[str] = []
        event.listen(here.desk.engine, "before_cursor_execute", lambda *args, heard=heard: heard.append(args[2]))
        here.ask("2021-12-01")
        asked = len(heard)
        now = datetime(2021, 12, 1, 12, tzinfo=UTC)
        evaluate(here.desk, NOBODY, now=now, real_now=now)
        counts.append((asked, len(heard) - asked))
    assert counts[0] == counts[1]


def test_evaluating_twice_writes_once_and_a_new_fact_writes_the_difference(world: Make) -> None:
    here = world()
    now = datetime(2021, 7, 16, 12, tzinfo=UTC)
    first = evaluate(here.desk, NOBODY, now=now, real_now=now)
    again = evaluate(here.desk, NOBODY, now=now, real_now=now)
    assert (len(first.transitions) == first.examined, again.transitions) == (True, ())
    here.now = now
    here.deliver("a.report", dated=date(2021, 7, 15), symbol="R/1")
    third = evaluate(here.desk, NOBODY, now=now, real_now=now)
    assert [(one.old, one.new, one.cause) for one in third.transitions] == [("overdue", "met", "fact")]


def test_an_encoding_that_drops_an_id_with_facts_is_refused(world: Make) -> None:
    here = world()
    here.deliver("a.report", dated=date(2021, 7, 15), symbol="R/1")
    without = "\n".join(line for line in SMALL.splitlines() if "a.report" not in line)
    with pytest.raises(BadInput, match=r"a\.report"), writing(here.desk.engine) as connection:
        adopt(connection, [source(without, here.desk.rules)], now=here.now, by="x")
