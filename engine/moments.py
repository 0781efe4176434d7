"""The words of time: lengths, how a period is counted, and moments. `words` gives them on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal

CalendarUnit = Literal["days", "weeks", "months", "years"]
Unit = Literal[CalendarUnit, "hours", "minutes", "clear-days", "working-days"]


# ------------------------------------------------------------------ how a period is counted
AnchorHour = Literal["excluded", "included"]  # excluded: hours run from the next full hour on the local clock
AnchorDay = Literal["excluded", "included", "next"]  # next: the period starts on the day after, as a day of its own
Days = Literal["calendar", "clear", "working"]
MonthEnd = Literal["clip", "spill", "refuse", "stick", "stick-business", "stick-calendar"]
Roll = Literal[
    "none",
    "following",
    "preceding",
    "modified-following",
    "modified-preceding",
    "nearest",
    "nearest-by-weekday",
    "half-month",
    "with-count",
]
Join = Literal["any", "all"]  # closed where any of the calendars is, or only where all are
CountsFrom = Literal["anchor", "unrolled", "rolled"]
PauseEnds = Literal["both", "first", "last", "none"]  # which of its two end days a suspension takes out
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Stretch = Literal["week", "month", "quarter", "half-year", "year"]
# On which points lawful readings of one clause may differ; `version`: which version of a regime counts.
Doubtful = Literal[
    "anchor-day", "days", "month-end", "roll", "order", "last-date", "extension", "version", "end-of-day"
]


@dataclass(frozen=True, slots=True)
class ShortPeriod:
    """Periods of at most so many days are counted in another kind of day."""

    at_most: int
    days: Days = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the clause itself says of how to count. None, "" or () = as the regime says."""

    regime: str = ""  # "NAME", "NAME@anchor" (the version in force on the anchor's day) or "NAME@2008-06-30"
    anchor_day: AnchorDay | None = None
    anchor_hour: AnchorHour | None = None  # of a period in hours: whether the hour of the event counts
    days: Days | None = None  # what a "day" of the clause is
    short_period: ShortPeriod | None = None
    month_end: MonthEnd | None = None
    distance: tuple[Span, ...] = ()  # days added on account of distance
    roll: Roll | None = None
    calendars: tuple[str, ...] = ()  # for counting and, unless others are given, for rolling
    roll_calendars: tuple[str, ...] = ()
    join: Join | None = None
    inaccessible: tuple[date, ...] = ()  # days on which the act cannot be done: its last day moves on from them
    least_working_days: int | None = None  # a period holds at least so many
    cut_off: time | None = None  # local clock time on the last day; None = the whole day
    zone: str = ""  # IANA name; "" = the instrument's


# ------------------------------------------------------------------ lengths and moments
@dataclass(frozen=True, slots=True)
class Span:
    """A length of time; may be negative only in working dates and offsets."""

    count: int
    unit: Unit


AS_REGIME: Final = Terms()


@dataclass(frozen=True, slots=True)
class Fixed:
    """A printed calendar day."""

    day: date


@dataclass(frozen=True, slots=True)
class At:
    """A printed instant, with its offset."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class Ref:
    """An event (`adoption`), or an end of a period: `term.start`, `term.end`, `term.recess`.

    A period that many instruments share is named by body and number: `general-assembly/81.end`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Shifted:
    """A moment some spans after another one (before it where a span is negative)."""

    base: Moment
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A day known only as one of several: "in May 2026", "early 2027". A precision, never a false day."""

    first: date
    last: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A day that nobody has set yet and that is thought to fall in a range. Nothing is ever overdue on it."""

    first: date
    last: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class DayOf:
    """The n-th day, weekday or working day of the stretch that contains a moment; negative n counts from its end.

    Day 31 of a short month is its last day. A fifth Monday that the month lacks is no day.
    """

    n: int
    what: Literal["day", "working-day"] | Weekday
    of: Stretch
    containing: Moment
    year_starts: tuple[int, int] = (1, 1)  # month and day; quarters, half-years and years count from it


@dataclass(frozen=True, slots=True)
class Easter:
    """Easter Sunday (Gregorian) of a year."""

    year: int


@dataclass(frozen=True, slots=True)
class Deemed:
    """When something counts as received: `spans` after it was sent, then the next working day where needed.

    What comes after the cut-off time of a working day, or on another day, counts as of the next working day.
    """

    base: Moment
    spans: tuple[Span, ...] = ()
    cut_off: time | None = None
    at_cut_off: Literal["in-time", "late"] = "in-time"  # sent at the cut-off time sharp
    calendars: tuple[str, ...] = ()  # () = as the regime says
    zone: str = ""  # IANA name; "" = the instrument's


Moment = Fixed | At | Ref | Shifted | Known | Expected | DayOf | Easter | Deemed
