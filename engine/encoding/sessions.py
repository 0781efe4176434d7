"""Sessions of bodies, and ends of periods that may be unknown or only expected."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, get_args

from duewatch.engine.encoding.clocks import DAY
from duewatch.engine.encoding.moments import DAY_RANGE, MOMENT, expected_of
from duewatch.engine.encoding.nodes import MappingNode
from duewatch.engine.encoding.records import Field, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, Name, Pattern, Plainly, Text, Word
from duewatch.engine.words import Certainty, Fixed

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema

UNKNOWN: Final = "unknown"


def _session(values: Values, book: Notebook) -> object:
    number = values.get("number", int) or 0
    if number < 1:
        book.wrong(values.place_of("number"), f"`{number}` is no number of a session", "write a number above 0")
        return BROKEN
    return f"{values.text('body')}/{number}"


SESSION: Final = Record(
    "{body: NAME, number: 81}",
    (
        Field("body", Name(), "whose session it is", required=True),
        Field("number", Plainly("a whole number", (int,)), "which one, or which year's", required=True),
    ),
    _session,
)


def _edge(values: Values, book: Notebook) -> object:
    day = values.get("date", date)
    if day is not None:
        if values.has("expected"):
            book.wrong(values.keys["expected"], "`expected` does not go with a known date", "keep one of them")
        return Fixed(day)
    return expected_of(values, book) if values.has("expected") else UNKNOWN


_DATED: Final = Record(
    '{date: "2026-09-08"} or {date: unknown, expected: [DAY, DAY]}',
    (
        Field(
            "date",
            Pattern(
                'a date such as "2021-09-30", or unknown',
                lambda text, book: text if text == UNKNOWN else DAY.convert(text, book),
                rf"^(?:\d{{4}}-\d{{2}}-\d{{2}}|{UNKNOWN})$",
            ),
            "its day, or unknown",
            required=True,
        ),
        Field("expected", DAY_RANGE, "thought to fall in this range: nothing is overdue on it"),
        Field("certainty", Word(get_args(Certainty)), "printed in the text, recorded elsewhere, or inferred"),
        Field("source", Text(), "what it is known from"),
        Field("why", Text(), "why it is taken to be so"),
    ),
    _edge,
)


class Edge:
    """A moment; or a day with its source, which may be unknown, or only expected. Gives `unknown` as that word."""

    want = MOMENT.want

    def read(self, node: Node, book: Notebook) -> object:
        """Read it as the one or the other."""
        dated = isinstance(node, MappingNode) and "date" in node.keys
        return (_DATED if dated else MOMENT).read(node, book)

    def schema(self) -> Schema:
        """Describe it."""
        return {"anyOf": [MOMENT.schema(), _DATED.schema()]}
