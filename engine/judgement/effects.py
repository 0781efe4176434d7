"""What later instruments do to earlier ones: kept beside the norms of an encoding, and asked for in SQL.

Two voices speak of what becomes of a norm: the text of a later instrument (the table `effect`, part of the encoding,
known under every `as_known`) and, where the text is silent, a person who decided it (a fact of kind `carried`).
Whichever ends or moves it first, does. `leaves` changes nothing: it says that somebody looked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import and_, case, func, insert, or_, select

from duewatch.engine.encoding.joining import joined
from duewatch.engine.judgement.naming import full_obligation, local_id, split_occurrence, symbol_of
from duewatch.engine.judgement.wording import day_in_words
from duewatch.engine.ledger.days import to_day
from duewatch.engine.ledger.tables import effect, fact
from duewatch.engine.reckoning.clock import ClockFact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import CTE, ColumnElement, Connection, Row

    from duewatch.engine.encoding.joining import Joined
    from duewatch.engine.words import Instrument

KIND: Final = "carried"  # the facts by which a person decides
LEAVES: Final = "leaves"
SUPERSEDING: Final = ("ends", "moves-to")
_PARTING: Final = (*SUPERSEDING, LEAVES)
_ADDING: Final = "adds-item"
_BELOW: Final = 2**60  # what texts say stands before all that is recorded
_ROOM: Final = 2**20  # for the members of one bearer


# ------------------------------------------------------------------ writing and reading
def write_effects(connection: Connection, encoding: str, instruments: Sequence[Instrument]) -> None:
    """Write what the instruments do to each other. BadFile where one names what the other does not have."""
    rows: list[dict[str, object]] = []
    for one in joined(instruments):
        for target in one.obligations or (one.event,):
            rows.append({"encoding": encoding, "n": len(rows) + 1, **_row(one, target)})
    if rows:
        connection.execute(insert(effect), rows)


def _row(one: Joined, target: str) -> dict[str, object]:
    said = one.effect
    return {
        "instrument": one.later.symbol,
        "sort": said.sort,
        "target": full_obligation(said.earlier, target),
        "since": to_day(said.since),
        "moves_to": full_obligation(one.later.symbol, said.moves_to) if said.moves_to else "",
        "date": None if said.day is None else to_day(said.day),
        "item": said.item,
        "ordinal": said.ordinal,
        "how": said.how,
        "provision": said.provision,
        "note": "; ".join(filter(None, (said.says, said.why))),
    }


def moved_events(connection: Connection, encoding: str, symbol: str) -> list[ClockFact]:
    """The days to which later instruments move events of this one, as facts that were always known.

    Their numbers lie below those of the ledger, in the order of the files: of one day, what is recorded speaks last.
    """
    rows = (row for row in _moving(connection, encoding) if row.ordinal is None and symbol_of(row.target) == symbol)
    return [_as_fact(row, "event", local_id(row.target)) for row in rows]


def moved_dates(connection: Connection, encoding: str) -> dict[str, list[tuple[int, ClockFact]]]:
    """The due days and ends to which later instruments move norms, by obligation, each with the ordinal that it moves.

    Facts like those of `moved_events`, of nobody in particular: `of_each` makes them those of members.
    """
    found: dict[str, list[tuple[int, ClockFact]]] = {}
    for row in _moving(connection, encoding):
        if row.ordinal is not None:
            found.setdefault(row.target, []).append((row.ordinal, _as_fact(row, "extension", ("", row.ordinal))))
    return found


def of_each(texts: Iterable[tuple[int, ClockFact]], members: Sequence[str]) -> list[ClockFact]:
    """Give what moves dates of an obligation as a fact for each member that owes it, each with a number of its own."""
    return [
        replace(text, seq=text.seq + place, root=text.root + place, target=(member, ordinal))
        for ordinal, text in texts
        for place, member in enumerate(members)
    ]


def _moving(connection: Connection, encoding: str) -> Sequence[Row[tuple[object, ...]]]:
    """The effects that give something another day; of an event they name no ordinal."""
    query = select(effect).where(effect.c.encoding == encoding, effect.c.date.is_not(None)).order_by(effect.c.n)
    return connection.execute(query).all()


def _as_fact(
    row: Row[tuple[object, ...]], kind: Literal["event", "extension"], target: str | tuple[str, int]
) -> ClockFact:
    number = row.n * _ROOM - _BELOW
    return ClockFact(
        seq=number,
        root=number,
        kind=kind,
        target=target,
        effective=row.since,
        day=row.date,
        said=", ".join(filter(None, (row.instrument, row.provision))),
    )


def successors(connection: Connection, symbol: str) -> list[str]:
    """The entries of an instrument that go on with those of earlier ones, as people decided: their full names."""
    named = func.substr(fact.c.symbol, 1, len(symbol) + 1) == f"{symbol}#"
    return list(connection.scalars(select(fact.c.symbol).where(fact.c.kind == KIND, named).distinct()))


def added_items(connection: Connection, encoding: str, obligation: str, ordinal: int) -> dict[str, str]:
    """The items that later instruments add to a report, whether they ask for them yet or not, with who adds each."""
    fits = or_(effect.c.ordinal.is_(None), effect.c.ordinal == ordinal)
    here = and_(effect.c.encoding == encoding, effect.c.target == obligation, effect.c.sort == _ADDING, fits)
    rows = connection.execute(select(effect).where(here).order_by(effect.c.n))
    return {row.item: ", ".join(filter(None, (row.instrument, row.provision))) for row in rows}


# ------------------------------------------------------------------ for people
def told(connection: Connection, encoding: str, occurrence: str) -> tuple[str, ...]:
    """What each later instrument does to an occurrence, a line each; one that is silent about it leaves it."""
    obligation, _, ordinal = split_occurrence(occurrence)
    symbol = symbol_of(obligation)
    of_this_instrument = func.substr(effect.c.target, 1, len(symbol) + 1) == f"{symbol}#"
    query = select(effect).where(effect.c.encoding == encoding, of_this_instrument).order_by(effect.c.n)
    rows = list(connection.execute(query))
    own = [row for row in rows if row.target == obligation and row.ordinal in {None, ordinal}]
    spoken = {row.instrument for row in own}
    silent = dict.fromkeys(row.instrument for row in rows if row.sort in _PARTING and row.instrument not in spoken)
    return (
        *(_in_words(row) for row in own),
        *(f"{name} does not speak of it: it is left as it was" for name in silent),
    )


def taken_over(connection: Connection, encoding: str, obligation: str) -> tuple[str, ...]:
    """What an obligation goes on with: the entries of earlier instruments that move to it."""
    here = and_(effect.c.encoding == encoding, effect.c.moves_to == obligation)
    rows = connection.execute(select(effect).where(here).order_by(effect.c.n))
    return tuple(f"{row.target}, from {day_in_words(row.since)} on" for row in rows)


def said_by(connection: Connection, encoding: str, later: str) -> dict[str, str]:
    """What the text of a later instrument says of obligations of earlier ones: that it ends, moves or leaves them."""
    here = and_(effect.c.encoding == encoding, effect.c.instrument == later, effect.c.sort.in_(_PARTING))
    return {row.target: _in_words(row) for row in connection.execute(select(effect).where(here).order_by(effect.c.n))}


def _in_words(row: Row[tuple[object, ...]]) -> str:
    where = ", ".join(filter(None, (row.instrument, row.provision)))
    since = f"from {day_in_words(row.since)} on"
    what = {
        "ends": f"ends it {since}, save for what fell due before",
        "moves-to": f"moves it to {row.moves_to} {since}, save for what fell due before",
        "leaves": "leaves it as it was",
        "amends": f"amends it {since}" if row.date is None else f"moves its day to {day_in_words(row.date)} {since}",
        "adds-item": f"adds the item {row.item} to {_which(row.ordinal)} {since}",
        "refers": f"refers to it{_as_it(row.how)}",
    }
    return f"{where} {what[row.sort]}" + (f": {row.note}" if row.note else "")


def _which(ordinal: int | None) -> str:
    return "each report that falls due" if ordinal is None else f"report {ordinal}"


def _as_it(how: str) -> str:
    return {"static": " as it stood then", "dynamic": " as it stands at any time"}.get(how, "")


# ------------------------------------------------------------------ as SQL
def spoken_of(dated: CTE, encoding: ColumnElement[str]) -> CTE:
    """For each occurrence and reading that a later instrument speaks of: since when, how many items more, what next.

    superseded_on: the first day on which a text ended or moved it, null before that day. added: the items that later
    instruments ask for in this very report.
    """
    comes = effect.c.since <= dated.c.day
    adds = and_(
        effect.c.sort == _ADDING,
        comes,
        case(
            (effect.c.ordinal.is_not(None), effect.c.ordinal == dated.c.ordinal),
            else_=or_(dated.c.due.is_(None), dated.c.due >= effect.c.since),
        ),
    )
    here = and_(effect.c.target == dated.c.obligation, effect.c.encoding == encoding)
    return (
        select(
            dated.c.occurrence,
            dated.c.reading,
            func.min(case((and_(comes, effect.c.sort.in_(SUPERSEDING)), effect.c.since))).label("superseded_on"),
            func.count(case((adds, effect.c.item)).distinct()).label("added"),
            func.min(case((effect.c.since > dated.c.day, effect.c.since))).label("next_day"),
        )
        .join(effect, here)
        .group_by(dated.c.occurrence, dated.c.reading)
        .cte("spoken_of")
    )
