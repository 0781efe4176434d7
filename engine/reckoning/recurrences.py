"""Recurrence rules of RFC 5545, from days to years, with SKIP of RFC 7529: the days that a rule gives.

Clock times within a day (BYHOUR and finer) are no matter of deadlines and are refused. The first moment is a date
only where the rule gives it. A rule by week numbers goes by the years of those weeks: its interval counts from the
week-year of the first wanted weekday on or after the first moment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Final, Literal, get_args

from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.civil import NEWEST, to_day
from duewatch.engine.reckoning.holidays import weekday
from duewatch.engine.reckoning.months import civil, month_length, number

if TYPE_CHECKING:
    from collections.abc import Iterator

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
Skip = Literal["OMIT", "BACKWARD", "FORWARD"]

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES: Final = get_args(Frequency)
_SKIPS: Final = get_args(Skip)
_UNTIL: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?\Z")
_BYDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_LISTS: Final = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_ORDER: Final = (
    *("RSCALE", "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS", "SKIP"),
)
# So many periods in a row without a date: then none is to come. A 29 February on a Monday comes every 28 years.
_EMPTY_PERIODS: Final = {"DAILY": 80_000, "WEEKLY": 12_000, "MONTHLY": 5_000, "YEARLY": 2_000}
_FIRST_WEEK: Final = 4  # days of the year that its first week holds at least
_EVER: Final = 4_000_000


class BadRule(BadInput):
    """No recurrence rule that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule, taken apart."""

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: tuple[int, time] | None = None  # a day, and a clock time on it
    week_start: int = 0
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()  # n (0: each), weekday
    positions: tuple[int, ...] = ()
    skip: Skip = "OMIT"


def parse_rule(text: str) -> Rule:
    """Read a rule such as `FREQ=MONTHLY;BYDAY=1FR;COUNT=10`; BadRule with a remedy."""
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq not in _FREQUENCIES:
        raise BadRule(
            f"`{freq or text}` is no frequency of a recurrence rule; write FREQ= one of {', '.join(_FREQUENCIES)}"
        )
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise BadRule(f"`{parts['RSCALE']}` is no calendar that we know; write RSCALE=GREGORIAN")
    lists = {name: _numbers(name, parts[name]) for name in _LISTS if name in parts}
    skip = parts.get("SKIP", "OMIT")
    if skip not in _SKIPS or parts.get("WKST", "MO") not in WEEKDAYS:
        raise BadRule(f"`{text}`: SKIP is one of {', '.join(_SKIPS)}, WKST one of {', '.join(WEEKDAYS)}")
    return Rule(
        freq=freq,  # type: ignore[arg-type]  # it is one of them
        interval=_positive("INTERVAL", parts.get("INTERVAL", "1")),
        count=_positive("COUNT", parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        months=lists.get("BYMONTH", ()),
        weeks=lists.get("BYWEEKNO", ()),
        year_days=lists.get("BYYEARDAY", ()),
        month_days=lists.get("BYMONTHDAY", ()),
        weekdays=tuple(_weekday(one) for one in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        positions=lists.get("BYSETPOS", ()),
        skip=skip,  # type: ignore[arg-type]  # it is one of them
    )


def spelled(text: str) -> str:
    """Write a rule in its one spelling: what is equal looks equal."""
    parse_rule(text)
    parts = _parts(text)
    return ";".join(f"{name}={parts[name]}" for name in _ORDER if name in parts)


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.upper().strip().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name not in _ORDER or not value or name in found:
            raise BadRule(f"`{part}` is no part of a recurrence rule; the parts are {', '.join(_ORDER)}, each once")
        found[name] = value
    return found


def _positive(name: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _EVER:
        raise BadRule(f"{name}={text}: write a number above 0")
    return int(text)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    most = _LISTS[name]
    if not re.fullmatch(r"[+-]?\d{1,3}(,[+-]?\d{1,3})*", text):
        raise BadRule(f"{name}={text}: write numbers with commas between")
    numbers = tuple(int(one) for one in text.split(","))
    if any(not 0 < abs(one) <= most for one in numbers) or (name == "BYMONTH" and min(numbers) < 0):
        raise BadRule(f"{name}={text}: the numbers go from 1 to {most}")
    return numbers


def _weekday(text: str) -> tuple[int, int]:
    found = _BYDAY.match(text)
    if not found or (found[1] and not int(found[1])):
        raise BadRule(f"BYDAY={text}: write days such as MO, 1FR or -1SU")
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _until(text: str) -> tuple[int, time]:
    found = _UNTIL.match(text)
    try:
        if found:
            clock = time(int(found[4]), int(found[5]), int(found[6])) if found[4] else time.max
            return to_day(date(int(found[1]), int(found[2]), int(found[3]))), clock
    except ValueError:
        pass
    raise BadRule(f"UNTIL={text}: write a day such as 20261231, or 20261231T170000Z")


# ------------------------------------------------------------------ the days
def occurrences(rule: Rule, start: int, horizon: int, clock: time = time.min) -> Iterator[int]:
    """Yield the days of a rule from `start` on, in order, up to `horizon` where the rule sets no other end."""
    last = horizon
    if rule.until is not None:
        last = rule.until[0] - (clock > rule.until[1])
    elif rule.count is not None:
        last = NEWEST
    given, empty = 0, 0
    for days in _periods(rule, start):
        empty = 0 if days else empty + 1
        if empty > _EMPTY_PERIODS[rule.freq]:
            return
        for day in days:
            if day > last:
                return
            if day >= start:
                yield day
                given += 1
            if given == rule.count:
                return
        if days and days[0] > last:
            return


def _periods(rule: Rule, start: int) -> Iterator[list[int]]:
    """Yield the days of each period, those that BYSETPOS leaves."""
    bases = {"DAILY": _days, "WEEKLY": _weeks, "MONTHLY": _months, "YEARLY": _years}[rule.freq]
    for days in bases(rule, start):
        ordered = sorted(set(days))
        yield [ordered[n] for n in _places(rule, len(ordered))] if rule.positions else ordered


def _places(rule: Rule, size: int) -> list[int]:
    places = (n - 1 if n > 0 else size + n for n in rule.positions)
    return sorted({place for place in places if 0 <= place < size})


def _days(rule: Rule, start: int) -> Iterator[list[int]]:
    day = start
    while day < _EVER:
        yield [day] if _kept(rule, day) else []
        day += rule.interval


def _weeks(rule: Rule, start: int) -> Iterator[list[int]]:
    wanted = {which for _, which in rule.weekdays} or {weekday(start)}
    first = start - (weekday(start) - rule.week_start) % 7
    while first < _EVER:
        yield [day for day in range(first, first + 7) if weekday(day) in wanted and _in_months(rule, day)]
        first += 7 * rule.interval


def _kept(rule: Rule, day: int) -> bool:
    """Tell whether a day passes all lists that only filter."""
    year, month, of_month = civil(day)
    length = month_length(year, month)
    if rule.month_days and of_month not in rule.month_days and of_month - length - 1 not in rule.month_days:
        return False
    if rule.weekdays and weekday(day) not in {which for _, which in rule.weekdays}:
        return False
    if rule.year_days:
        first, after = number(year, 1, 1), number(year + 1, 1, 1)
        if day - first + 1 not in rule.year_days and day - after not in rule.year_days:
            return False
    return _in_months(rule, day)


def _in_months(rule: Rule, day: int) -> bool:
    return not rule.months or civil(day)[1] in rule.months


def _months(rule: Rule, start: int) -> Iterator[list[int]]:
    year, month, of_month = civil(start)
    index = year * 12 + month - 1
    while True:
        year, month = index // 12, index % 12 + 1
        wanted = not rule.months or month in rule.months
        yield _in_month(rule, year, month, of_month) if wanted else []
        index += rule.interval


def _in_month(rule: Rule, year: int, month: int, of_month: int) -> list[int]:
    """Give the days of one month: by their numbers, by weekday, or the first moment's own number."""
    if rule.month_days or not rule.weekdays:
        days = [day for n in rule.month_days or (of_month,) for day in _numbered(rule, year, month, n)]
        named = {which for _, which in rule.weekdays}
        return [day for day in days if not named or weekday(day) in named]
    first = number(year, month, 1)
    return _weekdays_in(rule, first, first + month_length(year, month) - 1)


