"""`duewatch coverage` and `duewatch lint` on a small invented text."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = (
    "1. Requests the Secretary to report by 30 June 2026 on the archive, as appropriate;\n2. Decides to stay seized.\n"
)
HEAD = 'instrument: {symbol: T/1, adopted: {date: "2026-01-15", how: on 15 January 2026}, zone: Europe/Paris}\n'
ENTRIES = """parties: {secretary: {}}
obligations:
- {id: a, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: report on it,
   words: [Requests the Secretary, "archive, as appropriate"], deadline: {by: "2026-06-30"}, phrase: by 30 June 2026}
"""
STATEMENT = (
    "- {id: b, provision: Art 2, verb: decides, modality: statement, action: stay, words: [Decides to, stay seized]}\n"
)


def files(folder: Path, entries: str = ENTRIES + STATEMENT) -> tuple[str, str, str]:
    (folder / "t.yaml").write_text(HEAD + entries, encoding="utf-8")
    (folder / "t.txt").write_text(TEXT, encoding="utf-8")
    return "t.yaml", "--source", "t.txt"


def test_a_covered_text_is_listed_stretch_by_stretch(duewatch: Callable, empty: Path) -> None:
    ended = duewatch("coverage", *files(empty))
    assert ended.code == 0, ended.err
    assert "Art 2 statement b 2 Decides to stay seized" in ended.words
    assert "1 encoded, 1 statement, 0 set aside, 0 MISSING; 0 differences" in ended.words


def test_a_missing_stretch_and_a_difference_end_with_one(duewatch: Callable, empty: Path) -> None:
    words = files(empty, ENTRIES.replace("phrase: by", "phrase: on"))
    ended = duewatch("coverage", *words)
    assert ended.code == 1
    assert "Art 2 MISSING 2 2.Decides to stay seized." in ended.words.replace("2. Decides", "2.Decides")
    assert "t.yaml:4:3: a: `phrase` quotes 'on 30 June 2026': not in Art 1" in ended.words
    found = duewatch("coverage", *words, "--format", "json").json
    assert found["missing"] == 1
    assert [one["state"] for one in found["stretches"]] == ["encoded", "MISSING"]
    assert found["findings"][0]["about"] == "a"


APART = (
    "1. Requests the Secretary to report by 30 June 2026 on 12 rooms, and urges States (24 in 2026) to pay within three"
    " months, by 1 May 2027;\n"
)
NORMS = """parties: {secretary: {name: Secretary}, states: {name: States}}
obligations:
- {id: a, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: report,
   target: {count: r, at-least: 12}, words: [Requests the Secretary, 12 rooms], deadline: {by: "2026-06-30"},
   phrase: by 30 June 2026}
- {id: b, provision: Art 1, verb: urges, bearer: {each: states}, kind: achieve, action: pay within 3 months,
   words: [urges States, 1 May 2027], deadline: {by: "2027-05-01"}, phrase: by 1 May 2027,
   readings: {r: {default: true, why: so}, s: {deadline: {before: "2027-05-01"}, why: or so}}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"2026-06-30"',
            '"2027-05-01"',
            "a: `deadline`: 1 May 2027 is not printed in Art 1, in the entry's own stretch",
        ),
        ("at-least: 12", "at-least: 3", "a: `target`: 3 is not printed in Art 1, in the entry's own stretch"),
        ("at-least: 12", "at-least: 30", "a: `target`: 30 is not printed in Art 1, in the entry's own stretch"),
        (
            "pay within 3 months",
            "pay within 3 weeks",
            "b: `action`: 3 weeks is not printed in Art 1, in the entry's own stretch",
        ),
        ("bearer: secretary", "bearer: states", "a: `bearer`: the text names 'the Secretary' here (secretary)"),
        ("{each: states}", "secretary", "b: `bearer`: the text names 'States' here (states)"),
        ("{before:", "{by:", "b: the reading `s` changes nothing: it says the same as `r`"),
    ],
)
def test_what_belongs_to_another_norm_of_the_paragraph_is_told(
    old: str, new: str, said: str, duewatch: Callable, empty: Path
) -> None:
    (empty / "t.txt").write_text(APART, encoding="utf-8")
    for entries, code in ((NORMS, 0), (NORMS.replace(old, new), 1)):
        (empty / "t.yaml").write_text(HEAD + entries, encoding="utf-8")
        ended = duewatch("coverage", "t.yaml", "--source", "t.txt", "--format", "json")
        assert ended.code == code, ended.out + ended.err
    assert [said] == [f"{one['about']}: {one['wrong']}"[: len(said)] for one in ended.json["findings"]]


