"""Deliveries whose end was not the end of the matter: a mended address, and what holds again.

Works in the transaction of a planning, on what that planning wants to be told.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import insert, select, update

from duewatch.engine.ledger.tables import delivery, notice

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping


_AT_ONCE: Final = 5000  # keys in one statement


class Wanted(Protocol):
    """A notice that should exist."""

    @property
    def key(self) -> str:
        """Its key."""
        ...

    @property
    def address(self) -> str:
        """Where its person is to be reached now."""
        ...


def revive(
    connection: Connection,
    wanted: Mapping[str, Wanted],
    *,
    as_of: int,
    next_at: Callable[[Sequence[str]], int],
) -> int:
    """Give wanted notices another delivery where theirs ended, and close the dead that nobody waits for; count them.

    Given up, and the address was changed since: a new message to the new one. Dropped because it
    was no longer so, and it is so again: the same message once more. `next_at` gives the instant
    for a message of these notices.
    """
    revived = 0
    for row, keys in _ended(connection, wanted):
        held = [key for key in keys if key in wanted]
        if not held:
            _end(connection, row["key"])
            continue
        address, at = wanted[held[0]].address, next_at(held)
        if row["state"] == "obsolete":
            _again(connection, row["key"], address, as_of=as_of, next_at=at)
        elif address != row["address"]:
            _replace(connection, row, held, address, as_of=as_of, next_at=at)
        else:
            continue
        revived += 1
    return revived


def _ended(connection: Connection, wanted: Collection[str]) -> list[tuple[RowMapping, list[str]]]:
    """Give all dead deliveries, and the obsolete ones of wanted notices, with the notices that belong to them."""
    rows: dict[str, RowMapping] = {}
    keys: dict[str, list[str]] = defaultdict(list)
    query = (
        select(*(delivery.c[name] for name in ("key", "person", "channel", "address", "state")))
        .add_columns(notice.c.key.label("notice"))
        .join(notice, notice.c.delivery == delivery.c.key)
        .order_by(delivery.c.key, notice.c.key)
    )
    asked = [query.where(delivery.c.state == "dead")]
    names = sorted(wanted)
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        asked.append(query.where(delivery.c.state == "obsolete", notice.c.key.in_(some)))
    for each in asked:
        for row in connection.execute(each).mappings():
            rows[row["key"]] = row
            keys[row["key"]].append(row["notice"])
    return [(row, keys[key]) for key, row in rows.items()]


def _again(connection: Connection, key: str, address: str, *, as_of: int, next_at: int) -> None:
    values = {"state": "pending", "address": address, "as_of": as_of, "next_at": next_at}
    connection.execute(update(delivery).where(delivery.c.key == key).values(**values))


def _end(connection: Connection, key: str) -> None:
    connection.execute(update(delivery).where(delivery.c.key == key).values(state="obsolete"))


def _replace(  # noqa: PLR0913 - a delivery is all of these
    connection: Connection, row: RowMapping, notices: Sequence[str], address: str, *, as_of: int, next_at: int
) -> None:
    """Write another message with an id of its own: the old one may have been seen at the old address."""
    key = sha256(f"{row['key']}|{address}".encode()).hexdigest()[:32]
    values: dict[str, Any] = {
        "key": key,
        "person": row["person"],
        "channel": row["channel"],
        "address": address,
        "as_of": as_of,
        "state": "pending",
        "next_at": next_at,
        "attempts": 0,
    }
    connection.execute(insert(delivery).values(**values))
    connection.execute(update(notice).where(notice.c.key.in_(notices)).values(delivery=key))
    _end(connection, row["key"])