def _numbered(rule: Rule, year: int, month: int, n: int) -> list[int]:
    """Give the n-th day of a month, from its end where negative; SKIP says where a day goes that it lacks."""
    first, length = number(year, month, 1), month_length(year, month)
    place = n if n > 0 else length + n + 1
    if 1 <= place <= length:
        return [first + place - 1]
    if rule.skip == "OMIT":
        return []
    lacking_before = place < 1
    if rule.skip == "FORWARD":
        return [first] if lacking_before else [first + length]
    return [first - 1] if lacking_before else [first + length - 1]


def _weekdays_in(rule: Rule, first: int, last: int) -> list[int]:
    """Give the named weekdays of a stretch: all of them, or the n-th."""
    found = []
    for n, which in rule.weekdays:
        days = range(first + (which - weekday(first)) % 7, last + 1, 7)
        if not n:
            found += list(days)
        elif 0 < abs(n) <= len(days):
            found.append(days[n - 1 if n > 0 else n])
    return found


def _years(rule: Rule, start: int) -> Iterator[list[int]]:
    if rule.weeks:
        yield from _by_weeks(rule, start)
        return
    year, month, of_month = civil(start)
    while True:
        yield _in_year(rule, year, month, of_month)
        year += rule.interval


def _in_year(rule: Rule, year: int, month: int, of_month: int) -> list[int]:
    """Give the days of one year, by the list that says most."""
    first, last = number(year, 1, 1), number(year + 1, 1, 1) - 1
    if rule.year_days:
        days = [day for n in rule.year_days for day in _of_year(rule, first, last, n)]
        named = {which for _, which in rule.weekdays}
        kept = [day for day in days if not named or weekday(day) in named]
        return [day for day in kept if _in_months(rule, day)]
    if rule.month_days or (rule.months and rule.weekdays):
        months = rule.months or range(1, 13)
        return [day for one in months for day in _in_month(rule, year, one, of_month)]
    if rule.weekdays:
        return _weekdays_in(rule, first, last)
    return [day for one in rule.months or (month,) for day in _numbered(rule, year, one, of_month)]


