"""Dates worked out by hand from the text of a rule: other years, holidays and forms than its published examples have.

`tests/cases/deadline-rules.json` holds them, each as the words that a user writes, with the rule and the reason.
"""

from __future__ import annotations

import importlib.util
import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.deadline import when
from duewatch.engine.encoding.calculator import read_expression
from duewatch.engine.reckoning.computing import CannotCompute, Computed, computed, view_of

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE.parent / "cases" / "deadline-rules.json").read_text("utf-8"))


def answer(case: dict[str, Any], expression: Any) -> Computed:
    view = view_of(
        {name: when(text) for name, text in case.get("anchors", {}).items()},
        regime=case["regime"],
        calendars=tuple(case.get("calendars", ())),
        zone=case.get("zone", "UTC"),
        place=case.get("place", ""),
    )
    return computed(expression, view, None)


def check(case: dict[str, Any]) -> None:
    want, expression = case["want"], read_expression(case["deadline"]).expression
    if "error" in want:
        with pytest.raises(CannotCompute, match=want["error"]):
            answer(case, expression)
        return
    found = answer(case, expression)
    assert {name: said(found, name) for name in want} == {
        name: datetime.fromisoformat(value) if name == "instant" else value for name, value in want.items()
    }, case["why"]


def said(found: Computed, name: str) -> Any:
    """One part of an answer as the cases write it."""
    if name == "days":
        return [day.isoformat() for day in found.days]
    value = found.day if name == "due" else getattr(found, name)
    return value if name == "instant" or value is None else value.isoformat()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_date_worked_out_from_the_rule(case: dict[str, Any]) -> None:
    check(case)


def test_each_case_is_its_own_and_names_its_rule() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert [case["id"] for case in CASES if not case["authority"]] == []


def test_the_zone_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        for case in CASES:
            check(case)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_each_can_be_written_as_a_mapping() -> None:
    spec = importlib.util.spec_from_file_location("spelling", HERE / "spelling.py")
    assert spec is not None
    assert spec.loader is not None
    spelling = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(spelling)
    for case in CASES:
        expression = read_expression(case["deadline"]).expression
        assert read_expression(json.dumps(spelling.written(expression))).expression == expression, case["id"]
