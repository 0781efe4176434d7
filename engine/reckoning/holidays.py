"""Holidays: the rules of a calendar file become days, year by year. Days are numbers since 1970-01-01."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.reckoning.months import civil, month_length, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH_WEEKDAY: Final = 3  # 1970-01-01 was a Thursday


def weekday(day: int) -> int:
    """Give the day of the week, Monday being 0."""
    return (day + _EPOCH_WEEKDAY) % 7


def easter(year: int) -> int:
    """Give Easter Sunday by the Gregorian computus, as anonymous as it is old (Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    length = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * length) // 451
    month, day = divmod(h + length - 7 * m + 114, 31)
    return number(year, month, day + 1)


def nth_weekday(year: int, month: int, which: int, nth: int) -> int | None:
    """Give the n-th such weekday of a month (-1: the last one); None where the month lacks it."""
    length = month_length(year, month)
    first = number(year, month, 1)
    if nth > 0:
        day = first + (which - weekday(first)) % 7 + 7 * (nth - 1)
    else:
        last = first + length - 1
        day = last - (weekday(last) - which) % 7 + 7 * (nth + 1)
    return day if first <= day < first + length else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One holiday: a day of each year, from one year to another, moved where it meets certain weekdays."""

    how: Literal["day", "easter", "nth", "before", "from"]
    month: int = 0
    day: int = 0  # day: of the month; nth: the n
    weekday: int = 0
    offset: int = 0  # days added to what the rule finds; for Easter, to the Sunday
    since: int | None = None
    until: int | None = None
    every: int = 1  # years from one to the next, counted from `since`
    without: frozenset[int] = frozenset()  # years in which it does not fall
    moved: Mapping[int, int] | None = None  # weekday -> days
    name: str = ""

    def in_year(self, year: int) -> int | None:
        """Give its day in a year; it may fall in the year before or after where it is moved."""
        if year in self.without or year < (self.since or year) or year > (self.until or year):
            return None
        if (year - (self.since or year)) % self.every:
            return None
        found = self._found(year)
        if found is None:
            return None
        found += self.offset
        return found + (self.moved or {}).get(weekday(found), 0)

    def _found(self, year: int) -> int | None:
        if self.how == "easter":
            return easter(year)
        if self.how == "nth":
            return nth_weekday(year, self.month, self.weekday, self.day)
        if self.how == "day":
            return number(year, self.month, self.day) if self.day <= month_length(year, self.month) else None
        day = number(year, self.month, self.day)
        if self.how == "from":
            return day + (self.weekday - weekday(day)) % 7
        return day - 1 - (weekday(day - 1) - self.weekday) % 7


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Which days are no working days, as one file says it. Two are the same where their contents are."""

    name: str
    title: str
    source: str
    fingerprint: str  # "sha256:..." of the content
    weekend: frozenset[int]
    rules: tuple[Rule, ...] = ()
    holidays: frozenset[int] = frozenset()
    working: frozenset[int] = frozenset()  # working days although the weekend or a rule says otherwise
    ranges: tuple[tuple[int | None, int | None], ...] = ((None, None),)  # first and last days that the file speaks of
    beyond: Literal["refuse", "assume"] = "refuse"  # assume: its rules of today are taken to go on

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Calendar) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self.fingerprint)

    def closed_in(self, year: int) -> frozenset[int]:
        """Give the holidays of a year, those that fall on the weekend too."""
        return _closed_in(self, year)

    def is_working(self, day: int) -> bool:
        """Tell whether a day is a working day, by the rules alone: no table, any year."""
        if day in self.working:
            return True
        return weekday(day) not in self.weekend and day not in self.closed_in(civil(day)[0])

    def covers(self, first: int, last: int) -> bool:
        """Tell whether the file speaks of all days between two."""
        return any((start is None or first >= start) and (end is None or last <= end) for start, end in self.ranges)


@lru_cache(maxsize=4_096)
def _closed_in(calendar: Calendar, year: int) -> frozenset[int]:
    start, end = number(year, 1, 1), number(year + 1, 1, 1)
    return frozenset(day for day in _around(calendar, year) if start <= day < end and day not in calendar.working)


def _around(calendar: Calendar, year: int) -> Iterator[int]:
    """Yield the days that the rules give for the year and its neighbours, and the single ones."""
    yield from calendar.holidays
    for rule in calendar.rules:
        for near in (year - 1, year, year + 1):
            day = rule.in_year(near)
            if day is not None:
                yield day
