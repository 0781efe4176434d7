"""Days and instants as the integers that the tables hold. Reads no clock, and touches no database.

A *day* is the number of days since 1970-01-01; an *instant* the number of whole seconds
since 1970-01-01T00:00Z. A day has no zone; where it begins and ends depends on one, always
an IANA name such as `Europe/Paris`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = _EPOCH.toordinal()
_SECOND: Final = timedelta(seconds=1)


def to_day(date_: date) -> int:
    """Give the number of a date. A datetime is refused: cutting off its time would forget its zone."""
    if isinstance(date_, datetime):
        raise TypeError("a datetime has no day without a zone: use day_at(instant(...), zone)")
    return date_.toordinal() - _EPOCH_ORDINAL


def from_day(day: int) -> date:
    """Give the date of a day. ValueError outside the years 1 to 9999, as for the open ends FIRST_DAY and LAST_DAY."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def instant(moment: datetime) -> int:
    """Give the whole second in which an aware moment lies. ValueError where it is naive."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} says no zone")
    return (moment - _EPOCH) // _SECOND


def day_at(instant: int, zone: str) -> int:
    """Give the day that the calendar on the wall shows in `zone` at an instant."""
    return to_day(datetime.fromtimestamp(instant, ZoneInfo(zone)).date())


def end_of_day(day: int, zone: str) -> int:
    """Give the instant at which `day` is over in `zone`: the first one that is too late.

    Mostly the next local midnight. Where the clocks jump over that midnight it is the jump;
    where they are put back behind it, the day comes back for a while and ends with its second
    midnight. A day that a zone left out (Samoa, 30 December 2011) ends as it begins.
    """
    midnight = datetime.combine(from_day(day + 1), time(), ZoneInfo(zone))
    # Before or after a change of the clocks (PEP 495): equal but for a midnight that comes twice or never.
    before, after = instant(midnight), instant(midnight.replace(fold=1))
    if before > after:
        return _first_later(after, before, day, zone)
    return after if day_at(after - 1, zone) <= day else before


def _first_later(low: int, high: int, day: int, zone: str) -> int:
    """Give the first instant in `low < instant <= high` that is later than `day`; the clocks jump once in between."""
    while high - low > 1:
        middle = (low + high) // 2
        if day_at(middle, zone) > day:
            high = middle
        else:
            low = middle
    return high
