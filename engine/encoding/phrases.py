"""Lengths of time and moments in the text form of a deadline: `9 months and 1 day`, `the end of term`."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, Final, get_args

from duewatch.engine.encoding.civil import parse_day
from duewatch.engine.encoding.lengths import DAY_WORDS, parse_lengths, say_lengths, unit_meant, unit_of
from duewatch.engine.encoding.nodes import ScalarNode
from duewatch.engine.encoding.shapes import Amiss
from duewatch.engine.encoding.tokens import Stuck
from duewatch.engine.words import Span, Stretch, Weekday

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duewatch.engine.encoding.cursor import Cursor
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.tokens import Token

AFTER: Final = ("after", "from", "following", "of")  # none of these words counts the day itself
DEEPEST: Final = 20  # brackets and offsets within one another
A_MOMENT: Final = "write a date such as 15 July 2021, an event, PERIOD.start or PERIOD.end"
MONTHS: Final[Mapping[str, int]] = {
    name.casefold(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if name
} | {"sept": 9}
_STRETCHES: Final[tuple[str, ...]] = get_args(Stretch)
_WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)
_PARTS_OF_YEARS: Final[Mapping[str, tuple[str, str]]] = {
    "early": ("01-01", "04-30"),
    "mid": ("05-01", "08-31"),
    "late": ("09-01", "12-31"),
}
_SIDES: Final[Mapping[str, str]] = {
    "end": "end",
    "close": "end",
    "start": "start",
    "beginning": "start",
    "opening": "start",
    "recess": "recess",
}
LANGUAGE: Final = frozenset(
    {*AFTER, "before", "until", "and", "or", "the", "every", "within", "while", "by", "at", "to", "in", "on", "for"}
)


# ------------------------------------------------------------------ lengths of time
def begins_length(cursor: Cursor, skip: int = 0) -> bool:
    """Say whether a number with a unit seems to stand here: `30 days`, `3 clear days`, but not `30 June`."""
    return cursor.ahead(skip).sort == "number" and cursor.ahead(skip + 1).folded not in MONTHS


def length(cursor: Cursor) -> ScalarNode:
    """Read `3 months`, `3 clear days`, `9 months and 1 day`: a text, as YAML has it."""
    first = cursor.here
    spans = [_span(cursor)]
    while cursor.sees("and") and begins_length(cursor, 1):
        cursor.step()
        spans.append(_span(cursor))
    return cursor.text(first, say_lengths(tuple(spans)))


def _span(cursor: Cursor) -> Span:
    number = cursor.here
    if number.sort != "number":
        raise cursor.stuck('write a number and a unit, such as "3 months"')
    cursor.step()
    word = cursor.here
    has_days = word.folded in DAY_WORDS and cursor.ahead(1).folded in {"day", "days"}
    unit = unit_of(word.folded, has_days=has_days)
    if word.sort != "word":
        raise cursor.stuck("write a unit: days, weeks, months, years, hours")
    if unit is None:
        raise Stuck(word.column, f"`{word.text}` is not a unit of time", unit_meant(word.folded))
    cursor.at += 2 if has_days else 1
    try:
        (span,) = parse_lengths(f"{number.text} {unit}")
    except Amiss as amiss:
        raise Stuck(number.column, amiss.wrong, amiss.right) from None
    return span


# ------------------------------------------------------------------ moments
def moment(cursor: Cursor) -> Node:
    """Read a moment: a day, a name, an end of a period, or an offset from one."""
    cursor.depth += 1
    if cursor.depth > DEEPEST:
        raise Stuck(cursor.here.column, f"more than {DEEPEST} things within one another", "write it more simply")
    found = _moment(cursor)
    cursor.depth -= 1
    return found


def _moment(cursor: Cursor) -> Node:
    word = cursor.here
    if cursor.take("("):
        inner = moment(cursor)
        cursor.want(")")
        return inner
    for begins, read in _MOMENTS:
        if begins(cursor):
            return read(cursor)
    if cursor.sees("easter") and cursor.ahead(1).sort == "number":
        cursor.step()
        return cursor.mapping(word, easter=cursor.number(cursor.here, int(cursor.step().text)))
    return _described(cursor, word) if cursor.take("the") else cursor.text(word, name(cursor))


def _offset(cursor: Cursor) -> Node:
    """`10 days before term.end`; from what is not simple the offset is a mapping."""
    first, span = cursor.here, length(cursor)
    side = cursor.want(*AFTER, "before", after="a length of time")
    word = "before" if side.folded == "before" else "after"
    base = moment(cursor)
    if isinstance(base, ScalarNode) and " " not in base.text:
        return cursor.text(first, f"{span.text} {word} {base.text}")
    return cursor.mapping(first, offset=span, **{word: base})


def name(cursor: Cursor) -> str:
    """Read the name of an event, of a period, or of an end of one."""
    word = cursor.here
    if word.sort != "word" or word.folded in LANGUAGE:
        raise cursor.stuck(A_MOMENT)
    return cursor.step().text


# ------------------------------------------------------------------ printed days
def begins_day(cursor: Cursor) -> bool:
    """Say whether a printed day stands here: `2021-07-15`, `15 July 2021`, `July 15, 2021`."""
    here, following = cursor.here, cursor.ahead(1)
    if here.sort == "day":
        return True
    if here.sort in {"number", "ordinal"}:
        return following.folded in MONTHS
    return here.folded in MONTHS and following.sort in {"number", "ordinal"} and not _is_year(following)


def _is_year(word: Token) -> bool:
    return word.sort == "number" and len(word.text) == len("2021")


def _day(cursor: Cursor) -> Node:
    """Read a printed day; the year is always written."""
    first = cursor.here
    text = first.text if first.sort == "day" else _spelled_day(cursor)
    cursor.at += first.sort == "day"
    try:
        parse_day(text)
    except Amiss as amiss:
        raise Stuck(first.column, amiss.wrong, amiss.right) from None
    return cursor.text(first, text)


def _spelled_day(cursor: Cursor) -> str:
    first, second = cursor.step(), cursor.step()
    cursor.take(",")
    number, month = (second, first) if first.folded in MONTHS else (first, second)
    year = cursor.here
    if not _is_year(year):
        raise Stuck(year.column, f"`{first.text} {second.text}` has no year", "write it with four digits")
    cursor.step()
    return f"{year.text}-{MONTHS[month.folded]:02}-{int(number.text.rstrip('stndrh')):02}"


def begins_imprecise(cursor: Cursor) -> bool:
    """Say whether a day known only to the month or part of a year stands here: `May 2026`, `early 2027`."""
    return (cursor.here.folded in {*MONTHS, *_PARTS_OF_YEARS} and _is_year(cursor.ahead(1))) or _is_year(cursor.here)


def imprecise(cursor: Cursor) -> Node:
    """Read it: a range of days, never one of them."""
    word = cursor.here
    if not _is_year(word):
        cursor.step()
    year = cursor.step().text
    if word.folded in MONTHS:
        return cursor.mapping(word, known=f"{year}-{MONTHS[word.folded]:02}")
    first, last = _PARTS_OF_YEARS.get(word.folded, ("01-01", "12-31"))
    days = cursor.listing(word, [cursor.text(word, f"{year}-{first}"), cursor.text(word, f"{year}-{last}")])
    return cursor.mapping(word, known=days, words=f"{word.folded} {year}" if word.text != year else None)


_MOMENTS: Final[tuple[tuple[Callable[[Cursor], bool], Callable[[Cursor], Node]], ...]] = (
    (lambda cursor: cursor.here.sort == "instant", lambda cursor: cursor.text(cursor.here, cursor.step().text)),
    (begins_day, _day),
    (begins_imprecise, imprecise),
    (begins_length, _offset),
)


# ------------------------------------------------------------------ described moments: after "the"
def _described(cursor: Cursor, the: Token) -> Node:
    word = cursor.here
    if word.folded in _SIDES and cursor.ahead(1).folded == "of":
        cursor.at += 2
        return _side(cursor, the, _SIDES[word.folded])
    if word.sort == "ordinal" or word.folded in {"last", "first"}:
        return _nth_day(cursor, the)
    return cursor.text(word, name(cursor))


def _side(cursor: Cursor, the: Token, side: str) -> Node:
    """`the end of term`, `the end of the 81st session of BODY`, `the end of the month of served`."""
    cursor.take("the")
    if cursor.here.folded in _STRETCHES:
        return _of_stretch(cursor, the, day=cursor.number(the, 1) if side == "start" else "last")
    if begins_imprecise(cursor) and side != "recess":
        return _of_printed(cursor, the, day=cursor.number(the, 1) if side == "start" else "last")
    return cursor.text(the, f"{period(cursor)}.{side}")


def period(cursor: Cursor) -> str:
    """Read a period: its name, or `81st session of BODY`."""
    cursor.take("the")
    word = cursor.here
    if word.sort == "ordinal" and cursor.ahead(1).folded == "session":
        cursor.at += 2
        cursor.want("of", after="`session`")
        cursor.take("the")
        return f"{name(cursor)}/{int(word.text[:-2])}"
    return name(cursor)


def _nth_day(cursor: Cursor, the: Token) -> Node:
    """`the last day of the month of served`, `the 2nd Friday of May 2026`, `the 3rd working day of ...`."""
    which = _which(cursor)
    word = cursor.here
    if cursor.take("day"):
        fields: dict[str, Node | str] = {"day": which}
    elif cursor.take("working day", "business day"):
        fields = {"working_day": which}
    elif word.folded in _WEEKDAYS:
        cursor.step()
        fields = {"weekday": word.folded, "nth": which}
    else:
        raise cursor.stuck("write `day`, `working day` or a day of the week", ("day", *_WEEKDAYS))
    cursor.want("of", "in", after="the day")
    cursor.take("the")
    if cursor.here.folded in _STRETCHES:
        return _of_stretch(cursor, the, **fields)
    return _of_printed(cursor, the, **fields)


def _which(cursor: Cursor) -> Node | str:
    word = cursor.step()
    if word.sort == "ordinal":
        return cursor.number(word, int(word.text[:-2]))
    if word.folded == "first":
        return cursor.number(word, 1)
    if cursor.take("but one"):
        return cursor.number(word, -2)
    return "last"


def _of_stretch(cursor: Cursor, the: Token, **fields: Node | str) -> Node:
    """`month of served`, `quarter containing 15 July 2021`."""
    stretch = cursor.step().folded
    cursor.want("of", "containing", "in which", after=f"`{stretch}`")
    return cursor.mapping(the, **fields, of=stretch, containing=moment(cursor))


def _of_printed(cursor: Cursor, the: Token, **fields: Node | str) -> Node:
    """`of May 2026`, `of 2026`."""
    word = cursor.here
    if _is_year(word):
        return cursor.mapping(the, **fields, of="year", containing=f"{cursor.step().text}-01-01")
    if word.folded in MONTHS and _is_year(cursor.ahead(1)):
        cursor.at += 2
        first = f"{cursor.words[cursor.at - 1].text}-{MONTHS[word.folded]:02}-01"
        return cursor.mapping(the, **fields, of="month", containing=first)
    raise cursor.stuck(f"write one of {', '.join(_STRETCHES)}, a month with its year, or a year", _STRETCHES)
