"""Every commit and every socket write of planning and delivering, killed once before it and once after it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from tests.faults.conftest import a_world
from tests.faults.judging import judge, states

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.conftest import Nursery

pytestmark = pytest.mark.slow

PLANNING = {"nightly.evaluate, commit"}
DELIVERING = {
    "outbox.lift, commit",
    "outbox.claim, commit",
    "outbox.freeze, commit",
    "outbox.record, commit",
    "email.send, socket write",
    "slack.send, socket write",
}


def places(points: list[str]) -> set[str]:
    """Give the points without their numbers."""
    return {point.rpartition(", ")[0].rpartition(" ")[0] for point in points}


def test_whoever_dies_while_planning_leaves_all_or_nothing(
    nursery: Nursery, furnished: Callable[..., Path], tmp_path: Path
) -> None:
    source = furnished()
    with a_world(source, tmp_path / "whole") as world:
        code, points = nursery.run("evaluate", environment=world.environment)
    assert (code, places(points)) == (0, PLANNING)
    for number, point in enumerate(points):
        with a_world(source, tmp_path / str(number)) as world:
            assert nursery.run("evaluate", environment=world.environment, kill=point)[0] == -signal.SIGKILL
            assert len(states(world)) == (2 if point.endswith("after") else 0)
            assert nursery.run("evaluate", "deliver", environment=world.environment)[0] == 0
            assert judge(world, wanted=2, kills=0) == 0


# What is so after one point is so before the next: one side of each is enough for every day.
@pytest.mark.parametrize("sides", [("after",), pytest.param(("before", "after"), marks=pytest.mark.faults)])
def test_whoever_dies_while_delivering_loses_nothing_and_costs_one_copy_at_most(
    nursery: Nursery, furnished: Callable[..., Path], tmp_path: Path, sides: tuple[str, ...]
) -> None:
    source = furnished()
    with a_world(source, tmp_path / "planned") as world:
        assert nursery.run("evaluate", environment=world.environment)[0] == 0
    planned = tmp_path / "planned"
    with a_world(planned, tmp_path / "whole") as world:
        code, points = nursery.run("deliver", environment=world.environment)
        assert (code, places(points)) == (0, DELIVERING)
        assert judge(world, wanted=2, kills=0) == 0
    doubled = 0
    for number, point in enumerate(each for each in points if each.endswith(sides)):
        with a_world(planned, tmp_path / str(number)) as world:
            assert nursery.run("deliver", environment=world.environment, kill=point)[0] == -signal.SIGKILL, point
            assert nursery.run("deliver", environment=world.environment)[0] == 0
            doubled += judge(world, wanted=2, kills=1)
    assert doubled  # somebody died between the last byte of a message and its record
