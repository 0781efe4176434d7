"""Closing: from the last day of a period as counted to the day on which it ends: roll, least working days, clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.reckoning.civil import say_day, to_day
from duewatch.engine.reckoning.instants import day_at, instant_of, local, say_instant
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.offsets import offset
from duewatch.engine.reckoning.rolls import roll
from duewatch.engine.reckoning.steps import Step

if TYPE_CHECKING:
    from datetime import time

    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.reckoning.regimes import Policy
    from duewatch.engine.reckoning.workdays import WorkDays
    from duewatch.engine.words import MonthEnd, Roll, Span

State = Literal["dated", "none", "unresolved", "expected", "suspended"]
_SHORTEST: Final = 2  # days; a shorter period need hold no working days


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What one deadline comes to: its window, and the last day of it; days as integers."""

    # none: the words set no date; unresolved: they do, and it cannot be computed; expected: nobody has set its day
    # yet; suspended: its clock stands still
    state: State
    opens: int | None
    due: int | None = None
    cut_off: time | None = None
    soft_due: int | None = None
    inferred: bool = False
    steps: tuple[Step, ...] = ()
    count: Count | None = None  # what it was closed from, where it was counted
    instant: int | None = None  # the last instant in time, where hours or a cut-off time set one
    earliest: int | None = None  # the earliest that the due day may be, where its anchor is known less exactly
    zone: str = ""  # that the clause names; "" = the instrument's

    @property
    def unrolled(self) -> int | None:
        """The due day before it was rolled."""
        return self.due if self.count is None else self.count.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A deadline before it is rolled."""

    day: int
    policy: Policy
    steps: tuple[Step, ...] = ()
    opens: int | None = None
    inferred: bool = False
    anchor: int | None = None  # the day that it was counted from; None: a day that nothing was counted to
    back: bool = False  # counted backward
    longer: bool = False  # made longer by an extension
    instant: int | None = None
    cut_off: time | None = None
    first: int | None = None  # the earliest that the day may be
    expected: bool = False
    terms_zone: str = ""
    working: bool = False  # counted in working days alone


def close(count: Count, view: View) -> Reckoned:
    """Roll the day, see to the working days that the period must hold, and set the clock."""
    try:
        rolled = _elapsed_end(count, view) if count.instant is not None else _rolled(count, view)
        rolled = _with_least(rolled, count.day, view)
        rolled = _with_late_distance(rolled, view)
        first = None if count.first is None else _rolled(replace(count, day=count.first, steps=()), view).day
    except (CannotCount, OverflowError) as beyond:
        return unresolved(count.opens, (*count.steps, Step(str(beyond))), inferred=count.inferred)
    cut_off = count.cut_off or count.policy.regime.cut_off
    found = Reckoned(
        "dated",
        count.opens,
        rolled.day,
        cut_off if rolled.instant is None else None,
        inferred=count.inferred,
        steps=rolled.steps,
        count=count,
        instant=rolled.instant,
        earliest=first,
        zone=count.terms_zone or count.policy.regime.zone,
    )
    return _expected(found) if count.expected else found


def unresolved(opens: int | None, steps: tuple[Step, ...], *, inferred: bool = False) -> Reckoned:
    """Give a deadline that cannot be computed; its last step says why."""
    return Reckoned("unresolved", opens, inferred=inferred, steps=steps)


def _expected(found: Reckoned) -> Reckoned:
    """Give no due day to what rests on a day that nobody has set: the expected one is a target, never a limit."""
    last = "" if found.due is None else f", by {say_day(found.due)} at the latest as expected"
    step = Step(f"its last day is not set yet{last}: nothing is late before it is recorded")
    return replace(found, state="expected", due=None, soft_due=found.due, instant=None, steps=(*found.steps, step))


def convention(count: Count) -> Roll:
    """Give the roll that a count is subject to."""
    regime = count.policy.regime
    named = "roll" in count.policy.by_clause
    if count.longer and not regime.roll_extension and not named:
        return "none"
    if count.anchor is None and not count.policy.rolls_everything:
        return "none"
    if count.back:
        return regime.roll_back
    return "following" if regime.roll == "with-count" else regime.roll


def _rolled(count: Count, view: View) -> Count:
    """Roll the day, then leave the days on which the act cannot be done: those always forward."""
    return _accessible(_to_working_day(count, view), view)


def _to_working_day(count: Count, view: View) -> Count:
    how = convention(count)
    if how == "none":
        return count
    days = _roll_days(count, view)
    there = roll(count.day, how, days)
    notes = tuple(
        Step(note, count.policy.authority("calendar"))
        for note in days.beyond(min(count.day, there), max(count.day, there))
    )
    if there == count.day:
        return replace(count, steps=(*count.steps, *notes))
    words = f"{say_day(count.day)} is no working day ({days}), {_say_roll(how)}: {say_day(there)}"
    return replace(count, day=there, steps=(*count.steps, *notes, Step(words, count.policy.authority("roll"))))


def _accessible(count: Count, view: View) -> Count:
    """Go on from a day on which the place of the act cannot be reached to the first working day on which it can.

    Fed. R. Civ. P. 6(a)(3): forward, even where the period itself was counted and rolled back.
    """
    closed = {to_day(day) for day in count.policy.regime.inaccessible}
    if count.day not in closed:
        return count
    days, there = view.days(count.policy, roll=True), count.day
    while there in closed:
        there = days.following(there + 1)
    authority = count.policy.regime.cites.get("inaccessible", "the clause")
    step = Step(f"inaccessible on {say_day(count.day)}, so the next day that is not: {say_day(there)}", authority)
    return replace(count, day=there, steps=(*count.steps, step))


def _roll_days(count: Count, view: View) -> WorkDays:
    days = view.days(count.policy, roll=True)
    if not days.calendars:
        raise CannotCount("rolling needs a calendar; name one")
    return days


def _say_roll(how: Roll) -> str:
    return {
        "following": "so the next one",
        "preceding": "so the one before",
        "modified-following": "so the next one, or the one before where that is another month",
        "modified-preceding": "so the one before, or the next one where that is another month",
        "nearest": "so the nearest one",
        "nearest-by-weekday": "so the nearest one: forward from a Sunday or a Monday",
        "half-month": "so the next one, or the one before where that is another half of the month",
    }.get(how, how)


def _elapsed_end(count: Count, view: View) -> Count:
    """Let a period in hours go on to the same clock time of a day on which the act can be done, where that is law."""
    if count.instant is None:
        return count
    there = _accessible(_hours_rolled(count, view), view)
    if there.day == count.day:
        return count
    clock = local(count.instant, view.zone).timetz().replace(tzinfo=None)
    instant = instant_of(there.day, clock.replace(microsecond=0), view.zone)
    step = Step(f"the same time of that day: {say_instant(instant, view.zone)}", count.policy.authority("roll"))
    return replace(count, day=day_at(instant, view.zone), instant=instant, steps=(*there.steps, step))


def _hours_rolled(count: Count, view: View) -> Count:
    how = count.policy.regime.roll_hours
    if how == "none":
        return count
    days = _roll_days(count, view)
    there = roll(count.day, how, days)
    if there == count.day:
        return count
    words = f"{say_day(count.day)} is no working day ({days}), {_say_roll(how)}: {say_day(there)}"
    return replace(count, day=there, steps=(*count.steps, Step(words, count.policy.authority("roll"))))


def _with_least(count: Count, counted: int, view: View) -> Count:
    """Let the period hold the working days that it must hold (Regulation 1182/71 art. 3(5)).

    `counted` is its last day before the roll: whether it has two days or more is asked of the period itself.
    """
    least = count.policy.regime.least_working_days
    if not least or count.anchor is None:
        return count
    if count.instant is not None and "least-working-days" not in count.policy.by_clause:
        return count  # whether the rule means periods in hours too is disputed: the clause must say so
    if "least-working-days" not in count.policy.by_clause and abs(counted - count.anchor) < _SHORTEST:
        return count
    days = _roll_days(count, view)
    held = days.after_to(count.day - 1, count.anchor - 1) if count.back else days.after_to(count.anchor, count.day)
    if held >= least:
        return count
    there = days.shift(count.day, held - least if count.back else least - held)
    words = f"the period holds {held} of at least {least} working days: {say_day(there)}"
    step = Step(words, count.policy.authority("least-working-days"))
    return replace(count, day=there, instant=None, steps=(*count.steps, step))  # the whole of that day


def _with_late_distance(count: Count, view: View) -> Count:
    """Add what distance gives to a period that has ended already, and roll again, where the regime has it so."""
    regime = count.policy.regime
    if regime.distance_from != "rolled" or not regime.distance or count.anchor is None or count.instant is not None:
        return count
    there = offset(count.day, regime.distance)
    step = Step(f"on account of distance: {say_day(there)}", count.policy.authority("distance"))
    return _rolled(replace(count, day=there, steps=(*count.steps, step)), view)


def extended_count(  # noqa: PLR0913, PLR0917 - what an extension hangs on
    count: Count, due: int, spans: tuple[Span, ...], policy: Policy, view: View, month_end: MonthEnd
) -> Count:
    """Count an extension on from a day: the unrolled or the rolled one."""
    there = offset(due, spans, month_end, view.days(policy))
    return replace(
        count,
        day=there,
        policy=policy,
        longer=True,
        first=None,
        anchor=count.anchor if count.anchor is not None else due,
    )
