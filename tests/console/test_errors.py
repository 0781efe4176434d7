from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from duewatch.console.errors import counted, run
from duewatch.engine.problems import BadFile, BadInput, CannotTrust, OurFault, Place, Problem

ROOT = Path(__file__).parents[2]


def raising(error: BaseException) -> object:
    def work() -> object:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("no such day"), 2),
        (BadFile([Problem(Place("a.yaml", 1, 2), "wrong", "right")]), 2),
        (OurFault("a table is missing"), 3),
        (CannotTrust("the chain is broken"), 4),
        (ZeroDivisionError("division by zero"), 3),
        (click.UsageError("no such option"), 2),
        (click.FileError("a.yaml", "gone"), 2),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (click.exceptions.Exit(1), 1),
    ],
)
def test_each_end_has_its_code_and_shows_no_traceback(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(raising(error)) == code  # type: ignore[arg-type]
    told = capsys.readouterr()
    assert not told.out
    assert "Traceback" not in told.err
    assert bool(told.err) is not isinstance(error, click.exceptions.Exit)


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (1, 1), ("text", 0), (True, 0)])
def test_only_a_number_that_was_meant_as_a_code_is_one(answer: object, code: int) -> None:
    assert run(lambda: answer) == code


def test_problems_stand_one_a_line_as_editors_read_them(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem(Place("a.yaml", 9, 1), "second"), Problem(Place("a.yaml", 2, 3), "first", "do this")]
    run(raising(BadFile(problems)))  # type: ignore[arg-type]
    assert capsys.readouterr().err.splitlines() == [
        "a.yaml:2:3: first; do this",
        "a.yaml:9:1: second",
        "2 problems; nothing was changed",
    ]


def test_our_own_fault_says_where_it_broke_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(raising(ZeroDivisionError("one\nby zero")))  # type: ignore[arg-type]
    [line] = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError: one by zero (test_errors.py:" in line
    assert "DUEWATCH_DEBUG=1" in line
    monkeypatch.setenv("DUEWATCH_DEBUG", "1")
    assert run(raising(ZeroDivisionError("again"))) == 3  # type: ignore[arg-type]
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [(0, "problem", "0 problems"), (1, "entry", "1 entry"), (2, "entry", "2 entries"), (3, "mail", "3 mails")],
)
def test_a_number_comes_with_its_noun(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words


def test_a_reader_who_goes_away_does_not_change_the_exit_code() -> None:
    script = (
        "from duewatch.console.errors import run, say\n"
        "import sys\n"
        "def work():\n"
        "    for _ in range(20000): say('x' * 100)\n"
        "    return 1\n"
        "sys.exit(run(work))\n"
    )
    command = f'{sys.executable} -c "$SCRIPT" | head -1; echo ${{PIPESTATUS[0]}}'
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src"), "SCRIPT": script}
    ended = subprocess.run(["bash", "-c", command], env=surroundings, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["x" * 100, "1"]
    assert not ended.stderr


def test_a_full_disk_behind_standard_output_is_one_sentence_and_no_fault_of_ours() -> None:
    for unbuffered in ("", "1"):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            ended = subprocess.run(
                [sys.executable, "-m", "duewatch", "--help"],
                env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"], "PYTHONUNBUFFERED": unbuffered},
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert ended.returncode == 2
        [line] = ended.stderr.splitlines()
        assert line.startswith("duewatch: standard output takes nothing (No space left on device)")
