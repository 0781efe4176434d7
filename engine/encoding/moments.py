"""Moments as YAML has them -> the types of `words`: a text (`momenttext.py`), or one of the mappings below."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Final, Literal, get_args

from duewatch.engine.encoding.civil import FIRST_YEAR, LAST_YEAR, parse_day
from duewatch.engine.encoding.clocks import CLOCK, DAY, ZONE
from duewatch.engine.encoding.composites import Either, Listing
from duewatch.engine.encoding.lengths import LENGTH
from duewatch.engine.encoding.momenttext import ARMED, MOMENT_WANT, PREVIOUS, SHARED, MomentText, is_shared
from duewatch.engine.encoding.records import Field, Forms, Named, Record, Values
from duewatch.engine.encoding.shapes import (
    BROKEN,
    NAME,
    Amiss,
    Pattern,
    Plainly,
    Refer,
    Schema,
    Shape,
    Text,
    Word,
    text_of,
)
from duewatch.engine.encoding.spans import spans_in
from duewatch.engine.encoding.terms import CALENDARS
from duewatch.engine.words import DayOf, Deemed, Easter, Expected, Known, Moment, Ref, Shifted, Span, Stretch, Weekday

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook

LAST: Final = "last"
_MONTH: Final = re.compile(r"\d{4}-\d{2}\Z", re.ASCII)
MOST_WEEKDAYS: Final = 53  # of a year
MOST_DAYS: Final = 366


def moment_in(values: Values, name: str) -> Moment | None:
    """Give the moment that a field holds."""
    value = values.given.get(name)
    return value if isinstance(value, Moment) else None


# ------------------------------------------------------------------ the n-th day of a stretch
@dataclass(frozen=True, slots=True)
class Nth:
    """`last`, 3 or -2: which one of a stretch; -1 is the last."""

    most: int

    @property
    def want(self) -> str:
        """What it may be."""
        return f"last, or a whole number up to {self.most} (-2 is the last but one)"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the number."""
        found = Plainly(self.want, (int, str)).read(node, book)
        if found == LAST:
            return -1
        if isinstance(found, int) and 1 <= abs(found) <= self.most:
            return found
        if found is not BROKEN:
            book.wrong(node.place, f"`{found}` is not one of them", f"write {self.want}")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        whole: Schema = {"type": "integer", "minimum": -self.most, "maximum": self.most, "not": {"const": 0}}
        return {"anyOf": [{"const": LAST}, whole]}


