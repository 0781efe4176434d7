"""Answers: the rows that one norm owes somebody, at one point of knowledge and day.

A `Plan` is the norm with what does not change from point to point. `answer` gets the facts in force at a point.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import say_day
from duewatch.engine.reckoning.clock import FIRST_DAY, latest
from duewatch.engine.reckoning.closing import unresolved
from duewatch.engine.reckoning.deadlines import adoption, reckon
from duewatch.engine.reckoning.library import Library, shipped
from duewatch.engine.reckoning.listings import Listing, listing
from duewatch.engine.reckoning.matching import Later, Places
from duewatch.engine.reckoning.moments import Resolved, View, moved, resolve
from duewatch.engine.reckoning.names import ends_as_one
from duewatch.engine.reckoning.rectangles import Phase
from duewatch.engine.reckoning.rows import Frame, Row, ending, extended, frame_of, row_of, unarmed_row
from duewatch.engine.reckoning.series import regular, series
from duewatch.engine.reckoning.steps import Step
from duewatch.engine.reckoning.suspending import Still, still, stopped
from duewatch.engine.words import DUTIES, FREE, Every, OnDay, Ref, Soft, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.clock import ClockFact
    from duewatch.engine.reckoning.closing import Reckoned
    from duewatch.engine.words import Instrument, Norm

Phases = tuple[Phase[Row], ...]
_AS_COUNTED: Final = Places()
_NOTHING: Final[Phase[Row]] = Phase(FIRST_DAY, None)


@dataclass(frozen=True, slots=True)
class Plan:
    """One norm with all that its dates need besides facts."""

    norm: Norm
    instrument: Instrument
    horizon: int  # a day: series without an end are dated up to it
    places: Places = _AS_COUNTED
    later: Later | None = None  # only a fact gives its dates: they are matched when it does
    unresolved: range = range(1, 2)  # the ordinals that say so while a series cannot be dated
    keeps_first: bool = False  # the leading series is empty by its words alone: it still shows, once
    shared: int = sys.maxsize  # the last ordinal that the leading reading has by its words alone
    library: Library = field(default_factory=shipped)


@dataclass(frozen=True, slots=True)
class Case:
    """What arms one occurrence: an entry of a repeating event, or entries of several that are of one case."""

    event: str
    roots: tuple[int, ...]  # (): no entry yet
    ordinal: int
    lead: str = ""  # the event that arms the leading reading, where readings are armed by several events of one sort


def answer(plan: Plan, member: str, facts: tuple[ClockFact, ...], only: int | None = None) -> dict[int, Phases]:
    """Give the phases of every ordinal (or `only` of one) that the norm owes `member` under the facts in force."""
    view = View(plan.instrument, plan.norm.settings, facts, library=plan.library)
    arming = _arming(plan.norm, view)
    if arming is not None and arming.day is None and _by_event(plan.norm):
        return {1: _asleep(plan, view, arming, member)} if only in {None, 1} else {}
    past = None if arming is None else _past_its_end(plan.norm, arming, view, member)
    if past is not None:
        return {1: _asleep(plan, view, past, member)} if only in {None, 1} else {}
    view = view if arming is None else replace(view, arming=arming)
    found = _within_its_end(plan.norm, _dates(plan, member, view), view, member)
    wanted = found if only is None else found.keys() & {only}
    return {ordinal: _phases(plan, member, ordinal, found[ordinal], view) for ordinal in wanted}


def answer_case(plan: Plan, member: str, case: Case, facts: tuple[ClockFact, ...]) -> dict[int, Phases]:
    """Give the phases of the occurrence that one entry of a repeating event arms.

    The first occurrence shows without an entry too, not armed; others exist only while an entry of theirs is in force.
    """
    view = View(plan.instrument, plan.norm.settings, facts, library=plan.library)
    entry = _entry(case, facts)
    if entry is None:
        nothing = Resolved(None, (Step(f"{case.event}: no entry in force"),))
        begun = case.lead and any(fact.root in case.roots for fact in facts)
        return {case.ordinal: _asleep(plan, view, nothing, member)} if case.ordinal == 1 or begun else {}
    view = replace(view, entry=entry)
    arming = resolve(Ref(case.event), view)
    past = _past_its_end(plan.norm, arming, view, member)
    if past is not None:
        return {1: _asleep(plan, view, past, member)} if case.ordinal == 1 else {}
    view = replace(view, arming=arming)
    return {case.ordinal: _phases(plan, member, case.ordinal, reckon(plan.norm.deadline, view), view)}


def _entry(case: Case, facts: Sequence[ClockFact]) -> ClockFact | None:
    """Find what arms a case under this reading: the newest entry of its event.

    Where only the leading reading's event has one, that is the moment here too: what comes before it was no later.
    """
    ours = {fact.target: fact for fact in facts if fact.root in case.roots}
    led = ours.get(case.lead)
    if case.event in ours or led is None:
        return ours.get(case.event)
    return replace(led, target=case.event, said=f"{led} on {case.lead}; no {case.event} of the same symbol is recorded")


def _by_event(norm: Norm) -> bool:
    return norm.armed_by is not None and bool(norm.armed_by.event)


def _arming(norm: Norm, view: View) -> Resolved | None:
    """Find the moment that arms the norm; None where it needs none.

    A consequence of undone norms is armed on the day after the one at whose end it looks at them; whether
    it is armed at all is not a matter of dates.
    """
    if norm.armed_by is None:
        return None
    if norm.armed_by.event:
        return resolve(Ref(norm.armed_by.event), view)
    if norm.armed_by.at is None:
        return Resolved(None, (Step("armed when its sources are undone"),))
    return moved(resolve(norm.armed_by.at, view), (Span(1, "days"),), "armed at the earliest on the day after it")


def _past_its_end(norm: Norm, arming: Resolved, view: View, member: str) -> Resolved | None:
    """Say that what would arm a duty came after the duty's own end, and arms nothing; None where it did not.

    What falls due before the event itself (a notice ahead of it) fell due within the duty.
    """
    ends = _end_of(norm, view, member)
    if ends is None or ends.day is None or arming.day is None or arming.day <= ends.day:
        return None
    ahead = None if norm.kind == "recur" else reckon(norm.deadline, replace(view, arming=arming)).due
    if ahead is not None and ahead <= ends.day:
        return None
    return Resolved(None, (*arming.steps, *ends.steps, Step(f"its end, {say_day(ends.day)}, came before: not armed")))


def _end_of(norm: Norm, view: View, member: str) -> Resolved | None:
    """Give the end that somebody has set of a duty to do something; what stands, or may be done, ends by its status."""
    if norm.until is None or norm.kind not in DUTIES or norm.modality in FREE:
        return None
    ends = _amended(norm, frame_of(norm, view), view, (member, 1)).ends
    return None if ends is None or ends.expected else ends


def _amended(norm: Norm, frame: Frame, view: View, target: tuple[str, int]) -> Frame:
    """Let the end be where the text of a later instrument moves it; without a date it is that of every turn."""
    member, _ = target
    return ending(frame, latest(view.facts, (member, 1) if ends_as_one(norm) else target, "extension"))


def _within_its_end(norm: Norm, found: dict[int, Reckoned], view: View, member: str) -> dict[int, Reckoned]:
    """Leave out what would come again after the duty's own end: a date, or a turn that begins only then."""
    ends = _end_of(norm, view, member) if norm.kind == "recur" else None
    if ends is None or ends.day is None:
        return found
    days = {ordinal: one.opens if one.due is None else one.unrolled for ordinal, one in found.items()}
    return {ordinal: found[ordinal] for ordinal, day in days.items() if day is None or day <= ends.day}


