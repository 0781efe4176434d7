"""The scale of a timeline: where a day stands between left and right, and which months are named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200)  # months between two ticks
YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from `first` to `last` over `width` units, which begin at `left`."""

    first: date
    last: date
    left: float
    width: float

    def at(self, day: date) -> float:
        """Give where a day stands; what lies outside is put on the edge."""
        share = (day - self.first).days / (self.last - self.first).days
        return self.left + self.width * min(1.0, max(0.0, share))

    def shows(self, day: date) -> bool:
        """Tell whether a day lies within."""
        return self.first <= day <= self.last

    def ticks(self, room: float) -> list[tuple[float, str]]:
        """Give the places of the first days of months and their names, at least `room` units apart."""
        found: list[tuple[float, str]] = []
        for step in STEPS:
            found = [(self.at(day), _name(day, step)) for day in self._firsts(step)]
            if len(found) * room <= self.width:
                break
        return found

    def _firsts(self, step: int) -> Iterator[date]:
        """Give the first days of every `step`-th month within, counted from January of year 1."""
        start = self.first.year * YEAR + self.first.month - 1
        start += -start % step
        end = self.last.year * YEAR + self.last.month - 1
        for month in range(start, end + 1, step):
            day = date(month // YEAR, month % YEAR + 1, 1)
            if self.shows(day):
                yield day


def _name(day: date, step: int) -> str:
    return str(day.year) if step >= YEAR else f"{MONTHS[day.month - 1]} {day.year}"


def in_words(day: date) -> str:
    """Give a day as people of any language read it without doubt: 15 Jul 2021."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
