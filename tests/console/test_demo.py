"""`make demo`: the whole story runs, and a step that goes wrong ends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from duewatch.console.demo import STEPS, Step, missing, surroundings

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demonstration_runs_to_its_end_twice_in_the_same_folder(empty: Path) -> None:
    (empty / "demo-data").mkdir()
    (empty / "demo-data" / "duewatch.db").write_bytes(b"left over")
    (empty / "demo-data" / "mine.txt").write_text("kept", encoding="utf-8")
    uncounted = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    ended = subprocess.run(
        [sys.executable, "-m", "duewatch.console.demo"],
        cwd=empty,
        env=uncounted | {"PYTHONPATH": str(ROOT / "src"), "DUEWATCH_SMTP_HOST": "not.used.example.org"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr + ended.stdout[-2000:]
    assert "received by the mail server:" in ended.stdout
    assert ended.stdout.count("| Subject: ") == 1
    assert ended.stdout.count("posted to the Slack webhook:") == 1
    assert json.loads((empty / "demo-data" / "slack.json").read_text(encoding="utf-8"))["blocks"]
    assert (empty / "demo-data" / "timeline.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert "go on with it" in ended.stdout
    assert (empty / "demo-data" / "mine.txt").read_text(encoding="utf-8") == "kept"


def test_every_step_is_well_formed_and_time_goes_forward() -> None:
    script = tomllib.loads(STEPS.read_text(encoding="utf-8"))
    steps = [Step.read(table) for table in script["step"]]
    assert len(steps) > 10
    assert [step.now for step in steps] == sorted(step.now for step in steps)
    assert all(step.expect or step.mails is not None for step in steps)
    assert steps[-1].run[0] == "timeline"


@pytest.mark.parametrize(
    ("printed", "code", "mails", "posts", "wrong"),
    [
        ("late (1)\n overdue by\n 1 day", 0, 1, 1, ""),
        ("late (1)", 0, 1, 1, "'overdue by 1 day' was not printed"),
        ("late (1) overdue by 1 day Traceback", 0, 1, 1, "'Traceback' was printed"),
        ("late (1) overdue by 1 day", 3, 1, 1, "exit code 3 instead of 0"),
        ("late (1) overdue by 1 day", 0, 2, 1, "2 mails were received instead of 1"),
        ("late (1) overdue by 1 day", 0, 1, 0, "0 messages were posted instead of 1"),
    ],
)
def test_what_a_step_has_to_do_is_compared(printed: str, code: int, mails: int, posts: int, wrong: str) -> None:
    asked = {"expect": ("overdue by 1 day",), "refuse": ("Traceback",)}
    step = Step(run=("status",), now="2021-07-16", mails=1, posts=1, **asked)  # type: ignore[arg-type]
    assert missing(step, printed, code, mails, posts) == wrong


def test_a_command_of_the_demonstration_sees_no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_RULES", "/elsewhere")
    found = surroundings("2021-07-16", 2525, "http://127.0.0.1:1/")
    assert "DUEWATCH_RULES" not in found
    assert found["DUEWATCH_SMTP_PORT"] == "2525"
