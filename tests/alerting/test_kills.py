"""Deliverers killed with SIGKILL: nothing lost, at most one more copy for each kill, every copy the same bytes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.alerting.house import AS_OF, a_matter, apart, attempts, deliveries, planned
from tests.notifiers.peers import Peer

from duewatch.engine.ledger.days import instant

if TYPE_CHECKING:
    from sqlalchemy import Engine

pytestmark = pytest.mark.slow

DIES = Path(__file__).with_name("dies.py")
SRC = Path(__file__).parents[2] / "src"
NOW = instant(AS_OF)


def run(address: str, port: int, point: str = "never", now: int = NOW) -> int:
    command = [sys.executable, str(DIES), address, str(port), point, str(now)]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("point", "copies", "log"),
    [
        ("claimed", 1, [(1, "start"), (2, "start"), (2, "sent")]),
        ("frozen", 1, [(1, "start"), (2, "start"), (2, "sent")]),
        ("sent", 2, [(1, "start"), (2, "start"), (2, "sent")]),
        ("recorded", 1, [(1, "start"), (1, "sent")]),
    ],
)
def test_a_kill_loses_nothing_and_costs_at_most_one_more_copy(
    engine: Engine, address: str, point: str, copies: int, log: list[tuple[int, str]]
) -> None:
    planned(engine, a_matter())
    with Peer() as peer:
        assert run(address, peer.port, point) == -signal.SIGKILL
        assert run(address, peer.port, now=NOW + 121) == 0
        received = list(peer.received)
    assert len(received) == copies
    assert len(set(received)) == 1
    (row,) = deliveries(engine)
    assert row.state == "sent"
    assert attempts(engine, row.key) == log


def test_while_a_dead_process_holds_its_lease_the_others_go(engine: Engine, address: str) -> None:
    planned(engine, *[apart(each) for each in range(1, 6)])
    with Peer() as peer:
        assert run(address, peer.port, "sent") == -signal.SIGKILL
        assert run(address, peer.port, now=NOW + 60) == 0
        assert sorted(row.state for row in deliveries(engine)) == ["leased", *["sent"] * 4]
        assert run(address, peer.port, now=NOW + 121) == 0
        copies = Counter(re.search(rb"Message-ID: (\S+)", each)[1] for each in peer.received)  # type: ignore[index]
        bodies = len(set(peer.received))
    assert sorted(copies.values()) == [1, 1, 1, 1, 2]
    assert bodies == 5
