"""A sheet of a workbook (XLSX) -> rows of cells. The only file that knows openpyxl."""

from __future__ import annotations

import warnings
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from duewatch.engine.encoding.sheets import MOST_BYTES, Cell, Line
from duewatch.engine.problems import BadFile, BadInput, Place, Problem

if TYPE_CHECKING:
    from pathlib import Path

_BROKEN: Final = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError, OSError, IndexError)


def workbook_lines(path: Path, sheet: str) -> list[Line]:
    """Read the sheet of that name, the first one for "". BadFile where there is none; blank rows are left out."""
    values, formulas = (_sheet_of(path, sheet, computed=computed) for computed in (True, False))
    found = []
    for row, written in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
        cells = tuple(_cell(path, one, other) for one, other in zip(row, written, strict=True))
        if any(cell.text for cell in cells):
            found.append(Line(row[0].row, cells))
    return found


def _sheet_of(path: Path, name: str, *, computed: bool) -> Any:  # noqa: ANN401 - openpyxl ships no types
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise BadInput(
            "an XLSX needs the extra `spreadsheets` (pip install 'duewatch[spreadsheets]'); or save the sheet as CSV"
        ) from None
    here = Place(str(path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile([Problem(here, f"the file is larger than {MOST_BYTES:,} bytes", "save the one sheet alone")])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep: nothing is written back
            book = load_workbook(path, data_only=computed)
    except FileNotFoundError as error:
        raise BadFile([Problem(here, f"the file cannot be read: {error.strerror}")]) from None
    except _BROKEN as error:
        raise BadFile([Problem(here, f"this is no workbook that can be read ({error})", "save it as XLSX")]) from None
    if not name:
        return book.worksheets[0]
    if name not in book.sheetnames:
        wrong = f"there is no sheet `{name}`"
        raise BadFile([Problem(here, wrong, f"the sheets are {', '.join(book.sheetnames)}")])
    return book[name]


def _cell(path: Path, one: Any, written: Any) -> Cell:  # noqa: ANN401
    """A cell as it shows: a day where it is formatted as one, a number that is none, or its text."""
    place = Place(str(path), one.row, one.column)
    value = one.value
    if value is None:
        formula = written.data_type == "f"
        return Cell(place, "formula" if formula else "", amiss="a formula whose value was not saved" if formula else "")
    if one.data_type == "e":
        return Cell(place, str(value), amiss=f"the error {value}")
    if isinstance(value, datetime) and value.time() != time():
        return Cell(place, value.isoformat(" "), amiss=f"a time of day ({value:%H:%M})")
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(place, day.isoformat(), day=day)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return Cell(place, f"{value:.15g}" if number else " ".join(str(value).split()))
