"""Where a local day ends on the world's clock. Instants are seconds since 1970-01-01T00:00Z."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from duewatch.engine.reckoning.civil import NEWEST, from_day, say_day, to_day

if TYPE_CHECKING:
    from datetime import date


def end_of_day(day: int, zone: str) -> int:
    """Give the first instant from which `day` is over for good in `zone` (an IANA name).

    Usually the next local midnight. Where the clocks skip midnight it is the moment of the change; where they
    are set back over midnight, it is the second midnight, because until then the calendar shows the day again.
    """
    if day == NEWEST:  # no midnight follows it
        return end_of_day(day - 1, zone) + 24 * 60 * 60
    local = ZoneInfo(zone)
    following = from_day(day + 1)
    first, second = _readings(following, time(), local)
    if first == second:
        return first
    if first < second:
        return second if _local_day(second - 1, local) < following else first
    return _change(second, first, following, local)


def cut_off(day: int, clock: time, zone: str) -> int:
    """Give the first instant that is too late for what is due on `day` at `clock`: one second after it.

    Done at 17:30:00 sharp is in time. Of a clock time that occurs twice the later one counts, and of one
    that the clocks skip the instant at which it would have come: nothing is called late that may be in time.
    """
    return max(_readings(from_day(day), clock, ZoneInfo(zone))) + 1


def instant_of(day: int, clock: time, zone: str) -> int:
    """Give the instant of a local clock time; of one that comes twice the later, of a skipped one when it would be."""
    return max(_readings(from_day(day), clock, ZoneInfo(zone)))


def day_at(instant: int, zone: str) -> int:
    """Give the local day on which an instant falls in `zone`."""
    return to_day(local(instant, zone).date())


def full_hour(instant: int, zone: str, *, later: bool) -> int:
    """Give where the local clock hour of an instant ends (`later`), or where it began."""
    then = local(instant, zone)
    began = instant - then.minute * 60 - then.second
    return began + 60 * 60 if later else began


def local(instant: int, zone: str) -> datetime:
    """Give the instant as local time, aware of its zone."""
    return (datetime.fromtimestamp(0, tz=UTC) + timedelta(seconds=instant)).astimezone(ZoneInfo(zone))


def say_instant(instant: int, zone: str) -> str:
    """Write an instant as people read it: "3 March 2025, 09:00 (UTC+01:00)"."""
    then = local(instant, zone)
    sign = then.strftime("%z")
    seconds = f":{then:%S}" if then.second else ""
    return f"{say_day(to_day(then.date()))}, {then:%H:%M}{seconds} (UTC{sign[:3]}:{sign[3:5]})"


def _readings(day: date, clock: time, zone: ZoneInfo) -> tuple[int, int]:
    """Give both readings of a local clock time; they differ only where the clocks change."""
    wall = datetime.combine(day, clock, tzinfo=zone)
    return int(wall.timestamp()), int(wall.replace(fold=1).timestamp())


def _local_day(instant: int, zone: ZoneInfo) -> date:
    return (datetime.fromtimestamp(0, tz=ZoneInfo("UTC")) + timedelta(seconds=instant)).astimezone(zone).date()


def _change(low: int, high: int, following: date, zone: ZoneInfo) -> int:
    """Give the first instant in (low, high] at which the calendar shows `following` or a later day."""
    while high - low > 1:
        middle = (low + high) // 2
        if _local_day(middle, zone) >= following:
            high = middle
        else:
            low = middle
    return high
