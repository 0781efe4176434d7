"""Back-test: recorded history played through an encoding, on a database of its own that is thrown away.

It answers what the encoding would have said: for each occurrence that the history speaks of, when it fell due, when it
was delivered, how many days early or late, and where it stood under each reading. Nothing depends on the clock.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.encoding.statements import DAYS
from duewatch.engine.judgement.addressing import Cited, Directory
from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.asking import answer_of, readings_of
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.judgement.importing import LeftOut, import_facts
from duewatch.engine.judgement.naming import find_obligation, local_id, split_occurrence
from duewatch.engine.judgement.verdicts import ABSENT, judging
from duewatch.engine.ledger.database import open_database, reading, writing
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.quantities import parse_quantity
from duewatch.engine.ledger.tables import variant
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, RowMapping

    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.engine.encoding.statements import Row, Statements
    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.asking import Item
    from duewatch.rules.rete import Decider

_NOBODY: Final = "back-test"
_NOON: Final = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an occurrence stood under some readings that agree. `days`: late above 0, early below, None undelivered."""

    readings: tuple[str, ...]
    due: date | None
    delivered: date | None
    days: int | None
    status: str | None  # None: these readings do not know the occurrence
    arguable: bool  # under one of them at least


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence that the history speaks of; the first stand is that of the default reading."""

    occurrence: str  # in full
    provision: str
    status: str | None
    says: str
    stands: tuple[Stand, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of the history beside its target, compared exactly; `day` None: it was not found."""

    obligation: str
    provision: str
    body: str
    day: date | None
    value: Fraction
    of: Fraction | None
    bound: str  # "at least 3/10 (30.0%)"
    reached: bool | None  # None: the bound is not known


@dataclass(frozen=True, slots=True)
class Backtest:
    """What one encoding makes of a history."""

    files: tuple[str, ...]
    encoding: str
    as_of: date
    lines: tuple[Line, ...]
    measures: tuple[Measured, ...]
    left_out: tuple[LeftOut, ...]


def backtest(
    rules: Rules, decider: Decider, sources: Sequence[Source], statements: Statements, as_of: date | None = None
) -> Backtest:
    """Play the statements through the encodings; a row that may not be recorded is listed, and the rest is played.

    `as_of`: the day asked about, by default the last one of which the history speaks.
    """
    day = as_of or last_day(statements) or max(source.instrument.adopted for source in sources)
    now = datetime.combine(day, _NOON)
    with tempfile.TemporaryDirectory(prefix="duewatch-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'history.db'}")
        try:
            with writing(engine) as connection:
                encoding = adopt(connection, sources, now=now, by=_NOBODY)
            desk = Desk(engine, rules, decider, encoding, "UTC")
            done = import_facts(desk, statements, by=_NOBODY, now=now, os_user=_NOBODY, lenient=True)
            with reading(engine) as connection:
                lines = _lines(connection, desk, day, done.targets)
                measures = _measures(connection, encoding, statements.rows)
        finally:
            engine.dispose()
    files = tuple(source.path for source in sources)
    return Backtest(files, encoding, day, tuple(lines), tuple(measures), done.left_out)


def last_day(statements: Statements) -> date | None:
    """Give the last day on which something was so; days to come that were only announced do not count."""
    names = [name for name in DAYS if name not in {"date", "to"}]
    days = (day for row in statements.rows for name in names if (day := row.day(name)))
    return max((day.date() if isinstance(day, datetime) else day for day in days), default=None)


def differences(one: Backtest, other: Backtest) -> list[str]:
    """Say, a line each, where two encodings make something else of the same history."""
    before, after = ({local_id(line.occurrence): _told(line) for line in test.lines} for test in (one, other))
    names = dict.fromkeys([*before, *after])
    nothing = "not spoken of"
    pairs = ((name, before.get(name, nothing), after.get(name, nothing)) for name in names)
    return [f"{name}: {old} -> {new}" for name, old, new in pairs if old != new]


def _told(line: Line) -> str:
    default = line.stands[0]
    return f"{line.status}, due {default.due or 'undated'}, {days_in_words(default)}"


