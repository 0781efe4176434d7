"""What a due date costs: a million of them one by one and in bulk, beside dateutil and numpy, in the same run.

    make bench                                   (or: .venv/bin/python benchmarks/deadlines.py [HOW MANY])

Months, then working days. dateutil is timed on a tenth of them. numpy is no part of the program; where it is
installed (`uv pip install numpy`), it is the baseline of the bulk, and reads our tables as arrays.
Read the ratios, not the seconds. Answers are compared before they are timed.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from duewatch.engine.reckoning.civil import from_day, to_day
from duewatch.engine.reckoning.computing import compute
from duewatch.engine.reckoning.library import shipped
from duewatch.engine.reckoning.months import TABLE_START, add_months, tables
from duewatch.engine.words import Fixed, Span, Within

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duewatch.engine.reckoning.workdays import WorkDays

MANY = 1_000_000
SEED = 2584
CALENDAR = "us-federal"
AIM = 8  # times as fast as dateutil, one by one
ROUNDS = 3  # the best of so many counts


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that the best of a few rounds took."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def row(name: str, seconds: float, count: int, baseline: float) -> None:
    """Print one line: microseconds for each date, and how many times as fast as the baseline (seconds per date)."""
    each = seconds / count
    print(f"  {name:<46}{each * 1e6:>9.3f} us{baseline / each:>10.1f} x")


def anchors(count: int) -> tuple[list[int], list[int], list[int]]:
    """Give anchors from 2015 to 2025, months from 1 to 36 and working days from 1 to 60, always the same ones."""
    pick = random.Random(SEED)  # noqa: S311 - no secret
    first, last = to_day(date(2015, 1, 1)), to_day(date(2025, 12, 31))
    days = [pick.randint(first, last) for _ in range(count)]
    return days, [pick.randint(1, 36) for _ in days], [pick.randint(1, 60) for _ in days]


# ------------------------------------------------------------------ one by one
def walk(day: date, count: int, closed: frozenset[date]) -> date:
    """Count working days with dateutil, a day at a time: it has no other way."""
    step = relativedelta(days=1)
    while count:
        day += step
        count -= day.weekday() < 5 and day not in closed  # noqa: PLR2004 - Saturday
    return day


def one_by_one(days: Sequence[int], months: Sequence[int], counts: Sequence[int], work: WorkDays) -> None:
    """Time single dates against dateutil, on the same anchors."""
    tenth = len(days) // 10
    dates = [from_day(day) for day in days[:tenth]]
    ours = [from_day(add_months(day, n)) for day, n in zip(days[:tenth], months, strict=False)]
    theirs = [day + relativedelta(months=n) for day, n in zip(dates, months, strict=False)]
    assert ours == theirs, "the months differ"  # noqa: S101 - a benchmark compares before it times
    print("\nmonths, one by one")
    base = timed(lambda: [day + relativedelta(months=n) for day, n in zip(dates, months, strict=False)]) / tenth
    row("dateutil relativedelta", base * tenth, tenth, base)
    row("ours", timed(lambda: [add_months(day, n) for day, n in zip(days, months, strict=True)]), len(days), base)
    sample = dates[: len(days) // 100]
    whole = timed(lambda: [compute(Within((Span(3, "months"),), Fixed(day))) for day in sample])
    row("ours, whole, with every step in words", whole, len(sample), base)

    closed = frozenset(from_day(day) for day in range(min(days), max(days) + 200) if not work.is_working(day))
    few = len(days) // 100
    shifted = [work.shift(day, n) for day, n in zip(days[:few], counts, strict=False)]
    walked = [to_day(walk(day, n, closed)) for day, n in zip(dates[:few], counts, strict=False)]
    assert shifted == walked, "the working days differ"  # noqa: S101 - as above
    print("\nworking days, one by one")
    base = timed(lambda: [walk(day, n, closed) for day, n in zip(dates[:few], counts, strict=False)]) / few
    row("dateutil relativedelta, day by day", base * few, few, base)
    row("ours", timed(lambda: [work.shift(day, n) for day, n in zip(days, counts, strict=True)]), len(days), base)


# ------------------------------------------------------------------ in bulk
def in_bulk(days: Sequence[int], months: Sequence[int], counts: Sequence[int], work: WorkDays) -> None:
    """Time arrays against numpy's own date arithmetic, where numpy is installed."""
    if find_spec("numpy") is None:
        print("\nin bulk: numpy is not installed, so there is no baseline")
        return
    import numpy as np

    size = len(days)
    anchor = np.array(days, dtype="datetime64[D]")
    index = np.array(days, dtype=np.int32) - TABLE_START
    n, w = np.array(months, dtype=np.int32), np.array(counts, dtype=np.int32)
    table = tables()
    month, of_month = np.array(table.month, dtype=np.int16), np.array(table.day, dtype=np.int8)
    first, length = np.array(table.first, dtype=np.int32), np.array(table.length, dtype=np.int8)

    def by_tables() -> Any:  # noqa: ANN401 - an array
        there = month[index] + n
        return first[there] + np.minimum(of_month[index], length[there]) - 1

    def by_numpy() -> Any:  # noqa: ANN401
        start = anchor.astype("datetime64[M]")
        number = (anchor - start.astype("datetime64[D]")).astype(np.int64)
        end = (start + n + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
        return np.minimum((start + n).astype("datetime64[D]") + number, end)

    assert (by_numpy().astype(np.int64) == by_tables()).all(), "the months differ"  # noqa: S101
    print("\nmonths, in bulk")
    base = timed(by_numpy) / size
    row("numpy datetime64", base * size, size, base)
    row("our tables as arrays", timed(by_tables), size, base)

    rank, select = np.array(work.table.rank, dtype=np.int32), np.array(work.table.select, dtype=np.int32)
    closed = [from_day(day) for day in range(min(days), max(days) + 200) if not work.is_working(day)]
    calendar = np.busdaycalendar(holidays=[day for day in closed if day.weekday() < 5])  # noqa: PLR2004 - Saturday

    def ranked() -> Any:  # noqa: ANN401
        return select[rank[index] + w - 1]

    def offset() -> Any:  # noqa: ANN401
        return np.busday_offset(anchor, w, roll="preceding", busdaycal=calendar)

    assert (offset().astype(np.int64) == ranked()).all(), "the working days differ"  # noqa: S101
    print("\nworking days, in bulk")
    base = timed(offset) / size
    row("numpy busday_offset", base * size, size, base)
    row("our tables as arrays", timed(ranked), size, base)


# ------------------------------------------------------------------ what the tables cost
def memory(lists: Sequence[Sequence[int]]) -> int:
    """Give the bytes of the lists and of the numbers in them."""
    numbers = {id(one): sys.getsizeof(one) for each in lists if isinstance(each, list) for one in each}
    return sum(sys.getsizeof(each) for each in lists) + sum(numbers.values())


def built() -> WorkDays:
    """Build the tables once, and say how long that took and how much memory they hold."""
    start = time.perf_counter()
    table = tables()
    months = time.perf_counter() - start
    work = shipped().calendar((CALENDAR,))
    start = time.perf_counter()
    ranks = work.table
    ranked = time.perf_counter() - start
    print("tables, 1900 to 2199")
    held = memory((table.month, table.day, table.first, table.length))
    print(f"  months: {months * 1e3:.1f} ms, {held / 2**20:.1f} MiB, once in a process")
    held = memory((ranks.open, ranks.rank, ranks.select))
    print(
        f"  working days of {CALENDAR}: {ranked * 1e3:.1f} ms, {held / 2**20:.1f} MiB, once for each set of calendars"
    )
    return work


def main() -> None:
    """Build, compare, time."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    print(f"{count:,} due dates; aim, one by one: {AIM} times as fast as dateutil; the best of {ROUNDS}\n")
    work = built()
    days, months, counts = anchors(count)
    one_by_one(days, months, counts, work)
    in_bulk(days, months, counts, work)


if __name__ == "__main__":
    main()
