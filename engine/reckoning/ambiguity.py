"""Ambiguity: on which axes lawful readings of a clause really give different dates, for its anchor or for any.

Readings are not compared by rules of thumb: each is computed, and the dates are compared.
"""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.underneath import rebuilt, simple_parts
from duewatch.engine.reckoning.axes import axes_of
from duewatch.engine.reckoning.civil import from_day, to_day
from duewatch.engine.reckoning.computing import view_of
from duewatch.engine.reckoning.deadlines import reckon
from duewatch.engine.reckoning.holidays import weekday
from duewatch.engine.reckoning.instants import cut_off, end_of_day
from duewatch.engine.reckoning.listings import Listing, listing
from duewatch.engine.reckoning.moments import resolve
from duewatch.engine.reckoning.months import CannotCount, civil
from duewatch.engine.reckoning.series import series
from duewatch.engine.words import AtLeast, Every, Fixed, NotBefore, Within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Literal

    from duewatch.engine.reckoning.axes import Axis, Way
    from duewatch.engine.reckoning.closing import Reckoned
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.reckoning.steps import Step
    from duewatch.engine.words import Deadline, Doubtful, Span, Terms

GENERATION: Final = 28  # years in which every day of the year falls on every day of the week
CYCLE: Final = range(2000, 2400)  # the Gregorian calendar repeats every 400 years, its days of the week too
_COUNTED: Final = (Within, AtLeast, NotBefore)
_DAYS: Final = {"days": 1, "clear-days": 1, "working-days": 3, "weeks": 7, "months": 31, "years": 366}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of an axis, and the dates that it gives."""

    id: str
    label: str
    days: tuple[date, ...] | None  # None: it gives no date for this anchor; `steps` say why
    steps: tuple[Step, ...]
    authority: str
    deadline: Deadline
    ends: tuple[int, ...] = ()  # the instants that are the first too late, in seconds since 1970

    @property
    def due(self) -> date | None:
        """The one date; of a series the first."""
        return self.days[0] if self.days else None


@dataclass(frozen=True, slots=True)
class Anywhere:
    """The same over all anchors that there can be: a whole cycle of the calendar."""

    share: Fraction  # of the anchors, those on which the readings differ
    witness: date | None  # the first such anchor from the year 2000 on
    spread_days: int


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """One axis of one clause. The reading that is followed comes first."""

    axis: Doubtful | Literal["reading"]  # reading: the encoding's own readings
    chosen_by: Literal["clause", "regime", "assumption", "encoding"]
    readings: tuple[Reading, ...]
    anywhere: Anywhere | None = None  # only where it was asked for, or where the anchor is not known

    @property
    def is_open(self) -> bool:
        """Whether neither the clause nor a published rule settles it."""
        return self.chosen_by == "assumption"

    @property
    def is_compared(self) -> bool:
        """Whether there was anything to compare: dates for this anchor, or all anchors."""
        return self.anywhere is not None or any(one.days is not None for one in self.readings)

    @property
    def differs(self) -> bool:
        """Whether the readings give different dates; False means that the axis is proved irrelevant."""
        known = {(one.days, one.ends) for one in self.readings if one.days is not None}
        return len(known) > 1 or (not known and self.anywhere is not None and self.anywhere.witness is not None)

    @property
    def earliest(self) -> date | None:
        """The earliest date under any reading, at the first place where they differ: safe under all of them."""
        return min(self._at_the_first_difference(), default=None)

    @property
    def latest(self) -> date | None:
        """The latest date there: only after it is something late under every reading."""
        return max(self._at_the_first_difference(), default=None)

    @property
    def spread_days(self) -> int:
        """How far the readings lie apart at most, in days."""
        known = [one.days for one in self.readings if one.days is not None]
        return max(((max(row) - min(row)).days for row in zip(*known, strict=False)), default=0)

    def _at_the_first_difference(self) -> tuple[date, ...]:
        known = [one.days for one in self.readings if one.days is not None]
        rows: list[tuple[date, ...]] = list(zip(*known, strict=False))
        return next((row for row in rows if len(set(row)) > 1), rows[0] if rows else ())


def ambiguities(
    deadline: Deadline,
    view: View,
    *,
    horizon: int,
    any_anchor: bool = False,
    unsettled: Collection[Doubtful] = (),
) -> tuple[Ambiguity, ...]:
    """Give every axis that the clause has, with what each reading comes to.

    `any_anchor`: also over all anchors that there can be. Where the anchor is not known that is done anyway for
    what is open: what the regime only assumes, or what is said to be `unsettled`.
    """
    anchor = anchor_day(deadline, view)
    inner = replace(view, terms=_first_terms(deadline, view))
    try:
        policy = inner.policy(anchor)
    except CannotCount:  # no version of the regime speaks of the anchor's day: there is no date to be doubted
        return ()
    found = []
    for axis in axes_of(deadline, inner, policy):
        one = Ambiguity(axis.name, axis.chosen_by, tuple(_readings(axis, view, horizon)))
        is_open = one.is_open or one.axis in unsettled
        everywhere = any_anchor or (is_open and not one.is_compared)
        found.append(replace(one, anywhere=anywhere(axis, view)) if everywhere else one)
    return tuple(found)


def anchor_day(deadline: Deadline, view: View) -> int | None:
    """Give the day that the first period of the deadline is counted from; None where it is not known, or none is."""
    for part in simple_parts(deadline):
        after = part.before if isinstance(part, AtLeast) else getattr(part, "after", None)
        if after is not None and not isinstance(after, str):
            return resolve(after, view).day
    return None


def _first_terms(deadline: Deadline, view: View) -> Terms:
    return next((part.terms for part in simple_parts(deadline) if hasattr(part, "terms")), view.terms)


def _readings(axis: Axis, view: View, horizon: int) -> Iterator[Reading]:
    for way in axis.ways:
        yield reading_of(way, view, horizon)


def reading_of(way: Way, view: View, horizon: int) -> Reading:
    """Compute one way of reading a clause."""
    found = reckoned(way.deadline, view, horizon)
    days, steps = dates(way.deadline, found)
    ends = () if days is None else tuple(_end(one, view) for one in found)
    return Reading(way.id, way.label, days, steps, way.authority, way.deadline, ends)


def _end(one: Reckoned, view: View) -> int:
    """Give the first instant that is too late; of what has no due day that is never."""
    zone = one.zone or view.zone
    if one.instant is not None or one.due is None:
        return one.instant or 0
    return end_of_day(one.due, zone) if one.cut_off is None else cut_off(one.due, one.cut_off, zone)


def dates(deadline: Deadline, found: Sequence[Reckoned]) -> tuple[tuple[date, ...] | None, tuple[Step, ...]]:
    """Give the dates of a deadline in order, or None with the steps that say why there is none."""
    days = [one.due if one.due is not None else one.soft_due if one.state == "expected" else None for one in found]
    if isinstance(deadline, NotBefore):
        days = [one.opens for one in found]
    steps = tuple(dict.fromkeys(step for one in found for step in one.steps))
    if not found or any(day is None for day in days):
        return None, steps
    return tuple(from_day(day) for day in days if day is not None), steps


def reckoned(deadline: Deadline, view: View, horizon: int) -> Sequence[Reckoned]:
    """Compute a deadline, series included."""
    if isinstance(deadline, Every):
        return series(deadline, view, horizon=horizon, delivered=lambda _: None)
    if isinstance(deadline, Listing):
        return listing(deadline, view, horizon=horizon)
    return (reckon(deadline, view),)


# ------------------------------------------------------------------ any anchor
def anywhere(axis: Axis, view: View) -> Anywhere | None:
    """Compare the readings over a whole cycle of the calendar; None for what is counted from no single anchor.

    Anchors that no reading can tell apart are computed once (see `_Sight`). With holidays each day of a generation
    is its own.
    """
    ways = tuple(at_anchor(way.deadline, 0) for way in axis.ways)
    sight = _sight(axis, view)
    if sight is None:
        return None
    return _compared(ways, sight, _Ground(view.instrument.regime, view.calendars, view.zone, view.place, view.library))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a comparison hangs on besides the clause: many entries of an instrument share it."""

    regime: str
    calendars: tuple[str, ...]
    zone: str
    place: str
    library: Library


