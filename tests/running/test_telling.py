"""What the delivery loops are told: is it still true, and where does the person read it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.alerting.words import Delivery, Notice
from duewatch.engine.judgement import recording
from duewatch.engine.ledger.days import instant, to_day
from duewatch.engine.running import telling as module
from duewatch.engine.running.telling import Telling
from duewatch.engine.showing import small

if TYPE_CHECKING:
    from collections.abc import Callable

REPORT = "T/1 (2021)#all.report/1"
LATE = datetime(2021, 7, 16, 12, tzinfo=UTC)
DUE = to_day(datetime(2021, 7, 15, tzinfo=UTC).date())


def a_notice(stage: str = "overdue", *, due: int = DUE, occurrence: str = REPORT) -> Notice:
    return Notice(key=stage, occurrence=occurrence, stage=stage, due=due, reason="responsible for everything")


def a_delivery(*notices: Notice, at: datetime = LATE, person: str = "jane", channel: str = "email") -> Delivery:
    return Delivery(
        key="k", person=person, channel=channel, address="old@example.org", as_of=instant(at), notices=notices
    )


@pytest.fixture
def telling(house: Any) -> Any:
    with Telling(house.desk, house.contacts(), LATE, lambda: LATE) as one:
        yield one


def delivered(house: Any) -> None:
    recording.delivered(
        house.desk, [REPORT], by="x", now=LATE, os_user="x", dated=datetime(2021, 7, 14, tzinfo=UTC).date(), symbol="S"
    )


def test_what_stands_is_true_and_what_does_not_is_not(telling: Telling) -> None:
    true = a_notice()
    others = [
        a_notice("overdue+3"),
        a_notice("due"),
        a_notice("closed"),
        a_notice(due=DUE + 1),
        a_notice("moved", due=DUE + 9),
        a_notice(occurrence="T/1 (2021)#all.nothing/1"),
    ]
    assert telling.still_true(a_delivery(true, *others)) == [true]
    assert telling.still_true(a_delivery(a_notice("reopened"))) == [a_notice("reopened")]
    assert telling.still_true(a_delivery(a_notice("moved"))) == [a_notice("moved")]


def test_a_fact_recorded_meanwhile_is_seen_at_once(telling: Telling, house: Any) -> None:
    assert telling.still_true(a_delivery(a_notice()))
    delivered(house)
    assert not telling.still_true(a_delivery(a_notice()))
    assert telling.still_true(a_delivery(a_notice("closed"))) == [a_notice("closed")]
    assert not telling.still_true(a_delivery(a_notice("moved")))


def test_who_is_no_longer_responsible_is_not_told(house: Any) -> None:
    (house.folder / "contacts.yaml").write_text(
        "people: [{id: jane, email: jane@example.org}, {id: joe, email: joe@example.org}]\n"
        "responsible: [{who: joe, bearer: office}]\n"
    )
    with Telling(house.desk, house.contacts(), LATE, lambda: LATE) as one:
        assert not one.still_true(a_delivery(a_notice()))
        assert one.still_true(a_delivery(a_notice(), person="joe"))
        assert one.still_true(a_delivery(a_notice("reopened")))  # it follows on what she was told


def test_the_address_is_that_of_today(telling: Telling) -> None:
    assert telling.address_of(a_delivery()) == "jane@example.org"
    assert telling.address_of(a_delivery(channel="slack")) is None
    assert telling.address_of(a_delivery(person="gone")) is None


def test_thousands_of_messages_cost_one_judgement_for_each_instant_and_head(
    telling: Telling, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real: Callable[..., Any] = module.sitting
    monkeypatch.setattr(module, "sitting", lambda desk, question: asked.append(question.as_of) or real(desk, question))
    for _ in range(50):
        telling.still_true(a_delivery(a_notice()))
        telling.message(a_delivery(a_notice()), [a_notice()])
    assert asked == [LATE]
    delivered(house)
    telling.still_true(a_delivery(a_notice()))
    assert asked == [LATE, LATE]


def test_only_a_few_questions_stay_open(telling: Telling) -> None:
    for hours in range(12):
        telling.still_true(a_delivery(a_notice(), at=LATE + timedelta(hours=hours)))
    assert len(telling._asked) <= 4


def test_a_message_says_on_which_entry_of_the_ledger_it_rests(telling: Telling, house: Any) -> None:
    assert "ledger empty" in telling.message(a_delivery(a_notice()), [a_notice()]).text
    delivered(house)
    message = telling.message(a_delivery(a_notice("closed")), [a_notice("closed")])
    assert "ledger up to entry 2, " in message.foot[-1]
    assert message.subject.startswith("Closed: report (Art 1, T/1 (2021)), was due 15 Jul")
    assert message.to_name == "Jane"


def test_of_many_the_latest_comes_first(telling: Telling) -> None:
    letter = a_notice("lead-30", occurrence="T/1 (2021)#all.letter/1")
    message = telling.message(a_delivery(letter, a_notice()), [letter, a_notice()])
    assert message.subject.startswith("Overdue 1 day: report and 1 more")


def test_a_message_has_the_picture_of_what_it_is_about_drawn_once_for_all_who_read_it(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = telling.message(a_delivery(a_notice()), [a_notice()]).picture
    assert first is not None
    assert first.png.startswith(b"\x89PNG")
    assert "all.report/1, due 15 Jul 2021: overdue by 1 day" in first.says
    assert "all.letter" not in first.says
    drawings: list[object] = []
    monkeypatch.setattr(small, "png", lambda *_, **__: drawings.append(1))
    assert telling.message(a_delivery(a_notice(), person="joe"), [a_notice()]).picture == first
    assert not drawings


@pytest.mark.parametrize("missing", [True, False])
def test_a_message_leaves_without_its_picture_where_there_can_be_none(
    telling: Telling, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, missing: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such font")

    monkeypatch.setattr(small, "is_available", lambda: not missing)
    monkeypatch.setattr(small, "png", fail)
    message = telling.message(a_delivery(a_notice()), [a_notice()])
    assert (message.picture, message.subject[:7]) == (None, "Overdue")
    assert [record.msg for record in caplog.records] == ["a message leaves without its picture"] * (not missing)
