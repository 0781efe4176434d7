"""Suspending: a period stands still for some days, so it ends by as many days later; it is rolled afterwards.

The days that do not count are taken out one by one, and each once, however many pauses hold it: where the longer
period runs into a further pause, that pause's days are taken out too. A period counted in working days loses
working days only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from duewatch.engine.reckoning.civil import say_day
from duewatch.engine.reckoning.closing import Count, Reckoned, close
from duewatch.engine.reckoning.moments import resolve
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.steps import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.words import Pause, PauseEnds


@dataclass(frozen=True, slots=True)
class Still:
    """The first and the last day that do not count; `last` None: it has not ended."""

    first: int
    last: int | None
    steps: tuple[Step, ...] = ()


def suspended(found: Reckoned, pauses: Sequence[Pause], view: View) -> Reckoned:
    """Give a deadline whose period stood still during the pauses that the clause names."""
    stills = []
    for pause in pauses:
        start = resolve(pause.start, view)
        end = None if pause.until is None else resolve(pause.until, view)
        if start.day is None:  # it has not begun
            continue
        steps = start.steps + (() if end is None else end.steps)
        if end is not None and end.day is not None and end.day < start.day:
            step = Step("the suspension ends before it begins")
            return replace(found, state="unresolved", due=None, instant=None, steps=(*found.steps, *steps, step))
        stills.append(still(start.day, None if end is None else end.day, pause.ends, steps))
    return stopped(found, stills, view)


def still(start: int, until: int | None, ends: PauseEnds, steps: tuple[Step, ...] = ()) -> Still:
    """Give the days that a pause takes out, by which of its end days it takes out."""
    first = start if ends in {"both", "first"} else start + 1
    last = until if until is None or ends in {"both", "last"} else until - 1
    return Still(first, last, steps)


def stopped(found: Reckoned, stills: Sequence[Still], view: View) -> Reckoned:
    """Take the days of the pauses out of a period, in order; while one has not ended, nobody knows the due day."""
    count = found.count
    if count is None or found.due is None or count.instant is not None:
        return _undated(found, stills)
    free = None if count.anchor is None else count.anchor + 1  # no day before it can be taken out, or not again
    for one in sorted(stills, key=lambda one: one.first):
        lowest = one.first if free is None else max(one.first, free)
        if lowest > count.day:
            step = Step(f"a suspension from {say_day(one.first)} comes after its last day and moves nothing")
            count = replace(count, steps=(*count.steps, *one.steps, step))
            continue
        if one.last is None:
            step = Step(f"suspended from {say_day(one.first)}; its last day is not known before it is resumed")
            return replace(
                found, state="suspended", due=None, cut_off=None, instant=None, steps=(*count.steps, *one.steps, step)
            )
        try:
            there, lost = _later(count, lowest, one.last, view)
        except CannotCount as beyond:
            return replace(found, state="unresolved", due=None, steps=(*count.steps, Step(str(beyond))))
        words = f"{lost} from {say_day(one.first)} to {say_day(one.last)} do not count: {say_day(there)}"
        step = Step(words, count.policy.authority("extension"))
        count = replace(count, day=there, steps=(*count.steps, *one.steps, step))
        free = max(lowest, one.last + 1)
    return close(count, view)


def _undated(found: Reckoned, stills: Sequence[Still]) -> Reckoned:
    """Suspend what has no day that could move; hours go on to stand still only while a pause has not ended."""
    running = next((one for one in stills if one.last is None), None)
    if running is None:
        return found
    step = Step(f"suspended from {say_day(running.first)}")
    return replace(found, state="suspended", due=None, cut_off=None, instant=None, steps=(*found.steps, step))


def _later(count: Count, first: int, last: int, view: View) -> tuple[int, str]:
    """Give the last day of the period without the days from `first` to `last`, and how many those are."""
    if last < first:
        return count.day, "0 days"
    if not count.working:
        lost = last - first + 1
        return count.day + lost, f"{lost} days" if lost > 1 else "1 day"
    days = view.days(count.policy)
    lost = days.after_to(first - 1, last)
    return days.shift(count.day, lost), f"{lost} working days"
