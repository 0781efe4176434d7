"""The small pictures beside messages: the timeline of what a message is about, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from duewatch.engine.problems import BadInput
from duewatch.engine.showing.axis import in_words
from duewatch.engine.showing.chart import chart
from duewatch.engine.showing.png import is_available, png
from duewatch.engine.showing.svg import Format, svg, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.showing.chart import Chart, Mark

SMALL: Final = Format(width=560, labels=200)  # fits the column of a mail; on a telephone it can still be read
ZOOMS: Final = (1.5, 1.25, 1.0)  # as sharp as LARGEST allows
LARGEST: Final = 20_000  # bytes: a picture should not weigh more than the words beside it are worth
MOST_ROWS: Final = 12  # what is about more is told in words
MOST_KEPT: Final = 200  # pictures that wait for the next message about the same; some megabytes
MOST_NAMED: Final = 20  # marks that the words name one by one
AROUND: Final = timedelta(days=366)  # the neighbours of a long series that are shown, before and after today

_Row = tuple[str, str, str | None]  # instrument, obligation, member: a row of the timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A PNG, and the same in words for whoever does not see it."""

    png: bytes
    says: str


class Gallery:
    """The small pictures of one answer. Each is drawn once, however many messages show it.

    `items` gives all items of the answer; it is asked when the first picture is wanted.
    """

    def __init__(self, items: Callable[[], Iterable[Item]]) -> None:
        """Hang nothing up yet."""
        self._items = items
        self._drawn: dict[tuple[frozenset[str], date], Small | None] = {}

    @cached_property
    def _rows(self) -> dict[_Row, list[Item]]:
        rows: dict[_Row, list[Item]] = defaultdict(list)
        for item in self._items():
            rows[_row(item)].append(item)
        return rows

    @cached_property
    def _row_of(self) -> dict[str, _Row]:
        return {item.occurrence: row for row, items in self._rows.items() for item in items if item.occurrence}

    def picture(self, occurrences: Iterable[str], *, today: date) -> Small | None:
        """Draw the obligations behind `occurrences` (full names), each with what falls due within a year of `today`.

        None where no picture can be made (the extra `pictures` is not installed), where nothing of it has a day, or
        where it would not be small.
        """
        key = frozenset(occurrences), today
        if key not in self._drawn:
            if len(self._drawn) >= MOST_KEPT:
                del self._drawn[next(iter(self._drawn))]
            self._drawn[key] = self._draw(*key) if is_available() else None
        return self._drawn[key]

    def _draw(self, occurrences: frozenset[str], today: date) -> Small | None:
        wanted = dict.fromkeys(self._row_of[one] for one in sorted(occurrences) if one in self._row_of)
        if not 0 < len(wanted) <= MOST_ROWS:
            return None
        chosen = [
            item
            for row in wanted
            for item in self._rows[row]
            if item.occurrence in occurrences or _is_near(item, today)
        ]
        try:
            drawn = chart(chosen, title=f"{chosen[0].instrument}, as of {in_words(today)}", today=today)
        except BadInput:
            return None
        tries = (png(svg(drawn, SMALL), zoom=zoom) for zoom in ZOOMS)
        picture = next((each for each in tries if len(each) <= LARGEST), None)
        return None if picture is None else Small(png=picture, says=_in_words(drawn))


def _row(item: Item) -> _Row:
    return item.instrument, item.obligation, item.member


def _is_near(item: Item, today: date) -> bool:
    return item.due is not None and abs(date.fromisoformat(item.due) - today) <= AROUND


def _in_words(drawn: Chart) -> str:
    """Say what stands where: every mark with its day, by row."""
    marks = [mark for band in drawn.bands for row in band.rows for mark in row.marks]
    rest = len(marks) - MOST_NAMED
    named = [_named(mark) for mark in marks[:MOST_NAMED]] + ([f"and {rest} more"] if rest > 0 else [])
    span = f"Timeline from {in_words(drawn.first)} to {in_words(drawn.last)}, today is {in_words(drawn.today)}."
    return f"{span} {'; '.join(named)}."


def _named(mark: Mark) -> str:
    others = f" (under another reading {', '.join(map(in_words, mark.others))})" if mark.others else ""
    return told(mark) + others
