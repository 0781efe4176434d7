from __future__ import annotations

import time
from datetime import UTC, date, datetime
from datetime import time as clock_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.engine.ledger import days as ledger_days
from duewatch.engine.reckoning.civil import NEWEST, from_day, to_day
from duewatch.engine.reckoning.instants import cut_off, end_of_day

ZONES = [
    *("America/New_York", "America/Havana", "America/St_Johns", "America/Asuncion", "America/Sao_Paulo"),
    *("Africa/Cairo", "Asia/Tehran", "Asia/Tokyo", "Pacific/Apia", "Pacific/Kiritimati", "Europe/Paris", "UTC"),
]


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("zone", "day", "over"),
    [
        ("America/New_York", "2022-06-30", "2022-07-01T04:00Z"),
        ("America/New_York", "2021-12-29", "2021-12-30T05:00Z"),
        ("America/New_York", "2021-03-14", "2021-03-15T04:00Z"),  # a day of 23 hours
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00Z"),  # 24:00 is 01:00: the day ends with the change
        ("America/Toronto", "1919-03-30", "1919-03-31T04:30Z"),  # 23:30 is 00:30: midnight is skipped in its midst
        ("America/Havana", "2025-11-01", "2025-11-02T04:00Z"),  # 01:00 is 00:00: the first midnight ended the day
        ("America/St_Johns", "2010-11-06", "2010-11-07T03:30Z"),  # 00:01 is 23:01: the day came back for an hour
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00Z"),  # there was no 30 December
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z"),
    ],
)
def test_a_day_is_over_when_the_calendar_on_the_wall_says_so_for_good(zone: str, day: str, over: str) -> None:
    assert end_of_day(to_day(date.fromisoformat(day)), zone) == moment(over)


@given(st.integers(to_day(date(1900, 1, 1)), to_day(date(2040, 1, 1))), st.sampled_from(ZONES))
def test_before_the_end_of_a_day_it_is_not_later_and_from_then_on_it_is(day: int, zone: str) -> None:
    over = end_of_day(day, zone)
    wall = [datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).date() for instant in (over - 1, over)]
    assert wall[0] <= from_day(day) < wall[1]
    assert over == ledger_days.end_of_day(day, zone), "the ledger room and ours mean the same"


def test_the_newest_day_ends_too() -> None:
    assert end_of_day(NEWEST, "UTC") == (NEWEST + 1) * 86_400


@pytest.mark.parametrize(
    ("zone", "day", "clock", "late"),
    [
        ("America/New_York", "2021-09-30", "17:30", "2021-09-30T21:30:01Z"),  # at 17:30:00 sharp it is in time
        ("America/New_York", "2021-11-07", "01:30", "2021-11-07T06:30:01Z"),  # twice: the later one
        ("America/New_York", "2021-03-14", "02:30", "2021-03-14T07:30:01Z"),  # never: when it would have come
    ],
)
def test_a_cut_off_is_in_time_to_the_second(zone: str, day: str, clock: str, late: str) -> None:
    assert cut_off(to_day(date.fromisoformat(day)), clock_time.fromisoformat(clock), zone) == moment(late)


@pytest.mark.parametrize("zone_of_the_machine", ["UTC", "America/New_York", "Asia/Tokyo", "Pacific/Apia"])
def test_the_zone_of_the_machine_changes_nothing(zone_of_the_machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone_of_the_machine)
    time.tzset()
    try:
        assert end_of_day(to_day(date(2022, 6, 30)), "America/New_York") == moment("2022-07-01T04:00Z")
        assert cut_off(to_day(date(2021, 9, 30)), clock_time(17, 30), "Asia/Tokyo") == moment("2021-09-30T08:30:01Z")
        assert to_day(date(2021, 6, 29)) == 18_807
    finally:
        monkeypatch.undo()
        time.tzset()
