"""What falls due, and which rights end, within the next days: for a person, a program or a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duewatch.engine.judgement.asking import Item

PENDING = frozenset({"soon", "later", "cannot-say"})  # groups of what is still to be done
ARGUABLE = "arguable"
USABLE = "available"  # a permission or a power: a notice that may be given until a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One occurrence that falls due. `day` is the first arguable day that is still to come, `others` the later ones."""

    day: date
    others: tuple[date, ...]
    days_left: int
    item: Item

    def as_json(self) -> dict[str, object]:
        """Give the entry as programs read it: its days, and the item of `status`."""
        head = {"day": self.day.isoformat(), "other_days": [day.isoformat() for day in self.others]}
        return {**head, "days_left": self.days_left, **self.item.as_json()}


def agenda(items: Iterable[Item], *, today: date, within: int) -> tuple[Entry, ...]:
    """Give what falls due from `today` to `within` days later, both included, the soonest first."""
    last = today + timedelta(days=within)
    entries = (_entry(item, today, last) for item in items if item.group in PENDING and item.occurrence)
    return tuple(sorted((entry for entry in entries if entry), key=_order))


def _entry(item: Item, today: date, last: date) -> Entry | None:
    days = [day for day in _days(item) if day >= today]
    if not days or days[0] > last:
        return None
    return Entry(day=days[0], others=tuple(days[1:]), days_left=(days[0] - today).days, item=item)


def _days(item: Item) -> list[date]:
    """Give every arguable due day, the earliest first; of what can be used, the last day on which it can."""
    if item.status == USABLE:
        return [date.fromisoformat(item.ends)] if item.ends else []
    arguable = {one["due"] for one in item.readings.values() if one["standing"] == ARGUABLE} | {item.due}
    return sorted(date.fromisoformat(str(day)) for day in arguable if day)


def _order(entry: Entry) -> tuple[date, int, str]:
    return entry.day, entry.item.place, entry.item.occurrence or ""