@lru_cache(maxsize=256)
def _compared(ways: tuple[Deadline, ...], sight: _Sight, ground: _Ground) -> Anywhere:
    """Compare the ways over all anchors; a clause that many entries share is compared once."""
    view = view_of(
        {},
        regime=ground.regime,
        calendars=ground.calendars,
        zone=ground.zone,
        place=ground.place,
        library=ground.library,
    )
    first, counts = _anchors(sight)
    found = {key: _spread(ways, view, day) for key, day in first.items()}
    apart = {key: spread for key, spread in found.items() if spread}
    total = sum(counts[key] for key, spread in found.items() if spread is not None)
    share = Fraction(sum(counts[key] for key in apart), total or 1)
    witness = min((first[key] for key in apart), default=None)
    return Anywhere(share, None if witness is None else from_day(witness), max(apart.values(), default=0))


@dataclass(frozen=True, slots=True)
class _Sight:
    """What of an anchor the readings can see: all else may differ without moving a date."""

    dates: bool  # its day of the year, and the leap years around: months are counted
    years: range  # ... these years from its own
    weeks: bool  # its day of the week
    holidays: bool  # every single day


def _sight(axis: Axis, view: View) -> _Sight | None:
    parts = [part for way in axis.ways for part in simple_parts(way.deadline)]
    counted = [part for part in parts if isinstance(part, _COUNTED)]
    spans = [span for part in counted for span in part.spans]
    if len(counted) < len(parts) or not spans:
        return None
    reach = max(_length(part.spans) for part in counted) // 365 + 1
    back = any(isinstance(part, AtLeast) for part in counted)
    calendars = {name for part in counted for name in _calendars(part.terms, view)}
    rules = [one for name in sorted(calendars) for one in view.library.calendar([name], place=view.place).calendars]
    return _Sight(
        dates=any(span.unit in {"months", "years"} for span in spans),
        years=range(-reach, 1) if back else range(reach + 1),
        weeks=bool(calendars),
        holidays=any(one.holidays or one.rules for one in rules),
    )


