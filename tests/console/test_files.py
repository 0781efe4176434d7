"""`check`, `load`, `show`, `schema`: what concerns the files."""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Duewatch = Callable[..., Any]

ROOT = Path(__file__).parents[2]


def change(folder: Path, old: str, new: str) -> None:
    encoding = folder / "obligations.yaml"
    text = encoding.read_text(encoding="utf-8")
    assert old in text
    encoding.write_text(text.replace(old, new, 1), encoding="utf-8")


# ------------------------------------------------------------------ check
def test_check_counts_the_entries_by_modality_and_lists_the_notes(empty: Path, duewatch: Duewatch) -> None:
    file = empty / "obligations.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("about: [OP 4, OP 15]", "about: [OP 4, OP 99]", 1), encoding="utf-8")
    ended = duewatch("check")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].startswith("obligations.yaml: S/RES/2584 (2021): 313 entries (")
    assert "28 statements" in lines[0]
    assert any(line.startswith("obligations.yaml:") and "note: " in line and "OP 99" in line for line in lines)
    assert lines[-1].startswith("contacts.yaml: 6 contacts, ")
    assert not (empty / "duewatch.db").exists()


def test_check_takes_a_folder_or_a_file_of_rules(empty: Path, duewatch: Duewatch) -> None:
    shutil.copytree(ROOT / "rules", empty / "mine", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert "mine: rules, in order" in duewatch("check", "mine").out
    status = empty / "mine" / "status.yaml"
    status.write_text(status.read_text(encoding="utf-8").replace("days_left", "days_leftt", 1), encoding="utf-8")
    for asked in (("check", "mine"), ("check", "mine/status.yaml"), ("check", "mine/verbs/un-sc.yaml")):
        ended = duewatch(*asked)
        assert ended.code == 2
        assert ended.err.startswith("mine/status.yaml:")
        assert "days_left" in ended.err.splitlines()[0].partition("; ")[2]
    assert duewatch("status", DUEWATCH_RULES="mine").code == 2
    assert not (empty / "duewatch.db").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("gone.yaml", None, "cannot be read"),
        ("latin.yaml", b"title: caf\xe9\n", "not UTF-8"),
        ("nothing.yaml", b"", "empty"),
        ("list.yaml", b"- a\n", "list.yaml:1:1"),
        ("deep.yaml", b"[" * 5000, "deep.yaml:1:"),
        ("alias.yaml", b"instrument: &a {}\nobligations: *a\n", "alias"),
    ],
)
def test_no_file_whatever_is_in_it_gets_a_traceback(
    name: str, content: bytes | None, says: str, empty: Path, duewatch: Duewatch
) -> None:
    if content is not None:
        (empty / name).write_bytes(content)
    ended = duewatch("check", name)
    assert ended.code == 2
    assert name in ended.err
    assert says in ended.err
    assert "our fault" not in ended.err


# ------------------------------------------------------------------ load
def move_op19(folder: Path) -> None:
    """Give OP 19 another day, and drop the examples that hold it to the one in the text."""
    encoding = folder / "obligations.yaml"
    before, entry, after = re.split(
        r"(?m)^(?=  - id: (?:force-adaptation-report|intent-to-discuss)$)", encoding.read_text("utf-8")
    )
    entry = entry[: entry.index("    examples:")].replace("2021-07-15", "2021-07-20")
    encoding.write_text(f"{before}{entry}\n{after}", "utf-8")


@pytest.mark.usefixtures("folder")
def test_load_shows_what_moves_and_adopts_only_when_told(folder: Path, duewatch: Duewatch) -> None:
    asked = ("status", "--provision", "OP 19", "--watch", "own", "--format", "json")
    assert duewatch("load", "obligations.yaml").out == "nothing moves: this is the encoding in force\n"
    move_op19(folder)
    looked = duewatch("load", "obligations.yaml", now="2021-07-16")
    assert looked.code == 2
    assert "op19.force-adaptation-report/1: overdue -> at_risk, due 2021-07-15 -> 2021-07-20" in looked.out
    assert "--yes" in looked.err
    assert duewatch(*asked, now="2021-07-16").json["items"][0]["due"] == "2021-07-15"
    adopted = duewatch("load", "obligations.yaml", "--yes", now="2021-07-16")
    assert adopted.code == 0
    assert adopted.out.splitlines()[-1].startswith("adopted sha256:")
    after = duewatch(*asked, now="2021-07-16")
    assert after.json["items"][0]["due"] == "2021-07-20"
    assert after.err == ""
    assert f"adopted {after.json['encoding']}" in adopted.out


