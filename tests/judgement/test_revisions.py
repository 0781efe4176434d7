"""How often the days of an occurrence moved, compared with what an agenda showed day by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.judgement.conftest import ADOPTED, SMALL, World, source
from tests.judgement.test_deciding import rule

from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.judgement.revisions import Revisions, revisions
from duewatch.engine.ledger.database import writing
from duewatch.engine.ledger.days import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.judgement.asking import Item

Make = Callable[..., World]
SERIES, TRANSITION, FIRST = "b.series/1", "c.transition/1", "h.first/1"
MADE = instant(ADOPTED)
GRANTED = datetime(2021, 9, 20, 12, tzinfo=UTC)


def of(here: World, name: str, as_of: date | datetime, as_known: date | datetime | None = None) -> Revisions:
    full = f"T/RES/1 (2021)#{name}"
    return revisions(here.desk, Question(as_of, as_known), [full])[full]


def extended(here: World, to: date, at: datetime = GRANTED) -> None:
    here.now = at
    here.record("extension", SERIES, to=to, granted=at.date(), granted_by="council", symbol=f"L/{to}")


def test_what_never_moved_was_set_down_with_the_encoding(world: Make) -> None:
    assert of(world(), SERIES, date(2021, 9, 1)) == Revisions(0, MADE, MADE)


def test_a_fact_that_moves_the_day_counts_from_when_it_was_recorded(world: Make) -> None:
    here = world()
    extended(here, date(2021, 10, 31))
    assert of(here, SERIES, date(2021, 9, 21)) == Revisions(1, MADE, instant(GRANTED))
    assert of(here, SERIES, date(2021, 9, 21), date(2021, 9, 19)) == Revisions(0, MADE, MADE)
    later = GRANTED + timedelta(days=30)
    extended(here, date(2021, 12, 24), later)
    assert of(here, SERIES, later) == Revisions(2, MADE, instant(later))
    here.now = later + timedelta(days=1)
    here.record("retraction", str(here.numbers[-1]), why="the letter was a draft")
    assert of(here, SERIES, here.now) == Revisions(3, MADE, instant(here.now))


def test_the_event_goes_to_the_next_day_once_the_first_of_two_has_passed(world: Make) -> None:
    here = world()
    assert of(here, TRANSITION, date(2022, 3, 15)).moved == 0
    over = datetime(2022, 3, 16, 4, tzinfo=UTC)  # midnight in New York
    assert of(here, TRANSITION, date(2022, 3, 16)) == Revisions(1, MADE, instant(over))


def test_a_question_that_is_decided_takes_days_away(world: Make) -> None:
    here = world()
    here.now = datetime(2022, 1, 4, 12, tzinfo=UTC)
    here.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 1, 3))
    assert of(here, FIRST, here.now).moved == 1  # a second day under another reading
    here.now += timedelta(days=1)
    rule(here, "this-one", date(2022, 2, 1))
    assert of(here, FIRST, here.now).moved == 1  # it holds from February
    assert of(here, FIRST, date(2022, 2, 1)) == Revisions(2, MADE, instant(datetime(2022, 2, 1, 5, tzinfo=UTC)))


def test_an_encoding_with_another_day_moves_it_and_any_new_encoding_is_a_new_wording(world: Make) -> None:
    here = world()
    for place, (text, moved) in enumerate(
        ((SMALL.replace("report once", "report one time"), 0), (SMALL.replace("2021-07-15", "2021-07-20"), 1)), 1
    ):
        at = ADOPTED + timedelta(days=place)
        with writing(here.desk.engine) as connection:
            encoding = adopt(connection, [source(text, here.desk.rules)], now=at, by="jane")
        desk = here.desk
        here.desk = Desk(desk.engine, desk.rules, desk.decider, encoding, "UTC")
        assert of(here, "a.report/1", at) == Revisions(moved, MADE, instant(at))


def moments() -> Iterator[datetime]:
    """Give the instants at which the agenda is looked at: around everything that happens, and in between."""
    start = datetime(2021, 6, 29, 16, tzinfo=UTC)
    yield from (start + timedelta(days=days) for days in range(0, 420, 9))
    for day in (GRANTED, datetime(2021, 12, 1, tzinfo=UTC), datetime(2022, 3, 16, tzinfo=UTC)):
        yield from (day + timedelta(hours=hours) for hours in (-13, 1, 13, 37))


def coming(item: Item, moment: datetime) -> tuple[str, ...]:
    """Give the days that an agenda shows of it at a moment."""
    days = {str(one["due"]) for one in item.readings.values() if one["standing"] == "arguable" and one["due"]}
    return tuple(sorted(day for day in days if day >= str(moment.astimezone(ZoneInfo("America/New_York")).date())))


def test_it_counts_what_an_agenda_that_was_read_all_along_saw(world: Make) -> None:
    here = world()
    extended(here, date(2021, 10, 31))
    here.now = datetime(2021, 12, 1, tzinfo=UTC)
    here.record("event", "election", date=date(2022, 2, 27), since=date(2021, 11, 30))
    here.record("event", "mandate.end", date=date(2022, 12, 31), since=date(2021, 11, 30))
    moved = {SERIES: 1, TRANSITION: 1, FIRST: 2, "a.report/1": 0, "k.vote/1": 0}
    seen: dict[str, list[tuple[str, ...]]] = {name: [] for name in moved}
    for moment in sorted(moments()):
        items = here.ask(moment, moment)
        for name, found in seen.items():
            days = coming(items[name], moment)
            found.extend([days] if days and days not in found[-1:] else [])
            counted = of(here, name, moment, moment)
            assert (counted.moved, counted.last <= instant(moment)) == (max(0, len(found) - 1), True), (name, moment)
    assert {name: len(found) - 1 for name, found in seen.items()} == moved
