"""Items of an answer, made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from duewatch.engine.judgement.asking import Item

A_DAY = "2021-09-30"
AnItem = Callable[..., Item]


def make(name: str = "report/1", **changes: Any) -> Item:
    """An item that is due on A_DAY, under one reading unless `days` gives others."""
    due = changes.pop("due", A_DAY)
    days = changes.pop("days", (due,))
    readings = {
        f"r{place}": {"status": "open", "due": day, "default": day == due, "standing": "arguable"}
        for place, day in enumerate(days)
    }
    fields: dict[str, Any] = {
        "instrument": "T/1 (2021)",
        "obligation": name.partition("/")[0],
        "occurrence": f"T/1 (2021)#{name}",
        "provision": "Art 1",
        "modality": "obligation",
        "verb": "requests",
        "strength": "requests",
        "kind": "achieve",
        "bearer": ["office"],
        "member": None,
        "counterparty": [],
        "action": "send a report",
        "watch": "own",
        "owner": None,
        "due": due,
        "status": "open",
        "group": "later",
        "says": "due on 30 September 2021",
        "rule": "open",
        "because": "",
        "days_until_due": None,
        "days_late": None,
        "contents": {"seen": 0, "missing": 0, "unchecked": 0, "of": 0},
        "discharged_on": None,
        "last_looked": None,
        "changed_on": None,
        "readings": readings,
        "place": 0,
        "listed": True,
    }
    return Item(**fields | changes)


@pytest.fixture
def an_item() -> AnItem:
    """Make an item of an answer."""
    return make
