"""The calendar on integers: days since 1970-01-01, months added with one rounding, and how people read them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.months import add_months, civil

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.words import MonthEnd, Span

_UNIX: Final = date(1970, 1, 1).toordinal()
OLDEST: Final = date.min.toordinal() - _UNIX
NEWEST: Final = date.max.toordinal() - _UNIX  # the last day that has a date
_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_IN_DAYS: Final = {"days": 1, "weeks": 7}
_IN_MONTHS: Final = {"months": 1, "years": 12}
_TEENS: Final = range(11, 14)


def to_day(day: date) -> int:
    """Turn a date into days since 1970-01-01."""
    return day.toordinal() - _UNIX


def from_day(day: int) -> date:
    """Turn days since 1970-01-01 into a date."""
    return date.fromordinal(day + _UNIX)


def add(day: int, spans: Sequence[Span], policy: MonthEnd = "clip") -> int:
    """Give the day `spans` after `day` (before it where they are negative).

    Spans are added in the order in which they are written, because "2 months and 10 days" is not
    "10 days and 2 months". Years and months that stand together are one number with one rounding, as the `policy`
    for a day that the target month lacks has it (see `months.add_months`).
    Raises OverflowError outside the years 1 to 9999, never a silent clamp.
    """
    months = 0
    for span in spans:
        if span.unit in _IN_MONTHS:
            months += span.count * _IN_MONTHS[span.unit]
            continue
        day = (add_months(day, months, policy) if months else day) + span.count * _IN_DAYS[span.unit]
        months = 0
    day = add_months(day, months, policy) if months else day
    if not OLDEST <= day <= NEWEST:
        raise OverflowError("outside the years 1 to 9999")
    return day


def times(span: Span, n: int) -> Span:
    """Give the span `n` times as long."""
    return type(span)(span.count * n, span.unit)


def say_day(day: int) -> str:
    """Write a day as people read it: "29 June 2021"."""
    year, month, of_month = civil(day)
    return f"{of_month} {_NAMES[month - 1]} {year}"


def say_spans(spans: Sequence[Span]) -> str:
    """Write a length as people read it: "9 months and 1 day"; a leading minus is left out (see `say_after`)."""
    return " and ".join(_say_span(span) for span in spans)


def _say_span(span: Span) -> str:
    count = abs(span.count)
    unit = span.unit.replace("-", " ")
    return f"{count} {unit[:-1] if count == 1 else unit}"


def say_after(spans: Sequence[Span]) -> str:
    """Write an offset: "3 months after", or "10 days before" where all of it is negative."""
    if spans and all(span.count < 0 for span in spans):
        return f"{say_spans(spans)} before"
    parts = [f"minus {_say_span(span)}" if span.count < 0 else _say_span(span) for span in spans]
    return f"{' and '.join(parts)} after"


def nth(n: int) -> str:
    """Write an ordinal: 1st, 2nd, 3rd, 4th ... 11th, 12th, 13th."""
    ending = "th" if n % 100 in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
