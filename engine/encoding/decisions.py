"""A file of decisions: what becomes of each open entry of an earlier instrument, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.clocks import DAY
from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.nodes import MappingNode
from duewatch.engine.encoding.notebook import Notebook
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.records import Field, Record, Values, read_fields
from duewatch.engine.encoding.shapes import Name, Text, Word
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from pathlib import Path

    from duewatch.engine.problems import Place

LEAVES: Final = "leaves"
ENDS: Final = "ends"
MOVES: Final = "moves-to"
UNDECIDED: Final = "undecided"
_ID: Final = Name("an id of letters, digits, `.`, `-` and `_`", dotted=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one entry of the earlier instrument. `since` None: as usual; `place` None: nobody's file."""

    entry: str  # an id of the earlier instrument
    does: str  # leaves, ends, moves-to or undecided
    to: str = ""  # moves-to: an id of the later instrument
    since: date | None = None  # the first day on which it is so
    why: str = ""
    place: Place | None = None


def _decision(values: Values, book: Notebook) -> Decision:
    does, to = values.text("does"), values.text("to")
    if does == MOVES and values.lacks("to"):
        book.wrong(values.place, "`to` is missing", "add `to`: the id of the entry of the later instrument")
    if does != MOVES and values.has("to"):
        book.wrong(values.keys["to"], f"`to` does not go with `{does}`", "leave it out, or write `does: moves-to`")
    if does in {ENDS, MOVES} and values.lacks("why"):
        book.wrong(values.place, "`why` is missing", "say why it ends or moves: nothing is decided in silence")
    return Decision(
        entry=values.text("entry"),
        does=does,
        to=to,
        since=values.get("from", date),
        why=values.text("why"),
        place=values.place,
    )


_ROWS: Final = Listing(
    Record(
        "{entry: ID, does: leaves}",
        (
            Field("entry", _ID, "the id of an entry of the earlier instrument", required=True),
            Field("does", Word((LEAVES, ENDS, MOVES, UNDECIDED)), "what becomes of it", required=True),
            Field("to", _ID, "the entry of the later instrument that goes on with it"),
            Field("from", DAY, "the first day on which it is so"),
            Field("why", Text("the reason"), "why"),
        ),
        _decision,
    )
)
_SECTIONS: Final = (Field("decisions", _ROWS, "what becomes of each entry", required=True),)


def read_decisions(source: Path | bytes, name: str = "") -> tuple[Decision, ...]:
    """Read a file of decisions, or its bytes. BadFile with every problem of it."""
    document = read(source, name)
    book = Notebook()
    book.add(document.problems)
    if not isinstance(document.root, MappingNode):
        book.wrong(document.root.place, "the top level is not a mapping", "write `decisions:` and a list")
        raise BadFile(book.problems)
    rows = read_fields(document.root, _SECTIONS, book).get("decisions", tuple) or ()
    found = tuple(row for row in rows if isinstance(row, Decision))
    seen: dict[str, Decision] = {}
    for row in found:
        if row.place is not None and seen.setdefault(row.entry, row) is not row:
            book.wrong(row.place, f"`{row.entry}` is decided twice", "keep one of them")
    if book.problems:
        raise BadFile(book.problems)
    return found
