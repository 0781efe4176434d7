"""Facts: appended, corrected and retracted by complete new versions, never changed.

Everything here works in the caller's transaction, and no function reads a clock. What a fact
means, and whether it may be recorded at all, is judged elsewhere; the ledger only sees to it
that what it keeps is whole, typed and chained.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from sqlalchemy import insert, or_, select

from duewatch.engine.ledger import chain
from duewatch.engine.ledger.days import from_day, instant, to_day
from duewatch.engine.ledger.quantities import fits, parse_quantity
from duewatch.engine.ledger.tables import ALL_KNOWLEDGE, NO_KNOWLEDGE, fact, fact_item
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

FactKind = Literal[
    "document",
    "judgement",
    "event",
    "measure",
    "looked",
    "announced",
    "not_done",
    "review",
    "waiver",
    "extension",
    "suspension",
    "resumption",
    "ruling",
    "carried",
]
ItemState = Literal["seen", "missing"]

_KINDS: Final = get_args(FactKind)
_STATES: Final = get_args(ItemState)
_MARKS: Final = ("finding", "per", "symbol", "form", "granted_by", "known_since")
_TEXTS: Final = ("kind", "instrument", "recorded_by", "target", "member", "value", "note", "evidence", *_MARKS)
_LONGEST_LINE: Final = 500  # characters of what lists show on one line
_DAYS: Final = ("effective", "date", "dated", "transmitted", "issued", "received")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody states, before the ledger numbers it. The fields are the columns of `fact`."""

    kind: FactKind
    instrument: str
    recorded_by: str
    target: str = ""  # occurrence, obligation or event in full; "" for a document
    member: str = ""
    document: int | None = None  # the first number of the document that a judgement is about
    effective: dt.date | None = None
    finding: str | None = None
    value: str | None = None  # as typed: what `parse_quantity` reads
    of: Fraction | None = None
    per: str | None = None
    date: dt.date | None = None
    at: dt.datetime | None = None  # of an event: its instant, where the clock time is known; whole seconds, UTC
    dated: dt.date | None = None
    transmitted: dt.date | None = None
    issued: dt.date | None = None
    received: dt.date | None = None
    symbol: str | None = None
    form: str | None = None
    granted_by: str | None = None
    known_since: str | None = None
    note: str = ""  # why
    evidence: str = ""
    items: Mapping[str, ItemState] = field(default_factory=dict)  # contents of a document; unchecked ones are left out

    @property
    def quantity(self) -> Fraction | None:
        """The value as an exact number; BadInput where what was typed is none."""
        return None if self.value is None else parse_quantity(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger: a draft with its number, its time and its place in the chain."""

    seq: int
    root: int  # number of the first version; its own where it is the first
    gone: bool  # this version retracts
    recorded_at: dt.datetime  # UTC, whole seconds; never earlier than that of the entry before
    os_user: str
    draft: Draft
    prev_hash: str
    hash: str


# ------------------------------------------------------------------ writing
def append(connection: Connection, draft: Draft, *, now: dt.datetime, os_user: str) -> int:
    """Write a new fact and give its number; `now` is aware. BadInput where the draft is not whole."""
    return append_all(connection, [draft], now=now, os_user=os_user)[0]


def append_all(connection: Connection, drafts: Sequence[Draft], *, now: dt.datetime, os_user: str) -> list[int]:
    """Write new facts one after the other, as `append` does, in as many statements as for one; give their numbers."""
    for draft in drafts:
        _check(draft)
    chain.hold(connection)
    for draft in drafts:
        _check_document(connection, draft)
    versions = [(_columns(draft), draft.items) for draft in drafts]
    return _write_all(connection, versions, now=now, os_user=os_user)


def correct(connection: Connection, number: int, draft: Draft, *, now: dt.datetime, os_user: str) -> int:
    """Write a complete new version of the fact that `number` is any version of, and give the version's number.

    Mostly `replace(newest(connection, number).draft, recorded_by=..., note=..., value=...)`.
    BadInput for an unknown number, for a retracted fact, for another kind, without a note, and
    where nothing but the note and the recorder would change.
    """
    _check(draft)
    chain.hold(connection)
    old = _standing(connection, number)
    if not draft.note.strip():
        raise BadInput(f"fact {number} is corrected without a reason; say why")
    if draft.kind != old.draft.kind:
        raise BadInput(f"fact {number} is a {old.draft.kind}, and stays one; retract it and record a {draft.kind}")
    if replace(draft, recorded_by=old.draft.recorded_by, note=old.draft.note) == old.draft:
        raise BadInput(f"fact {number} says all this already; say what was wrong in it")
    if draft.document != old.draft.document:
        _check_document(connection, draft)
    return _write(connection, _columns(draft) | {"root": old.root}, draft.items, now=now, os_user=os_user)


def retract(  # noqa: PLR0913 - who, why, when and by which hand are four things
    connection: Connection, number: int, *, why: str, by: str, now: dt.datetime, os_user: str
) -> int:
    """Take back the fact that `number` is any version of, and give the retraction's number.

    BadInput for an unknown number, for a retracted fact, and without a reason.
    """
    chain.hold(connection)
    old = _standing(connection, number)
    if not why.strip():
        raise BadInput(f"fact {number} is retracted without a reason; say why")
    draft = replace(old.draft, recorded_by=by, note=why)
    _check(draft)
    return _write(connection, _columns(draft) | {"root": old.root, "gone": 1}, draft.items, now=now, os_user=os_user)


def _write(
    connection: Connection, columns: Mapping[str, object], items: Mapping[str, str], *, now: dt.datetime, os_user: str
) -> int:
    """Number, date and chain a version."""
    return _write_all(connection, [(columns, items)], now=now, os_user=os_user)[0]


def _write_all(
    connection: Connection,
    versions: Sequence[tuple[Mapping[str, object], Mapping[str, str]]],
    *,
    now: dt.datetime,
    os_user: str,
) -> list[int]:
    """Number, date and chain versions. Time never goes back, so that ledger order is knowledge order."""
    _check_text("os-user", os_user)
    newest_first = select(fact.c.seq, fact.c.hash, fact.c.recorded_at).order_by(fact.c.seq.desc())
    last = connection.execute(newest_first.limit(1)).first()
    seq, before, at = (last.seq, last.hash, last.recorded_at) if last else (0, chain.GENESIS, instant(now))
    rows: list[dict[str, object]] = []
    listed: list[dict[str, object]] = []
    for columns, items in versions:
        seq += 1
        row = {"root": seq, "gone": 0} | dict(columns)
        row |= {"seq": seq, "recorded_at": max(at, instant(now)), "os_user": os_user, "prev_hash": before}
        before = chain.digest(row, items)
        rows.append(row | {"hash": before})
        listed += [{"seq": seq, "item": item, "state": state} for item, state in items.items()]
    if rows:
        connection.execute(insert(fact), rows)
    if listed:
        connection.execute(insert(fact_item), listed)
    return [seq - len(rows) + n for n in range(1, len(rows) + 1)]


# ------------------------------------------------------------------ reading
def newest(connection: Connection, number: int) -> Entry:
    """Give the newest version of the fact that `number` is any version of. BadInput where there is no such number."""
    within = NO_KNOWLEDGE < number < ALL_KNOWLEDGE
    root = connection.scalar(select(fact.c.root).where(fact.c.seq == number)) if within else None
    if root is None:
        raise BadInput(f"there is no fact {number}; `duewatch ledger` lists them")
    return rows(connection, root=root)[-1]


def rows(
    connection: Connection,
    *,
    target: str | None = None,
    kind: str | None = None,
    instrument: str | None = None,
    root: int | None = None,
) -> list[Entry]:
    """List entries, all versions, in ledger order; no filter, all of them.

    An obligation as the target brings its occurrences with it, those of its members too.
    """
    wanted = [
        column == value
        for column, value in ((fact.c.kind, kind), (fact.c.instrument, instrument), (fact.c.root, root))
        if value is not None
    ]
    if target is not None:
        below = (fact.c.target.startswith(f"{target}{mark}", autoescape=True) for mark in "/@")
        wanted.append(or_(fact.c.target == target, *below))
    items: dict[int, dict[str, ItemState]] = defaultdict(dict)
    of_them = select(fact_item).where(fact_item.c.seq.in_(select(fact.c.seq).where(*wanted)))
    for seq, item, state in connection.execute(of_them):
        items[seq][item] = state
    found = connection.execute(select(fact).where(*wanted).order_by(fact.c.seq)).mappings()
    return [_entry(row, items.get(row["seq"], {})) for row in found]


def known(connection: Connection, as_known: int | None) -> int:
    """Give the number of the last entry recorded at or before an instant; of the very last one for None; 0 for none."""
    last = select(fact.c.seq).order_by(fact.c.seq.desc()).limit(1)
    if as_known is not None:
        last = last.where(fact.c.recorded_at <= as_known)
    return connection.scalar(last) or NO_KNOWLEDGE


def _standing(connection: Connection, number: int) -> Entry:
    """Give the newest version of a fact that still stands."""
    entry = newest(connection, number)
    if entry.gone:
        raise BadInput(f"fact {number} was retracted by fact {entry.seq}; record it anew")
    return entry


# ------------------------------------------------------------------ the door
def _check(draft: Draft) -> None:
    """Refuse what no database of ours could keep, or nobody could read."""
    if draft.kind not in _KINDS:
        raise BadInput(f"`{draft.kind}` is no kind of fact; the kinds are {', '.join(_KINDS)}")
    if not draft.recorded_by.strip():
        raise BadInput("nobody is named as recording this; say who")
    for name in _TEXTS:
        text = getattr(draft, name) or ""
        _check_text(name.replace("_", "-"), text)
        if name != "note":
            _check_line(name.replace("_", "-"), text)
    for item, state in draft.items.items():
        _check_text("item", item)
        if state not in _STATES:
            raise BadInput(f"item `{item}` is said to be `{state}`; an item is seen or missing")
    if draft.of is not None and (draft.of <= 0 or not fits(draft.of)):
        raise BadInput(f"`{draft.of}` cannot be the whole of which a part is measured; write a number above 0")


def _check_text(name: str, text: str) -> None:
    """Refuse characters that are no text: control characters but for new lines and tabs, halves of pairs."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
            raise BadInput(f"{name} holds the character U+{ord(character):04X}, which is no text; leave it out")


def _check_line(name: str, text: str) -> None:
    """Refuse what would not stand on one line of a list: only the reason may have several."""
    if len(text.splitlines()) > 1 or "\t" in text or "\n" in text:
        raise BadInput(f"{name} has more than one line; write it on one, and the rest in the reason")
    if len(text) > _LONGEST_LINE:
        raise BadInput(f"{name} has {len(text)} characters; {_LONGEST_LINE} are the most")


def _check_document(connection: Connection, draft: Draft) -> None:
    """See that the document that a fact is about is one, and stands."""
    if draft.document is None:
        return
    document = _standing(connection, draft.document)
    if document.draft.kind != "document":
        raise BadInput(f"fact {draft.document} is a {document.draft.kind}, no document; name the document's number")
    if document.root != draft.document:
        raise BadInput(f"fact {draft.document} is a correction; name the document by its first number, {document.root}")


# ------------------------------------------------------------------ to and from the columns
def _columns(draft: Draft) -> dict[str, object]:
    columns: dict[str, object] = {name: getattr(draft, name) for name in (*_TEXTS, "document")}
    for name in _DAYS:
        day = getattr(draft, name)
        columns[name] = None if day is None else to_day(day)
    columns["at"] = None if draft.at is None else instant(draft.at)
    for name, quantity in (("value", draft.quantity), ("of", draft.of)):
        columns[f"{name}_numerator"] = None if quantity is None else quantity.numerator
        columns[f"{name}_denominator"] = None if quantity is None else quantity.denominator
    return columns


def _entry(row: RowMapping, items: Mapping[str, ItemState]) -> Entry:
    said: dict[str, Any] = {name: row[name] for name in (*_TEXTS, "document")}
    for name in _DAYS:
        said[name] = None if row[name] is None else from_day(row[name])
    if row["at"] is not None:
        said["at"] = dt.datetime.fromtimestamp(row["at"], dt.UTC)
    if row["of_numerator"] is not None:
        said["of"] = Fraction(row["of_numerator"], row["of_denominator"])
    return Entry(
        seq=row["seq"],
        root=row["root"],
        gone=bool(row["gone"]),
        recorded_at=dt.datetime.fromtimestamp(row["recorded_at"], dt.UTC),
        os_user=row["os_user"],
        draft=Draft(**said, items=items),
        prev_hash=row["prev_hash"],
        hash=row["hash"],
    )
