"""Recording: the fact, the datings that it moves, and what moved, in one transaction.

Everything is checked before anything is written; what is written is never changed. Each
function gives the ledger numbers and, in words, what is different now from a moment before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.judgement import clockwork, drafting, naming, sweeping
from duewatch.engine.judgement.asking import answer_of
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.desktop import Desktop, required
from duewatch.engine.judgement.drafting import BUILDERS, RESERVED
from duewatch.engine.judgement.editions import in_force, instrument_of, library_of
from duewatch.engine.judgement.effects import KIND as CARRIED
from duewatch.engine.judgement.redating import create_occurrences, event_facts, redate
from duewatch.engine.judgement.renaming import NOT_ABOUT_OBLIGATIONS, present, present_names
from duewatch.engine.judgement.turning import refuse_turned
from duewatch.engine.judgement.verdicts import judging, memoise
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import writing
from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.names import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.ledger.facts import Draft

_MOST_READINGS: Final = 2  # told where nothing but they moved
_CORRECTABLE: Final[Mapping[str, str]] = {  # option -> field of the draft
    "on": "effective", "granted": "effective", "since": "effective", "date": "date", "to": "date", "value": "value",
    "of": "of", "per": "per", "dated": "dated", "transmitted": "transmitted", "issued": "issued",
    "received": "received",
    "symbol": "symbol", "form": "form", "granted_by": "granted_by", "found": "finding", "will": "finding",
    "finding": "finding", "evidence": "evidence",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ledger numbers of what was recorded, and what moved, a line each."""

    numbers: tuple[int, ...]
    moved: tuple[str, ...]
    offers: tuple[str, ...] = ()  # what may be recorded next, a line each


def delivered(
    desk: Desk,
    typed: Sequence[str],
    *,
    by: str,
    now: datetime,
    os_user: str,
    **fields: Any,  # noqa: ANN401 - the options
) -> Recorded:
    """Record a document and the judgement that it answers each of the occurrences, together or not at all."""
    offered: list[str] = []

    def work(connection: Connection) -> list[int]:
        table = Desktop(connection, desk.encoding, now, by)
        names = [occurrence_of(desk, connection, one) for one in typed]
        offered.extend(sweeping.offers(connection, desk.encoding, names))
        paper = drafting.document(table, naming.symbol_of(names[0]), fields)
        drafts = [drafting.answer(table, name, 0, fields) for name in names]
        number = facts.append(connection, paper, now=now, os_user=os_user)
        answers = [replace(draft, document=number) for draft in drafts]
        return [number, *(facts.append(connection, draft, now=now, os_user=os_user) for draft in answers)]

    return replace(recorded(desk, now, work), offers=tuple(offered))


def record(  # noqa: PLR0913 - who records, when, and the options
    desk: Desk,
    kind: str,
    typed: str,
    *,
    by: str,
    now: datetime,
    os_user: str,
    **fields: Any,  # noqa: ANN401
) -> Recorded:
    """Record one fact of a kind on what was typed; BadInput where it may not be recorded so.

    `document` takes the instrument's symbol, `correction` and `retraction` the number of a fact.
    """
    if kind in RESERVED:
        raise BadInput(RESERVED[kind])

    def work(connection: Connection) -> list[int]:
        table = Desktop(connection, desk.encoding, now, by)
        if kind == "correction":
            return [_correct(table, _number(typed), fields, os_user)]
        if kind == "retraction":
            required(fields, "why")
            number = _number(typed)
            return [facts.retract(connection, number, why=fields["why"], by=by, now=now, os_user=os_user)]
        if kind == "sweep":
            drafts = sweeping.sweep(table, occurrence_of(desk, connection, typed), fields)
            return [facts.append(connection, draft, now=now, os_user=os_user) for draft in drafts]
        return [facts.append(connection, draft_of(desk, table, kind, typed, fields), now=now, os_user=os_user)]

    return recorded(desk, now, work)


def _number(typed: str) -> int:
    if not typed.isdecimal():
        raise BadInput(f"`{typed}` is no number of a fact; `duewatch ledger` lists them")
    return int(typed)


def draft_of(desk: Desk, table: Desktop, kind: str, typed: str, fields: Mapping[str, Any]) -> Draft:
    """Make the draft of a kind of fact on what was typed; BadInput where it may not be recorded so."""
    if kind == "document":
        return drafting.document(table, _instrument(table, typed), fields)
    if "@" in typed:
        typed = occurrence_of(desk, table.connection, typed)
    return BUILDERS[kind](table, typed, fields)