def _dates(plan: Plan, member: str, view: View) -> dict[int, Reckoned]:
    """Give what each ordinal's deadline comes to."""
    if isinstance(plan.norm.deadline, Listing):
        return _placed(plan, listing(plan.norm.deadline, view, horizon=plan.horizon))
    if isinstance(plan.norm.deadline, Soft) and plan.norm.deadline.again:
        given = [_delivered(plan, member, n, view) for n in range(1, 1 + _last_delivered(plan, member, view))]
        return _placed(plan, regular(plan.norm.deadline, view, given))
    if not isinstance(plan.norm.deadline, Every):
        return _placed(plan, [reckon(plan.norm.deadline, view)])
    every = plan.norm.deadline
    found = series(every, view, horizon=plan.horizon, delivered=lambda n: _delivered(plan, member, n, view))
    if found and found[0].state == "unresolved":
        return dict.fromkeys(plan.unresolved, found[0])
    if not found and plan.keeps_first:
        return {1: unresolved(adoption(view), (Step("no date falls within its bounds"),))}
    return _placed(plan, found)


def _placed(plan: Plan, found: Sequence[Reckoned]) -> dict[int, Reckoned]:
    """Give each date its ordinal: settled by the words alone or, where only a fact gives dates, by those dates."""
    dues = tuple(one.due for one in found if one.due is not None)
    places = plan.places if plan.later is None or not dues else plan.later.places(dues)
    return {places.ordinal(n): one for n, one in enumerate(found, start=1)}


