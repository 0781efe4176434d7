"""`duewatch draft` as a user runs it: a file whole or not at all, counted by `check`, refused by `load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "1. Requests the Secretary to report by 30 June 2026 on the archive;\n2. Decides to stay seized.\n"
DONE = (
    'instrument: {symbol: T/1, adopted: {date: "2026-01-15", how: on 15 January 2026}, zone: Europe/Paris}\n'
    "parties: {secretary: {name: Secretary}}\nobligations:\n"
    "- {id: a, provision: OP 1, verb: requests, bearer: secretary, kind: achieve, action: report,\n"
    '   words: [Requests the Secretary, on the archive], deadline: {by: "2026-06-30"}, phrase: by 30 June 2026}\n'
)


@pytest.fixture
def text(empty: Path) -> Path:
    (empty / "t.txt").write_text(TEXT, encoding="utf-8")
    return empty / "t.txt"


def test_a_draft_is_counted_by_check_and_refused_by_load(duewatch: Callable, text: Path) -> None:
    ended = duewatch("draft", "t.txt", "-o", "t.yaml")
    assert (ended.code, ended.out) == (0, "t.yaml: 2 paragraphs, 2 entries, 10 `todo`; verbs un-ga\n"), ended.err
    checked = duewatch("check", "t.yaml")
    assert (checked.code, "2 entries (2 drafts)" in checked.out) == (0, True)
    assert "t.yaml: 10 `todo` left: it cannot be adopted before each is decided" in checked.out
    loaded = duewatch("load", "t.yaml", "--yes")
    assert (loaded.code, "t.yaml is a draft: decide what its 10 `todo` say" in loaded.err) == (2, True)
    covered = duewatch("coverage", "t.yaml", "--source", text.name)
    assert (covered.code, "2 todo, 0 set aside, 0 MISSING; 0 differences" in covered.words) == (0, True)


def test_a_draft_of_the_settings_is_not_adopted_by_itself(duewatch: Callable, text: Path) -> None:
    assert duewatch("draft", text.name, "-o", "obligations.yaml", "--force").code == 0
    ended = duewatch("status")
    assert (ended.code, "obligations.yaml is a draft" in ended.err) == (2, True)


def test_nothing_is_written_over_and_nothing_half_written(duewatch: Callable, text: Path) -> None:
    (text.parent / "t.yaml").write_text(DONE, encoding="utf-8")
    before = sorted(path.name for path in text.parent.iterdir())
    for words, told in [
        (
            ("draft", "t.txt", "-o", "t.yaml"),
            "t.yaml is there already; choose another name, or write over it with --force",
        ),
        (("draft", "t.txt", "-o", "t.txt", "--force"), "t.txt is read here; write to another file"),
        (("draft", "none.txt", "-o", "n.yaml"), "none.txt cannot be read"),
        (("draft", "t.txt", "-o", "no/n.yaml"), "n.yaml cannot be written: No such file or directory"),
        (("draft", "t.txt", "-o", "n.yaml", "--like-source", "t.txt"), "name both"),
        (
            ("draft", "t.txt", "-o", "n.yaml", "--like", "t.yaml", "--like-source", "none.txt"),
            "none.txt cannot be read",
        ),
        (("draft", "t.txt", "-o", "n.yaml", "--language", "xx"), "'xx' is no language"),
    ]:
        ended = duewatch(*words)
        assert (ended.code, told in ended.err) == (2, True), ended.err
    assert sorted(path.name for path in text.parent.iterdir()) == before
    assert (text.parent / "t.yaml").read_text("utf-8") == DONE


def test_the_text_beside_an_earlier_encoding_shows_every_word(duewatch: Callable, text: Path) -> None:
    (text.parent / "t.yaml").write_text(DONE, encoding="utf-8")
    (text.parent / "new.txt").write_text(TEXT.replace("2026", "2027"), encoding="utf-8")
    ended = duewatch("draft", "new.txt", "--like", "t.yaml", "-o", "new.yaml")
    assert "paragraphs: 0 as before, 1 changed, 0 gone\n" in ended.out
    assert "#   ... report by 30 June [-2026-] {+2027+} on the archive;\n" in (text.parent / "new.yaml").read_text(
        "utf-8"
    )
