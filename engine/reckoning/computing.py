"""Computing: one expression, its anchors and a regime -> days, with every step and every assumption.

The same code dates the occurrences of an encoding: an instrument is made up of the anchors, and asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.civil import NEWEST, from_day, to_day
from duewatch.engine.reckoning.deadlines import reckon, under
from duewatch.engine.reckoning.inquiring import Answer, inquire
from duewatch.engine.reckoning.instants import instant_of, local
from duewatch.engine.reckoning.library import Library, shipped
from duewatch.engine.reckoning.listings import Listing, listing
from duewatch.engine.reckoning.moments import View, resolve
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.series import series
from duewatch.engine.reckoning.steps import Assumption, Step
from duewatch.engine.words import (
    At,
    DayOf,
    Deemed,
    Easter,
    Event,
    Every,
    Expected,
    Fixed,
    Holidays,
    Instrument,
    IsWorkingDay,
    Known,
    NoDate,
    NotBefore,
    Recurring,
    Ref,
    Shifted,
    Soft,
    WorkingDays,
)

if TYPE_CHECKING:
    from duewatch.engine.reckoning.closing import Reckoned
    from duewatch.engine.words import Deadline, Expression

Anchor = date | datetime | Known | Expected
Kind = Literal["day", "days", "instant", "bound", "none", "number", "truth"]
_MOMENTS: Final = (Fixed, At, Ref, Shifted, Known, Expected, DayOf, Easter, Deemed)
_NO_ADOPTION: Final = date.min  # before everything: nothing is cut off by it


class CannotCompute(BadInput):
    """An expression has no answer; the message says why, and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What an expression comes to."""

    kind: Kind
    days: tuple[date, ...] = ()  # rolled; of a day known less exactly: the latest that it may be
    unrolled: tuple[date, ...] = ()
    opens: date | None = None  # the first day of a window; of a bound, the first day on which it may be done
    instant: datetime | None = None  # the last moment in time, where hours or a cut-off time set one
    earliest: date | None = None  # the earliest that the day may be, where an anchor is known less exactly
    expected: bool = False  # it rests on a day that nobody has set: nothing is overdue on it
    soft: date | None = None  # a target of our own where the words set no date
    unknown: int = 0  # dates of a series that nobody can tell yet; the steps say why
    number: int | None = None
    truth: bool | None = None
    steps: tuple[Step, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    @property
    def day(self) -> date | None:
        """The one day; None where there is none, or several."""
        return self.days[0] if len(self.days) == 1 else None


def compute(  # noqa: PLR0913 - what a date hangs on, by name
    expression: Expression,
    anchors: Mapping[str, Anchor] | None = None,
    *,
    regime: str = "",
    calendars: tuple[str, ...] = (),
    zone: str = "",
    place: str = "",
    library: Library | None = None,
    instrument: Instrument | None = None,
    horizon: date | None = None,
) -> Computed:
    """Compute an expression, such as a deadline of an encoding.

    `anchors` are the days (or instants, with their offset) of the events that it names, on top of those of an
    `instrument` where one is given. `calendars` stand in for those of the regime; `place` fills `{place}` in their
    names. A series without an end goes up to `horizon`. Raises CannotCompute.
    """
    ground = _ground(instrument, anchors or {}, regime, zone)
    view = View(ground, library=library or shipped(), place=place, calendars=tuple(calendars))
    return computed(expression, view, horizon)


def view_of(  # noqa: PLR0913 - as of `compute`
    anchors: Mapping[str, Anchor],
    *,
    regime: str = "",
    calendars: tuple[str, ...] = (),
    zone: str = "",
    place: str = "",
    library: Library | None = None,
) -> View:
    """Give the ground that anchors and a regime make up, for whoever computes more than one thing on it."""
    ground = _ground(None, anchors, regime, zone)
    return View(ground, library=library or shipped(), place=place, calendars=tuple(calendars))


def computed(expression: Expression, view: View, horizon: date | None) -> Computed:
    """Compute an expression on a ground that stands already. Raises CannotCompute."""
    ground = view.instrument
    try:
        view.policy()
        found = _found(expression, view, horizon)
    except CannotCount as beyond:
        raise CannotCompute(str(beyond)) from beyond
    known = _known_opening(found, ground)
    return replace(known, assumptions=_assumptions(known, view, expression))


def _ground(one: Instrument | None, anchors: Mapping[str, Anchor], regime: str, zone: str) -> Instrument:
    """Make up the instrument that the anchors belong to."""
    ground = one or Instrument(
        symbol="",
        title="",
        adopted=_NO_ADOPTION,
        zone="UTC",
        regime="un-sc",
        verbs="",
        counts_by="dated",
        topics=(),
        events={},
        periods={},
        parties={},
        questions={},
        obligations=(),
        file="",
        tree_hash="",
    )
    ground = replace(ground, regime=regime or ground.regime, zone=zone or ground.zone)
    _known_zone(ground.zone)
    return replace(ground, events=ground.events | {name: _event(name, anchor) for name, anchor in anchors.items()})


def _known_zone(zone: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise CannotCompute(f"there is no zone `{zone}`; write an IANA name such as Europe/Paris") from None


def _event(name: str, anchor: Anchor) -> Event:
    if isinstance(anchor, datetime):
        if anchor.tzinfo is None:
            raise CannotCompute(f"`{name}`: a clock time needs its offset; write 2025-03-03T09:00+01:00")
        return Event(name=name, day=anchor.date(), instant=anchor, source="given")
    if isinstance(anchor, Expected):
        return Event(name=name, day=None, expected=(anchor.first, anchor.last), source=anchor.why)
    if isinstance(anchor, Known):
        return Event(name=name, day=None, known=(anchor.first, anchor.last), source=anchor.words)
    return Event(name=name, day=anchor, source="given")


# ------------------------------------------------------------------ each sort of expression
def _found(expression: Expression, view: View, horizon: date | None) -> Computed:
    if isinstance(expression, _MOMENTS):
        return _of_moment(expression, view)
    if isinstance(expression, WorkingDays | IsWorkingDay | Holidays):
        return _of_inquiry(inquire(expression, under(expression.terms, view)))
    if isinstance(expression, Every | Listing):
        return _of_several(_several(expression, view, horizon))
    return _of_one(expression, reckon(expression, view), view)


def _of_moment(expression: object, view: View) -> Computed:
    found = resolve(expression, view)  # type: ignore[arg-type]  # a moment
    if found.day is None:
        raise CannotCompute(_why(found.steps))
    instant = None if found.instant is None else local(found.instant, view.zone)
    return Computed(
        kind="day" if instant is None else "instant",
        days=(from_day(found.day),),
        unrolled=(from_day(found.day),),
        instant=instant,
        earliest=None if found.first is None else from_day(found.first),
        expected=found.expected,
        steps=found.steps,
    )


def _of_inquiry(answer: Answer) -> Computed:
    kind: Kind = "truth" if answer.truth is not None else "days" if answer.days is not None else "number"
    days = tuple(from_day(day) for day in answer.days or ())
    return Computed(kind=kind, days=days, number=answer.number, truth=answer.truth, steps=answer.steps)


def _several(expression: Every | Listing, view: View, horizon: date | None) -> list[Reckoned]:
    last = NEWEST if horizon is None else to_day(horizon)
    if isinstance(expression, Every):
        if expression.after == "previous-delivery" and view.instrument.adopted == _NO_ADOPTION:
            raise CannotCompute("the series counts from deliveries, and nothing is delivered here; name a day")
        if horizon is None and expression.until is None and expression.times is None:
            raise CannotCompute("the series has no end; give `until`, `times` or a horizon")
        return series(expression, view, horizon=last, delivered=lambda _: None)
    endless = isinstance(expression, Recurring) and expression.until is None and not _bounded(expression.rule)
    if endless and horizon is None:
        raise CannotCompute("the rule has no end; give COUNT, UNTIL or a horizon")
    return listing(expression, view, horizon=last)


def _bounded(rule: str) -> bool:
    return not {"COUNT", "UNTIL"}.isdisjoint(part.partition("=")[0] for part in rule.upper().split(";"))


def _of_several(found: list[Reckoned]) -> Computed:
    failed = next((one for one in found if one.state == "unresolved"), None)
    if failed is not None and len(found) == 1:
        raise CannotCompute(_why(failed.steps))
    dated = [one for one in found if one.due is not None]
    steps = tuple(dict.fromkeys(step for one in found for step in one.steps))
    return Computed(
        kind="days",
        days=tuple(from_day(one.due) for one in dated if one.due is not None),
        unrolled=tuple(from_day(one.unrolled) for one in dated if one.unrolled is not None),
        expected=any(one.state == "expected" for one in found),
        unknown=len(found) - len(dated),
        steps=steps,
    )


def _of_one(expression: Deadline, found: Reckoned, view: View) -> Computed:
    if found.state in {"unresolved", "suspended"}:
        raise CannotCompute(_why(found.steps))
    opens = None if found.opens is None else from_day(found.opens)
    soft = None if found.soft_due is None else from_day(found.soft_due)
    shared = {"opens": opens, "soft": soft, "steps": found.steps}
    if isinstance(expression, NotBefore):
        instant = None if found.instant is None else local(found.instant, view.zone)
        return Computed(kind="bound", instant=instant, **shared)  # type: ignore[arg-type]
    if found.state == "expected":
        days = () if soft is None else (soft,)
        return Computed(kind="day", days=days, unrolled=days, expected=True, **shared)  # type: ignore[arg-type]
    if found.due is None:
        return Computed(kind="none", **shared)  # type: ignore[arg-type]
    return Computed(
        kind="day" if found.instant is None else "instant",
        days=(from_day(found.due),),
        unrolled=(from_day(found.unrolled if found.unrolled is not None else found.due),),
        instant=_last_moment(found, view),
        earliest=None if found.earliest is None else from_day(found.earliest),
        **shared,  # type: ignore[arg-type]
    )


def _last_moment(found: Reckoned, view: View) -> datetime | None:
    zone = found.zone or view.zone
    if found.instant is not None:
        return local(found.instant, zone)
    if found.cut_off is None or found.due is None:
        return None
    return local(instant_of(found.due, found.cut_off, zone), zone)


def _why(steps: tuple[Step, ...]) -> str:
    return steps[-1].words if steps else "there is no date"


def _known_opening(found: Computed, ground: Instrument) -> Computed:
    """Leave out an opening that is only the adoption made up for a calculation."""
    made_up = ground.adopted == _NO_ADOPTION and found.opens == _NO_ADOPTION
    return replace(found, opens=None) if made_up else found


# ------------------------------------------------------------------ assumptions
def _assumptions(found: Computed, view: View, expression: Expression) -> tuple[Assumption, ...]:
    """List what neither the clause nor a published rule settled, as far as the steps show it."""
    listed = []
    regime = view.library.regime(view.instrument.regime)
    if (
        regime.assumed
        and not isinstance(expression, NoDate | Soft)
        and any(regime.name in step.authority for step in found.steps)
    ):
        words = f"{regime.name}: no published rule says how it counts; what it counts by is assumed"
        listed.append(Assumption("regime", words, regime.authority("anchor-day")))
    for step in found.steps:
        if "rules are taken to go on" in step.words:
            listed.append(Assumption("coverage", step.words, step.authority))
        if "not set yet" in step.words and found.expected:
            listed.append(Assumption("session", step.words, step.authority))
    if found.earliest is not None and not found.expected:
        listed.append(Assumption("anchor", "the day that it counts from is known less exactly than to the day"))
    return tuple(dict.fromkeys(listed))
