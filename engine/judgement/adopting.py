"""Adopting an encoding: from instruments as read to the rows that questions read.

Nothing of an earlier encoding is changed: its norms and datings stay, so that old answers can be
given again. Facts name obligations by their ids; an id that has facts may not disappear.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from duewatch.engine.encoding.hashing import encoding_hash
from duewatch.engine.judgement.horizons import AHEAD
from duewatch.engine.judgement.naming import full_obligation, local_id, split_occurrence
from duewatch.engine.judgement.ranking import ranks
from duewatch.engine.judgement.redating import has_occurrences, redate
from duewatch.engine.judgement.rulings import write_answers
from duewatch.engine.ledger import tables
from duewatch.engine.ledger.days import instant, to_day
from duewatch.engine.ledger.texts import keep
from duewatch.engine.problems import BadInput
from duewatch.engine.words import EarliestOf, Every, Fixed, LatestOf, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.words import Deadline, Instrument, Moment, Norm, Obligation


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument as read, with the bytes it was read from."""

    instrument: Instrument
    path: str
    content: bytes


def adopt(connection: Connection, sources: Sequence[Source], *, now: datetime, by: str) -> str:
    """Adopt `sources` as the encoding in force from now on, in the caller's transaction, and give its hash.

    BadInput where an id with recorded facts is missing from the new text, or two files hold one instrument.
    """
    _refuse_doubles(sources)
    _refuse_lost_ids(connection, [source.instrument for source in sources])
    encoding = encoding_hash([source.instrument for source in sources])
    horizon = max(now.date(), *(source.instrument.adopted for source in sources)) + AHEAD
    if not _is_known(connection, encoding):
        for place, source in enumerate(sources):
            _write_instrument(connection, encoding, place, source.instrument)
        write_answers(connection, encoding)
    for source in sources:
        redate(connection, encoding, source.instrument, source.instrument.obligations, horizon=horizon)
    files = [_file(connection, source) for source in sources]
    row = {
        "encoding": encoding,
        "adopted_at": instant(now),
        "adopted_by": by,
        "horizon": to_day(horizon),
        "files": files,
    }
    connection.execute(insert(tables.edition).values(**row))
    return encoding


