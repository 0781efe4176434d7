"""A portfolio: a sheet read by its mapping -> rows, each of which is owed once; and the encoding that they make.

Every mistake of a sheet is told in one run, with its row and column. Nothing is guessed: a day that could be two is
refused, and so is a row without a key.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.mapping import Columns
from duewatch.engine.encoding.notebook import Notebook, did_you_mean
from duewatch.engine.encoding.shapes import Amiss
from duewatch.engine.encoding.sheets import Cell, Line, day_of
from duewatch.engine.encoding.statements import csv_lines
from duewatch.engine.problems import BadFile, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duewatch.engine.encoding.mapping import Mapping

_NAMES: Final = tuple(Columns.__dataclass_fields__)
_DAYS: Final = ("due", "done", "since")
_NEEDED: Final = ("key", "action", "bearer")
_LONGEST_KEY: Final = 80  # characters; names of obligations stand in every list
_LONGEST: Final = 500  # characters of any other text, as in the ledger
_SHOWN: Final = 100  # characters of a row in a message
_NO_TEXT: Final = {"Cc", "Cs", "Co", "Cn"}  # categories of Unicode: controls, halves of pairs, nothing agreed on
_MONTHS: Final = 12
_A_FEW: Final = 2  # cells of each sort; and so many together, that chance mixes them so once in fifty columns
_PLENTY: Final = 6
_WHOLE: Final = re.compile(r"0*([0-9]+?)(\.0+)?")
_MARK: Final = "\ufeff"  # a byte order mark astray
_BETWEEN: Final = re.compile("[;,]")
_DAYS_LONG: Final = re.compile(r"([1-9][0-9]{0,3})( days?)?")
_APART: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a portfolio."""

    key: str
    action: str
    bearer: str
    reference: str
    due: date | None = None  # None: not dated yet
    done: date | None = None
    since: date | None = None  # the day from which it is owed, where a column says it
    symbol: str = ""  # of the document that was delivered
    owner: str = ""  # who looks after it on our side
    topics: tuple[str, ...] = ()
    lead: int | None = None  # days before the last day on which it becomes at risk
    formerly: tuple[str, ...] = ()  # the keys that it had before, the first one first

    @property
    def id(self) -> str:
        """The name of its obligation: stable as long as the key is."""
        return slug(self.key)

    @property
    def ids(self) -> tuple[str, ...]:
        """The same, and those that it had under former keys: facts were recorded under each."""
        return tuple(dict.fromkeys((self.id, *map(slug, self.formerly))))

    @property
    def event(self) -> str:
        """The event on whose day it falls due: named after the first key, for the ledger names no event anew."""
        return f"due-{slug(self.formerly[0]) if self.formerly else self.id}"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A sheet as read: its rows, and where each stands."""

    name: str  # of the file, without folders
    sha256: str  # of its bytes, in hexadecimal
    written: datetime  # when the file was last changed, UTC
    rows: tuple[Row, ...]
    places: dict[str, dict[str, Place]]  # key -> what a column means -> its cell; "" for the row
    mapping: Mapping


def slug(text: str) -> str:
    """Give a name of small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _APART.sub("-", plain).strip("-")


def whole(key: str) -> str:
    """Give the number that a key is where it is a whole one, however it is written; "" else."""
    found = _WHOLE.fullmatch(key)
    return found[1] if found else ""


# ------------------------------------------------------------------ reading
def read_portfolio(path: Path, mapping: Mapping) -> Portfolio:
    """Read a sheet, `.csv` or `.xlsx`. BadFile with every problem of it."""
    lines = _lines(path, mapping)
    content, changed = path.read_bytes(), path.stat().st_mtime
    book = Notebook()
    heads = [line for line in lines if line.number == mapping.header]
    if not heads:
        right = "say with `header` which row names the columns"
        raise BadFile([Problem(Place(str(path), mapping.header, 1), "this row is blank", right)])
    at = _positions(heads[0], mapping, book)
    if book.problems:
        raise BadFile(book.problems)
    reader = _Reader(path, mapping, at, book)
    width = len(heads[0].cells) if path.suffix.lower() == ".csv" else None
    for line in lines:
        if line.number <= mapping.header:
            continue
        if width is not None and len(line.cells) > width:
            wrong = f"{len(line.cells)} fields where {width} columns are named"
            right = "put a text with a comma in double quotes, and end the line with its last field"
            book.wrong(line.cells[width].place, wrong, right)
        else:
            reader.take(line)
    reader.finish()
    if not reader.rows and not book.problems:
        book.wrong(Place(str(path)), "there is no row under the names of the columns", "give the sheet with its rows")
    if book.problems:
        raise BadFile(book.problems)
    written = datetime.fromtimestamp(int(changed), UTC)
    return Portfolio(
        path.name, hashlib.sha256(content).hexdigest(), written, tuple(reader.rows), reader.places, mapping
    )


