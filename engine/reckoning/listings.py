"""Listings: deadlines that give several dates without being a plain series: sessions, schedules, recurrence rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from itertools import count
from typing import TYPE_CHECKING

from duewatch.engine.reckoning.civil import from_day, nth, say_day, times
from duewatch.engine.reckoning.closing import Count, Reckoned, close, unresolved
from duewatch.engine.reckoning.deadlines import reckon, under
from duewatch.engine.reckoning.instants import local
from duewatch.engine.reckoning.moments import resolve
from duewatch.engine.reckoning.months import CannotCount, civil, last_of_month
from duewatch.engine.reckoning.offsets import offset
from duewatch.engine.reckoning.recurrences import occurrences, parse_rule
from duewatch.engine.reckoning.series import MOST, TooMany
from duewatch.engine.reckoning.steps import Step
from duewatch.engine.words import During, EverySession, Fixed, Recurring, Schedule, Within

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.reckoning.moments import Resolved, View
    from duewatch.engine.words import Instrument

Listing = EverySession | Schedule | Recurring


def listing(deadline: Listing, view: View, *, horizon: int) -> list[Reckoned]:
    """Give the dates in order; where an anchor is not known, one date that says so."""
    match deadline:
        case EverySession():
            return _sessions(deadline, view)
        case Schedule():
            return _schedule(deadline, view)
        case Recurring():
            return _recurring(deadline, view, horizon)


# ------------------------------------------------------------------ sessions
def sessions_in(deadline: EverySession, instrument: Instrument, library: Library) -> list[str]:
    """Name the sessions of a series. Without a last one it goes up to the last session that its body has listed."""
    own = instrument.periods.get(deadline.first)
    first = own.session if own is not None and own.session else deadline.first
    body, _, start = first.partition("/")
    if not start.isdecimal():
        return [first]
    end = (deadline.last or "").partition("/")[2]
    known = [int(number) for number in library.sessions(body) if number.isdecimal()]
    last = int(end) if end.isdecimal() else max([int(start), *known])
    return [f"{body}/{number}" for number in range(int(start), last + 1, max(deadline.step, 1))]


def _sessions(deadline: EverySession, view: View) -> list[Reckoned]:
    """Give the last day of each session; what is not known of one leaves the others as they are."""
    if deadline.step < 1:
        return [unresolved(None, (Step("its interval leads nowhere"),))]
    return [reckon(During(session), view) for session in sessions_in(deadline, view.instrument, view.library)]


# ------------------------------------------------------------------ schedules
def _schedule(deadline: Schedule, view: View) -> list[Reckoned]:
    """Give the boundaries of periods, each counted from one end: a rolled date never moves the next one."""
    view = under(deadline.terms, view)
    start, end = resolve(deadline.start, view), resolve(deadline.end, view)
    missing = next((one for one in (start, end) if one.day is None), None)
    if missing is not None or start.day is None or end.day is None:
        return [unresolved(None, start.steps + end.steps)]
    if deadline.span.count < 1 or end.day < start.day:
        return [unresolved(None, (*start.steps, *end.steps, Step("its interval leads nowhere")))]
    try:
        days = _boundaries(deadline, start.day, end.day, view)
    except (CannotCount, OverflowError) as beyond:
        return [unresolved(None, (*start.steps, *end.steps, Step(str(beyond))))]
    return [_boundary(n, day, start, view) for n, day in enumerate(days)]


def _boundary(n: int, day: int, start: Resolved, view: View) -> Reckoned:
    policy = view.policy(day)
    step = Step(f"boundary {n}: {say_day(day)}" if n else f"it begins on {say_day(day)}")
    return close(Count(day=day, policy=policy, steps=(step,), anchor=start.day, inferred=start.inferred), view)


def _boundaries(deadline: Schedule, start: int, end: int, view: View) -> list[int]:
    """Count from the start on, or back from the end where the short period comes first; both ends are boundaries."""
    forward = deadline.stub == "at-end"
    step = _stepper(deadline, start if forward else end, view)
    found = [start] if forward else [end]
    for n in count(1):
        if len(found) > MOST:
            raise TooMany
        day = step(n if forward else -n)
        if not start < day < end:
            if (day >= end) if forward else (day <= start):
                break
            continue
        found.append(day)
    found = found if forward else found[::-1]
    return list(dict.fromkeys([start, *found, end]))


def _stepper(deadline: Schedule, base: int, view: View) -> Callable[[int], int]:
    policy = view.policy(base)
    days = view.days(policy)

    def step(n: int) -> int:
        there = offset(base, (times(deadline.span, n),), policy.regime.month_end, days)
        if deadline.day is None or deadline.span.unit not in {"months", "years"}:
            return there
        last = last_of_month(there)
        if deadline.day == "last":
            return last
        first = last - civil(last)[2] + 1
        return min(first + deadline.day - 1, last)

    return step


# ------------------------------------------------------------------ recurrence rules
def _recurring(deadline: Recurring, view: View, horizon: int) -> list[Reckoned]:
    """Give the days of a recurrence rule, the first moment only where the rule itself gives it."""
    view = under(deadline.terms, view)
    start = resolve(deadline.start, view)
    end = None if deadline.until is None else resolve(deadline.until, view)
    if start.day is None:
        return [unresolved(None, start.steps, inferred=start.inferred)]
    last = horizon if end is None or end.day is None else end.day
    rule = parse_rule(deadline.rule)
    clock = time.min if start.instant is None else local(start.instant, view.zone).time()
    found = []
    for n, day in enumerate(occurrences(rule, start.day, last, clock), start=1):
        if n > MOST:
            return [unresolved(None, (*start.steps, Step(str(TooMany()))), inferred=start.inferred)]
        step = Step(f"{nth(n)} day of {deadline.rule}: {say_day(day)}", "RFC 5545 and RFC 7529")
        found.append(_after(deadline, replace(start, day=day, instant=None).then(step), view))
    return found or [unresolved(None, (*start.steps, Step("no date falls within its bounds")))]


def _after(deadline: Recurring, day: Resolved, view: View) -> Reckoned:
    """Give the date that a day of the rule leads to: the day itself, or the last of a period that runs from it."""
    on = day.day or 0
    if deadline.plus:
        found = reckon(Within(deadline.plus, Fixed(from_day(on)), deadline.terms), view)
        return replace(found, steps=(*day.steps, *found.steps[1:]), inferred=found.inferred or day.inferred)
    return close(Count(day=on, policy=view.policy(on), steps=day.steps, inferred=day.inferred), view)