class Year:
    """A year for which calendars are computed."""

    want = f"a year from {FIRST_YEAR} to {LAST_YEAR}"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the number."""
        found = Plainly(self.want, (int,)).read(node, book)
        if found is BROKEN or (isinstance(found, int) and FIRST_YEAR <= found <= LAST_YEAR):
            return found
        book.wrong(node.place, f"`{found}` is not a year of {FIRST_YEAR} to {LAST_YEAR}", "check the year")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}


def _month_day(text: str, _: Notebook) -> tuple[int, int]:
    try:
        day = parse_day(f"2001-{text}")  # a year without 29 February: no year begins on it
    except Amiss:
        raise Amiss(f"`{text}` is not a month and a day", 'write them as "04-06"') from None
    return day.month, day.day


def _shape() -> Shape:
    return _EITHER


_MOMENT_REF: Final = Named("moment", MOMENT_WANT, _shape)
_STRETCH: Final = (
    Field("of", Word(get_args(Stretch)), "of which stretch of time", required=True),
    Field(
        "containing",
        Named("moment", MOMENT_WANT, lambda: _EITHER),
        "the stretch that this moment lies in",
        required=True,
    ),
    Field(
        "year-starts", Pattern('a month and a day such as "04-06"', _month_day, r"^\d{2}-\d{2}$"), "of a fiscal year"
    ),
)
DayWhat = Literal["day", "working-day"] | Weekday


def _day_of(values: Values, what: DayWhat, number: str) -> object:
    containing, n = moment_in(values, "containing"), values.get(number, int)
    of = next((one for one in get_args(Stretch) if one == values.text("of")), None)
    if containing is None or n is None or of is None or values.broken("year-starts"):
        return BROKEN
    return DayOf(n, what, of, containing, values.get("year-starts", tuple) or (1, 1))


def _weekday(values: Values, _: Notebook) -> object:
    day = next((one for one in get_args(Weekday) if one == values.text("weekday")), None)
    return BROKEN if day is None else _day_of(values, day, "nth")


# ------------------------------------------------------------------ days that are not known to the day
def _known(values: Values, book: Notebook) -> object:
    days = _range(values, "known", book)
    return BROKEN if days is None else Known(*days, words=values.text("words"))


def _range(values: Values, name: str, book: Notebook) -> tuple[date, date] | None:
    """Give a first and a last day; None where one of them could not be read, which was noted."""
    found = [one for one in values.get(name, tuple) or () if isinstance(one, date)]
    if len(found) < 2:  # noqa: PLR2004 - a first and a last day
        return None
    if found[1] < found[0]:
        book.wrong(values.place_of(name), "the last day comes before the first", "check the two days")
    return found[0], found[1]


def _month(text: str, _: Notebook) -> tuple[date, date]:
    found = days_of_month(text)
    if found is None:
        raise Amiss(f"`{text}` is not a month", 'write "2026-05", or a list of two days')
    return found


def days_of_month(text: str) -> tuple[date, date] | None:
    """Give the first and the last day of a month such as `2026-05`; None where the text has another form."""
    if not _MONTH.match(text):
        return None
    first = parse_day(f"{text}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


DAY_RANGE: Final = Listing(DAY, exactly=2)
_KNOWN: Final = Either(
    'a month such as "2026-05", or a list of its first and its last possible day',
    scalars=Pattern('a month such as "2026-05"', _month, r"^\d{4}-\d{2}$"),
    lists=DAY_RANGE,
)


def expected_of(values: Values, book: Notebook) -> object:
    """Give the range of days in which something is expected."""
    days = _range(values, "expected", book)
    return BROKEN if days is None else Expected(*days, why=values.text("why"))


# ------------------------------------------------------------------ receipt, offsets
def _deemed(values: Values, _: Notebook) -> object:
    base = moment_in(values, "deemed")
    if base is None:
        return BROKEN
    late: Literal["in-time", "late"] = "late" if values.text("at-cut-off") == "late" else "in-time"
    zone, calendars = values.text("zone"), values.texts("calendar")
    return Deemed(base, spans_in(values, "after"), values.get("cut-off", time), late, calendars, zone)


def _offset(values: Values, book: Notebook) -> object:
    sides = [side for side in ("after", "before") if values.has(side)]
    if len(sides) != 1:
        book.wrong(values.place, "an offset from what?", "add `after`: MOMENT, or `before`: MOMENT; one of them")
        return BROKEN
    base, sign = moment_in(values, sides[0]), -1 if sides[0] == "before" else 1
    spans = tuple(Span(sign * span.count, span.unit) for span in spans_in(values, "offset"))
    return BROKEN if base is None else Shifted(base, spans)


_EVENT: Final = Refer("moment", "an event")
_FORMS: Final = Forms(
    "{event: NAME}, {day: last, of: month, containing: MOMENT} or another form of a moment",
    (
        Record(
            "{event: NAME}",
            (
                Field("event", _EVENT, "an event", required=True),
                Field("per", Text(), "each of whom it concerns by itself, in words"),
            ),
            lambda values, _: Ref(values.text("event")),
        ),
        Record(
            "{offset: SPAN, after: MOMENT}",
            (
                Field("offset", LENGTH, "so long after or before the moment", required=True),
                Field("after", _MOMENT_REF, "the moment counted from"),
                Field("before", _MOMENT_REF, "the moment counted back from"),
            ),
            _offset,
        ),
        Record(
            "{day: last, of: month, containing: MOMENT}",
            (
                Field("day", Nth(MOST_DAYS), "which day; one that it lacks is its last", required=True),
                *_STRETCH,
            ),
            lambda values, _: _day_of(values, "day", "day"),
        ),
        Record(
            "{weekday: friday, nth: 2, of: month, containing: MOMENT}",
            (
                Field("weekday", Word(get_args(Weekday)), "which day of the week", required=True),
                Field("nth", Nth(MOST_WEEKDAYS), "which of them", required=True),
                *_STRETCH,
            ),
            _weekday,
        ),
        Record(
            "{working-day: last, of: month, containing: MOMENT}",
            (Field("working-day", Nth(MOST_DAYS), "which working day", required=True), *_STRETCH),
            lambda values, _: _day_of(values, "working-day", "working-day"),
        ),
        Record(
            '{known: "2026-05"}',
            (
                Field("known", _KNOWN, "known to the month or as a range", required=True),
                Field("words", Text(), "as said"),
            ),
            _known,
        ),
        Record(
            "{expected: [DAY, DAY], why: ...}",
            (
                Field("expected", DAY_RANGE, "thought to fall in this range: nothing is overdue on it", required=True),
                Field("why", Text(), "why it is expected then"),
            ),
            expected_of,
        ),
        Record(
            "{easter: 2026}",
            (Field("easter", Year(), "Easter Sunday of the year", required=True),),
            lambda values, _: Easter(values.get("easter", int) or 0),
        ),
        Record(
            "{deemed: MOMENT, after: 2 days}",
            (
                Field("deemed", _MOMENT_REF, "when it was sent", required=True),
                Field("after", LENGTH, "so long after it was sent"),
                Field("cut-off", CLOCK, "what is sent later in the day counts as of the next working day"),
                Field("at-cut-off", Word(("in-time", "late")), "sent at the cut-off time sharp"),
                Field("calendar", CALENDARS, "which days are working days"),
                Field("zone", ZONE, "where its clock runs"),
            ),
            _deemed,
        ),
    ),
)
MOMENT_TAGS: Final = frozenset(form.fields[0].name for form in _FORMS.forms) - {"day"}
_EITHER: Final[Shape] = Either(MOMENT_WANT, scalars=MomentText(), mappings=_FORMS)
MOMENT: Final = _MOMENT_REF
AFTER_ARMED: Final = Either(MOMENT_WANT, scalars=MomentText((ARMED,)), mappings=_FORMS)
AFTER_PREVIOUS: Final = Either(MOMENT_WANT, scalars=MomentText((PREVIOUS,)), mappings=_FORMS)


class PeriodName:
    """A period of the file, or a session that many instruments share: BODY/NUMBER."""

    want = "a period, or a session as BODY/NUMBER"
    _refer = Refer("period", "a period")

    def read(self, node: Node, book: Notebook) -> object:
        """Give the name, and note that it must be declared if it is one of the file."""
        text = text_of(node, self.want, book)
        if text is None:
            return BROKEN
        return text if is_shared(text) else self._refer.read(node, book)

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "string", "pattern": rf"^(?:{SHARED}|{NAME})$"}


PERIOD: Final = PeriodName()