def _lines(path: Path, mapping: Mapping) -> list[Line]:
    """Every row that is not blank."""
    kind = path.suffix.lower()
    if kind in {".xlsx", ".xlsm"}:
        from duewatch.engine.encoding.workbooks import workbook_lines

        return workbook_lines(path, mapping.sheet)
    if kind != ".csv":
        right = "save it as .xlsx or as .csv (UTF-8)"
        raise BadFile([Problem(Place(str(path)), f"`{kind or path.name}` is no sheet that can be read", right)])
    return [
        Line(number, tuple(Cell(Place(str(path), number, at), " ".join(text.split())) for text, at in fields))
        for number, fields in csv_lines(path, ",;\t", mapping.header)
    ]


def _positions(head: Line, mapping: Mapping, book: Notebook) -> dict[str, int]:
    """Where each column of the mapping stands in the line of names."""
    named = [cell.text for cell in head.cells]
    found: dict[str, int] = {}
    wanted = {meaning: name for meaning in _NAMES if (name := getattr(mapping.columns, meaning))}
    if not set(named) & set(wanted.values()):
        right = "say with `header` which row names the columns, and of a workbook with `sheet` which sheet"
        shown = ", ".join(text for text in named if text)[:_SHOWN]
        book.wrong(head.cells[0].place, f"this row names none of the columns, it reads: {shown}", right)
        return found
    for meaning, name in wanted.items():
        places = [index for index, text in enumerate(named) if text == name]
        if len(places) == 1:
            found[meaning] = places[0]
            continue
        listed = ", ".join(text for text in named if text)
        wrong = f"{len(places) or 'no'} column{'s are' if places else ' is'} called `{name}`"
        right = "name each column once" if places else did_you_mean(name, named, f"the columns are {listed}")
        book.wrong(head.cells[places[1] if places else 0].place, wrong, right)
    return found


class _Reader:
    """Takes the rows of a sheet one by one."""

    def __init__(self, path: Path, mapping: Mapping, at: dict[str, int], book: Notebook) -> None:
        self.path, self.mapping, self.at, self.book = path, mapping, at, book
        self.rows: list[Row] = []
        self.places: dict[str, dict[str, Place]] = {}
        self.ids: dict[str, str] = {}
        self.bearers: dict[str, str] = {}
        self.documents: dict[str, date] = {}
        self.days: dict[str, tuple[list[tuple[int, Cell]], list[tuple[int, Cell]]]] = {}  # column -> dates, texts
        self.numbers: dict[str, str] = {}  # a key that is a whole number, without zeros around it -> as written

    def take(self, line: Line) -> None:
        cells = {name: self._cell(line, place) for name, place in self.at.items()}
        texts = {name: self._text(name, cell) for name, cell in cells.items() if name not in _DAYS}
        days = {name: self._day(name, cell) for name, cell in cells.items() if name in _DAYS}
        row = Row(
            key=texts["key"],
            action=texts["action"],
            bearer=texts.get("bearer", self.mapping.bearer),
            reference=texts.get("reference") or texts["key"],
            due=days["due"],
            done=days.get("done"),
            since=days.get("since"),
            symbol=texts.get("symbol", ""),
            owner=texts.get("owner", ""),
            topics=tuple(filter(None, (one.strip() for one in _BETWEEN.split(texts.get("topics", ""))))),
            lead=self._lead(cells),
        )
        self._check_document(row, cells)
        known = self.bearers.setdefault(slug(row.bearer), row.bearer)
        if known.casefold() != row.bearer.casefold():
            right = "write it as above, or give it another name"
            self._wrong("bearer", cells["bearer"], f"`{row.bearer}` would be taken for `{known}`", right)
        if row.key and self._is_new(row, cells["key"].place):
            self.rows.append(row)
            self.places[row.key] = {"": Place(str(self.path), line.number, 1)} | {
                name: cell.place for name, cell in cells.items()
            }

    def _cell(self, line: Line, index: int) -> Cell:
        return line.cells[index] if index < len(line.cells) else Cell(Place(str(self.path), line.number, 1), "")

    def _wrong(self, name: str, cell: Cell, wrong: str, right: str) -> None:
        self.book.wrong(cell.place, f"column `{getattr(self.mapping.columns, name)}`: {wrong}", right)

    def _text(self, name: str, cell: Cell) -> str:
        most = _LONGEST_KEY if name == "key" else _LONGEST
        strange = next((sign for sign in cell.text if unicodedata.category(sign) in _NO_TEXT or sign == _MARK), "")
        if cell.amiss:
            self._wrong(name, cell, f"{cell.amiss} stands here", "put the text itself there")
        elif strange:
            self._wrong(name, cell, f"the character U+{ord(strange):04X} is no text", "leave it out")
        elif len(cell.text) > most:
            self._wrong(name, cell, f"{len(cell.text)} characters", f"{most} are the most")
        elif not cell.text and name in _NEEDED:
            remedy = "give the row its key" if name == "key" else "fill it in"
            self._wrong(name, cell, "the cell is empty", f"{remedy}, or take the row out")
        elif cell.text and name in {"key", "bearer"} and not slug(cell.text):
            self._wrong(name, cell, f"`{cell.text}` has no letter or digit", "begin with one of a to z or 0 to 9")
        return cell.text

    def _day(self, name: str, cell: Cell) -> date | None:
        if cell.amiss:
            self._wrong(name, cell, f"{cell.amiss} stands here", "put the day itself there, YYYY-MM-DD")
        elif cell.text:
            try:
                day = day_of(cell, self.mapping.dates)
            except Amiss as amiss:
                self._wrong(name, cell, amiss.wrong, amiss.right)
            else:
                if cell.day is not None or cell.text != day.isoformat():
                    self.days.setdefault(name, ([], []))[cell.day is None].append((day.day, cell))
                return day
        return None

    def finish(self) -> None:
        """Refuse a column of days that a spreadsheet of another country has read.

        One that wants the month first makes dates of 03/04/2021 and of all others up to the twelfth, with day and
        month the wrong way round, and leaves 13/04/2021 and all after it as texts.
        """
        for name, (dates, texts) in self.days.items():
            enough = min(len(dates), len(texts)) >= _A_FEW and len(dates) + len(texts) >= _PLENTY
            if enough and all(day <= _MONTHS for day, _ in dates) and all(day > _MONTHS for day, _ in texts):
                wrong = f"{len(dates)} cells are dates, none after a 12th, and {len(texts)} are texts, all after it"
                right = "a spreadsheet took the month for the day: mend the dates, and format the whole column as dates"
                self._wrong(name, texts[0][1], wrong, right)

    def _lead(self, cells: dict[str, Cell]) -> int | None:
        """Give the number of days in the cell, which may say "days" behind it."""
        cell = cells.get("lead")
        if cell is None or not cell.text:
            return None
        found = _DAYS_LONG.fullmatch(cell.text)
        if found is None:
            self._wrong("lead", cell, f"`{cell.text}` is no number of days", "write such as 21, or leave it empty")
        return int(found[1]) if found else None

    def _check_document(self, row: Row, cells: dict[str, Cell]) -> None:
        """A document that was delivered has one day, however many rows it answers."""
        if not row.symbol:
            return
        if row.done is None:
            if not cells["done"].text:
                right = "give the day on which it was delivered, or take the document out"
                self._wrong("symbol", cells["symbol"], f"`{row.symbol}` stands here, and no day of its delivery", right)
        elif (other := self.documents.setdefault(row.symbol, row.done)) != row.done:
            right = "one document has one day; mend it, or name the other document"
            self._wrong("symbol", cells["symbol"], f"`{row.symbol}` is delivered on {other} above", right)

    def _is_new(self, row: Row, place: Place) -> bool:
        """Whether no row above has this key, or one that would give the same id."""
        other = self.ids.setdefault(row.id, row.key)
        if (number := whole(row.key)) and self.numbers.setdefault(number, row.key) != row.key:
            told = f"the keys `{self.numbers[number]}` and `{row.key}` are one number"
            self.book.wrong(place, told, "change one, or write keys as texts that differ")
            return False
        if row.key in self.places:
            above = self.places[row.key][""].line
            self.book.wrong(place, f"the key `{row.key}` stands in row {above} too", "give each row its own")
        elif other != row.key:
            self.book.wrong(place, f"the keys `{other}` and `{row.key}` both give the id `{row.id}`", "change one")
        return row.key not in self.places and other == row.key


