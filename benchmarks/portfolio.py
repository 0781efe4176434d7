"""What a sheet of deadlines costs, first taken and then asked about, and how that grows with its rows.

    .venv/bin/python benchmarks/portfolio.py [ROWS]...

The baseline of taking, in the same run, is what nobody could leave out: reading the CSV and writing its facts into the
hash chain of an empty ledger. That of a question is the bare join of occurrences with their norms and datings.
Read the ratios, not the seconds: they must not grow with the rows.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from duewatch.engine.encoding.mapping import read_mapping
from duewatch.engine.encoding.portfolio import read_portfolio
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.judgement.asking import ask
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.judgement.editions import in_force
from duewatch.engine.judgement.portfolios import look, take_at_once
from duewatch.engine.judgement.taking import Proposal
from duewatch.engine.ledger.database import open_database, reading, writing
from duewatch.engine.ledger.facts import Draft, append_all
from duewatch.engine.ledger.tables import dating, occurrence, variant
from duewatch.rules.rete import Decider

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

SIZES = (500, 5_000)
NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
START = date(2021, 1, 1)
MAPPING = """\
instrument: {symbol: B/1, title: A benchmark, adopted: "2021-01-01", zone: Europe/Paris}
columns: {key: No, action: What, due: Due, bearer: Who}
"""
Found = TypeVar("Found")


def timed(work: Callable[[], Found]) -> tuple[float, Found]:
    """Seconds of this process, whatever else the machine does, and what came of it."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def write_sheet(path: Path, rows: int) -> None:
    """A sheet with so many rows, and its mapping."""
    path.with_suffix(".yaml").write_text(MAPPING)
    lines = (f"C-{n:06},deliver item {n},Unit {n % 20},{START + timedelta(days=n % 900)}\n" for n in range(rows))
    path.write_text("No,What,Who,Due\n" + "".join(lines))


def bare_facts(path: Path, engine: Engine) -> None:
    """Read the sheet and chain one fact for each row."""
    with path.open(newline="") as file, writing(engine) as connection:
        drafts = [
            Draft(kind="event", instrument="B/1", recorded_by="b", target=f"B/1#{row['No']}", date=START)
            for row in csv.DictReader(file)
        ]
        append_all(connection, drafts, now=NOW, os_user="b")


def measure(rows: int, folder: Path) -> tuple[float, float, float, float]:
    """Seconds for the bare facts, taking the sheet, the bare join, and a question."""
    sheet_file = folder / "sheet.csv"
    write_sheet(sheet_file, rows)
    empty = open_database(f"sqlite:///{folder / 'bare.db'}")
    bare, _ = timed(lambda: bare_facts(sheet_file, empty))
    empty.dispose()
    engine, rules = open_database(f"sqlite:///{folder / 'sheet.db'}"), load_rules(None)
    with Decider() as decider:
        desk = Desk(engine, rules, decider, "", "UTC")

        def take() -> None:
            sheet = read_portfolio(sheet_file, read_mapping(sheet_file.with_suffix(".yaml")))
            comparison, head = look(desk, sheet, as_of=NOW.date(), now=NOW)
            take_at_once(desk, Proposal(comparison, (), "b", NOW, "b", head, ()))

        taken, _ = timed(take)
        with reading(engine) as connection:
            desk = Desk(engine, rules, decider, in_force(connection).encoding, "UTC")
        ask(desk, Question(NOW))
        asked, answer = timed(lambda: ask(desk, Question(NOW)))
    joined = (
        select(occurrence, variant, dating)
        .join(variant, variant.c.obligation == occurrence.c.obligation)
        .join(dating, (dating.c.occurrence == occurrence.c.occurrence) & (dating.c.encoding == variant.c.encoding))
    )
    with reading(engine) as connection:
        join, found = timed(lambda: connection.execute(joined).all())
    engine.dispose()
    if not len(found) >= len(answer.items) == rows:
        raise SystemExit(f"{len(answer.items)} answers for {rows} rows")
    return bare, taken, join, asked


def main() -> None:
    """Print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print(
        f"{'rows':>8} {'bare facts':>11} {'first run':>10} {'ratio':>6} {'bare join':>10} {'question':>9} {'ratio':>6}"
    )
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            bare, taken, join, asked = measure(rows, Path(folder))
        ratios = (taken / bare, asked / join)
        print(
            f"{rows:>8} {bare:>10.2f}s {taken:>9.2f}s {ratios[0]:>6.1f} {join:>9.3f}s {asked:>8.2f}s {ratios[1]:>6.1f}"
        )


if __name__ == "__main__":
    main()
