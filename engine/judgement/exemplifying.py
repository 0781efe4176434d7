"""Examples of an encoding are run, each on a database in memory that holds the encoding and its own facts alone.

Adopting, recording and judging are those of every other question; only the rules are decided by their plain
interpreter, so that no child is started. An example that comes out otherwise is a problem of the file, at its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from duewatch.engine.encoding.examples import NOT_OWED
from duewatch.engine.encoding.notebook import did_you_mean
from duewatch.engine.encoding.statements import Cell, Statements
from duewatch.engine.judgement import naming
from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.asking import answer_of, days_late_of, readings_of
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.judgement.editions import keep_read
from duewatch.engine.judgement.excerpting import excerpt
from duewatch.engine.judgement.horizons import extend
from duewatch.engine.judgement.importing import write_facts
from duewatch.engine.judgement.recording import occurrence_of
from duewatch.engine.judgement.sources import scope_of
from duewatch.engine.judgement.verdicts import judging, summary
from duewatch.engine.ledger.database import open_database, reading, writing
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.tables import ALL_KNOWLEDGE, dating
from duewatch.engine.problems import BadFile, BadInput, Problem
from duewatch.rules.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.encoding.examples import Example
    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.engine.encoding.statements import Row
    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.words import Instrument

_IN_MEMORY: Final = "sqlite://"
_NOBODY: Final = "example"
_NOON: Final = time(12, tzinfo=UTC)
_SAYING: Final = ("id", "provision", "event", "instrument")  # a fact with one of these says what it is about
_ON_OBLIGATIONS: Final = ("measure", "review")  # kinds of fact that are about an entry, not about one of its dates
_REMEDY: Final = "mend the entry, or what the example expects"


def try_examples(rules: Rules, sources: Sequence[Source]) -> None:
    """Run the examples of encodings that are to be adopted together. BadFile with each that comes out otherwise.

    BadInput as for `adopt`. Nothing is kept.
    """
    sources = [_excerpt(rules, source) for source in sources if source.examples]
    if not sources:
        return
    engine = open_database(_IN_MEMORY)
    try:
        with Interpreter() as decider:
            now = datetime.combine(max(source.instrument.adopted for source in sources), _NOON)
            with writing(engine) as connection:
                encoding = adopt(connection, sources, now=now, by=_NOBODY)
            desk = Desk(engine, rules, decider, encoding, "UTC")
            trials = [_Trial(desk, source.instrument, one) for source in sources for one in source.examples]
            problems = [problem for group in _groups(trials) for problem in _tried(desk, group)]
    finally:
        engine.dispose()
    if problems:
        raise BadFile(problems)


def _excerpt(rules: Rules, source: Source) -> Source:
    """Leave out what no example rests on. The text is another one then, and never read: it is kept in mind as read."""
    content = source.content + b"\n# an excerpt for its examples"
    instrument = excerpt(source.instrument, source.examples)
    keep_read(content, source.path, rules, instrument)
    return replace(source, instrument=instrument, content=content)


def _groups(trials: Iterable[_Trial]) -> Iterable[list[_Trial]]:
    """Put together what can be asked at once: examples of one moment without facts."""
    groups: dict[object, list[_Trial]] = {}
    for place, trial in enumerate(trials):
        example = trial.example
        alone = bool(example.facts or example.member)
        groups.setdefault(place if alone else example.as_of, []).append(trial)
    return groups.values()


def _tried(desk: Desk, group: Sequence[_Trial]) -> list[Problem]:
    """Record what the examples suppose, ask once, and give what is wrong with them; all of it is rolled back."""
    problems: list[Problem] = []
    at = group[0].example.as_of
    question = Question(at)
    with reading(desk.engine) as connection:
        extend(connection, desk, at)
        named = [(trial, name) for trial in group if (name := trial.prepared(connection, problems))]
        scope = frozenset().union(*(scope_of(connection, desk.encoding, trial.owner) for trial, _ in named))
        with judging(connection, desk, question, scope) as judged:
            found = _found(connection, desk)
            wrong = [(trial, name) for trial, name in named if trial.differing(found.get(name, _NONE))]
            items = answer_of(connection, desk, question, judged.k).items if wrong else ()
            says = {item.occurrence: f"{item.says}{_why_undated(connection, desk, item)}" for item in items}
    for trial, name in wrong:
        parts = ", ".join(trial.differing(found.get(name, _NONE)))
        problems.append(trial.problem(f"as of {at.isoformat()}: {parts} ({says.get(name, 'not owed')})", _REMEDY))
    return problems


def _why_undated(connection: Connection, desk: Desk, item: Item) -> str:
    """Say why a date cannot be computed: the last step of the computation."""
    if item.status != "unresolved":
        return ""
    here = (dating.c.encoding == desk.encoding, dating.c.occurrence == item.occurrence, dating.c.k1 == ALL_KNOWLEDGE)
    query = select(dating.c.steps).where(*here, dating.c.state == "unresolved").order_by(dating.c.d0.desc())
    steps = connection.scalar(query.limit(1))
    return f": {steps[-1]}" if steps else ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What an occurrence came to: its status over all readings, due day and days late under the default one."""

    status: str = NOT_OWED
    due: date | None = None
    days_late: int | None = None


