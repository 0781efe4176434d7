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

_MACINTOSH: Final = 1904  # the year from which the workbooks of an old Macintosh count their days
_TOO_LONG: Final = 10**15  # a spreadsheet keeps fifteen digits of a number
_BROKEN: Final = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError, OSError, IndexError)


def workbook_lines(path: Path, sheet: str) -> list[Line]:
    """Read the sheet of that name, for "" the first one that is not hidden; blank rows are left out.

    BadFile where there is none.
    """
    values, formulas = (_sheet_of(path, sheet, computed=computed) for computed in (True, False))
    counted = "serial-1904" if values.parent.epoch.year == _MACINTOSH else "serial"
    found = []
    for row, written in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
        cells = tuple(_cell(path, one, other, counted) for one, other in zip(row, written, strict=True))
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
    sheets = {one.title: one for one in book.worksheets}
    shown = [one for one in book.worksheets if one.sheet_state == "visible"]
    if not name and shown:
        return shown[0]
    if name not in sheets:
        wrong = f"there is no sheet `{name}`" if name else "every sheet is hidden"
        raise BadFile([Problem(here, wrong, f"the sheets are {', '.join(sheets)}: name one with `sheet`")])
    return sheets[name]


def _cell(path: Path, one: Any, written: Any, counted: str) -> Cell:  # noqa: ANN401
    """A cell as it shows: a day where it is formatted as one, a number that is none, or its text."""
    place, value = Place(str(path), one.row, one.column), one.value
    if amiss := _amiss(one, written):
        return Cell(place, "" if value is None and written.data_type != "f" else str(value), amiss=amiss)
    if value is None:
        return Cell(place, "")
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(place, day.isoformat(), day=day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(place, f"{value:.15g}", counted=counted)
    return Cell(place, str(value).upper() if isinstance(value, bool) else " ".join(str(value).split()))


def _amiss(one: Any, written: Any) -> str:  # noqa: ANN401
    """Say what makes a cell unreadable; "" where nothing does."""
    value = one.value
    if isinstance(one, _merged()):
        return "a part of a merged cell"
    if value is None:
        return "a formula whose value was not saved" if written.data_type == "f" else ""
    if one.data_type == "e":
        return f"the error {value}"
    if isinstance(value, datetime) and value.time() != time():
        return f"a time of day ({value:%H:%M})"
    is_long = isinstance(value, int | float) and abs(value) >= _TOO_LONG
    return "a number of more digits than a spreadsheet keeps" if is_long else ""


def _merged() -> type:
    """The cells that a merged one hides: they show what stands in its corner, and hold nothing."""
    from openpyxl.cell.cell import MergedCell

    return MergedCell  # type: ignore[no-any-return]
