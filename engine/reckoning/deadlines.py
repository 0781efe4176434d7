"""Single deadlines: from the tree of a clause to the last day on which it can be done in time.

Series are the neighbour's (`series.py`). The canonical order of the algebra is anchor, count, month end,
suspension, roll, clock; each adds its own step in words, with its authority.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Any, Final, Literal

from duewatch.engine.reckoning.civil import say_after, say_day, to_day
from duewatch.engine.reckoning.closing import Count, Reckoned, close, extended_count, unresolved
from duewatch.engine.reckoning.counting import Counted, counted, with_distance
from duewatch.engine.reckoning.instants import instant_of
from duewatch.engine.reckoning.moments import Resolved, moved, resolve
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.regimes import laid_over
from duewatch.engine.reckoning.regimes import policy as policy_of
from duewatch.engine.reckoning.steps import Step
from duewatch.engine.reckoning.suspending import suspended
from duewatch.engine.words import (
    AtLeast,
    Before,
    Between,
    By,
    During,
    EarliestOf,
    Extended,
    Grace,
    LatestOf,
    NoDate,
    NotBefore,
    OnDay,
    Ref,
    Soft,
    Span,
    Suspended,
    Until,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from duewatch.engine.reckoning.counting import Way
    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.reckoning.regimes import Policy
    from duewatch.engine.words import Deadline, Moment, MonthEnd, Terms

_WHOLE_DAY: Final = time.max
_DAY_BEFORE: Final = (Span(-1, "days"),)
_WAYS: Final[Mapping[type, Way]] = {Within: "after", AtLeast: "before", NotBefore: "bound"}


def reckon(deadline: Deadline, view: View) -> Reckoned:
    """Compute a deadline that is not a series, as the facts in force let it be computed."""
    form = _FORMS.get(type(deadline))
    if form is None:
        return unresolved(_window(view), (Step("a series cannot be counted where one date is wanted"),))
    return form(deadline, view)


def adoption(view: View) -> int:
    """Give the day on which the instrument was adopted."""
    return to_day(view.instrument.adopted)


def anchor_of(after: Moment | Literal["armed"], view: View) -> Resolved:
    """Find the day that a count starts from; "armed" is the moment that arms the norm."""
    if after != "armed":
        return resolve(after, view)
    return view.arming or Resolved(None, (Step("nothing says when it is armed"),))


def _window(view: View) -> int | None:
    """Give the day on which a window opens that nothing else opens: the arming, else the adoption."""
    return adoption(view) if view.arming is None else view.arming.day


def _opens(anchor: Resolved, view: View) -> int | None:
    return anchor.earliest if view.arming is None else view.arming.day


def under(terms: Terms, view: View) -> View:
    """Give the view of a clause: its own terms, and what stands outside it gone."""
    return view if terms == view.terms else replace(view, terms=terms)


# ------------------------------------------------------------------ days that nothing is counted to
def _before(deadline: Before, view: View) -> Reckoned:
    return _dated(moved(resolve(deadline.moment, view), _DAY_BEFORE, "the day before it"), _window(view), view)


def _on_day(deadline: OnDay, view: View) -> Reckoned:
    day = replace(resolve(deadline.moment, view), instant=None)  # the whole day, whatever the hour
    return _dated(day, day.earliest, view)


def _until(deadline: Until, view: View) -> Reckoned:
    return _dated(resolve(deadline.moment, view).then(Step("until it, that day included")), _window(view), view)


def _by(deadline: By, view: View) -> Reckoned:
    view = under(deadline.terms, view)
    last = resolve(deadline.moment, view)
    return _dated(last, _window(view), view, deadline.cut_off or deadline.terms.cut_off)


def _dated(last: Resolved, opens: int | None, view: View, cut_off: time | None = None) -> Reckoned:
    if last.day is None:
        return unresolved(opens, last.steps, inferred=last.inferred)
    policy = view.policy(last.day)
    count = Count(
        day=last.day,
        policy=policy,
        steps=last.steps,
        opens=opens,
        inferred=last.inferred,
        first=last.first,
        expected=last.expected,
        cut_off=cut_off,
        instant=last.instant,
        terms_zone=view.terms.zone,
    )
    count = count if policy.rolls_everything and last.instant is None else replace(count, policy=_unrolled(policy))
    return close(count, view)


def _unrolled(policy: Policy) -> Policy:
    """Leave out what only periods know: rolls, cut-off times of the regime, least working days."""
    keep = None if "cut-off" not in policy.by_clause else policy.regime.cut_off
    regime = replace(
        policy.regime, roll="none", roll_back="none", roll_hours="none", least_working_days=0, cut_off=keep
    )
    return replace(policy, regime=regime)


def _between(deadline: Between, view: View) -> Reckoned:
    start, end = resolve(deadline.start, view), resolve(deadline.end, view)
    start = start if deadline.first_day == "included" else moved(start, (Span(1, "days"),), "the day after it")
    end = end if deadline.last_day == "included" else moved(end, _DAY_BEFORE, "the day before it")
    joined = replace(end, steps=start.steps + end.steps, inferred=start.inferred or end.inferred)
    return _forward(_dated(joined, start.earliest, view), start)


def _during(deadline: During, view: View) -> Reckoned:
    start = resolve(Ref(f"{deadline.period}.start"), view)
    end = resolve(Ref(f"{deadline.period}.end"), view)
    joined = replace(end, steps=start.steps + end.steps, inferred=start.inferred or end.inferred)
    if end.expected and start.day is None:  # nothing is known of it but when it should be over
        return unresolved(None, joined.steps, inferred=joined.inferred)
    return _forward(_dated(joined, start.earliest, view), start)


def _forward(found: Reckoned, start: Resolved) -> Reckoned:
    """Refuse a window that ends before it begins."""
    if found.due is None or start.earliest is None or found.due >= start.earliest:
        return found
    return unresolved(start.earliest, (*found.steps, Step("it ends before it begins")), inferred=found.inferred)


# ------------------------------------------------------------------ periods
def _period(deadline: Within | AtLeast | NotBefore, view: View) -> Reckoned:
    """Count from the anchor, whose own day does not count unless the regime or the clause has it otherwise.

    Regulation 1182/71 art. 3(1) and section 187(1) BGB: so a week from a Monday ends on the next Monday
    (C-171/03, Toeters), and months end on the day with the same number (152/85, Misset).
    """
    view = under(deadline.terms, view)
    anchor = resolve(deadline.before, view) if isinstance(deadline, AtLeast) else anchor_of(deadline.after, view)
    opens = _window(view) if isinstance(deadline, AtLeast) else _opens(anchor, view)
    if anchor.day is None:
        return unresolved(opens, anchor.steps, inferred=anchor.inferred)
    try:
        count = _count(deadline, anchor, anchor.day, view)
    except (CannotCount, OverflowError) as beyond:
        return unresolved(opens, (*anchor.steps, _failed(deadline, beyond)), inferred=anchor.inferred)
    count = replace(count, opens=opens)
    return _bound(count, view) if isinstance(deadline, NotBefore) else close(count, view)


def _failed(deadline: Within | AtLeast | NotBefore, why: Exception) -> Step:
    spans = deadline.spans
    signed = tuple(Span(-span.count, span.unit) for span in spans) if isinstance(deadline, AtLeast) else spans
    return Step(f"{say_after(signed)} it: {why}")


def _count(deadline: Within | AtLeast | NotBefore, anchor: Resolved, day: int, view: View) -> Count:
    reached = _counted(deadline, anchor, day, view)
    first = None if anchor.first is None else _counted(deadline, anchor, anchor.first, view).day
    return Count(
        day=reached.day,
        policy=view.policy(day),
        steps=anchor.steps + reached.steps,
        inferred=anchor.inferred,
        anchor=day,
        back=isinstance(deadline, AtLeast),
        instant=reached.instant,
        cut_off=deadline.terms.cut_off,
        first=first,
        expected=anchor.expected,
        terms_zone=view.terms.zone,
        working=reached.working,
    )


def _counted(deadline: Within | AtLeast | NotBefore, anchor: Resolved, day: int, view: View) -> Counted:
    reached = counted(anchor, day, deadline.spans, view, _WAYS[type(deadline)])
    policy = view.policy(anchor.day)
    late = policy.regime.distance_from == "rolled"
    return reached if late or not isinstance(deadline, Within) else with_distance(reached, policy)


def _bound(count: Count, view: View) -> Reckoned:
    """Give a lower bound: the first day on which it may be done; what is late is not said."""
    day = count.day if view.arming is None or view.arming.day is None else max(count.day, view.arming.day)
    return Reckoned("none", day, inferred=count.inferred, steps=count.steps, count=count, instant=count.instant)


# ------------------------------------------------------------------ longer, and later
def _extended(deadline: Extended, view: View) -> Reckoned:
    """Make a deadline longer by what the clause itself gives, from the day that it names."""
    if deadline.counts_from == "anchor":
        return _from_anchor(deadline, view)
    base = reckon(deadline.base, view)
    words = f"extended by {say_after(deadline.spans)} the {deadline.counts_from} day"
    return _further(base, deadline, words.replace(" after the", " from the"), view)


def _further(base: Reckoned, deadline: Extended | Grace, words: str, view: View) -> Reckoned:
    if base.count is None or base.due is None:
        return base
    day = base.count.day if deadline.counts_from == "unrolled" else base.due
    policy = policy_of(deadline.terms, base.count.policy.regime)
    policy = replace(policy, by_clause=policy.by_clause | base.count.policy.by_clause)
    month_end = _month_end(deadline, policy)
    try:
        count = extended_count(base.count, day, deadline.spans, policy, view, month_end)
    except (CannotCount, OverflowError) as beyond:
        return unresolved(base.opens, (*base.steps, Step(f"{words}: {beyond}")), inferred=base.inferred)
    step = Step(f"{words}: {say_day(count.day)}", policy.authority("extension"))
    return close(replace(count, steps=(*base.steps, step), instant=None), view)


def _month_end(deadline: Extended | Grace, policy: Policy) -> MonthEnd:
    """Give how its months end: a grace period may run from last day to last day by its regime (J 4/91)."""
    graced = isinstance(deadline, Grace) and "month-end" not in policy.by_clause
    return (policy.regime.grace_month_end if graced else None) or policy.regime.month_end


def _from_anchor(deadline: Extended, view: View) -> Reckoned:
    longer = _lengthened(deadline.base, deadline.spans, deadline.terms)
    if longer is None:
        why = Step("an extension from the anchor needs a period that is counted from one")
        return unresolved(None, (why,))
    found = reckon(longer, view)
    if found.count is None or found.due is None:
        return found
    step = Step(
        f"extended by {_length(deadline.spans)}, counted from the anchor", found.count.policy.authority("extension")
    )
    return close(replace(found.count, longer=True, steps=(*found.count.steps, step)), view)


def _length(spans: Sequence[Span]) -> str:
    return say_after(spans).removesuffix(" after")


def _lengthened(base: Deadline, spans: tuple[Span, ...], terms: Terms) -> Deadline | None:
    """Give the same deadline with a longer period; None where it has none."""
    match base:
        case Within():
            return replace(base, spans=base.spans + spans, terms=laid_over(terms, base.terms))
        case Suspended() | Extended():
            inner = _lengthened(base.base, spans, terms)
            return None if inner is None else replace(base, base=inner)
        case _:
            return None


def _grace(deadline: Grace, view: View) -> Reckoned:
    """Give the second deadline behind the first."""
    base = reckon(deadline.base, view)
    return _further(base, deadline, f"a grace of {_length(deadline.spans)} from its {deadline.counts_from} day", view)


# ------------------------------------------------------------------ words without a date; several deadlines
def _soft(deadline: Soft, view: View) -> Reckoned:
    return soft_from(anchor_of(deadline.after, view), deadline, view)


def soft_from(anchor: Resolved, deadline: Soft, view: View) -> Reckoned:
    """Give the soft target that we set ourselves, counted from `anchor`: "promptly" is never a legal date."""
    target = moved(anchor, (deadline.span,), f"{say_after((deadline.span,))} it", view=view)
    word = Step(f'"{deadline.word}" sets no date; ours is a target')
    opens = _opens(anchor, view)
    return Reckoned("none", opens, soft_due=target.day, inferred=target.inferred, steps=(*target.steps, word))


def _one_of(deadline: EarliestOf | LatestOf, view: View) -> Reckoned:
    """Choose among several deadlines; parts without a legal date only lend their soft target."""
    parts = [reckon(part, view) for part in deadline.parts]
    lawful = [part for part in parts if part.state != "none"]
    soft = min((part.soft_due for part in parts if part.soft_due is not None), default=None)
    steps = tuple(step for part in parts for step in part.steps)
    chosen, last = _choose(deadline, lawful, view) if lawful else (parts[0], "none of its parts sets a date")
    inferred = any(part.inferred for part in parts)
    return replace(chosen, soft_due=soft, inferred=inferred, steps=(*steps, Step(last)))


def _choose(deadline: EarliestOf | LatestOf, parts: Sequence[Reckoned], view: View) -> tuple[Reckoned, str]:
    known = [part for part in parts if part.state == "dated"]
    which, pick = ("earliest", min) if isinstance(deadline, EarliestOf) else ("latest", max)
    missing = len(parts) - len(known)
    if not known or (missing and which == "latest"):
        gap = next(part for part in parts if part.state != "dated")
        return gap, f"the {which} of them cannot be told: {missing} of {len(parts)} not known"
    chosen = pick(known, key=lambda part: _end_of(part, view))
    among = f"the {which} of them" if not missing else f"the {which} of those known ({missing} not known)"
    return chosen, f"{among}: {say_day(chosen.due or 0)}"


def _end_of(part: Reckoned, view: View) -> int:
    """Give the instant at which a part ends, to compare days, clock times and hours."""
    if part.instant is not None:
        return part.instant
    return instant_of(part.due or 0, part.cut_off or _WHOLE_DAY, part.zone or view.zone)


def _suspended(deadline: Suspended, view: View) -> Reckoned:
    return suspended(reckon(deadline.base, view), deadline.pauses, view)


def _no_date(_: NoDate, view: View) -> Reckoned:
    return Reckoned("none", _window(view), steps=(Step("the words set no date"),))


_FORMS: Final[Mapping[type, Callable[[Any, View], Reckoned]]] = {
    By: _by,
    Before: _before,
    OnDay: _on_day,
    Until: _until,
    Between: _between,
    Within: _period,
    AtLeast: _period,
    NotBefore: _period,
    During: _during,
    Extended: _extended,
    Grace: _grace,
    Suspended: _suspended,
    EarliestOf: _one_of,
    LatestOf: _one_of,
    Soft: _soft,
    NoDate: _no_date,
}
