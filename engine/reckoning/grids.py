"""Grids: the dates that each reading's words alone give, before any fact. Ordinals are made on them (`matching.py`)."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.deadlines import adoption, reckon, under
from duewatch.engine.reckoning.listings import Listing, listing
from duewatch.engine.reckoning.matching import Grid
from duewatch.engine.reckoning.moments import resolve
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.names import deadline_moves
from duewatch.engine.reckoning.series import LONGEST, advances, counter_of, start_of, ticks
from duewatch.engine.words import Every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.words import Instrument, Norm

_ALIKE: Final = {"days": (1, "days"), "weeks": (7, "days"), "months": (1, "months"), "years": (12, "months")}
_WORKING_DAY: Final = 4  # days that one takes at most, holidays together counted in


def repeating(norm: Norm, instrument: Instrument) -> str:
    """Give the repeating event whose entries each arm an occurrence; "" where there is none."""
    name = norm.armed_by.event if norm.armed_by is not None else ""
    event = instrument.events.get(name)
    return name if event is not None and event.repeats else ""


def grids_of(norms: Sequence[Norm], ground: View, horizon: int, seen: int) -> list[Grid]:
    """Give the grid of each norm; `seen` is the latest day that any fact names, so that no date lies beyond a grid."""
    far = max([horizon, seen, *(last for norm in norms if (last := _last(norm, ground)) is not None)])
    cycles = [norm.deadline for norm in norms if isinstance(norm.deadline, Every)]
    margin = max(
        (every.span.count * every.take * LONGEST.get(every.span.unit, _WORKING_DAY) for every in cycles), default=0
    )
    return [_grid(norm, ground, horizon, far + 3 * margin) for norm in norms]


def _last(norm: Norm, ground: View) -> int | None:
    """Give the due day, or the end of a series, by the words alone; None where there is none, or an unknown one."""
    view = replace(ground, settings=norm.settings)
    if not isinstance(norm.deadline, Every):
        return None if isinstance(norm.deadline, Listing) else reckon(norm.deadline, view).unrolled
    return None if norm.deadline.until is None else resolve(norm.deadline.until, view).day


def _grid(norm: Norm, ground: View, horizon: int, far: int) -> Grid:
    view = replace(ground, settings=norm.settings)
    if isinstance(norm.deadline, Every):
        view = under(norm.deadline.terms, view)
    if repeating(norm, ground.instrument):
        return Grid()
    if isinstance(norm.deadline, Listing):
        dues = tuple(one.due for one in listing(norm.deadline, view, horizon=horizon) if one.due is not None)
        return Grid(dues, dues, moves=True)
    if isinstance(norm.deadline, Every):
        return _of_series(norm, norm.deadline, view, horizon, far)
    due = _last(norm, ground)
    return Grid() if due is None else Grid((due,), (due,))


def _of_series(norm: Norm, every: Every, view: View, horizon: int, far: int) -> Grid:
    number, unit = _ALIKE.get(every.span.unit, (1, every.span.unit))
    cycle = (number * every.span.count * every.take, unit)
    start = start_of(every, view).day
    if start is None or not advances(every):
        return Grid(cycle=cycle)
    counter = counter_of(every, view.policy(start), view)
    try:
        ahead = tuple(tick.due for tick in ticks(every, start, adoption(view), far, lambda _: None, counter))
    except CannotCount:
        return Grid(cycle=cycle)
    end = _last(norm, view)
    last = horizon if end is None else end
    moves = end is None or deadline_moves(norm, view.instrument, view.library)
    return Grid(tuple(takewhile(lambda due: due <= last, ahead)), ahead, cycle, moves, ended=end is not None)
