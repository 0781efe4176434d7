"""Slips: due dates that moved, as the ledger and the encodings came to move them.

What is compared is the day that the default reading gave before and after each step of knowledge: a recorded fact
(an extension, the day of an event, its correction, a ruling that changes the default reading, a delivery from which a
series rolls on) or the adoption of another encoding. Everything is seen from one day, `as_of`: what is in force only
later has moved nothing yet. A date that was never known before it appeared has not moved.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.judgement.editions import every_edition
from duewatch.engine.judgement.horizons import extended
from duewatch.engine.judgement.moments import in_zone, knowledge
from duewatch.engine.judgement.naming import split_occurrence, symbol_of
from duewatch.engine.judgement.rulings import KIND
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.days import day_at, end_of_day, from_day, instant, to_day
from duewatch.engine.ledger.tables import FIRST_DAY, answer, dating, instrument, obligation, variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.judgement.desk import Desk, Question
    from duewatch.engine.ledger.facts import Entry

_NOBODY: Final = "not-named"
_ENCODING: Final = "encoding"
_Row = Any  # a row of the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What moved a date: a fact, with the day from which it counts and the moment at which we came to know it."""

    cause: str  # extension | event | ruling ... | correction of event | retraction of event | encoding
    fact: int | None = None  # ledger number; None: an encoding was adopted
    granted_on: date | None = None  # None: nobody granted it on a day of its own
    granted_by: str = ""
    symbol: str = ""
    recorded_at: datetime  # UTC
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One date that moved. `days`: later above 0, earlier below; None where one side has no date.

    The old day had passed when the move was granted, or only when it was recorded, or neither.
    """

    occurrence: str  # in full
    provision: str
    bearers: tuple[str, ...]  # ids of parties; the member alone, where each owes it
    was: date | None
    now: date | None
    days: int | None
    step: Step
    passed_when_granted: bool
    passed_when_recorded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slipped:
    """An occurrence that moved, or all that a bearer owes: how often, and by how much in all.

    `days` is from the first day to the last one; `later` and `earlier` count moves, `after` those of a day that had
    passed when the move was granted.
    """

    name: str  # of the occurrence in full, or the bearer's id
    occurrences: int
    moves: int
    later: int
    earlier: int
    after: int
    days: int
    longest: int  # the longest single move later, in days; 0 for none


@dataclass(frozen=True, slots=True)
class Slips:
    """Every move in the order in which it became known, and its sums."""

    moves: tuple[Move, ...]
    occurrences: tuple[Slipped, ...]
    bearers: tuple[Slipped, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The ledger numbers `first` to `last` during which an encoding was in force."""

    encoding: str
    first: int
    last: int
    adopted_at: int
    adopted_by: str


@dataclass(frozen=True, slots=True)
class _Point:
    """What the default reading said from one step of knowledge on; `by` is the stretch whose adoption was the step."""

    due: int | None
    k: int
    by: _Stretch | None


def slips(desk: Desk, question: Question) -> Slips:
    """Find what moved, seen from `as_of` with what was known by `as_known`."""
    with extended(desk, question.as_of) as connection:
        k = knowledge(connection, question.as_known, desk.zone)
        stretches = _stretches(connection, _until(desk, question), k)
        days = _days(connection, question, [one.encoding for one in stretches])
        found = _History(connection, stretches, days, k)
        moves = sorted(found.moves(), key=_order)
    return Slips(tuple(moves), _summed(moves, lambda move: (move.occurrence,)), _summed(moves, lambda one: one.bearers))


def of_bearer(found: Slips, bearer: str) -> Slips:
    """Keep what one bearer owes, with the sums of that alone."""
    moves = [move for move in found.moves if bearer in move.bearers]
    return Slips(tuple(moves), _summed(moves, lambda one: (one.occurrence,)), _summed(moves, lambda _: (bearer,)))


def _until(desk: Desk, question: Question) -> int | None:
    """Give the instant up to which encodings count as adopted; None: all of them."""
    known = question.as_known
    if known is None:
        return None
    return instant(known) if isinstance(known, datetime) else end_of_day(to_day(known), desk.zone) - 1


def _stretches(connection: Connection, until: int | None, k: int) -> list[_Stretch]:
    """Give each encoding with the ledger numbers known under it; adopting the same one again begins none.

    What was recorded in the second of an adoption counts as known before it.
    """
    known = every_edition(connection)
    editions = [one for one in known if until is None or one.adopted_at <= until] or list(known[:1])
    kept = [*editions[:1], *(one for before, one in pairwise(editions) if before.encoding != one.encoding)]
    starts = [0, *(facts.known(connection, one.adopted_at) for one in kept[1:])]
    ends = [*starts[1:], k]
    return [
        _Stretch(one.encoding, min(first, k), min(last, k), one.adopted_at, one.adopted_by)
        for one, first, last in zip(kept, starts, ends, strict=True)
    ]