class Keyboard(io.StringIO):
    """Somebody at a terminal who types this."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("typed", "said"), [("n\n", "nothing was adopted"), ("y\n", "adopted sha256:")])
def test_load_asks_somebody_at_a_terminal(
    typed: str, said: str, folder: Path, duewatch: Duewatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_op19(folder)
    monkeypatch.setattr(sys, "stdin", Keyboard(typed))
    ended = duewatch("load", "obligations.yaml")
    assert ended.code == 0
    assert "Adopt it?" in ended.out
    assert said in ended.out.splitlines()[-1]


@pytest.mark.usefixtures("folder")
def test_an_id_with_recorded_facts_may_not_disappear(folder: Path, duewatch: Duewatch) -> None:
    duewatch("record", "measure", "op18.police", "--value", "1000", "--on", "2021-07-10", "--by", "x")
    change(folder, "  - id: police\n", "  - id: policemen\n")
    ended = duewatch("load", "obligations.yaml", "--yes")
    assert ended.code == 2
    assert "op18.police" in ended.err
    assert duewatch("load", "obligations.yaml", "obligations.yaml", "--yes").code == 2


def test_load_on_an_empty_database_needs_no_other_encoding(empty: Path, duewatch: Duewatch) -> None:
    (empty / "obligations.yaml").rename(empty / "mine.yaml")
    ended = duewatch("load", "mine.yaml", "--yes", "--by", "jane")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[0] == "S/RES/2584 (2021): 313 entries"
    assert duewatch("status", DUEWATCH_OBLIGATIONS="mine.yaml").err == ""


# ------------------------------------------------------------------ show, schema
def test_show_prints_an_entry_flat_with_where_each_field_comes_from(empty: Path, duewatch: Duewatch) -> None:
    ended = duewatch("show", "op18.military", COLUMNS="200")
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in ended.out.splitlines() if line.strip()}
    assert rows["verb"] == "shared of op18 decides"
    assert rows["target"] == "entry {count: military, at-most: 13289}"
    assert rows["modality"] == "default obligation"
    assert "two-ceilings" in rows
    assert rows["obligations.yaml:" + ended.out.splitlines()[1].partition(":")[2]] == ""
    assert not (empty / "duewatch.db").exists()


def test_show_in_json_and_by_the_name_of_an_occurrence(duewatch: Duewatch) -> None:
    shown = duewatch("show", "S/RES/2584 (2021)#op61.quarterly-report/2", "--format", "json").json
    assert (shown["id"], shown["provision"]) == ("op61.quarterly-report", "OP 61")
    assert set(shown["fields"]) == set(shown["origins"])
    assert shown["readings"]["fixed-grid"]["default"] is True


def test_show_suggests_the_nearest_entry(duewatch: Duewatch) -> None:
    ended = duewatch("show", "op61.quaterly-report")
    assert ended.code == 2
    assert "did you mean op61.quarterly-report" in ended.err


def test_the_schema_is_the_one_that_editors_read(duewatch: Duewatch) -> None:
    schema = duewatch("schema").json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"instrument", "obligations"} <= set(schema["properties"])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\n  regime: un-sc\n", "\n  regime: un-scc\n", "there is no regime `un-scc`; did you mean `un-sc`?"),
        (
            "deadline: {every: 3 months, after: adoption, ",
            "deadline: {every: 3 months, calendar: us-fed, after: adoption, ",
            "there is no calendar `us-fed`; did you mean `us-federal`?",
        ),
    ],
)
@pytest.mark.parametrize("words", [("check",), ("load", "--yes")], ids=lambda words: words[0])
def test_a_regime_or_a_calendar_that_is_not_there_is_told_with_its_place(
    duewatch: Duewatch, empty: Path, words: tuple[str, ...], old: str, new: str, said: str
) -> None:
    file = empty / "obligations.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1 + new.startswith("\n")
    ended = duewatch(*words, "obligations.yaml")
    assert ended.code == 2
    assert f"obligations.yaml:{line}:" in ended.err
    assert said in ended.err