def _length(spans: Sequence[Span]) -> int:
    return sum(span.count * _DAYS.get(span.unit, 1) for span in spans)


def _calendars(terms: Terms, view: View) -> tuple[str, ...]:
    """The calendars that a clause looks at: none, where it neither rolls nor counts working days."""
    regime = replace(view, terms=terms).policy().regime
    rolls = {regime.roll, regime.roll_back} != {"none"}
    working = regime.days == "working" or regime.short_period is not None
    return (*regime.calendars, *regime.roll_calendars) if rolls or working else ()


@lru_cache(maxsize=8)
def _anchors(sight: _Sight) -> tuple[dict[tuple[int, ...], int], Counter[tuple[int, ...]]]:
    """Give the first anchor of each kind, and how many there are of it in the cycle."""
    last = CYCLE.start + GENERATION if sight.holidays else CYCLE.stop
    first: dict[tuple[int, ...], int] = {}
    counts: Counter[tuple[int, ...]] = Counter()
    for year in range(CYCLE.start, last):
        leaps = tuple(isleap(year + offset) for offset in sight.years) if sight.dates else ()
        start = to_day(date(year, 1, 1))
        for day in range(start, to_day(date(year + 1, 1, 1))):
            key = (day,) if sight.holidays else _key(day, leaps, sight)
            counts[key] += 1
            first.setdefault(key, day)
    return first, counts


def _key(day: int, leaps: tuple[int, ...], sight: _Sight) -> tuple[int, ...]:
    of_week = weekday(day) if sight.weeks else 0
    return (of_week, *civil(day)[1:], *leaps) if sight.dates else (of_week,)


def _spread(ways: Sequence[Deadline], view: View, day: int) -> int | None:
    """How many days the readings lie apart from one anchor; None where one of them gives no date."""
    dues = []
    for way in ways:
        try:
            found = reckon(at_anchor(way, day), view)
        except (CannotCount, OverflowError):
            return None
        due = found.opens if isinstance(way, NotBefore) else found.due
        if due is None:
            return None
        dues.append(due)
    return max(dues) - min(dues)


def at_anchor(deadline: Deadline, day: int) -> Deadline:
    """Give the deadline as if it were counted from a certain day."""
    fixed = Fixed(from_day(day))

    def moved(part: Deadline) -> Deadline:
        if isinstance(part, AtLeast):
            return replace(part, before=fixed)
        return replace(part, after=fixed) if isinstance(part, Within | NotBefore) else part

    return rebuilt(deadline, moved)
