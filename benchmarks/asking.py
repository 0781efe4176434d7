"""What a question costs, and how it grows: 100 against 10,000 occurrences, beside the least that the database must do.

    .venv/bin/python benchmarks/asking.py

The baseline, in the same run on the same file, is the bare join of occurrences with their norms and
datings, fetched row by row. Read the ratios, not the seconds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from duewatch.engine.encoding.contacts import Contacts
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.asking import ask
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.ledger.database import open_database, reading, writing
from duewatch.engine.ledger.tables import dating, occurrence, variant
from duewatch.engine.running.nightly import evaluate
from duewatch.rules.rete import Decider

HEAD = """
instrument: {symbol: B/1, adopted: {date: "2021-01-01"}, zone: Europe/Paris}
parties: {somebody: {}}
obligations:
"""
START = date(2021, 1, 1)
NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
NOBODY = Contacts(people=(), responsible=(), sha256="", content=b"")


def encoding(size: int) -> bytes:
    """An instrument with `size` dated duties."""
    entries = (
        f"- {{id: n{n:05}, provision: Art {n}, verb: requests, bearer: somebody, kind: achieve, action: act, "
        f'deadline: {{by: "{START + timedelta(days=n % 700)}"}}}}\n'
        for n in range(size)
    )
    return (HEAD + "".join(entries)).encode()


def best(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def measure(size: int, folder: Path) -> tuple[float, float, float]:
    """Seconds for the bare join, a question, and a nightly run that finds nothing new."""
    rules = load_rules(None)
    content = encoding(size)
    instrument, _ = read_instrument(content, rules.verbs, name="benchmark")
    engine = open_database(f"sqlite:///{folder / f'{size}.db'}")
    with writing(engine) as connection:
        hashed = adopt(connection, [Source(instrument, "benchmark", content)], now=NOW, by="benchmark")
    joined = (
        select(occurrence, variant, dating)
        .join(variant, variant.c.obligation == occurrence.c.obligation)
        .join(dating, (dating.c.occurrence == occurrence.c.occurrence) & (dating.c.encoding == variant.c.encoding))
    )

    def bare() -> None:
        with reading(engine) as connection:
            connection.execute(joined).all()

    with Decider() as decider:
        desk = Desk(engine, rules, decider, hashed, "UTC")
        evaluate(desk, NOBODY, now=NOW, real_now=NOW)
        asked = best(lambda: ask(desk, Question(NOW)))
        night = best(lambda: evaluate(desk, NOBODY, now=NOW, real_now=NOW))
    found = best(bare), asked, night
    engine.dispose()
    return found


def main() -> None:
    """Print the table."""
    print(f"{'occurrences':>12} {'bare join':>10} {'question':>10} {'ratio':>6} {'night':>8} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for size in (100, 1_000, 10_000):
            bare, asked, night = measure(size, Path(folder))
            print(f"{size:>12} {bare:>9.3f}s {asked:>9.3f}s {asked / bare:>6.1f} {night:>7.3f}s {night / bare:>6.1f}")


if __name__ == "__main__":
    main()
