"""An oracle that shares nothing with the core: it looks at one day after the other, with the `date` of Python alone.

It knows regimes as their files have them (plain JSON), and holidays as rules that it asks of every single day.
"""

from __future__ import annotations

import calendar
import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[2] / "engine" / "reckoning"
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE = timedelta(days=1)


@cache
def data(kind: str, name: str) -> Any:
    return json.loads((HERE / kind / f"{name}.json").read_text("utf-8"))


@cache
def is_working(names: tuple[str, ...], day: date) -> bool:
    """Closed where any of the calendars is closed."""
    return all(_open(data("calendars", name), day) for name in names)


def _open(one: Any, day: date) -> bool:
    if day.isoformat() in one.get("working", ()):
        return True
    if NAMES[day.weekday()] in one["weekend"] or day.isoformat() in one.get("holidays", ()):
        return False
    return not any(_meets(rule, day) for rule in one.get("rules", ()))


def _meets(rule: Any, day: date) -> bool:
    """Whether the rule falls on the day: it may have been moved there from up to three days away."""
    for moved in range(-3, 4):
        base = day - timedelta(days=moved)
        if moved == (rule.get("moved") or {}).get(NAMES[base.weekday()], 0) and _falls(rule, base):
            return True
    return False


def _falls(rule: Any, day: date) -> bool:
    offset = rule["easter"] if "easter" in rule else rule.get("offset", 0)
    day -= timedelta(days=offset)
    if not rule.get("since", 1) <= day.year <= rule.get("until", 9999) or day.year in rule.get("without", ()):
        return False
    if (day.year - rule.get("since", day.year)) % rule.get("every", 1):
        return False
    if "easter" in rule:
        return day == _easter(day.year)
    if "day" in rule:
        return f"{day:%m-%d}" == rule["day"]
    return NAMES[day.weekday()] == rule["weekday"] and _is_the_weekday(rule, day)


def _is_the_weekday(rule: Any, day: date) -> bool:
    if "nth" in rule:
        last = calendar.monthrange(day.year, day.month)[1]
        place = (day.day - 1) // 7 + 1 if rule["nth"] > 0 else -((last - day.day) // 7 + 1)
        return bool(day.month == rule["month"] and place == rule["nth"])
    if "before" in rule:
        month, of_month = map(int, rule["before"].split("-"))
        return 1 <= (date(day.year, month, of_month) - day).days <= 7
    month, of_month = map(int, rule["from-day"].split("-"))
    return 0 <= (day - date(day.year, month, of_month)).days < 7


@cache
def _easter(year: int) -> date:
    """The Sunday after the first full moon of the church on or after 21 March, found by looking for it."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= (epact == 29) or (epact == 28 and golden > 10)
    moon = date(year, 3, 21) + timedelta(days=epact)
    day = moon + ONE
    while day.weekday() != 6:
        day += ONE
    return day


def months_later(day: date, months: int) -> date | None:
    """The same number in the month reached by stepping month by month; None where that month lacks it."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in {0, 13}:
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    return date(year, month, day.day) if day.day <= calendar.monthrange(year, month)[1] else None


def rounded(day: date, months: int, how: str) -> date:
    """The last day of the target month, or the first of the next one, where it lacks the day; a last day may stick."""
    found = months_later(day, months)
    first = months_later(day.replace(day=1), months)
    assert first is not None
    last = first
    while (last + ONE).month == first.month:
        last += ONE
    if how == "stick" and (day + ONE).day == 1:
        return last
    return found or (last + ONE if how == "spill" else last)


def counted(day: date, n: int, names: tuple[str, ...] | None) -> date:
    """The n-th day after the day, or before it where negative; with calendars only working days are counted."""
    step = ONE if n > 0 else -ONE
    left = abs(n)
    while left:
        day += step
        left -= names is None or is_working(names, day)
    return day


def rolled(day: date, how: str, names: tuple[str, ...]) -> date:
    """Step by step to a working day; turn round where the month would be left."""
    if how == "none" or is_working(names, day):
        return day
    on, back = counted(day, 1, names), counted(day, -1, names)
    if how == "modified-following":
        return on if on.month == day.month else back
    return on if how == "following" else back


def version(regime: str, day: date) -> dict[str, Any]:
    """The version that was in force on the day; the oldest one before them all."""
    versions: list[dict[str, Any]] = sorted(
        data("regimes", regime)["versions"], key=lambda one: str(one.get("from", ""))
    )
    in_force = [one for one in versions if str(one.get("from", "")) <= day.isoformat()]
    return in_force[-1]


def due(regime: str, way: str, n: int, unit: str, day: date, named: tuple[str, ...] = ()) -> date:
    """The day that a period of n days, weeks or months ends on, forward (`within`) or backward (`at-least`).

    `named` are the calendars of the clause; those of the regime where it names none.
    """
    terms = version(regime, day)["terms"]
    given = named or terms.get("calendar", ())
    names = (given,) if isinstance(given, str) else tuple(given)
    kind, short = terms.get("days", "calendar"), terms.get("short-period")
    working = unit == "days" and (kind == "working" or (short is not None and n <= short["at-most"]))
    clear = kind == "clear" and unit == "days"
    anchor_day = terms.get("anchor-day", "excluded")
    start = day + ONE if anchor_day == "next" and way == "within" else day
    end = _end(start, n if way == "within" else -n, unit, terms, names if working else None)
    length, least = abs((end - day).days), terms.get("at-least-working-days", 0)  # a roll makes no period longer
    if way == "at-least":
        end = counted(end, -1, names if working else None) if clear else end
        end = rolled(end, terms.get("roll-back", "none"), names)
        return _holding(end, day - ONE, -ONE, least, names) if length >= 2 else end
    end = rolled(end, terms.get("roll", "none"), names)
    return _holding(end, day + ONE, ONE, least, names) if length >= 2 else end


def _holding(end: date, first: date, step: timedelta, least: int, names: tuple[str, ...]) -> date:
    """The end moved on, day by day, until so many working days lie from the first day of the period up to it."""
    while sum(is_working(names, first + k * step) for k in range(abs((end - first).days) + 1)) < least:
        end += step
    return end


def _end(day: date, n: int, unit: str, terms: dict[str, Any], working: tuple[str, ...] | None) -> date:
    if unit in {"months", "years"}:
        return rounded(day, n * (12 if unit == "years" else 1), terms.get("month-end", "clip"))
    return counted(day, n * (7 if unit == "weeks" else 1), working)
