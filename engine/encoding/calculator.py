"""What the calculator reads: a deadline, or a question about working days; as a text, or in braces as YAML has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.cursor import cursor
from duewatch.engine.encoding.deadlines import DEADLINE_WANT, FORMS, is_moment
from duewatch.engine.encoding.expressions import deadline_tree, with_conditions
from duewatch.engine.encoding.moments import MOMENT, Year, moment_in
from duewatch.engine.encoding.nodes import MappingNode, plain
from duewatch.engine.encoding.notebook import Notebook
from duewatch.engine.encoding.phrases import moment
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.records import Field, Forms, Record, Values
from duewatch.engine.encoding.seriesforms import Alike
from duewatch.engine.encoding.shapes import BROKEN, Word
from duewatch.engine.encoding.terms import TERMS, terms_of
from duewatch.engine.encoding.tokens import Stuck
from duewatch.engine.problems import BadFile, Place, Problem
from duewatch.engine.words import Expression, Holidays, IsWorkingDay, Moment, WorkingDays

if TYPE_CHECKING:
    from duewatch.engine.encoding.cursor import Cursor
    from duewatch.engine.encoding.notebook import Reference

NAME: Final = "EXPRESSION"
MOST_BYTES: Final = 64 * 1024
_ENDS: Final = ("included", "excluded")
_NO_SERIES: Final = "the dates of another entry's series stand in an encoding only"


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression as read, its tree as plain data, and the events and periods that it names."""

    expression: Expression
    tree: object
    names: tuple[Reference, ...]


def _end(values: Values, name: str, default: Literal["included", "excluded"]) -> Literal["included", "excluded"]:
    found = values.text(name)
    return "included" if found == "included" else "excluded" if found == "excluded" else default


def _working_days(values: Values, _: Notebook) -> object:
    ends = [one for one in values.get("working-days", tuple) or () if isinstance(one, Moment)]
    if len(ends) < 2:  # noqa: PLR2004 - a start and an end
        return BROKEN
    first, last = _end(values, "first-day", "included"), _end(values, "last-day", "excluded")
    return WorkingDays(ends[0], ends[1], first, last, terms_of(values))


def _is_working(values: Values, _: Notebook) -> object:
    day = moment_in(values, "is-working-day")
    return BROKEN if day is None else IsWorkingDay(day, terms_of(values))


_INQUIRIES: Final = (
    Record(
        "{working-days: [MOMENT, MOMENT]}",
        (
            Field("working-days", Listing(MOMENT, exactly=2), "how many lie between them", required=True),
            Field("first-day", Word(_ENDS), "whether the first day counts; it does unless said"),
            Field("last-day", Word(_ENDS), "whether the last day counts; it does not unless said"),
            *TERMS,
        ),
        _working_days,
    ),
    Record(
        "{is-working-day: MOMENT}",
        (Field("is-working-day", MOMENT, "whether it is one", required=True), *TERMS),
        _is_working,
    ),
    Record(
        "{holidays: 2016}",
        (
            Field("holidays", Year(), "the days on which the calendar is closed", required=True),
            *TERMS,
        ),
        lambda values, _: Holidays(values.get("holidays", int) or 0, terms_of(values)),
    ),
)
_ALL: Final = Forms(DEADLINE_WANT, (*_INQUIRIES, *FORMS))


def read_expression(text: str) -> Asked:
    """Read what the calculator is asked. BadFile with each problem: its column, what is wrong, what would be right."""
    start = Place(NAME, 1, 1)
    if not text.strip():
        raise BadFile([Problem(start, "the expression is empty", 'write "3 months after 2021-06-29" or the like')])
    try:
        tree = _in_braces(text) if text.lstrip().startswith("{") else _as_text(text, start)
    except Stuck as stuck:
        raise BadFile([Problem(Place(NAME, 1, 1 + stuck.column), stuck.wrong, stuck.right)]) from None
    book = Notebook()
    found = (MOMENT if is_moment(tree) else _ALL).read(tree, book)
    if isinstance(found, Alike):
        book.wrong(found.place, _NO_SERIES, "write the series itself: {every: SPAN, after: MOMENT}")
    if book.problems:
        raise BadFile(book.problems)
    return Asked(found, plain(tree), tuple(dict.fromkeys(book.references)))  # type: ignore[arg-type] # a form makes one


def _in_braces(text: str) -> MappingNode:
    document = read(text.encode(), NAME, MOST_BYTES)
    if document.problems:
        raise BadFile(document.problems)
    if not isinstance(document.root, MappingNode):
        raise BadFile([Problem(document.root.place, "this is no mapping", f"write {DEADLINE_WANT}")])
    return document.root


# ------------------------------------------------------------------ questions as a text
def _as_text(text: str, start: Place) -> MappingNode:
    reading = cursor(text, start)
    found = _question(reading)
    return deadline_tree(text, start) if found is None else found


def _question(cursor: Cursor) -> MappingNode | None:
    """`working days between A and B`, `is A a working day`, `holidays of 2016`; the rest are conditions."""
    first = cursor.here
    if cursor.take("working days between", "business days between"):
        start = moment(cursor)
        cursor.want("and", after="the first day")
        found = cursor.mapping(first, working_days=cursor.listing(first, [start, moment(cursor)]))
    elif cursor.take("is"):
        day = moment(cursor)
        cursor.want("a working day", "a business day", after="the day")
        found = cursor.mapping(first, is_working_day=day)
    elif cursor.take("holidays of", "holidays in"):
        if cursor.here.sort != "number":
            raise cursor.stuck("write a year")
        found = cursor.mapping(first, holidays=cursor.number(cursor.here, int(cursor.step().text)))
    else:
        return None
    return with_conditions(cursor, found)
