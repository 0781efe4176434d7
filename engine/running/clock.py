"""What time it is: the only place of the house that asks. Everything else is told.

`DUEWATCH_NOW` fixes the clock, for tests and demonstrations only. Leases and back-off of
deliveries run on `real_now`, so that a fixed clock cannot freeze them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from duewatch.engine.problems import BadFile, Place, Problem

VARIABLE = "DUEWATCH_NOW"
AHEAD = 300  # seconds by which the clocks of several machines may differ


def now(environ: Mapping[str, str]) -> datetime:
    """Give the instant that the run is about, in UTC: the one that `environ` fixes, or the real one.

    Raises `BadFile` where `DUEWATCH_NOW` is no instant.
    """
    text = environ.get(VARIABLE, "")
    return fixed(text) if text else real_now()


def real_now() -> datetime:
    """Give the real instant, in UTC, whatever `DUEWATCH_NOW` says."""
    return datetime.now(UTC)


def fixed(text: str) -> datetime:
    """Read an ISO date and time with its offset, or a date alone; give the instant in UTC.

    A date alone is its noon in UTC, which falls on that date from UTC-12 to UTC+11. Raises `BadFile`.
    """
    alone = _read_date(text)
    if alone:
        return datetime.combine(alone, time(12), UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _bad(f'"{text}" is not a date or a date and time') from None
    if moment.tzinfo is None:
        raise _bad(f'"{text}" has no offset from UTC')
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _bad(f'"{text}" is outside the calendar') from None


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bad(wrong: str) -> BadFile:
    return BadFile([Problem(Place(VARIABLE), wrong, 'write "2021-07-16" or "2021-07-16T09:00:00-04:00"')])