def test_a_long_stretch_is_shortened(duewatch: Callable, empty: Path) -> None:
    found = duewatch("coverage", *files(empty), "--format", "json").json
    assert found["stretches"][0]["words"] == "Requests the Secretary to report ... the archive, as appropriate"


def test_without_a_text_entries_are_counted(duewatch: Callable, empty: Path) -> None:
    files(empty)
    ended = duewatch("coverage", "t.yaml")
    assert ended.code == 0
    assert "Art 1 1 1 Art 2 1 1" in ended.words
    assert "no text was compared" in ended.words
    rows = duewatch("coverage", "t.yaml", "--format", "json").json["provisions"]
    assert rows[0] == {"encoding": "t.yaml", "provision": "Art 1", "entries": 1, "stretches": 1}


def test_the_encoding_of_the_settings_is_counted(duewatch: Callable) -> None:
    ended = duewatch("coverage", "--format", "json")
    assert sum(row["entries"] for row in ended.json["provisions"]) == 313
    assert all(row["entries"] == row["stretches"] for row in ended.json["provisions"])


def test_fingerprints_are_written_and_then_compared(duewatch: Callable, empty: Path) -> None:
    words = files(empty)
    ended = duewatch("coverage", *words, "--write-fingerprints")
    assert (ended.code, "t.yaml: 2 fingerprints written" in ended.words) == (0, True)
    (empty / "t.txt").write_text(TEXT.replace("stay seized", "stay  se ized"), encoding="utf-8")
    assert duewatch("coverage", *words).code == 0
    (empty / "t.txt").write_text(TEXT.replace("to report", "to tell"), encoding="utf-8")
    ended = duewatch("coverage", *words)
    assert ended.code == 1
    assert "the text of Art 1 is not the one that was compared" in ended.words


def test_fingerprints_want_a_text(duewatch: Callable, empty: Path) -> None:
    files(empty)
    ended = duewatch("coverage", "t.yaml", "--write-fingerprints")
    assert (ended.code, "add --source FILE" in ended.err) == (2, True)


def test_one_text_goes_with_one_encoding(duewatch: Callable, empty: Path) -> None:
    words = files(empty)
    shutil.copy("t.yaml", "u.yaml")
    ended = duewatch("coverage", "u.yaml", *words)
    assert (ended.code, "one text goes with one encoding" in ended.err) == (2, True)


def test_a_word_that_nothing_accounts_for_is_listed(duewatch: Callable, empty: Path) -> None:
    words = files(empty)
    ended = duewatch("lint", *words)
    assert ended.code == 0  # a should, not a must
    assert "should limiting 1 1 as appropriate" in ended.words
    assert "2 time or limiting words, 1 not accounted for" in ended.words
    found = duewatch("lint", *words, "--format", "json", "--all").json
    assert [(one["words"], one["accounted"]) for one in found["words"]] == [
        ("by 30 June 2026", True),
        ("as appropriate", False),
    ]


def test_a_must_that_nothing_accounts_for_ends_with_one(duewatch: Callable, empty: Path) -> None:
    entries = ENTRIES.replace('deadline: {by: "2026-06-30"}, phrase: by 30 June 2026', "deadline: none")
    ended = duewatch("lint", *files(empty, entries + STATEMENT))
    assert ended.code == 1
    assert "must time 1 1 by 30 June 2026" in ended.words


def test_nothing_left_is_said_in_one_line(duewatch: Callable, empty: Path) -> None:
    entries = ENTRIES.replace("phrase: by", "limits: [{discretion: as appropriate}], phrase: by")
    ended = duewatch("lint", *files(empty, entries + STATEMENT))
    assert ended.out == "2 time or limiting words, 0 not accounted for\n"
