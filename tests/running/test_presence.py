"""Who we are, and who is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from duewatch.engine.running import presence
from duewatch.engine.running.presence import is_gone, name


def changed(owner: str, place: int, text: str) -> str:
    parts = owner.rsplit(" ", 3)
    parts[place] = text
    return " ".join(parts)


def test_every_pass_has_a_name_of_its_own_and_its_process_is_here() -> None:
    assert name() != name()
    assert not is_gone(name())


def test_a_process_that_ended_is_gone() -> None:
    code = "from duewatch.engine.running.presence import name; print(name())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert is_gone(said.stdout.strip())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
def test_a_process_with_the_same_number_is_another_one() -> None:
    assert is_gone(changed(name(), 2, "1"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
def test_a_process_that_was_killed_and_not_yet_buried_is_gone() -> None:
    code = "from duewatch.engine.running.presence import name; import time; print(name(), flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        owner = child.stdout.readline().strip()
        assert not is_gone(owner)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(owner)


@pytest.mark.parametrize(
    "owner",
    ["", "us", "a b c d", "host 1 2 3", "elsewhere:0:pid 1 2 3"],
)
def test_of_other_machines_nothing_is_known(owner: str) -> None:
    assert not is_gone(owner)


def test_a_number_that_is_none_is_nobody() -> None:
    assert not is_gone(changed(name(), 1, "x"))
    assert not is_gone(changed(name(), 1, "9" * 40))


def test_a_process_of_somebody_else_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    owner = changed(name(), 2, "1")
    monkeypatch.setattr(os, "kill", refuse)
    assert not is_gone(owner)


def test_where_the_system_tells_nothing_nobody_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "_read", lambda _path: "")
    owner = name()
    assert owner.split()[-2] == "0"
    assert not is_gone(owner)
