"""Documents whose clock time is recorded, held against a deadline that has an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.judgement.conftest import World

from duewatch.engine.judgement.asking import ask
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.history import history
from duewatch.engine.judgement.receipts import receipt, replay
from duewatch.engine.problems import BadInput

Make = Callable[..., World]

TEXT = """
instrument: {symbol: H/1, adopted: {date: "2021-01-01"}, zone: America/New_York}
parties: {controller: {}, board: {}}
events: {aware: {date: unknown, why: "it is recorded"}}
obligations:
- id: notify
  provision: Art 1
  verb: requests
  bearer: controller
  kind: achieve
  action: notify
  deadline: {within: 72 hours, after: aware}
  contains: {what: {}, when: {}}
- id: report
  provision: Art 2
  verb: requests
  bearer: controller
  kind: achieve
  action: report
  deadline: {by: "2021-07-15"}
- id: power
  provision: Art 3
  verb: decides
  modality: power
  bearer: board
  kind: respond
  armed-by: {undone: notify, which: any}
  action: act
"""
AWARE = datetime(2021, 7, 12, 22, 30, tzinfo=UTC)  # 18:30 in New York; 72 hours end on the 15th at 18:30
LAST = AWARE + timedelta(hours=72)
EVENING = date(2021, 7, 15)


@pytest.fixture
def here(world: Make) -> World:
    found = world(TEXT)
    found.now = datetime(2021, 7, 20, 12, tzinfo=UTC)
    found.record("event", "aware", date=AWARE)
    return found


def stands(world: World, name: str, when: date | datetime) -> tuple[str | None, int | None]:
    item = {one.obligation: one for one in ask(world.desk, Question(when)).items}[name]
    return item.status, item.days_late


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (LAST - timedelta(seconds=1), ("met", 0)),
        (LAST, ("met", 0)),  # the last hour is whole: the first moment that is too late is the next second
        (LAST + timedelta(seconds=1), ("met_late", 0)),
        (LAST + timedelta(hours=5), ("met_late", 0)),  # still the 15th in New York
        (LAST + timedelta(hours=6), ("met_late", 1)),
        (date(2021, 7, 15), ("met", 0)),  # nobody recorded the hour: no fact, no claim
        (date(2021, 7, 16), ("met_late", 1)),
    ],
)
def test_the_hour_decides_on_the_last_day(here: World, came: date, expected: tuple[str, int]) -> None:
    here.deliver("notify", received=came, symbol="N/1")
    assert stands(here, "notify", date(2021, 7, 18)) == expected


@pytest.mark.parametrize(("hour", "status"), [(18, "met"), (23, "met_late")])
def test_an_hour_before_1970_is_one_like_others(world: Make, hour: int, status: str) -> None:
    here = world(TEXT.replace("2021-01-01", "1961-01-01"))
    here.now = datetime(1961, 7, 20, 12, tzinfo=UTC)
    here.record("event", "aware", date=AWARE.replace(year=1961))
    here.deliver("notify", received=datetime(1961, 7, 15, hour, tzinfo=UTC), symbol="N/1")
    found = {one.obligation: one for one in ask(here.desk, Question(date(1961, 7, 18))).items}["notify"]
    assert (found.status, found.discharged_at) == (status, f"1961-07-15T{hour}:00:00Z")


def test_a_day_without_an_hour_takes_a_document_of_its_last_evening(here: World) -> None:
    here.deliver("report", dated=datetime(2021, 7, 16, 3, 59, tzinfo=UTC), symbol="R/1")  # 23:59 in New York
    assert stands(here, "report", date(2021, 7, 18)) == ("met", 0)


def test_it_is_there_from_its_hour_on_and_the_next_look_is_at_that_hour(here: World) -> None:
    came = LAST + timedelta(hours=2)
    here.deliver("notify", received=came, symbol="N/1")
    assert stands(here, "notify", LAST)[0] == "due"
    assert stands(here, "notify", LAST + timedelta(hours=1)) == ("overdue", None)
    assert stands(here, "notify", came - timedelta(seconds=1)) == ("overdue", None)
    assert stands(here, "notify", came) == ("met_late", 0)
    told = {one.obligation: one for one in ask(here.desk, Question(EVENING)).items}["notify"]
    assert (told.discharged_on, told.discharged_at) == ("2021-07-15", "2021-07-16T00:30:00Z")
    assert "hours" in told.says
    assert " 0 days" not in told.says + told.because
    changes = history(here.desk, "notify", Question(date(2021, 7, 18)))
    assert changes[-1].status == "met_late"


def test_a_power_that_waits_for_a_failure_is_armed_by_hours_too(here: World) -> None:
    number = here.deliver("notify", received=LAST + timedelta(hours=1), symbol="N/1").numbers[0]
    assert stands(here, "power", date(2021, 7, 18))[0] == "available"
    here.record("correction", str(number), received=LAST - timedelta(hours=1), why="the other clock")
    assert stands(here, "power", date(2021, 7, 18))[0] == "dormant"
    assert stands(here, "notify", date(2021, 7, 18)) == ("met", 0)


def test_what_completes_it_after_the_hour_completes_it_too_late(here: World) -> None:
    here.deliver("notify", received=LAST - timedelta(hours=3), symbol="N/1", contents="has:what;lacks:when", why="w")
    assert stands(here, "notify", LAST + timedelta(minutes=1))[0] == "overdue"
    here.deliver("notify", received=LAST + timedelta(hours=3), symbol="N/2", contents="complete")
    assert stands(here, "notify", LAST + timedelta(hours=2))[0] == "overdue"
    assert stands(here, "notify", EVENING) == ("met_late", 0)
    third = here.deliver("notify", received=LAST - timedelta(hours=1), symbol="N/3", contents="complete")
    assert stands(here, "notify", EVENING) == ("met", 0), "the first complete one counts, whatever came after"
    here.record("retraction", str(third.numbers[-1]), why="of another matter")
    assert stands(here, "notify", EVENING) == ("met_late", 0)


def test_a_receipt_replays_to_the_same_hour(here: World) -> None:
    here.deliver("notify", received=LAST + timedelta(hours=1), symbol="N/1")
    told = receipt(here.desk, "notify", Question(EVENING))
    assert (told["verdict"]["status"], replay(told)) == ("met_late", ())


def test_an_hour_belongs_to_one_day_of_a_document_and_counts_where_that_day_counts(here: World) -> None:
    late = LAST + timedelta(hours=1)
    with pytest.raises(BadInput, match="--dated and --received both have a clock time"):
        here.deliver("notify", dated=late, received=late, symbol="N/1")
    with pytest.raises(BadInput, match="--dated is the same day as --received, which has a clock time"):
        here.deliver("notify", dated=EVENING, received=late, symbol="N/1")
    number = here.deliver("notify", dated=date(2021, 7, 14), received=late, symbol="N/1").numbers[0]
    assert stands(here, "notify", EVENING) == ("met", 0)  # the day that it bears counts, and that was the day before
    here.record("correction", str(number), dated=date(2021, 7, 13), why="a slip")
    assert stands(here, "notify", date(2021, 7, 13)) == ("met", 0)
    here.record("correction", str(number), dated=LAST - timedelta(days=1), received=date(2021, 7, 15), why="again")
    told = {one.obligation: one for one in ask(here.desk, Question(EVENING)).items}["notify"]
    assert told.discharged_at == "2021-07-14T22:30:00Z"  # the hour went with the day that was given anew
    with pytest.raises(BadInput, match="only a document has --received"):
        here.record("correction", "1", received=EVENING, why="so")