def _refuse_doubles(sources: Sequence[Source]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        symbol = source.instrument.symbol
        if symbol in seen:
            raise BadInput(f"{source.path}: `{symbol}` stands in {seen[symbol]} too; load one file for each instrument")
        seen[symbol] = source.path


def _refuse_lost_ids(connection: Connection, instruments: Iterable[Instrument]) -> None:
    """An id with facts that the new text lacks would orphan what was recorded."""
    for one in instruments:
        ids = {full_obligation(one.symbol, entry.id) for entry in one.obligations}
        query = select(tables.fact.c.target).where(
            tables.fact.c.instrument == one.symbol, tables.fact.c.kind.not_in(("event", "document", "ruling"))
        )
        lost = {split_occurrence(target)[0] for target in connection.scalars(query.distinct())} - ids - {""}
        if lost:
            names = ", ".join(sorted(local_id(name) for name in lost))
            raise BadInput(f"{one.file}: facts are recorded about {names}, which the file no longer has; keep the id")


def _is_known(connection: Connection, encoding: str) -> bool:
    query = select(tables.instrument.c.symbol).where(tables.instrument.c.encoding == encoding).limit(1)
    return connection.scalar(query) is not None


def _file(connection: Connection, source: Source) -> dict[str, str]:
    name = keep(connection, "encoding", source.content)
    tree = source.instrument.tree_hash
    return {"instrument": source.instrument.symbol, "path": source.path, "sha256": name, "tree": tree}


def _write_instrument(connection: Connection, encoding: str, place: int, one: Instrument) -> None:
    body = {
        "title": one.title,
        "parties": {name: party.title or name for name, party in one.parties.items()},
        "questions": {name: question.asks for name, question in one.questions.items()},
        "topics": list(one.topics),
        "events": _events(one),
        "rolling": [entry.id for entry in one.obligations if any(_rolls(norm.deadline) for norm in entry.norms)],
        "endless": [
            entry.id for entry in one.obligations if any(_is_endless(norm.deadline, one) for norm in entry.norms)
        ],
    }
    row = {"encoding": encoding, "symbol": one.symbol, "zone": one.zone, "adopted": to_day(one.adopted), "place": place}
    connection.execute(insert(tables.instrument).values(**row, body=body))
    rank = ranks(one)
    base = place * 1_000_000
    _insert(
        connection,
        tables.obligation,
        [_obligation(encoding, one, entry, base + n) for n, entry in enumerate(one.obligations)],
    )
    norms = [(entry, norm) for entry in one.obligations for norm in entry.norms]
    _insert(connection, tables.variant, [_variant(encoding, one, entry, norm, rank[entry.id]) for entry, norm in norms])
    _insert(connection, tables.source, [row for entry, norm in norms for row in _sources(encoding, one, entry, norm)])
    _insert(
        connection,
        tables.measured_by,
        [row for entry, norm in norms for row in _measured_by(encoding, one, entry, norm)],
    )
    _insert(connection, tables.need, _needs(encoding, one))


def _events(one: Instrument) -> dict[str, dict[str, object]]:
    """Every moment that an event may be recorded for: events, and both ends of periods."""
    settings = [item for entry in one.obligations for norm in entry.norms for item in norm.settings]
    moving = {item.target for item in settings if item.dynamic}
    found = {
        name: _event(plain(event.day), name in moving, repeats=event.repeats) for name, event in one.events.items()
    }
    for name, period in one.periods.items():
        found[f"{name}.start"] = _event(_printed(period.start), f"{name}.start" in moving)
        found[f"{name}.end"] = _event(_printed(period.until), f"{name}.end" in moving)
    return found


def _event(printed: str | None, dynamic: bool, *, repeats: bool = False) -> dict[str, object]:  # noqa: FBT001 - a column
    return {"printed": printed, "repeats": repeats, "dynamic": dynamic}


def _printed(moment: Moment | None) -> str:
    """An end of a period is printed, or computed from something else: never recorded by itself unless it may move."""
    return moment.day.isoformat() if isinstance(moment, Fixed) else "computed from another day"


def _rolls(deadline: Deadline) -> bool:
    return isinstance(deadline, Every) and deadline.after == "previous-delivery"


def _is_endless(deadline: Deadline, one: Instrument) -> bool:
    """Whether a series may go on beyond every horizon: it has no end, or one that is not known yet."""
    if isinstance(deadline, EarliestOf | LatestOf):
        return any(_is_endless(part, one) for part in deadline.parts)
    if not isinstance(deadline, Every):
        return False
    until = deadline.until
    event = one.events.get(until.name) if isinstance(until, Ref) else None
    return until is None or (event is not None and event.day is None)


def _insert(connection: Connection, table: Any, rows: list[dict[str, object]]) -> None:  # noqa: ANN401 - any table
    if rows:
        connection.execute(insert(table), rows)


def _obligation(encoding: str, one: Instrument, entry: Obligation, place: int) -> dict[str, object]:
    return {
        "encoding": encoding,
        "obligation": full_obligation(one.symbol, entry.id),
        "instrument": one.symbol,
        "provision": entry.provision,
        "place": place,
        "groups": list(entry.groups),
        "has_occurrences": int(has_occurrences(entry)),
        "flat": plain(entry.flat),
        "origins": dict(entry.origins),
    }


def _variant(encoding: str, one: Instrument, entry: Obligation, norm: Norm, rank: int) -> dict[str, object]:
    arming = norm.armed_by
    by_undone = "undone-at" if arming is not None and arming.at is not None else "undone"
    return {
        "encoding": encoding,
        "obligation": full_obligation(one.symbol, entry.id),
        "reading": norm.reading,
        "instrument": one.symbol,
        "is_default": int(norm.is_default),
        "standing": norm.standing,
        "bearer_only": int(norm.bearer_only),
        "kind": norm.kind,
        "modality": norm.modality,
        "strength": norm.strength,
        "watch": norm.watch,
        "lead": norm.lead,
        "review_days": norm.review_days,
        "after_breach": norm.after_breach,
        "counts_by": norm.counts_by,
        "rank": rank,
        "armed_by": "" if arming is None else "event" if arming.event else by_undone,
        "which": arming.which if arming is not None and not arming.event else "",
        **_target(one, norm),
        "body": plain(norm),
    }


def _target(one: Instrument, norm: Norm) -> dict[str, object]:
    target = norm.target
    if target is None:
        empty = dict.fromkeys(("target_how", "target_form", "target_numerator", "target_denominator"))
        return {**empty, "target_per": 0, "target_sources": 0}
    bound = None if target.baseline_unknown else target.bound
    return {
        "target_how": target.how,
        "target_form": target.form,
        "target_numerator": None if bound is None else bound.numerator,
        "target_denominator": None if bound is None else bound.denominator,
        "target_per": int(bool(target.per) and target.per != "none"),
        "target_sources": len(_measuring(one, norm)) or 1,
    }


def _measuring(one: Instrument, norm: Norm) -> list[str]:
    """The ids whose measures a sum adds: those that count the parts by themselves."""
    target = norm.target
    if target is None or target.form != "sum":
        return []
    defaults = [(entry.id, entry.norms[0].target) for entry in one.obligations]
    return [
        name
        for name, other in defaults
        if other is not None and other.form == "count" and other.measure in target.parts
    ]


def _measured_by(encoding: str, one: Instrument, entry: Obligation, norm: Norm) -> list[dict[str, object]]:
    if norm.target is None:
        return []
    name = full_obligation(one.symbol, entry.id)
    ids = _measuring(one, norm) or [entry.id]
    key = {"encoding": encoding, "obligation": name, "reading": norm.reading}
    return [{**key, "source": full_obligation(one.symbol, other)} for other in ids]


def _sources(encoding: str, one: Instrument, entry: Obligation, norm: Norm) -> list[dict[str, object]]:
    if norm.armed_by is None:
        return []
    key = {"encoding": encoding, "obligation": full_obligation(one.symbol, entry.id), "reading": norm.reading}
    return [{**key, "source": full_obligation(one.symbol, other)} for other in norm.armed_by.sources]


def _needs(encoding: str, one: Instrument) -> list[dict[str, object]]:
    """Own items of every report, and those that other entries add to it."""
    rows: list[dict[str, object]] = []
    added = [(norm.adds_to.entries, entry) for entry in one.obligations if (norm := entry.norms[0]).adds_to is not None]
    for entry in one.obligations:
        extra = [(str(other.flat.get("item") or other.id), other.id) for entries, other in added if entry.id in entries]
        for norm in entry.norms:
            items = [(content.item, entry.id) for content in norm.contains] + extra
            key = {"encoding": encoding, "obligation": full_obligation(one.symbol, entry.id), "reading": norm.reading}
            rows += [
                {**key, "item": item, "added_by": by, "place": n} for n, (item, by) in enumerate(dict(items).items())
            ]
    return rows


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is what it is
    """Give a frozen word of the vocabulary as JSON: dates in ISO form, fractions as `a/b`, types named by `is`."""
    match value:
        case date() | time():
            return value.isoformat()
        case Fraction():
            return str(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {"is": type(value).__name__} | {
                field.name: plain(getattr(value, field.name)) for field in fields(value)
            }
        case _:
            return value
