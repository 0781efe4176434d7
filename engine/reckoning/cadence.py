"""How often a norm falls due, in words: "every 3 months", "once", "for each case"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import nth, say_spans, times
from duewatch.engine.words import (
    EarliestOf,
    Every,
    EverySession,
    Extended,
    Grace,
    LatestOf,
    Recurring,
    Schedule,
    Soft,
    Suspended,
)

if TYPE_CHECKING:
    from duewatch.engine.words import ArmedBy, Deadline, Instrument, Norm, Span

ONCE: Final = "once"
_SETTLED: Final = frozenset({"maintain", "refrain", "limit", "permit"})  # kinds that stand, and never fall due


def cadence(norm: Norm, instrument: Instrument) -> str:
    """Say how often `norm` falls due, from its own words alone; a standing norm says that it stands."""
    if norm.kind in _SETTLED:
        return "standing"
    series, word = _series(norm.deadline), _soft(norm.deadline)
    if norm.armed_by is not None:
        parts = (_occasion(norm.armed_by, instrument), series, word)
    elif norm.kind == "recur":
        parts = (series or word or "again and again", "", "")
    else:
        parts = (series or ONCE, word, "")
    return ", ".join(filter(None, parts))


def _occasion(armed: ArmedBy, instrument: Instrument) -> str:
    """Say what brings it up: each entry of an event that repeats, an event, or what others left undone."""
    if not armed.event:
        return f"{ONCE}, if others left undone what is due"
    event = instrument.events.get(armed.event)
    words = armed.event.replace("-", " ").replace(".", " ")
    return f"for each {armed.per or words}" if event is not None and event.repeats else f"{ONCE}, after {words}"


def _series(deadline: Deadline) -> str:  # noqa: PLR0911 - a line for each form
    """Say the interval of a series; "" for what has one date or none."""
    match deadline:
        case Every():
            rolling = " from the last one" if deadline.after == "previous-delivery" else ""
            limit = "" if deadline.times is None else f", {deadline.times} times"
            return f"every {_interval(times(deadline.span, deadline.take))}{rolling}{limit}"
        case EverySession():
            body = deadline.first.partition("/")[0].replace("-", " ")
            return f"every {nth(deadline.step) + ' ' if deadline.step > 1 else ''}session ({body})"
        case Schedule():
            return f"every {_interval(deadline.span)}"
        case Recurring():
            after = f"{say_spans(deadline.plus)} after each day of" if deadline.plus else "by"
            return f"{after} the rule {deadline.rule}"
        case Extended() | Grace() | Suspended():
            return _series(deadline.base)
        case EarliestOf() | LatestOf():
            return next((words for part in deadline.parts if (words := _series(part))), "")
        case _:
            return ""


def _interval(span: Span) -> str:
    """Write "month", not "1 month"."""
    return say_spans((span,)).removeprefix("1 ")


def _soft(deadline: Deadline) -> str:
    """Give the word of the text that stands where a day might: "promptly"."""
    return deadline.word if isinstance(deadline, Soft) else ""
