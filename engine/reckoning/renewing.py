"""Renewals: a period that goes on by itself, unless somebody gave notice in time.

Whether it went on by a day hangs on that day: a notice may still come until the last day for it has passed. So each
such day gives a *look*, a clock fact that was always known and counts from the day after it. A look at which no
notice in time is in force makes the period longer.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import NEWEST, times
from duewatch.engine.reckoning.clock import ClockFact
from duewatch.engine.reckoning.offsets import offset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duewatch.engine.reckoning.workdays import WorkDays
    from duewatch.engine.words import MonthEnd, Period, Renewal, Span

_BELOW: Final = -1_000_000_000  # numbers of looks: below those of the ledger and of later instruments


def terms_after(end: int, period: Period, month_end: MonthEnd, days: WorkDays | None) -> Iterator[tuple[int, int]]:
    """Yield for each renewal the last day for a notice against it, and the end that it leads to.

    Each end is counted from the first one, so that a short month does not shorten all the later ones; where the
    printed day does not belong to the period, from that day, so that a term to 1 March ends with every February.
    CannotCount where a length asks for working days that nobody named.
    """
    renewal, over = period.renews, int(period.last_day == "excluded")
    if renewal is None:
        return
    ends = end
    for n in count(1):
        if renewal.times is not None and n > renewal.times:
            return
        before = tuple(times(span, -1) for span in renewal.notice)
        try:
            last_day = offset(ends, before, month_end, days)
            later = offset(end + over, _times(renewal, n), month_end, days) - over
        except OverflowError:
            return
        if not ends < later <= NEWEST:
            return
        yield last_day, later
        ends = later


def _times(renewal: Renewal, n: int) -> tuple[Span, ...]:
    return tuple(times(span, n) for span in renewal.length)


def looks(found: Iterable[tuple[str, int]]) -> list[ClockFact]:
    """Give the clock facts of ends of periods: each name with a last day on which a notice may come against renewal."""
    return [
        ClockFact(seq=_BELOW - n, root=_BELOW - n, kind="look", target=name, effective=day + 1, day=day)
        for n, (name, day) in enumerate(sorted(set(found)))
    ]
