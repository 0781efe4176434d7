"""`duewatch cycles`, `slips` and the page of `readings`, as somebody types them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("folder")
GRANT = ("--to", "2021-08-15", "--granted", "2021-07-10", "--granted-by", "security-council", "--symbol", "L/1")


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["obligation"]: row for row in csv.DictReader(io.StringIO(text))}


def test_an_edition_is_written_and_the_next_one_marks_what_changed(duewatch: Duewatch, folder: Path) -> None:
    assert duewatch("cycles", "--format", "csv", "-o", "first.csv").code == 0
    before = rows((folder / "first.csv").read_text(encoding="utf-8"))
    assert before["op61.quarterly-report"]["next_due"] == "2021-09-29"
    assert before["op61.quarterly-report"]["bearer"] == "SG"
    delivered = ("--dated", "2021-09-28", "--symbol", "S/9", "--by", "jane")
    assert duewatch("record", "delivered", "op61.quarterly-report/1", *delivered, now="2021-10-01").code == 0
    by_file, by_day = (
        rows(duewatch("cycles", "--since", since, "--format", "csv", now="2021-10-02").out)
        for since in ("first.csv", "2021-07-01")
    )
    assert by_file == by_day
    told = {name: row["changed"] for name, row in by_file.items() if row["changed"]}
    assert told == {"op61.quarterly-report": "last delivered, next due (was 29 Sep 2021)"}
    word = duewatch("cycles", "--since", "first.csv", "--format", "docx", "-o", "second.docx", now="2021-10-02")
    assert (word.code, word.err) == (0, "wrote second.docx\n")
    assert "word/document.xml" in zipfile.ZipFile(folder / "second.docx").namelist()


def test_what_is_no_edition_is_refused(duewatch: Duewatch, folder: Path) -> None:
    (folder / "other.csv").write_text("a,b\n", encoding="utf-8")
    refused = [duewatch("cycles", "--since", since) for since in ("other.csv", "none.csv", "2021-13-01")]
    assert [one.code for one in refused] == [2, 2, 2]
    later = duewatch("cycles", "--since", "2021-08-01", "--as-of", "2021-07-15")
    assert "the edition of 2021-08-01 is later than the table, which is as of 2021-07-15" in later.err
    assert "other.csv:1:1: this is no edition" in refused[0].err
    assert "none.csv: the file cannot be read" in refused[1].err
    nowhere = duewatch("cycles", "-o", "no/where.md")
    assert (nowhere.code, "cannot be written" in nowhere.err) == (2, True)
    assert not list(folder.glob(".duewatch-*"))


def test_slips_says_who_moved_a_date_and_when_it_became_known(duewatch: Duewatch) -> None:
    assert "No date has moved." in duewatch("slips").out
    recorded = duewatch("record", "extension", "op19.force-adaptation-report", *GRANT, "--by", "jane", now="2021-07-20")
    assert recorded.code == 0
    found = duewatch("slips", "--format", "json", now="2021-08-01").json
    [move] = found["moves"]
    assert (move["days"], move["passed_when_granted"], move["passed_when_recorded"]) == (31, 0, 1)
    assert (move["granted_by"], move["recorded_by"], move["symbol"]) == ("security-council", "jane", "L/1")
    assert found["bearers"][0]["name"] == "secretary-general"
    assert duewatch("slips", "--as-known", "2021-07-19", "--format", "json", now="2021-08-01").json["moves"] == []
    table = duewatch("slips", "--bearer", "secretary-general", now="2021-08-01", COLUMNS="200").out
    assert "only when recorded" in table
    assert duewatch("slips", "--format", "csv", now="2021-08-01").out.count("\n") == 2
    assert duewatch("slips", "--bearer", "nobody", now="2021-08-01").code == 2


def test_the_doubts_come_as_one_page_with_the_day_from_which_each_matters(duewatch: Duewatch) -> None:
    page = duewatch("readings", "--open", "--until", "2022-01-01", "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "<td>24 Dec 2021</td>" in page
    assert page.index("From when") < page.index("current-mandate")
    assert "Entries: OP 4 bullet 1;" in page
