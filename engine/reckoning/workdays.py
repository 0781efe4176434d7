"""Working days: any count of them is a look-up in tables of one set of calendars.

The first table holds 1900 to 2199; what lies beyond is kept in tables of a century each. They are built once for each
set of calendars (by content) in a process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import say_day
from duewatch.engine.reckoning.holidays import weekday
from duewatch.engine.reckoning.months import TABLE_END, TABLE_START, CannotCount, civil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.reckoning.holidays import Calendar
    from duewatch.engine.words import Join

_SIZE: Final = TABLE_END - TABLE_START
_CENTURY: Final = 36_525  # days in each table beyond the first
_NEAR: Final = 30  # working days that a walk reaches sooner than a table is built
_FARTHEST: Final = 4_000  # days without a working day: then there is none


class BeyondCoverage(CannotCount):
    """A calendar does not speak of a day that was asked for."""


class NoWorkingDay(CannotCount):
    """The calendars leave no working day near."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """A table; an index is a day less the first one."""

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
        return _ranks(self, 0)

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
        if 0 <= at < _SIZE:
            table = self.table
            place = table.rank[at] + count - 1 if count > 0 else table.rank[at] - table.open[at] + count
            if 0 <= place < len(table.select):
                return table.select[place]
        return self._far(day, count)

    def _far(self, day: int, count: int) -> int:
        """Give the same across tables, one after the other; what is near is looked for day by day."""
        if abs(count) <= _NEAR:
            return self._walk(day, count)
        block = _block_of(day)
        table = _ranks(self, block)
        at = day - _first_of(block)
        place = table.rank[at] + count - 1 if count > 0 else table.rank[at] - table.open[at] + count
        while not 0 <= place < len(table.select):
            place -= len(table.select) if count > 0 else 0
            block += 1 if count > 0 else -1
            table = _ranks(self, block)
            if not table.select:
                raise NoWorkingDay("the calendar leaves no working day")
            place += len(table.select) if count < 0 else 0
        return table.select[place]

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
        if start >= TABLE_START and end < TABLE_END:
            return self.table.rank[end - TABLE_START] - self.table.rank[start - TABLE_START]
        first, last = _block_of(start), _block_of(end)
        between = sum(len(_ranks(self, block).select) for block in range(first, last))
        return between + self._rank(last, end) - self._rank(first, start)

    def _rank(self, block: int, day: int) -> int:
        return _ranks(self, block).rank[day - _first_of(block)]

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


def _block_of(day: int) -> int:
    """Give the number of the table that holds a day: 0 is the first one, others lie after it or before."""
    if day < TABLE_START:
        return (day - TABLE_START) // _CENTURY
    return 0 if day < TABLE_END else (day - TABLE_END) // _CENTURY + 1


def _first_of(block: int) -> int:
    return TABLE_START + block * _CENTURY if block <= 0 else TABLE_END + (block - 1) * _CENTURY


@lru_cache(maxsize=256)
def _ranks(days: WorkDays, block: int) -> Ranks:
    """Build a table."""
    first, size = _first_of(block), _SIZE if not block else _CENTURY
    flags = [_open_days(calendar, first, size) for calendar in days.calendars]
    if len(flags) > 1:
        opened = bytearray(map(min if days.join == "any" else max, *flags))
    else:
        opened = flags[0] if flags else bytearray(b"\1") * size
    return Ranks(opened, list(accumulate(opened)), list(compress(range(first, first + size), opened)))


def _open_days(calendar: Calendar, first: int, size: int) -> bytearray:
    start = weekday(first)
    week = bytes(int((start + place) % 7 not in calendar.weekend) for place in range(7))
    opened = bytearray((week * (size // 7 + 1))[:size])
    for day in _holidays(calendar, first, size):
        opened[day - first] = 0
    for day in calendar.working:
        if 0 <= day - first < size:
            opened[day - first] = 1
    return opened


def _holidays(calendar: Calendar, first: int, size: int) -> Iterator[int]:
    days = set(calendar.holidays)
    years = range(civil(first)[0] - 1, civil(first + size)[0] + 2)
    for rule in calendar.rules:
        days |= {day for year in years if (day := rule.in_year(year)) is not None}
    yield from (day for day in days if 0 <= day - first < size)
