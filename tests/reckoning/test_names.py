from __future__ import annotations

from typing import Any

import pytest

from duewatch.engine.reckoning.library import shipped
from duewatch.engine.reckoning.names import names_of
from duewatch.engine.words import (
    ArmedBy,
    Before,
    By,
    During,
    EarliestOf,
    Every,
    LatestOf,
    OnDay,
    Ref,
    Setting,
    Shifted,
    Soft,
    Span,
    Within,
)

MONTH = Span(1, "months")
INQUIRY = {"inquiry.end", "finding"}


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, set()),
        ({"deadline": By(Ref("mandate.end"))}, {"mandate.end"}),
        ({"deadline": Before(Shifted(Ref("election"), (MONTH,)))}, {"election"}),
        ({"deadline": OnDay(Ref("inquiry.end"))}, INQUIRY),
        ({"deadline": Within((MONTH,), "armed"), "armed_by": ArmedBy(event="deployment")}, {"deployment"}),
        ({"deadline": Soft("soon", MONTH, Ref("finding"))}, {"finding"}),
        ({"deadline": During("trial")}, {"trial.start", "trial.end", "adoption"}),
        (
            {"deadline": Every(MONTH, "previous-delivery", Ref("transition.end"))},
            {"transition.end", "transition.start"},
        ),
        ({"deadline": Every(MONTH, Ref("recess.start"))}, {"recess.start", "finding"}),
        ({"deadline": EarliestOf((By(Ref("election")), LatestOf((By(Ref("began")),))))}, {"election", "began"}),
        ({"until": Ref("finding")}, {"finding"}),
        ({"armed_by": ArmedBy(undone="a", at=Ref("mandate.end"))}, {"mandate.end"}),
        (
            {"deadline": By(Ref("election")), "settings": (Setting(target="election", moment=Ref("finding")),)},
            {"election", "finding"},
        ),
        (
            {"deadline": By(Ref("election")), "settings": (Setting(target="other", moment=Ref("finding")),)},
            {"election"},
        ),
    ],
)
def test_a_norm_hangs_on_names_directly_and_through_others(bench: Any, fields: dict[str, Any], names: set[str]) -> None:
    assert names_of(bench.obligation(bench.norm(**fields)), bench.instrument, shipped()) == names


def test_an_obligation_hangs_on_what_any_of_its_readings_hangs_on(bench: Any) -> None:
    norms = bench.norm(deadline=By(Ref("election"))), bench.norm("other", deadline=By(Ref("finding")))
    assert names_of(bench.obligation(*norms), bench.instrument, shipped()) == {"election", "finding"}
