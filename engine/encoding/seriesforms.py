"""The forms of a deadline that has many dates: a series, sessions, a schedule, a recurrence rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.encoding.lengths import LENGTH
from duewatch.engine.encoding.moments import AFTER_PREVIOUS, LAST, MOMENT, PERIOD, moment_in
from duewatch.engine.encoding.momenttext import PREVIOUS, is_shared
from duewatch.engine.encoding.notebook import did_you_mean
from duewatch.engine.encoding.records import Field, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, Amiss, Pattern, Plainly, Refer, Word
from duewatch.engine.encoding.spans import ORDINAL, STEP, single_length, spans_in
from duewatch.engine.encoding.terms import TERMS, terms_of
from duewatch.engine.words import Every, EverySession, Moment, Recurring, Ref, Schedule, Span

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema
    from duewatch.engine.problems import Place

_SESSIONS: Final = re.compile(r"([1-9][0-9]{0,2})\s+sessions?\Z", re.ASCII)
_PARTS: Final = (
    *("RSCALE", "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS", "SKIP"),
)  # of RFC 5545 s. 3.3.10 and RFC 7529 s. 4, without those below the day; in the order of the one spelling
_HOW_OFTEN: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
MOST_TIMES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Alike:
    """`with: ID`: the dates of that entry's series, each `take`-th of them. Resolved once all entries are known."""

    entry: str
    take: int
    place: Place


@dataclass(frozen=True, slots=True)
class Sessions:
    """A step counted in sessions of a body."""

    count: int


# ------------------------------------------------------------------ every
def _step(text: str, _: Notebook) -> Span | Sessions:
    found = _SESSIONS.match(text)
    return Sessions(int(found[1])) if found else single_length(text)


_STEP: Final = Pattern(
    'a span such as "3 months"', _step, r"^\d+\s+(?:day|week|month|year|session|working day|business day)s?$"
)
_COUNT: Final = Plainly("a whole number", (int,))


def _every(values: Values, book: Notebook) -> object:
    step = values.given.get("every")
    if isinstance(step, Sessions):
        return _every_session(step, values, book)
    _strangers(values, ("from", "to"), "goes with a step of sessions", "write `after` and `until`", book)
    if values.lacks("after"):
        book.wrong(values.place, "`after` is missing", f"add `after`: {AFTER_PREVIOUS.want}")
    after: Moment | Literal["previous-delivery"] | None = moment_in(values, "after")
    if values.text("after") == PREVIOUS:
        after = "previous-delivery"
    unread = any(values.broken(name) for name in ("while", "until", "times"))
    if not isinstance(step, Span) or after is None or unread:
        return BROKEN
    if values.has("while") and values.has("until"):
        book.wrong(values.keys["until"], "`until` does not go with `while`", "keep one of them")
        return BROKEN
    until = Ref(f"{values.text('while')}.end") if values.has("while") else moment_in(values, "until")
    return Every(step, after, until, times=_times(values, book), terms=terms_of(values))


def _times(values: Values, book: Notebook) -> int | None:
    times = values.get("times", int)
    if times is not None and not 1 <= times <= MOST_TIMES:
        book.wrong(values.place_of("times"), f"a series of {times} dates", f"write a number from 1 to {MOST_TIMES}")
        return None
    return times


def _strangers(values: Values, names: tuple[str, ...], wrong: str, right: str, book: Notebook) -> None:
    for name in names:
        if values.has(name):
            book.wrong(values.keys[name], f"`{name}` {wrong}", right)


def _every_session(step: Sessions, values: Values, book: Notebook) -> object:
    _strangers(values, ("after", "until", "while", "times"), "does not go with sessions", "write `from` and `to`", book)
    first, last = values.text("from"), values.text("to")
    if values.lacks("from"):
        book.wrong(values.place, "`from` is missing", "add `from`: the first session, as BODY/NUMBER")
    if last and is_shared(first) and not _goes_on(first, last):
        book.wrong(values.place_of("to"), f"`{last}` does not come after `{first}`", "name a later session of the body")
    return EverySession(step.count, first, last or None) if first else BROKEN


def _goes_on(first: str, last: str) -> bool:
    (body, _, number), (other, _, following) = first.rpartition("/"), last.rpartition("/")
    return body == other and is_shared(last) and int(following) >= int(number)


def _alike(values: Values, _: Notebook) -> object:
    if values.broken("every"):
        return BROKEN
    return Alike(values.text("with"), values.get("every", int) or 1, values.place_of("with"))


