"""Days with what orders them within the day, packed into integers: so that one maximum finds the newest of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_STEP: Final = 2**40  # room for ledger numbers below the day in one sortable integer
_DAY_SHIFT: Final = 1_000_000  # makes every day of the calendar positive
_SECONDS: Final = 86_400
_AHEAD: Final = 2 * _SECONDS  # the instant of a clock time lies within two days of the start of its day in UTC: zones
_INSTANTS: Final = 2**20  # room for that


def stamp(day: ColumnElement[int], seq: ColumnElement[int], code: ColumnElement[int]) -> ColumnElement[int]:
    """Pack (day, ledger number, 0..3) into one integer that sorts by day, then by number."""
    return (day + _DAY_SHIFT) * _STEP + seq * 4 + code


def stamped_day(key: ColumnElement[int]) -> ColumnElement[int]:
    """Give the day packed in a stamp."""
    return key // _STEP - _DAY_SHIFT


def stamped_code(key: ColumnElement[int]) -> ColumnElement[int]:
    """Give the code packed in a stamp."""
    return key % 4


def stamped_seq(key: ColumnElement[int]) -> ColumnElement[int]:
    """Give the ledger number packed in a stamp."""
    return (key % _STEP) // 4


def tick(day: ColumnElement[int], at: ColumnElement[int | None]) -> ColumnElement[int]:
    """Pack a day, and the instant within it where that is known, into one integer that sorts by both.

    An unknown hour is the start of the day: what came on that day is not late by an hour that nobody recorded.
    """
    return (day + _DAY_SHIFT) * _INSTANTS + func.coalesce(at - day * _SECONDS + _AHEAD, 0)


def ticked_day(key: ColumnElement[int]) -> ColumnElement[int]:
    """Give the day packed in a tick."""
    return key // _INSTANTS - _DAY_SHIFT


def ticked_at(key: ColumnElement[int]) -> ColumnElement[int | None]:
    """Give the instant packed in a tick; null where it was not known."""
    return func.nullif(key % _INSTANTS, 0) - _AHEAD + ticked_day(key) * _SECONDS
