"""When to try again, and when to give up."""

from __future__ import annotations

import pytest

from duewatch.engine.alerting.retrying import Patience, Tried, tried, wait
from duewatch.notifiers.message import Refused, Unsure

PATIENCE = Patience()
TRANSIENT = Unsure("no answer", scope="message")


def asked_to_wait(seconds: float) -> Refused:
    return Refused("slow down", for_good=False, scope="channel", retry_after=seconds)


@pytest.mark.parametrize(
    ("times", "longest"), [(0, 60), (1, 120), (2, 240), (5, 1920), (6, 3600), (7, 3600), (10_000, 3600)]
)
def test_the_wait_doubles_up_to_an_hour_and_is_spread_over_all_of_it(times: int, longest: int) -> None:
    before = Tried(times=times, since=0)
    assert wait(before, TRANSIENT, PATIENCE, lambda: 1.0) == longest
    assert wait(before, TRANSIENT, PATIENCE, lambda: 0.5) == longest // 2
    assert wait(before, TRANSIENT, PATIENCE, lambda: 0.0) == 1


@pytest.mark.parametrize(("asked", "waits"), [(30, 30), (0, 1), (999_999, 6 * 3600)])
def test_a_far_side_that_says_how_long_is_believed_up_to_six_hours(asked: float, waits: int) -> None:
    assert wait(Tried(times=0, since=None), asked_to_wait(asked), PATIENCE, lambda: 0.0) == waits


@pytest.mark.parametrize(
    ("times", "age", "gives_up"),
    [(14, 36 * 3600, True), (14, 36 * 3600 - 1, False), (13, 10**6, False), (500, 3600, False), (0, 0, False)],
)
def test_it_is_given_up_only_after_many_tries_and_a_long_time(times: int, age: int, gives_up: bool) -> None:
    before = Tried(times=times, since=1000 if times else None)
    assert before.exhausts(PATIENCE, 1000 + age) is gives_up


def test_tries_are_counted_without_those_that_met_a_closed_channel() -> None:
    rows = [(1, "start", 10), (1, "paused", 11), (2, "start", 20), (2, "retry", 21), (3, "start", 30)]
    assert tried(rows) == Tried(times=2, since=20, broken_off=True)
    assert tried(rows[:-1]) == Tried(times=1, since=20)
    assert tried([]) == Tried(times=0, since=None)


def test_only_what_ends_its_last_process_is_given_up_without_another_try() -> None:
    worn_out = {"times": 14, "since": 0}
    assert Tried(**worn_out, broken_off=True).is_deadly(PATIENCE, 36 * 3600)
    assert not Tried(**worn_out).is_deadly(PATIENCE, 36 * 3600)
    assert not Tried(**worn_out, broken_off=True).is_deadly(PATIENCE, 36 * 3600 - 1)


def test_one_more_keeps_the_first_instant() -> None:
    assert Tried(times=0, since=None).and_again(5) == Tried(times=1, since=5)
    assert Tried(times=1, since=5).and_again(9) == Tried(times=2, since=5)
