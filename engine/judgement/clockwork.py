"""What moves a clock, as drafts for the ledger: days of events, waivers, extensions, suspensions and resumptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from duewatch.engine.judgement import naming
from duewatch.engine.judgement.desktop import required
from duewatch.engine.judgement.renaming import all_names
from duewatch.engine.ledger import tables
from duewatch.engine.ledger.days import day_at, from_day, instant, to_day
from duewatch.engine.ledger.facts import newest
from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.clock import ALL_KNOWLEDGE
from duewatch.engine.words import DUTIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.engine.judgement.desktop import Desktop
    from duewatch.engine.ledger.facts import Draft


def event(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """An event's day: one entry for a plain event, one for each announcement of one that may move."""
    required(fields, "date")
    known = _events(desk)
    target = naming.find_event(typed, known)
    symbol, local = naming.symbol_of(target), naming.local_id(target)
    declared = known[symbol][local]
    if declared.get("shared"):  # one entry for all instruments
        target = naming.full_obligation(naming.SESSIONS, declared["shared"])
    day, at = day_and_instant(fields["date"], desk.zone(symbol))
    since = fields.get("since") or min(day, desk.today(symbol))
    _refuse_second_entry(desk, target, declared, since)
    return desk.draft(
        "event",
        target,
        effective=since,
        date=day,
        at=at,
        symbol=fields.get("symbol"),
        note=fields.get("why") or "",
        evidence=fields.get("evidence") or "",
    )


def day_and_instant(when: date | datetime, zone: str) -> tuple[date, datetime | None]:
    """Take an event's moment apart: its day on the calendar of `zone`, and its instant where a clock time was given."""
    if not isinstance(when, datetime):
        return when, None
    at = when.astimezone(UTC).replace(microsecond=0)
    return from_day(day_at(instant(at), zone)), at


def _events(desk: Desktop) -> dict[str, dict[str, Any]]:
    query = select(tables.instrument.c.symbol, tables.instrument.c.body).where(
        tables.instrument.c.encoding == desk.encoding
    )
    events = {row.symbol: row.body["events"] for row in desk.connection.execute(query)}
    shared = {name: event for own in events.values() for name, event in own.items() if event.get("shared") == name}
    own = {symbol: {name: one for name, one in each.items() if name not in shared} for symbol, each in events.items()}
    return own | {naming.SESSIONS: shared}


def _refuse_second_entry(desk: Desktop, target: str, declared: Mapping[str, Any], since: date) -> None:
    name = naming.local_id(target)
    if declared["repeats"]:
        return
    if declared["printed"] and not declared["dynamic"]:
        raise BadInput(
            f"the day of `{name}` is given by the encoding ({declared['printed']}) and no reading lets it move"
        )
    query = select(tables.fact.c.root).where(tables.fact.c.kind == "event", tables.fact.c.target == target).distinct()
    for root in desk.connection.scalars(query):
        entry = newest(desk.connection, root)
        if entry.gone or (declared["dynamic"] and entry.draft.effective != since):
            continue
        raise BadInput(f"`{name}` is recorded already; correct fact {root}")


def waiver(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """Somebody with the authority lets go of an occurrence."""
    required(fields, "granted", "granted_by", "symbol")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    return _granted(desk, "waiver", target, fields)


def extension(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """Somebody with the authority moves the due day of one occurrence; the others stay."""
    required(fields, "to", "granted", "granted_by", "symbol")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    default = desk.norms(naming.split_occurrence(target)[0])[0]
    if default.kind not in DUTIES:
        raise BadInput(f"`{naming.local_id(target)}` has no due day that could be extended")
    due = _due_on(desk, target, fields["granted"])
    if due is not None and fields["to"] <= due:
        raise BadInput(
            f"`{naming.local_id(target)}` is due on {due}: {fields['to']} is no later day, so nothing is extended; "
            "check --to, or correct the extension that was recorded before"
        )
    return replace(_granted(desk, "extension", target, fields), date=fields["to"])


def _due_on(desk: Desktop, occurrence: str, day: date) -> date | None:
    """The due day of an occurrence under its default reading, as it stood on a day by what is known now."""
    dating, variant, at = tables.dating, tables.variant, to_day(day)
    query = (
        select(dating.c.due)
        .join(variant, and_(variant.c.encoding == dating.c.encoding, variant.c.obligation == dating.c.obligation))
        .where(variant.c.reading == dating.c.reading, variant.c.is_default == 1, dating.c.encoding == desk.encoding)
        .where(dating.c.occurrence == occurrence, dating.c.k1 == ALL_KNOWLEDGE, dating.c.d0 <= at, dating.c.d1 > at)
    )
    due = desk.connection.scalar(query)
    return None if due is None else from_day(due)


def suspension(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """The clock of one occurrence stands still from a day on: that day does not count."""
    target, since = _of_its_clock(desk, typed, fields)
    if since is not None and not since[0]:
        raise BadInput(f"`{naming.local_id(target)}` is suspended already, by fact {since[1]}; record its resumption")
    return _clock_fact(desk, "suspension", target, fields)


def resumption(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """The clock of one occurrence goes on: the day of the resumption counts again."""
    target, since = _of_its_clock(desk, typed, fields)
    if since is None or since[0]:
        raise BadInput(f"`{naming.local_id(target)}` is not suspended on {fields['on']}; there is nothing to resume")
    return _clock_fact(desk, "resumption", target, fields)


def _of_its_clock(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> tuple[str, tuple[bool, int] | None]:
    """Find the occurrence, and the newest entry on its clock up to the day: whether it resumes, and its number."""
    required(fields, "on")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    fact = tables.fact
    names = all_names(desk.connection, desk.encoding, target)
    query = select(fact.c.root).where(fact.c.target.in_(names), fact.c.kind.in_(("suspension", "resumption")))
    entries = (newest(desk.connection, root) for root in desk.connection.scalars(query.distinct()))
    days = [(one.draft.effective, one.root, one.draft.kind) for one in entries if not one.gone and one.draft.effective]
    before = max((one for one in days if one[0] <= fields["on"]), default=None)
    return target, None if before is None else (before[2] == "resumption", before[1])


def _clock_fact(desk: Desktop, kind: str, target: str, fields: Mapping[str, Any]) -> Draft:
    return desk.draft(
        kind,
        target,
        effective=fields["on"],
        symbol=fields.get("symbol"),
        note=fields.get("why") or "",
        evidence=fields.get("evidence") or "",
    )


def _granted(desk: Desktop, kind: str, target: str, fields: Mapping[str, Any]) -> Draft:
    return desk.draft(
        kind,
        target,
        effective=fields["granted"],
        granted_by=fields["granted_by"],
        symbol=fields["symbol"],
        note=fields.get("why") or "",
    )
