"""What the database computes is what the interpreter says, nulls included; and days are known on which it turns."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, create_engine, insert, select
from sqlalchemy.dialects import postgresql

from duewatch.rules import relational
from duewatch.rules.conditions import ORDERING, All, Atom, Atomic, FieldRef, Not
from duewatch.rules.fields import DAY, FIELDS, Field, moves
from duewatch.rules.grammar import Rule, Ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from duewatch.rules.checking import Alerts

Row = dict[str, object]
TYPES = {"word": Text, "flag": Integer, "day": Integer, "number": BigInteger}
SITUATION = Table(
    "situation",
    MetaData(),
    Column("row", Integer, primary_key=True),
    *(Column(field.name, TYPES[field.type]) for field in FIELDS.values()),
)
COLUMNS = {name: SITUATION.c[name] for name in FIELDS}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Give a real file of SQLite with an empty table of situations."""
    path: Path = tmp_path_factory.mktemp("relational") / "situations.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        SITUATION.create(connection)
        yield connection
    engine.dispose()


def fill(connection: Connection, rows: Sequence[Row]) -> None:
    connection.execute(SITUATION.delete())
    connection.execute(insert(SITUATION), [{"row": number, **row} for number, row in enumerate(rows)])


def signatures(connection: Connection, ruleset: Ruleset) -> list[int]:
    query = select(relational.signature(ruleset, COLUMNS)).order_by(SITUATION.c.row)
    return list(connection.scalars(query))


def asking(*atoms: Atom) -> Ruleset:
    """Give rules of which every atom matters."""
    return Ruleset(FIELDS, {}, (Rule(name="all", outcome="x", when=All(tuple(map(Atomic, atoms)))),))


# ------------------------------------------------------------------ the same signature
NUMBERS = ("lead", "review_days", "days_left", "days_open", "looked_age", "contents_missing")
EVERY_ATOM = [
    *(Atom("days_left", operator, 0) for operator in ORDERING),
    *(Atom("days_left", operator, FieldRef("lead")) for operator in ORDERING),
    *(Atom("looked_age", operator, FieldRef("review_days")) for operator in ORDERING),
    *(Atom("due", operator, FieldRef("ends")) for operator in ORDERING),
    *(Atom("contents_missing", operator, 2) for operator in ORDERING),
    *(Atom(name, "absent") for name in ("due", "kept", "review_days", "dated_state", "days_late")),
    Atom("days_left", "is", 0),
    Atom("days_left", "is", FieldRef("lead")),
    Atom("days_open", "in", (-1, 0, 5)),
    Atom("kind", "is", "limit"),
    Atom("kind", "in", ("maintain", "refrain")),
    Atom("dated_state", "is", "none"),
    Atom("dated_state", "in", ("none", "unresolved")),
    Atom("strength", "is", "calls upon"),
    Atom("strength", "in", ("it's", 'a "b"', "100%", ":name")),
    Atom("waived", "is", 1),
    Atom("kept", "is", 0),
    Atom("kept", "in", (0, 1)),
]


def anything(chance: random.Random, field: Field) -> object:
    """Give any value of a field's type, null too where it may be, whether it makes sense with the others or not."""
    if field.nullable and chance.random() < 0.3:
        return None
    if field.type == "flag":
        return chance.choice([0, 1])
    if field.type == "word":
        return chance.choice(field.values or ("requests", "calls upon", "it's", 'a "b"', "100%", ":name", ""))
    return chance.choice([-400, -2, -1, 0, 1, 2, 5, 14, 15, 93, 20_000, 2**40 if field.type == "number" else 90_000])


@pytest.fixture(scope="module")
def nonsense() -> list[Row]:
    """Give five thousand rows of anything at all."""
    chance = random.Random(1)  # noqa: S311 -- to be repeated, not to be secret
    return [{name: anything(chance, field) for name, field in FIELDS.items()} for _ in range(5000)]


