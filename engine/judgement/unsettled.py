"""The report on ambiguity: on which axes an entry's date may be read otherwise, and whether today's status hangs on it.

What status each reading would have is not guessed: the readings are adopted in a transaction that is rolled back, and
asked about with all recorded facts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.asking import answer_of
from duewatch.engine.judgement.editions import in_force, instrument_of, library_of
from duewatch.engine.judgement.naming import find_obligation, full_obligation, local_id, split_occurrence
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.judgement.widening import axes_at, own_readings, wider
from duewatch.engine.ledger.database import reading
from duewatch.engine.reckoning.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk, Question
    from duewatch.engine.reckoning.ambiguity import Ambiguity
    from duewatch.engine.words import Instrument, Norm, Obligation

SettledBy = Literal["clause", "regime", "assumption", "nothing", "encoding", "person"]
_SUPPOSED: Final = "ambiguities"  # who adopts what is rolled back


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One axis of one entry. `statuses` are those of the first occurrence on which the readings part, else the first.

    settled_by: the clause's words, the regime's published law, what the regime assumes, the default among the
    encoding's own readings, a person's ruling on those, or nothing (the encoding says that it is unsettled, and each
    way is an arguable reading).
    """

    instrument: str
    obligation: str
    provision: str
    phrase: str
    ambiguity: Ambiguity
    settled_by: SettledBy
    occurrence: str | None = None
    statuses: Mapping[str, str | None] | None = None  # reading id -> status; None: it has no occurrence

    @property
    def decides_status(self) -> bool:
        """Whether the status would be another one under another reading."""
        return len(set((self.statuses or {}).values())) > 1


def findings(
    desk: Desk, question: Question, typed: str | None, *, now: datetime, any_anchor: bool = False
) -> tuple[Finding, ...]:
    """Give every axis of every entry (or of one), in the order of the encoding; BadInput for an unknown entry."""
    with reading(desk.engine) as connection:
        wanted = None if typed is None else find_obligation(connection, desk.encoding, split_occurrence(typed)[0])
        names = [file["instrument"] for file in in_force(connection).files]
        ones = [(instrument_of(connection, desk.rules, name), library_of(connection, name)) for name in names]
        found = [one for each in ones for one in _of_instrument(*each, wanted, any_anchor=any_anchor)]
        items = _items(connection, desk, question, ones, now)
    return tuple(_with_status(one, items) for one in found)


def in_text(instrument: Instrument, library: Library) -> tuple[Finding, ...]:
    """Give the axes of an instrument by its words alone: no ledger, no status."""
    return tuple(_of_instrument(instrument, library, None, any_anchor=False))


def _of_instrument(one: Instrument, library: Library, wanted: str | None, *, any_anchor: bool) -> Iterator[Finding]:
    for entry in one.obligations:
        if wanted in {None, full_obligation(one.symbol, entry.id)}:
            norm = entry.norms[0]
            own = own_readings(entry, one, library)
            for axis in (*(() if own is None else (own,)), *axes_at(norm, one, library, any_anchor=any_anchor)):
                yield _finding(one, entry, norm, axis)


def _finding(one: Instrument, entry: Obligation, norm: Norm, axis: Ambiguity) -> Finding:
    return Finding(
        instrument=one.symbol,
        obligation=entry.id,
        provision=entry.provision,
        phrase=norm.phrase,
        ambiguity=axis,
        settled_by="nothing" if axis.axis in norm.unsettled else axis.chosen_by,
    )


# ------------------------------------------------------------------ the status under each reading
def _items(
    connection: Connection, desk: Desk, question: Question, ones: Sequence[tuple[Instrument, Library]], now: datetime
) -> dict[str, list[Item]]:
    """Answer the question with every reading that gives another date, by the entry's full name."""
    sources = [Source(_supposed(one, library), one.file, one.tree_hash.encode()) for one, library in ones]
    held = dict(pair for _, library in ones for pair in library.held)
    encoding = adopt(connection, sources, now=now, by=_SUPPOSED, library=Library(held=tuple(held.items())))
    supposed = replace(desk, encoding=encoding)
    with judging(connection, supposed, question) as judged:
        items = answer_of(connection, supposed, question, judged.k).items
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(full_obligation(item.instrument, item.obligation), []).append(item)
    return found


def _supposed(one: Instrument, library: Library) -> Instrument:
    """Give the instrument with all ways of all axes, for the record only: they must not make anything contested."""
    more = wider(one, library, lambda norm, axis: axis.differs and axis.axis not in norm.unsettled, "noted")
    return replace(more, tree_hash=f"{one.tree_hash}, with every way of every axis")


def _with_status(one: Finding, items: Mapping[str, list[Item]]) -> Finding:
    if not one.ambiguity.differs and one.ambiguity.axis != "reading":
        return one
    rows = [
        (item, _statuses(one, item))
        for item in items.get(full_obligation(one.instrument, one.obligation), [])
        if item.occurrence is not None
    ]
    if not rows:
        return one
    item, statuses = next((row for row in rows if len(set(row[1].values())) > 1), rows[0])
    settled_by = "person" if one.ambiguity.axis == "reading" and _is_decided(one, item) else one.settled_by
    return replace(one, occurrence=local_id(str(item.occurrence)), statuses=statuses, settled_by=settled_by)


def _is_decided(one: Finding, item: Item) -> bool:
    """Say whether a ruling has left one arguable reading of several."""
    names = [reading.id for reading in one.ambiguity.readings]
    return sum(item.readings.get(name, {}).get("standing") == "arguable" for name in names) <= 1


def _statuses(one: Finding, item: Item) -> dict[str, str | None]:
    """Give the status of an occurrence under each reading; a way that gives no other date has that of the first."""
    default = next((values for values in item.readings.values() if values["default"]), {})
    name = next((name for name, values in item.readings.items() if values["default"]), "")
    found: dict[str, str | None] = {}
    is_own = one.ambiguity.axis == "reading"
    for place, way in enumerate(one.ambiguity.readings):
        made = way.id if is_own else _made(name, way.id)
        values = default if place == 0 and not is_own else item.readings.get(made, default)
        status = values.get("status")
        found[way.id] = None if status is None else str(status)
    return found


def _made(default: str, way: str) -> str:
    return way if default == "default" else f"{default}/{way}"
