"""How things are named in full, and how people may shorten the names.

    obligation   X/12 (2001)#a61.quarterly-report
    occurrence   X/12 (2001)#a61.quarterly-report/1
                 X/12 (2001)#a54.2.release@a-group/1      where each of several bearers owes it
    event        X/12 (2001)#term.end
                 sessions#a-body/81.end                   an end of a session, shared by all instruments

The part before `#` may be left out where one instrument alone has the rest, and `/1` where an
obligation has one occurrence alone.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from duewatch.engine.ledger.tables import instrument, obligation, occurrence, renamed, variant
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection

    from duewatch.engine.words import Instrument

SESSIONS: Final = "sessions"  # stands for the instrument of what many instruments share
_MOST_LISTED: Final = 8  # names in one message
_MEMBER: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")


def full_obligation(symbol: str, local: str) -> str:
    """Name an obligation, or an event, in full."""
    return f"{symbol}#{local}"


def full_occurrence(name: str, member: str, ordinal: int) -> str:
    """Name an occurrence of the obligation `name`."""
    who = f"@{member}" if member else ""
    return f"{name}{who}/{ordinal}"


def local_id(name: str) -> str:
    """Give the part after `#`; a name without one is local already."""
    return name.partition("#")[2] or name


def typed_name(name: str, names: Iterable[str]) -> str:
    """Give the shortest form of a name that the command line takes: in full where another instrument has it too.

    `names` are the obligations, or occurrences, among which it must be found.
    """
    return typed_names(names)(name)


def typed_names(names: Iterable[str]) -> Callable[[str], str]:
    """Give what `typed_name` does, for many names at the price of one look at all of them."""
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for one in names:
        homes[split_occurrence(local_id(one))[0]].add(symbol_of(one))

    def shortest(name: str) -> str:
        local = local_id(name)
        return name if homes.get(split_occurrence(local)[0], set()) - {symbol_of(name)} else local

    return shortest


def obligations_of(connection: Connection, encoding: str) -> list[str]:
    """Every obligation of an encoding by its full name, in the order of the files."""
    query = select(obligation.c.obligation).where(obligation.c.encoding == encoding)
    return list(connection.scalars(query.order_by(obligation.c.place)))


def symbol_of(name: str) -> str:
    """Give the instrument of a full name."""
    return name.partition("#")[0]


def split_occurrence(name: str) -> tuple[str, str, int]:
    """Split into obligation, member ("" for none) and ordinal (0 where the name has none)."""
    symbol, mark, local = name.rpartition("#")
    local, slash, tail = local.rpartition("/") if "/" in local else (local, "", "")
    ordinal = int(tail) if slash and tail.isdecimal() else 0
    if slash and not ordinal:
        local = f"{local}/{tail}"
    local, _, member = local.partition("@")
    return f"{symbol}{mark}{local}", member, ordinal


def find_obligation(connection: Connection, encoding: str, typed: str) -> str:
    """Give the full name of the obligation that was typed. BadInput, with a suggestion, unless it is exactly one.

    A name that it had before will do.
    """
    names = obligations_of(connection, encoding)
    if not any(typed in {name, local_id(name)} for name in names):
        before = select(renamed.c.former, renamed.c.obligation).where(renamed.c.encoding == encoding)
        former = {row.former: row.obligation for row in connection.execute(before)}
        now = {new for old, new in former.items() if typed in {old, local_id(old)}}
        if len(now) == 1:
            return str(now.pop())
    return _one_of(typed, names, "obligation")


def find_occurrence(connection: Connection, encoding: str, typed: str) -> str:
    """Give the full name of the occurrence that was typed; `/1` may be left out where there is one only."""
    owner, member, ordinal = split_occurrence(typed)
    name = find_obligation(connection, encoding, owner)
    query = (
        select(occurrence).where(occurrence.c.obligation == name).order_by(occurrence.c.ordinal, occurrence.c.member)
    )
    rows = list(connection.execute(query))
    fitting = [row for row in rows if row.member == member and ordinal in {0, row.ordinal}]
    if len(fitting) == 1:
        return str(fitting[0].occurrence)
    if fitting:
        which = _listed(local_id(row.occurrence) for row in fitting)
        raise BadInput(f"`{typed}` has {len(fitting)} occurrences; say which: {which}")
    if rows:
        raise BadInput(f"`{typed}` is no occurrence; there are {_listed(local_id(row.occurrence) for row in rows)}")
    raise BadInput(f"`{typed}` has no occurrences{_why_none(connection, encoding, name)}")


def _why_none(connection: Connection, encoding: str, name: str) -> str:
    query = select(variant.c.kind, variant.c.modality).where(
        variant.c.encoding == encoding, variant.c.obligation == name
    )
    row = connection.execute(query.where(variant.c.is_default == 1)).first()
    if row is not None and (row.modality == "statement" or row.kind == "content"):
        return ": it binds nobody by itself"
    return f"; name a member of its bearer: {local_id(name)}@MEMBER"


def find_event(typed: str, known: Mapping[str, Iterable[str]]) -> str:
    """Give the full name of the event or end of a period that was typed; `known` lists them by instrument."""
    names = [full_obligation(symbol, name) for symbol, events in known.items() for name in events]
    return _one_of(typed, names, "event")


def may_join(one: Instrument, local: str, member: str) -> bool:
    """Whether `member` may be named as one of those who each owe an obligation: its class of bearers is open."""
    if not _MEMBER.fullmatch(member):
        raise BadInput(f"`{member}` is no name of a member; write small letters, digits and hyphens")
    norm = next(entry.norms[0] for entry in one.obligations if entry.id == local)
    parties = [one.parties[party] for party in norm.bearer.parties]
    return norm.bearer.how == "each" and any(party.open for party in parties)


def rolling_obligations(connection: Connection, encoding: str, symbol: str) -> list[str]:
    """Obligations with a reading that counts from the previous delivery: local ids."""
    query = select(instrument.c.body).where(instrument.c.encoding == encoding, instrument.c.symbol == symbol)
    body = connection.scalar(query)
    return [] if body is None else list(body["rolling"])


def instruments_of(connection: Connection, encoding: str) -> list[str]:
    """The instruments of an encoding, in the order of their files."""
    query = select(instrument.c.symbol).where(instrument.c.encoding == encoding).order_by(instrument.c.place)
    return list(connection.scalars(query))


def _one_of(typed: str, names: Iterable[str], what: str) -> str:
    everything = list(names)
    fitting = [name for name in everything if typed in {name, local_id(name)}]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise BadInput(f"`{typed}` is an {what} of several instruments; write one of {_listed(fitting)}")
    near = difflib.get_close_matches(local_id(typed), [local_id(name) for name in everything], n=3)
    hint = f"; did you mean {_listed(near)}?" if near else ""
    is_known_there = any(symbol_of(name) == symbol_of(typed) for name in everything)
    raise BadInput(f"there is no {what} `{local_id(typed) if is_known_there else typed}`{hint}")


def _listed(names: Iterable[str]) -> str:
    everything = list(names)
    rest = len(everything) - _MOST_LISTED
    return ", ".join(everything[:_MOST_LISTED]) + (f" and {rest} more" if rest > 0 else "")
