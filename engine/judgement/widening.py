"""Machine-made readings: what an encoding declares unsettled becomes an arguable reading for each way that matters.

So lead stages go by the earliest date, an item is overdue only after the latest, and contested between them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.ambiguity import Ambiguity, ambiguities, reading_of
from duewatch.engine.reckoning.axes import Way
from duewatch.engine.reckoning.civil import to_day
from duewatch.engine.reckoning.moments import Resolved, View, resolve
from duewatch.engine.words import NoDate, Ref, Soft

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.reckoning.ambiguity import Reading
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Instrument, Norm, Obligation, Standing

ALONE: Final = "default"  # the reading of an entry without doubts: what is made from it needs no such prefix
_LOOKED_AT: Final = timedelta(days=3650)  # ten years of an endless series show whether two ways ever differ


def widened(instrument: Instrument, library: Library) -> Instrument:
    """Give the instrument with a reading for each way of an unsettled axis that gives another date."""
    if not any(norm.unsettled for entry in instrument.obligations for norm in entry.norms[:1]):
        return instrument
    return wider(instrument, library, lambda norm, one: one.differs and one.axis in norm.unsettled, "arguable")


def wider(
    instrument: Instrument, library: Library, wanted: Callable[[Norm, Ambiguity], bool], standing: Standing
) -> Instrument:
    """Give the instrument with a reading for each way of the axes that are `wanted`, of such a standing."""

    def more(entry: Obligation) -> Obligation:
        norm = entry.norms[0]
        axes = [one for one in axes_at(norm, instrument, library) if wanted(norm, one)]
        known = {one.reading for one in entry.norms}  # it may have been widened already
        made = [_norm(norm, reading, one, standing) for one in axes for reading in others(one)]
        made = [one for one in made if one.reading not in known]
        return replace(entry, norms=(*entry.norms, *made)) if made else entry

    return replace(instrument, obligations=tuple(map(more, instrument.obligations)))


def others(one: Ambiguity) -> list[Reading]:
    """Give the readings of an axis that differ from the one that is followed."""
    first = one.readings[0]
    return [
        reading
        for reading in one.readings[1:]
        if reading.days is None or (reading.days, reading.ends) != (first.days, first.ends)
    ]


def axes_at(norm: Norm, instrument: Instrument, library: Library, *, any_anchor: bool = False) -> tuple[Ambiguity, ...]:
    """Give the axes of a norm's deadline, with what each way gives by the words alone; no fact is looked at."""
    if isinstance(norm.deadline, NoDate | Soft):
        return ()
    horizon = to_day(instrument.adopted + _LOOKED_AT)
    view = _view(norm, instrument, library)
    return ambiguities(norm.deadline, view, horizon=horizon, any_anchor=any_anchor, unsettled=norm.unsettled)


def own_readings(entry: Obligation, instrument: Instrument, library: Library) -> Ambiguity | None:
    """Give the encoding's own arguable readings as an axis of their own; None where there is but one."""
    arguable = [norm for norm in entry.norms if norm.standing == "arguable" and not norm.made]
    if len(arguable) < 2:  # noqa: PLR2004 - a doubt has two sides
        return None
    horizon = to_day(instrument.adopted + _LOOKED_AT)
    readings = [
        reading_of(Way(norm.reading, norm.why, norm.deadline, ""), _view(norm, instrument, library), horizon)
        for norm in arguable
    ]
    return Ambiguity("reading", "encoding", tuple(readings))


def _view(norm: Norm, instrument: Instrument, library: Library) -> View:
    view = View(instrument, norm.settings, library=library)
    return view if norm.armed_by is None else replace(view, arming=_arming(norm, view))


def _arming(norm: Norm, view: View) -> Resolved:
    """Give the moment that arms the norm as far as the words tell it."""
    armed = norm.armed_by
    return resolve(Ref(armed.event), view) if armed is not None and armed.event else Resolved(None)


def named(norm: Norm, reading: Reading) -> str:
    """Name the norm's machine-made reading: `roll-following`, behind the answers of the entry's own doubts."""
    return reading.id if norm.reading == ALONE else f"{norm.reading}/{reading.id}"


def _norm(norm: Norm, reading: Reading, one: Ambiguity, standing: Standing) -> Norm:
    why = f"{reading.label} ({reading.authority})" if reading.authority else reading.label
    return replace(
        norm,
        reading=named(norm, reading),
        is_default=False,
        standing=standing,
        why=f"{one.axis} is not settled: {why}",
        deadline=reading.deadline,
        made=True,
    )
