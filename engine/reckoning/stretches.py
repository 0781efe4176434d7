"""Stretches: the week, month, quarter, half-year or year that holds a day, and the n-th day in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import nth, say_day
from duewatch.engine.reckoning.holidays import WEEKDAYS, weekday
from duewatch.engine.reckoning.months import CannotCount, civil, month_length, number

if TYPE_CHECKING:
    from duewatch.engine.reckoning.workdays import WorkDays
    from duewatch.engine.words import DayOf, Stretch

_IN_MONTHS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def stretch_of(day: int, of: Stretch, year_starts: tuple[int, int] = (1, 1)) -> tuple[int, int]:
    """Give the first and the last day of the stretch that holds `day`; weeks begin on Monday.

    Quarters, half-years and years are counted from the day on which the year starts (a fiscal year's may be 6 April).
    """
    if of == "week":
        start = day - weekday(day)
        return start, start + 6
    if of == "month":
        year, month, _ = civil(day)
        return number(year, month, 1), number(year, month + 1, 1) - 1
    length = _IN_MONTHS[of]
    year = civil(day)[0]
    first = max(start for start in (_start(year - 1, 0, year_starts), _start(year, 0, year_starts)) if start <= day)
    year = civil(first)[0]
    place = max(n for n in range(12 // length) if _start(year, n * length, year_starts) <= day)
    return _start(year, place * length, year_starts), _start(year, (place + 1) * length, year_starts) - 1


def _start(year: int, months: int, year_starts: tuple[int, int]) -> int:
    """Give the day so many months into the year; a day that a month lacks is its last one."""
    month, day = year_starts
    years, index = divmod(month - 1 + months, 12)
    return number(year + years, index + 1, min(day, month_length(year + years, index + 1)))


def day_of(moment: DayOf, day: int, days: WorkDays | None = None) -> int:
    """Give the n-th day, weekday or working day of the stretch that holds `day`.

    The 31st day of a short month is its last. CannotCount where it has no such weekday or working day.
    """
    first, last = stretch_of(day, moment.of, moment.year_starts)
    if moment.what == "day":
        there = first + moment.n - 1 if moment.n > 0 else last + moment.n + 1
        return min(max(there, first), last)
    if moment.what == "working-day":
        there = _working(moment.n, first, last, days)
    else:
        which = WEEKDAYS.index(moment.what)
        there = (
            first + (which - weekday(first)) % 7 + 7 * (moment.n - 1)
            if moment.n > 0
            else last - (weekday(last) - which) % 7 + 7 * (moment.n + 1)
        )
    if not first <= there <= last or not moment.n:
        raise CannotCount(f"{say_day_of(moment)}: from {say_day(first)} to {say_day(last)} there is none")
    return there


def _working(n: int, first: int, last: int, days: WorkDays | None) -> int:
    if days is None or not days.calendars:
        raise CannotCount("working days need a calendar; name one")
    return days.shift(first - 1, n) if n > 0 else days.shift(last + 1, n)


def say_day_of(moment: DayOf) -> str:
    """Write it as people read it: "the 2nd friday of the month", "the last day of the year"."""
    n = moment.n
    place = nth(n) if n > 0 else "last" if n == -1 else f"{nth(-n)} last"
    what = moment.what.replace("-", " ")
    what = what.capitalize() if moment.what in WEEKDAYS else what
    return f"the {place} {what} of the {moment.of}"
