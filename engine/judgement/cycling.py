"""The table of reporting and mandate cycles: what each entry asks for, how often, what came last and what comes next.

One line for each entry (and member, where each owes it) that falls due or is owed to somebody, and for each permission
that ends. Everything is asked on the three axes of time like a status; who prints it says nothing anew.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.judgement import naming
from duewatch.engine.judgement.asking import answer_of, remember
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.editions import every_edition, in_force, instrument_of, library_of
from duewatch.engine.judgement.effects import moved_events
from duewatch.engine.judgement.evidence import live
from duewatch.engine.judgement.horizons import extended
from duewatch.engine.judgement.moments import in_zone
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.judgement.wording import day_in_words, telling_parts
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.days import end_of_day, from_day, instant, to_day
from duewatch.engine.reckoning.cadence import cadence
from duewatch.engine.reckoning.clock import ClockFact, latest
from duewatch.engine.reckoning.moments import View, resolve
from duewatch.engine.reckoning.names import norm_names
from duewatch.engine.words import DUTIES, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.judgement.asking import Answer, Item
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.judgement.editions import Edition
    from duewatch.engine.words import Instrument, Norm, Party

_OWING: Final = frozenset({"obligation", "task"})
_PERMIT: Final = "permit"
_DONE: Final = "done"
_UNDONE: Final = "undone"
_OWED: Final = frozenset({"pending", _UNDONE})  # classes of what is still to come, or still owed
_UNSEEN: Final = "unseen"
_MOVING: Final = ("extension", "waiver", "judgement")
_DAYS: Final = ("dated", "transmitted", "issued", "received")
_END: Final = ".end"
_Fact = Any  # a row of the ledger


@dataclass(frozen=True, slots=True)
class Delivered:
    """What answered an occurrence: the day that counts, and the document's symbol ("" where there is none)."""

    day: date
    symbol: str


@dataclass(frozen=True, slots=True)
class End:
    """The end of the period that an entry runs in, or of the permission that it is."""

    period: str
    is_first: bool  # of the instrument's periods: its mandate, unless the clock names another
    day: date | None


@dataclass(frozen=True, slots=True)
class MovedEnd:
    """An end of a period that was recorded otherwise than the encoding has it (None: it has no day)."""

    instrument: str
    period: str
    given: date | None
    day: date
    symbol: str  # of the document that moved it; "" where none is recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table. `bearers` and `organs` are ids of parties of its instrument."""

    instrument: str
    obligation: str  # id within the instrument
    member: str
    provision: str
    bearers: tuple[str, ...]
    organs: tuple[str, ...]  # to whom it is owed
    topics: tuple[str, ...]
    action: str
    cycle: str
    last: Delivered | None
    next_due: date | None  # of the first occurrence that is still owed, whether its day has passed or not
    end: End | None
    is_mandate: bool  # nothing is delivered under it: it ends
    remarks: tuple[str, ...]
    lateness: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cycles:
    """The table, its review day, how far knowledge goes (None: nothing is recorded), and the parties it names."""

    as_of: date
    known_to: date | datetime | None
    entries_known: int  # of the ledger
    lines: tuple[Line, ...]
    parties: Mapping[str, Mapping[str, Party]]  # by instrument
    moved_ends: tuple[MovedEnd, ...]


def cycles(desk: Desk, question: Question) -> Cycles:
    """Make the table as of a day, with what was known then, under the desk's encoding."""
    with extended(desk, question.as_of) as connection:
        with judging(connection, desk, question) as judged:
            answer = answer_of(connection, desk, question, judged.k)
        table = _Table(connection, desk, question, judged.k)
        lines = tuple(table.lines(answer))
        known_to = question.as_known
        if known_to is None and judged.k:
            known_to = facts.newest(connection, judged.k).recorded_at
    remember(desk, judged.fresh)
    day = question.as_of if not isinstance(question.as_of, datetime) else table.today(question.as_of)
    moved = tuple(one for ends in table.moved_ends.values() for one in ends)
    return Cycles(day, known_to, judged.k, lines, table.parties, moved)


def edition_at(desk: Desk, moment: date | datetime) -> Cycles:
    """Make the table as it stood at a moment: as of it, known up to it, under the encoding that was in force then.

    Before the first adoption the first encoding stands.
    """
    with reading(desk.engine) as connection:
        until = instant(moment) if isinstance(moment, datetime) else end_of_day(to_day(moment), desk.zone) - 1
        known = every_edition(connection)
        then = [one for one in known if one.adopted_at <= until] or known[:1]
    return cycles(replace(desk, encoding=then[-1].encoding), Question(moment, moment))


