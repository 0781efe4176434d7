"""Whoever has the file can drop the triggers; what they do then must show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, Delete, Insert, Update, delete, insert, select, update

from duewatch.engine.ledger.chain import GENESIS, Broken, Head, digest, head, verify
from duewatch.engine.ledger.database import writing
from duewatch.engine.ledger.facts import Draft, append
from duewatch.engine.ledger.tables import APPEND_ONLY, fact, fact_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

NOW = datetime(2021, 7, 16, 12, tzinfo=UTC)


@pytest.fixture
def ledger(engine: Engine, measure: Draft) -> Iterator[Connection]:
    """Five entries and no guards: 3 has two items."""
    with writing(engine) as connection:
        for number in range(1, 6):
            items = {"a": "seen", "b": "missing"} if number == 3 else {}
            draft = replace(measure, value=str(number), items=items)  # type: ignore[arg-type]
            append(connection, draft, now=NOW + timedelta(days=number), os_user="os")
        for table in APPEND_ONLY:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_update")
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_delete")
        yield connection


Attack = Callable[[Connection], object]


def change(number: int, **values: object) -> Attack:
    """Change an entry, and leave its hash."""
    return lambda connection: connection.execute(update(fact).where(fact.c.seq == number).values(**values))


def forge(number: int, **values: object) -> Attack:
    """Change an entry, and give it the hash that goes with it."""

    def attack(connection: Connection) -> None:
        change(number, **values)(connection)
        seq = values.get("seq", number)
        row = connection.execute(select(fact).where(fact.c.seq == seq)).mappings().one()
        items = connection.execute(select(fact_item.c.item, fact_item.c.state).where(fact_item.c.seq == seq))
        fitting = digest(dict(row), {item: state for item, state in items})  # noqa: C416 - rows, which mypy calls no pairs
        connection.execute(update(fact).where(fact.c.seq == seq).values(hash=fitting))

    return attack


def remove(*numbers: int) -> Attack:
    return lambda connection: connection.execute(delete(fact).where(fact.c.seq.in_(numbers)))


def slip_in(seq: int, after: int, **values: object) -> Attack:
    """Add a copy of entry 2 that follows another one, with a hash that fits."""

    def attack(connection: Connection) -> None:
        row = dict(connection.execute(select(fact).where(fact.c.seq == 2)).mappings().one())
        before = connection.scalar(select(fact.c.hash).where(fact.c.seq == after))
        row |= {"seq": seq, "root": seq, "prev_hash": before} | values
        connection.execute(insert(fact).values(row | {"hash": digest(row, {})}))

    return attack


def one_after_another(*attacks: Attack) -> Attack:
    return lambda connection: [attack(connection) for attack in attacks]


def on_items(statement: Insert | Update | Delete) -> Attack:
    return lambda connection: connection.execute(statement)


ALTERED = "was altered: its columns and items do not give its hash"


REWRITTEN = "was altered and given a new hash: entry {} follows the old one"
ORPHAN = "has items, but is not in the ledger"
EARLY = "was inserted: it is recorded earlier than entry {}"
RANGE = "is missing, like all up to entry {}"
IS_A = fact_item.c.item == "a"
MAKING_ROOM = one_after_another(
    forge(5, seq=6, prev_hash="moved"), slip_in(5, after=4), forge(6, recorded_at=2_000_000_000)
)


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        (change(2, value="9"), [(2, ALTERED)]),
        (change(5, note="nothing to see"), [(5, ALTERED)]),
        (change(2, gone=1), [(2, ALTERED)]),
        (change(2, known_since="always"), [(2, ALTERED)]),  # a null that is one no longer
        (change(2, note=b"\xff"), [(2, ALTERED)]),  # what no text column should hold
        (change(2, prev_hash="0"), [(2, ALTERED)]),
        (change(2, hash="0"), [(2, ALTERED)]),
        (forge(2, value="9"), [(2, REWRITTEN.format(3))]),
        (
            forge(1, prev_hash="f"),
            [(1, REWRITTEN.format(2)), (1, "was altered: the first entry follows another one")],
        ),
        (remove(2), [(2, "is missing")]),
        (remove(1), [(1, "is missing")]),
        (remove(2, 3, 4), [(2, RANGE.format(4)), (3, ORPHAN)]),
        (
            on_items(insert(fact_item).values(seq=2, item="a", state="seen")),
            [(2, "was altered: items were added to it")],
        ),
        (on_items(delete(fact_item).where(IS_A)), [(3, ALTERED)]),
        (on_items(update(fact_item).where(IS_A).values(state="missing")), [(3, ALTERED)]),
        (on_items(update(fact_item).where(IS_A).values(item="c")), [(3, ALTERED)]),
        (on_items(insert(fact_item).values(seq=8, item="a", state="seen")), [(8, ORPHAN)]),
        (slip_in(0, after=99, prev_hash="f"), [(0, "was inserted: entries count from 1")]),
        (slip_in(9, after=5), [(6, RANGE.format(8)), (9, EARLY.format(5))]),
        (MAKING_ROOM, [(5, REWRITTEN.format(6)), (5, EARLY.format(4))]),
    ],
)
def test_a_change_shows(ledger: Connection, attack: Attack, said: list[tuple[int, str]]) -> None:
    assert verify(ledger) == []
    attack(ledger)
    assert verify(ledger) == [Broken(*one) for one in said]


def test_an_entry_between_two_that_follow_each_other_was_inserted(ledger: Connection) -> None:
    ledger.exec_driver_sql("CREATE TABLE loose AS SELECT * FROM fact")  # no longer unique: two follow one
    ledger.exec_driver_sql("DROP TABLE fact")
    ledger.exec_driver_sql("ALTER TABLE loose RENAME TO fact")
    forge(5, seq=6)(ledger)
    slip_in(5, after=4, recorded_at=_seconds(5))(ledger)
    assert verify(ledger) == [Broken(5, "was inserted: entry 6 follows the entry before it")]


def test_a_chain_that_was_rewritten_to_its_end_shows_by_a_head_noted_before(ledger: Connection) -> None:
    noted = head(ledger)
    forge(4, value="9")(ledger)
    forge(5, prev_hash=ledger.scalar(select(fact.c.hash).where(fact.c.seq == 4)))(ledger)
    assert verify(ledger) == []
    assert verify(ledger, noted) == [Broken(5, "is not the entry that the expected head names: it was rewritten")]


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (5, Broken(5, "is missing")),
        (4, Broken(4, "is missing, like all up to entry 5")),
        (1, Broken(1, "is missing, like all up to entry 5")),
    ],
)
def test_a_tail_that_was_cut_off_shows_by_a_head_noted_before(ledger: Connection, first: int, said: Broken) -> None:
    noted = head(ledger)
    ledger.execute(delete(fact_item).where(fact_item.c.seq >= first))
    ledger.execute(delete(fact).where(fact.c.seq >= first))
    assert verify(ledger) == []
    assert verify(ledger, noted) == [said]


def test_a_ledger_that_has_grown_still_has_the_head_noted_before(ledger: Connection, measure: Draft) -> None:
    noted = head(ledger)
    append(ledger, measure, now=NOW, os_user="os")
    assert head(ledger).seq == noted.seq + 1
    assert verify(ledger, noted) == verify(ledger, head(ledger)) == []


def test_an_empty_ledger_has_a_head_too(engine: Engine) -> None:
    with writing(engine) as connection:
        assert head(connection) == Head(0, GENESIS)
        assert verify(connection, Head(0, GENESIS)) == []
        assert verify(connection, Head(2, "f")) == [Broken(1, "is missing, like all up to entry 2")]


def test_the_hash_is_of_the_content_and_nothing_else() -> None:
    assert digest({"seq": 1, "note": "a"}, {}) == digest({"note": "a", "seq": 1, "per": None, "hash": "x"}, {})
    different = [
        digest({"seq": 1, "note": "a"}, {}),
        digest({"seq": 1, "note": "b"}, {}),
        digest({"seq": "1", "note": "a"}, {}),
        digest({"seq": 1, "per": "a"}, {}),
        digest({"seq": 1, "note": "a"}, {"a": "seen"}),
        digest({"seq": 1, "note": "a"}, {"a": "missing"}),
    ]
    assert len(set(different)) == len(different)


def test_a_hash_written_down_once_stays_what_it_was(engine: Engine, measure: Draft) -> None:
    """Whoever changes how the hash is made breaks every ledger there is: this test is their warning."""
    with writing(engine) as connection:
        append(connection, replace(measure, items={"a": "seen"}, note="\u00e9"), now=NOW, os_user="os")
        assert head(connection).hash == "ac44b8b46d9802fcf2fc5e952ad9228304c43e03df3d88f995a6d56e2a41458d"


def _seconds(days: int) -> int:
    return int((NOW + timedelta(days=days)).timestamp())
