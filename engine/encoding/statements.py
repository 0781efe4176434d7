"""Files of recorded facts, YAML or CSV -> rows of typed cells with their places. What a row means is judged elsewhere.

A cell that is written as nothing (`null`, an empty field of a CSV) says "looked for, not found": it is kept as None,
so that it can be told from a cell that is not there.
"""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.civil import parse_day
from duewatch.engine.encoding.clocks import looks_like_instant, parse_instant
from duewatch.engine.encoding.nodes import MappingNode, ScalarNode, SequenceNode
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.shapes import Amiss
from duewatch.engine.problems import BadFile, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duewatch.engine.encoding.nodes import Node

KINDS: Final = (
    "delivered", "document", "judgement", "event", "measure", "looked", "announced", "not-done", "review", "waiver",
    "extension", "note",
)  # fmt: skip
DAYS: Final = ("day", "date", "dated", "issued", "transmitted", "received", "to")
TO_THE_HOUR: Final = ("date",)  # columns that take a clock time too, with its offset from UTC
COLUMNS: Final = (
    "kind", "id", "instrument", "provision", "n", *DAYS, "event", "symbol", "form", "contents", "what", "why", "will",
    "finding", "value", "of", "body", "granted-by", "evidence", "known",
)  # fmt: skip
_SECTIONS: Final = ("instrument", "facts", "predecessor")  # of the last, nothing is taken: it is another instrument's
_KNOWN: Final = ("found", "unknown")
_MOST_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that a row says: its text, and the day or the instant where it is one; None was written as nothing."""

    place: Place
    text: str | None
    day: date | datetime | None = None  # an instant is aware; its local day is for the instrument's zone to say


@dataclass(frozen=True, slots=True)
class Row:
    """One statement about what happened, as written."""

    place: Place
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str | None:
        """Give the text of a cell; None where it is empty or not there."""
        cell = self.cells.get(name)
        return None if cell is None else cell.text

    def day(self, name: str) -> date | datetime | None:
        """Give the day of a cell, or its instant where a clock time is written; None where it is empty or not there."""
        cell = self.cells.get(name)
        return None if cell is None else cell.day

    def where(self, *names: str) -> Place:
        """Give the place of the first of these cells that is there, else that of the row."""
        return next((self.cells[name].place for name in names if name in self.cells), self.place)


@dataclass(frozen=True, slots=True)
class Statements:
    """The rows of a file; `about` is the instrument that it names at its head, in any of its symbols."""

    rows: tuple[Row, ...]
    about: tuple[str, ...] = ()
    predecessor: int = 0  # rows about an earlier instrument, which are not taken


def read_statements(path: Path) -> Statements:
    """Read a file of facts, `.csv` or YAML. BadFile with every problem of it, each with line and column."""
    problems: list[Problem] = []
    if path.suffix.lower() == ".csv":
        found = Statements(tuple(_csv_rows(path, problems)))
    else:
        found = _from_yaml(path, problems)
    if problems:
        raise BadFile(problems)
    return found


# ------------------------------------------------------------------ YAML
def _from_yaml(path: Path, problems: list[Problem]) -> Statements:
    document = read(path, max_bytes=_MOST_BYTES)
    problems += document.problems
    root = document.root
    if isinstance(root, SequenceNode):
        return Statements(tuple(rows_of(root, problems)))
    facts = root.get("facts") if isinstance(root, MappingNode) else None
    if not isinstance(root, MappingNode) or not isinstance(facts, SequenceNode):
        problems.append(Problem(root.place, "there is no list of facts", "write `facts:` and a list under it"))
        return Statements(())
    problems += [
        Problem(key.place, f"`{key.text}` is no part of a file of facts", f"there are {', '.join(_SECTIONS)}")
        for key, _ in root.entries
        if key.text not in _SECTIONS
    ]
    earlier = root.get("predecessor")
    left_out = len(earlier.items) if isinstance(earlier, SequenceNode) else 0
    return Statements(tuple(rows_of(facts, problems)), _symbols(root.get("instrument")), left_out)


def _symbols(node: Node | None) -> tuple[str, ...]:
    """Every text under `instrument:`; which of them is its symbol, the encoding says."""
    if isinstance(node, ScalarNode):
        return (node.text,)
    values = (value for _, value in node.entries) if isinstance(node, MappingNode) else ()
    return tuple(value.text for value in values if isinstance(value, ScalarNode))


def rows_of(facts: SequenceNode, problems: list[Problem]) -> Iterable[Row]:
    """Give the rows of a list of facts; what is wrong in them goes to `problems`."""
    for item in facts.items:
        if not isinstance(item, MappingNode):
            problems.append(Problem(item.place, "a fact is a mapping of fields", "write `- {kind: ..., ...}`"))
            continue
        cells = {}
        for key, node in item.entries:
            text = _plain_text(node, problems)
            cells[key.text] = Cell(node.place if text else key.place, text)
        yield _row(item.place, cells, {key.text: key.place for key, _ in item.entries}, problems)


def _plain_text(node: Node, problems: list[Problem]) -> str | None:
    """Give the text of a value; a list of names is the same as the names with commas between them."""
    if isinstance(node, SequenceNode):
        parts = [_plain_text(item, problems) for item in node.items]
        return ", ".join(part for part in parts if part)
    if isinstance(node, MappingNode):
        problems.append(Problem(node.place, "a text is wanted here", "put it in double quotes"))
        return None
    return None if node.value is None or node.broken else node.text


# ------------------------------------------------------------------ CSV
def _csv_rows(path: Path, problems: list[Problem]) -> Iterable[Row]:
    lines = csv_lines(path)
    if not lines:
        raise BadFile([Problem(Place(str(path), 1, 1), "the file is empty", "begin with a line of column names")])
    (number, header), *rest = lines
    names = [name.strip() for name, _ in header]
    places: dict[str, Place] = {}
    for n, (name, (_, column)) in enumerate(zip(names, header, strict=True)):
        here = Place(str(path), number, column)
        if name in places:
            problems.append(Problem(here, f"`{name}` is named twice: one of the columns would be lost", "keep one"))
        elif not name and any(len(fields) == len(names) and fields[n][0].strip() for _, fields in rest):
            problems.append(Problem(here, "the column has no name, and holds something", "name it, or empty it"))
        places[name] = here
    for at, fields in rest:
        place = Place(str(path), at, 1)
        if len(fields) != len(names):
            wrong = f"{len(fields)} fields where {len(names)} columns are named"
            problems.append(Problem(place, wrong, "put a text with a comma in double quotes"))
            continue
        cells = {
            name: Cell(Place(str(path), at, column), text.strip() or None)
            for name, (text, column) in zip(names, fields, strict=True)
            if name
        }
        yield _row(place, cells, places, problems)


def csv_lines(path: Path, delimiters: str = ",") -> list[tuple[int, list[tuple[str, int]]]]:
    """Give each line's number, and its fields with the column in which each begins; blank lines are left out.

    Of several `delimiters` the one that the first line has most of divides the fields.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
        raise BadFile([Problem(Place(str(path)), f"the file cannot be read: {reason}")]) from None
    if len(content) > _MOST_BYTES:
        raise BadFile([Problem(Place(str(path)), f"the file has more than {_MOST_BYTES} characters", "part it")])
    if "\0" in content:
        raise BadFile([Problem(Place(str(path)), "the file holds a NUL character", "save it as a text")])
    found, raw, before = [], content.splitlines(keepends=True), 0
    delimiter = max(delimiters, key=raw[0].count) if raw else ","
    reader = csv.reader(iter(raw), strict=True, delimiter=delimiter)
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                found.append((before + 1, _columns(fields, raw[before])))
            before = reader.line_num
    except csv.Error as error:
        raise BadFile([Problem(Place(str(path), reader.line_num, 1), f"the line is no CSV: {error}")]) from None
    return found


