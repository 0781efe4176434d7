"""Datings kept in the database: a cache of what the reckoning room computes.

Calendar arithmetic happens only when an encoding is adopted, when a fact that moves a clock is
recorded, or when a question looks beyond the horizon of the endless series. The rows of one
obligation are always rebuilt whole, in the caller's transaction; a test rebuilds all and compares.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import bindparam, delete, func, insert, select

from duewatch.engine.judgement.effects import moved_dates, moved_events, of_each
from duewatch.engine.judgement.naming import SESSIONS, full_obligation, full_occurrence, local_id, split_occurrence
from duewatch.engine.judgement.renaming import NOT_ABOUT_OBLIGATIONS, present, present_names
from duewatch.engine.ledger.days import to_day
from duewatch.engine.ledger.tables import dating, fact, occurrence
from duewatch.engine.reckoning.clock import ClockFact
from duewatch.engine.reckoning.datings import datings_of, leading
from duewatch.engine.reckoning.library import shipped
from duewatch.engine.reckoning.members import members_of
from duewatch.engine.reckoning.names import is_rolling, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from sqlalchemy import Connection

    from duewatch.engine.reckoning.datings import Dating
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Instrument, Obligation

_Row = Any  # a row of the ledger, or a clock fact: a version, with its number and that of the first one

_MOVING: Final = ("extension", "suspension", "resumption")  # facts on the date of one occurrence
_CLOCK_KINDS: Final = ("event", *_MOVING, "judgement", "document")
_DAYS: Final = ("dated", "transmitted", "issued", "received")


def redate(  # noqa: PLR0913 - what datings hang on, by name
    connection: Connection,
    encoding: str,
    instrument: Instrument,
    obligations: Iterable[Obligation],
    *,
    horizon: date,
    library: Library | None = None,
) -> None:
    """Rebuild the datings of some obligations of an instrument under one encoding, and create new occurrences."""
    chosen = [one for one in obligations if has_occurrences(one)]
    counting = library or shipped()
    names = [full_obligation(instrument.symbol, one.id) for one in chosen]
    former = present_names(connection, encoding)
    facts = _clock_rows(connection, instrument.symbol, former)
    members = _recorded_members(connection, former)
    since = _named_since(connection, instrument.symbol, former)
    events = moved_events(connection, encoding, instrument.symbol)
    events += [_moves(row, "event", local_id(row.target)) for row in facts if row.kind == "event"]
    on_events = _by_name(events, lambda fact: str(fact.target))
    others = [row for row in facts if row.kind != "event"]
    amended = moved_dates(connection, encoding)
    papers = [row for row in others if row.kind == "document"]
    about = _by_name((row for row in others if row.kind != "document"), lambda row: split_occurrence(row.target)[0])
    rows: list[dict[str, object]] = []
    for one, name in zip(chosen, names, strict=True):
        bearer = (leading(one) or one.norms[0]).bearer
        who = members_of(bearer, instrument.parties, members[name])
        declared = members_of(bearer, instrument.parties, ())
        named = {member: seq for member, seq in since[name].items() if member not in declared}
        hanging_on = names_of(one, instrument, counting)
        clock = [fact for event in sorted(hanging_on) for fact in on_events.get(event, ())]
        clock = list(dict.fromkeys(clock)) + _own_facts(about.get(name, ()), papers, name, one)
        clock += of_each(amended.get(name, ()), who)
        rows += [
            _row(encoding, name, item)
            for item in datings_of(
                one, instrument, clock, horizon=to_day(horizon), members=who, known_from=named, library=counting
            )
        ]
    _replace(connection, encoding, names, rows)


def has_occurrences(obligation: Obligation) -> bool:
    """Whether something may occur under any reading; statements and contents bind nobody to a date."""
    return leading(obligation) is not None


def _recorded_members(connection: Connection, former: Mapping[str, str]) -> defaultdict[str, list[str]]:
    """The members that facts have named so far, by obligation."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = select(occurrence.c.obligation, occurrence.c.member).where(occurrence.c.member != "").distinct()
    for obligation, member in connection.execute(query.order_by(occurrence.c.obligation, occurrence.c.member)):
        known = found[present(obligation, former)]
        known += [member] if member not in known else []
    return found


