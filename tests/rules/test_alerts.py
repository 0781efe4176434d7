"""The shipped rules of alerts: who climbs which ladder, and which stage is reached when."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from duewatch.rules.checking import Alerts
    from duewatch.rules.grammar import Ruleset

OWN = {
    "status": "overdue",
    "default_status": "overdue",
    "kind": "achieve",
    "modality": "obligation",
    "strength": "requests",
    "watch": "own",
    "dated_state": "dated",
}
BROKEN = OWN | {"status": "breached", "default_status": "breached", "kind": "limit", "dated_state": "none"}


def ladder(alerts: Alerts, **given: Any) -> str:
    return alerts.ruleset.decide(alerts.ruleset.signature_of(given)).status


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (OWN, "dated"),
        (OWN | {"strength": "decides"}, "dated"),
        (OWN | {"strength": "demands"}, "dated"),
        (OWN | {"strength": "shall"}, "dated"),
        (OWN | {"strength": "endeavours"}, "dated"),
        (OWN | {"strength": "urges"}, "none"),
        (OWN | {"strength": "calls upon"}, "none"),
        (OWN | {"strength": "encourages"}, "none"),
        (OWN | {"strength": "should"}, "none"),
        (OWN | {"watch": "others"}, "none"),
        (OWN | {"watch": "inventory"}, "none"),
        (OWN | {"dated_state": "none", "status": "at_risk"}, "none"),
        (OWN | {"dated_state": None, "status": "absent"}, "none"),
        (OWN | {"status": "contested", "default_status": "overdue"}, "dated"),
        (OWN | {"status": "contested", "default_status": "open"}, "dated"),
        (OWN | {"status": "contested", "default_status": "met"}, "none"),
        (OWN | {"status": "overdue", "default_status": "open"}, "dated"),
        (OWN | {"kind": "respond", "modality": "intention", "status": "available"}, "none"),
        (BROKEN, "standing"),
        (BROKEN | {"modality": "task", "strength": "decides"}, "standing"),
        (BROKEN | {"kind": "maintain", "dated_state": "dated"}, "standing"),
        (BROKEN | {"watch": "others"}, "none"),
        (BROKEN | {"watch": "others", "strength": "decides"}, "standing"),
        (BROKEN | {"watch": "inventory", "strength": "decides"}, "none"),
        (BROKEN | {"strength": "urges"}, "none"),
        (BROKEN | {"status": "contested"}, "standing"),
        (BROKEN | {"status": "contested", "default_status": "in_force"}, "none"),
    ],
)
def test_the_ladder_of(alerts: Alerts, given: dict[str, Any], expected: str) -> None:
    assert ladder(alerts, **given) == expected


def test_what_is_settled_or_cannot_be_said_climbs_nothing(
    alerts: Alerts, status: Ruleset, strengths: tuple[str, ...]
) -> None:
    quiet = [
        name for name, outcome in status.statuses.items() if outcome.class_ not in ("pending", "undone", "contested")
    ]
    assert len(quiet) == 13
    climbing = {
        (name, strength)
        for name, strength, watch in product(quiet, strengths, ("own", "others"))
        if ladder(alerts, **OWN | {"status": name, "strength": strength, "watch": watch}) != "none"
    }
    assert climbing == set()


def stage(alerts: Alerts, name: str, days: int) -> str | None:
    """Give the newest stage passed, so many days after the base."""
    passed = [stage for stage, offset in alerts.ladders[name].stages.items() if offset <= days]
    return passed[-1] if passed else None


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-31, None), (-30, "lead-30"), (-15, "lead-30"), (-14, "lead-14"), (-7, "lead-7"), (-1, "lead-1"), (0, "due"),
        (1, "overdue"), (3, "overdue"), (4, "overdue+3"), (8, "overdue+7"), (15, "overdue+14"), (29, "overdue+28"),
        (57, "overdue+56"), (900, "overdue+56"),
    ],
)  # fmt: skip
def test_the_stage_of_a_date(alerts: Alerts, days: int, expected: str | None) -> None:
    assert stage(alerts, "dated", days) == expected


def test_a_stage_before_the_date_is_never_the_newest_after_it(alerts: Alerts) -> None:
    assert alerts.ladders["dated"].base == "due"
    assert {str(stage(alerts, "dated", days)).split("+")[0] for days in range(1, 400)} == {"overdue"}


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "breached"), (6, "breached"), (7, "breached+7"), (28, "breached+28")]
)
def test_the_stage_of_a_standing_norm(alerts: Alerts, days: int, expected: str) -> None:
    assert alerts.ladders["standing"].base == "changed"
    assert stage(alerts, "standing", days) == expected
