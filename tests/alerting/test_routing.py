"""Who hears of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.alerting.house import INSTRUMENT, a_matter, a_rule

from duewatch.engine.alerting.routing import paragraph, route
from duewatch.engine.encoding.provisions import at_or_under

if TYPE_CHECKING:
    from duewatch.engine.encoding.contacts import Responsible


@pytest.mark.parametrize(
    ("provision", "above", "lies_there"),
    [
        ("OP 19", "OP 19", True),
        ("OP 30(a)(iii)", "OP 30", True),
        ("OP 30(a)(iii)", "OP 30(a)", True),
        ("OP 30 (a)", "OP 30(a)", True),
        ("OP 4 bullet 2", "OP 4", True),
        ("OP 4 bullet 21", "OP 4 bullet 2", False),
        ("OP 61", "OP 6", False),
        ("OP 6", "OP 61", False),
        ("OP 30", "OP 30(a)", False),
        ("OP 30(b)", "OP 30(a)", False),
        ("Annex 19", "OP 19", False),
    ],
)
def test_a_provision_lies_under_another_by_its_parts(provision: str, above: str, lies_there: bool) -> None:
    assert at_or_under(provision, above) is lies_there


@pytest.mark.parametrize(
    ("provision", "belongs_to"),
    [
        ("OP 19", "OP 19"),
        ("OP 30(a)(iii)", "OP 30"),
        ("OP 4 bullet 2", "OP 4"),
        ("Article 12bis(3)", "Article 12bis"),
        ("Preamble", "Preamble"),
    ],
)
def test_a_provision_belongs_to_a_numbered_paragraph(provision: str, belongs_to: str) -> None:
    assert paragraph(provision) == belongs_to


RULES = {
    "provision": a_rule("p", provision="OP 19"),
    "bearer": a_rule("b", bearer="secretary-general"),
    "topic": a_rule("t", topic="peacekeeping"),
    "instrument": a_rule("i", instrument=INSTRUMENT),
    "all": a_rule("a"),
}


@pytest.mark.parametrize("level", range(5))
def test_the_most_specific_rule_wins(level: int) -> None:
    rules = list(RULES.values())[level:]
    assert [each.person for each in route(a_matter(), rules[::-1])] == list(rules[0].who)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        *zip(
            RULES.values(),
            [
                "responsible for OP 19",
                "responsible for what secretary-general owes",
                "responsible for the topic peacekeeping",
                f"responsible for {INSTRUMENT}",
                "responsible for everything",
            ],
            strict=True,
        )
    ],
)
def test_a_route_says_why(rule: Responsible, reason: str) -> None:
    assert [each.reason for each in route(a_matter(), [rule])] == [reason]


def test_all_persons_of_the_winning_rules_hear_of_it_each_once() -> None:
    rules = [
        a_rule("b", "a", provision="OP 19"),
        a_rule("c", "a", provision="OP 19"),
        a_rule("d", topic="peacekeeping"),
    ]
    assert [each.person for each in route(a_matter(), rules)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "rule",
    [
        a_rule("x", provision="OP 1"),
        a_rule("x", bearer="security-council"),
        a_rule("x", topic="sanctions"),
        a_rule("x", instrument="S/RES/1 (1946)"),
        a_rule("x", provision="OP 19", instrument="S/RES/1 (1946)"),
    ],
)
def test_a_rule_that_does_not_match_reaches_nobody(rule: Responsible) -> None:
    assert route(a_matter(), [rule]) == ()


def test_a_rule_with_two_conditions_is_as_specific_as_the_sharper_one() -> None:
    both = a_rule("x", provision="OP 19", instrument=INSTRUMENT)
    found = route(a_matter(), [RULES["bearer"], both])
    assert [(each.person, each.reason) for each in found] == [("x", f"responsible for OP 19 and for {INSTRUMENT}")]
