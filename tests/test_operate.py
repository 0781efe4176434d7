"""What the page for operators shows for the shell, systemd and cron is done as it stands, in other folders.

Installing, and what asks for a running systemd or docker, is left out: it would change the machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.slow


def block(sort: str, part: str) -> str:
    """The one block of a sort that holds some words."""
    [found] = [text for kind, text in BLOCKS if kind == sort and part in text]
    return found


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The folders that the page names, below one of ours, with the command in its place."""
    for name in ("etc/duewatch", "var/lib/duewatch", "backup", "opt/duewatch/bin"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("obligations.yaml", "contacts.yaml"):
        shutil.copy(ROOT / name, tmp_path / "etc/duewatch")
    command = tmp_path / "opt/duewatch/bin/duewatch"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m duewatch "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


def here(text: str, machine: Path) -> str:
    """The same with the folders of the test."""
    return re.sub(r"(?<![\w.])/(?=(?:etc/duewatch|var/lib|backup|opt)\b)", f"{machine}/", text)


def run(words: str, machine: Path, **more: str) -> subprocess.CompletedProcess[str]:
    url = f"sqlite:///{machine}/var/lib/duewatch/duewatch.db"
    path = f"{machine}/opt/duewatch/bin:{os.environ['PATH']}"
    home = {"PYTHONPATH": str(ROOT / "src"), "DUEWATCH_DATABASE_URL": url, "DUEWATCH_NOW": "2021-10-01T12:00:00Z"}
    return subprocess.run(
        ["bash", "-ec", words],
        cwd=machine / "etc/duewatch",
        env=os.environ | home | {"PATH": path} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def needed(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")


def test_the_line_for_cron_makes_a_round_and_logs_it_and_the_copy_of_the_database_is_whole(machine: Path) -> None:
    needed("sqlite3")
    line = block("", "run --once").split(maxsplit=6)
    assert line[:6] == ["*/10", "*", "*", "*", "*", "duewatch"]
    made = run(here(line[6], machine), machine)
    assert made.returncode in {0, 4}, made.stderr  # 4: no mail server is set, so the messages wait
    logged = (machine / "var/lib/duewatch/log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(entry) for entry in logged if entry.startswith("{")]

    kept = run(here(block("sh", "ledger verify"), machine), machine)
    assert kept.returncode == 0, kept.stderr
    [copy] = (machine / "backup").iterdir()
    assert copy.stat().st_size > 100_000
    copy.write_bytes(copy.read_bytes()[:50_000])
    broken = run(f"DUEWATCH_DATABASE_URL=sqlite:///{copy} duewatch ledger verify", machine)
    assert broken.returncode != 0, "a copy that was cut off is told from a whole one"


def test_the_units_are_ones_that_systemd_takes(machine: Path) -> None:
    needed("systemd-analyze")
    service = here(block("ini", "[Service]"), machine).replace("User=duewatch", "User=root")
    once = service.replace("bin/duewatch run\nRestart=always", "bin/duewatch run --once\nType=oneshot")
    assert once != service
    units = {
        "duewatch.service": service,
        "duewatch-round.service": once,
        "duewatch-round.timer": block("ini", "[Timer]"),
    }
    for name, text in units.items():
        (machine / name).write_text(text, encoding="utf-8")
    said = run(f"systemd-analyze verify {' '.join(str(machine / name) for name in units)}", machine)
    about = [line for line in said.stderr.splitlines() if "duewatch" in line]
    assert (said.returncode, about) == (0, []), said.stderr


def test_a_shell_completes_after_the_line_of_the_page(machine: Path) -> None:
    first = block("sh", "bashrc").splitlines()[0]
    settings = machine / ".bashrc"
    ended = run(f"{first}\n. ~/.bashrc\ncomplete -p duewatch", machine, HOME=str(machine))
    assert settings.exists(), ended.stderr
    assert "duewatch" in ended.stdout
