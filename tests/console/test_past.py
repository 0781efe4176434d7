"""`duewatch import` and `backtest`, on the history of the resolution."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("folder")

ROOT = Path(__file__).parents[2]
AS_FOUND = str(ROOT / "tests" / "cases" / "history-as-found.yaml")
EXAMPLE = str(ROOT / "examples" / "history.yaml")


def by_name(test: dict[str, Any]) -> dict[str, Any]:
    return {line["occurrence"].partition("#")[2]: line for line in test["occurrences"]}


def test_the_history_as_found_comes_out_as_it_was(duewatch: Duewatch) -> None:
    found = duewatch("backtest", AS_FOUND, "--format", "json").json
    [test] = found["encodings"]
    lines = by_name(test)
    reports = ["op19.force-adaptation-report/1", "op40.4.report/1", *(f"op61.quarterly-report/{n}" for n in (1, 2, 3))]
    assert [lines[name]["days"] for name in reports] == [0, 4, 2, 6, 1]
    assert lines["op61.quarterly-report/4"]["days"] == -26
    letters = [lines[f"op62.six-monthly-letter/{n}"] for n in (1, 2)]
    assert [(one["status"], one["days"]) for one in letters] == [("unknown", None), ("met", -16)]
    assert {one["status"] for one in letters[0]["readings"].values()} <= {"unknown", "unresolved"}
    elections = ("op01.3.election-calendar/1", "op02.1.elections/1", "op04.b1.presidential-election/1")
    assert [lines[name]["status"] for name in elections] == ["missed", "overdue", "overdue"]
    assert all("recorded as not done" in lines[name]["says"] for name in elections)
    shares = [Fraction(int(one["value"]), int(one["of"])) for one in test["measures"]]
    assert shares == [Fraction(32, 121), Fraction(6, 28), Fraction(42, 147)]
    assert [(one["day"], one["reached"]) for one in test["measures"]] == [
        (None, False), ("2023-05-10", False), ("2023-05-10", False),
    ]  # fmt: skip
    assert lines["op05.2.thirty-per-cent/1"]["readings"]["each-body"]["status"] == "breached"
    assert [one["why"] for one in test["left_out"]].count("a note") == 7


def test_the_example_is_imported_whole(duewatch: Duewatch) -> None:
    told = duewatch("import", EXAMPLE, "--by", "jane", "--format", "json", DUEWATCH_NOW="2023-06-01").json
    assert told["facts"] == list(range(1, 25))
    assert all("note" in one["why"] or "not guessed" in one["why"] for one in told["left_out"])
    status = duewatch("status", "--provision", "OP 4", "--as-of", "2022-07-01", "--format", "json").json
    renewed = {item["obligation"]: item["status"] for item in status["items"]}
    assert renewed["op04.b2.sequencing"] == "contested"  # still pending where the mandate is the renewed one
    again = duewatch("import", EXAMPLE, "--by", "jane")
    assert again.code == 2
    assert "recorded already" in again.err


def test_an_import_that_is_refused_leaves_nothing(duewatch: Duewatch, folder: Path) -> None:
    ended = duewatch("import", AS_FOUND, "--by", "jane")
    assert ended.code == 2
    assert f"{AS_FOUND}:18:34: " in ended.err
    assert "nothing was changed" in ended.err
    assert json.loads(duewatch("ledger", "--format", "json").out or "[]") in ([], {"entries": []})
    assert folder.exists()
