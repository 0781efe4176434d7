"""What falls due, and the same as a calendar that other programs read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest

from duewatch.engine.judgement.asking import Item
from duewatch.engine.showing.agenda import agenda
from duewatch.engine.showing.ics import Event, calendar, uid

AnItem = Callable[..., Item]
TODAY = date(2021, 9, 1)
MADE = datetime(2021, 6, 29, 15, tzinfo=UTC)
STAMP = datetime(2021, 9, 1, 7, 30, tzinfo=UTC)
HOSTILE = "Bericht; mit, Zeichen\\ und\nEND:VEVENT\r\x1b " + "ü€😀" * 40


def named(*items: Item, within: int = 30) -> list[tuple[str, date, tuple[date, ...]]]:
    return [(one.item.obligation, one.day, one.others) for one in agenda(items, today=TODAY, within=within)]


def test_what_falls_due_within_the_days_is_listed_the_soonest_first(an_item: AnItem) -> None:
    items = [an_item("b/1", due="2021-10-01"), an_item("a/1", due="2021-09-01"), an_item("c/1", due="2021-10-02")]
    assert [name for name, _day, _others in named(*items)] == ["a", "b"]


@pytest.mark.parametrize("changes", [{"group": "late", "due": "2021-08-31"}, {"group": "done"}, {"due": None}])
def test_what_is_late_done_or_undated_is_not(an_item: AnItem, changes: dict[str, Any]) -> None:
    assert named(an_item("a/1", **changes)) == []


def test_where_readings_differ_the_first_day_to_come_counts(an_item: AnItem) -> None:
    item = an_item("a/1", group="cannot-say", due="2021-08-15", days=("2021-08-15", "2021-09-10", "2021-12-01"))
    assert named(item) == [("a", date(2021, 9, 10), (date(2021, 12, 1),))]


def test_a_right_stands_on_its_last_day(an_item: AnItem) -> None:
    """A notice that may be given until a day is lost with that day, and nothing is ever overdue by it."""
    right = {"group": "later", "status": "available", "due": None, "ends": "2021-09-20"}
    assert named(an_item("a/1", **right)) == [("a", date(2021, 9, 20), ())]
    assert named(an_item("a/1", **right | {"ends": "2021-10-02"}), an_item("b/1", **right | {"ends": None})) == []
    assert named(an_item("a/1", **right | {"status": "in_force"})) == [], "what stands is kept up, not used"


def in_a_calendar(*items: Item, within: int = 90, moved: int = 0, name: str = "x") -> str:
    found = agenda(items, today=TODAY, within=within)
    return calendar([Event(entry=one, moved=moved, created=MADE, modified=STAMP) for one in found], name=name)


def events(text: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_the_calendar_is_read_by_others(an_item: AnItem) -> None:
    text = in_a_calendar(an_item("a/1", action=HOSTILE, days=("2021-09-30", "2021-10-05")), moved=2, name="mine, all")
    whole = icalendar.Calendar.from_ical(text)
    assert whole["LAST-MODIFIED"].dt == STAMP
    assert "NAME:mine\\, all\r\n" in text
    [event] = events(text)
    assert event["DTSTART"].dt == date(2021, 9, 30)
    assert event["DTEND"].dt == date(2021, 10, 1)
    assert (event["CREATED"].dt, event["LAST-MODIFIED"].dt, event["DTSTAMP"].dt) == (MADE, STAMP, STAMP)
    assert event["SEQUENCE"] == 2
    assert "Bericht; mit, Zeichen\\ und\nEND:VEVENT" in event["SUMMARY"]
    assert "Under another reading: 5 Oct 2021" in event["DESCRIPTION"]
    assert event["STATUS"] == "TENTATIVE"


def test_nothing_in_a_calendar_is_stale_tomorrow(an_item: AnItem) -> None:
    texts = {in_a_calendar(an_item("a/1", says=f"due in {days} days", days_until_due=days)) for days in (3, 2)}
    assert len(texts) == 1


def test_lines_are_folded_at_75_octets_and_end_with_crlf(an_item: AnItem) -> None:
    text = in_a_calendar(an_item("a/1", action=HOSTILE)).encode()
    assert text.endswith(b"END:VCALENDAR\r\n")
    lines = text.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no letter is cut


def test_an_id_stays_when_the_date_moves(an_item: AnItem) -> None:
    def ids(due: str) -> list[str]:
        text = in_a_calendar(an_item("a/1", due=due), an_item("a/2", due=due))
        return [str(event["UID"]) for event in events(text)]

    assert ids("2021-09-30") == ids("2021-10-20") == [uid("T/1 (2021)#a/1"), uid("T/1 (2021)#a/2")]
    assert len(set(ids("2021-09-30"))) == 2


def test_an_empty_agenda_is_a_calendar_too() -> None:
    assert events(in_a_calendar()) == []