def _instrument(table: Desktop, typed: str) -> str:
    """The instrument that a document belongs to; it need not be named where there is one only."""
    known = naming.instruments_of(table.connection, table.encoding)
    if typed in known:
        return typed
    if not typed and len(known) == 1:
        return known[0]
    raise BadInput(f"`{typed}` is no instrument; write one of {', '.join(known)}")


def _correct(table: Desktop, number: int, fields: Mapping[str, Any], os_user: str) -> int:
    """A complete new version: the old one with what was given anew, checked like a first one."""
    required(fields, "why")
    old = facts.newest(table.connection, number)
    given = {name: value for name, value in fields.items() if value is not None and name not in {"why", "contents"}}
    unknown = [name for name in given if name not in _CORRECTABLE]
    if unknown:
        raise BadInput(
            f"--{unknown[0].replace('_', '-')} cannot be corrected; retract fact {number} and record it anew"
        )
    changes = {_CORRECTABLE[name]: value for name, value in given.items()}
    if old.draft.kind == CARRIED and {"finding", "symbol"} & changes.keys():
        raise BadInput(f"what becomes of an entry is decided anew: retract fact {number}, then `duewatch carry`")
    if old.draft.kind == "document":
        if "date" in changes:
            raise BadInput(f"fact {number} is a document: correct its --dated, --issued, --transmitted or --received")
        if set(drafting.DAYS) & changes.keys():
            changes |= _days_of_document(table, old.draft, changes)
    elif misplaced := [name for name in drafting.DAYS if name in changes]:
        raise BadInput(f"fact {number} is a {old.draft.kind}: only a document has --{misplaced[0]}")
    elif "date" in changes:
        day, at = clockwork.day_and_instant(changes["date"], table.zone(old.draft.instrument))
        if at is not None and old.draft.kind != "event":
            raise BadInput(f"fact {number} is a {old.draft.kind}: it has a day, and no clock time")
        changes |= {"date": day, "at": at}
    if fields.get("contents"):
        about = present(old.draft.target, present_names(table.connection, table.encoding))
        changes["items"] = drafting.contents(table.items(about), fields["contents"])
    draft = _whole(replace(old.draft, recorded_by=table.by, note=fields["why"], **changes), changes)
    return facts.correct(table.connection, number, draft, now=table.now, os_user=os_user)