def _delivered(plan: Plan, member: str, n: int, view: View) -> int | None:
    """Give the day of the first delivery of the n-th date: a second document for it moves nothing."""
    target = (member, plan.places.ordinal(n))
    days = [fact.day for fact in view.facts if fact.kind == "delivery" and fact.target == target]
    return min(days, default=None)


def _last_delivered(plan: Plan, member: str, view: View) -> int:
    """Give the last of the turns that somebody delivered for; 0 where nobody did."""
    shift = plan.places.ordinal(1) - 1
    targets = [fact.target for fact in view.facts if fact.kind == "delivery" and isinstance(fact.target, tuple)]
    return max((ordinal - shift for whose, ordinal in targets if whose == member), default=0)


def _phases(plan: Plan, member: str, ordinal: int, found: Reckoned, view: View) -> Phases:
    """Make the row of one ordinal: asleep until its event's day, where an event arms it.

    What must be done by the event's day (a notice before an operation) is awake as soon as the event is announced.
    """
    target = (member, ordinal)
    ahead, found = found, _moved_by_facts(plan.norm, found, view, target)
    arming = view.arming if _by_event(plan.norm) else None
    if arming is None or arming.day is None:
        return (Phase(FIRST_DAY, _row(plan, found, view, target)),)
    if ahead.due is not None and ahead.due <= arming.day:  # by its words, whatever was granted since
        announced = adoption(view) if arming.since is None else arming.since
        found = found if isinstance(plan.norm.deadline, OnDay) else replace(found, opens=announced)
        return (Phase(FIRST_DAY, _row(plan, found, view, target, announced)),)
    shown = ordinal == 1 or view.entry is not None
    asleep = _asleep(plan, view, arming, member) if shown else (_NOTHING,)
    return (*asleep, Phase(arming.day, _row(plan, found, view, target, arming.day)))


def _moved_by_facts(norm: Norm, found: Reckoned, view: View, target: tuple[str, int]) -> Reckoned:
    """Apply the newest extension in force, then the suspensions; those before an extension are settled by it."""
    extension = latest(view.facts, target, "extension")
    endable = norm.until is not None and (norm.kind not in DUTIES or found.state == "none")
    ends_it = extension is not None and bool(extension.said) and endable
    found = found if extension is None or ends_it else extended(found, extension)
    since = FIRST_DAY if extension is None else extension.effective
    stills = [one for one in _stills(view.facts, target) if one.first >= since or one.last is None]
    return stopped(found, stills, view) if stills else found


def _stills(facts: Sequence[ClockFact], target: tuple[str, int]) -> list[Still]:
    """Pair suspensions with the resumptions that end them: the day of the one is out, that of the other counts."""
    own = [fact for fact in facts if fact.target == target and fact.kind in {"suspension", "resumption"}]
    found: list[Still] = []
    start: ClockFact | None = None
    for fact in sorted(own, key=lambda fact: (fact.effective, fact.seq)):
        if fact.kind == "suspension":
            start = start or fact
        elif start is not None:
            steps = (Step(f"suspended ({start})"), Step(f"resumed ({fact})"))
            found.append(still(start.effective, fact.effective, "first", steps))
            start = None
    return found if start is None else [*found, still(start.effective, None, "first", (Step(f"suspended ({start})"),))]


def _row(plan: Plan, found: Reckoned, view: View, target: tuple[str, int], armed_on: int | None = None) -> Row:
    frame = frame_of(plan.norm, view, armed_on, None if armed_on is None else view.arming)
    return row_of(plan.norm, plan.instrument.zone, found, _amended(plan.norm, frame, view, target))


def _asleep(plan: Plan, view: View, arming: Resolved, member: str) -> Phases:
    frame = _amended(plan.norm, frame_of(plan.norm, view), view, (member, 1))
    return (Phase(FIRST_DAY, unarmed_row(plan.norm, plan.instrument.zone, arming, frame)),)
