"""Offsets: a day so many spans away, in every unit. The one place where units become days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.months import CannotCount, add_months, last_of_month

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duewatch.engine.reckoning.workdays import WorkDays
    from duewatch.engine.words import MonthEnd, Span

_MONTHS: Final = {"months": 1, "years": 12}
_DAYS: Final = {"days": 1, "weeks": 7}
_SECONDS: Final = {"minutes": 60, "hours": 3_600}
_MOST: Final = 4_000_000  # days, or as many working days or months: longer than the calendar of dates


def offset(day: int, spans: Iterable[Span], policy: MonthEnd = "clip", days: WorkDays | None = None) -> int:
    """Give the day `spans` after `day`, before it where they are negative.

    Spans are added in the order in which they are written, because "2 months and 10 days" is not
    "10 days and 2 months". Years and months that stand together are one number with one rounding (`months`).
    Clear days leave so many whole days between, so they go one further.
    """
    months = 0
    for span in spans:
        if abs(span.count) > _MOST:
            raise OverflowError("outside the years 1 to 9999")
        if span.unit in _MONTHS:
            months += span.count * _MONTHS[span.unit]
            continue
        if months:
            day, months = later_month(day, months, policy, days), 0
        day = _days(day, span, days)
    return later_month(day, months, policy, days) if months else day


def _days(day: int, span: Span, days: WorkDays | None) -> int:
    if span.unit in _DAYS:
        return day + span.count * _DAYS[span.unit]
    if span.unit == "clear-days":
        return day + span.count + (1 if span.count >= 0 else -1)
    if span.unit == "working-days":
        if days is None or not days.calendars:
            raise CannotCount("working days need a calendar; name one")
        return days.shift(day, span.count)
    raise CannotCount(f"{span.unit} do not mix with days")


def later_month(day: int, months: int, policy: MonthEnd, days: WorkDays | None) -> int:
    """Add months; the policies that stick to the last working day need the calendar.

    stick-business: what has no working day after it in its month goes to the last working day of the target month
    (Strata's LAST_BUSINESS_DAY). stick-calendar: it goes to the calendar's last day there (QuantLib, unadjusted).
    """
    if policy not in {"stick-business", "stick-calendar"}:
        return add_months(day, months, policy)
    if days is None or not days.calendars:
        raise CannotCount("a month end of working days needs a calendar; name one")
    there = add_months(day, months, "clip")
    if day < days.preceding(last_of_month(day)):
        return there
    last = last_of_month(there)
    return days.preceding(last) if policy == "stick-business" else last


def offset_instant(instant: int, spans: Iterable[Span]) -> int:
    """Give the instant so many hours and minutes later, as they elapse: no clock change touches them."""
    listed = list(spans)
    if any(span.unit not in _SECONDS for span in listed):
        raise CannotCount("hours do not mix with days")
    return instant + sum(span.count * _SECONDS[span.unit] for span in listed)
