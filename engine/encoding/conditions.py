"""Conditions behind a comma in a deadline's text: `, next working day`, `, calendar us-federal`, `, at 17:30`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from duewatch.engine.encoding.civil import parse_clock
from duewatch.engine.encoding.nodes import ScalarNode
from duewatch.engine.encoding.phrases import begins_day, length, moment, name
from duewatch.engine.encoding.shapes import Amiss
from duewatch.engine.encoding.tokens import Stuck
from duewatch.engine.words import AnchorDay, AnchorHour, Days, Join, MonthEnd, Roll

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from duewatch.engine.encoding.cursor import Cursor
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.tokens import Token

Entries = tuple[tuple[ScalarNode, "Node"], ...]
_WORKING_DAY: Final = ("working day", "business day", "working days", "business days")
_ROLL_WORDS: Final[Mapping[str, str]] = {
    "the next": "following",
    "next": "following",
    "the following": "following",
    "following": "following",
    "modified following": "modified-following",
    "modified preceding": "modified-preceding",
    "the previous": "preceding",
    "previous": "preceding",
    "the preceding": "preceding",
    "preceding": "preceding",
    "the nearest": "nearest",
    "nearest": "nearest",
}
_UNROLLED: Final = ("the unrolled day", "unrolled", "the due day")
_ROLLED: Final = ("the rolled day", "rolled")


def conditions(cursor: Cursor, given: Collection[str]) -> Entries:
    """Read one condition, after its comma: the fields that it stands for. `given` are those that are there already."""
    first = cursor.here
    fields = _fields(cursor)
    found = cursor.mapping(first, **fields).entries
    double = next((key for key, _ in found if key.text in given), None)
    if double is not None:
        raise Stuck(first.column, f"`{double.text}` is said twice", "keep one")
    return found


def _fields(cursor: Cursor) -> dict[str, Node | str]:
    first = cursor.here
    for phrase, roll in _ROLL_WORDS.items():
        if any(cursor.take(f"{phrase} {day}") for day in _WORKING_DAY):
            return {"roll": roll}
    for phrases, read in _CONDITIONS:
        if cursor.take(*phrases):
            return read(cursor, first)
    known = (phrase for phrases, _ in _CONDITIONS for phrase in phrases)
    raise cursor.stuck("write a condition such as `next working day`, `calendar NAME` or `at 17:30`", known)


def _word(cursor: Cursor, choices: tuple[str, ...]) -> str:
    word = cursor.here
    if word.folded not in choices:
        raise cursor.stuck(f"write {', '.join(choices)}", choices)
    return cursor.step().folded


def _of_words(key: str, choices: tuple[str, ...]) -> Callable[[Cursor, Token], dict[str, Node | str]]:
    return lambda cursor, _: {key: _word(cursor, choices)}


def _named(key: str) -> Callable[[Cursor, Token], dict[str, Node | str]]:
    """One name, or several: `calendar a and b`, joined so that any of them closes."""

    def read(cursor: Cursor, first: Token) -> dict[str, Node | str]:
        names: list[Node] = [cursor.text(cursor.here, name(cursor))]
        while cursor.take("and", "or"):
            names.append(cursor.text(cursor.here, name(cursor)))
        return {key: names[0] if len(names) == 1 else cursor.listing(first, names)}

    return read


def _regime(cursor: Cursor, _: Token) -> dict[str, Node | str]:
    return {"regime": cursor.text(cursor.here, name(cursor))}


def _inaccessible(cursor: Cursor, first: Token) -> dict[str, Node | str]:
    """`inaccessible on 2016-01-25 and 2016-01-26`."""
    days: list[Node] = [_printed(cursor)]
    while cursor.take("and"):
        days.append(_printed(cursor))
    return {"inaccessible": cursor.listing(first, days)}


def _printed(cursor: Cursor) -> Node:
    if not begins_day(cursor):
        raise cursor.stuck("write a day such as 2016-01-25")
    return moment(cursor)


def _clock(cursor: Cursor, _: Token) -> dict[str, Node | str]:
    word = cursor.here
    if word.sort != "clock":
        raise cursor.stuck("write a clock time such as 17:30")
    try:
        parse_clock(word.text)
    except Amiss as amiss:
        raise Stuck(word.column, amiss.wrong, amiss.right) from None
    fields: dict[str, Node | str] = {"cut_off": cursor.text(cursor.step(), word.text)}
    if cursor.here.sort == "word":
        fields["zone"] = cursor.text(cursor.here, cursor.step().text)
    return fields


def _zone(cursor: Cursor, _: Token) -> dict[str, Node | str]:
    return {"zone": cursor.text(cursor.here, name(cursor))}


def _least(cursor: Cursor, _: Token) -> dict[str, Node | str]:
    number = cursor.here
    if number.sort != "number":
        raise cursor.stuck("write a number of working days")
    cursor.step()
    cursor.want(*_WORKING_DAY, after="the number")
    return {"at_least_working_days": cursor.number(number, int(number.text))}


def _distance(cursor: Cursor, _: Token) -> dict[str, Node | str]:
    span = length(cursor)
    cursor.want("for distance", "on account of distance", after="the length")
    return {"distance": span}


def _side(cursor: Cursor, *, anchor: bool) -> str:
    choices = ("the anchor", "anchor", *_UNROLLED, *_ROLLED) if anchor else (*_UNROLLED, *_ROLLED)
    at = cursor.at
    cursor.want(*choices)
    words = " ".join(word.folded for word in cursor.words[at : cursor.at])
    if words.endswith("anchor"):
        return "anchor"
    return "unrolled" if words in _UNROLLED else "rolled"


def _extended(cursor: Cursor, first: Token) -> dict[str, Node | str]:
    span = length(cursor)
    cursor.want("from", after="the extension: it counts from the anchor, the unrolled day or the rolled day;")
    side = _side(cursor, anchor=True)
    roll = _then_roll(cursor)
    return {"extend": cursor.mapping(first, by=span, from_=side, roll=roll)}


def _then_roll(cursor: Cursor) -> str | None:
    """`, then next working day`: the extension's own roll."""
    for phrase, roll in _ROLL_WORDS.items():
        if any(cursor.take(f"then {phrase} {day}") for day in _WORKING_DAY):
            return roll
    return None


