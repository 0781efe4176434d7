"""What a norm's dates hang on: the names of events and of ends of periods, and whether facts can move them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duewatch.engine.words import (
    Before,
    By,
    During,
    EarliestOf,
    Every,
    LatestOf,
    NoDate,
    OnDay,
    Ref,
    Shifted,
    Soft,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.words import Deadline, Instrument, Moment, Norm, Obligation


def names_of(obligation: Obligation, instrument: Instrument) -> frozenset[str]:
    """Give the events and ends of periods that the dates of `obligation` depend on, under any reading.

    A recorded event touches exactly the obligations whose names hold its name (though it need not move them).
    """
    return frozenset().union(*(norm_names(norm, instrument) for norm in obligation.norms))


def norm_names(norm: Norm, instrument: Instrument) -> frozenset[str]:
    """Give the names that the dates of `norm` depend on, directly or through others."""
    found: set[str] = set()
    waiting = list(_moment_names(norm))
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
    return isinstance(norm.deadline, Every) and norm.deadline.after == "previous-delivery"


def deadline_moves(norm: Norm, instrument: Instrument) -> bool:
    """Tell whether a fact to come may give the norm's series more or fewer dates than its words alone."""
    if is_rolling(norm):
        return True
    dynamic = {setting.target for setting in norm.settings if setting.dynamic}
    unknown = {event.name for event in instrument.events.values() if event.day is None}
    return not norm_names(norm, instrument).isdisjoint(dynamic | unknown)


def _moment_names(norm: Norm) -> Iterator[str]:
    yield from _deadline_names(norm.deadline)
    yield from _names(norm.until)
    if norm.armed_by is not None:
        yield from _names(norm.armed_by.at)
        if norm.armed_by.event:
            yield norm.armed_by.event


def _deadline_names(deadline: Deadline) -> Iterator[str]:
    match deadline:
        case By() | Before() | OnDay():
            yield from _names(deadline.moment)
        case Within() | Soft():
            yield from _names(deadline.after)
        case During():
            yield from (f"{deadline.period}.start", f"{deadline.period}.end")
        case Every():
            yield from _names(deadline.after)
            yield from _names(deadline.until)
        case EarliestOf() | LatestOf():
            for part in deadline.parts:
                yield from _deadline_names(part)
        case NoDate():
            return


def _names(moment: Moment | str | None) -> Iterator[str]:
    """Give the name in a moment; "armed", "previous-delivery" and None have none."""
    if isinstance(moment, Shifted):
        yield from _names(moment.base)
    elif isinstance(moment, Ref):
        yield moment.name


def _behind(name: str, instrument: Instrument) -> Iterator[str]:
    """Give the names that an end of a period is computed from."""
    owner, _, side = name.rpartition(".")
    period = instrument.periods.get(owner)
    if period is None or name in instrument.events:
        return
    if side == "start":
        yield from _names(period.start)
    elif period.until is not None:
        yield from _names(period.until)
    else:
        yield f"{owner}.start"
