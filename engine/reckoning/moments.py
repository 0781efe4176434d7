"""Moments: from a name, a printed day or an offset to a day, with each step in words.

What a moment resolves to depends on the facts in force at one point of knowledge and day, and on
what the reading sets for an event or an end of a period. Cutting the facts is the caller's part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import add, say_after, say_day, say_spans, to_day
from duewatch.engine.reckoning.clock import latest
from duewatch.engine.words import Fixed, Ref, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.clock import ClockFact
    from duewatch.engine.words import Event, Instrument, Moment, Period, Setting

_START: Final = "start"
_END: Final = "end"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A day with the steps that led to it; without a day the last step says why."""

    day: int | None
    steps: tuple[str, ...] = ()
    inferred: bool = False  # an inferred anchor stands behind it
    since: int | None = None  # the day from which the recorded fact behind it counts; None: no fact


@dataclass(frozen=True, slots=True)
class View:
    """An instrument as one norm reads it, with the facts in force at one point of knowledge and day."""

    instrument: Instrument
    settings: tuple[Setting, ...] = ()
    facts: tuple[ClockFact, ...] = ()
    entry: ClockFact | None = None  # the entry of a repeating event that arms this occurrence; its name means it
    arming: Resolved | None = None  # the moment that arms the norm; None: it needs none


def resolve(moment: Moment, view: View) -> Resolved:
    """Find the day of `moment`.

    A printed day stands, whatever facts say, unless the reading reads it dynamically; an event without a
    printed day takes the newest fact in force.
    """
    return _resolve(moment, view, frozenset())


def moved(anchor: Resolved, spans: Sequence[Span], words: str, *notes: str) -> Resolved:
    """Count on from `anchor`, with a step "words: day (notes)"; no day without an anchor or outside the calendar."""
    if anchor.day is None:
        return anchor
    try:
        day = add(anchor.day, spans)
    except OverflowError as beyond:
        return replace(anchor, day=None, steps=(*anchor.steps, f"{words}: {beyond}"))
    said = ", ".join(note for note in notes if note)
    return replace(anchor, day=day, steps=(*anchor.steps, f"{words}: {say_day(day)}" + (f" ({said})" if said else "")))


def _resolve(moment: Moment, view: View, trail: frozenset[str]) -> Resolved:
    if isinstance(moment, Fixed):
        day = to_day(moment.day)
        return Resolved(day, (f"{say_day(day)} (printed)",))
    if isinstance(moment, Ref):
        return _named(moment.name, view, trail)
    return moved(_resolve(moment.base, view, trail), moment.spans, f"{say_after(moment.spans)} it")


def _named(name: str, view: View, trail: frozenset[str]) -> Resolved:
    """Resolve a name: this occurrence's own entry, then what the reading sets, then what is printed."""
    if view.entry is not None and view.entry.target == name:
        return _recorded(name, view.entry)
    setting = next((setting for setting in view.settings if setting.target == name), None)
    mark = f"set {name}"
    if setting is None or mark in trail:  # "one year after term.end" set for term.end means the printed one
        return _printed(name, view, trail)
    if setting.dynamic and (fact := latest(view.facts, name, "event")):
        return _recorded(name, fact)
    if setting.moment is None:
        return _printed(name, view, trail)
    found = _resolve(setting.moment, view, trail | {mark})
    return moved(found, (), f"{name} under this reading")


def _recorded(name: str, fact: ClockFact) -> Resolved:
    since = "" if fact.effective == fact.day else f", in force from {say_day(fact.effective)}"
    return Resolved(fact.day, (f"{name}: {say_day(fact.day)} ({fact}{since})",), since=fact.effective)


def _printed(name: str, view: View, trail: frozenset[str]) -> Resolved:
    event = view.instrument.events.get(name)
    if event is not None and event.day is not None:
        return _event(event, to_day(event.day))
    found = Resolved(None, (f"{name}: not known yet",)) if event else _end_of_period(name, view, trail)
    if found.day is None and (fact := latest(view.facts, name, "event")):
        return _recorded(name, fact)
    return found


def _event(event: Event, day: int) -> Resolved:
    source = f", {event.source}" if event.source else ""
    words = f"{event.name}: {say_day(day)} ({event.certainty}{source})"
    return Resolved(day, (words,), inferred=event.certainty == "inferred")


def _end_of_period(name: str, view: View, trail: frozenset[str]) -> Resolved:
    owner, _, side = name.rpartition(".")
    period = view.instrument.periods.get(owner)
    if period is None or side not in {_START, _END} or name in trail:
        return Resolved(None, (f"{name}: hangs on itself" if name in trail else f"{name}: nothing declares it",))
    inner = trail | {name}
    if side == _START:
        return _edge(name, period.start, period, view, inner)
    if period.until is not None:
        end = _edge(name, period.until, period, view, inner)
    else:
        start, length = _named(f"{owner}.{_START}", view, inner), period.length or ()
        end = moved(start, length, name, f"{say_spans(length)} from it", period.provision)
    return end if period.last_day == "included" else moved(end, (Span(-1, "days"),), f"{name}, that day excluded")


def _edge(name: str, moment: Moment, period: Period, view: View, trail: frozenset[str]) -> Resolved:
    """Resolve an end that a period declares; a printed day needs no step of its own."""
    if isinstance(moment, Fixed):
        return moved(Resolved(to_day(moment.day)), (), name, "printed", period.provision)
    return moved(_resolve(moment, view, trail), (), name, period.provision)
