"""Examples of an encoding are run, each on a database in memory that holds the encoding and its own facts alone.

Adopting, recording and judging are those of every other question; only the rules are decided by their plain
interpreter, so that no child is started. An example that comes out otherwise is a problem of the file, at its place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

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
from duewatch.engine.problems import BadFile, BadInput, Problem
from duewatch.rules.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.encoding.examples import Example
    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.engine.encoding.statements import Row
    from duewatch.engine.judgement.adopting import Source
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
            tried = (_Trial(desk, source.instrument, one) for source in sources for one in source.examples)
            problems = [problem for trial in tried for problem in trial.problems()]
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


class _Trial:
    """One example at a desk whose database holds nothing but the encodings."""

    def __init__(self, desk: Desk, instrument: Instrument, example: Example) -> None:
        self.desk, self.instrument, self.example = desk, instrument, example

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the example, or with what comes out of it; the facts are rolled back."""
        example = self.example
        if example.expect != NOT_OWED and example.expect not in self.desk.rules.status.statuses:
            names = [*self.desk.rules.status.statuses, NOT_OWED]
            right = did_you_mean(example.expect, names, f"write one of {', '.join(names)}")
            return (self._problem(f"`{example.expect}` is no status", right),)
        try:
            with reading(self.desk.engine) as connection:
                return self._judged(connection)
        except BadFile as bad:
            return tuple(replace(one, wrong=self._labelled(one.wrong)) for one in bad.problems)
        except BadInput as wrong:
            return (self._problem(str(wrong)),)

    def _judged(self, connection: Connection) -> tuple[Problem, ...]:
        example, desk = self.example, self.desk
        at = example.as_of
        now = at if isinstance(at, datetime) else datetime.combine(at, _NOON)
        extend(connection, desk, at)
        statements = Statements(tuple(map(self._about, example.facts)), (self.instrument.symbol,))
        write_facts(desk, connection, statements, by=_NOBODY, now=now)
        name = self._occurrence(connection)
        if name is None:
            return ()
        question = Question(at)
        with judging(connection, desk, question, scope_of(connection, desk.encoding, self._owner)) as judged:
            found = _found(connection, desk, name)
            differing = [*self._differing(found)]
            if not differing:
                return ()
            items = answer_of(connection, desk, question, judged.k).items
        says = next((item.says for item in items if item.occurrence == name), "not owed")
        return (self._problem(f"as of {_said(at)}: {', '.join(differing)} ({says})", _REMEDY),)

    def _occurrence(self, connection: Connection) -> str | None:
        """The occurrence in full; None where there is none, and none is expected."""
        try:
            return occurrence_of(self.desk, connection, self._named())
        except BadInput:
            if self.example.expect == NOT_OWED and self.example.n is not None:
                return None
            raise

    def _differing(self, found: dict[str, Any]) -> Iterator[str]:
        """What came out and what was expected, a part each."""
        example = self.example
        status = found["status"] or NOT_OWED
        if status != example.expect:
            yield f"it comes out {status}, not {example.expect}"
        due = found["due"]
        if (example.undated and due is not None) or (example.due is not None and example.due != due):
            yield f"due {due or 'on no day'}, not {example.due or 'none'}"
        late = found["days_late"]
        if example.days_late is not None and example.days_late != late:
            yield f"{'without a count of days late' if late is None else f'{late} days late'}, not {example.days_late}"

    # ------------------------------------------------------------------ names
    @property
    def _owner(self) -> str:
        return naming.full_obligation(self.instrument.symbol, self.example.obligation)

    def _named(self, n: str | None = None) -> str:
        """The occurrence that the example is about, or that with the place in the series that a fact of it names."""
        example = self.example
        ordinal = n or ("" if example.n is None else str(example.n))
        return self._owner + (f"@{example.member}" if example.member else "") + (f"/{ordinal}" if ordinal else "")

    def _about(self, row: Row) -> Row:
        """Let a fact that does not say what it is about be about the entry; names of the file are its own."""
        cells = dict(row.cells)
        if row.text("kind") != "document" and not any(row.text(name) for name in _SAYING):
            name = self._owner if row.text("kind") in _ON_OBLIGATIONS else self._named(row.text("n"))
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

    def _problem(self, wrong: str, right: str = "") -> Problem:
        return Problem(self.example.place, self._labelled(wrong), right)

    def _labelled(self, wrong: str) -> str:
        return f"example of {self.example.obligation}: {wrong}"


def _found(connection: Connection, desk: Desk, name: str) -> dict[str, Any]:
    """The status over all readings, and the due day and the days late of the default one."""
    told = summary(desk)
    status = connection.scalar(select(told.c.status).where(told.c.occurrence == name))
    rows = readings_of(connection, desk).get(name, [])
    if status is None or not rows:
        return {"status": None, "due": None, "days_late": None}
    due = rows[0]["due"]
    return {"status": status, "due": None if due is None else from_day(due), "days_late": days_late_of(rows[0])}


def _said(when: date | datetime) -> str:
    return when.isoformat()