def test_every_kind_of_atom_is_the_same_in_sql(database: Connection, nonsense: list[Row]) -> None:
    ruleset = asking(*EVERY_ATOM)
    fill(database, nonsense)
    assert signatures(database, ruleset) == [ruleset.signature_of(row) for row in nonsense]
    seen = {bit for row in nonsense for bit, atom in enumerate(ruleset.atoms) if atom.holds(row)}
    assert seen == set(range(len(EVERY_ATOM)))


def test_the_signature_of_the_shipped_rules_is_the_same_in_sql(
    database: Connection, status: Ruleset, nonsense: list[Row], histories: list[Row]
) -> None:
    rows = [*nonsense, *histories]
    fill(database, rows)
    assert signatures(database, status) == [status.signature_of(row) for row in rows]


def test_alerts_are_decided_the_same_way(database: Connection, alerts: Alerts) -> None:
    ruleset = alerts.ruleset
    chance = random.Random(2)  # noqa: S311
    rows = [{name: anything(chance, field) for name, field in ruleset.fields.items()} for _ in range(1000)]
    table = Table("occurrence", MetaData(), Column("row", Integer), *(Column(name, Text) for name in ruleset.fields))
    table.create(database)
    database.execute(insert(table), [{"row": number, **row} for number, row in enumerate(rows)])
    columns = {name: table.c[name] for name in ruleset.fields}
    found = database.scalars(select(relational.signature(ruleset, columns)).order_by(table.c.row))
    assert list(found) == [ruleset.signature_of(row) for row in rows]
    table.drop(database)


def test_sixty_atoms_fit_and_no_rules_at_all_do_too(database: Connection, nonsense: list[Row]) -> None:
    sixty = asking(*(Atom("days_left", "above", number - 30) for number in range(60)))
    fill(database, nonsense[:500])
    assert signatures(database, sixty) == [sixty.signature_of(row) for row in nonsense[:500]]
    assert max(signatures(database, sixty)) == 2**60 - 1
    assert signatures(database, Ruleset(FIELDS, {}, ())) == [0] * 500


def test_without_kinds_every_bit_stands(database: Connection, nonsense: list[Row]) -> None:
    low = Rule(name="low", outcome="x", when=Atomic(Atom("lead", "below", 3)))
    ruleset = Ruleset({"lead": FIELDS["lead"]}, {}, (low,))
    fill(database, nonsense[:100])
    assert signatures(database, ruleset) == [ruleset.signature_of(row) for row in nonsense[:100]]


def test_the_other_database_gets_the_same_text(status: Ruleset) -> None:
    text = str(select(relational.signature(status, COLUMNS)).compile(dialect=postgresql.dialect()))
    assert text.count("CASE WHEN") == len(status.atoms) + 1
    assert " & " in text


# ------------------------------------------------------------------ the days on which it turns
def turning(connection: Connection, ruleset: Ruleset) -> list[set[int]]:
    """Give the turning days of each row of the table."""
    turns = relational.turning_days(ruleset, COLUMNS, SITUATION.c[DAY])
    rows = connection.execute(select(SITUATION.c.row, *turns).order_by(SITUATION.c.row)).all()
    return [{day for day in row[1:] if day is not None} for row in rows]


def on_day(row: Row, day: int) -> Row:
    """Give the same row as it is on another day: only what is linear in the day changes."""
    moved = {**row, DAY: day}
    for field in FIELDS.values():
        base = row[field.base] if field.base else None
        if field.slope:
            moved[field.name] = field.slope * (day - base) if isinstance(base, int) else None
    return moved


def changes(ruleset: Ruleset, row: Row, days: range) -> set[int]:
    """Give the days on which some atom differs from the day before."""
    truths = [tuple(atom.holds(on_day(row, day)) for atom in ruleset.atoms) for day in days]
    return {day for day, before, now in zip(days[1:], truths, truths[1:], strict=False) if before != now}