def _days(connection: Connection, question: Question, encodings: Sequence[str]) -> dict[tuple[str, str], int]:
    """Give the day asked about, by encoding and instrument, in the zone that the instrument has there."""
    query = select(instrument.c.encoding, instrument.c.symbol, instrument.c.zone)
    rows = connection.execute(query.where(instrument.c.encoding.in_(encodings)))
    return {(row.encoding, row.symbol): in_zone(question.as_of, row.zone).day for row in rows}


class _History:
    """The dates that each reading gave, and which reading was the default, along the ledger."""

    def __init__(
        self, connection: Connection, stretches: Sequence[_Stretch], days: Mapping[tuple[str, str], int], k: int
    ) -> None:
        self.stretches, self.days = stretches, days
        self.entries = {entry.seq: entry for entry in facts.rows(connection) if entry.seq <= k}
        self.rulings = [entry for entry in self.entries.values() if entry.draft.kind == KIND]
        self.decided: dict[tuple[int, int], dict[str, str]] = {}
        self.readings = {one.encoding: _Readings(connection, one.encoding) for one in stretches}
        self.dated = {one.encoding: self._dated(connection, one.encoding) for one in stretches}

    def _dated(self, connection: Connection, encoding: str) -> dict[str, list[_Row]]:
        """Give the datings on the day asked about, by occurrence."""
        columns = (dating.c.occurrence, dating.c.obligation, dating.c.reading, dating.c.k0, dating.c.k1, dating.c.due)
        asked = [day for (own, _), day in self.days.items() if own == encoding]
        query = select(*columns, dating.c.d0, dating.c.d1).where(
            dating.c.encoding == encoding, dating.c.d0 <= max(asked, default=0), dating.c.d1 > min(asked, default=0)
        )
        found: defaultdict[str, list[_Row]] = defaultdict(list)
        for row in connection.execute(query):
            if row.d0 <= self.days[encoding, symbol_of(row.occurrence)] < row.d1:
                found[row.occurrence].append(row)
        return found

    def moves(self) -> Iterator[Move]:
        """Give the moves of every occurrence."""
        names = dict.fromkeys(name for one in self.stretches for name in self.dated[one.encoding])
        for name in names:
            last_known: int | None = None
            for before, after in pairwise(self._points(name)):
                last_known = before.due if before.due is not None else last_known
                if before.due != after.due and last_known is not None:
                    yield self._move(name, before, after)

    def _points(self, name: str) -> Iterator[_Point]:
        """Give what was said from each step of knowledge on."""
        for place, stretch in enumerate(self.stretches):
            rows = self.dated[stretch.encoding].get(name, ())
            steps = {seq for row in rows for seq in (row.k0, row.k1)} | {one.seq for one in self.rulings}
            inside = sorted(seq for seq in steps if stretch.first < seq <= stretch.last)
            yield _Point(self._due(stretch, name, rows, stretch.first), stretch.first, stretch if place else None)
            for seq in inside:
                yield _Point(self._due(stretch, name, rows, seq), seq, None)

    def _due(self, stretch: _Stretch, name: str, rows: Sequence[_Row], k: int) -> int | None:
        """Give the day that the default reading gives at one point of knowledge."""
        owner = split_occurrence(name)[0]
        today = self.days.get((stretch.encoding, symbol_of(name)), FIRST_DAY)
        chosen = self.readings[stretch.encoding].default(owner, self._ruled(k, today))
        return next((row.due for row in rows if row.reading == chosen and row.k0 <= k < row.k1), None)

    def _ruled(self, k: int, today: int) -> dict[str, str]:
        """Give the answers in force by question: of several rulings on one, the latest day, then number."""
        if (k, today) not in self.decided:
            self.decided[k, today] = self._decided(k, today)
        return self.decided[k, today]

    def _decided(self, k: int, today: int) -> dict[str, str]:
        newest = {one.root: one for one in self.rulings if one.seq <= k}
        standing = [one for one in newest.values() if not one.gone and to_day(_effective(one)) <= today]
        ordered = sorted(standing, key=lambda one: (_effective(one), one.seq))
        return {one.draft.target: str(one.draft.finding) for one in ordered}

    def _move(self, name: str, before: _Point, after: _Point) -> Move:
        owner, member, _ = split_occurrence(name)
        home = next(one for one in reversed(self.readings.values()) if owner in one.entries)
        provision, bearers = home.entry(owner)
        step = self._step(after)
        seen_on = from_day(day_at(instant(step.recorded_at), home.zone(symbol_of(name))))
        was, now = (None if point.due is None else from_day(point.due) for point in (before, after))
        return Move(
            occurrence=name,
            provision=provision,
            bearers=(member,) if member else bearers or (_NOBODY,),
            was=was,
            now=now,
            days=None if was is None or now is None else (now - was).days,
            step=step,
            passed_when_granted=was is not None and (step.granted_on or seen_on) > was,
            passed_when_recorded=was is not None and seen_on > was,
        )

    def _step(self, point: _Point) -> Step:
        """Give what made the difference at a point: an encoding, or the fact of that number."""
        if point.by is not None:
            at = datetime.fromtimestamp(point.by.adopted_at, UTC)
            return Step(cause=_ENCODING, recorded_at=at, recorded_by=point.by.adopted_by)
        entry = self.entries[point.k]
        return Step(
            cause=_cause(entry),
            fact=entry.seq,
            granted_on=_granted_on(entry),
            granted_by=entry.draft.granted_by or "",
            symbol=entry.draft.symbol or "",
            recorded_at=entry.recorded_at,
            recorded_by=entry.draft.recorded_by,
        )


