"""Working days: any count of them is a look-up in tables of one set of calendars; beyond the tables, a walk.

Tables hold 1900 to 2199. They are built once for each set of calendars (by content) in a process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import say_day
from duewatch.engine.reckoning.holidays import weekday
from duewatch.engine.reckoning.months import FIRST_YEAR, LAST_YEAR, TABLE_END, TABLE_START, CannotCount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.reckoning.holidays import Calendar
    from duewatch.engine.words import Join

_SIZE: Final = TABLE_END - TABLE_START
_FARTHEST: Final = 4_000  # days without a working day: then there is none


class BeyondCoverage(CannotCount):
    """A calendar does not speak of a day that was asked for."""


class NoWorkingDay(CannotCount):
    """The calendars leave no working day near."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """The tables; an index is a day less TABLE_START."""

    open: bytearray  # 1 where the day is a working day
    rank: list[int]  # the number of working days up to and with the day
    select: list[int]  # the working days in order


@dataclass(frozen=True)
class WorkDays:
    """One or several calendars, joined: a day is closed where any of them is closed, or only where all are.

    Without a calendar, every day is a working day.
    """

    calendars: tuple[Calendar, ...] = ()
    join: Join = "any"

    @cached_property
    def table(self) -> Ranks:
        """The tables of these calendars."""
        return _ranks(self)

    def is_working(self, day: int) -> bool:
        """Tell whether a day is a working day."""
        at = day - TABLE_START
        if 0 <= at < _SIZE:
            return bool(self.table.open[at])
        return self.walked(day)

    def walked(self, day: int) -> bool:
        """Tell the same from the rules of the calendars, without a table."""
        if not self.calendars:
            return True
        answers = (calendar.is_working(day) for calendar in self.calendars)
        return all(answers) if self.join == "any" else any(answers)

    def shift(self, day: int, count: int) -> int:
        """Give the `count`-th working day after the day (before it where negative); 0 gives the day itself."""
        if not count:
            return day
        at = day - TABLE_START
        if 0 < at < _SIZE:
            table = self.table
            place = table.rank[at] + count - 1 if count > 0 else table.rank[at - 1] + count
            if 0 <= place < len(table.select):
                return table.select[place]
        return self._walk(day, count)

    def following(self, day: int) -> int:
        """Give the day itself where it is a working day, else the next one."""
        return day if self.is_working(day) else self.shift(day, 1)

    def preceding(self, day: int) -> int:
        """Give the day itself where it is a working day, else the one before."""
        return day if self.is_working(day) else self.shift(day, -1)

    def after_to(self, start: int, end: int) -> int:
        """Count the working days after `start` up to and with `end`; negative where `end` lies before it."""
        if end < start:
            return -self.after_to(end, start)
        first, last = start - TABLE_START, end - TABLE_START
        if first >= 0 and last < _SIZE:
            table = self.table
            return table.rank[last] - table.rank[first]
        return sum(self.walked(day) for day in range(start + 1, end + 1))

    def beyond(self, first: int, last: int) -> tuple[str, ...]:
        """Say which calendars do not speak of all days between the two; BeyondCoverage where one must not guess."""
        said = []
        for calendar in self.calendars:
            if calendar.covers(first, last):
                continue
            lacking = say_day(last) if calendar.covers(first, first) else say_day(first)
            words = f"the calendar {calendar.name} is known {_ranges(calendar)}, not for {lacking}"
            if calendar.beyond == "refuse":
                raise BeyondCoverage(words)
            said.append(f"{words}: its rules are taken to go on")
        return tuple(said)

    def _walk(self, day: int, count: int) -> int:
        step = 1 if count > 0 else -1
        left, missed = abs(count), 0
        while left:
            day += step
            missed = 0 if self.is_working(day) else missed + 1
            left -= not missed
            if missed > _FARTHEST:
                raise NoWorkingDay("the calendar leaves no working day")
        return day

    def __str__(self) -> str:
        """Name the calendars."""
        how = " and " if self.join == "any" else " or "
        return how.join(calendar.name for calendar in self.calendars) or "no calendar"


def _ranges(calendar: Calendar) -> str:
    return " and ".join(_range(*one) for one in calendar.ranges)


def _range(first: int | None, last: int | None) -> str:
    start = "" if first is None else f"from {say_day(first)}"
    end = "" if last is None else f"to {say_day(last)}"
    return " ".join(part for part in (start, end) if part)


@lru_cache(maxsize=64)
def _ranks(days: WorkDays) -> Ranks:
    """Build the tables."""
    flags = [_open_days(calendar) for calendar in days.calendars]
    if not flags:
        opened = bytearray(b"\1") * _SIZE
    elif len(flags) == 1:
        opened = flags[0]
    else:
        choose = min if days.join == "any" else max
        opened = bytearray(map(choose, *flags))
    return Ranks(opened, list(accumulate(opened)), list(compress(range(TABLE_START, TABLE_END), opened)))


def _open_days(calendar: Calendar) -> bytearray:
    start = weekday(TABLE_START)
    week = bytes(int((start + place) % 7 not in calendar.weekend) for place in range(7))
    opened = bytearray((week * (_SIZE // 7 + 1))[:_SIZE])
    for day in _holidays(calendar):
        opened[day - TABLE_START] = 0
    for day in calendar.working:
        if 0 <= day - TABLE_START < _SIZE:
            opened[day - TABLE_START] = 1
    return opened


def _holidays(calendar: Calendar) -> Iterator[int]:
    days = set(calendar.holidays)
    for rule in calendar.rules:
        days |= {day for year in range(FIRST_YEAR - 1, LAST_YEAR + 2) if (day := rule.in_year(year)) is not None}
    yield from (day for day in days if 0 <= day - TABLE_START < _SIZE)