BASES = ("due", "opens", "working_due", "soft_due", "ends", "measured_on", "looked_from")
WINDOW = range(-60, 61)


def a_dated_row(chance: random.Random) -> Row:
    row: Row = {name: anything(chance, field) for name, field in FIELDS.items()}
    row |= {name: chance.choice([None, *range(-20, 20)]) for name in BASES}
    row |= {"lead": chance.randrange(15), "review_days": chance.choice([None, 0, 7])}
    return on_day(row, chance.randrange(-30, 30))


EACH_MOVING_ATOM = [
    Atom(name, operator, argument)  # type: ignore[arg-type]
    for name in ("days_left", "days_open")
    for operator in ("is", *ORDERING)
    for argument in (-3, 0, 4, FieldRef("lead"))
] + [
    Atom("days_left", "in", (-2, 0, 7)),
    Atom("looked_age", "above", FieldRef("review_days")),
    Atom("lead", "at_least", FieldRef("days_left")),
    Atom("lead", "is", FieldRef("days_open")),
    Atom("lead", "below", FieldRef("days_open")),
    Atom("due", "below", FieldRef(DAY)),
    Atom("due", "is", FieldRef(DAY)),
    Atom(DAY, "at_most", FieldRef("ends")),
    Atom("days_left", "absent"),
]


@pytest.mark.parametrize("atom", EACH_MOVING_ATOM, ids=str)
def test_an_atom_turns_on_its_turning_days_and_on_no_others(database: Connection, atom: Atom) -> None:
    chance = random.Random(3)  # noqa: S311
    rows = [a_dated_row(chance) for _ in range(60)]
    fill(database, rows)
    expected = [changes(asking(atom), row, WINDOW) for row in rows]
    assert turning(database, asking(atom)) == expected
    assert any(expected) == (atom.operator != "absent")


def test_what_does_not_move_does_not_turn() -> None:
    still = [name for name, field in FIELDS.items() if not moves(field)]
    assert len(still) > 30
    ruleset = asking(Atom("lead", "below", 3), Atom("waived", "is", 1), Atom("due", "at_most", FieldRef("ends")))
    assert relational.turning_days(ruleset, COLUMNS, SITUATION.c[DAY]) == []


def test_days_late_may_appear_on_the_day_after_its_base(database: Connection) -> None:
    chance = random.Random(4)  # noqa: S311
    rows = [a_dated_row(chance) for _ in range(20)]
    fill(database, rows)
    for row, days in zip(rows, turning(database, asking(Atom("days_late", "absent"))), strict=True):
        assert days == ({row["due"] + 1} if isinstance(row["due"], int) else set())


def test_between_the_turning_days_of_the_shipped_rules_nothing_changes(database: Connection, status: Ruleset) -> None:
    chance = random.Random(5)  # noqa: S311
    rows = [a_dated_row(chance) for _ in range(40)]
    fill(database, rows)
    for row, days in zip(rows, turning(database, status), strict=True):
        assert changes(status, row, WINDOW) <= days


def test_a_turning_day_is_asked_for_once(status: Ruleset) -> None:
    rule = All((Atomic(Atom("days_left", "above", 0)), Not(Atomic(Atom("days_left", "at_most", 0)))))
    twice = Ruleset(FIELDS, {}, (Rule(name="twice", outcome="x", when=rule),))
    assert len(relational.turning_days(twice, COLUMNS, SITUATION.c[DAY])) == 1
    assert len(relational.turning_days(status, COLUMNS, SITUATION.c[DAY])) == 8


def test_the_day_asked_about_may_be_any_expression(database: Connection) -> None:
    fill(database, [on_day({**dict.fromkeys(FIELDS), "due": 50}, 10)])
    [turn] = relational.turning_days(asking(Atom("due", "below", FieldRef(DAY))), COLUMNS, SITUATION.c[DAY] + 100)
    value: Any = database.scalar(select(turn))
    assert value == 51
