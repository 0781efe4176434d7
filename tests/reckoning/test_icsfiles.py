"""An .ics file of days off: what its events cover, and what is wrong in a broken one, line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import icalendar
import pytest

from duewatch.engine.problems import BadFile
from duewatch.engine.reckoning.icsfiles import Imported, read_ics

EXAMPLE = Path(__file__).parents[2] / "examples" / "days-off.ics"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def days(text: str, first: date = FIRST, last: date = LAST) -> list[str]:
    return [day.isoformat() for day in read(text, first, last).days]


def read(text: str, first: date = FIRST, last: date = LAST) -> Imported:
    return read_ics(f"BEGIN:VCALENDAR\n{text}\nEND:VCALENDAR\n".encode(), "f.ics", first, last)


def event(*lines: str) -> str:
    return "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def test_a_file_as_programs_write_them() -> None:
    found = read_ics(EXAMPLE.read_bytes(), "days-off.ics", FIRST, LAST)
    assert found.title == "Our office"
    assert [f"{day:%m-%d}" for day in found.days] == [
        *("01-01", "01-05", "04-03", "04-04", "04-05", "04-06", "06-03", "07-06", "08-03"),
        *("09-07", "10-05", "11-02", "12-07", "12-28", "12-29"),
    ]
    assert found.left_out == ("days-off.ics:53:1: Closed in the afternoon covers no whole day",)


def test_the_example_is_a_calendar_for_others_too() -> None:
    whole = icalendar.Calendar.from_ical(EXAMPLE.read_bytes())
    assert [str(one["SUMMARY"]) for one in whole.walk("VEVENT")][
        1
    ] == "Easter, from Good Friday to Easter Monday; closed"
    assert not whole.errors


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART;VALUE=DATE:20260314",), ["2026-03-14"]),
        (("DTSTART:20260314", "DTEND:20260314"), ["2026-03-14"]),
        (("DTSTART:20260314", "DURATION:P1W"), [f"2026-03-{n}" for n in range(14, 21)]),
        (("DTSTART:20260314T000000Z", "DTEND:20260316T000000Z"), ["2026-03-14", "2026-03-15"]),
        (("DTSTART:20260314T090000", "DTEND:20260315T090000"), []),
        (("DTSTART:20260314T000000", "DURATION:PT8H"), []),
        (("DTSTART:20240229", "RRULE:FREQ=YEARLY"), []),
        (("DTSTART:20251230", "DTEND:20260103"), ["2026-01-01", "2026-01-02"]),
        (("DTSTART:20200525", "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"), ["2026-05-25"]),
        (("DTSTART:20260314", "RDATE;VALUE=DATE:20260401,20260402"), ["2026-03-14", "2026-04-01", "2026-04-02"]),
        (("dtstart;value=date:20260314", 'SUMMARY;X-A="a:b":c'), ["2026-03-14"]),
        (("DTSTART;VALUE=D", " ATE:2026", "\t0314"), ["2026-03-14"]),
    ],
)
def test_what_an_event_covers(lines: tuple[str, ...], expected: list[str]) -> None:
    assert days(event(*lines)) == expected


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("SUMMARY:x",), "f.ics:2:1 the event has no day; add DTSTART;VALUE=DATE:20260314"),
        (("DTSTART:20260230",), "f.ics:3:1 `20260230` is no day of the calendar; write 20260314"),
        (("DTSTART:20260314", "DTEND:20260301"), "f.ics:4:1 the event ends before it begins, or lasts for years"),
        (("DTSTART:20260314", "DURATION:1 day"), "f.ics:4:1 `1 day` is no duration of days; write P1D"),
        (("DTSTART:20260314", "RRULE:FREQ=HOURLY"), "f.ics:4:1 `HOURLY` is no frequency of a recurrence rule"),
        (("DTSTART:20260314", "EXDATE:never"), "f.ics:4:1 `never` is no day of the calendar"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadFile) as caught:
        days(event(*lines))
    (problem,) = caught.value.problems
    assert f"{problem.place} {problem.wrong}; {problem.right}".startswith(said)


def test_what_is_no_calendar_is_refused() -> None:
    with pytest.raises(BadFile, match="no calendar file"):
        read_ics(b"\xff\xfe\0", "f.ics", FIRST, LAST)
