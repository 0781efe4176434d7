"""The file in which somebody says what happened to the rows of a portfolio that moved, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.mapping import DAY
from duewatch.engine.encoding.nodes import MappingNode
from duewatch.engine.encoding.notebook import Notebook
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.records import Field, Record, Values, read_fields
from duewatch.engine.encoding.shapes import Text, Word
from duewatch.engine.problems import BadFile, Place

if TYPE_CHECKING:
    from pathlib import Path

ABOUT: Final = ("date", "done", "row")  # what of a row moved
# extension, waiver: somebody had the authority. correction: it was wrong before. shift: a day or two, by a calendar or
# a program. retraction: it was never so. kept: what is recorded stands, whatever the sheet says. renamed: the row has
# another key now.
WHAT: Final = ("extension", "waiver", "correction", "shift", "retraction", "kept", "renamed")
GRANTED: Final = ("extension", "waiver")
TO_DO: Final = "todo"  # what the skeleton of a file leaves to a person


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says happened."""

    what: str  # one of WHAT
    why: str
    granted_by: str = ""
    granted: date | None = None
    symbol: str = ""
    to: str = ""  # the new key of a row; "": the one that was proposed


@dataclass(frozen=True, slots=True)
class Answer:
    """The same for some rows."""

    keys: tuple[str, ...]
    about: str  # one of ABOUT
    given: Given
    place: Place


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _answer(values: Values, book: Notebook) -> Answer:
    what, about = values.text("what"), values.text("about", "date")
    for name in ("granted-by", "granted", "symbol"):
        if what in GRANTED and values.lacks(name):
            book.wrong(values.place, f"`{name}` is missing", f"{_a(what)} is granted: say by whom, when and in what")
        elif what not in GRANTED and values.has(name):
            book.wrong(values.place_of(name), f"{_a(what)} is not granted by anybody", f"leave out `{name}`")
    for name in ("why", "granted-by", "symbol"):
        if values.text(name) == TO_DO:
            book.wrong(values.place_of(name), f"`{name}` is left to do", "a person has to say it")
    if values.has("to") and (what != "renamed" or len(values.texts("for")) != 1):
        book.wrong(values.place_of("to"), "`to` is the new key of one row that was renamed", "leave out `to`")
    said = {name.replace("-", "_"): values.text(name) for name in ("granted-by", "symbol", "to")}
    given = Given(what, values.text("why"), granted=values.get("granted", date), **said)
    return Answer(values.texts("for"), about, given, values.place)


ANSWER: Final = Record(
    "{for: [KEY], what: ..., why: ...}",
    (
        Field("for", Listing(Text("the key of a row"), single=True), "keys of rows", required=True),
        Field("about", Word(ABOUT), "what of the row; its date unless said"),
        Field("what", Word(WHAT), "what happened", required=True),
        Field("why", Text("a reason"), "the reason", required=True),
        Field("granted-by", Text(), "who granted it"),
        Field("granted", DAY, "the day on which it was granted"),
        Field("symbol", Text(), "the document in which it was granted"),
        Field("to", Text("the key of a row"), "the new key of a row; the one that was proposed unless said"),
    ),
    _answer,
)
SECTIONS: Final = (Field("answers", Listing(ANSWER), "what happened, some rows at a time", required=True),)


def read_answers(path: Path) -> tuple[Answer, ...]:
    """Read a file of answers. BadFile with every problem of it."""
    document = read(path)
    book = Notebook()
    book.add(document.problems)
    root = document.root
    if not isinstance(root, MappingNode):
        book.wrong(root.place, "the top level is not a mapping", "write `answers:` and a list under it")
        raise BadFile(book.problems)
    values = read_fields(root, SECTIONS, book)
    if book.problems:
        raise BadFile(book.problems)
    return tuple(one for one in values.get("answers", tuple) or () if isinstance(one, Answer))
