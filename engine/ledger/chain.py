"""The hash chain: each entry holds the hash of the one before it, so that no change goes unseen.

The hash of an entry is the SHA-256 of its canonical JSON: every column but `hash` that is not
null, its items, keys sorted, ASCII only. (Nulls are left out so that a column added by a later
migration leaves old hashes as they are.) Whoever can write the file can write a new chain as
well: only a `Head` noted elsewhere proves that the end was not cut off or the whole rewritten.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from duewatch.engine.ledger.tables import fact, fact_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, RowMapping

GENESIS: Final = "0" * 64  # what the first entry names as the one before it
_LOCK: Final = 2584  # any number that no other advisory lock of ours has
_BATCH: Final = 1000  # entries held in memory while verifying


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a ledger: its number (0 for an empty one) and its hash."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """An entry that cannot be trusted, and why; the number may be that of an entry that is gone."""

    seq: int
    why: str


def digest(columns: Mapping[str, object], items: Mapping[str, str]) -> str:
    """Give the hash of an entry from its columns (`hash` itself is ignored) and its items."""
    content: dict[str, object] = {name: value for name, value in columns.items() if value is not None}
    content.pop("hash", None)
    content["items"] = dict(items)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def hold(connection: Connection) -> None:
    """Let nobody else append or migrate until this transaction ends; on SQLite writing alone sees to that."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def head(connection: Connection) -> Head:
    """Give the last entry, to be noted elsewhere and handed to `verify` one day."""
    last = connection.execute(select(fact.c.seq, fact.c.hash).order_by(fact.c.seq.desc()).limit(1)).first()
    return Head(last.seq, last.hash) if last else Head(0, GENESIS)


def verify(connection: Connection, expected_head: Head | None = None) -> list[Broken]:
    """List the entries that were altered, taken out or slipped in, by number; empty for an intact ledger.

    With an earlier `expected_head`, also what was cut off or rewritten up to it.
    """
    broken = [*_orphaned_items(connection), *_below_the_first(connection)]
    before = _Entry.start()
    expected = expected_head if expected_head and expected_head.seq else None
    for entry in _entries(connection):
        broken += entry.flaws()
        broken += entry.flaws_after(before)
        if expected and entry.seq == expected.seq and entry.hash != expected.hash:
            broken.append(Broken(entry.seq, "is not the entry that the expected head names: it was rewritten"))
        before = entry
    if expected and before.seq < expected.seq:
        broken.append(_missing(before.seq + 1, expected.seq))
    return sorted(broken)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What verifying needs of one entry."""

    seq: int
    hash: str
    prev_hash: str
    recorded_at: int
    computed: str  # the hash that its content gives
    without_items: str  # the hash if it had no items

    @classmethod
    def start(cls) -> _Entry:
        """Give what stands before the first entry."""
        return cls(0, GENESIS, "", 0, GENESIS, GENESIS)

    @property
    def intact(self) -> bool:
        return self.hash == self.computed

    def flaws(self) -> Iterator[Broken]:
        """Compare the entry with its own hash."""
        if self.intact:
            return
        if self.hash == self.without_items:
            yield Broken(self.seq, "was altered: items were added to it")
        else:
            yield Broken(self.seq, "was altered: its columns and items do not give its hash")

    def flaws_after(self, before: _Entry) -> Iterator[Broken]:
        """Compare the entry with the one before it."""
        both_intact = self.intact and before.intact
        if self.seq > before.seq + 1:
            yield _missing(before.seq + 1, self.seq - 1)
        elif both_intact and self.prev_hash != before.hash:
            yield self._unlinked(before)
        if both_intact and before.seq and self.recorded_at < before.recorded_at:
            yield Broken(self.seq, f"was inserted: it is recorded earlier than entry {before.seq}")

    def _unlinked(self, before: _Entry) -> Broken:
        if before.seq == 0:
            return Broken(self.seq, "was altered: the first entry follows another one")
        if self.prev_hash == before.prev_hash:
            return Broken(before.seq, f"was inserted: entry {self.seq} follows the entry before it")
        return Broken(before.seq, f"was altered and given a new hash: entry {self.seq} follows the old one")


def _missing(first: int, last: int) -> Broken:
    if first == last:
        return Broken(first, "is missing")
    return Broken(first, f"is missing, like all up to entry {last}")


def _entries(connection: Connection) -> Iterator[_Entry]:
    """Read the ledger once, in order, each entry with its items."""
    joined = (
        select(fact, fact_item.c.item.label("item_"), fact_item.c.state.label("state_"))
        .outerjoin(fact_item, fact_item.c.seq == fact.c.seq)
        .where(fact.c.seq > 0)
        .order_by(fact.c.seq)
        .execution_options(yield_per=_BATCH)
    )
    for _, group in groupby(connection.execute(joined).mappings(), key=lambda row: row["seq"]):
        yield _entry(list(group))


def _entry(group: list[RowMapping]) -> _Entry:
    columns: dict[str, Any] = {column.name: group[0][column] for column in fact.c}
    items = {row["item_"]: row["state_"] for row in group if row["item_"] is not None}
    return _Entry(
        seq=columns["seq"],
        hash=columns["hash"],
        prev_hash=columns["prev_hash"],
        recorded_at=columns["recorded_at"],
        computed=digest(columns, items),
        without_items=digest(columns, {}) if items else "",
    )


def _orphaned_items(connection: Connection) -> Iterator[Broken]:
    """Find items of entries that do not exist."""
    orphans = select(fact_item.c.seq).distinct().where(fact_item.c.seq.not_in(select(fact.c.seq)))
    for seq in connection.scalars(orphans):
        yield Broken(seq, "has items, but is not in the ledger")


def _below_the_first(connection: Connection) -> Iterator[Broken]:
    for seq in connection.scalars(select(fact.c.seq).where(fact.c.seq <= 0)):
        yield Broken(seq, "was inserted: entries count from 1")
