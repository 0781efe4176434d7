"""The mapping of a portfolio: which columns of a sheet mean what, and which instrument the rows make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.civil import ISO_DAY, parse_day
from duewatch.engine.encoding.clocks import ZONE
from duewatch.engine.encoding.nodes import MappingNode
from duewatch.engine.encoding.notebook import Notebook
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.records import Field, Record, Values, read_fields
from duewatch.engine.encoding.shapes import Amiss, Name, Pattern, Plainly, Text, Word
from duewatch.engine.encoding.sheets import FORMATS, SERIALS
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns; "" where the sheet has none."""

    key: str
    action: str
    due: str
    bearer: str = ""
    reference: str = ""
    done: str = ""
    symbol: str = ""
    since: str = ""
    owner: str = ""
    topics: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The file as read."""

    symbol: str
    title: str
    adopted: date  # from then on the first rows are owed
    zone: str
    columns: Columns
    sheet: str = ""  # of a workbook; "": the first
    header: int = 1  # the row that names the columns
    dates: str = ""  # a name of FORMATS or SERIALS
    bearer: str = ""  # of every row, where no column says it
    verb: str = "shall"
    verbs: str = "contract"


def _day(text: str, _: Notebook) -> date:
    return parse_day(text)


def _symbol(text: str, _: Notebook) -> str:
    if "#" in text:
        raise Amiss(f"`{text}` holds a `#`, which parts the instrument from the row", "leave it out")
    return text


DAY: Final = Pattern('a day, written "2021-09-30"', _day, f"^{ISO_DAY}$")
_INSTRUMENT: Final = (
    Field("symbol", Pattern("a symbol such as PORTFOLIO/1", _symbol, "^[^#]+$"), "its short name", required=True),
    Field("title", Text(), "its title", required=True),
    Field("adopted", DAY, "the day from which the first rows are owed", required=True),
    Field("zone", ZONE, "where its days begin and end", required=True),
)
_COLUMNS: Final = (
    Field("key", Text("the name of a column"), "what names a row for ever, each once", required=True),
    Field("action", Text("the name of a column"), "what is to be done", required=True),
    Field("due", Text("the name of a column"), "the last day", required=True),
    Field("bearer", Text("the name of a column"), "who owes it"),
    Field("reference", Text("the name of a column"), "clause or paragraph; the key unless said"),
    Field("done", Text("the name of a column"), "the day on which it was done"),
    Field("symbol", Text("the name of a column"), "the document that was delivered"),
    Field("since", Text("the name of a column"), "the day from which it is owed"),
    Field("owner", Text("the name of a column"), "who looks after it on our side"),
    Field("topics", Text("the name of a column"), "topics, with commas or semicolons between them"),
    Field("lead", Text("the name of a column"), "days before the last day on which it becomes at risk"),
)


def _columns(values: Values, _: Notebook) -> Columns:
    return Columns(**{one.name: values.text(one.name) for one in _COLUMNS})


SECTIONS: Final = (
    Field("instrument", Record("{symbol: ..., title: ...}", _INSTRUMENT, lambda values, _: values), "", required=True),
    Field("columns", Record("{key: ..., action: ..., due: ...}", _COLUMNS, _columns), "", required=True),
    Field("sheet", Text("the name of a sheet"), "of a workbook; the first unless said"),
    Field("header", Plainly("the number of a row, from 1", (int,)), "the row with the names of the columns"),
    Field("dates", Word((*FORMATS, *SERIALS)), "how days are written where they are not YYYY-MM-DD"),
    Field("bearer", Text(), "who owes every row, where no column says it"),
    Field("verb", Text(), "the operative verb of every row; shall unless said"),
    Field("verbs", Name(), "the table that gives it its strength; contract unless said"),
)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping. BadFile with every problem of it."""
    document = read(path)
    book = Notebook()
    book.add(document.problems)
    root = document.root
    if not isinstance(root, MappingNode):
        book.wrong(root.place, "the top level is not a mapping", "write `instrument:` and `columns:`")
        raise BadFile(book.problems)
    values = read_fields(root, SECTIONS, book)
    head, columns, header = values.get("instrument", Values), values.get("columns", Columns), values.get("header", int)
    if columns is not None and not columns.bearer and values.lacks("bearer"):
        book.wrong(
            root.place, "nothing says who owes a row", "add `bearer` to `columns`, or `bearer: NAME` beside them"
        )
    if columns is not None and columns.symbol and not columns.done:
        book.wrong(root.place, "a document is delivered on a day", "add `done` to `columns`, beside `symbol`")
    if header is not None and header < 1:
        book.wrong(values.place_of("header"), f"`{header}` is no row", "count rows from 1")
    if book.problems or head is None or columns is None:
        raise BadFile(book.problems)
    texts = {name: values.text(name) for name in ("sheet", "dates", "bearer", "verb", "verbs") if values.text(name)}
    return Mapping(
        symbol=head.text("symbol"),
        title=head.text("title"),
        adopted=head.get("adopted", date) or date.min,
        zone=head.text("zone"),
        columns=columns,
        header=header or 1,
        **texts,
    )
