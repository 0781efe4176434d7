"""Calendar files: JSON -> `Calendar`. A calendar says what it covers, and where it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.encoding.hashing import sha256_of
from duewatch.engine.reckoning.civil import to_day
from duewatch.engine.reckoning.datafiles import each, listed, open_reading
from duewatch.engine.reckoning.holidays import WEEKDAYS, Calendar, Rule
from duewatch.engine.reckoning.months import month_length

if TYPE_CHECKING:
    from duewatch.engine.reckoning.datafiles import Reading

KEYS: Final = ("calendar", "title", "source", "covers", "beyond", "weekend", "rules", "holidays", "working", "note")
_RULE_KEYS: Final = (
    *("name", "day", "easter", "weekday", "nth", "month", "before", "from-day", "offset"),
    *("since", "until", "every", "without", "moved"),
)
_LEAP: Final = 2000  # a year that has every day
_FEWEST_DAYS: Final = 6  # weekly days of rest at most


def read_calendar(content: bytes, file: str) -> Calendar:
    """Read a calendar file; BadFile with everything that is wrong with it, each at its place."""
    reading = open_reading(content, file, KEYS, "a calendar")
    data = reading.data
    calendar = Calendar(
        name=str(data.get("calendar", "")),
        title=str(data.get("title", "")),
        source=str(data.get("source", "")),
        fingerprint=sha256_of({key: value for key, value in data.items() if key != "note"}),
        weekend=frozenset(WEEKDAYS.index(reading.word(one, WEEKDAYS, "weekday")) for one in _weekend(reading)),
        rules=tuple(each(reading, data.get("rules"), "rules", lambda one: _rule(reading, one))),
        holidays=_days(reading, "holidays"),
        working=_days(reading, "working"),
        ranges=_covers(reading, data.get("covers")),
        beyond=reading.word(data.get("beyond", "refuse"), ("refuse", "assume"), "way of going on"),
    )
    _check(reading, calendar)
    reading.finish()
    return calendar


def _check(reading: Reading, calendar: Calendar) -> None:
    if not calendar.name:
        reading.wrong("", "the calendar has no name", 'write "calendar": "NAME"')
    if not calendar.source:
        reading.wrong("", "nobody knows where the calendar is from", 'write "source": the law, or the page')
    if not (calendar.weekend or calendar.rules or calendar.holidays) and reading.data.get("weekend") is None:
        reading.wrong("", "the calendar is empty", 'write "weekend", "rules" or "holidays"; "weekend": [] for none')
    if len(calendar.weekend) > _FEWEST_DAYS:
        reading.wrong("weekend", "no day of the week is left to work", "leave one out")


def _weekend(reading: Reading) -> list[Any]:
    return listed(reading, reading.data.get("weekend"), "weekend")


def _covers(reading: Reading, value: object) -> tuple[tuple[int | None, int | None], ...]:
    """Read one range of days, or a list of several."""
    several = isinstance(value, list) and bool(value) and all(isinstance(one, list) for one in value)
    return tuple(_range(reading, one) for one in (value if several and isinstance(value, list) else [value]))


def _range(reading: Reading, value: object) -> tuple[int | None, int | None]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a first and a last day
        right = 'write "covers": ["2020-01-01", "2026-12-31"], null for no end'
        reading.wrong("covers", "the calendar does not say what it covers", right)
        return None, None
    first, last = (reading.day(one) for one in value)
    if first is not None and last is not None and last < first:
        reading.wrong(value[1], "it ends before it begins", "the first day comes first")
    return (None if first is None else to_day(first)), (None if last is None else to_day(last))


def _days(reading: Reading, key: str) -> frozenset[int]:
    days = (reading.day(one) for one in listed(reading, reading.data.get(key), key))
    return frozenset(to_day(day) for day in days if day is not None)


def _rule(reading: Reading, table: dict[str, Any]) -> Rule:
    reading.known(table, _RULE_KEYS, "a rule")
    shared: dict[str, Any] = {
        "name": str(table.get("name", "")),
        "since": _number(reading, table, "since"),
        "until": _number(reading, table, "until"),
        "every": _every(reading, table),
        "without": frozenset(listed(reading, table.get("without"), "without")),
        "moved": _moved(reading, table.get("moved")),
        "offset": _number(reading, table, "offset") or 0,
    }
    if "easter" in table:
        return Rule(how="easter", **(shared | {"offset": _number(reading, table, "easter") or 0}))
    if "day" in table:
        month, day = _month_day(reading, table["day"])
        return Rule(how="day", month=month, day=day, **shared)
    weekday = WEEKDAYS.index(reading.word(table.get("weekday"), WEEKDAYS, "weekday"))
    if "nth" in table:
        month, nth = _number(reading, table, "month") or 0, _number(reading, table, "nth") or 0
        if not 1 <= month <= 12 or not (1 <= abs(nth) <= 5):  # noqa: PLR2004 - months, and weeks of a month
            reading.wrong("nth", f"there is no weekday number {nth} of month {month}", "nth is 1 to 5, -1 the last")
            month, nth = 1, 1
        return Rule(how="nth", month=month, day=nth, weekday=weekday, **shared)
    how = "before" if "before" in table else "from-day"
    month, day = _month_day(reading, table.get(how))
    return Rule(how="before" if how == "before" else "from", month=month, day=day, weekday=weekday, **shared)


def _number(reading: Reading, table: dict[str, Any], key: str) -> int | None:
    value = table.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    reading.wrong(value, f"`{value}` is no whole number", f"write one for `{key}`")
    return None


def _every(reading: Reading, table: dict[str, Any]) -> int:
    """Read how many years lie from one to the next; they are counted from the first."""
    every = _number(reading, table, "every")
    if every is None or (every > 0 and table.get("since")):
        return every or 1
    reading.wrong("every", "nobody knows in which years it falls", 'write "since": the first year, "every": 4')
    return 1


def _month_day(reading: Reading, value: object) -> tuple[int, int]:
    month, _, day = str(value).partition("-")
    known = month.isdecimal() and day.isdecimal() and int(month) in range(1, 13)
    if known and 1 <= int(day) <= month_length(_LEAP, int(month)):
        return int(month), int(day)
    reading.wrong(value, f"`{value}` is no day of a year", 'write month and day, such as "12-25"')
    return 1, 1


def _moved(reading: Reading, value: object) -> dict[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        reading.wrong("moved", "`moved` says from which weekday by how many days", 'write {"sunday": 1}')
        return None
    return {WEEKDAYS.index(reading.word(key, WEEKDAYS, "weekday")): _number(reading, value, key) or 0 for key in value}
