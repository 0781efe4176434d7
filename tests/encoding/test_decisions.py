"""A file of decisions: what it says, and every slip with its place."""

from __future__ import annotations

from datetime import date

import pytest

from duewatch.engine.encoding.decisions import Decision, read_decisions
from duewatch.engine.problems import BadFile


def read(text: str) -> tuple[Decision, ...]:
    return read_decisions(text.encode(), "d.yaml")


def test_each_row_is_one_decision_with_its_place() -> None:
    leaves, moves, nothing = read(
        "decisions:\n"
        "- {entry: op1.report, does: leaves}\n"
        '- {entry: op2.letter, does: moves-to, to: op9.letter, from: "2022-07-01", why: the later one asks for it}\n'
        "- {entry: op3.plan, does: undecided}\n"
    )
    assert (leaves.entry, leaves.does, leaves.since, str(leaves.place)) == ("op1.report", "leaves", None, "d.yaml:2:3")
    assert (moves.to, moves.since, moves.why) == ("op9.letter", date(2022, 7, 1), "the later one asks for it")
    assert nothing.does == "undecided"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("decisions: [{entry: a, does: leave}]", "1:30: `leave` is not a word of this field; did you mean `leaves`?"),
        ("decisions: [{entry: a, does: ends}]", "1:13: `why` is missing; say why it ends or moves"),
        ("decisions: [{entry: a, does: moves-to, why: so}]", "1:13: `to` is missing; add `to`"),
        ("decisions: [{entry: a, does: leaves, to: b}]", "1:38: `to` does not go with `leaves`"),
        ("decisions: [{entry: a, dose: leaves}]", "1:24: unknown field `dose`; did you mean `does`?"),
        ("decisions: [{does: leaves}]", "1:13: `entry` is missing"),
        ("decisions: [{entry: a, does: leaves, from: 1 July}]", "1:44: "),
        ("decisions: [{entry: a, does: leaves}, {entry: a, does: undecided}]", "1:39: `a` is decided twice"),
        ("- {entry: a, does: leaves}", "1:1: the top level is not a mapping; write `decisions:` and a list"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, says: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(text)
    assert f"d.yaml:{says}" in str(refused.value)
