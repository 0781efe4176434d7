"""Single deadlines: from the tree of a clause to the last day on which it can be done in time.

Series are the neighbour's (`series.py`). The canonical order of the algebra is anchor, count, month end,
then (for later) suspension, roll and clock; each adds its own step in words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.reckoning.civil import say_after, say_day, to_day
from duewatch.engine.reckoning.moments import Resolved, moved, resolve
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
    Soft,
    Span,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.words import Deadline, Moment

State = Literal["dated", "none", "unresolved"]
_WHOLE_DAY: Final = time.max
_DAY_BEFORE: Final = (Span(-1, "days"),)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What one deadline comes to: its window, and the last day of it; days as integers."""

    state: State  # none: the words set no date; unresolved: they do, and it cannot be computed
    opens: int | None
    due: int | None = None
    cut_off: time | None = None
    soft_due: int | None = None
    inferred: bool = False
    steps: tuple[str, ...] = ()


def reckon(deadline: Deadline, view: View) -> Reckoned:  # noqa: PLR0911 - one line for each form of deadline
    """Compute a deadline that is not a series, as the facts in force let it be computed."""
    match deadline:
        case By():
            return _dated(resolve(deadline.moment, view), _window(view), deadline.cut_off)
        case Before():
            return _dated(moved(resolve(deadline.moment, view), _DAY_BEFORE, "the day before it"), _window(view))
        case OnDay():
            day = resolve(deadline.moment, view)
            return _dated(day, day.day)
        case Within():
            return _within(deadline, view)
        case During():
            return _during(deadline, view)
        case EarliestOf() | LatestOf():
            return _one_of(deadline, view)
        case Soft():
            return _soft(deadline, view)
        case NoDate():
            return Reckoned("none", _window(view), steps=("the words set no date",))
        case Every():
            return Reckoned("unresolved", _window(view), steps=("a series cannot be counted where one date is wanted",))


def adoption(view: View) -> int:
    """Give the day on which the instrument was adopted."""
    return to_day(view.instrument.adopted)


def anchor_of(after: Moment | Literal["armed"], view: View) -> Resolved:
    """Find the day that a count starts from; "armed" is the moment that arms the norm."""
    if after != "armed":
        return resolve(after, view)
    return view.arming or Resolved(None, ("nothing says when it is armed",))


def _window(view: View) -> int | None:
    """Give the day on which a window opens that nothing else opens: the arming, else the adoption."""
    return adoption(view) if view.arming is None else view.arming.day


def _opens(anchor: Resolved, view: View) -> int | None:
    return anchor.day if view.arming is None else view.arming.day


def _dated(last: Resolved, opens: int | None, cut_off: time | None = None) -> Reckoned:
    state: State = "unresolved" if last.day is None else "dated"
    return Reckoned(state, opens, last.day, cut_off, inferred=last.inferred, steps=last.steps)


def _within(deadline: Within, view: View) -> Reckoned:
    """Count from the anchor, whose own day does not count.

    Regulation 1182/71 art. 3(1) and section 187(1) BGB: so a week from a Monday ends on the next Monday
    (C-171/03, Toeters), and months end on the day with the same number (152/85, Misset).
    """
    anchor = anchor_of(deadline.after, view)
    last = moved(anchor, deadline.spans, f"{say_after(deadline.spans)} it, its own day not counted")
    return _dated(last, _opens(anchor, view))


def _during(deadline: During, view: View) -> Reckoned:
    start = resolve(Ref(f"{deadline.period}.start"), view)
    end = resolve(Ref(f"{deadline.period}.end"), view)
    found = _dated(end, start.day)
    return replace(found, inferred=start.inferred or end.inferred, steps=start.steps + end.steps)


def _soft(deadline: Soft, view: View) -> Reckoned:
    """Give the soft target that we set ourselves: "promptly" is never a legal date."""
    anchor = anchor_of(deadline.after, view)
    target = moved(anchor, (deadline.span,), f"{say_after((deadline.span,))} it")
    word = f'"{deadline.word}" sets no date; ours is a target'
    opens = _opens(anchor, view)
    return Reckoned("none", opens, soft_due=target.day, inferred=target.inferred, steps=(*target.steps, word))


def _one_of(deadline: EarliestOf | LatestOf, view: View) -> Reckoned:
    """Choose among several deadlines; parts without a legal date only lend their soft target."""
    parts = [reckon(part, view) for part in deadline.parts]
    lawful = [part for part in parts if part.state != "none"]
    soft = min((part.soft_due for part in parts if part.soft_due is not None), default=None)
    steps = tuple(step for part in parts for step in part.steps)
    chosen, last = _choose(deadline, lawful) if lawful else (parts[0], "none of its parts sets a date")
    inferred = any(part.inferred for part in parts)
    return replace(chosen, soft_due=soft, inferred=inferred, steps=(*steps, last))


def _choose(deadline: EarliestOf | LatestOf, parts: Sequence[Reckoned]) -> tuple[Reckoned, str]:
    known = [part for part in parts if part.state == "dated"]
    which, pick = ("earliest", min) if isinstance(deadline, EarliestOf) else ("latest", max)
    missing = len(parts) - len(known)
    if not known or (missing and which == "latest"):
        gap = next(part for part in parts if part.state == "unresolved")
        return gap, f"the {which} of them cannot be told: {missing} of {len(parts)} not known"
    chosen = pick(known, key=_moment_of_end)
    among = f"the {which} of them" if not missing else f"the {which} of those known ({missing} not known)"
    return chosen, f"{among}: {say_day(chosen.due or 0)}"


def _moment_of_end(part: Reckoned) -> tuple[int, time]:
    return part.due or 0, part.cut_off or _WHOLE_DAY
