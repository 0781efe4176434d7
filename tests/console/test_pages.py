"""The pages that people look at: Today, agenda, timeline, health, and the sheets of `status`."""

from __future__ import annotations

import csv
import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest

from duewatch.console import progress
from duewatch.console.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
Duewatch = Callable[..., Any]
LATE = "2021-07-16T13:00:00+00:00"


# ------------------------------------------------------------------ Today
@pytest.mark.usefixtures("folder")
def test_today_shows_what_is_late_and_what_changed(duewatch: Duewatch) -> None:
    duewatch("evaluate", now="2021-07-15T13:00:00+00:00")
    duewatch("evaluate", now=LATE)
    page = duewatch(now=LATE)
    assert page.code == 0
    assert page.out.startswith("Today, 16 July 2021, 13:00 UTC")
    assert "late (1)" in page.out
    assert "op19.force-adaptation-report/1: due -> overdue on 2021-07-16 (time)" in page.out
    assert re.search(r"last run: 2 of 2021-07-16 13:00 UTC; \d messages? undelivered", page.out)
    assert "later (" not in page.out


def test_today_without_an_encoding_says_where_to_begin(empty: Path, duewatch: Duewatch) -> None:
    (empty / "obligations.yaml").unlink()
    page = duewatch()
    assert page.code == 2
    assert "DUEWATCH_OBLIGATIONS" in page.err
    assert "duewatch --help" in page.err


# ------------------------------------------------------------------ agenda
@pytest.mark.usefixtures("folder")
def test_the_agenda_says_the_same_in_three_forms(duewatch: Duewatch) -> None:
    words = ("agenda", "--within", "12w", "--owner", "reporting-officer")
    items = duewatch(*words, "--format", "json", now=LATE).json["items"]
    assert [(item["day"], item["provision"], item["days_left"]) for item in items] == [("2021-09-29", "OP 61", 75)]
    table = duewatch(*words, now=LATE)
    assert "2021-09-29  75 days  OP 61" in table.out
    assert "1 date within 84 days." in table.out


@pytest.mark.usefixtures("folder")
def test_the_agenda_as_a_calendar(process: Duewatch) -> None:
    first, later = (
        process("agenda", "--within", "52w", "--format", "ics", now=now).out for now in ("2021-07-01", LATE)
    )
    calendars = [icalendar.Calendar.from_ical(text) for text in (first, later)]
    ids = [{str(event["UID"]): event["DTSTART"].dt for event in one.walk("VEVENT")} for one in calendars]
    assert date(2021, 9, 30) in ids[1].values()
    assert ids[1].items() <= ids[0].items()


@pytest.mark.usefixtures("folder")
def test_a_calendar_that_is_read_again_knows_what_moved(duewatch: Duewatch) -> None:
    """Asked twice it is the same file; a date that moved keeps its id, and its number grows."""
    duewatch("evaluate", now=LATE)
    asked = ("agenda", "--within", "52w", "--format", "ics")
    before = duewatch(*asked, now=LATE).out
    assert before == duewatch(*asked, now=LATE).out
    granted = ("--to", "2021-11-30", "--granted", "2021-07-16", "--granted-by", "security-council", "--symbol", "L/1")
    assert duewatch("record", "extension", "op40.4.report/1", *granted, "--by", "J. Doe", now=LATE).code == 0
    events = [
        {str(event["UID"]): event for event in icalendar.Calendar.from_ical(text).walk("VEVENT")}
        for text in (before, duewatch(*asked, now=LATE).out)
    ]
    changed = [
        (one["SEQUENCE"], other["SEQUENCE"], str(other["DTSTART"].dt))
        for one, other in ((events[0][name], events[1][name]) for name in events[0])
        if one != other
    ]
    assert changed == [(0, 1, "2021-11-30")]


@pytest.mark.usefixtures("folder")
def test_an_agenda_of_nothing_is_a_good_answer_and_a_bad_span_is_not(duewatch: Duewatch) -> None:
    assert "0 dates within 1 day." in duewatch("agenda", "--within", "1d", now=LATE).out
    bad = duewatch("agenda", "--within", "soon")
    assert (bad.code, "write days or weeks: 30d or 6w" in bad.err) == (2, True)


# ------------------------------------------------------------------ timeline
@pytest.mark.usefixtures("folder")
def test_the_timeline_as_a_picture_and_as_blocks(folder: Path, duewatch: Duewatch) -> None:
    drawn = duewatch("timeline", "-o", "t.svg", now=LATE)
    assert (drawn.code, drawn.err) == (0, "wrote t.svg\n")
    assert "OP 61" in "".join(ET.parse(folder / "t.svg").getroot().itertext())  # noqa: S314 - our own
    assert duewatch("timeline", "--watch", "own", "-o", "t.png", now=LATE).code == 0
    assert (folder / "t.png").read_bytes().startswith(b"\x89PNG")
    blocks = duewatch("timeline", "--watch", "own", now=LATE)
    assert re.search(r"OP 19 op19.force-adaptation-report +▲", blocks.out)
    assert "▲ late (1)" in blocks.out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "t.gif"), "end it in .svg or .png"),
        (("-o", "none/t.svg"), "cannot be written"),
        (("--until", "2021-07-01"), "nothing of what was asked for has a date"),
        (("--bearer", "secretary"), "did you mean"),
    ],
)
def test_a_picture_that_cannot_be_is_refused_with_the_way_out(
    duewatch: Duewatch, words: tuple[str, ...], told: str
) -> None:
    refused = duewatch("timeline", *words, now=LATE)
    assert refused.code == 2
    assert told in refused.err