class _Readings:
    """The entries of an encoding, and which reading of each is the default one under given rulings."""

    def __init__(self, connection: Connection, encoding: str) -> None:
        norm = (variant.c.encoding == obligation.c.encoding) & (variant.c.obligation == obligation.c.obligation)
        columns = (obligation.c.obligation, obligation.c.provision, variant.c.reading, variant.c.body)
        query = select(*columns).join(variant, norm).where(obligation.c.encoding == encoding)
        self.entries = {row.obligation: row for row in connection.execute(query.where(variant.c.is_default == 1))}
        self.answers: defaultdict[str, defaultdict[str, dict[str, _Row]]] = defaultdict(lambda: defaultdict(dict))
        for row in connection.execute(select(answer).where(answer.c.encoding == encoding)):
            self.answers[row.obligation][row.reading][row.question] = row
        homes = select(instrument.c.symbol, instrument.c.zone).where(instrument.c.encoding == encoding)
        self.zones = {row.symbol: row.zone for row in connection.execute(homes)}

    def zone(self, symbol: str) -> str:
        """Give the zone of an instrument."""
        return str(self.zones[symbol])

    def entry(self, owner: str) -> tuple[str, tuple[str, ...]]:
        """Give the provision and the bearers of an entry."""
        row = self.entries[owner]
        return row.provision, tuple(row.body["bearer"]["parties"])

    def default(self, owner: str, ruled: Mapping[str, str]) -> str:
        """Give the default reading: the one whose parts are the answers decided, and the usual ones else."""
        for reading_name, parts in self.answers.get(owner, {}).items():
            if all(
                part.answer == ruled[question] if question in ruled else part.is_default
                for question, part in parts.items()
            ):
                return str(reading_name)
        return str(self.entries[owner].reading) if owner in self.entries else ""


def _order(move: Move) -> tuple[datetime, int, str]:
    return move.step.recorded_at, move.step.fact or 0, move.occurrence


def _effective(entry: Entry) -> date:
    return entry.draft.effective or entry.recorded_at.date()


def _granted_on(entry: Entry) -> date | None:
    """Give the day from which a fact counts; a correction or a retraction is so from the day of recording."""
    return None if entry.seq != entry.root else entry.draft.effective


def _cause(entry: Entry) -> str:
    """Say what moved it: the kind of the fact, or that one was corrected or taken back."""
    if entry.gone:
        return f"retraction of {entry.draft.kind}"
    return entry.draft.kind if entry.seq == entry.root else f"correction of {entry.draft.kind}"


# ------------------------------------------------------------------ sums
def _summed(moves: Iterable[Move], names: Callable[[Move], Iterable[str]]) -> tuple[Slipped, ...]:
    """Sum the moves by a name; a move that has several counts for each."""
    found: defaultdict[str, list[Move]] = defaultdict(list)
    for move in moves:
        for name in names(move):
            found[name].append(move)
    return tuple(_sum(name, own) for name, own in sorted(found.items()))


def _sum(name: str, moves: Sequence[Move]) -> Slipped:
    days = [move.days for move in moves if move.days is not None]
    return Slipped(
        name=name,
        occurrences=len({move.occurrence for move in moves}),
        moves=len(moves),
        later=sum(day > 0 for day in days),
        earlier=sum(day < 0 for day in days),
        after=sum(move.passed_when_granted for move in moves),
        days=sum(days),
        longest=max((day for day in days if day > 0), default=0),
    )
