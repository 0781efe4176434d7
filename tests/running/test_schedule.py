"""The ticker, and the process around it: it begins at once, ends when told to, and two of them do each thing once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from duewatch.engine.running import schedule

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def waited_for(what: Callable[[], object], seconds: float = 20) -> bool:
    """Wait until `what` holds."""
    ends = time.monotonic() + seconds
    while not what():
        if time.monotonic() > ends:
            return False
        time.sleep(0.02)
    return True


def test_the_ticks_come_each_alone_and_none_is_dropped(house: Any, postbox: Any) -> None:
    house.given |= {"DUEWATCH_NIGHTLY_AT": "04:15", "DUEWATCH_ZONE": "Europe/Paris"}
    ticker = schedule._ticker(house.rounds(), house.settings, ("email", "slack"))
    ticker.start(paused=True)
    jobs = {job.id: job for job in ticker.get_jobs()}
    assert set(jobs) == {"hourly", "nightly", "due", "deliver on email", "deliver on slack"}
    assert all(job.coalesce and job.max_instances == 1 and job.misfire_grace_time is None for job in jobs.values())
    night = jobs["nightly"].next_run_time
    assert (night.hour, night.minute, str(night.tzinfo)) == (4, 15, "Europe/Paris")
    ticker.shutdown()
    assert postbox.mails == []


def test_it_ticks_until_it_is_told_to_stop(house: Any, postbox: Any) -> None:
    house.given["DUEWATCH_DELIVER_EVERY"] = "1s"
    stop = Event()
    running = Thread(daemon=True, target=schedule.run, args=(house.rounds(), house.settings, stop))
    running.start()
    came = waited_for(lambda: postbox.mails)
    stop.set()
    running.join(10)
    assert came
    assert not running.is_alive()


def test_one_round_for_whoever_has_a_scheduler(house: Any, postbox: Any) -> None:
    assert schedule.once(house.rounds())
    assert len(postbox.mails) == 1
    del house.given["DUEWATCH_SMTP_HOST"]
    house.at("2021-07-19T12:00:00+00:00")
    assert not schedule.once(house.rounds())


# ------------------------------------------------------------------ whole processes
@pytest.fixture
def run(house: Any) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `duewatch run` in the house's folder; whatever still runs at the end is ended."""
    (house.folder / "obligations.yaml").write_bytes(house.encoding)
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **given: str) -> subprocess.Popen[str]:
        own = {
            "PYTHONPATH": str(ROOT / "src"),
            "DUEWATCH_DATABASE_URL": f"sqlite:///{house.folder / 'duewatch.db'}",
            "DUEWATCH_NOW": "2021-07-16T12:00:00+00:00",
            "DUEWATCH_DELIVER_EVERY": "1s",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "duewatch", "run", *words],
            cwd=house.folder,
            env=os.environ | own | house.given | given,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Tell a process to end; give the lines that it wrote, each of which is JSON."""
    process.send_signal(signal.SIGTERM)
    _, lines = process.communicate(timeout=20)
    assert process.returncode == 0, lines
    return [json.loads(line) for line in lines.splitlines()]


def test_two_processes_on_one_database_do_each_thing_once(run: Any, house: Any, postbox: Any) -> None:
    both = [run(), run()]
    assert waited_for(lambda: postbox.mails and house.sql("SELECT count(*) FROM run")[0][0] >= 2)
    time.sleep(1.2)  # another tick of each
    told = [ended(process) for process in both]
    assert len(postbox.mails) == 1
    sent = [line for lines in told for line in lines if line["event"] == "delivered"]
    assert [(line["channel"], line["sent"]) for line in sent] == [("email", 1)]
    assert [lines[-1]["event"] for lines in told] == ["stopped", "stopped"]
    assert house.sql("SELECT stage FROM alert WHERE skipped IS NULL") == [("overdue",)]
    everything = json.dumps(told)
    assert "jane" not in everything
    assert "example.org" not in everything
    assert "no delivery recorded" not in everything


def test_it_ends_within_the_wall_of_what_it_has_in_hand(run: Any, house: Any) -> None:
    """A mail server that never answers: SIGTERM waits for the one message in hand, and for no longer."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        port = str(silent.getsockname()[1])
        process = run(DUEWATCH_SMTP_HOST="127.0.0.1", DUEWATCH_SMTP_PORT=port, DUEWATCH_SMTP_TIMEOUT="2")
        accepted, _ = silent.accept()
        began = time.monotonic()
        lines = ended(process)
        assert time.monotonic() - began < 2 + 1.5
        accepted.close()
    assert lines[-1]["event"] == "stopped"
    assert house.sql("SELECT state, owner FROM delivery") == [("pending", None)]


def test_a_round_of_its_own_says_what_could_not_be_sent_by_its_exit_code(run: Any) -> None:
    process = run("--once")
    process.communicate(timeout=30)
    assert process.returncode == 4