# ------------------------------------------------------------------ health
@pytest.mark.usefixtures("folder")
def test_health_says_why_and_what_to_do(folder: Path, duewatch: Duewatch) -> None:
    never = duewatch("health", now=LATE)
    assert (never.code, "nothing was ever evaluated\n    -> see that" in never.out) == (4, True)
    duewatch("evaluate", now="2021-06-30T13:00:00+00:00")
    fine = duewatch("health", now="2021-06-30T13:00:00+00:00")
    assert (fine.code, fine.out.splitlines()[0]) in ((0, "fine"), (4, "cannot be trusted:"))
    (folder / "contacts.yaml").write_text("people: [", encoding="utf-8")
    broken = duewatch("health", "--format", "json", now=LATE)
    assert (broken.code, broken.json["state"]) == (4, "untrustworthy")
    assert "contacts.yaml" in broken.json["reasons"][0]["what"]


@pytest.mark.usefixtures("folder")
def test_health_with_a_wrong_setting_is_bad_input(duewatch: Duewatch) -> None:
    refused = duewatch("health", DUEWATCH_RUN_TOO_OLD="soon")
    assert (refused.code, "26h" in refused.err or "90s" in refused.err) == (2, True)


# ------------------------------------------------------------------ sheets
@pytest.mark.usefixtures("folder")
def test_the_sheet_says_what_the_json_says(duewatch: Duewatch) -> None:
    items = duewatch("status", "--format", "json", now=LATE).json["items"]
    rows = list(csv.DictReader(io.StringIO(duewatch("status", "--format", "csv", now=LATE).out)))
    assert [(row["occurrence"], row["status"], row["due"]) for row in rows] == [
        (item["occurrence"] or "", item["status"] or "", item["due"] or "") for item in items
    ]
    assert rows[0]["days_until_due"] == "-1"
    assert rows[0]["contents_of"] == str(items[0]["contents"]["of"])


def test_no_cell_is_computed_by_a_spreadsheet() -> None:
    from duewatch.engine.judgement.cells import csv_cell, csv_text, markdown_cell

    assert [csv_cell(value) for value in ("=1+1", "@x", "-1", -1, None, ["a", "b"])] == [
        "'=1+1",
        "'@x",
        "'-1",
        -1,
        "",
        "a;b",
    ]
    assert [csv_text(text) for text in ("'=1+1", "it's", "'til")] == ["=1+1", "it's", "'til"]
    assert markdown_cell("a|b\n<c> *d*") == r"a\|b \<c> \*d\*"


@pytest.mark.usefixtures("folder")
def test_the_markdown_has_a_table_for_each_group(duewatch: Duewatch) -> None:
    page = duewatch("status", "--format", "markdown", now=LATE).out
    assert page.startswith("## Late\n\n| provision | obligation | bearer | due | says |\n| --- |")
    assert "## Later, owed by others" in page
    assert all(line.count(" | ") >= 4 for line in page.splitlines() if line.startswith("|"))


# ------------------------------------------------------------------ on a terminal
def test_long_work_shows_that_it_goes_on_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET", 0.01)
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.busy("evaluating"):
            time.sleep(0.1)
        shown = os.read(master, 1000).decode()
        while not shown.endswith(progress.ERASE) and select.select([master], [], [], 5)[0]:  # it comes piecemeal
            shown += os.read(master, 1000).decode()
    os.close(master)
    assert "evaluating ..." in shown
    assert shown.endswith(progress.ERASE)


def test_in_a_pipe_there_is_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET", 0.0)
    with progress.busy("evaluating"):
        time.sleep(0.02)
    assert capsys.readouterr() == ("", "")


def test_a_shell_completes_commands_and_options(empty: Path) -> None:
    def completed(typed: str) -> set[str]:
        words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1), "_DUEWATCH_COMPLETE": "bash_complete"}
        ended = subprocess.run(
            [sys.executable, "-m", "duewatch"],
            cwd=empty,
            env=os.environ | words | {"PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return {line.partition(",")[2] for line in ended.stdout.splitlines()}

    assert completed("duewatch ti") == {"timeline"}
    assert {"--within", "--owner"} <= completed("duewatch agenda --")


def leaves(command: Any, name: str) -> list[tuple[str, Any]]:
    """Every command that does something, with its whole name."""
    if not hasattr(command, "commands"):
        return [(name, command)]
    return [leaf for part, one in command.commands.items() if not one.hidden for leaf in leaves(one, f"{name} {part}")]


@pytest.mark.parametrize("named", COMMANDS, ids=lambda named: named.name)
def test_every_command_has_words_and_an_example_of_its_own(named: Any) -> None:
    for name, command in leaves(cli.get_command(None, named.name), named.name):  # type: ignore[arg-type]
        assert command.help, name
        assert f"duewatch {name}" in (command.epilog or ""), name
        assert all(param.help for param in command.params if param.param_type_name == "option"), name
