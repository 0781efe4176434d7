"""Rectangles: where in knowledge and days an answer is the same.

The plane of points (k, d) is cut at each row of the ledger and, for what is live there, at each effective day;
in each piece the answer is computed once from the facts in force, then equal neighbours are joined again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

from duewatch.engine.reckoning.clock import ALL_KNOWLEDGE, FIRST_DAY, LAST_DAY, NO_KNOWLEDGE, live_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duewatch.engine.reckoning.clock import ClockFact

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Phase(Generic[Row]):
    """A row that holds from a day on, whatever the facts: an event may be known before it comes."""

    start: int
    row: Row | None  # None: nothing is owed


Phases = tuple[Phase[Row], ...]
Answer = Callable[[tuple["ClockFact", ...]], Mapping[int, Phases[Row]]]


@dataclass(frozen=True, slots=True)
class Rectangle(Generic[Row]):
    """The points `k0 <= k < k1`, `d0 <= day < d1` that share one row."""

    k0: int
    k1: int
    d0: int
    d1: int
    row: Row


@dataclass(slots=True)
class _Stretch(Generic[Row]):
    d0: int
    d1: int
    phases: Phases[Row]


def rectangles(facts: Sequence[ClockFact], answer: Answer[Row]) -> dict[int, list[Rectangle[Row]]]:
    """Tile the plane for every ordinal that `answer` knows somewhere.

    `answer` takes the facts in force at a point, in the order of the ledger, and gives the phases of each
    ordinal, the first of them from FIRST_DAY. Rectangles of one ordinal never overlap; where none lies, there
    is no answer. No two of them could be joined into one that is as wide in days.
    """
    if not facts:
        return dict(sorted(_slab(NO_KNOWLEDGE, ALL_KNOWLEDGE, (), answer).items()))
    answer = _remembering(answer)
    open_ones: dict[int, list[Rectangle[Row]]] = {}
    closed: dict[int, list[Rectangle[Row]]] = defaultdict(list)
    for k0, k1, live in _slabs(facts):
        fresh = _slab(k0, k1, live, answer)
        for ordinal in open_ones.keys() | fresh.keys():
            ended, fresh[ordinal] = _join(open_ones.get(ordinal, []), fresh.get(ordinal, []))
            closed[ordinal] += ended
        open_ones = fresh
    for ordinal, remaining in open_ones.items():
        closed[ordinal] += remaining
    return {ordinal: sorted(found, key=_corner) for ordinal, found in sorted(closed.items()) if found}


def _remembering(answer: Answer[Row]) -> Answer[Row]:
    """Ask once for each set of facts, and give equal phases as one object: most pieces of the plane share theirs."""
    known: dict[tuple[int, ...], Mapping[int, Phases[Row]]] = {}
    one_of: dict[Phases[Row], Phases[Row]] = {}

    def remembered(facts: tuple[ClockFact, ...]) -> Mapping[int, Phases[Row]]:
        key = tuple(fact.seq for fact in facts)
        if key not in known:
            known[key] = {ordinal: one_of.setdefault(phases, phases) for ordinal, phases in answer(facts).items()}
        return known[key]

    return remembered


def _slabs(facts: Sequence[ClockFact]) -> Iterator[tuple[int, int, list[ClockFact]]]:
    """Cut knowledge at each row: from its number on, what is live is different."""
    numbers = {fact.seq for fact in facts if fact.seq > NO_KNOWLEDGE}  # what a text says was always known
    cuts = [NO_KNOWLEDGE, *sorted(numbers), ALL_KNOWLEDGE]
    for k0, k1 in pairwise(cuts):
        yield k0, k1, live_at(facts, k0)


def _slab(k0: int, k1: int, live: Sequence[ClockFact], answer: Answer[Row]) -> dict[int, list[Rectangle[Row]]]:
    """Tile one slab of knowledge."""
    found: dict[int, list[Rectangle[Row]]] = {}
    for ordinal, stretches in _stretches(live, answer).items():
        found[ordinal] = []
        for stretch in stretches:
            for start, end, row in _cut(stretch):
                _lengthen(found[ordinal], Rectangle(k0, k1, start, end, row))
    return found


def _stretches(live: Sequence[ClockFact], answer: Answer[Row]) -> dict[int, list[_Stretch[Row]]]:
    """Give, for each ordinal, the stretches of days with the same phases, cut at effective days."""
    found: dict[int, list[_Stretch[Row]]] = defaultdict(list)
    cuts = [FIRST_DAY, *sorted({fact.effective for fact in live}), LAST_DAY]
    for d0, d1 in pairwise(cuts):
        for ordinal, phases in answer(tuple(fact for fact in live if fact.effective <= d0)).items():
            before = found[ordinal]
            if before and before[-1].phases is phases and before[-1].d1 == d0:
                before[-1].d1 = d1
            else:
                before.append(_Stretch(d0, d1, phases))
    return found


def _cut(stretch: _Stretch[Row]) -> Iterator[tuple[int, int, Row]]:
    """Give the pieces of the phases that lie within the stretch."""
    ends = [phase.start for phase in stretch.phases[1:]] + [LAST_DAY]
    for phase, end in zip(stretch.phases, ends, strict=True):
        start, until = max(phase.start, stretch.d0), min(end, stretch.d1)
        if phase.row is not None and start < until:
            yield start, until, phase.row


def _lengthen(found: list[Rectangle[Row]], piece: Rectangle[Row]) -> None:
    """Add a piece, or lengthen the last one where it goes on unchanged."""
    if found and found[-1].d1 == piece.d0 and found[-1].row == piece.row:
        found[-1] = replace(found[-1], d1=piece.d1)
    else:
        found.append(piece)


def _join(
    before: Sequence[Rectangle[Row]], after: Sequence[Rectangle[Row]]
) -> tuple[list[Rectangle[Row]], list[Rectangle[Row]]]:
    """Let rectangles of the slab before go on into this one; give those that ended, and those of this slab."""
    open_ones = {(old.d0, old.d1): old for old in before}
    going_on = []
    for new in after:
        old = open_ones.get((new.d0, new.d1))
        if old is not None and (old.row is new.row or old.row == new.row):
            del open_ones[new.d0, new.d1]
            going_on.append(replace(old, k1=new.k1))
        else:
            going_on.append(new)
    return list(open_ones.values()), going_on


def _corner(rectangle: Rectangle[Row]) -> tuple[int, int]:
    return rectangle.k0, rectangle.d0
