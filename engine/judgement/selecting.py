"""Which items of an answer people see: the default page, and what they ask for by name.

The page shows what we answer for and what we watch; inventory, statements and closed items only where they
are asked for: by `everything`, by their provision, by their own status or group, or by `watch`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.provisions import at_or_under

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duewatch.engine.judgement.asking import Item

CLOSED: Final = "closed"
INVENTORY: Final = "inventory"
ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What somebody asked for; what is empty or None asks for nothing in particular."""

    provision: str | None = None  # and what lies under it, whatever its watch or group
    statuses: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    bearer: str | None = None  # as a bearer, or as the member of a class of bearers
    instrument: str | None = None  # symbol
    looks_after: Callable[[Item], bool] | None = None  # whose items: by the field `owner`, or by the contacts
    watch: str | None = None  # own | others | inventory | all
    everything: bool = False


def select(items: Iterable[Item], asked: Filter) -> tuple[Item, ...]:
    """Give the items that were asked for, in their order."""
    return tuple(item for item in items if _is_on_page(item, asked) and _fits(item, asked))


def _is_on_page(item: Item, asked: Filter) -> bool:
    """Whether the item stands on the page that was asked for, before its own filters."""
    if asked.everything or asked.provision or item.listed:
        return True
    if item.status is None and (item.modality == "statement" or item.kind == "content"):
        return False
    if item.watch == INVENTORY and asked.watch not in {INVENTORY, ALL}:
        return False
    return item.group != CLOSED or CLOSED in asked.groups or item.status in asked.statuses


def _fits(item: Item, asked: Filter) -> bool:
    return (
        (not asked.provision or at_or_under(item.provision, asked.provision))
        and (not asked.statuses or item.status in asked.statuses)
        and (not asked.groups or item.group in asked.groups)
        and (not asked.bearer or asked.bearer in {*item.bearer, item.member})
        and (not asked.instrument or item.instrument == asked.instrument)
        and (asked.watch in {None, ALL} or item.watch == asked.watch)
        and (asked.looks_after is None or asked.looks_after(item))
    )
