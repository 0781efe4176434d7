"""Calendars in the format of RFC 5545 (.ics), as offices and governments publish them: their events are days off.

An event counts with each whole day that it covers; its recurrence, its exceptions and what was moved are followed. One
that does not cover whole days closes nothing, and is named as left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from duewatch.engine.problems import BadFile, Place, Problem
from duewatch.engine.reckoning.civil import from_day, to_day
from duewatch.engine.reckoning.recurrences import BadRule, occurrences, parse_rule

_DAY: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?\Z", re.ASCII)
_DURATION: Final = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(T[0-9HMS]+)?\Z", re.ASCII)
_WHOLE_DAY: Final = timedelta(days=1)
_ESCAPED: Final = re.compile(r"\\(.)")
_LONGEST: Final = 366  # days of one event


@dataclass(frozen=True, slots=True)
class Line:
    """A content line, its foldings undone: name and value, and where it begins."""

    name: str
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds between two days."""

    title: str
    days: tuple[date, ...]
    left_out: tuple[str, ...]  # events that do not cover whole days


@dataclass(slots=True)
class _Event:
    place: Place
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def first(self, name: str) -> Line | None:
        return next(iter(self.lines.get(name, ())), None)

    def text(self, name: str) -> str:
        found = self.first(name)
        return "" if found is None else _ESCAPED.sub(lambda one: " " if one[1] in "nN" else one[1], found.value).strip()


def read_ics(content: bytes, file: str, first: date, last: date) -> Imported:
    """Give the days off from `first` to `last`; BadFile with everything that cannot be read, each at its line."""
    problems: list[Problem] = []
    lines = list(_lines(content, file))
    if not any((line.name, line.value.upper()) == ("BEGIN", "VCALENDAR") for line in lines):
        raise BadFile(
            [Problem(Place(file), "this is no calendar file", "give a file that begins with BEGIN:VCALENDAR")]
        )
    days: set[date] = set()
    left_out: list[str] = []
    events = list(_events(lines))
    moved = _moved(events, problems)
    for event in events:
        try:
            found = _days(event, last, moved)
        except _AmissError as amiss:
            problems.append(Problem(amiss.place, amiss.wrong, amiss.right))
            continue
        days |= {day for day in found or () if first <= day <= last}
        if found is None:
            left_out.append(f"{event.place}: {event.text('SUMMARY') or 'an event'} covers no whole day")
    if problems:
        raise BadFile(problems)
    title = next((line.value for line in lines if line.name == "X-WR-CALNAME"), "")
    return Imported(title, tuple(sorted(days)), tuple(left_out))


class _AmissError(ValueError):
    def __init__(self, place: Place, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.place, self.wrong, self.right = place, wrong, right


def _lines(content: bytes, file: str) -> Iterator[Line]:
    """Undo the foldings (RFC 5545, 3.1) and part each line into name and value; parameters are left out."""
    whole: list[tuple[int, str]] = []
    for number, raw in enumerate(content.decode("utf-8-sig", "replace").splitlines(), start=1):
        if raw[:1] in {" ", "\t"} and whole:
            whole[-1] = (whole[-1][0], whole[-1][1] + raw[1:])
        elif raw.strip():
            whole.append((number, raw))
    for number, text in whole:
        head, _, value = _parted(text)
        yield Line(head.partition(";")[0].upper(), value.strip(), Place(file, number, 1))


def _parted(text: str) -> tuple[str, str, str]:
    """Part at the first colon outside quotes: a parameter may hold one."""
    quoted = False
    for at, letter in enumerate(text):
        quoted ^= letter == '"'
        if letter == ":" and not quoted:
            return text[:at], ":", text[at + 1 :]
    return text, "", ""


def _events(lines: list[Line]) -> Iterator[_Event]:
    """Yield the events; alarms within them are passed over."""
    event: _Event | None = None
    inside: list[str] = []
    for line in lines:
        if line.name == "BEGIN":
            inside.append(line.value.upper())
            event = _Event(line.place) if inside[-1] == "VEVENT" else event
        elif line.name == "END":
            if inside and inside.pop() == "VEVENT" and event is not None:
                yield event
                event = None
        elif event is not None and inside[-1:] == ["VEVENT"]:
            event.lines.setdefault(line.name, []).append(line)


def _moved(events: list[_Event], problems: list[Problem]) -> dict[str, set[date]]:
    """Give, by the id of an event, the days of its recurrence that other entries stand in for."""
    found: dict[str, set[date]] = {}
    for event in events:
        try:
            instead = {one.date() for one in _moments(event, "RECURRENCE-ID")}
        except _AmissError as amiss:
            problems.append(Problem(amiss.place, amiss.wrong, amiss.right))
            continue
        found.setdefault(event.text("UID"), set()).update(instead)
    return found


def _days(event: _Event, last: date, moved: dict[str, set[date]]) -> set[date] | None:
    """Give the days that an event covers; None where it covers no whole day."""
    starts = _moments(event, "DTSTART")
    if not starts:
        raise _AmissError(event.place, "the event has no day", "add DTSTART;VALUE=DATE:20260314")
    if event.text("STATUS").upper() == "CANCELLED":
        return set()
    start = starts[0]
    length = _length(event, start)
    if start.time() != start.min.time() or length % _WHOLE_DAY or length < _WHOLE_DAY:
        return None
    rules = event.lines.get("RRULE", ())
    begins = {start.date()} | {one.date() for one in _moments(event, "RDATE")}
    for line in rules:
        try:
            rule = parse_rule(line.value)
        except BadRule as bad:
            raise _AmissError(line.place, *str(bad).partition("; ")[::2]) from None
        begins |= {
            from_day(day) for day in occurrences(rule, to_day(start.date()), to_day(last)) if day <= to_day(last)
        }
    begins -= {one.date() for one in _moments(event, "EXDATE")}
    begins -= set() if event.first("RECURRENCE-ID") else moved.get(event.text("UID"), set())
    return {begin + timedelta(days=n) for begin in begins for n in range(length.days)}


def _length(event: _Event, start: datetime) -> timedelta:
    """Give how long an event is: to DTEND, which does not belong to it, or for DURATION; a date alone is one day."""
    ends = _moments(event, "DTEND")
    if ends:
        length = ends[0] - start
        if length < timedelta(0) or length.days > _LONGEST:
            place = (event.first("DTEND") or event).place
            raise _AmissError(place, "the event ends before it begins, or lasts for years", "check DTSTART and DTEND")
        return length or _WHOLE_DAY
    line = event.first("DURATION")
    if line is None:
        return _WHOLE_DAY
    found = _DURATION.match(line.value)
    if found is None:
        raise _AmissError(line.place, f"`{line.value}` is no duration of days", "write P1D")
    if found[3]:
        return timedelta(seconds=1)  # it ends within a day
    return timedelta(weeks=int(found[1] or 0), days=int(found[2] or 0))


def _moments(event: _Event, name: str) -> list[datetime]:
    """Read days, or local clock times, of which several may stand in one line."""
    found = []
    for line in event.lines.get(name, ()):
        for text in line.value.split(","):
            moment = _moment(text.strip())
            if moment is None:
                raise _AmissError(line.place, f"`{text}` is no day of the calendar", "write 20260314")
            found.append(moment)
    return found


def _moment(text: str) -> datetime | None:
    match = _DAY.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - local, as written
    except ValueError:
        return None
