"""Several real processes on one file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from duewatch.engine.ledger.chain import verify
from duewatch.engine.ledger.database import open_database, reading
from duewatch.engine.ledger.facts import rows

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[2] / "src"
START = """
import sys
from datetime import UTC, datetime
from duewatch.engine.ledger import chain
from duewatch.engine.ledger.database import open_database, writing
from duewatch.engine.ledger.facts import Draft, append
import duewatch.engine.ledger.migrations.upgrade
url, name = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
"""
OPEN = """
for attempt in range(8):
    open_database(f"{url}{attempt}/duewatch.db").dispose()
"""
APPEND = """
engine = open_database(url)
for number in range(100):
    value = str(number)
    draft = Draft(kind="measure", instrument="I", target="I#t", value=value, recorded_by=name, items={"a": "seen"})
    with writing(engine) as connection:
        append(connection, draft, now=datetime.now(UTC), os_user="os")
engine.dispose()
"""


def at_once(code: str, url: str, processes: int) -> None:
    """Start processes, let them all get ready, let them go at one moment, and see that none fails."""
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START + code, url, str(number)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for one in started:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in started:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate(timeout=60)[1] for one in started]
    assert [(one.returncode, error) for one, error in zip(started, said, strict=True)] == [(0, "")] * processes


def test_an_empty_database_that_many_open_at_once_is_migrated_once(tmp_path: Path) -> None:
    at_once(OPEN, f"sqlite:///{tmp_path}/", processes=3)
    for attempt in range(8):
        engine = open_database(f"sqlite:///{tmp_path}/{attempt}/duewatch.db")
        with reading(engine) as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar() == 1
        engine.dispose()


def test_two_who_append_at_once_lose_nothing(path: Path) -> None:
    url = f"sqlite:///{path}"
    at_once(APPEND, url, processes=2)
    engine = open_database(url)
    with reading(engine) as connection:
        entries = rows(connection)
        assert verify(connection) == []
    engine.dispose()
    assert [entry.seq for entry in entries] == list(range(1, 201))
    for name in ("0", "1"):
        values = [entry.draft.value for entry in entries if entry.draft.recorded_by == name]
        assert values == [str(number) for number in range(100)]
    assert sorted(entries, key=lambda entry: entry.recorded_at) == entries