def _grace(cursor: Cursor, first: Token) -> dict[str, Node | str]:
    span = length(cursor)
    cursor.want("of grace", "grace", after="the length")
    side = _side(cursor, anchor=False) if cursor.take("from") else None
    return {"grace": cursor.mapping(first, for_=span, from_=side)}


def _suspended(cursor: Cursor, first: Token) -> dict[str, Node | str]:
    cursor.want("from", after="`suspended`")
    start = moment(cursor)
    end = moment(cursor) if cursor.take("to", "until") else None
    return {"suspend": cursor.mapping(first, from_=start, to=end)}


_CONDITIONS: Final[tuple[tuple[tuple[str, ...], Callable[[Cursor, Token], dict[str, Node | str]]], ...]] = (
    (("roll calendar", "roll calendars"), _named("roll_calendar")),
    (("roll",), _of_words("roll", get_args(Roll))),
    (("calendar", "calendars"), _named("calendar")),
    (("under",), _regime),
    (("month end",), _of_words("month_end", get_args(MonthEnd))),
    (("anchor day", "that day"), _of_words("anchor_day", get_args(AnchorDay))),
    (("anchor hour",), _of_words("anchor_hour", get_args(AnchorHour))),
    (("first day",), _of_words("first_day", ("included", "excluded"))),
    (("last day",), _of_words("last_day", ("included", "excluded"))),
    (("counted in",), _of_words("days", get_args(Days))),
    (("closed where",), _of_words("join", get_args(Join))),
    (("inaccessible on",), _inaccessible),
    (("at least",), _least),
    (("at",), _clock),
    (("zone",), _zone),
    (("plus",), _distance),
    (("extended by",), _extended),
    (("with",), _grace),
    (("suspended",), _suspended),
)
