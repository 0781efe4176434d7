"""Former names: an obligation that is called otherwise now keeps its facts, its history and what was said of it.

The ledger is never rewritten. Facts and transitions keep the name under which they were written; who reads them under
an encoding takes each former name for the present one. What is not append-only (where the clock stands, the alerts)
is carried over when the encoding is adopted. Earlier encodings read the new names as theirs in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, func, select, update

from duewatch.engine.judgement.naming import full_obligation, local_id, split_occurrence
from duewatch.engine.ledger.database import insert_new
from duewatch.engine.ledger.tables import alert, fact, notice, obligation, renamed, state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, Select

    from duewatch.engine.words import Instrument

NOT_ABOUT_OBLIGATIONS: Final = ("event", "document", "ruling")  # kinds of fact that name something else, or nothing


# ------------------------------------------------------------------ reading
def present_names(connection: Connection, encoding: str) -> dict[str, str]:
    """Give the former names of obligations, in full, each with the one that the encoding has for it."""
    query = select(renamed.c.former, renamed.c.obligation).where(renamed.c.encoding == encoding)
    return {row.former: row.obligation for row in connection.execute(query)}


def present(name: str, names: Mapping[str, str]) -> str:
    """Give an obligation or occurrence under its present name."""
    owner = split_occurrence(name)[0]
    return names[owner] + name[len(owner) :] if owner in names else name


def all_names(connection: Connection, encoding: str, name: str) -> tuple[str, ...]:
    """Give every name under which an obligation or occurrence was written of: the present one first."""
    owner = split_occurrence(name)[0]
    former = [old for old, new in present_names(connection, encoding).items() if new == owner]
    return (name, *(old + name[len(owner) :] for old in former))


def ever_called(connection: Connection, typed: str) -> tuple[str, ...]:
    """Give what was typed, and each other name that the obligation or occurrence ever had, in any adopted encoding.

    A name may be typed in full or without its instrument; a name that nothing ever had comes back alone.
    """
    owner = split_occurrence(typed)[0]
    tail = typed[len(owner) :]
    pairs = {(row.former, row.obligation) for row in connection.execute(select(renamed.c.former, renamed.c.obligation))}
    known = {name for pair in pairs for name in pair if owner in {name, local_id(name)}}
    while more := {name for pair in pairs if known & {*pair} for name in pair} - known:
        known |= more
    return (typed, *(f"{name}{tail}" for name in sorted(known)))


def facts_as_named(encoding: ColumnElement[str] | str) -> Select[tuple[object, ...]]:
    """Every entry of the ledger, with the obligation that it is about under the name that `encoding` has for it."""
    rest = func.substr(fact.c.target, func.length(renamed.c.former) + 1)
    is_it = and_(
        renamed.c.encoding == encoding,
        func.substr(fact.c.target, 1, func.length(renamed.c.former)) == renamed.c.former,
        func.substr(rest, 1, 1).in_(("", "/", "@")),
        fact.c.kind.not_in(NOT_ABOUT_OBLIGATIONS),
    )
    target = case((renamed.c.former.is_not(None), renamed.c.obligation + rest), else_=fact.c.target)
    others = (column for column in fact.c if column.name != "target")
    return select(*others, target.label("target")).select_from(fact.outerjoin(renamed, is_it))


# ------------------------------------------------------------------ adopting
def write_former_names(connection: Connection, encoding: str, instruments: Iterable[Instrument]) -> None:
    """Write the former names of an encoding, and for the encodings before it the new names as theirs."""
    pairs = [
        (full_obligation(one.symbol, former), full_obligation(one.symbol, entry.id))
        for one in instruments
        for entry in one.obligations
        for former in entry.formerly
    ]
    rows = [{"encoding": encoding, "former": old, "obligation": new} for old, new in pairs]
    known = select(obligation.c.encoding).where(obligation.c.encoding != encoding)
    for old, new in pairs:
        with_old, with_new = (
            set(connection.scalars(known.where(obligation.c.obligation == one))) for one in (old, new)
        )
        rows += [{"encoding": one, "former": new, "obligation": old} for one in sorted(with_old - with_new)]
    if rows:
        connection.execute(insert_new(connection, renamed), rows)


def carry_over(connection: Connection, encoding: str) -> None:
    """Let what the clock concluded and the alerts that were raised go on under the present names."""
    former = present_names(connection, encoding)
    for table in (state, alert, notice) if former else ():
        held = set(connection.scalars(select(table.c.occurrence).distinct()))
        renamings = {one: present(one, former) for one in sorted(held)}
        for one, now in renamings.items():
            if now not in held:
                connection.execute(update(table).where(table.c.occurrence == one).values(occurrence=now))
