"""Rolls: where a date goes that falls on no working day. Rolling twice is rolling once.

The names are those of the ISDA definitions, section 4.12, and of what banks made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.holidays import weekday
from duewatch.engine.reckoning.months import civil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duewatch.engine.reckoning.workdays import WorkDays
    from duewatch.engine.words import Roll

_MIDDLE: Final = 15  # the last day of the first half of a month
_FORWARD_WEEKDAYS: Final = {6, 0}  # Sunday and Monday


def roll(day: int, how: Roll, days: WorkDays) -> int:
    """Give the day where `day` goes; a working day stays. `with-count` is settled by whoever knows the direction."""
    return day if days.is_working(day) else _ROLLS[how](day, days)


def _modified(day: int, days: WorkDays) -> int:
    there = days.following(day)
    return there if _month(there) == _month(day) else days.preceding(day)


def _modified_back(day: int, days: WorkDays) -> int:
    there = days.preceding(day)
    return there if _month(there) == _month(day) else days.following(day)


def _half_month(day: int, days: WorkDays) -> int:
    there = days.following(day)
    crosses = _month(there) != _month(day) or civil(day)[2] <= _MIDDLE < civil(there)[2]
    return days.preceding(day) if crosses else there


def _nearest(day: int, days: WorkDays) -> int:
    """Give the nearer one; of two equally near ones the later."""
    after, before = days.following(day), days.preceding(day)
    return before if day - before < after - day else after


def _by_weekday(day: int, days: WorkDays) -> int:
    return days.following(day) if weekday(day) in _FORWARD_WEEKDAYS else days.preceding(day)


def _month(day: int) -> tuple[int, int]:
    return civil(day)[:2]


_ROLLS: Final[Mapping[Roll, Callable[[int, WorkDays], int]]] = {
    "none": lambda day, _: day,
    "following": lambda day, days: days.following(day),
    "preceding": lambda day, days: days.preceding(day),
    "modified-following": _modified,
    "modified-preceding": _modified_back,
    "nearest": _nearest,
    "nearest-by-weekday": _by_weekday,
    "half-month": _half_month,
    "with-count": lambda day, days: days.following(day),
}
