"""Series: every three months after an anchor. The n-th date is counted from the anchor, never from the date before it.

Chained counting drifts: from 30 November every three months it loses two days for good in February.
Only the rolling form ("previous-delivery") counts from what was delivered, because it says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import NEWEST, add, nth, say_after, say_day, times
from duewatch.engine.reckoning.closing import Count, Reckoned, close, unresolved
from duewatch.engine.reckoning.deadlines import adoption, reckon, soft_from, under
from duewatch.engine.reckoning.moments import Resolved, resolve
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.offsets import offset
from duewatch.engine.reckoning.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.reckoning.regimes import Policy
    from duewatch.engine.words import Every, Soft, Span

Add = Callable[[int, "Span"], int]  # a day and a span -> the day so much later
LONGEST: Final = {"days": 1, "weeks": 7, "months": 31, "years": 366}  # days that a unit has at most
MOST: Final = 100_000  # dates of one series; a daily series of 270 years


class TooMany(CannotCount):
    """A series has more dates than anybody could read."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(f"it has more than {MOST} dates; give an end that comes sooner, or `times`")


@dataclass(frozen=True, slots=True)
class Tick:
    """One date of a series before it is bounded."""

    due: int
    opens: int
    step: str


def series(every: Every, view: View, *, horizon: int, delivered: Callable[[int], int | None]) -> list[Reckoned]:
    """Give the dates of a series in order; an anchor that is not known gives one unresolved date.

    The last date may fall on the end. Without an end, or while it is not known, dates go up to the
    `horizon` (a day). `delivered` tells on which day the n-th was delivered; only the rolling form asks.
    Dates that do not fall after the adoption are left out: an anchor may lie before it.
    Each date is counted from the anchor, then rolled by itself: a rolled date never moves the next one.
    """
    view = under(every.terms, view)
    start = start_of(every, view)
    if start.day is None or not advances(every):
        why = () if start.day is None else (Step("its interval leads nowhere"),)
        return [unresolved(adoption(view), start.steps + why, inferred=start.inferred)]
    end = resolve(every.until, view) if every.until is not None else Resolved(None)
    last = horizon if end.day is None else end.day
    policy = view.policy(start.day)
    try:
        found = [
            _closed(tick, start, policy, view)
            for tick in ticks(every, start.day, adoption(view), last, delivered, counter_of(every, policy, view))
        ]
    except CannotCount as beyond:
        return [unresolved(adoption(view), (*start.steps, Step(str(beyond))), inferred=start.inferred)]
    if every.until is None or every.times is not None:
        return found
    return [*found[:-1], *(_last(one, end, last) for one in found[-1:])]


def regular(soft: Soft, view: View, given: Sequence[int | None]) -> list[Reckoned]:
    """Give what "regularly" owes: one act at a time, and the next one once that is done. None has a legal date.

    `given` are the days on which the first, second ... were delivered; None: that one was not, though a later one was.
    Each target counts from the latest of the deliveries before it.
    """
    found, latest = [reckon(soft, view)], None
    for n, came in enumerate(given, start=1):
        if came is not None and (latest is None or came > latest[0]):
            latest = came, Step(f"the {nth(n)} delivery: {say_day(came)}")
        if latest is None:
            found.append(found[0])
        else:
            found.append(replace(soft_from(Resolved(latest[0], (latest[1],)), soft, view), opens=latest[0] + 1))
    return found


def _closed(tick: Tick, start: Resolved, policy: Policy, view: View) -> Reckoned:
    """Roll one date."""
    count = Count(
        day=tick.due,
        policy=policy,
        steps=(*start.steps, Step(tick.step, policy.authority("anchor-day"))),
        opens=tick.opens,
        inferred=start.inferred,
        anchor=start.day,
        expected=start.expected,
        terms_zone=view.terms.zone,
    )
    return close(count, view)


def counter_of(every: Every, policy: Policy, view: View) -> Add:
    """Give how spans are added to a day under the policy."""
    days = (
        view.days(policy) if every.span.unit == "working-days" or policy.regime.month_end.startswith("stick-") else None
    )
    month_end = policy.regime.month_end

    def add(day: int, span: Span) -> int:
        there = offset(day, (span,), month_end, days)
        if there > NEWEST:
            raise OverflowError("outside the years 1 to 9999")
        return there

    return add


def by_clip(day: int, span: Span) -> int:
    """Add a span as a regime without rules of its own does."""
    return add(day, (span,))


def start_of(every: Every, view: View) -> Resolved:
    """Find the anchor. A rolling series has nothing delivered before its first date: it counts from the adoption."""
    if every.after != "previous-delivery":
        return resolve(every.after, view)
    day = adoption(view)
    return Resolved(day, (Step(f"adoption of the instrument: {say_day(day)}"),))


def advances(every: Every) -> bool:
    """Tell whether the interval leads forward at all."""
    return every.span.count > 0 and every.take > 0


def ticks(  # noqa: PLR0913, PLR0917 - what the dates of a series hang on
    every: Every,
    start: int,
    adopted: int,
    last: int,
    delivered: Callable[[int], int | None],
    add_to: Add = by_clip,
) -> Iterator[Tick]:
    """Yield the dates up to the day `last`. TooMany where they are more than `MOST`."""
    rolls = every.after == "previous-delivery"
    endless = _rolling(every, start, delivered, add_to) if rolls else _anchored(every, start, adopted, add_to)
    for place, tick in enumerate(islice(endless, every.times)):
        if tick.due > last:
            return
        if place >= MOST:
            raise TooMany
        yield tick


def _anchored(every: Every, start: int, adopted: int, add_to: Add) -> Iterator[Tick]:
    """Yield start + n spans; of the dates after the adoption each `take`-th."""
    opens, kept = max(start, adopted), 0
    for n in count(_first(every, start, adopted)):
        try:
            due = add_to(start, times(every.span, n))
        except OverflowError:
            return
        if due <= adopted:
            continue
        kept += 1
        if kept % every.take:
            continue
        yield Tick(due, opens, f"{say_after((every.span,))} it, {nth(n)}: {say_day(due)}")
        opens = due + 1


def _first(every: Every, start: int, adopted: int) -> int:
    """Give an n not later than the first date after the adoption, so that an old anchor costs nothing."""
    longest = LONGEST.get(every.span.unit)
    return 1 if longest is None else max(1, (adopted - start) // (longest * every.span.count))


def _rolling(every: Every, start: int, delivered: Callable[[int], int | None], add_to: Add) -> Iterator[Tick]:
    """Yield one span after each delivery, or after the date itself where nothing was delivered."""
    base, opens, words = start, start, "it"
    for n in count(1):
        try:
            due = add_to(base, times(every.span, every.take))
        except OverflowError:
            return
        yield Tick(due, opens, f"{say_after((every.span,))} {words}: {say_day(due)}")
        came = delivered(n)
        base = due if came is None else came
        words = f"the {nth(n)} date, {say_day(due)}" if came is None else f"the {nth(n)} delivery, {say_day(came)}"
        opens = base + 1


def _last(one: Reckoned, end: Resolved, last: int) -> Reckoned:
    """Say of the last date why it is the last: so a moved end touches no other date."""
    known = f"the last one: the next falls after {say_day(last)}"
    why = known if end.day is not None else f"its end is not known: dated up to {say_day(last)}"
    return replace(one, inferred=one.inferred or end.inferred, steps=(*one.steps, *end.steps, Step(why)))