def days_in_words(stand: Stand) -> str:
    """Say how late or early it came: `4 days late`, `0 days`, `not delivered`; a dash where nothing falls due."""
    if stand.due is None and stand.delivered is None:
        return "-"
    if stand.days is None:
        return "delivered" if stand.delivered else "not delivered"
    noun = "day" if abs(stand.days) == 1 else "days"
    return f"{abs(stand.days)} {noun}{' late' if stand.days > 0 else ' early' if stand.days < 0 else ''}"


# ------------------------------------------------------------------ occurrences
def _lines(connection: Connection, desk: Desk, day: date, targets: Iterable[str]) -> list[Line]:
    """What the answer says of everything that the facts are about, in the order of the file of the encoding."""
    wanted = set(targets)
    question = Question(day)
    with judging(connection, desk, question) as judged:
        items = answer_of(connection, desk, question, judged.k).items
        rows = readings_of(connection, desk)
    spoken_of = [item for item in items if item.occurrence and _is_about(item.occurrence, wanted)]
    spoken_of.sort(key=lambda item: (item.place, item.member or "", item.occurrence or ""))
    return [_line(item, rows[str(item.occurrence)]) for item in spoken_of]


def _is_about(occurrence: str, targets: set[str]) -> bool:
    return occurrence in targets or split_occurrence(occurrence)[0] in targets


def _line(item: Item, rows: Sequence[RowMapping]) -> Line:
    found: dict[tuple[Any, ...], list[RowMapping]] = {}
    for row in rows:
        found.setdefault((row["due"], row["discharged_on"], row["status"]), []).append(row)
    stands = tuple(_stand(key, alike) for key, alike in found.items())
    return Line(str(item.occurrence), item.provision, item.status, item.says, stands)


def _stand(key: tuple[Any, ...], rows: Sequence[RowMapping]) -> Stand:
    due, delivered, status = key
    return Stand(
        readings=tuple(row["reading"] for row in rows),
        due=None if due is None else from_day(due),
        delivered=None if delivered is None else from_day(delivered),
        days=None if due is None or delivered is None else delivered - due,
        status=None if status == ABSENT else status,
        arguable=any(row["standing"] == "arguable" for row in rows),
    )


# ------------------------------------------------------------------ measures
def _measures(connection: Connection, encoding: str, rows: Iterable[Row]) -> list[Measured]:
    """Every measure of the history, those without a day as well: the fraction is exact whenever it was."""
    directory = Directory(connection, encoding)
    found = []
    for row in rows:
        if row.text("kind") == "measure" and row.text("value"):
            try:
                found.append(_measured(connection, encoding, directory, row))
            except BadInput:  # listed already, among what could not be recorded
                continue
    return found


def _measured(connection: Connection, encoding: str, directory: Directory, row: Row) -> Measured:
    cited = Cited("measure", str(row.text("provision") or ""))
    named = row.text("id")
    name = find_obligation(connection, encoding, named) if named else directory.find(cited)
    query = select(variant).where(variant.c.encoding == encoding, variant.c.obligation == name)
    norm = connection.execute(query.order_by(variant.c.is_default.desc())).first()
    value, of = parse_quantity(str(row.text("value"))), row.text("of")
    whole = parse_quantity(of) if of else None
    if norm is None or norm.target_how is None or whole == 0:
        raise BadInput(f"`{local_id(name)}` has no target")
    bound = None if norm.target_numerator is None else Fraction(norm.target_numerator, norm.target_denominator)
    return Measured(
        obligation=name,
        provision=row.text("provision") or "",
        body=row.text("body") or "",
        day=row.day("day"),
        value=value,
        of=whole,
        bound=f"{norm.target_how.replace('-', ' ')} {_in_words(bound, share=whole is not None)}",
        reached=None if bound is None else _reaches(value if whole is None else value / whole, norm.target_how, bound),
    )


def _in_words(bound: Fraction | None, *, share: bool) -> str:
    if bound is None:
        return "an unknown value"
    return f"{bound} ({float(bound):.1%})" if share else str(bound)


def _reaches(value: Fraction, how: str, bound: Fraction) -> bool:
    return value >= bound if how == "at-least" else value <= bound if how == "at-most" else value > bound