_NONE: Final = _Found()


def _found(connection: Connection, desk: Desk) -> dict[str, _Found]:
    """Everything that was judged and is owed, by occurrence."""
    told = summary(desk)
    readings = readings_of(connection, desk)
    rows = connection.execute(select(told.c.occurrence, told.c.status))
    defaults = ((name, status, readings[name][0]) for name, status in rows)
    return {
        name: _Found(status, None if row["due"] is None else from_day(row["due"]), days_late_of(row))
        for name, status, row in defaults
    }


class _Trial:
    """One example at a desk whose database holds nothing but the encodings."""

    def __init__(self, desk: Desk, instrument: Instrument, example: Example) -> None:
        self.desk, self.instrument, self.example = desk, instrument, example

    def prepared(self, connection: Connection, problems: list[Problem]) -> str | None:
        """Record the facts, and give the occurrence in full; None where nothing is left to ask."""
        example = self.example
        if example.expect not in {NOT_OWED, *self.desk.rules.status.statuses}:
            names = [*self.desk.rules.status.statuses, NOT_OWED]
            right = did_you_mean(example.expect, names, f"write one of {', '.join(names)}")
            problems.append(self.problem(f"`{example.expect}` is no status", right))
            return None
        at = example.as_of
        now = at if isinstance(at, datetime) else datetime.combine(at, _NOON)
        statements = Statements(tuple(map(self._about, example.facts)), (self.instrument.symbol,))
        try:
            write_facts(self.desk, connection, statements, by=_NOBODY, now=now)
            return occurrence_of(self.desk, connection, self._named())
        except BadFile as bad:
            problems += [replace(one, wrong=self._labelled(one.wrong)) for one in bad.problems]
        except BadInput as wrong:
            if example.expect != NOT_OWED or example.n is None:
                problems.append(self.problem(str(wrong)))
        return None

    def differing(self, found: _Found) -> list[str]:
        """What came out and what was expected, a part each."""
        example, parts = self.example, []
        if found.status != example.expect:
            parts.append(f"it comes out {found.status}, not {example.expect}")
        if (example.undated and found.due is not None) or example.due not in {None, found.due}:
            parts.append(f"due {found.due or 'on no day'}, not {example.due or 'none'}")
        late = found.days_late
        if example.days_late not in {None, late}:
            came = "without a count of days late" if late is None else f"{late} day{'s' * (late != 1)} late"
            parts.append(f"{came}, not {example.days_late}")
        return parts

    # ------------------------------------------------------------------ names
    @property
    def owner(self) -> str:
        """The entry in full."""
        return naming.full_obligation(self.instrument.symbol, self.example.obligation)

    def _named(self, n: str | None = None) -> str:
        """The occurrence that the example is about, or that with the place in the series that a fact of it names."""
        example = self.example
        ordinal = n or ("" if example.n is None else str(example.n))
        return self.owner + (f"@{example.member}" if example.member else "") + (f"/{ordinal}" if ordinal else "")

    def _about(self, row: Row) -> Row:
        """Let a fact that does not say what it is about be about the entry; names of the file are its own."""
        cells = dict(row.cells)
        if row.text("kind") != "document" and not any(row.text(name) for name in _SAYING):
            name = self.owner if row.text("kind") in _ON_OBLIGATIONS else self._named(row.text("n"))
            cells["id"] = Cell(row.place, name)
        for column, known in (("id", self._ids()), ("event", self._events())):
            if text := row.text(column):
                cells[column] = replace(cells[column], text=self._full(text, known))
        return replace(row, cells=cells)

    def _full(self, text: str, known: Iterable[str]) -> str:
        """Name what this file declares in full: another file at the desk may have the same names."""
        names = [name.strip() for name in text.split(",")]
        whole = set(known)
        return ", ".join(
            naming.full_obligation(self.instrument.symbol, name)
            if naming.split_occurrence(name)[0] in whole or name in whole
            else name
            for name in names
        )

    def _ids(self) -> Iterator[str]:
        return (entry.id for entry in self.instrument.obligations)

    def _events(self) -> Iterator[str]:
        yield from self.instrument.events
        for name, period in self.instrument.periods.items():
            if not period.session:
                yield from (f"{name}.start", f"{name}.end")

    def problem(self, wrong: str, right: str = "") -> Problem:
        """Something that is wrong, at the place of what is expected."""
        return Problem(self.example.place, self._labelled(wrong), right)

    def _labelled(self, wrong: str) -> str:
        return f"example of {self.example.obligation}: {wrong}"
