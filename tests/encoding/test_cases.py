"""Cases that a lawyer can read and add: the first comment lines of a file say what the reader says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.problems import BadFile, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.rules.strengths import Verbs

CASES = Path(__file__).parents[1] / "cases"
EXPECTED = re.compile(r"# (\d+:\d+: .+)")


@pytest.fixture(scope="module")
def verbs() -> Mapping[str, Verbs]:
    return load_rules(None).verbs


def files(folder: str) -> list[Path]:
    return sorted((CASES / folder).glob("*.yaml"))


def expected(path: Path) -> list[str]:
    """The comment lines at the top of a case that begin with a place."""
    head = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        head += EXPECTED.findall(line)
    return head


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem).split(".yaml:", 1)[1] for problem in problems]


@pytest.mark.parametrize("path", files("bad"), ids=lambda path: path.stem)
def test_a_bad_case_gets_exactly_its_problems(path: Path, verbs: Mapping[str, Verbs]) -> None:
    with pytest.raises(BadFile) as bad:
        read_instrument(path, verbs)
    assert said(bad.value.problems) == expected(path)


@pytest.mark.parametrize("path", files("good"), ids=lambda path: path.stem)
def test_a_good_case_gets_exactly_its_notes(path: Path, verbs: Mapping[str, Verbs]) -> None:
    instrument, notes = read_instrument(path, verbs)
    assert said(notes) == expected(path)
    assert instrument.obligations


def test_there_are_cases_and_each_bad_one_expects_something() -> None:
    assert len(files("good")) >= 5
    assert [path for path in files("bad") if not expected(path)] == []