def _of_year(rule: Rule, first: int, last: int, n: int) -> list[int]:
    day = first + n - 1 if n > 0 else last + n + 1
    if first <= day <= last:
        return [day]
    if rule.skip == "OMIT":
        return []
    return [first if day < first else last + 1] if rule.skip == "FORWARD" else [first - 1 if day < first else last]


def _by_weeks(rule: Rule, start: int) -> Iterator[list[int]]:
    """Go by the years of numbered weeks: a week belongs to the year that holds four of its days."""
    wanted = {which for _, which in rule.weekdays} or {weekday(start)}
    first_wanted = next(day for day in range(start, start + 7) if weekday(day) in wanted)
    year = _week_year(first_wanted, rule.week_start)
    while True:
        first, after = _week_one(year, rule.week_start), _week_one(year + 1, rule.week_start)
        count = (after - first) // 7
        weeks = [n if n > 0 else count + n + 1 for n in rule.weeks]
        days = [first + 7 * (n - 1) + place for n in weeks if 1 <= n <= count for place in range(7)]
        yield [day for day in days if weekday(day) in wanted and _in_months(rule, day)]
        year += rule.interval


def _week_one(year: int, week_start: int) -> int:
    """Give the first day of the first week of a year."""
    first = number(year, 1, 1)
    start = first - (weekday(first) - week_start) % 7
    return start if first - start <= 7 - _FIRST_WEEK else start + 7


def _week_year(day: int, week_start: int) -> int:
    year = civil(day)[0]
    return next(one for one in (year + 1, year, year - 1) if _week_one(one, week_start) <= day)
