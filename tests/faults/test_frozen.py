"""A process that is stopped for longer than its lease, and wakes up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.alerting.house import a_matter, attempts, deliveries, mail_to, planned
from tests.alerting.test_delivering import did, go
from tests.notifiers.peers import Peer

from duewatch.engine.alerting.retrying import Patience
from duewatch.engine.ledger.database import open_database

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

SLEEPER = """
import os, signal, sys
from datetime import UTC, datetime
from tests.alerting.house import Pen, all_true, half, mail_to
from tests.alerting.test_delivering import Through
from duewatch.engine.alerting.delivering import deliver
from duewatch.engine.alerting.retrying import Patience
from duewatch.engine.ledger.database import open_database
from duewatch.engine.running import presence

mail = mail_to(int(sys.argv[2]))
stop = lambda: os.kill(os.getpid(), signal.SIGSTOP)
channel = Through(mail, before=stop) if sys.argv[3] == "before" else Through(mail, after=stop)
print(deliver(open_database(sys.argv[1]), channel, clock=lambda: datetime.now(UTC), chance=half, render=Pen(),
              still_true=all_true, owner=presence.name(), patience=Patience(lease=1)))
"""
ROOT = Path(__file__).parents[2]


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not done():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize(("when", "copies"), [("before", 2), ("after", 2)])
def test_whoever_wakes_up_after_its_lease_changes_nothing_and_costs_one_copy(
    tmp_path: Path, when: str, copies: int
) -> None:
    from datetime import UTC, datetime

    from duewatch.engine.running import presence

    address = f"sqlite:///{tmp_path / 'duewatch.db'}"
    engine = open_database(address)
    planned(engine, a_matter())
    environment = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PATH": os.environ["PATH"]}
    with Peer() as peer:
        command = [sys.executable, "-c", SLEEPER, address, str(peer.port), when]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as sleeper:
            wait_until(lambda: os.waitid(os.P_PID, sleeper.pid, os.WSTOPPED | os.WNOWAIT | os.WNOHANG) is not None)
            how = {"patience": Patience(lease=1), "gone": presence.is_gone, "clock": lambda: datetime.now(UTC)}
            time.sleep(1.1)
            assert go(engine, mail_to(peer.port), owner="the second", **how) == did(sent=1)
            os.kill(sleeper.pid, signal.SIGCONT)
            said, _ = sleeper.communicate(timeout=20)
        assert "sent=0, retrying=0, dead=0, obsolete=0" in said
        assert len(peer.received) == copies
        assert len(set(peer.received)) == 1
    (row,) = deliveries(engine)
    assert (row.state, row.attempts) == ("sent", 2)
    assert attempts(engine, row.key) == [(1, "start"), (1, "lease-lost"), (2, "start"), (2, "sent")]
    engine.dispose()
