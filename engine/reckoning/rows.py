"""Rows: what a dating says at one point, from what its deadline came to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from duewatch.engine.reckoning.civil import say_day
from duewatch.engine.reckoning.clock import FIRST_DAY
from duewatch.engine.reckoning.closing import Reckoned, State
from duewatch.engine.reckoning.instants import cut_off, end_of_day, say_instant
from duewatch.engine.reckoning.moments import Resolved, View, moved, resolve
from duewatch.engine.reckoning.steps import Step, said
from duewatch.engine.words import DUTIES, FREE

if TYPE_CHECKING:
    from duewatch.engine.reckoning.clock import ClockFact
    from duewatch.engine.words import Norm


@dataclass(frozen=True, slots=True)
class Row:
    """The part of a dating that does not name where it holds. Days are integers, instants epoch seconds."""

    state: State
    armed: bool
    armed_on: int | None
    opens: int | None
    due: int | None
    due_at: int | None
    working_due: int | None
    soft_due: int | None
    ends: int | None
    ends_at: int | None
    looks_at: int | None
    looks_at_at: int | None
    inferred: bool
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What all dates of one norm share at one point."""

    armed_on: int | None
    arming: Resolved | None  # None: no event arms it, or not yet
    ends: Resolved | None  # None: it has no end, or one that ends nothing here
    looks: Resolved | None  # None: no moment at which it looks at sources is given


def frame_of(norm: Norm, view: View, armed_on: int | None = None, arming: Resolved | None = None) -> Frame:
    """Resolve the end of the norm and the moment at which a consequence looks at its sources."""
    at = norm.armed_by.at if norm.armed_by is not None else None
    ends = None if norm.until is None else resolve(norm.until, view)
    return Frame(armed_on, arming, ends, None if at is None else resolve(at, view))


def ending(frame: Frame, fact: ClockFact | None) -> Frame:
    """Let a norm that has an end have it on the day to which the text of a later instrument moves that."""
    if frame.ends is None or fact is None or not fact.said:
        return frame
    step = Step(f"its end moved to {say_day(fact.day)} ({fact})")
    return replace(frame, ends=Resolved(fact.day, (*frame.ends.steps, step)))


def row_of(norm: Norm, zone: str, found: Reckoned, frame: Frame) -> Row:
    """Give the row of one date, with the instants that its days end at in `zone`."""
    working_due, working_step = _working(norm, found.due)
    due_at, clock_step = _too_late(found, zone)
    if norm.kind in DUTIES and norm.modality not in FREE and found.state != "none":
        frame = replace(frame, ends=None)  # what fell due within it stays due: the end of a duty ends what has no date
    anchors = (frame.arming, frame.ends, frame.looks)
    return Row(
        state=found.state,
        armed=True,
        armed_on=frame.armed_on,
        opens=found.opens,
        due=found.due,
        due_at=due_at,
        working_due=working_due,
        soft_due=found.soft_due,
        ends=_day(frame.ends),
        ends_at=_over(frame.ends, zone),
        looks_at=_day(frame.looks),
        looks_at_at=_over(frame.looks, zone),
        inferred=found.inferred or any(anchor.inferred for anchor in anchors if anchor is not None),
        steps=said((*_arming_steps(frame, found), *found.steps, *clock_step, *working_step, *_frame_steps(frame))),
    )


def unarmed_row(norm: Norm, zone: str, arming: Resolved, frame: Frame) -> Row:
    """Give the row of a norm whose event has not come: it exists, without a date, so that nobody loses sight of it."""
    event = norm.armed_by.event if norm.armed_by is not None else ""
    waits = Reckoned(
        "none", None, inferred=arming.inferred, steps=(*arming.steps, Step(f"not armed: waits for {event}"))
    )
    return replace(row_of(norm, zone, waits, frame), armed=False)


def extended(found: Reckoned, fact: ClockFact) -> Reckoned:
    """Move the due day to the one granted; the clock time on it and the other dates of a series stay.

    What the words give no legal date gets none by an extension: only its soft target moves. An extension to a day
    that is no later extends nothing: what the words give stands. The text of a later instrument may do both.
    """
    if fact.said:
        return _given(found, fact, (*found.steps, Step(f"moved to {say_day(fact.day)} ({fact})")))
    if found.state == "dated" and found.due is not None and fact.day <= found.due:
        none = Step(f"extended to {say_day(fact.day)} ({fact}): that is no later, and moves nothing")
        return replace(found, steps=(*found.steps, none))
    steps = (*found.steps, Step(f"extended to {say_day(fact.day)} ({fact})"))
    if found.state == "none":
        soft = None if found.soft_due is None else fact.day
        return replace(found, soft_due=soft, steps=steps)
    return _given(found, fact, steps)


def _given(found: Reckoned, fact: ClockFact, steps: tuple[Step, ...]) -> Reckoned:
    """Let a deadline fall due on the day of the fact, and be counted from nothing."""
    granted = None if found.count is None else replace(found.count, day=fact.day, anchor=None, steps=steps)
    return replace(found, state="dated", due=fact.day, instant=None, earliest=None, count=granted, steps=steps)


def _working(norm: Norm, due: int | None) -> tuple[int | None, tuple[Step, ...]]:
    """Give the last internal date before the due day: once it has passed, the rest can hardly be made up."""
    if due is None or not norm.working_dates:
        return None, ()
    anchor = Resolved(due)
    dates = [moved(anchor, (span,), f"last working date, {name}") for name, span in norm.working_dates]
    last = max(dates, key=lambda date: FIRST_DAY if date.day is None else date.day)
    return last.day, last.steps


def _too_late(found: Reckoned, zone: str) -> tuple[int | None, tuple[Step, ...]]:
    zone = found.zone or zone
    if found.due is None:
        return None, ()
    if found.instant is not None:
        return found.instant + 1, (Step(f"in time up to {say_instant(found.instant, zone)}"),)
    imprecise: tuple[Step, ...] = ()
    if found.earliest is not None and found.earliest != found.due:
        words = (
            f"due between {say_day(found.earliest)} and {say_day(found.due)}: nothing is late before the last of them"
        )
        imprecise = (Step(words),)
    if found.cut_off is None:
        return end_of_day(found.due, zone), (*imprecise, Step(f"covers the whole day in {zone}"))
    return cut_off(found.due, found.cut_off, zone), (*imprecise, Step(f"in time up to {found.cut_off:%H:%M} in {zone}"))


def _arming_steps(frame: Frame, found: Reckoned) -> tuple[Step, ...]:
    """Say what armed it, unless the deadline counts from just that and says it."""
    if frame.arming is None or frame.armed_on is None or found.steps[: len(frame.arming.steps)] == frame.arming.steps:
        return ()
    return (*frame.arming.steps, Step(f"armed on {say_day(frame.armed_on)}"))


def _frame_steps(frame: Frame) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = ()
    if frame.ends is not None:
        ends = _day(frame.ends)
        last = "its end is not known" if ends is None else f"holds until {say_day(ends)}, that day included"
        steps += (*frame.ends.steps, Step(last))
    if frame.looks is not None:
        looks = frame.looks.day
        last = "when it looks is not known" if looks is None else f"looks at its sources at the end of {say_day(looks)}"
        steps += (*frame.looks.steps, Step(last))
    return steps


def _day(moment: Resolved | None) -> int | None:
    """Give a day that somebody has set; one that is only expected ends nothing."""
    return None if moment is None or moment.expected else moment.day


def _over(moment: Resolved | None, zone: str) -> int | None:
    day = _day(moment)
    return None if day is None else end_of_day(day, zone)
