from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.engine.ledger.days import day_at, end_of_day, from_day, instant, to_day

ZONES = ["America/New_York", "America/Asuncion", "America/St_Johns", "Africa/Cairo", "Pacific/Apia", "UTC"]


def test_days_count_from_1970() -> None:
    assert (to_day(date(1970, 1, 1)), to_day(date(2021, 6, 29)), to_day(date(1969, 12, 31))) == (0, 18_807, -1)
    assert from_day(18_807) == date(2021, 6, 29)


def test_a_datetime_is_no_day() -> None:
    with pytest.raises(TypeError, match="without a zone"):
        to_day(datetime(2021, 6, 29, tzinfo=UTC))


def test_an_instant_is_the_second_in_which_a_moment_lies() -> None:
    assert instant(datetime(2021, 6, 29, 2, tzinfo=timezone(timedelta(hours=2)))) == 18_807 * 86_400
    assert instant(datetime(1969, 12, 31, 23, 59, 59, 900_000, tzinfo=UTC)) == -1


def test_a_moment_without_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="no zone"):
        instant(datetime(2021, 6, 29))  # noqa: DTZ001 - the point


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("UTC", "2021-07-15", "2021-07-16T00:00:00+00:00"),
        ("America/New_York", "2022-06-30", "2022-07-01T04:00:00+00:00"),
        # Clocks jump from 00:00 to 01:00: the day ends with the jump.
        ("America/Asuncion", "2021-10-02", "2021-10-03T04:00:00+00:00"),
        ("Africa/Cairo", "2023-04-27", "2023-04-27T22:00:00+00:00"),
        # From 23:30 to 00:30: midnight lies inside what is left out, and the day ends half an hour early.
        ("America/Toronto", "1919-03-30", "1919-03-31T04:30:00+00:00"),
        # Back from 24:00 to 23:00: an hour of the same day comes twice.
        ("America/Asuncion", "2021-03-27", "2021-03-28T04:00:00+00:00"),
        ("Africa/Cairo", "2023-10-26", "2023-10-26T22:00:00+00:00"),
        # Back from 00:01 to 23:01: the day comes back and ends with the second midnight.
        ("America/St_Johns", "2005-10-29", "2005-10-30T03:30:00+00:00"),
        # Back from 01:00 to 00:00: the hour that comes twice belongs to the next day.
        ("America/Havana", "2021-11-06", "2021-11-07T04:00:00+00:00"),
        # 30 December 2011 was left out: the day before it and itself end at the same instant.
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00+00:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_day_ends_where_the_next_one_begins(zone: str, day: str, end: str) -> None:
    assert end_of_day(to_day(date.fromisoformat(day)), zone) == instant(datetime.fromisoformat(end))


@given(st.integers(to_day(date(1900, 1, 1)), to_day(date(2037, 12, 31))), st.sampled_from(ZONES))
def test_the_end_of_a_day_is_the_first_instant_of_a_later_one(day: int, zone: str) -> None:
    end = end_of_day(day, zone)
    assert day_at(end - 1, zone) <= day < day_at(end, zone)


def test_an_instant_falls_on_different_days_in_different_zones() -> None:
    at = instant(datetime(2022, 7, 1, 3, 59, 59, tzinfo=UTC))
    assert from_day(day_at(at, "America/New_York")) == date(2022, 6, 30)
    assert from_day(day_at(at + 1, "America/New_York")) == date(2022, 7, 1)
    assert from_day(day_at(at, "Asia/Tokyo")) == date(2022, 7, 1)
