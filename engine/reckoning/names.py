"""What a norm's dates hang on: the names of events and of ends of periods, and whether facts can move them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from duewatch.engine.reckoning.listings import sessions_in
from duewatch.engine.reckoning.sessions import period_of
from duewatch.engine.words import (
    DayOf,
    Deemed,
    During,
    EarliestOf,
    Every,
    EverySession,
    Extended,
    Grace,
    LatestOf,
    NoDate,
    Ref,
    Shifted,
    Soft,
    Suspended,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Deadline, Instrument, Norm, Obligation


def names_of(obligation: Obligation, instrument: Instrument, library: Library) -> frozenset[str]:
    """Give the events and ends of periods that the dates of `obligation` depend on, under any reading.

    `library` lists the sessions of bodies: a series without a last one hangs on all that are listed.
    A recorded event touches exactly the obligations whose names hold its name (though it need not move them).
    """
    return frozenset().union(*(norm_names(norm, instrument, library) for norm in obligation.norms))


def norm_names(norm: Norm, instrument: Instrument, library: Library) -> frozenset[str]:
    """Give the names that the dates of `norm` depend on, directly or through others."""
    return _closure(_moment_names(norm, instrument, library), norm, instrument)


def names_behind(name: str, norm: Norm, instrument: Instrument) -> frozenset[str]:
    """Give a name with those that it depends on, as `norm` reads them."""
    return _closure([name], norm, instrument)


def _closure(names: Iterable[str], norm: Norm, instrument: Instrument) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _behind(name, instrument)
            waiting += [
                inner for setting in norm.settings if setting.target == name for inner in _names(setting.moment)
            ]
    return frozenset(found)


def is_rolling(norm: Norm) -> bool:
    """Tell whether the norm's dates count from what was delivered."""
    match norm.deadline:
        case Every(after=after):
            return after == "previous-delivery"
        case Soft(again=again):
            return again
        case _:
            return False


def renewing(norm: Norm, instrument: Instrument, library: Library) -> frozenset[str]:
    """Give the ends of periods among those names that go on by themselves."""
    return frozenset(name for name in norm_names(norm, instrument, library) if _renews(name, instrument))


def _renews(name: str, instrument: Instrument) -> bool:
    owner, _, side = name.rpartition(".")
    period = None if name in instrument.events else instrument.periods.get(owner)
    return side == "end" and period is not None and period.renews is not None


def ends_as_one(norm: Norm) -> bool:
    """Tell whether all turns and cases of a norm end together: it has an end of its own, and no legal date."""
    return norm.until is not None and isinstance(norm.deadline, Soft | NoDate)


def deadline_moves(norm: Norm, instrument: Instrument, library: Library) -> bool:
    """Tell whether a fact to come may give the norm's series more or fewer dates than its words alone."""
    if is_rolling(norm):
        return True
    dynamic = {setting.target for setting in norm.settings if setting.dynamic}
    unknown = {event.name for event in instrument.events.values() if event.day is None}
    names = norm_names(norm, instrument, library)
    return not names.isdisjoint(dynamic | unknown) or any("/" in name for name in names)


def _moment_names(norm: Norm, instrument: Instrument, library: Library) -> Iterator[str]:
    yield from _deadline_names(norm.deadline, instrument, library)
    yield from _names(norm.until)
    if norm.armed_by is not None:
        yield from _names(norm.armed_by.at)
        if norm.armed_by.event:
            yield norm.armed_by.event


def _deadline_names(deadline: Deadline, instrument: Instrument, library: Library) -> Iterator[str]:
    """Give the names in every moment of a deadline, and in the deadlines that it is made of."""
    match deadline:
        case During():
            yield from (f"{deadline.period}.start", f"{deadline.period}.end")
        case EverySession():
            for session in sessions_in(deadline, instrument, library):
                yield from (f"{session}.start", f"{session}.end")
        case EarliestOf() | LatestOf():
            for part in deadline.parts:
                yield from _deadline_names(part, instrument, library)
        case Extended() | Grace():
            yield from _deadline_names(deadline.base, instrument, library)
        case Suspended():
            yield from _deadline_names(deadline.base, instrument, library)
            for pause in deadline.pauses:
                yield from _names(pause.start)
                yield from _names(pause.until)
        case _:
            for one in fields(deadline):
                yield from _names(getattr(deadline, one.name))


def _names(moment: object) -> Iterator[str]:
    """Give the name in a moment; what is no moment, and "armed", "previous-delivery" and None, have none."""
    match moment:
        case Shifted() | Deemed():
            yield from _names(moment.base)
        case DayOf():
            yield from _names(moment.containing)
        case Ref():
            yield moment.name


def _behind(name: str, instrument: Instrument) -> Iterator[str]:
    """Give the names that an end of a period is computed from."""
    owner, _, side = name.rpartition(".")
    period = period_of(owner, instrument.periods)
    if period is None or name in instrument.events:
        return
    if period.session:
        yield from (f"{period.session}.{side}", f"{period.name}.{side}")
    for first, last in period.parts:
        yield from _names(first if side == "start" else last)
    if side == "start":
        yield from _names(period.start)
    elif side == "recess":
        yield from _names(period.recess)
    else:
        if period.renews is not None:
            yield period.renews.unless
        if period.until is not None:
            yield from _names(period.until)
        elif period.length is not None:
            yield f"{owner}.start"
