"""Inquiries: what a calculator may ask of calendars beside deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duewatch.engine.reckoning.civil import say_day
from duewatch.engine.reckoning.holidays import weekday
from duewatch.engine.reckoning.moments import resolve
from duewatch.engine.reckoning.months import CannotCount, number
from duewatch.engine.reckoning.steps import Step
from duewatch.engine.words import Holidays, IsWorkingDay

if TYPE_CHECKING:
    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.reckoning.workdays import WorkDays
    from duewatch.engine.words import Inquiry, Moment, WorkingDays


@dataclass(frozen=True, slots=True)
class Answer:
    """A number, a truth, or days; and how it was found."""

    steps: tuple[Step, ...]
    number: int | None = None
    truth: bool | None = None
    days: tuple[int, ...] | None = None


def inquire(inquiry: Inquiry, view: View) -> Answer:
    """Answer; CannotCount where a moment is not known or no calendar is named."""
    if isinstance(inquiry, Holidays):
        return _holidays(inquiry, view)
    if isinstance(inquiry, IsWorkingDay):
        day, steps = _day(inquiry.moment, view)
        days, notes = _calendar(view, day, day)
        open_ = days.is_working(day)
        words = f"{say_day(day)} is {'a' if open_ else 'no'} working day ({days})"
        return Answer((*steps, *notes, Step(words)), truth=open_)
    return _between(inquiry, view)


def _day(moment: Moment, view: View) -> tuple[int, tuple[Step, ...]]:
    found = resolve(moment, view)
    if found.day is None:
        raise CannotCount(found.steps[-1].words)
    return found.day, found.steps


def _calendar(view: View, first: int, last: int) -> tuple[WorkDays, tuple[Step, ...]]:
    policy = view.policy(first)
    days = view.days(policy)
    if not days.calendars:
        raise CannotCount("working days need a calendar; name one")
    return days, tuple(Step(note, policy.authority("calendar")) for note in days.beyond(first, last))


def _between(inquiry: WorkingDays, view: View) -> Answer:
    """Count the working days between two days; the end days count where they are included.

    In the other order the count is the negative of the same days. One day alone counts only where both its ends do.
    """
    (start, first_steps), (end, last_steps) = _day(inquiry.start, view), _day(inquiry.end, view)
    days, notes = _calendar(view, min(start, end), max(start, end))
    with_first, with_last = inquiry.first_day == "included", inquiry.last_day == "included"
    sign = 1
    if start > end:
        start, end, with_first, with_last, sign = end, start, with_last, with_first, -1
    if start == end:
        count = int(days.is_working(start) and with_first and with_last)
    else:
        whole = days.after_to(start - 1, end)
        count = whole - (days.is_working(start) and not with_first) - (days.is_working(end) and not with_last)
    step = Step(f"{sign * count} working days ({days})")
    return Answer((*first_steps, *last_steps, *notes, step), number=sign * count)


def _holidays(inquiry: Holidays, view: View) -> Answer:
    first, last = number(inquiry.year, 1, 1), number(inquiry.year + 1, 1, 1) - 1
    days, notes = _calendar(view, first, last)
    weekends = [calendar.weekend for calendar in days.calendars]
    resting = frozenset.union(*weekends) if days.join == "any" else frozenset.intersection(*weekends)
    closed = tuple(day for day in range(first, last + 1) if weekday(day) not in resting and not days.walked(day))
    return Answer((*notes, Step(f"{len(closed)} days of {inquiry.year} on which {days} is closed")), days=closed)
