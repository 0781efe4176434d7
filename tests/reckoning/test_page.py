"""docs/deadlines.md says what is so: its examples give what it prints, its tables are those of the cases."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.errors import run
from duewatch.console.main import cli
from duewatch.engine.encoding.calculator import read_expression

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "deadlines.md").read_text("utf-8")


def by_path(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def examples() -> list[tuple[str, list[str]]]:
    """The commands of the `sh` blocks, each with the lines that it must print."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    words = shlex.split(command)
    assert words[:2] == ["duewatch", "deadline"]
    code = run(lambda: cli.main(words[1:], prog_name="duewatch", standalone_mode=False))
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.mark.parametrize(("command", "lines"), examples(), ids=lambda value: value if isinstance(value, str) else "")
def test_an_example_prints_what_the_page_says(
    command: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = printed(command, capsys)
    assert code == 0, out
    answer = out.partition("Answer")[2].partition("How it comes about")[0].splitlines()
    assert [line for line in lines if line not in {one.strip() for one in answer}] == []
    assert lines, "say what it prints"


def test_every_form_has_an_example() -> None:
    sections = re.findall(r"^### (\d+)\. .*?(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    assert [int(number) for number in sections] == list(range(1, 27))
    bodies = re.findall(r"^### \d+\. (.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    assert [body.splitlines()[0] for body in bodies if "```sh" not in body] == []


def test_refusals_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    [block] = re.findall(r"^```console\n# exit 2\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    [said] = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line, expected in zip(block.splitlines(), said.splitlines(), strict=True):
        code, out = printed(line[2:], capsys)
        assert code == 2
        assert expected in out.splitlines()


def test_the_tables_are_those_of_the_cases() -> None:
    assert by_path("tally").renewed(PAGE) == PAGE, "run tests/reckoning/tally.py"


def test_what_the_published_cases_compute_can_be_written() -> None:
    published, spelling = by_path("test_published"), by_path("spelling")
    otherwise = [
        case
        for case in published.CASES
        for one in published.KINDS[case["rule_kind"]](case["inputs"])
        if read_expression(json.dumps(spelling.written(one))).expression != one
    ]
    # "1 year and -1 month" is written as two offsets, and an offset of nothing not at all: the answer is the same.
    assert {case["rule_kind"] for case in otherwise} == {"add_period", "days_then_roll", "shift_business_days"}
    for case in otherwise:
        [one] = published.KINDS[case["rule_kind"]](case["inputs"])
        counts = {(span.count > 0) - (span.count < 0) for span in one.moment.spans}
        assert counts in ({0}, {1, -1}), case["id"]


def test_what_the_page_shows_as_a_library_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        kind = "calendars" if "calendar" in json.loads(text) else "regimes"
        (tmp_path / kind).mkdir()
        (tmp_path / kind / f"{json.loads(text)[kind[:-1]]}.json").write_text(text, "utf-8")
    data = json.loads((tmp_path / "regimes" / "my-contract.json").read_text("utf-8"))
    for case in data["cases"]:
        words = f"{case['within']} after {case['after']}"
        code, out = printed(f'duewatch deadline "{words}" --regime my-contract --library {tmp_path}', capsys)
        assert code == 0, out
        assert f"due {date.fromisoformat(case['due']):%A %-d %B %Y}" in out