class _Table:
    """What the lines are made from: the instruments as read, and the facts that moved or answered something."""

    def __init__(self, connection: Connection, desk: Desk, question: Question, k: int) -> None:
        self.desk = desk
        self.question = question
        edition = _edition_of(connection, desk.encoding)
        symbols = naming.instruments_of(connection, desk.encoding)
        self.instruments = {one: instrument_of(connection, desk.rules, one, edition) for one in symbols}
        self.libraries = {one: library_of(connection, one, edition) for one in symbols}
        self.classes = {name: outcome.class_ for name, outcome in desk.rules.status.statuses.items()}
        known = live(k, desk.encoding)
        rows = connection.execute(select(known).order_by(known.c.seq)).all()
        self.papers = {row.root: row for row in rows if row.kind == "document"}
        self.told: defaultdict[str, list[_Fact]] = defaultdict(list)
        for row in rows:
            if row.kind in _MOVING:
                self.told[row.target].append(row)
        self.events = [row for row in rows if row.kind == "event"]
        self.moved = {one: moved_events(connection, desk.encoding, one) for one in symbols}
        self.moved_ends = {symbol: tuple(self._moved_ends(one)) for symbol, one in self.instruments.items()}

    @property
    def parties(self) -> dict[str, Mapping[str, Party]]:
        return {symbol: one.parties for symbol, one in self.instruments.items()}

    def today(self, moment: datetime) -> date:
        """Give the day of a moment where the first instrument is."""
        zone = next(iter(self.instruments.values())).zone
        return from_day(in_zone(moment, zone).day)

    def lines(self, answer: Answer) -> Iterator[Line]:
        """Give the lines in the order of the encoding."""
        grouped: dict[tuple[str, str, str], list[Item]] = {}
        for item in sorted(answer.items, key=lambda one: one.place):
            grouped.setdefault((item.instrument, item.obligation, item.member or ""), []).append(item)
        for (symbol, name, member), items in grouped.items():
            entry = next(one for one in self.instruments[symbol].obligations if one.id == name)
            chosen = next((named for named, one in items[0].readings.items() if one["default"]), "")
            norm = next((one for one in entry.norms if one.reading == chosen), entry.norms[0])
            if _belongs(items, norm):
                restricted = str(entry.flat.get("handling", "")) not in {"", "none"}
                yield self._line(items, member, norm, restricted=restricted)

    def _line(self, items: Sequence[Item], member: str, norm: Norm, *, restricted: bool) -> Line:
        first = items[0]
        one = self.instruments[first.instrument]
        coming = self._next(items, norm)
        last = max(
            (item for item in items if item.discharged_on), key=lambda item: str(item.discharged_on), default=None
        )
        end = self._end(one, norm)
        remarks = (
            *self._of_next(coming),
            *(remark for item in items for remark in self._of_occurrence(item, items, norm)),
            *(("restricted",) if restricted else ()),
        )
        return Line(
            instrument=first.instrument,
            obligation=first.obligation,
            member=member,
            provision=first.provision,
            bearers=norm.bearer.parties,
            organs=norm.counterparty,
            topics=first.topics,
            action=norm.action,
            cycle=cadence(norm, one),
            last=None if last is None else self._delivered(last),
            next_due=None if coming is None else date.fromisoformat(str(coming.due)),
            end=end,
            is_mandate=norm.kind == _PERMIT,
            remarks=remarks,
            lateness=tuple(self._lateness(items, last)),
        )

    def _class(self, item: Item) -> str:
        """Give the class of an occurrence under the default reading."""
        return self.classes.get(item.default_status or "", "")

    def _next(self, items: Sequence[Item], norm: Norm) -> Item | None:
        """Give the first occurrence that is still owed; what a passed day has ended is not."""
        ended = norm.after_breach != "still_owed"
        owed = [
            item
            for item in items
            if item.due and self._class(item) in _OWED and not (ended and self._class(item) == _UNDONE)
        ]
        return min(owed, key=lambda item: str(item.due), default=None)

    # -------------------------------------------------------------- what came
    def _answers(self, item: Item) -> list[_Fact]:
        """Give the documents that answer an occurrence, in ledger order."""
        told = self.told.get(item.occurrence or "", ())
        answers = (row for row in told if row.kind == "judgement" and row.finding == "fulfilled")
        return [self.papers[row.document] for row in answers if row.document in self.papers]

    def _delivered(self, item: Item) -> Delivered:
        day = date.fromisoformat(str(item.discharged_on))
        papers = self._answers(item)
        on_that_day = [paper for paper in papers if to_day(day) in {getattr(paper, name) for name in _DAYS}]
        return Delivered(day, next((str(paper.symbol) for paper in on_that_day or papers), ""))

    # -------------------------------------------------------------- the period
    def _end(self, one: Instrument, norm: Norm) -> End | None:
        """Find the end of a permission as it is read, or of the period that a duty runs in as it was recorded.

        That period is the one that the clock names; the instrument's first where it names none.
        """
        own = [
            period for period in one.periods if f"{period}{_END}" in norm_names(norm, one, self.libraries[one.symbol])
        ]
        period = next(iter(own or one.periods), None)
        view = View(one, norm.settings, self._events_in_force(one), library=self.libraries[one.symbol])
        if norm.kind == _PERMIT and norm.until is not None:
            return End(period or "", _is_first(one, period), _day(resolve(norm.until, view).day))
        if period is None:
            return None
        given = _day(resolve(Ref(f"{period}{_END}"), view).day)
        moved = next((one for one in self.moved_ends[one.symbol] if one.period == period), None)
        return End(period, _is_first(one, period), given if moved is None else moved.day)

    def _events_in_force(self, one: Instrument) -> tuple[ClockFact, ...]:
        today = in_zone(self.question.as_of, one.zone).day
        rows = (row for row in self.events if row.instrument == one.symbol and row.effective <= today)
        by_text = (moved for moved in self.moved[one.symbol] if moved.effective <= today)
        by_record = (
            ClockFact(
                seq=row.seq,
                root=row.root,
                kind="event",
                target=naming.local_id(row.target),
                effective=row.effective,
                day=row.date,
            )
            for row in rows
        )
        return (*by_text, *by_record)

    def _moved_ends(self, one: Instrument) -> Iterator[MovedEnd]:
        """Give the ends of periods that were recorded otherwise than the encoding has them."""
        facts_ = self._events_in_force(one)
        for period in one.periods:
            given = resolve(Ref(f"{period}{_END}"), View(one, library=self.libraries[one.symbol])).day
            newest = latest(facts_, f"{period}{_END}", "event")
            if newest is not None and newest.day != given:
                recorded = (str(row.symbol or "") for row in self.events if row.seq == newest.seq)
                symbol = newest.said or next(recorded, "")
                yield MovedEnd(one.symbol, period, _day(given), from_day(newest.day), symbol)

    # -------------------------------------------------------------- remarks
    def _of_next(self, item: Item | None) -> Iterator[str]:
        """Say who moved the next day, and on which other day it falls under another arguable reading."""
        if item is None:
            return
        granted = [
            row for row in self._in_force(item, "extension") if _day(row.date) == date.fromisoformat(str(item.due))
        ]
        for row in granted[-1:]:
            yield f"moved to {day_in_words(row.date)} by {row.granted_by} ({row.symbol})"
        arguable = {name: one["due"] for name, one in item.readings.items() if one["standing"] == "arguable"}
        short = telling_parts(arguable)
        others: dict[str, list[str]] = {}
        for name, due in arguable.items():
            if due and due != item.due and short[name] not in others.setdefault(str(due), []):
                others[str(due)].append(short[name])
        for due, names in sorted(others.items()):
            yield f"{day_in_words(to_day(date.fromisoformat(due)))} under the reading {' or '.join(names)}"

    def _of_occurrence(self, item: Item, items: Sequence[Item], norm: Norm) -> Iterator[str]:
        """Say what was let go of, what came in another form, and what nobody can say."""
        for row in self._in_force(item, "waiver")[-1:]:
            yield f"{_which(item, items)}waived by {row.granted_by} ({row.symbol})"
        for paper in self._answers(item)[-1:]:
            if item.discharged_on and norm.form and paper.form and paper.form != norm.form:
                yield f"{paper.symbol} is a {paper.form}"
        if self._class(item) == _UNSEEN:
            yield f"{_which(item, items)}{item.says}"

    def _in_force(self, item: Item, kind: str) -> list[_Fact]:
        today = in_zone(self.question.as_of, self.instruments[item.instrument].zone).day
        found = [row for row in self.told.get(item.occurrence or "", ()) if row.kind == kind and row.effective <= today]
        return sorted(found, key=lambda row: (row.effective, row.seq))

    def _lateness(self, items: Sequence[Item], last: Item | None) -> Iterator[str]:
        """Say what is undone, in the words of its status, and how late the last one came."""
        for item in items:
            if self._class(item) == _UNDONE:
                yield f"{_which(item, items)}{item.says}"
        if last is not None and last.days_late and self._class(last) == _DONE:
            yield f"the last one came {last.days_late} day{'' if last.days_late == 1 else 's'} after its day"


def _belongs(items: Sequence[Item], norm: Norm) -> bool:
    """Whether an entry stands in the table: a duty with a day or owed to somebody, or a permission that ends."""
    if items[0].watch == "inventory":
        return False
    if norm.kind == _PERMIT:
        return norm.until is not None
    if norm.kind not in DUTIES or norm.modality not in _OWING:
        return False
    return bool(norm.counterparty) or any(item.due or item.discharged_on for item in items)


def _is_first(one: Instrument, period: str | None) -> bool:
    return period is None or period == next(iter(one.periods))


def _which(item: Item, items: Sequence[Item]) -> str:
    """Name an occurrence of a series by its place; one that stands alone needs no name."""
    return f"n {naming.split_occurrence(item.occurrence or '')[2]}: " if len(items) > 1 else ""


def _day(day: int | None) -> date | None:
    return None if day is None else from_day(day)


def _edition_of(connection: Connection, encoding: str) -> Edition:
    """Give the newest edition of an encoding; the one in force where it was never adopted."""
    found = [one for one in every_edition(connection) if one.encoding == encoding]
    return found[-1] if found else in_force(connection)
