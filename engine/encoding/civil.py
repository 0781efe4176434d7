"""Days, clock times, spans and numbers as people write them. Pure functions on texts; Amiss says what is wrong."""

from __future__ import annotations

import calendar
import re
from datetime import date, time
from fractions import Fraction
from typing import TYPE_CHECKING, Final, get_args

from duewatch.engine.encoding.notebook import did_you_mean
from duewatch.engine.encoding.scalars import MOST_DIGITS
from duewatch.engine.encoding.shapes import Amiss
from duewatch.engine.words import CalendarUnit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS: Final[tuple[CalendarUnit, ...]] = get_args(CalendarUnit)
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2999
# Five hundred years in each unit: beyond that a span is a slip, and dates would leave the calendar.
_MOST: Final[Mapping[CalendarUnit, int]] = {"days": 182_625, "weeks": 26_088, "months": 6_000, "years": 500}
# The longest month, the longest year: a review is never asked for too early.
DAYS_OF: Final[Mapping[str, int]] = {"days": 1, "weeks": 7, "months": 31, "years": 366}

ISO_DAY: Final = r"\d{4}-\d{2}-\d{2}"
SPAN: Final = r"-?\d+\s+(?:day|week|month|year)s?"
SPANS: Final = rf"{SPAN}(?:\s+and\s+{SPAN})*"
_ISO_DAY: Final = re.compile(rf"{ISO_DAY}\Z", re.ASCII)
_SPAN: Final = re.compile(r"(-?[0-9]+)\s*([^\W\d]+)\Z")
_AND: Final = re.compile(r"\s+and\s+")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
_NUMBER: Final = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?)(?:/([0-9]{1,18})|\s*(%|per cent|percent))?\Z")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_ABBREVIATED: Final = re.compile(r"[A-Za-z]{3,}")  # shorter words stand for no month
_THREE_NUMBERS: Final = re.compile(r"[0-9]+\s*[-/. ]\s*[0-9]+\s*[-/. ]\s*[0-9]+\Z")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})\W([0-9]{1,2})\W([0-9]{1,2})\Z")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})\Z")
_DAY_FIRST: Final = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\W*(?P<month>[A-Za-z]+)\W*(?P<year>[0-9]{4})?\Z")
_MONTH_FIRST: Final = re.compile(
    r"(?P<month>[A-Za-z]+)\W*(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:\W+(?P<year>[0-9]{4}))?\Z"
)
_MONTHS: Final = tuple(name.casefold() for name in calendar.month_name)


def parse_day(text: str, near: date | None = None) -> date:
    """Read an ISO day. Amiss otherwise, with the day that was probably meant; `near` guesses a missing year."""
    if not _ISO_DAY.match(text):
        meant = guess_day(text, near)
        raise Amiss(f"`{text}` is not a date", f'write "{meant or "YYYY-MM-DD"}"')
    year, month, day = (int(part) for part in text.split("-"))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Amiss(f"`{text}` is not in a year of {FIRST_YEAR} to {LAST_YEAR}", "check the year")
    if not 1 <= month < len(calendar.month_name):
        raise Amiss(f"`{text}` is not a day of the calendar", f"there is no month {month}: write year, month, day")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Amiss(f"`{text}` is not a day of the calendar", f"{calendar.month_name[month]} {year} has {last} days")
    return date(year, month, day)


def looks_like_day(text: str) -> bool:
    """Say whether somebody meant a date: digits with a month's name, or three numbers."""
    has_month = any(_month(word) for word in _LETTERS.findall(text))
    return (has_month and any(letter.isdigit() for letter in text)) or bool(_THREE_NUMBERS.match(text))


def guess_day(text: str, near: date | None) -> str:
    """Give the ISO day that `text` probably means; empty where that is open (as in 1/2/2021)."""
    if found := _YEAR_FIRST.match(text):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.match(text):
        return _iso(int(found[3]), int(found[2]), int(found[1]))
    named = _DAY_FIRST.match(text) or _MONTH_FIRST.match(text)
    month = _month(named["month"]) if named else 0
    if not named or not month:
        return ""
    return (
        _iso(int(named["year"]), month, int(named["day"])) if named["year"] else _next(month, int(named["day"]), near)
    )


def _month(word: str) -> int:
    folded = word.casefold()
    return (
        next((n for n, name in enumerate(_MONTHS) if n and name.startswith(folded)), 0)
        if _ABBREVIATED.match(word)
        else 0
    )


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _next(month: int, day: int, near: date | None) -> str:
    """The first such day on or after `near`."""
    if near is None:
        return ""
    this = _iso(near.year, month, day)
    return this if this >= near.isoformat() else _iso(near.year + 1, month, day)


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read `3 months` or `9 months and 1 day`; counts may be negative here."""
    return tuple(_span(part, text) for part in _AND.split(text))


def _span(part: str, whole: str) -> Span:
    found = _SPAN.match(part.strip())
    if not found:
        raise Amiss(
            f"`{whole}` is not a span of time", 'write a number and a unit, such as "3 months" or "9 months and 1 day"'
        )
    unit = next((one for one in UNITS if found[2].casefold() in {one, one[:-1]}), None)
    if unit is None:
        raise Amiss(f"`{found[2]}` is not a unit of time", did_you_mean(found[2], UNITS, f"write {', '.join(UNITS)}"))
    if abs(int(found[1][:MOST_DIGITS])) > _MOST[unit]:
        raise Amiss(f"`{whole}` is longer than 500 years", "check the number")
    return Span(int(found[1]), unit)


def days_in(spans: tuple[Span, ...]) -> int:
    """Give the length in days at most: a month is 31, a year 366."""
    return sum(span.count * DAYS_OF[span.unit] for span in spans)


def parse_clock(text: str) -> time:
    """Read a local clock time such as `17:30`."""
    found = _CLOCK.match(text)
    if text == "24:00":
        raise Amiss("`24:00` is not a clock time", "leave it out: without one the last day counts to its end")
    if not found:
        raise Amiss(f"`{text}` is not a clock time", 'write hours and minutes in double quotes, such as "17:30"')
    return time(int(found[1]), int(found[2]))


def parse_number(text: str) -> Fraction:
    """Read `16`, `12.5`, `30/100` or `30%` exactly."""
    found = _NUMBER.match(text)
    if not found or (found[2] and int(found[2]) == 0):
        raise Amiss(f"`{text}` is not a number", 'write a number, a fraction "30/100" or a percentage "30%"')
    value = Fraction(found[1])
    if found[2]:
        return value / int(found[2])
    return value / 100 if found[3] else value