def _named_since(connection: Connection, symbol: str, former: Mapping[str, str]) -> defaultdict[str, dict[str, int]]:
    """The ledger number from which each member of an open party was known, by obligation."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    query = select(fact.c.target, fact.c.member, func.min(fact.c.seq)).where(
        fact.c.instrument == symbol, fact.c.member != ""
    )
    for target, member, seq in connection.execute(query.group_by(fact.c.target, fact.c.member)):
        obligation = split_occurrence(present(target, former))[0]
        known = found[obligation].get(member, seq)
        found[obligation][member] = min(known, seq)
    return found


def event_facts(connection: Connection, symbol: str) -> list[ClockFact]:
    """The recorded days of events, ends of periods and shared sessions that an instrument may look at."""
    return _events(_clock_rows(connection, symbol, {}))


def _events(rows: list[_Row]) -> list[ClockFact]:
    return [_moves(row, "event", local_id(row.target)) for row in rows if row.kind == "event"]


def _clock_rows(connection: Connection, symbol: str, former: Mapping[str, str]) -> list[_Row]:
    whose = fact.c.instrument.in_((symbol, SESSIONS))
    query = select(fact).where(whose, fact.c.kind.in_(_CLOCK_KINDS)).order_by(fact.c.seq)
    rows = list(connection.execute(query))
    if not former:
        return rows
    return [SimpleNamespace(**{**row._mapping, "target": _about(row, former)}) for row in rows]  # noqa: SLF001 - SQLAlchemy's way


def _about(row: _Row, former: Mapping[str, str]) -> str:
    return row.target if row.kind in NOT_ABOUT_OBLIGATIONS else present(row.target, former)


def _by_name(versions: Iterable[_Row], name_of: Callable[[_Row], str]) -> dict[str, list[_Row]]:
    """Put together what speaks of a name: every version of each fact of which any version does, in ledger order.

    Without it each obligation would look through all facts, and several thousand rows of a sheet would not end.
    """
    of_root: defaultdict[int, list[_Row]] = defaultdict(list)
    for one in sorted(versions, key=lambda version: version.seq):
        of_root[one.root].append(one)
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for own in of_root.values():
        for name in dict.fromkeys(name_of(one) for one in own):
            found[name] += own
    return {name: sorted(own, key=lambda version: version.seq) for name, own in found.items()}


def _own_facts(rows: Iterable[_Row], papers: Iterable[_Row], name: str, obligation: Obligation) -> list[ClockFact]:
    """What moves the clock of one obligation alone: its extensions and deliveries.

    A version that no longer speaks of this obligation, or no longer fulfils, is passed as gone: it ends the one before.
    """
    extensions = _versions([row for row in rows if row.kind in _MOVING], name)
    rolling = next((norm for norm in obligation.norms if is_rolling(norm)), None)
    if rolling is None:
        return extensions
    answers = sorted([*rows, *papers], key=lambda row: row.seq)
    return extensions + _deliveries(answers, name, rolling.counts_by)


def _moves(
    row: _Row, kind: Literal["event", "extension", "suspension", "resumption"], target: str | tuple[str, int]
) -> ClockFact:
    """An event's day, the new due day of an occurrence, or the day on which its clock stops or goes on."""
    day, effective = row.date if row.date is not None else row.effective, row.effective
    return ClockFact(
        seq=row.seq,
        root=row.root,
        kind=kind,
        target=target,
        effective=effective,
        day=day,
        gone=bool(row.gone),
        instant=row.at,
        mark=row.symbol or "",
    )


def _versions(rows: list[_Row], obligation: str) -> list[ClockFact]:
    """The versions of each fact about this obligation; one that moved elsewhere ends here."""
    found: dict[int, ClockFact] = {}
    facts: list[ClockFact] = []
    for row in rows:
        owner, member, ordinal = split_occurrence(row.target)
        if owner == obligation and ordinal:
            found[row.root] = _moves(row, row.kind, (member, ordinal))
        elif row.root in found:
            found[row.root] = replace(found[row.root], seq=row.seq, gone=True)
        else:
            continue
        facts.append(found[row.root])
    return facts


def _deliveries(rows: list[_Row], obligation: str, counts_by: str) -> list[ClockFact]:
    """What was delivered for each occurrence, as the ledger came to know it.

    Both the judgement and its document may be corrected or retracted; each such entry is a new version.
    """
    judgements: dict[int, _Row] = {}
    papers: dict[int, _Row] = {}
    facts: list[ClockFact] = []
    for row in rows:
        if row.kind == "document":
            papers[row.root] = row
            touched = [one for one in judgements.values() if one.document == row.root]
        elif row.kind == "judgement" and split_occurrence(row.target)[0] == obligation:
            judgements[row.root] = row
            touched = [row]
        else:
            continue
        facts += [_delivery(row.seq, one, papers.get(one.document), counts_by) for one in touched]
    return facts


def _delivery(seq: int, judgement: _Row, paper: _Row | None, counts_by: str) -> ClockFact:
    """One version of a delivery; gone where it no longer counts."""
    _, member, ordinal = split_occurrence(judgement.target)
    day = judgement.effective
    if judgement.document is not None:
        days = (
            ()
            if paper is None or paper.gone
            else (getattr(paper, counts_by), *(getattr(paper, name) for name in _DAYS))
        )
        day = next((one for one in days if one is not None), None)
    counts = day is not None and not judgement.gone and judgement.finding == "fulfilled"
    at = day if day is not None else 0
    target = (member, ordinal)
    return ClockFact(
        seq=seq, root=judgement.root, kind="delivery", target=target, effective=at, day=at, gone=not counts
    )


def _row(encoding: str, obligation: str, item: Dating) -> dict[str, object]:
    values = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    member, ordinal = values.pop("member"), values.pop("ordinal")
    values["armed"], values["inferred"] = int(item.armed), int(item.inferred)
    values["steps"] = list(item.steps)
    return {
        **values,
        "encoding": encoding,
        "obligation": obligation,
        "occurrence": full_occurrence(obligation, member, ordinal),
    }


def _replace(connection: Connection, encoding: str, obligations: list[str], rows: list[dict[str, object]]) -> None:
    old = delete(dating).where(dating.c.encoding == encoding, dating.c.obligation == bindparam("rebuilt"))
    if obligations:
        connection.execute(old, [{"rebuilt": name} for name in obligations])
    wanted = {str(row["occurrence"]): str(row["obligation"]) for row in rows}
    create_occurrences(connection, wanted)
    if rows:
        connection.execute(insert(dating), rows)


def create_occurrences(connection: Connection, wanted: dict[str, str]) -> None:
    """Create the occurrences that do not exist yet; one that exists is never touched again."""
    known = set(connection.scalars(select(occurrence.c.occurrence)))
    new = []
    for name, obligation in wanted.items():
        if name in known:
            continue
        _, member, ordinal = split_occurrence(name)
        new.append({"occurrence": name, "obligation": obligation, "member": member, "ordinal": ordinal})
    if new:
        connection.execute(insert(occurrence), new)
