"""The list of all signatures is complete, and not longer than it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from duewatch.rules.cells import IMPOSSIBLE, cells, signatures, uncovered, unreachable
from duewatch.rules.checking import check_status
from duewatch.rules.conditions import ALWAYS, All, Atom, Atomic, Condition, FieldRef, Not, holds
from duewatch.rules.conditions import Any as Either
from duewatch.rules.faults import Faults
from duewatch.rules.fields import FIELDS
from duewatch.rules.grammar import Rule, Ruleset
from duewatch.rules.readings import ConditionReader

if TYPE_CHECKING:
    from duewatch.rules.checking import Alerts
    from duewatch.rules.grammar import Decision


def small(*conditions: Condition) -> Ruleset:
    rules = tuple(Rule(name=str(number), outcome="x", when=when) for number, when in enumerate(conditions))
    return Ruleset(FIELDS, {}, rules)


def is_so(field: str, operator: Any, argument: Any = None) -> Atomic:
    return Atomic(Atom(field, operator, argument))


# ------------------------------------------------------------------ the shipped rules
def test_the_list_stays_short(status: Ruleset, alerts: Alerts) -> None:
    assert 5_000 < len(signatures(status)) < 20_000
    assert 100 < len(signatures(alerts.ruleset)) < 1_000


def test_each_cell_has_the_signature_that_its_values_give(status: Ruleset) -> None:
    nothing: dict[str, object] = dict.fromkeys(FIELDS)
    for cell in list(cells(status))[::3]:
        assert status.signature_of(nothing | dict(cell.values)) == cell.signature


def test_whatever_can_be_is_in_the_list(status: Ruleset, histories: list[dict[str, object]]) -> None:
    listed = signatures(status)
    assert [row for row in histories if status.signature_of(row) not in listed] == []


def test_what_is_declared_impossible_never_is(histories: list[dict[str, object]]) -> None:
    faults = Faults()
    conditions = [ConditionReader(FIELDS, faults).read(data, ()) for data in IMPOSSIBLE]
    assert faults.found == []
    met = {
        str(data)
        for row in histories
        for data, condition in zip(IMPOSSIBLE, conditions, strict=True)
        if holds(condition, lambda atom, row=row: atom.holds(row))  # type: ignore[misc]
    }
    assert met == set()


def test_the_shipped_rules_leave_nothing(status: Ruleset, alerts: Alerts) -> None:
    for ruleset in (status, alerts.ruleset):
        assert unreachable(ruleset) == []
        assert uncovered(ruleset) is None


def test_each_of_the_shipped_rules_decides_something(
    status: Ruleset, alerts: Alerts, decisions: dict[int, Decision]
) -> None:
    assert {decision.rule for decision in decisions.values()} == {rule.name for rule in status.rules}
    told = {alerts.ruleset.decide(signature).rule for signature in signatures(alerts.ruleset)}
    assert told == {rule.name for rule in alerts.ruleset.rules}


# ------------------------------------------------------------------ how fields are cut
@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        # null, below, at and above one number
        ([is_so("days_open", "below", 0), is_so("days_open", "is", 0)], {0b00, 0b01, 0b10}),
        # the gap between two numbers is a cell of its own, unless no whole number lies in it
        ([is_so("days_open", "above", 3), is_so("days_open", "below", 5)], {0b00, 0b01, 0b10, 0b11}),
        ([is_so("days_open", "above", 3), is_so("days_open", "below", 4)], {0b00, 0b01, 0b10}),
        # a flag that is never null has two cells, one that may be null three
        ([is_so("waived", "is", 1)], {0, 1}),
        ([is_so("kept", "is", 1), is_so("kept", "is", 0)], {0b00, 0b01, 0b10}),
        # words: one cell for all that the rules do not tell apart
        ([is_so("watch", "is", "own"), is_so("watch", "in", ("others", "own"))], {0b00, 0b10, 0b11}),
        ([is_so("strength", "is", "requests")], {0, 1}),
        # fields that are compared are cut together: before, at, after, and unknown
        ([is_so("measure_age", "above", FieldRef("lead")), is_so("measure_age", "is", FieldRef("lead"))], {0, 1, 2}),
        # between two constants both fields find room for any order
        (
            [
                is_so("measure_age", "in", tuple(range(10))),
                is_so("lead", "in", tuple(range(10))),
                is_so("measure_age", "below", FieldRef("lead")),
                is_so("measure_age", "is", FieldRef("lead")),
            ],
            {0b0000, 0b0010, 0b0011, 0b0100, 0b0101, 0b0110, 0b0111, 0b1000, 0b1011},
        ),
        ([is_so("due", "absent"), is_so("due", "at_least", FieldRef("ends"))], {0b00, 0b01, 0b10}),
    ],
)
def test_the_cells_of(conditions: list[Condition], expected: set[int]) -> None:
    assert signatures(small(*conditions)) == expected


def test_a_rule_is_lost_where_earlier_ones_take_all_of_its_cases() -> None:
    low, high = is_so("days_open", "below", 3), is_so("days_open", "at_least", 3)
    part = All((is_so("days_open", "is", 7), is_so("waived", "is", 1)))
    assert [rule.name for rule in unreachable(small(low, high, part))] == ["2"]
    assert [rule.name for rule in unreachable(small(low, part, high))] == []
    assert [rule.name for rule in unreachable(small(Either((low, high)), Not(low), ALWAYS))] == ["2"]
    assert [rule.name for rule in unreachable(small(Not(is_so("days_open", "absent")), high, ALWAYS))] == ["1"]
    assert [rule.name for rule in unreachable(small(ALWAYS, ALWAYS))] == ["1"]


def test_a_case_without_a_rule_is_shown_with_values_that_lie_in_it() -> None:
    low, high = is_so("days_open", "below", 3), is_so("days_open", "at_least", 3)
    assert uncovered(small(low, high, is_so("days_open", "absent"))) is None
    gap = uncovered(small(low, high))
    assert gap is not None
    assert gap.values["days_open"] is None


def test_rules_without_kinds_are_listed_too() -> None:
    low = Rule(name="low", outcome="x", when=is_so("lead", "below", 3))
    ruleset = Ruleset({"lead": FIELDS["lead"]}, {}, (low,))
    assert signatures(ruleset) == {0, 1}


def test_impossible_pairs_are_no_gaps() -> None:
    dated = is_so("dated_state", "is", "dated")
    due = Not(is_so("days_left", "absent"))
    either = small(Either((Not(dated), due)))
    assert uncovered(either) is None


def test_rules_with_one_word_of_the_file_changed_are_covered_or_refused() -> None:
    text = """
    statuses:
      contested: {class: contested, group: late, urgency: 2, computed: true}
      absent: {class: absent, group: hidden, urgency: 0}
      yes: {class: done, group: late, urgency: 1}
    rules:
    - {status: "yes", when: {kind: limit}, because: x}
    - {status: absent, when: {not: {kind: limit}}, because: x}
    """
    data = yaml.safe_load(text.replace("yes:", '"yes":'))
    assert check_status(data)[1] == []
    data["rules"][1]["when"] = {"not": {"kind": ["limit", "permit"]}}
    [fault] = check_status(data)[1]
    assert fault.wrong == "no rule says what holds in some situations, such as: kind permit, modality obligation"
