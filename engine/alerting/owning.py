"""Whose an item is: by the encoding's own word (`owner`), or by who is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duewatch.engine.alerting.routing import route
from duewatch.engine.alerting.words import Raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.encoding.contacts import Contacts
    from duewatch.engine.judgement.asking import Item


def looks_after(person: str, contacts: Contacts) -> Callable[[Item], bool]:
    """Give the test whether an item is looked after by `person`: its owner, or who would hear of its alerts."""

    def is_theirs(item: Item) -> bool:
        told = {one.person for one in route(_as_raised(item), contacts.responsible)}
        return person == item.owner or person in told

    return is_theirs


def _as_raised(item: Item) -> Raised:
    """Give the item as a raised occurrence of no stage: routing looks at what it is about alone."""
    return Raised(
        occurrence=item.occurrence or "",
        obligation=item.obligation,
        instrument=item.instrument,
        provision=item.provision,
        bearers=(item.member,) if item.member else tuple(item.bearer),
        topics=item.topics,
        stage="",
        older_stages=(),
        base_day=0,
        day=0,
        due_at=None,
        status=item.status or "",
    )