# ------------------------------------------------------------------ schedules and recurrence rules
@dataclass(frozen=True, slots=True)
class _DayOfMonth:
    """17, or `last`."""

    want: str = "a day of the month from 1 to 31, or last"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the number, or the word."""
        found = Plainly(self.want, (int, str)).read(node, book)
        if found == LAST or (isinstance(found, int) and found in _DAYS):
            return found
        if found is not BROKEN:
            book.wrong(node.place, f"`{found}` is no day of a month", f"write {self.want}")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"anyOf": [{"const": LAST}, {"type": "integer", "minimum": _DAYS.start, "maximum": _DAYS.stop - 1}]}


_DAYS: Final = range(1, 32)


def _schedule(values: Values, _: Notebook) -> object:
    span, start, end = values.get("schedule", Span), moment_in(values, "from"), moment_in(values, "to")
    if span is None or start is None or end is None or values.broken("day"):
        return BROKEN
    day: int | Literal["last"] | None = "last" if values.text("day") == LAST else values.get("day", int)
    stub: Literal["at-start", "at-end"] = "at-start" if values.text("stub") == "at-start" else "at-end"
    return Schedule(span, start, end, day, stub, terms_of(values))


def spelled(text: str) -> str:
    """Give a recurrence rule in its one spelling: capitals, its parts in order. Amiss where one is none of RFC 5545."""
    parts: dict[str, str] = {}
    for part in text.upper().replace(" ", "").removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        if name not in _PARTS or not equals or not value:
            right = did_you_mean(name, _PARTS, 'write parts such as "FREQ=MONTHLY;BYDAY=1FR"')
            raise Amiss(f"`{part}` is no part of a recurrence rule", right)
        if name in parts:
            raise Amiss(f"`{name}` stands in the rule twice", "keep one")
        parts[name] = value
    if parts.get("FREQ") not in _HOW_OFTEN:
        raise Amiss("the rule does not say how often", f"add FREQ= and one of {', '.join(_HOW_OFTEN)}")
    return ";".join(f"{name}={parts[name]}" for name in _PARTS if name in parts)


def _recurring(values: Values, book: Notebook) -> object:
    start, rule = moment_in(values, "from"), values.text("recurs")
    if values.has("while") and values.has("until"):
        book.wrong(values.keys["until"], "`until` does not go with `while`", "keep one of them")
        return BROKEN
    if start is None or any(values.broken(name) for name in ("plus", "while", "until")):
        return BROKEN
    until = Ref(f"{values.text('while')}.end") if values.has("while") else moment_in(values, "until")
    return Recurring(rule, start, spans_in(values, "plus"), until, terms_of(values))


WITH: Final = Record(
    "{with: ID, every: 2nd}",
    (
        Field("with", Refer("entry", "the id of a series"), "the dates of that entry's series", required=True),
        Field("every", ORDINAL, "each 2nd, 3rd ... of them"),
    ),
    _alike,
)
EVERY: Final = Record(
    "{every: SPAN, after: MOMENT}",
    (
        Field("every", _STEP, "the n-th due day is n spans after the anchor", required=True),
        Field("after", AFTER_PREVIOUS, "the anchor of the series"),
        Field("while", PERIOD, "the series ends with this period"),
        Field("until", MOMENT, "the series ends on this day"),
        Field("times", _COUNT, "so many dates"),
        Field("from", PERIOD, "of a step in sessions: the first one"),
        Field("to", PERIOD, "of a step in sessions: the last one"),
        *TERMS,
    ),
    _every,
)
SCHEDULE: Final = Record(
    "{schedule: SPAN, from: MOMENT, to: MOMENT}",
    (
        Field("schedule", STEP, "the length of each of its periods", required=True),
        Field("from", MOMENT, "its first day", required=True),
        Field("to", MOMENT, "its last day", required=True),
        Field("day", _DayOfMonth(), "the day of the month on which its periods end"),
        Field("stub", Word(("at-start", "at-end")), "where a shorter period lies"),
        *TERMS,
    ),
    _schedule,
)
RECURS: Final = Record(
    '{recurs: "FREQ=MONTHLY;BYDAY=1FR", from: MOMENT}',
    (
        Field(
            "recurs",
            Pattern('a rule such as "FREQ=MONTHLY;BYDAY=1FR"', lambda text, _: spelled(text), r"[Ff][Rr][Ee][Qq]="),
            "a recurrence rule of RFC 5545",
            required=True,
        ),
        Field("from", MOMENT, "its first moment", required=True),
        Field("plus", LENGTH, "each date is so long after a day of the rule"),
        Field("while", PERIOD, "no day of the rule comes after this period"),
        Field("until", MOMENT, "no day of the rule comes after this day"),
        *TERMS,
    ),
    _recurring,
)
