"""Adopting an encoding: from instruments as read to the rows that questions read.

Nothing of an earlier encoding is changed: its norms and datings stay, so that old answers can be
given again. Facts name obligations by their ids; an id that has facts may not disappear.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from duewatch.engine.encoding.hashing import encoding_hash, sha256_of
from duewatch.engine.judgement.effects import successors, write_effects
from duewatch.engine.judgement.horizons import AHEAD
from duewatch.engine.judgement.naming import full_obligation, local_id, split_occurrence
from duewatch.engine.judgement.ranking import ranks
from duewatch.engine.judgement.redating import has_occurrences, redate
from duewatch.engine.judgement.renaming import (
    NOT_ABOUT_OBLIGATIONS,
    carry_over,
    present,
    present_names,
    write_former_names,
)
from duewatch.engine.judgement.rulings import write_answers
from duewatch.engine.judgement.widening import widened
from duewatch.engine.ledger import tables
from duewatch.engine.ledger.days import instant, to_day
from duewatch.engine.ledger.texts import keep
from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.library import shipped
from duewatch.engine.reckoning.names import is_rolling, names_of, renewing
from duewatch.engine.reckoning.uses import FIRST, bindings
from duewatch.engine.words import EarliestOf, Every, Expected, Fixed, LatestOf, Recurring, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.encoding.examples import Example
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Deadline, Instrument, Moment, Norm, Obligation


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument as read: its bytes, the examples that it must pass, the regimes and calendars it is counted by."""

    instrument: Instrument
    path: str
    content: bytes
    examples: tuple[Example, ...] = ()
    library: Library = field(default_factory=shipped)


def adopt(
    connection: Connection, sources: Sequence[Source], *, now: datetime, by: str, library: Library | None = None
) -> str:
    """Adopt `sources` as the encoding in force from now on, in the caller's transaction, and give its hash.

    The regimes and calendars that the dates rest on are kept, and part of the hash: those of each source's library, or
    of the one `library` for all.
    BadInput where a file is still a draft, an id with recorded facts is missing from the new text, or two files hold
    one instrument.
    """
    _refuse_unfinished(sources)
    _refuse_doubles(sources)
    sources = [replace(source, library=library or source.library) for source in sources]
    sources = [replace(one, instrument=widened(one.instrument, one.library)) for one in sources]
    bound = {source.instrument.symbol: bindings(source.instrument, source.library) for source in sources}
    encoding = encoding_hash([_whole(source.instrument, bound) for source in sources])
    instruments = [source.instrument for source in sources]
    write_former_names(connection, encoding, instruments)
    _refuse_lost_ids(connection, encoding, instruments)
    horizon = max(now.date(), *(source.instrument.adopted for source in sources)) + AHEAD
    if not _is_known(connection, encoding):
        for place, source in enumerate(sources):
            _write_instrument(connection, encoding, place, source)
        write_answers(connection, encoding)
        write_effects(connection, encoding, instruments)
    carry_over(connection, encoding)
    for source in sources:
        entries = source.instrument.obligations
        redate(connection, encoding, source.instrument, entries, horizon=horizon, library=source.library)
    files = [
        _file(connection, source) | _bound(connection, bound[source.instrument.symbol], source.library)
        for source in sources
    ]
    row = {
        "encoding": encoding,
        "adopted_at": instant(now),
        "adopted_by": by,
        "horizon": to_day(horizon),
        "files": files,
    }
    connection.execute(insert(tables.edition).values(**row))
    return encoding


def _refuse_unfinished(sources: Iterable[Source]) -> None:
    for one in sources:
        if left := one.instrument.still_to_decide:
            raise BadInput(
                f"{one.path} is a draft: decide what its {left} `todo` say, and take them out, then adopt it"
            )


