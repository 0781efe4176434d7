"""Counting: from an anchor to the last day of a period, before anything is rolled.

The canonical order is anchor, count, month end, suspension, roll, clock. This page holds the first three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.reckoning.civil import NEWEST, OLDEST, say_after, say_day
from duewatch.engine.reckoning.instants import day_at, full_hour, say_instant
from duewatch.engine.reckoning.months import CannotCount, add_months, civil
from duewatch.engine.reckoning.offsets import offset, offset_instant
from duewatch.engine.reckoning.steps import Step
from duewatch.engine.words import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.moments import Resolved, View
    from duewatch.engine.reckoning.regimes import Policy, Regime
    from duewatch.engine.reckoning.workdays import WorkDays

Way = Literal["after", "before", "bound"]
_HOURS: Final = {"hours", "minutes"}
_ONE_BACK: Final = {"calendar": Span(-1, "days"), "working": Span(-1, "working-days")}


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a count came to."""

    day: int
    steps: tuple[Step, ...]
    instant: int | None = None
    working: bool = False  # counted in working days alone


def in_hours(spans: Sequence[Span]) -> bool:
    """Tell whether a length is counted as time that elapses."""
    return any(span.unit in _HOURS for span in spans)


def counted(anchor: Resolved, day: int, spans: Sequence[Span], view: View, way: Way) -> Counted:
    """Count `spans` from `day` of the anchor.

    after: the last day of a period. before: the last day on which so much time is left. bound: the first day after
    so much time. Raises CannotCount, or OverflowError outside the years 1 to 9999.
    """
    if in_hours(spans):
        return _elapsed(anchor, spans, view, -1 if way == "before" else 1)
    policy = view.policy(anchor.day)
    spans, why = in_kind(spans, policy)
    days = view.days(policy) if _needs_calendar(spans, policy) else None
    there = _reached(day, spans, policy.regime, way, days)
    if not OLDEST <= there <= NEWEST:
        raise OverflowError("outside the years 1 to 9999")
    steps = [_count_step(spans, policy, way, there)]
    steps += [Step(why, policy.authority("days"))] if why else []
    steps += [] if way == "before" else rounding(day, spans, policy)
    steps += [Step(note, policy.authority("calendar")) for note in (days.beyond(day, there) if days else ())]
    return Counted(there, tuple(steps), working=all(span.unit == "working-days" for span in spans))


def _elapsed(anchor: Resolved, spans: Sequence[Span], view: View, sign: int) -> Counted:
    """Count hours on the line of UTC: no change of the clocks makes them longer or shorter."""
    if anchor.instant is None:
        raise CannotCount("hours are counted from a clock time, and only the day is known; give the time of the event")
    policy = view.policy(anchor.day)
    start, steps = anchor.instant, []
    if policy.regime.anchor_hour == "excluded":
        start = full_hour(anchor.instant, view.zone, later=sign > 0)
        words = f"its own hour not counted: from {say_instant(start, view.zone)}"
        steps.append(Step(words, policy.authority("anchor-day")))
    signed = [Span(sign * span.count, span.unit) for span in spans]
    there = offset_instant(start, signed)
    words = f"{say_after(signed)} it, as time elapses: {say_instant(there, view.zone)}"
    return Counted(day_at(there, view.zone), (*steps, Step(words)), there)


def in_kind(spans: Sequence[Span], policy: Policy) -> tuple[tuple[Span, ...], str]:
    """Turn the days of a clause into the kind of day that clause or regime counts; say why where a limit decides."""
    regime = policy.regime
    kind, why = regime.days, ""
    short = regime.short_period
    in_days = all(span.unit in {"days", "clear-days"} for span in spans)
    if short is not None and in_days and sum(span.count for span in spans) <= short.at_most:
        kind, why = short.days, f"a period of at most {short.at_most} days: in {short.days} days"
    if kind != "working":
        return tuple(spans), why
    return tuple(
        Span(span.count, "working-days") if span.unit in {"days", "clear-days"} else span for span in spans
    ), why