def _columns(fields: Sequence[str], line: str) -> list[tuple[str, int]]:
    """Where each field begins, as far as the first line of the row tells."""
    found, at = [], 0
    for field in fields:
        found.append((field, at + 1))
        quoted = line[at : at + 1] == '"'
        width = len(field) + field.count('"') + len('""') if quoted else len(field)
        at += width + 1
    return found


# ------------------------------------------------------------------ both
def _row(place: Place, cells: dict[str, Cell], keys: Mapping[str, Place], problems: list[Problem]) -> Row:
    """Check what can be checked without knowing the encoding."""
    for name in list(cells):
        if name not in COLUMNS:
            problems.append(Problem(keys.get(name, place), f"`{name}` is no column of a fact", _near(name, COLUMNS)))
            del cells[name]
        elif name in DAYS:
            cells[name] = _dated(name, cells[name], problems)
    row = Row(place, cells)
    _one_of(row, "kind", KINDS, problems)
    if row.text("known"):
        _one_of(row, "known", _KNOWN, problems)
    if row.text("n") and not (str(row.text("n")).isdecimal() and int(str(row.text("n")))):
        problems.append(Problem(row.where("n"), f"`{row.text('n')}` is no place in a series", "count from 1"))
    return row


def _one_of(row: Row, name: str, words: Sequence[str], problems: list[Problem]) -> None:
    text = row.text(name)
    if text is None:
        problems.append(Problem(row.place, f"the row has no `{name}`", f"write one of {', '.join(words)}"))
    elif text not in words:
        problems.append(Problem(row.where(name), f"`{text}` is no {name}", _near(text, words)))


def _dated(name: str, cell: Cell, problems: list[Problem]) -> Cell:
    if cell.text is None:
        return cell
    read_cell = parse_instant if name in TO_THE_HOUR and looks_like_instant(cell.text) else parse_day
    try:
        return Cell(cell.place, cell.text, read_cell(cell.text))
    except Amiss as amiss:
        problems.append(Problem(cell.place, amiss.wrong, amiss.right))
        return cell


def _near(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"there are {', '.join(names)}"