def _refuse_doubles(sources: Sequence[Source]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        symbol = source.instrument.symbol
        if symbol in seen:
            raise BadInput(f"{source.path}: `{symbol}` stands in {seen[symbol]} too; load one file for each instrument")
        seen[symbol] = source.path


def _refuse_lost_ids(connection: Connection, encoding: str, instruments: Iterable[Instrument]) -> None:
    """An id with facts that the new text lacks would orphan what was recorded."""
    former = present_names(connection, encoding)
    for one in instruments:
        ids = {full_obligation(one.symbol, entry.id) for entry in one.obligations}
        query = select(tables.fact.c.target).where(
            tables.fact.c.instrument == one.symbol, tables.fact.c.kind.not_in(NOT_ABOUT_OBLIGATIONS)
        )
        spoken = [*connection.scalars(query.distinct()), *successors(connection, one.symbol)]
        lost = {split_occurrence(present(name, former))[0] for name in spoken} - ids - {""}
        if lost:
            names = ", ".join(sorted(local_id(name) for name in lost))
            right = "keep the id, or name it under `formerly` of the entry that it is now"
            raise BadInput(f"{one.file}: facts are recorded about {names}, which the file no longer has; {right}")


def _is_known(connection: Connection, encoding: str) -> bool:
    query = select(tables.instrument.c.symbol).where(tables.instrument.c.encoding == encoding).limit(1)
    return connection.scalar(query) is not None


def _whole(one: Instrument, bound: Mapping[str, Mapping[str, str]]) -> Instrument:
    """Let the hash of an instrument be that of its text and of the regimes and calendars that its dates rest on."""
    own = sorted(item for item in bound[one.symbol].items() if item[1] not in FIRST)
    return replace(one, tree_hash=sha256_of([one.tree_hash, own])) if own else one


def _bound(connection: Connection, bound: Iterable[str], library: Library) -> dict[str, Any]:
    """Keep regimes and calendars as they are now: what was adopted is counted by them, whatever is shipped later."""
    return {"bound": {name: keep(connection, "counting", library.content(*name.split("/", 1))) for name in bound}}


def _file(connection: Connection, source: Source) -> dict[str, Any]:
    name = keep(connection, "encoding", source.content)
    tree = source.instrument.tree_hash
    return {"instrument": source.instrument.symbol, "path": source.path, "sha256": name, "tree": tree}


def _write_instrument(connection: Connection, encoding: str, place: int, source: Source) -> None:
    one = source.instrument
    body = {
        "title": one.title,
        "parties": {name: party.title or name for name, party in one.parties.items()},
        "questions": {name: question.asks for name, question in one.questions.items()},
        "topics": list(one.topics),
        "events": _events(one, source.library),
        "rolling": [entry.id for entry in one.obligations if any(map(is_rolling, entry.norms))],
        "endless": [
            entry.id
            for entry in one.obligations
            if any(_is_endless(norm.deadline, one) or renewing(norm, one, source.library) for norm in entry.norms)
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


def _events(one: Instrument, library: Library) -> dict[str, dict[str, object]]:
    """Every moment that an event may be recorded for: events, ends of periods, and those of shared sessions."""
    settings = [item for entry in one.obligations for norm in entry.norms for item in norm.settings]
    moving = {item.target for item in settings if item.dynamic}
    found = {
        name: _event(plain(event.day), name in moving, repeats=event.repeats) for name, event in one.events.items()
    }
    for name, period in one.periods.items():
        for side, moment in (("start", period.start), ("end", period.until), ("recess", period.recess)):
            if side == "recess" and moment is None and not period.session:
                continue
            shared = f"{period.session}.{side}" if period.session else ""
            found[f"{name}.{side}"] = _event(_printed(moment, shared), f"{name}.{side}" in moving) | {"shared": shared}
    names = frozenset().union(*(names_of(entry, one, library) for entry in one.obligations))
    sessions = {name: _event(None, dynamic=False) | {"shared": name} for name in sorted(names) if "/" in name}
    return found | sessions


def _event(printed: str | None, dynamic: bool, *, repeats: bool = False) -> dict[str, object]:  # noqa: FBT001 - a column
    return {"printed": printed, "repeats": repeats, "dynamic": dynamic}


def _printed(moment: Moment | None, shared: str = "") -> str | None:
    """Tell the printed day of an end of a period; None where a fact may bring it.

    An end that is computed from something else is never recorded by itself unless it may move. One that a session
    leaves open, or that is only expected, is.
    """
    if isinstance(moment, Fixed):
        return moment.day.isoformat()
    return None if isinstance(moment, Expected) or (moment is None and shared) else "computed from another day"


def _is_endless(deadline: Deadline, one: Instrument) -> bool:
    """Whether a series may go on beyond every horizon: it has no end, or one that is not known yet."""
    if isinstance(deadline, EarliestOf | LatestOf):
        return any(_is_endless(part, one) for part in deadline.parts)
    if isinstance(deadline, Recurring) and {"COUNT", "UNTIL"} & {part[:5] for part in deadline.rule.split(";")}:
        return False
    if not isinstance(deadline, Every | Recurring) or (isinstance(deadline, Every) and deadline.times is not None):
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