def is_clear(spans: Sequence[Span], regime: Regime, asked: Sequence[Span]) -> bool:
    """Tell whether both end days are left out: the clause says clear days, or its regime counts days so."""
    if any(span.unit == "clear-days" for span in asked):
        return True
    return regime.days == "clear" and all(span.unit in {"days", "working-days"} for span in spans)


def _needs_calendar(spans: Sequence[Span], policy: Policy) -> bool:
    return any(span.unit == "working-days" for span in spans) or policy.regime.month_end.startswith("stick-")


def _reached(day: int, spans: Sequence[Span], regime: Regime, way: Way, days: WorkDays | None) -> int:
    clear = is_clear(spans, regime, spans)
    plain = tuple(Span(span.count, "days") if span.unit == "clear-days" else span for span in spans)
    working = all(span.unit == "working-days" for span in plain)
    if way == "before":
        back = tuple(Span(-span.count, span.unit) for span in plain)
        day += regime.anchor_day == "included"
        there = offset(day, back, regime.month_end, days)
        return offset(there, (_ONE_BACK["working" if working else "calendar"],), "clip", days) if clear else there
    there = _forward(day, plain, regime, days, working=working)
    return there + 1 if clear and way == "bound" else there


def _forward(day: int, spans: Sequence[Span], regime: Regime, days: WorkDays | None, *, working: bool) -> int:
    """Count on; the anchor's own day may count, or the period may begin as a day of its own after it.

    Where it counts, the period ends on the day before the one with the same number or name (section 188(2) BGB,
    second alternative), and on the last day of a month that lacks that day (section 188(3)).
    """
    if regime.anchor_day == "next":
        return offset(day + 1, spans, regime.month_end, days)
    if regime.anchor_day == "excluded":
        return offset(day, spans, regime.month_end, days)
    if working:
        return offset(day - 1, spans, regime.month_end, days)
    spilled = "spill" if regime.month_end == "clip" else regime.month_end
    return offset(day, spans, spilled, days) - 1


def _count_step(spans: Sequence[Span], policy: Policy, way: Way, there: int) -> Step:
    signed = tuple(Span(-span.count, span.unit) for span in spans) if way == "before" else tuple(spans)
    own = {
        "excluded": "its own day not counted",
        "included": "its own day counted",
        "next": "the day after it being a day of its own",
    }[policy.regime.anchor_day]
    if is_clear(spans, policy.regime, spans):
        own = "both end days left out" if way != "after" else own
    words = f"{say_after(signed)} it, {own}"
    return Step(f"{words}: {'not before ' if way == 'bound' else ''}{say_day(there)}", policy.authority("anchor-day"))


def rounding(day: int, spans: Sequence[Span], policy: Policy) -> list[Step]:
    """Say how the end of a month was met, where the policy made a difference."""
    how = policy.regime.month_end
    if not any(span.unit in {"months", "years"} for span in spans):
        return []
    months = sum(span.count * (12 if span.unit == "years" else 1) for span in spans if span.unit in {"months", "years"})
    clipped, spilled = add_months(day, months, "clip"), add_months(day, months, "spill")
    if clipped != spilled:
        words = {"clip": "its last day", "spill": "the first day of the next one"}.get(how, "its last day")
        return [Step(f"the month has no day {civil(day)[2]}: {words}", policy.authority("month-end"))]
    if how.startswith("stick") and civil(clipped + 1)[2] != 1 and add_months(day, months, "stick") != clipped:
        return [Step("the last day of a month stays a last day", policy.authority("month-end"))]
    return []


def with_distance(counted_to: Counted, policy: Policy) -> Counted:
    """Add what distance gives."""
    distance = policy.regime.distance
    if not distance or counted_to.instant is not None:
        return counted_to
    there = offset(counted_to.day, distance, policy.regime.month_end)
    step = Step(f"{say_after(distance)} it, on account of distance: {say_day(there)}", policy.authority("distance"))
    return replace(counted_to, day=there, steps=(*counted_to.steps, step))
