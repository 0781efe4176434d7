"""Matching: which ordinal a date of another reading has, for ever.

The leading reading (the default) makes the ordinals 1, 2, 3 ... The n-th date of another reading gets the ordinal of
the leading date nearest to it, if that lies within half a cycle. Identity must not jump when a date moves, so
the match is made once, on the dates that the words alone give: facts, horizons and ends have no part in it, and both
series are thought to go on. So a date beyond the leading series' own end has the ordinal that it would have there.

What has no partner (one more date before the first, three-monthly dates between six-monthly ones) exists only
under its reading. Where nothing can ever lengthen a series, such dates get the ordinals after the last one in use,
the same for readings whose dates lie within half a cycle of each other; where a fact may, numbers that no series
reaches: `LONE` x the place of the reading + n. Where only a fact gives a reading its dates (an anchor that is not
known from the words), they are matched as that fact gives them: before it, the reading had no date of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONE: Final = 1_000_000  # more than any series has dates


@dataclass(frozen=True, slots=True)
class Grid:
    """The dates of one reading by its words alone, as days in order."""

    dates: tuple[int, ...] = ()  # within its own end; empty: no date can be told
    ahead: tuple[int, ...] = ()  # as if it never ended, well beyond everything that is asked for; one date: no series
    cycle: tuple[int, str] | None = None  # length of the interval, to tell equal ones; None: no series
    moves: bool = False  # a fact to come may give it more or fewer dates, or it has no end
    ended: bool = True  # its own end is known, so that `dates` does not stop at a horizon


@dataclass(frozen=True, slots=True)
class Places:
    """The ordinals of one reading's dates, by their own number n."""

    at: Mapping[int, int] = field(default_factory=dict)
    shift: int = 0  # for every n that `at` does not name

    def ordinal(self, n: int) -> int:
        """Give the ordinal of the reading's n-th date."""
        return self.at.get(n, n + self.shift)


@dataclass(frozen=True, slots=True)
class Later:
    """What it takes to match a reading's dates once a fact gives them."""

    lead: Grid
    own: Grid
    place: int  # of the reading: 0 leads

    def places(self, dues: tuple[int, ...]) -> Places:
        """Give the ordinals of these dates."""
        return _far(self.place, _pairing(self.lead, replace(self.own, dates=dues, ahead=dues)))


@dataclass(frozen=True, slots=True)
class _Pairing:
    at: Mapping[int, int] = field(default_factory=dict)  # number -> ordinal, where a partner was found
    lone: tuple[int, ...] = ()  # numbers without a partner
    shift: int = 0  # for the numbers that neither names


def match(default: Sequence[int], other: Sequence[int]) -> dict[int, int]:
    """Pair dates of `other` with dates of `default`: number in other -> number in default, both from 1.

    Each takes the nearest within half of the gap to the neighbour on that side; of several that want the same
    one the nearest has it, of two equally near ones the earlier. Two single dates always belong together.
    """
    if not default or not other:
        return {}
    if len(default) == len(other) == 1:
        return {1: 1}
    gaps = _gaps(default) or [min(_gaps(other))]
    wanted: dict[int, list[tuple[int, int]]] = {}  # number in default -> (distance, number in other)
    for n, day in enumerate(other, start=1):
        found = _nearest(default, day, gaps)
        if found is not None:
            wanted.setdefault(found + 1, []).append((abs(day - default[found]), n))
    return {min(claims)[1]: j for j, claims in sorted(wanted.items())}


def arrange(grids: Sequence[Grid]) -> list[Places]:
    """Give the ordinals of each reading's dates; the first grid leads."""
    pairings = [_pairing(grids[0], grid) for grid in grids]
    if any(grid.moves for grid in grids):
        return [_far(place, pairing) for place, pairing in enumerate(pairings)]
    return _close(grids, pairings)


def _gaps(days: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise(days)]


def _nearest(default: Sequence[int], day: int, gaps: Sequence[int]) -> int | None:
    """Give the index of the nearest date, unless it is more than half a gap away."""
    right = bisect_left(default, day)
    around = [index for index in (right - 1, right) if 0 <= index < len(default)]
    best = min(around, key=lambda index: abs(day - default[index]))
    gap = gaps[min(max(right - 1, 0), len(gaps) - 1)]
    return best if 2 * abs(day - default[best]) <= gap else None


def _pairing(leading: Grid, grid: Grid) -> _Pairing:
    """Find partners; where one of the two has no date to compare, numbers are ordinals."""
    if not leading.ahead or not grid.ahead or grid is leading:
        return _Pairing()
    single = grid.cycle is None  # one date beyond a settled end is no date of that series
    pairs = match(leading.dates if single and not leading.moves else leading.ahead, grid.ahead)
    if pairs and grid.cycle is not None and leading.cycle == grid.cycle:  # equal cycles: the first pair settles all
        n, j = min(pairs.items())
        return _Pairing(lone=tuple(range(1, n - j + 1)), shift=j - n)
    return _Pairing(pairs, tuple(n for n in range(1, len(grid.ahead) + 1) if n not in pairs))


def _far(place: int, pairing: _Pairing) -> Places:
    """Give dates without a partner numbers that no series ever reaches."""
    return Places({**pairing.at, **{n: LONE * place + n for n in pairing.lone}}, pairing.shift)


def _close(grids: Sequence[Grid], pairings: Sequence[_Pairing]) -> list[Places]:
    """Give dates without a partner the ordinals after the last one in use, shared by readings that agree on one."""
    free = 1 + max(_highest(grid, pairing) for grid, pairing in zip(grids, pairings, strict=True))
    taken: dict[int, int] = {}  # ordinal -> day
    places = []
    for grid, pairing in zip(grids, pairings, strict=True):
        at = dict(pairing.at)
        for n in (n for n in pairing.lone if n <= len(grid.dates)):
            at[n] = _same(grid, n, taken, at) or free
            taken.setdefault(at[n], grid.dates[n - 1])
            free = max(free, at[n] + 1)
        places.append(Places(at, pairing.shift))
    return places


def _highest(grid: Grid, pairing: _Pairing) -> int:
    """Give the highest ordinal that the dates with a partner have."""
    known = Places(pairing.at, pairing.shift)
    return max((known.ordinal(n) for n in range(1, len(grid.dates) + 1) if n not in pairing.lone), default=0)


def _same(grid: Grid, n: int, taken: Mapping[int, int], at: Mapping[int, int]) -> int | None:
    """Find the ordinal that another reading gave to a date of its own close to this one."""
    reach = min(_gaps(grid.dates), default=0)
    day = grid.dates[n - 1]
    near = [
        (abs(day - other), ordinal)
        for ordinal, other in taken.items()
        if 2 * abs(day - other) <= reach and ordinal not in at.values()
    ]
    return min(near)[1] if near else None
