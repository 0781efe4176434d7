"""The clock: real unless fixed, and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duewatch.engine.problems import BadFile
from duewatch.engine.running import clock


def test_without_the_variable_it_is_the_real_time() -> None:
    before = datetime.now(UTC)
    for environ in ({}, {"DUEWATCH_NOW": ""}):
        assert before <= clock.now(environ) <= datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2021-07-16", datetime(2021, 7, 16, 12, tzinfo=UTC)),
        ("2021-07-16T09:00:00-04:00", datetime(2021, 7, 16, 13, tzinfo=UTC)),
        ("2021-07-16T09:00Z", datetime(2021, 7, 16, 9, tzinfo=UTC)),
        ("2022-07-01 03:59:59+00:00", datetime(2022, 7, 1, 3, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_variable_fixes_it_in_utc(text: str, instant: datetime) -> None:
    fixed = clock.now({"DUEWATCH_NOW": text})
    assert fixed == instant
    assert fixed.tzinfo is UTC


def test_the_real_time_stays_real_while_the_clock_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_NOW", "2021-07-16")
    assert abs(clock.real_now() - datetime.now(UTC)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("yesterday", '"yesterday" is not a date'),
        ("2021-02-30", "is not a date"),
        ("2021-07-16T09:00:00", "has no offset"),
        ("0001-01-01T00:00:00+14:00", "is outside the calendar"),
    ],
)
def test_what_is_no_instant_is_refused_with_its_remedy(text: str, wrong: str) -> None:
    with pytest.raises(BadFile, match=wrong) as refused:
        clock.now({"DUEWATCH_NOW": text})
    assert str(refused.value).startswith("DUEWATCH_NOW: ")
    assert "; write " in str(refused.value)
