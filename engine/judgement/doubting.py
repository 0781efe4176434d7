"""Doubts: every question and every reading of an encoding, and the day from which each matters.

A doubt matters for an entry from the first day on which one of its answers, all else being read by default, puts the
entry in another class than the default answer does. That is walked from look to look with an empty ledger, so that the
sheet says what the text leaves open, not what happened to settle it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.reader import read
from duewatch.engine.judgement.deciding import standing_rulings
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.editions import edition_of
from duewatch.engine.judgement.horizons import AHEAD, extend
from duewatch.engine.judgement.naming import full_obligation
from duewatch.engine.judgement.rulings import OWN, doubts_of
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.judgement.sources import scope_of
from duewatch.engine.judgement.verdicts import decided, judging
from duewatch.engine.ledger import texts
from duewatch.engine.ledger.database import rehearsing
from duewatch.engine.ledger.days import from_day, to_day
from duewatch.engine.ledger.tables import instrument, obligation, variant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.ledger.facts import Entry

_BEFORE_ALL_FACTS: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """One answer of a question, or one reading of an entry."""

    name: str
    default: bool
    standing: str  # arguable | noted
    why: str


@dataclass(frozen=True, slots=True)
class Touched:
    """An entry that a doubt is about; `matters` names each answer that may put it in another class, and since when."""

    obligation: str  # in full
    provision: str
    action: str
    matters: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question of an instrument (`name`), or the readings of one entry (`name` is OWN)."""

    instrument: str
    name: str
    asks: str
    answers: tuple[AnswerGiven, ...]
    entries: tuple[Touched, ...]
    decided: str = ""  # which answer, by whose authority and from which day; "" while nobody has decided

    def since(self, answer: str) -> date | None:
        """The first day on which an answer matters for any entry; None: not by time alone, in the days looked at."""
        return min((entry.matters[answer] for entry in self.entries if answer in entry.matters), default=None)

    @property
    def contested_from(self) -> date | None:
        """The first day on which an arguable answer matters."""
        days = (self.since(answer.name) for answer in self.answers if answer.standing == "arguable")
        return min((day for day in days if day), default=None)

    @property
    def is_open(self) -> bool:
        """Whether an answer beside the default one can be argued; what is only noted is no dispute."""
        return not self.decided and any(one.standing == "arguable" and not one.default for one in self.answers)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry with its doubts in the order in which they make up the names of its readings."""

    name: str
    provision: str
    action: str
    instrument: str
    own: Mapping[str, Any]
    doubts: tuple[str, ...]
    default: tuple[str, ...]  # the parts of the default reading


def doubts(desk: Desk, *, until: date | None = None) -> tuple[Doubt, ...]:
    """Every doubt of the encoding in force: the shared questions in the order of the file, then the entries' own.

    Each instrument is walked from its adoption to `until`, by default as far as endless series are dated.
    """
    with rehearsing(desk.engine) as connection:  # dating further ahead is undone again
        entries = _entries(connection, desk.encoding)
        homes = select(instrument).where(instrument.c.encoding == desk.encoding).order_by(instrument.c.place)
        found: list[Doubt] = []
        for home in connection.execute(homes).mappings().all():  # the walk opens and drops tables of its own
            own = [entry for entry in entries if entry.instrument == home["symbol"]]
            found += _of_instrument(connection, desk, home, own, until)
    return tuple(sorted(found, key=lambda doubt: doubt.name == OWN))  # stable: the order of the files otherwise


def _of_instrument(
    connection: Connection, desk: Desk, home: RowMapping, entries: Sequence[_Entry], until: date | None
) -> list[Doubt]:
    first = from_day(home["adopted"])
    last = until or first + AHEAD
    extend(connection, desk, min(last, date.max - 2 * AHEAD))
    moved = _Walk(connection, desk, entries).run(first, last)
    symbol = home["symbol"]
    shared, rulings = _questions(connection, desk, symbol), standing_rulings(connection)
    found = [
        Doubt(
            symbol,
            name,
            str(asked.get("asks", "")),
            _answers(asked),
            tuple(_touched(entries, name, moved)),
            _decided(rulings.get(full_obligation(symbol, name))),
        )
        for name, asked in shared.items()
    ]
    return found + [
        Doubt(symbol, OWN, entry.action, _answers(entry.own), tuple(_touched([entry], OWN, moved)))
        for entry in entries
        if entry.own
    ]


def _decided(ruling: Entry | None) -> str:
    if ruling is None:
        return ""
    draft = ruling.draft
    return f"{draft.finding}, by {draft.granted_by} from {draft.effective} (fact {ruling.root})"


def _questions(connection: Connection, desk: Desk, symbol: str) -> dict[str, dict[str, Any]]:
    """The questions of an instrument as its text has them, with the reason of each answer."""
    for file in edition_of(connection, desk.encoding).files:
        if file["instrument"] == symbol:
            tree = plain(read(texts.fetch(connection, file["sha256"]), name=file["path"], max_bytes=4 << 20).root)
            found = tree.get("questions") if isinstance(tree, dict) else None
            return dict(found or {})
    return {}


def _answers(given: Mapping[str, Any]) -> tuple[AnswerGiven, ...]:
    return tuple(
        AnswerGiven(name, bool(one.get("default")), str(one.get("standing") or "arguable"), str(one.get("why") or ""))
        for name, one in given.items()
        if isinstance(one, dict)
    )


def _entries(connection: Connection, encoding: str) -> list[_Entry]:
    """The entries that are in doubt, in the order of the file."""
    query = (
        select(obligation, variant.c.reading, variant.c.body)
        .join(
            variant, (variant.c.encoding == obligation.c.encoding) & (variant.c.obligation == obligation.c.obligation)
        )
        .where(obligation.c.encoding == encoding, variant.c.is_default == 1)
        .order_by(obligation.c.place)
    )
    found = (_entry(row) for row in connection.execute(query).mappings())
    return [entry for entry in found if entry.doubts]


def _entry(row: RowMapping) -> _Entry:
    own = row["flat"].get("readings")
    return _Entry(
        name=row["obligation"],
        provision=row["provision"],
        action=row["body"]["action"],
        instrument=row["instrument"],
        own=own if isinstance(own, dict) else {},  # `none` takes back what a group shares
        doubts=doubts_of(row["flat"]),
        default=tuple(row["reading"].split("/")),
    )


def _touched(
    entries: Sequence[_Entry], name: str, moved: Mapping[tuple[str, str], dict[str, date]]
) -> Iterator[Touched]:
    for entry in entries:
        if name in entry.doubts:
            yield Touched(entry.name, entry.provision, entry.action, moved.get((entry.name, name), {}))


class _Walk:
    """From look to look, each entry on the days on which it may change; keeps the first day of each difference."""

    def __init__(self, connection: Connection, desk: Desk, entries: Sequence[_Entry]) -> None:
        self.connection, self.desk = connection, desk
        self.entries = {entry.name: entry for entry in entries}
        self.scopes = {name: scope_of(connection, desk.encoding, name) for name in self.entries}
        self.found: dict[tuple[str, str], dict[str, date]] = {}

    def run(self, first: date, last: date) -> dict[tuple[str, str], dict[str, date]]:
        """Give, for each entry and doubt, the answers that matter with their first days."""
        agenda: dict[date, set[str]] = {first: set(self.entries)}
        while agenda and (day := min(agenda)) <= last:
            for name, again in self._look(day, agenda.pop(day)).items():
                agenda.setdefault(again, set()).add(name)
        return self.found

    def _look(self, day: date, names: set[str]) -> dict[str, date]:
        """Look at some entries on a day, and give the day of the next look at each."""
        scope = frozenset().union(*(self.scopes[name] for name in names))
        with judging(self.connection, self.desk, Question(day, _BEFORE_ALL_FACTS), scope):
            self._compare(day, names)
            query = select(verdict.c.obligation, func.min(verdict.c.next_day)).group_by(verdict.c.obligation)
            turns = {row[0]: row[1] for row in self.connection.execute(query)}
        # what looks at others turns with them
        soonest = {
            name: min((turns[one] for one in self.scopes[name] if turns.get(one)), default=None) for name in names
        }
        return {name: from_day(turn) for name, turn in soonest.items() if turn is not None and turn > to_day(day)}

    def _compare(self, day: date, names: set[str]) -> None:
        query = select(verdict.c.occurrence, verdict.c.obligation, verdict.c.reading, decided.c.class_)
        query = query.join(decided, decided.c.signature == verdict.c.signature)
        classes: dict[tuple[str, str], dict[str, str]] = {}
        for row in self.connection.execute(query):
            if row.obligation in names:
                classes.setdefault((row.obligation, row.occurrence), {})[row.reading] = row.class_
        for (name, _), by_reading in classes.items():
            self._note(self.entries[name], by_reading, day)

    def _note(self, entry: _Entry, classes: Mapping[str, str], day: date) -> None:
        """Compare the default reading with those that differ from it in one part alone."""
        default = classes.get("/".join(entry.default))
        for reading_name, found in classes.items():
            if found == default:
                continue
            parts = reading_name.split("/")
            differing = [n for n, (one, other) in enumerate(zip(parts, entry.default, strict=False)) if one != other]
            if len(differing) == 1:
                [place] = differing
                doubt = entry.doubts[place]
                self.found.setdefault((entry.name, doubt), {}).setdefault(parts[place], day)
