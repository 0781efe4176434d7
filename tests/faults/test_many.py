"""Hundreds of deaths at random moments: nothing lost, few copies, all of them the same."""

from __future__ import annotations

import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.faults.conftest import Nursery, a_world
from tests.faults.judging import judge, states

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.conftest import World

pytestmark = pytest.mark.faults

MESSAGES = 2000
PERSONS = 100


def test_two_deliverers_that_keep_dying_send_two_thousand_messages(
    nursery: Nursery, furnished: Callable[..., Path], tmp_path: Path
) -> None:
    source = furnished(entries=MESSAGES // PERSONS, persons=PERSONS, channels="email")
    chance = random.Random(4711)  # noqa: S311 - the same deaths each time
    with a_world(source, tmp_path / "world") as world:
        assert nursery.run("evaluate", environment=world.environment)[0] == 0
        assert len(states(world)) == MESSAGES
        kills: list[int] = []
        began = time.monotonic()
        workers = [
            threading.Thread(target=keep_dying, args=(world, random.Random(chance.random()), kills))  # noqa: S311
            for _ in range(2)
        ]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        took = time.monotonic() - began
        more = judge(world, wanted=MESSAGES, kills=len(kills))
    print(f"{MESSAGES} messages, {len(kills)} deaths, {more} second copies, {took:.0f} s")  # noqa: T201
    assert len(kills) > 40
    assert took < 120


def keep_dying(world: World, chance: random.Random, kills: list[int]) -> None:
    with Nursery() as own:
        while set(states(world).values()) & {"pending", "leased"}:
            after = chance.uniform(0.3, 2.0)
            if own.run("deliver", environment=world.environment, after=after)[0] == -signal.SIGKILL:
                kills.append(1)


def test_hundreds_of_deaths_anywhere_in_planning_and_delivering(furnished: Callable[..., Path], tmp_path: Path) -> None:
    source = furnished(entries=5, persons=2)
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        lanes = [pool.submit(die_anywhere, source, tmp_path / f"lane {n}", n, began + 60) for n in range(2)]
        found = [each.result() for each in lanes]
    deaths, copies = (sum(each) for each in zip(*found, strict=True))
    print(f"{deaths} deaths, {copies} second copies, {time.monotonic() - began:.0f} s")  # noqa: T201
    assert deaths >= 100


def die_anywhere(source: Path, folder: Path, seed: int, until: float) -> tuple[int, int]:
    """Plan and deliver in one world after the other, each until all is sent; give the deaths and the second copies."""
    chance = random.Random(seed)  # noqa: S311 - the same deaths each time
    folder.mkdir()
    deaths = copies = rounds = 0
    with Nursery() as own:
        whole = unharmed(own, source, folder / "unharmed")
        while deaths < 125 and time.monotonic() < until:
            rounds += 1
            with a_world(source, folder / str(rounds)) as world:
                kills = 0
                while not states(world) or set(states(world).values()) != {"sent"}:
                    after = chance.uniform(0.0, whole)
                    ended, _ = own.run("evaluate", "deliver", environment=world.environment, after=after)
                    kills += ended == -signal.SIGKILL
                copies += judge(world, wanted=20, kills=kills)
                deaths += kills
    return deaths, copies


def unharmed(own: Nursery, source: Path, folder: Path) -> float:
    """Give the seconds that planning and delivering take where nobody dies."""
    with a_world(source, folder) as world:
        began = time.monotonic()
        assert own.run("evaluate", "deliver", environment=world.environment)[0] == 0
        return time.monotonic() - began
