"""The terms of a deadline: how the clause itself says that one counts. They stand flat beside its own fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TYPE_CHECKING, Final, TypeVar, get_args

from duewatch.engine.encoding.civil import parse_day
from duewatch.engine.encoding.clocks import CLOCK, DAY, ZONE
from duewatch.engine.encoding.composites import Listing, OrNone
from duewatch.engine.encoding.lengths import LENGTH
from duewatch.engine.encoding.records import Field, Named, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, Amiss, Pattern, Plainly, Word
from duewatch.engine.words import AnchorDay, AnchorHour, Days, Doubtful, Join, MonthEnd, Roll, ShortPeriod, Span, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema, Shape

T = TypeVar("T")
_MOST_DAYS: Final = 366
_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_REGIME: Final = re.compile(rf"{_NAME}(?:@(?:anchor|\d{{4}}-\d{{2}}-\d{{2}}))?\Z", re.ASCII)
_CALENDAR: Final = re.compile(r"(?:[A-Za-z0-9_.-]|\{place\})+\Z")


def _regime(text: str, _: Notebook) -> str:
    if not _REGIME.match(text):
        raise Amiss(f"`{text}` is not a regime", "write its name, NAME@anchor or NAME@2008-06-30")
    version = text.partition("@")[2]
    if version and version != "anchor":
        parse_day(version)
    return text


def _calendar(text: str, _: Notebook) -> str:
    if not _CALENDAR.match(text):
        raise Amiss(f"`{text}` is not the name of a calendar", "write letters, digits, `-` and `{place}`")
    return text


REGIME: Final = Pattern(
    "a regime, NAME@anchor or NAME@2008-06-30", _regime, rf"^{_NAME}(?:@(?:anchor|\d{{4}}-\d{{2}}-\d{{2}}))?$"
)
CALENDARS: Final = Listing(
    Pattern("the name of a calendar", _calendar, r"^(?:[A-Za-z0-9_.-]|\{place\})+$"), single=True
)


def one_of(values: Values, name: str, words: tuple[T, ...]) -> T | None:
    """Give the word that a field holds, as one of `words`."""
    return next((word for word in words if word == values.given.get(name)), None)


@dataclass(frozen=True, slots=True)
class _Count:
    """A number of days that a clause names: up to a year."""

    least: int

    @property
    def want(self) -> str:
        """What it may be."""
        return f"a whole number of days from {self.least} to {_MOST_DAYS}"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the number."""
        found = Plainly(self.want, (int,)).read(node, book)
        if found is BROKEN or (isinstance(found, int) and self.least <= found <= _MOST_DAYS):
            return found
        book.wrong(node.place, f"`{found}` is not such a number", f"write {self.want}")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "integer", "minimum": self.least, "maximum": _MOST_DAYS}


def _short_period(values: Values, _: Notebook) -> object:
    count = values.get("at-most", int)
    if count is None:
        return BROKEN
    return ShortPeriod(count, one_of(values, "days", get_args(Days)) or "working")


_SHORT_PERIOD: Final = Record(
    "{at-most: 5, days: working}",
    (
        Field("at-most", _Count(1), "up to so many days", required=True),
        Field("days", Word(get_args(Days)), "are counted in such days"),
    ),
    _short_period,
)
UNSETTLED: Final = OrNone(Listing(Word(get_args(Doubtful)), single=True))
_TERMS: Final[tuple[Field, ...]] = (
    Field("regime", REGIME, "the rules of computing time; @anchor: the version in force on the anchor's day"),
    Field("anchor-day", Word(get_args(AnchorDay)), "whether the anchor's day counts; next: it starts the day after"),
    Field(
        "anchor-hour",
        Word(get_args(AnchorHour)),
        "of hours: whether the hour of the event counts, or they run from the next",
    ),
    Field("days", Word(get_args(Days)), "what a day is: calendar, clear (neither end counts) or working"),
    Field("short-period", _SHORT_PERIOD, "short periods are counted in other days"),
    Field("month-end", Word(get_args(MonthEnd)), "what becomes of a day that the month lacks, or of its last"),
    Field("distance", LENGTH, "added on account of distance"),
    Field("roll", Word(get_args(Roll)), "where a last day goes that is no working day"),
    Field("calendar", CALENDARS, "which days are working days; several are joined"),
    Field("roll-calendar", CALENDARS, "the same for the roll alone"),
    Field("join", Word(get_args(Join)), "closed where any of the calendars is, or only where all are"),
    Field("inaccessible", Listing(DAY, single=True), "days on which it cannot be done"),
    Field("at-least-working-days", _Count(0), "so many lie within the period"),
    Field("cut-off", CLOCK, "local clock time on the last day"),
    Field("zone", ZONE, "where its days begin and end; the instrument's unless said"),
)


def _late(shape: Shape) -> Callable[[], Shape]:
    return lambda: shape


def defined_once(fields: Iterable[Field], prefix: str) -> tuple[Field, ...]:
    """Give the fields with shapes that the schema defines once, however many forms hold them."""
    return tuple(replace(one, shape=Named(f"{prefix}-{one.name}", one.shape.want, _late(one.shape))) for one in fields)


TERMS: Final = defined_once(_TERMS, "term")


def terms_of(values: Values) -> Terms:
    """Give the terms among the fields of a form; what could not be read was noted and is left out."""
    return Terms(
        regime=values.text("regime"),
        anchor_day=one_of(values, "anchor-day", get_args(AnchorDay)),
        anchor_hour=one_of(values, "anchor-hour", get_args(AnchorHour)),
        days=one_of(values, "days", get_args(Days)),
        short_period=values.get("short-period", ShortPeriod),
        month_end=one_of(values, "month-end", get_args(MonthEnd)),
        distance=tuple(one for one in values.get("distance", tuple) or () if isinstance(one, Span)),
        roll=one_of(values, "roll", get_args(Roll)),
        calendars=values.texts("calendar"),
        roll_calendars=values.texts("roll-calendar"),
        join=one_of(values, "join", get_args(Join)),
        inaccessible=tuple(one for one in values.get("inaccessible", tuple) or () if isinstance(one, date)),
        least_working_days=values.get("at-least-working-days", int),
        cut_off=values.get("cut-off", time),
        zone=values.text("zone"),
    )
