"""What a recorded day may not do: turn a period round, so that it ends before it begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.civil import say_day
from duewatch.engine.reckoning.clock import ALL_KNOWLEDGE, live_at
from duewatch.engine.reckoning.moments import View, resolve
from duewatch.engine.words import Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.clock import ClockFact
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Instrument


def refuse_turned(instrument: Instrument, name: str, facts: Sequence[ClockFact], library: Library) -> None:
    """Refuse what is recorded for `name` where it turns a period or a shared session round, under any reading."""
    live = tuple(live_at(facts, ALL_KNOWLEDGE))
    others = tuple(fact for fact in live if fact.target != name)
    session = name.rpartition(".")[0]
    periods = [*instrument.periods, *([session] if "/" in session else [])]
    for settings in dict.fromkeys([(), *(norm.settings for one in instrument.obligations for norm in one.norms)]):
        view = View(instrument, settings, live, library=library)
        for period in periods:
            turned = _turned(period, view)
            if turned and not _turned(period, replace(view, facts=others)):
                raise BadInput(f"`{period}` would {turned}: nothing was recorded; check the day")


def _turned(period: str, view: View) -> str:
    """Say how a period ends before it begins; empty where it does not, or nobody knows."""
    start, end = (resolve(Ref(f"{period}.{side}"), view) for side in ("start", "end"))
    if start.earliest is None or end.day is None or end.day >= start.earliest:
        return ""
    return f"end on {say_day(end.day)}, before it begins on {say_day(start.earliest)}"
