"""From the items of an answer to a timeline: rows by bearer, marks by day. Knows no medium.

What has no due day is not drawn, only counted. An occurrence with more than one arguable day has its
mark on that of the default reading, and the other days beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from duewatch.engine.problems import BadInput
from duewatch.engine.showing.looks import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duewatch.engine.judgement.asking import Item

NOT_NAMED: Final = "not named"
OTHERS: Final = "others"
MARGIN: Final = timedelta(days=10)  # before the first and after the last day that is shown
NARROWEST: Final = timedelta(days=60)  # a timeline of a few days would have no scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One occurrence on its row."""

    day: date  # due under the default reading
    until: date | None  # late: today; done: the day on which it was done, where that was after the due day
    others: tuple[date, ...]  # due under other arguable readings
    group: str  # one of LOOKS
    name: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One obligation, with all its occurrences that have a day."""

    provision: str
    action: str
    name: str  # the id, as the command line takes it
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The rows of one bearer."""

    bearer: str
    watched: bool  # owed by others: watched, not answered for
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A timeline from `first` to `last`, both shown."""

    title: str
    today: date
    first: date
    last: date
    bands: tuple[Band, ...]
    undated: int  # items that have no day, or none within the timeline

    def counts(self) -> dict[str, int]:
        """Count the marks of each group, the most urgent first; groups without any are left out."""
        groups = [mark.group for band in self.bands for row in band.rows for mark in row.marks]
        return {group: groups.count(group) for group in LOOKS if group in groups}


def chart(
    items: Iterable[Item], *, title: str, today: date, first: date | None = None, last: date | None = None
) -> Chart:
    """Lay out a timeline of all dated items, or of those within `first` and `last`. BadInput where there are none."""
    given = list(items)
    dated = [item for item in given if item.due and item.group in LOOKS and _within(_due(item), first, last)]
    if not dated:
        raise BadInput("nothing of what was asked for has a date here; ask for more, or for other days")
    bands = tuple(_band(key, list(rows), today) for key, rows in groupby(sorted(dated, key=_order), key=_bearer))
    begin, end = _span(bands, today, first, last)
    return Chart(title=title, today=today, first=begin, last=end, bands=bands, undated=len(given) - len(dated))


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or day >= first) and (last is None or day <= last)


def _due(item: Item) -> date:
    return date.fromisoformat(item.due or "")


def _bearer(item: Item) -> tuple[bool, str]:
    return item.watch == OTHERS, item.member or ", ".join(item.bearer) or NOT_NAMED


def _order(item: Item) -> tuple[bool, str, int, str, str]:
    return *_bearer(item), item.place, item.obligation, item.due or ""


def _band(key: tuple[bool, str], items: Sequence[Item], today: date) -> Band:
    watched, bearer = key
    rows = tuple(_row(list(of), today) for _name, of in groupby(items, key=lambda item: item.obligation))
    return Band(bearer=bearer, watched=watched, rows=rows)


def _row(items: Sequence[Item], today: date) -> Row:
    head = items[0]
    marks = tuple(_mark(item, today) for item in items)
    return Row(provision=head.provision, action=head.action, name=head.obligation, marks=marks)


def _mark(item: Item, today: date) -> Mark:
    due = _due(item)
    arguable = {one["due"] for one in item.readings.values() if one["standing"] == "arguable"} - {None, item.due}
    return Mark(
        day=due,
        until=_until(item, due, today),
        others=tuple(sorted(date.fromisoformat(str(day)) for day in arguable)),
        group=item.group or "",
        name=(item.occurrence or "").partition("#")[2],
        says=item.says,
    )


def _until(item: Item, due: date, today: date) -> date | None:
    """Give the end of the lateness, where there is any."""
    end = today if item.group == "late" else date.fromisoformat(item.discharged_on) if item.discharged_on else due
    return end if end > due and item.group in {"late", "done"} else None


def _span(bands: Iterable[Band], today: date, first: date | None, last: date | None) -> tuple[date, date]:
    """Give the days that the timeline shows: what was asked for, else all marks and today."""
    marks = [mark for band in bands for row in band.rows for mark in row.marks]
    days = [day for mark in marks for day in (mark.day, mark.until or mark.day, *mark.others)] + [today]
    begin, end = first or min(days) - MARGIN, last or max(days) + MARGIN
    return begin, max(end, begin + NARROWEST)
