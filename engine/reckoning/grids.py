"""Grids: the dates that each reading's words alone give, before any fact. Ordinals are made on them (`matching.py`)."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.deadlines import adoption, reckon
from duewatch.engine.reckoning.matching import Grid
from duewatch.engine.reckoning.moments import View, resolve
from duewatch.engine.reckoning.names import deadline_moves
from duewatch.engine.reckoning.series import advances, start_of, ticks
from duewatch.engine.words import Every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.words import Instrument, Norm

_DAYS: Final = {"days": 1, "weeks": 7, "months": 31, "years": 366}
_ALIKE: Final = {"days": (1, "days"), "weeks": (7, "days"), "months": (1, "months"), "years": (12, "months")}


def repeating(norm: Norm, instrument: Instrument) -> str:
    """Give the repeating event whose entries each arm an occurrence; "" where there is none."""
    name = norm.armed_by.event if norm.armed_by is not None else ""
    event = instrument.events.get(name)
    return name if event is not None and event.repeats else ""


def grids_of(norms: Sequence[Norm], instrument: Instrument, horizon: int, seen: int) -> list[Grid]:
    """Give the grid of each norm; `seen` is the latest day that any fact names, so that no date lies beyond a grid."""
    far = max([horizon, seen, *(last for norm in norms if (last := _last(norm, instrument)) is not None)])
    cycles = [norm.deadline for norm in norms if isinstance(norm.deadline, Every)]
    margin = max((every.span.count * every.take * _DAYS[every.span.unit] for every in cycles), default=0)
    return [_grid(norm, instrument, horizon, far + 3 * margin) for norm in norms]


def _last(norm: Norm, instrument: Instrument) -> int | None:
    """Give the due day, or the end of a series, by the words alone; None where there is none, or an unknown one."""
    view = View(instrument, norm.settings)
    if not isinstance(norm.deadline, Every):
        return reckon(norm.deadline, view).due
    return None if norm.deadline.until is None else resolve(norm.deadline.until, view).day


def _grid(norm: Norm, instrument: Instrument, horizon: int, far: int) -> Grid:
    view = View(instrument, norm.settings)
    if repeating(norm, instrument):
        return Grid()
    if isinstance(norm.deadline, Every):
        return _of_series(norm, norm.deadline, view, horizon, far)
    due = _last(norm, instrument)
    return Grid() if due is None else Grid((due,), (due,))


def _of_series(norm: Norm, every: Every, view: View, horizon: int, far: int) -> Grid:
    number, unit = _ALIKE[every.span.unit]
    cycle = (number * every.span.count * every.take, unit)
    start = start_of(every, view).day
    if start is None or not advances(every):
        return Grid(cycle=cycle)
    ahead = tuple(tick.due for tick in ticks(every, start, adoption(view), far, delivered=lambda _: None))
    end = _last(norm, view.instrument)
    last = horizon if end is None else end
    moves = end is None or deadline_moves(norm, view.instrument)
    return Grid(tuple(takewhile(lambda due: due <= last, ahead)), ahead, cycle, moves, ended=end is not None)
