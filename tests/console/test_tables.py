"""How an answer looks: wide, narrow, piped, without colour."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace

import pytest

from duewatch.console import tables
from duewatch.engine.judgement.asking import Item

ITEM = Item(
    instrument="A/1",
    obligation="annual-report",
    occurrence="A/1#annual-report/1",
    provision="Art. 7(2)",
    modality="obligation",
    verb="shall",
    strength="demands",
    kind="achieve",
    bearer=["agency"],
    member=None,
    counterparty=["council"],
    action="report",
    watch="own",
    owner=None,
    due="2021-07-15",
    status="overdue",
    group="late",
    says="overdue by 1 day: no delivery recorded",
    rule="overdue",
    because="",
    days_until_due=-1,
    days_late=1,
    contents={"seen": 0, "missing": 0, "unchecked": 0, "of": 0},
    discharged_on=None,
    last_looked=None,
    changed_on=None,
    readings={},
    place=0,
    listed=True,
)
LATER = replace(
    ITEM, occurrence="A/1#annual-report/2", status="open", group="later", due="2022-07-15", says="due in 365 days"
)
OTHERS = replace(ITEM, occurrence="A/1#election/1", obligation="election", watch="others", says="not recorded as done")


class Screen(io.StringIO):
    """A terminal, as far as a program can tell."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_colours_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def printed(capsys: pytest.CaptureFixture[str], *items: Item, symbols: bool = False) -> list[str]:
    tables.print_items(items, symbols=symbols)
    return capsys.readouterr().out.splitlines()


def test_rows_stand_under_their_group_late_first_and_others_by_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, LATER, ITEM, OTHERS)
    head = "provision obligation bearer due says"
    assert [" ".join(line.split()) for line in lines if "/" not in line] == [
        head,
        "late (1)",
        "later (1)",
        "",
        "watched: owed by others",
        head,
        "late (1)",
    ]
    assert lines[2].split() == [
        "Art.",
        "7(2)",
        "annual-report/1",
        "agency",
        "2021-07-15",
        "overdue",
        "by",
        "1",
        "day:",
        "no",
        "delivery",
        "recorded",
    ]


def test_a_pipe_gets_each_row_whole_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    long = replace(ITEM, says="overdue: " + "a long reason, " * 20)
    [row] = [line for line in printed(capsys, long) if "annual-report/1" in line]
    assert row.endswith("a long reason,")


@pytest.mark.parametrize("columns", ["40", "60", "100", "140"])
def test_no_line_is_wider_than_the_screen_and_no_word_is_lost(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = printed(capsys, ITEM, LATER, OTHERS)
    assert max(map(len, lines)) <= int(columns)
    words = re.sub(r"\s", "", "".join(lines))
    if int(columns) < tables.NARROW:
        assert "Art.7(2)annual-report/1agency,due2021-07-15overdueby1day:nodeliveryrecorded" in words
    else:
        assert {"overdue", "delivery", "recorded"} <= {word for line in lines for word in line.split()}


def test_colour_is_for_terminals_and_never_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    plain = printed(capsys, ITEM)
    assert "\x1b" not in "".join(plain)
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    tables.print_items([ITEM], symbols=False)
    assert "\x1b[31m" in screen.getvalue() or "\x1b[1;31m" in screen.getvalue()
    bare = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()).splitlines()]
    assert bare == plain


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    tables.print_items([ITEM], symbols=False)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", screen.getvalue())


def test_what_was_recorded_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    [row] = [line for line in printed(capsys, replace(ITEM, says="\x1b[2J\x07gone [bold]x[/bold]")) if "gone" in line]
    assert "\x1b" not in row
    assert "\x07" not in row
    assert row.endswith("gone [bold]x[/bold]")


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (ITEM, "overdue by 1 day: no delivery recorded"),
        (LATER, "due in 365 days"),
        (
            replace(ITEM, status="contested", says="date passed under one reading"),
            "contested: date passed under one reading",
        ),
        (replace(ITEM, status="at_risk", says="due in 3 days"), "at risk: due in 3 days"),
        (replace(ITEM, status=None, group=None, says="binds nobody: a statement"), "binds nobody: a statement"),
        (replace(ITEM, status="met", says="", because="delivered on time"), "met: delivered on time"),
    ],
)
def test_each_row_says_its_status_in_words(item: Item, words: str) -> None:
    assert tables.words(item) == words


@pytest.mark.parametrize(
    ("group", "seen", "missing", "unchecked", "words"),
    [
        ("done", 0, 0, 8, "contents: 8 unchecked of 8"),
        ("done", 8, 0, 0, "contents: all 8 seen"),
        ("late", 5, 1, 2, "contents: 1 missing, 2 unchecked of 8"),
        ("late", 0, 0, 8, ""),
        ("done", 0, 0, 0, ""),
    ],
)
def test_what_is_unchecked_or_missing_of_a_document_is_shown(
    group: str, seen: int, missing: int, unchecked: int, words: str
) -> None:
    found = {"seen": seen, "missing": missing, "unchecked": unchecked, "of": seen + missing + unchecked}
    assert "".join(tables.contents(replace(ITEM, group=group, contents=found))) == words


def test_several_instruments_are_named_in_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert any("A/1#annual-report/1" in line for line in printed(capsys, ITEM, symbols=True))
    assert not any("A/1#" in line for line in printed(capsys, ITEM))


def test_the_counts_go_by_group_in_the_order_of_the_page() -> None:
    bare = replace(ITEM, status=None, group=None, occurrence=None)
    assert tables.counts([LATER, bare, ITEM, ITEM]) == "2 late, 1 later, 1 without status"


def test_a_wrapped_line_of_a_section_keeps_its_indentation(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    tables.print_sections(
        "Title", [("Readings", ["default: overdue", "  why it may be read so: because of the words"])]
    )
    assert capsys.readouterr().out.splitlines() == [
        "Title",
        "",
        "Readings",
        "  default: overdue",
        "    why it may be read so:",
        "    because of the words",
    ]
