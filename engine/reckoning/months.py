"""Months on integers: tables for 1900 to 2199, exact arithmetic beyond them, and what to do at a month's end.

A day is a number since 1970-01-01; the calendar is the Gregorian one, thought back and on without end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from duewatch.engine.words import MonthEnd

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
TABLE_START: Final = -25_567  # 1 January 1900
TABLE_END: Final = 84_006  # 1 January 2200: the first day that the tables lack
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ERA: Final = 146_097  # days in 400 years, after which the calendar repeats


class CannotCount(ValueError):
    """A date cannot be computed; the sentence says why, without a full stop."""


class NoSuchDay(CannotCount):
    """The month lacks the day, and the clause refuses to round."""


@dataclass(frozen=True, slots=True)
class Months:
    """Day by day and month by month since 1 January 1900: plain lists, so that adding months is three look-ups."""

    month: list[int]  # of each day: its month, counted from January 1900
    day: list[int]  # of each day: its number in the month
    first: list[int]  # of each month: its first day
    length: list[int]


@cache
def tables() -> Months:
    """Build the tables, once in a process (some milliseconds, 2 MB)."""
    month: list[int] = []
    day: list[int] = []
    first: list[int] = []
    length: list[int] = []
    start = TABLE_START
    for index in range((LAST_YEAR - FIRST_YEAR + 1) * 12):
        days = month_length(FIRST_YEAR + index // 12, index % 12 + 1)
        first.append(start)
        length.append(days)
        month += [index] * days
        day += range(1, days + 1)
        start += days
    return Months(month, day, first, length)


def month_length(year: int, month: int) -> int:
    """Give the number of days of a month (1 to 12) of any year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _LENGTHS[month - 1] + (leap and month == 2)  # noqa: PLR2004 - February


def civil(day: int) -> tuple[int, int, int]:
    """Give year, month and day of the month. Any year, also beyond what `date` knows."""
    if TABLE_START <= day < TABLE_END:
        table = tables()
        year, month = divmod(table.month[day - TABLE_START], 12)
        return year + FIRST_YEAR, month + 1, table.day[day - TABLE_START]
    return _civil(day)


def number(year: int, month: int, day: int) -> int:
    """Give the number of a day; `month` may be any integer (13 is the next January), `day` counts on from it too."""
    years, month = divmod(month - 1, 12)
    year += years
    if FIRST_YEAR <= year <= LAST_YEAR:
        return tables().first[(year - FIRST_YEAR) * 12 + month] + day - 1
    return _number(year, month + 1, day)


def add_months(day: int, months: int, policy: MonthEnd = "clip") -> int:
    """Give the day `months` later (earlier where negative), rounded once where the target month lacks it.

    clip: the month's last day (Regulation 1182/71 art. 3(2)(c), section 188(3) BGB). spill: the first day of
    the next month. refuse: NoSuchDay. stick: as clip, and the last day of a month stays a last day (Companies
    Act 2006 s 443(4) and (5)). The two policies that ask for working days are not known here.
    """
    at = day - TABLE_START
    if 0 <= at < TABLE_END - TABLE_START:
        table = tables()
        here = table.month[at]
        there = here + months
        if 0 <= there < len(table.first):
            return table.first[there] - 1 + _placed(table.day[at], table.length[here], table.length[there], policy)
    year, month, of_month = civil(day)
    years, index = divmod(month - 1 + months, 12)
    lengths = month_length(year, month), month_length(year + years, index + 1)
    return number(year + years, index + 1, 1) - 1 + _placed(of_month, *lengths, policy)


def _placed(day: int, here: int, there: int, policy: MonthEnd) -> int:
    """Give the day's number in its target month, of `there` days; one past the end is the next month's first."""
    if policy == "stick" and day == here:
        return there
    if day <= there:
        return day
    if policy == "refuse":
        raise NoSuchDay(f"the month has no day {day}")
    return there + (policy == "spill")


def last_of_month(day: int) -> int:
    """Give the last day of the day's month."""
    year, month, _ = civil(day)
    return number(year, month + 1, 1) - 1


def _number(year: int, month: int, day: int) -> int:
    """Count the days since 1970-01-01 by whole eras of 400 years, years starting in March."""
    era, of_era = divmod(year - (month <= 2), 400)  # noqa: PLR2004 - January and February end a year
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * _ERA + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _civil(day: int) -> tuple[int, int, int]:
    era, of_era = divmod(day + 719_468, _ERA)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = (shifted + 2) % 12 + 1
    return era * 400 + year + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1  # noqa: PLR2004 - as above
