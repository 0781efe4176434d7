from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from duewatch.engine.ledger import chain
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.days import instant
from duewatch.engine.ledger.facts import Draft, FactKind, append, correct, known, newest, retract, rows
from duewatch.engine.ledger.tables import fact, fact_item
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

NOW = datetime(2021, 7, 16, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HAND: dict[str, Any] = {"now": NOW, "os_user": "os"}
DOCUMENT = Draft(
    kind="document",
    instrument="I",
    recorded_by="officer",
    dated=date(2021, 7, 15),
    symbol="D/1",
    form="report",
    items={"b": "seen", "a": "missing"},
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as opened:
        yield opened


# ------------------------------------------------------------------ appending
def test_a_fact_comes_back_as_it_was_stated(connection: Connection) -> None:
    document = append(connection, DOCUMENT, **HAND)
    whole = Draft(
        kind="judgement",
        instrument="I",
        recorded_by="officer",
        target="I#report/1",
        member="m",
        document=document,
        effective=date(2021, 7, 15),
        finding="fulfilled",
        value="3/10",
        of=Fraction(25, 2),
        per="body",
        date=date(2021, 8, 1),
        at=datetime(2021, 8, 1, 9, 23, tzinfo=UTC),
        dated=date(2021, 1, 1),
        transmitted=date(2021, 1, 2),
        issued=date(2021, 1, 3),
        received=date(1969, 1, 4),
        symbol="L/1",
        form="letter",
        granted_by="council",
        known_since="their minutes of May",
        note="two\nlines \u2013 and a dash",
        evidence="https://example.org/1",
        items={"a": "seen"},
    )
    assert [one.name for one in fields(whole) if not getattr(whole, one.name)] == []  # nothing left out above
    number = append(connection, whole, now=LATER, os_user="root")
    entry = rows(connection)[-1]
    assert entry.draft == whole
    assert (number, entry.seq, entry.root, entry.gone) == (2, 2, 2, False)
    assert (entry.recorded_at, entry.os_user) == (LATER, "root")
    assert [one.draft for one in rows(connection)] == [DOCUMENT, whole]


def test_a_number_is_kept_as_typed_and_exactly(connection: Connection, measure: Draft) -> None:
    append(connection, replace(measure, value="12.50%"), **HAND)
    kept = connection.execute(select(fact.c.value, fact.c.value_numerator, fact.c.value_denominator)).one()
    assert tuple(kept) == ("12.50%", 1, 8)
    assert rows(connection)[0].draft.quantity == Fraction(1, 8)
    assert DOCUMENT.quantity is None


def test_time_never_goes_back(connection: Connection, measure: Draft) -> None:
    for now in (NOW, LATER, NOW - timedelta(days=900), LATER + timedelta(seconds=1)):
        append(connection, measure, now=now, os_user="os")
    times = [entry.recorded_at for entry in rows(connection)]
    assert times == [NOW, LATER, LATER, LATER + timedelta(seconds=1)]


def test_a_naive_now_is_refused(connection: Connection, measure: Draft) -> None:
    with pytest.raises(ValueError, match="no zone"):
        append(connection, measure, now=datetime(2021, 7, 16), os_user="os")  # noqa: DTZ001 - the point


def test_a_fact_is_taken_back_with_the_rest_of_its_transaction(engine: Engine, measure: Draft) -> None:
    with pytest.raises(RuntimeError), writing(engine) as connection:
        append(connection, DOCUMENT, **HAND)
        append(connection, measure, **HAND)
        raise RuntimeError
    with writing(engine) as connection:
        assert append(connection, measure, **HAND) == 1
        assert connection.scalar(select(func.count()).select_from(fact_item)) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "sanction"}, "`sanction` is no kind of fact; the kinds are document, judgement, event,"),
        ({"recorded_by": " "}, "nobody is named as recording this; say who"),
        ({"note": "a\x00b"}, "note holds the character U+0000, which is no text; leave it out"),
        ({"granted_by": "\x1b[2J"}, "granted-by holds the character U+001B"),
        ({"symbol": "\udcff"}, "symbol holds the character U+DCFF"),
        ({"items": {"a\x07": "seen"}}, "item holds the character U+0007"),
        ({"items": {"a": "unchecked"}}, "item `a` is said to be `unchecked`; an item is seen or missing"),
        ({"value": "13,300"}, "`13,300` is not an exact number; write 13300"),
        ({"of": Fraction(0)}, "`0` cannot be the whole of which a part is measured; write a number above 0"),
        ({"of": Fraction(10**16)}, "cannot be the whole"),
        ({"document": 7}, "there is no fact 7; `duewatch ledger` lists them"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    connection: Connection, measure: Draft, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        append(connection, replace(measure, **change), **HAND)
    assert said in str(refused.value)
    assert rows(connection) == []


def test_a_user_name_that_is_no_text_is_refused(connection: Connection, measure: Draft) -> None:
    with pytest.raises(BadInput, match=r"os-user holds the character U\+DCFF"):
        append(connection, measure, now=NOW, os_user="\udcff")


def test_a_judgement_names_a_document_that_stands_by_its_first_number(connection: Connection, measure: Draft) -> None:
    append(connection, measure, **HAND)
    append(connection, DOCUMENT, **HAND)
    correct(connection, 2, replace(DOCUMENT, symbol="D/2", note="a slip"), **HAND)
    judgement = replace(measure, kind="judgement", value=None, finding="fulfilled")
    for number, said in ((1, "fact 1 is a measure, no document"), (3, "name the document by its first number, 2")):
        with pytest.raises(BadInput, match=said):
            append(connection, replace(judgement, document=number), **HAND)
    assert append(connection, replace(judgement, document=2), **HAND) == 4
    retract(connection, 2, why="never sent", by="officer", **HAND)
    with pytest.raises(BadInput, match="fact 2 was retracted by fact 5; record it anew"):
        append(connection, replace(judgement, document=2), **HAND)


# ------------------------------------------------------------------ correcting and retracting
def test_a_correction_is_a_complete_new_version_of_the_same_root(connection: Connection, measure: Draft) -> None:
    append(connection, measure, **HAND)
    append(connection, DOCUMENT, **HAND)
    second = replace(measure, value="13200", recorded_by="chief", note="misread")
    assert correct(connection, 1, second, now=LATER, os_user="os") == 3
    third = replace(newest(connection, 3).draft, value="13100", note="misread again")
    assert correct(connection, 3, third, now=LATER, os_user="os") == 4  # a correction of the correction
    fourth = replace(third, of=Fraction(2), note="by its first number")
    assert correct(connection, 1, fourth, now=LATER, os_user="os") == 5
    assert [(entry.seq, entry.root, entry.draft) for entry in rows(connection, root=1)] == [
        (1, 1, measure),
        (3, 1, second),
        (4, 1, third),
        (5, 1, fourth),
    ]
    assert [newest(connection, number).seq for number in (1, 2, 3, 4, 5)] == [5, 2, 5, 5, 5]


def test_items_belong_to_their_version(connection: Connection) -> None:
    append(connection, DOCUMENT, **HAND)
    correct(connection, 1, replace(DOCUMENT, items={"a": "seen"}, note="it was in the annex"), **HAND)
    assert [entry.draft.items for entry in rows(connection)] == [{"a": "missing", "b": "seen"}, {"a": "seen"}]


def test_a_retraction_says_who_and_why_and_keeps_what_was_said(connection: Connection) -> None:
    append(connection, DOCUMENT, **HAND)
    assert retract(connection, 1, why="of another year", by="chief", now=LATER, os_user="os") == 2
    entry = newest(connection, 1)
    assert (entry.seq, entry.root, entry.gone) == (2, 1, True)
    assert entry.draft == replace(DOCUMENT, recorded_by="chief", note="of another year")


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (9, {"value": "1"}, "there is no fact 9; `duewatch ledger` lists them"),
        (0, {"value": "1"}, "there is no fact 0"),
        (10**30, {"value": "1"}, "there is no fact 1000"),
        (1, {"value": "1", "note": " "}, "fact 1 is corrected without a reason; say why"),
        (1, {}, "fact 1 says all this already; say what was wrong in it"),
        (1, {"recorded_by": "chief"}, "fact 1 says all this already"),
        (1, {"kind": "review", "value": None}, "fact 1 is a measure, and stays one; retract it and record a review"),
        (1, {"document": 1}, "fact 1 is a measure, no document"),
        (1, {"value": "nan"}, "not an exact number"),
        (2, {"value": "1"}, "fact 2 was retracted by fact 3; record it anew"),
        (3, {"value": "1"}, "fact 3 was retracted by fact 3; record it anew"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(
    connection: Connection, measure: Draft, number: int, change: dict[str, Any], said: str
) -> None:
    append(connection, measure, **HAND)
    append(connection, measure, **HAND)
    retract(connection, 2, why="twice", by="officer", **HAND)
    with pytest.raises(BadInput) as refused:
        correct(connection, number, replace(measure, **({"note": "why"} | change)), **HAND)
    assert said in str(refused.value)
    assert len(rows(connection)) == 3


@pytest.mark.parametrize(
    ("number", "why", "by", "said"),
    [
        (9, "why", "me", "there is no fact 9"),
        (1, " ", "me", "fact 1 is retracted without a reason; say why"),
        (1, "why", "", "nobody is named"),
        (2, "why", "me", "fact 2 was retracted by fact 3"),
    ],
)
def test_a_retraction_that_retracts_nothing_is_refused(
    connection: Connection, measure: Draft, number: int, why: str, by: str, said: str
) -> None:
    append(connection, measure, **HAND)
    append(connection, measure, **HAND)
    retract(connection, 2, why="twice", by="officer", **HAND)
    with pytest.raises(BadInput, match=said):
        retract(connection, number, why=why, by=by, **HAND)
    assert len(rows(connection)) == 3


# ------------------------------------------------------------------ reading
def test_rows_are_chosen_by_target_kind_and_instrument(connection: Connection, measure: Draft) -> None:
    among: tuple[tuple[str, FactKind, str], ...] = (
        ("I#report/1", "looked", "I"),
        ("I#report", "review", "I"),
        ("I#report@member/2", "looked", "I"),
        ("I#report-annex/1", "looked", "I"),
        ("I#re%ort/1", "looked", "J"),
    )
    for target, kind, symbol in among:
        append(connection, replace(measure, target=target, kind=kind, instrument=symbol, value=None), **HAND)

    def chosen(**filters: Any) -> list[int]:
        return [entry.seq for entry in rows(connection, **filters)]

    assert chosen() == [1, 2, 3, 4, 5]
    assert chosen(target="I#report") == [1, 2, 3]
    assert chosen(target="I#report/1") == [1]
    assert chosen(target="I#re%ort") == [5]
    assert chosen(kind="looked", instrument="I") == [1, 3, 4]
    assert chosen(kind="looked", target="I#report", instrument="I") == [1, 3]
    assert chosen(instrument="K") == []


def test_knowledge_is_a_prefix_of_the_ledger(connection: Connection, measure: Draft) -> None:
    assert known(connection, None) == known(connection, instant(NOW)) == 0
    for hours in (0, 1, 1, 0, 2):  # the fourth is recorded with the clock put back
        append(connection, measure, now=NOW + timedelta(hours=hours), os_user="os")
    first = instant(NOW)
    assert [known(connection, at) for at in (first - 1, first, first + 3599, first + 3600, first + 7200)] == [
        0,
        1,
        1,
        4,
        5,
    ]
    assert known(connection, None) == 5


def test_the_same_holds_on_postgresql(postgresql: Engine, measure: Draft) -> None:
    with writing(postgresql) as connection:
        append(connection, DOCUMENT, **HAND)
        append(connection, replace(measure, of=Fraction(1, 3)), **HAND)
        correct(connection, 2, replace(measure, value="5", note="misread"), now=LATER, os_user="os")
    with reading(postgresql) as connection:
        assert [entry.draft.items for entry in rows(connection, root=1)] == [DOCUMENT.items]
        assert newest(connection, 2).draft.value == "5"
        assert known(connection, instant(NOW)) == 2
        assert chain.verify(connection) == []
