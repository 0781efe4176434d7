"""The one function that answers everything: ask(as_of, as_known, encoding) -> verdicts.

`status` prints its items, `explain` and `history` read the same rows, `evaluate` is the same
question asked now, plus writing what changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select
from sqlalchemy.exc import OperationalError

from duewatch.engine.judgement.horizons import extended
from duewatch.engine.judgement.naming import local_id
from duewatch.engine.judgement.renaming import present, present_names
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.judgement.sources import looked_at
from duewatch.engine.judgement.verdicts import ABSENT, CONTESTED, decided, judging, memoise, summary
from duewatch.engine.judgement.wording import Wording
from duewatch.engine.ledger.database import writing
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.tables import fact, obligation, transition, variant
from duewatch.engine.problems import DuewatchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection, RowMapping

    from duewatch.engine.judgement.desk import Desk, Question
    from duewatch.rules.rete import Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of an answer. The first fields are the JSON of `status`, in its order; days are ISO dates.

    `status` is the verdict over all arguable readings; the norm, due and contents are those of the default reading,
    or of the answer that a ruling put in its place. `days_until_due`: null once settled or undated, negative once past.
    `days_late` goes with the status, under the reading that `says` names: past the due date while undone, late when
    done, 0 when done in time, else null.
    """

    instrument: str
    obligation: str
    occurrence: str | None
    provision: str
    modality: str
    verb: str
    strength: str
    kind: str
    bearer: list[str]
    member: str | None
    counterparty: list[str]
    action: str
    watch: str
    owner: str | None
    due: str | None
    status: str | None
    group: str | None
    says: str
    rule: str | None
    because: str
    days_until_due: int | None
    days_late: int | None
    contents: dict[str, int]
    discharged_on: str | None
    discharged_at: str | None = None  # where the hour is recorded: UTC
    last_looked: str | None
    changed_on: str | None
    readings: dict[str, dict[str, object]]
    place: int = field(metadata={"json": False})
    listed: bool = field(metadata={"json": False})  # in the table without --all
    topics: tuple[str, ...] = field(default=(), metadata={"json": False})
    default_status: str | None = field(default=None, metadata={"json": False})
    ends: str | None = field(default=None, metadata={"json": False})  # its last day, of what stands or may be used

    def as_json(self) -> dict[str, object]:
        """Give the JSON of `status`."""
        shown = (name for name, one in self.__dataclass_fields__.items() if one.metadata.get("json", True))
        return {name: getattr(self, name) for name in shown}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question came to: the axes it was asked on, and one item for each thing it speaks of."""

    as_of: str
    as_known: str | None
    encoding: str
    rules: str
    items: tuple[Item, ...]

    def as_json(self) -> dict[str, object]:
        """Give the JSON of `status`."""
        head = {"as_of": self.as_of, "as_known": self.as_known, "encoding": self.encoding, "rules": self.rules}
        return {**head, "items": [item.as_json() for item in self.items]}


def ask(desk: Desk, question: Question) -> Answer:
    """Answer a question; writes nothing but memoised decisions."""
    with extended(desk, question.as_of) as connection, judging(connection, desk, question) as judged:
        answer = answer_of(connection, desk, question, judged.k)
    remember(desk, judged.fresh)
    return answer


def remember(desk: Desk, fresh: Mapping[int, Decided]) -> None:
    """Memoise new decisions. A database that cannot be written only costs the next question some time."""
    if not fresh:
        return
    try:
        with writing(desk.engine) as connection:
            memoise(connection, desk, fresh)
    except (DuewatchError, OperationalError):
        return


def answer_of(connection: Connection, desk: Desk, question: Question, k: int) -> Answer:
    """Read the items from the temporary tables of a question that has been judged."""
    items = _items(connection, desk, k)
    return Answer(question.as_of.isoformat(), said(question.as_known), desk.encoding, desk.rules.hash, tuple(items))


def said(when: date | datetime | None) -> str | None:
    """Give a day or an instant in ISO form."""
    return None if when is None else when.isoformat()


def _items(connection: Connection, desk: Desk, k: int) -> list[Item]:
    """One item for each occurrence that a reading knows, and one for each entry that has none."""
    entries = _entries(connection, desk)
    readings = readings_of(connection, desk)
    changed = _changed(connection, desk)
    wording = Wording(desk.rules, measured(connection, readings), looked_at(connection, desk.encoding, k))
    items = [
        _item(wording, entries, row, readings[row["occurrence"]], changed.get(row["occurrence"]))
        for row in connection.execute(select(summary(desk))).mappings()
    ]
    spoken_of = {(item.instrument, item.obligation) for item in items}
    silent = (entry for name, entry in entries.items() if (entry["instrument"], local_id(name)) not in spoken_of)
    items += [_bare(entry) for entry in silent]
    return sorted(items, key=lambda item: _order(desk, item))


def _entries(connection: Connection, desk: Desk) -> dict[str, RowMapping]:
    """Every entry of the encoding with its default norm, in the order of the file."""
    default = and_(
        variant.c.encoding == obligation.c.encoding,
        variant.c.obligation == obligation.c.obligation,
        variant.c.is_default == 1,
    )
    query = (
        select(obligation, variant.c.body)
        .join(variant, default)
        .where(obligation.c.encoding == desk.encoding)
        .order_by(obligation.c.place)
    )
    return {row["obligation"]: row for row in connection.execute(query).mappings()}


def readings_of(connection: Connection, desk: Desk) -> dict[str, list[RowMapping]]:
    """The decided rows of each occurrence, the default reading first."""
    norm = and_(
        variant.c.encoding == desk.encoding,
        variant.c.obligation == verdict.c.obligation,
        variant.c.reading == verdict.c.reading,
    )
    query = (
        select(
            verdict,
            decided.c.status,
            decided.c.rule,
            decided.c.next_rule,
            decided.c.class_,
            decided.c.urgency,
            variant.c.body,
        )
        .join(decided, decided.c.signature == verdict.c.signature)
        .join(variant, norm)
        .order_by(verdict.c.is_default.desc(), verdict.c.reading)
    )
    found: dict[str, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["occurrence"], []).append(row)
    return found


def measured(connection: Connection, readings: Mapping[str, list[RowMapping]]) -> dict[int, RowMapping]:
    """The measures that the verdicts rest on, by ledger number."""
    if not any(row["measure_seq"] for rows in readings.values() for row in rows):
        return {}
    wanted = select(verdict.c.measure_seq).where(verdict.c.measure_seq.is_not(None)).distinct()
    query = select(fact).where(fact.c.seq.in_(wanted))
    return {row["seq"]: row for row in connection.execute(query).mappings()}


def _changed(connection: Connection, desk: Desk) -> dict[str, int]:
    """The day on which the clock last said something new of an occurrence."""
    query = select(transition.c.occurrence, func.max(transition.c.day)).group_by(transition.c.occurrence)
    names = present_names(connection, desk.encoding)
    found: dict[str, int] = {}
    for occurrence, day in connection.execute(query):
        name = present(occurrence, names)
        found[name] = max(day, found.get(name, day))
    return found


def _item(
    wording: Wording,
    entries: Mapping[str, RowMapping],
    row: RowMapping,
    rows: list[RowMapping],
    changed: int | None,
) -> Item:
    default = rows[0]
    entry = entries[default["obligation"]]
    winner = _winner(row, rows)
    status = row["status"]
    group = wording.group_of(status)
    contested = status == CONTESTED
    settled = default["class_"] in {"done", "closed", "standing"} or default["due"] is None
    return Item(
        **_entry_fields(entry, default["body"]),  # a ruling may have moved the default
        occurrence=default["occurrence"],
        member=default["occurrence"].partition("@")[2].rpartition("/")[0] or None,
        due=_iso(default["due"]),
        status=status,
        group=group,
        says=wording.contest(rows) if contested else wording.says_of(winner, rows),
        rule=CONTESTED if contested else winner["rule"],
        because=wording.contest_because(rows, doubt=bool(row["doubt"])) if contested else wording.because(winner),
        days_until_due=None if settled else default["days_left"],
        days_late=days_late_of(default if contested else winner),
        contents={name: default[f"contents_{name}"] for name in ("seen", "missing", "unchecked", "of")},
        discharged_on=_iso(default["discharged_on"]),
        discharged_at=_iso_instant(default["discharged_at"]),
        last_looked=_iso(default["last_looked"]),
        changed_on=_iso(changed),
        readings={one["reading"]: _reading(one) for one in rows},
        listed=default["watch"] != "inventory" and group not in {"closed", "hidden"},
        default_status=default["status"],
        ends=_iso(default["ends"]),
    )


def _winner(row: RowMapping, rows: list[RowMapping]) -> RowMapping:
    """The row whose status stands: the most urgent arguable one, the default on a tie."""
    arguable = [one for one in rows if one["standing"] == "arguable" and one["urgency"] == row["urgency"]]
    return next((one for one in arguable if one["is_default"]), arguable[0])


def days_late_of(row: RowMapping) -> int | None:
    """Give the days late of a decided row: only while undone or once done, for a waiver ends the counting."""
    return row["days_late"] if row["class_"] in {"undone", "done"} else None


def _reading(row: RowMapping) -> dict[str, object]:
    status = None if row["status"] == ABSENT else row["status"]
    head = {"status": status, "due": _iso(row["due"])}
    return {**head, "default": bool(row["is_default"]), "standing": row["standing"]}


def _entry_fields(entry: RowMapping, body: Mapping[str, Any]) -> dict[str, Any]:
    """What does not depend on the occurrence; `body` is the norm under the reading that stands as the default."""
    flat = entry["flat"]
    names = ("modality", "verb", "strength", "kind", "action", "watch")
    return {
        "instrument": entry["instrument"],
        "obligation": local_id(entry["obligation"]),
        "provision": entry["provision"],
        **{name: body[name] for name in names},
        "bearer": body["bearer"]["parties"],
        "counterparty": body["counterparty"],
        "owner": flat.get("owner"),
        "place": entry["place"],
        "topics": tuple(flat.get("topics") or ()),
    }


def _bare(entry: RowMapping) -> Item:
    """An entry without occurrences: a statement, a content, or a class of bearers nobody of whom is recorded.

    What is a statement by its default reading is listed as one, even where a noted reading would bind somebody.
    """
    owing = bool(entry["has_occurrences"]) and entry["body"]["modality"] != "statement"
    says = _nothing_owed(entry["body"]) if owing else _binds_nobody(entry["body"])
    return Item(
        **_entry_fields(entry, entry["body"]),
        occurrence=None,
        member=None,
        due=None,
        status=None,
        group=None,
        says=says,
        rule=None,
        because="",
        days_until_due=None,
        days_late=None,
        contents={"seen": 0, "missing": 0, "unchecked": 0, "of": 0},
        discharged_on=None,
        discharged_at=None,
        last_looked=None,
        changed_on=None,
        readings={},
        listed=owing and entry["body"]["watch"] != "inventory",
    )


def _nothing_owed(body: Mapping[str, Any]) -> str:
    return "no member recorded" if body["bearer"]["how"] == "each" else "not owed"


def _binds_nobody(body: Mapping[str, Any]) -> str:
    return "binds nobody: a statement" if body["modality"] == "statement" else "an item of another entry's report"


def _iso(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


def _iso_instant(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _order(desk: Desk, item: Item) -> tuple[int, str, int, str, str]:
    """Rows are sorted by group, due day and place in the file, never by id."""
    groups = list(desk.rules.groups)
    rank = groups.index(item.group) if item.group in groups else len(groups)
    return rank, item.due or "9999", item.place, item.member or "", item.occurrence or ""
