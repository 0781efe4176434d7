"""Examples of an entry: a day, what is recorded by then, and where the entry stands.

They are tests of the entry and say nothing that holds, so they are no part of the norm nor of the fingerprint: a file
with other examples is the same encoding. Who runs them: `judgement/exemplifying.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.civil import ISO_DAY, parse_day
from duewatch.engine.encoding.clocks import DAY, INSTANT_PATTERN, looks_like_instant, parse_instant
from duewatch.engine.encoding.composites import Listing, OrNone
from duewatch.engine.encoding.nodes import MappingNode, SequenceNode
from duewatch.engine.encoding.records import Field, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, UNSET, Amiss, Name, Pattern, Plainly, Text
from duewatch.engine.encoding.statements import COLUMNS, KINDS, Row, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duewatch.engine.encoding.entries import Entry
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema
    from duewatch.engine.problems import Place, Problem

EXAMPLES_FIELD: Final = "examples"
NOT_OWED: Final = "not-owed"  # expected where no arguable reading owes the occurrence then


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What an entry must come to on a day, with these facts recorded and no others."""

    place: Place  # of what is expected
    obligation: str = ""  # the id of its entry
    n: int | None = None  # the place in a series; None where there is one occurrence only
    member: str = ""
    as_of: date | datetime  # an instant is aware
    facts: tuple[Row, ...] = ()
    expect: str  # a status, or NOT_OWED
    due: date | None = None
    undated: bool = False  # `due: none`: no day may fall due
    days_late: int | None = None


class _Facts:
    """Facts in the form of a file of facts."""

    want = "a list of facts, each `{kind: ..., ...}`"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the rows; BROKEN where some cannot be read."""
        if not isinstance(node, SequenceNode) or not node.items:
            book.wrong(node.place, "there is no list of facts", f"write {self.want}")
            return BROKEN
        problems: list[Problem] = []
        rows = tuple(rows_of(node, problems))
        for problem in problems:
            book.wrong(problem.place, problem.wrong, problem.right)
        return BROKEN if problems else rows

    def schema(self) -> Schema:
        """Describe it: the columns of a file of facts."""
        properties: Schema = {name: {} for name in COLUMNS} | {"kind": {"enum": list(KINDS)}}
        row = {"type": "object", "properties": properties, "required": ["kind"], "additionalProperties": False}
        return {"type": "array", "minItems": 1, "items": row}


def _moment(text: str, book: Notebook) -> date | datetime:
    return parse_instant(text) if looks_like_instant(text) else parse_day(text, book.adopted)


def _status(text: str, _: Notebook) -> str:
    if not Name().fits(text):
        raise Amiss(f"`{text}` is no status", "write one word, such as overdue, met_late or not-owed")
    return text


def _example(values: Values, book: Notebook) -> object:
    n, as_of, late = values.get("n", int), values.get("as-of", date), values.get("days-late", int)
    if n is not None and n < 1:
        book.wrong(values.place_of("n"), f"`{n}` is no place in a series", "count from 1")
    if as_of is None or any(value is BROKEN for value in values.given.values()):
        return BROKEN
    return Example(
        place=values.place_of("expect"),
        n=n,
        member=values.text("member"),
        as_of=as_of,
        facts=tuple(row for row in values.get("facts", tuple) or () if isinstance(row, Row)),
        expect=values.text("expect"),
        due=values.get("due", date),
        undated=values.given.get("due") is UNSET,
        days_late=late,
    )


EXAMPLES: Final = Listing(
    Record(
        '{as-of: "2021-07-16", expect: overdue}',
        (
            Field(
                "as-of",
                Pattern(
                    'a day such as "2021-09-30", or an instant such as "2021-09-30T17:00Z"',
                    _moment,
                    f"^(?:{ISO_DAY}|{INSTANT_PATTERN})$",
                ),
                "the day asked about, at its end, or an instant",
                required=True,
            ),
            Field("expect", Pattern("a status, or not-owed", _status, r"^[a-z][a-z_-]*$"), "its status", required=True),
            Field("facts", _Facts(), "all that is recorded; what they are about is this entry unless they say so"),
            Field("n", Plainly("a whole number", (int,)), "the place in a series"),
            Field("member", Name("the name of a member", dotted=True), "whose occurrence, where each owes its own"),
            Field("due", OrNone(DAY), "the day that falls due under the default reading; none: no day does"),
            Field("days-late", Plainly("a whole number of days", (int,)), "late while undone or once done; 0 in time"),
            Field("why", Text(), "what the example shows"),
        ),
        _example,
    )
)


def examples_of(entries: Iterable[Entry]) -> tuple[Example, ...]:
    """Give the examples of the entries, in the order of the file; those that could not be read are left out."""
    return tuple(
        replace(one, obligation=entry.id)
        for entry in entries
        for one in entry.fields.get(EXAMPLES_FIELD, tuple) or ()
        if isinstance(one, Example)
    )


def without_examples(root: Node) -> Node:
    """Give the tree of a file without the examples of its entries."""
    if not isinstance(root, MappingNode):
        return root
    entries = [(key, _bare(value) if key.text == "obligations" else value) for key, value in root.entries]
    return replace(root, entries=tuple(entries))


def _bare(node: Node) -> Node:
    """Leave the examples out of a list of entries and groups."""
    if not isinstance(node, SequenceNode):
        return node
    return replace(node, items=tuple(_entry(item) for item in node.items))


def _entry(node: Node) -> Node:
    if not isinstance(node, MappingNode):
        return node
    kept = ((key, _bare(value) if key.text == "entries" else value) for key, value in node.entries)
    return replace(node, entries=tuple(one for one in kept if one[0].text != EXAMPLES_FIELD))