def _days_of_document(table: Desktop, old: Draft, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The days of a document with what was given anew; a clock time stays with its day unless that is given anew."""
    days: dict[str, Any] = {name: getattr(old, name) for name in drafting.DAYS}
    if old.at is not None:
        days |= {name: old.at for name, day in days.items() if day == old.date}
    days |= {name: value for name, value in changes.items() if name in drafting.DAYS}
    return {"at": None, "date": None} | drafting.days_of_document(days, table.zone(old.instrument))


def _whole(draft: Draft, changes: Mapping[str, Any]) -> Draft:
    """A corrected measure is checked as a measure: its numbers must fit, its whole must be a number."""
    if draft.kind != "measure":
        return draft
    typed = str(changes["of"]) if "of" in changes else None if draft.of is None else str(draft.of)
    quantity = draft.quantity
    if quantity is None:
        raise BadInput("a measure has a value; give --value")
    return replace(draft, of=drafting.whole_of(quantity, typed, share=draft.of is not None))


def occurrence_of(desk: Desk, connection: Connection, typed: str) -> str:
    """Find an occurrence; naming a member of an open party brings the member's occurrences into being."""
    owner, member, _ = naming.split_occurrence(typed)
    if member:
        name = naming.find_obligation(connection, desk.encoding, owner)
        symbol = naming.symbol_of(name)
        instrument = instrument_of(connection, desk.rules, symbol)
        if naming.may_join(instrument, naming.local_id(name), member):
            create_occurrences(connection, {naming.full_occurrence(name, member, 1): name})
            _redate(desk, connection, symbol, [naming.local_id(name)])
    return naming.find_occurrence(connection, desk.encoding, typed)


def recorded(desk: Desk, now: datetime, work: Callable[[Connection], list[int]]) -> Recorded:
    """Do the work, rebuild the datings that it touches, and say what moved between before and after."""
    with writing(desk.engine) as connection:
        before = _state_of_things(connection, desk, now)
        numbers = work(connection)
        redate_touched(desk, connection, numbers)
        after = _state_of_things(connection, desk, now)
    return Recorded(tuple(numbers), tuple(_moved(before, after)))


def _state_of_things(connection: Connection, desk: Desk, now: datetime) -> dict[str, Item]:
    question = Question(now)
    with judging(connection, desk, question) as judged:
        answer = answer_of(connection, desk, question, judged.k)
        memoise(connection, desk, judged.fresh)
    return {item.occurrence: item for item in answer.items if item.occurrence is not None}


def _moved(before: Mapping[str, Item], after: Mapping[str, Item]) -> list[str]:
    lines = []
    called = naming.typed_names({**before, **after})
    for name, item in after.items():
        old = before.get(name)
        if old is None:
            lines.append(f"{called(name)}: new, {item.status}{_due(item)}")
        elif changes := _changes(old, item):
            lines.append(f"{called(name)}: {', '.join(changes)}")
    gone = (name for name in before if name not in after)
    return lines + [f"{called(name)}: no longer owed" for name in gone]


def _due(item: Item) -> str:
    return f", due {item.due}" if item.due else ""


def _changes(old: Item, new: Item) -> list[str]:
    changes = []
    if old.status != new.status:
        changes.append(f"{old.status} -> {new.status}")
    if old.due != new.due:
        changes.append(f"due {old.due or 'undated'} -> {new.due or 'undated'}")
    if old.says != new.says:
        changes.append(new.says)
    return changes or other_readings(old, new)


def other_readings(old: Item, new: Item) -> list[str]:
    """What moved under other readings only, while the verdict stays as it was."""
    lines = []
    for name, after in new.readings.items():
        before = old.readings.get(name, {})
        if (before.get("status"), before.get("due")) != (after["status"], after["due"]):
            was, now = (f"{one.get('status')}, due {one.get('due') or 'undated'}" for one in (before, after))
            lines.append(f"under {name} only: {was} -> {now}")
    return lines[:_MOST_READINGS]


def redate_touched(desk: Desk, connection: Connection, numbers: Sequence[int]) -> None:
    """Rebuild the datings of every obligation whose clock one of the facts may move, each once."""
    touched: dict[str, dict[str, None]] = {}  # by instrument, in order
    former = present_names(connection, desk.encoding)
    for number in numbers:
        draft = facts.newest(connection, number).draft
        if draft.kind not in NOT_ABOUT_OBLIGATIONS:
            draft = replace(draft, target=present(draft.target, former))
        for symbol in _instruments(desk, connection, draft):
            if draft.kind == "event":
                instrument, library = instrument_of(connection, desk.rules, symbol), library_of(connection, symbol)
                refuse_turned(instrument, naming.local_id(draft.target), event_facts(connection, symbol), library)
            moved = _touched(desk, connection, draft, symbol)
            touched.setdefault(symbol, {}).update(dict.fromkeys(moved))
    for symbol, ids in touched.items():
        if ids:
            _redate(desk, connection, symbol, list(ids))


def _instruments(desk: Desk, connection: Connection, draft: Draft) -> list[str]:
    """The instruments that a fact may touch: its own, or all for what they share."""
    if draft.instrument != naming.SESSIONS:
        return [draft.instrument]
    return naming.instruments_of(connection, desk.encoding)


def _touched(desk: Desk, connection: Connection, draft: Draft, symbol: str) -> list[str]:
    """The ids of the obligations of an instrument that a fact may date anew."""
    local = naming.local_id(draft.target)
    if draft.kind == "event":
        instrument, library = instrument_of(connection, desk.rules, symbol), library_of(connection, symbol)
        return [one.id for one in instrument.obligations if local in names_of(one, instrument, library)]
    own = naming.split_occurrence(local)[0]
    if draft.kind in {"extension", "suspension", "resumption"}:
        return [own]
    touched = []
    if draft.kind in {"document", "judgement"}:
        touched += naming.rolling_obligations(connection, desk.encoding, draft.instrument)
    if draft.member and own not in touched:
        touched.append(own)  # the fact may be the one from which the member is known
    return touched


def _redate(desk: Desk, connection: Connection, symbol: str, ids: Sequence[str]) -> None:
    instrument = instrument_of(connection, desk.rules, symbol)
    chosen = [one for one in instrument.obligations if one.id in set(ids)]
    library = library_of(connection, symbol)
    redate(
        connection,
        desk.encoding,
        instrument,
        chosen,
        horizon=in_force(connection).horizon,
        library=library,
    )
