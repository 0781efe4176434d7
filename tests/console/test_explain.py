"""`duewatch explain` and `duewatch history` as people and programs read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("folder")

REPORT = "op40.4.report/1"


@pytest.fixture
def letter(folder: Path, duewatch: Duewatch) -> None:  # noqa: ARG001 (its database)
    ended = duewatch(
        "record",
        "delivered",
        REPORT,
        "--dated",
        "2021-10-04",
        "--symbol",
        "S/2021/850",
        "--form",
        "letter",
        "--why",
        "it gives what was asked",
        "--by",
        "jane",
        now="2021-10-05",
    )
    assert ended.code == 0, ended.err


@pytest.mark.usefixtures("letter")
def test_an_explanation_names_rule_fact_words_and_date(duewatch: Duewatch) -> None:
    told = duewatch("explain", REPORT, "--as-of", "2021-10-05").words
    for part in (
        "OP 40 of S/RES/2584 (2021)",
        "to be issued no later than 30 September 2021",
        "met_late",
        "S/2021/850",
        "4 October 2021",
        "it gives what was asked",
        "rule ",
        "next would have been ",
        "30 September 2021 (printed)",
    ):
        assert part in told


@pytest.mark.usefixtures("letter")
def test_what_was_not_known_yet_is_not_told(duewatch: Duewatch) -> None:
    told = duewatch("explain", REPORT, "--as-of", "2021-10-05", "--as-known", "2021-10-03").words
    assert "overdue by 5 days" in told
    assert "S/2021/850" not in told


def test_the_json_holds_the_item_and_the_sections(duewatch: Duewatch) -> None:
    told = duewatch("explain", REPORT, "--as-of", "2021-10-01", "--format", "json").json
    assert told["item"]["status"] == "overdue"
    assert told["item"]["days_late"] == 1
    assert all(isinstance(line, str) for lines in told["sections"].values() for line in lines)


def test_lines_fit_a_narrow_screen(duewatch: Duewatch) -> None:
    told = duewatch("explain", REPORT, "--as-of", "2021-10-01", COLUMNS="60")
    assert max(map(len, told.out.splitlines())) <= 60


@pytest.mark.parametrize("command", ["explain", "history"])
def test_a_name_that_nothing_has_is_refused(command: str, duewatch: Duewatch) -> None:
    ended = duewatch(command, "op40.4.raport/1")
    assert (ended.code, ended.out) == (2, "")
    assert "op40.4.report" in ended.err


@pytest.mark.usefixtures("letter")
def test_history_tells_each_change_and_who_said_it_first(duewatch: Duewatch) -> None:
    duewatch("evaluate", now="2021-10-05")
    found = duewatch("history", REPORT, "--as-of", "2021-10-05", "--format", "json").json
    assert [(one["day"], one["status"]) for one in found] == [
        ("2021-06-29", "open"),
        ("2021-09-16", "at_risk"),
        ("2021-09-30", "due"),
        ("2021-10-01", "overdue"),
        ("2021-10-04", "met_late"),
    ]
    assert found[3]["said_by"] == "never reported"
    assert found[4]["said_by"].startswith("run 1")
    table = duewatch("history", REPORT, "--as-of", "2021-10-05").out.splitlines()
    assert [line[:10].strip() for line in table if line[:1].strip()] == ["day", *(one["day"] for one in found)]


@pytest.mark.usefixtures("letter")
def test_history_as_known_earlier_knows_no_later_fact(duewatch: Duewatch) -> None:
    asked = ("history", REPORT, "--as-of", "2021-10-05", "--as-known", "2021-10-03", "--format", "json")
    assert [one["status"] for one in duewatch(*asked).json] == ["open", "at_risk", "due", "overdue"]