# ------------------------------------------------------------------ the encoding
def encoding_of(rows: Sequence[Row], mapping: Mapping) -> bytes:
    """Give the encoding that rows make: each an entry that falls due on the day of an event of its own."""
    parties = {slug(row.bearer): row.bearer for row in reversed(rows)}
    lines = [
        "# Made by `duewatch portfolio`: change the sheet, not this text. The days are recorded in the ledger.",
        "instrument:",
        f"  symbol: {quoted(mapping.symbol)}",
        f"  title: {quoted(mapping.title)}",
        f"  adopted: {{date: {quoted(mapping.adopted.isoformat())}}}",
        f"  zone: {quoted(mapping.zone)}",
        f"  verbs: {quoted(mapping.verbs)}",
        "parties:",
        *(f"  {quoted(name)}: {{name: {quoted(title)}}}" for name, title in sorted(parties.items())),
        "events:",
        *(f"  {quoted(row.event)}: {{date: unknown, why: recorded from the sheet}}" for row in rows),
        "obligations:",
        *(_entry(row, mapping) for row in rows),
    ]
    return ("\n".join(lines) + "\n").encode()


def quoted(text: str) -> str:
    """Give a text for YAML: in double quotes, as JSON has it."""
    return json.dumps(text, ensure_ascii=False)


def _entry(row: Row, mapping: Mapping) -> str:
    fields: dict[str, object] = {
        "id": row.id,
        "provision": row.reference,
        "verb": mapping.verb,
        "bearer": slug(row.bearer),
        "kind": "achieve",
        "action": row.action,
        "formerly": row.ids[1:],
        "owner": row.owner,
        "topics": row.topics,
        "lead": "" if row.lead is None else f"{row.lead} days",
    }
    told = ", ".join(f"{name}: {_written(value)}" for name, value in fields.items() if value)
    return f"- {{{told}, deadline: {{by: {quoted(row.event)}}}}}"


def _written(value: object) -> str:
    return f"[{', '.join(map(quoted, value))}]" if isinstance(value, tuple) else quoted(str(value))
