"""Every kind of mistake in a file of rules has its place, its sentence and its remedy.

The mistakes and what is said of them stand in `mistakes.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from duewatch.rules.checking import check_alerts, check_status, check_words
from duewatch.rules.strengths import check_verbs

if TYPE_CHECKING:
    from duewatch.rules.faults import Fault

MISTAKES = yaml.safe_load(Path(__file__).with_name("mistakes.yaml").read_text(encoding="utf-8"))
STATUSES = """
  contested: {class: contested, group: cannot-say, urgency: 9, computed: true}
  open:      {class: pending, group: later, urgency: 5}
  waived:    {class: closed, group: closed, urgency: 4}
  absent:    {class: absent, group: hidden, urgency: 0}
"""
RULES = """
- {status: absent, when: {owed: 0}, because: not owed}
- {status: waived, when: {waived: 1}, because: waived}
- {status: open, because: open}
"""
LADDERS = "{up: {base: due, stages: {early: -3, due: 0}}}"
NORMS = "norms: {else: {heading: Asked, sentence: '{verb} {bearer}', quoted: '{verb}', act: '{action}', refrain: not}}"
CONTEST = f"{NORMS}, contest: {{open: 'open, {{due:date}}', met: done}}"


def found(data: Any, check: Callable[[Any], tuple[object, list[Fault]]]) -> list[Fault]:
    read, faults = check(data)
    assert (read is None) == bool(faults)
    return faults


def with_rules(rules: str) -> list[Fault]:
    return found(yaml.safe_load(f"statuses:{STATUSES}\nrules:{rules}"), check_status)


def with_rule(rule: str) -> list[Fault]:
    """Give the faults of one more rule, put before the others."""
    return with_rules(f"\n- {rule}{RULES}")


def with_alerts(text: str) -> list[Fault]:
    return found(yaml.safe_load(text), lambda data: check_alerts(data, ["open", "met"], ["requests"]))


def with_words(text: str) -> list[Fault]:
    return found(yaml.safe_load(text), lambda data: check_words(data, ["open", "met"], ["requests"]))


def says(expected: str, faults: list[Fault]) -> bool:
    """Whether one of the faults reads so, up to the three dots if there are any."""
    lines = [
        f"{'.'.join(map(str, fault.path))}: {fault.wrong}" + (f"; {fault.right}" if fault.right else "")
        for fault in faults
    ]
    beginning = expected.removesuffix("...")
    return any(line == expected or (beginning != expected and line.startswith(beginning)) for line in lines)


def mistakes(section: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("mistake", MISTAKES[section], ids=lambda mistake: mistake["fault"][:60])


# ------------------------------------------------------------------ mistakes, one by one
def test_the_small_files_of_these_tests_are_fine() -> None:
    assert with_rules(RULES) == []
    assert with_rule("{name: soon, status: open, when: {days_left: {at_most: 3}}, because: '{due:date}'}") == []
    rules = "[{ladder: up, when: {status: open}, because: x}, {ladder: none, because: x}]"
    assert with_alerts(f"{{ladders: {LADDERS}, rules: {rules}}}") == []
    phrases = "[{say: '{says}: {value} of {bound}', when: {says_set: 1}}, {say: '{member} {due:date}'}]"
    assert with_words(f"{{language: en, {CONTEST}, rules: {phrases}}}") == []


@mistakes("rules")
def test_a_mistake_in_a_rule(mistake: dict[str, str]) -> None:
    faults = with_rules(f"\n{mistake['rules']}{RULES}")
    assert says(mistake["fault"], faults), faults


@mistakes("statuses")
def test_a_mistake_in_a_status(mistake: dict[str, str]) -> None:
    data = yaml.safe_load(f"statuses:{STATUSES}\nrules:{RULES}")
    data["statuses"] |= {name: yaml.safe_load(body) for name, body in mistake.items() if name != "fault"}
    faults = found(data, check_status)
    assert says(mistake["fault"], faults), faults


@mistakes("files")
def test_a_file_of_another_shape(mistake: dict[str, str]) -> None:
    faults = found(yaml.safe_load(mistake["text"]), check_status)
    assert says(mistake["fault"], faults), faults


@mistakes("alerts")
def test_a_mistake_in_alerts(mistake: dict[str, str]) -> None:
    faults = with_alerts(mistake["text"].replace("LADDERS", LADDERS))
    assert says(mistake["fault"], faults), faults


@mistakes("words")
def test_a_mistake_in_words(mistake: dict[str, str]) -> None:
    faults = with_words(mistake["text"].replace("CONTEST", CONTEST).replace("NORMS", NORMS))
    assert says(mistake["fault"], faults), faults


@mistakes("verbs")
def test_a_mistake_in_verbs(mistake: dict[str, str]) -> None:
    faults = found(yaml.safe_load(mistake["text"]), check_verbs)
    assert says(mistake["fault"], faults), faults


def test_all_mistakes_are_found_in_one_run() -> None:
    faults = with_rule("{status: opne, when: {waved: 1, kind: limits}, because: '{dew}'}")
    assert [fault.path[2:] for fault in faults] == [("status",), ("when", "waved"), ("when", "kind"), ("because",)]


# ------------------------------------------------------------------ a file as a whole
def test_the_two_statuses_that_readings_need_are_declared() -> None:
    data = yaml.safe_load(
        "{statuses: {open: {class: undone, group: late, urgency: 1}}, rules: [{status: open, because: x}]}"
    )
    wrong = [fault.wrong for fault in found(data, check_status)]
    assert wrong == ["the status `contested` is not declared", "the status `absent` is not declared"]


def test_statuses_must_be_exhaustive() -> None:
    [fault] = with_rules(RULES.replace("{status: open, because", "{status: open, when: {kind: limit}, because"))
    assert fault.path == ("rules",)
    assert "in some situations, such as: kind achieve, modality obligation, owed 1" in fault.wrong
    assert fault.right == "end with a rule without `when`"


def test_rules_are_exhaustive_where_their_groups_are() -> None:
    others = "{status: open, when: {kind: [achieve, recur, maintain, refrain, respond, permit]}, because: x}"
    limits = "{name: limits, status: open, when: {kind: limit}, because: x}"
    assert with_rules(RULES.replace("{status: open, because: open}", f"{others}\n- {limits}")) == []


# ------------------------------------------------------------------ what the engines can hold
def test_more_questions_than_a_signature_has_bits() -> None:
    rules = "".join(f"\n- {{status: open, when: {{days_left: {number}}}, because: x}}" for number in range(59))
    assert any("61 different questions, more than 60" in fault.wrong for fault in with_rules(rules + RULES))


def test_more_tests_at_once_than_an_engine_takes() -> None:
    tests = ", ".join(f"{{not: {{days_left: {number}}}}}" for number in range(16))
    [fault] = with_rule(f"{{name: long, status: open, when: {{all: [{tests}]}}, because: x}}")
    assert (fault.path, fault.wrong) == (("rules", 0), "`long` makes 16 tests at once, more than 15")


def test_more_flat_rules_than_an_engine_takes() -> None:
    four = "{{any: [{{days_left: {0}}}, {{lead: {0}}}, {{days_open: {0}}}, {{soft_left: {0}}}]}}"
    three = ", ".join(four.format(number) for number in range(3))
    faults = with_rule(f"{{name: wide, status: open, when: {{all: [{three}]}}, because: x}}")
    assert any("67 flat rules once each `any` is split, more than 60" in fault.wrong for fault in faults), faults


def test_a_condition_that_would_burst_is_refused_before_it_does() -> None:
    either = ", ".join(f"{{any: [{', '.join(f'{{days_left: {n}{m}}}' for m in range(10))}]}}" for n in range(1, 10))
    faults = with_rule(f"{{name: huge, status: open, when: {{all: [{either}]}}, because: x}}")
    assert any(fault.path == ("rules", 0) and "in 1000000000 ways" in fault.wrong for fault in faults), faults


def test_verbs_are_kept_in_lower_case_with_single_spaces() -> None:
    verbs, faults = check_verbs({"strengths": ["calls upon"], "verbs": {"Calls  on": "calls upon"}})
    assert faults == []
    assert verbs is not None
    assert dict(verbs.verbs) == {"calls on": "calls upon"}


# ------------------------------------------------------------------ the shipped files, spoilt
@pytest.mark.parametrize(
    ("group", "case"),
    [(2, "limit"), (3, "maintain"), (4, "achieve, modality permission"), (5, "achieve, modality obligation")],
)
def test_a_group_without_its_last_rule_leaves_situations_undecided(
    shipped: Callable[[str], Any], group: int, case: str
) -> None:
    data = shipped("status")
    del data["rules"][group]["rules"][-1]
    _, faults = check_status(data)
    assert f"such as: kind {case}" in next(fault.wrong for fault in faults if fault.path == ("rules",))


def test_a_rule_moved_below_one_that_takes_its_cases_never_decides(shipped: Callable[[str], Any]) -> None:
    data = shipped("status")
    duties = data["rules"][5]["rules"]
    names = [rule.get("name", rule["status"]) for rule in duties]
    duties.insert(names.index("overdue"), duties.pop(names.index("missed")))
    _, faults = check_status(data)
    assert [(fault.path, fault.wrong.split(":")[0]) for fault in faults] == [
        (("rules", 5, "rules", names.index("overdue")), "`missed` can never decide")
    ]
