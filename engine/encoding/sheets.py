"""The cells of a spreadsheet with their places, and the days that they show.

The place of a cell of a workbook is its row and its column, both from 1; that of a CSV its line and character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.civil import parse_day
from duewatch.engine.encoding.shapes import Amiss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.engine.problems import Place

MOST_BYTES: Final = 16 << 20
# The order of day, month and year, and the sign between them. ISO days are read whatever is declared.
FORMATS: Final[Mapping[str, str]] = {
    "DD/MM/YYYY": r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})",
    "MM/DD/YYYY": r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
    "DD.MM.YYYY": r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
    "DD-MM-YYYY": r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})",
    "MM-DD-YYYY": r"(?P<m>\d{1,2})-(?P<d>\d{1,2})-(?P<y>\d{4})",
    "YYYY/MM/DD": r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
}
# Excel counts days so that 1 January 1900 is 1, and has a 29 February 1900 that never was: from March on, day 0 is
# 30 December 1899. A workbook of an old Macintosh counts from 1 January 1904.
SERIALS: Final[Mapping[str, date]] = {"serial": date(1899, 12, 30), "serial-1904": date(1904, 1, 1)}
_FIRST_SERIAL: Final = 61  # 1 March 1900: before, the two counts of days differ
_SERIAL: Final = re.compile(r"[0-9]{1,6}\Z")
_SHAPE: Final = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it shows, the day that it is formatted as, or what makes it unreadable."""

    place: Place
    text: str  # "" where it is empty; spaces made single
    day: date | None = None
    amiss: str = ""
    counted: str = ""  # of a number in a workbook: the one of SERIALS by which the workbook counts its days


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet, from the left; rows may be shorter than the line of names."""

    number: int
    cells: tuple[Cell, ...]


def day_of(cell: Cell, declared: str) -> date:
    """Give the day that a cell shows; `declared` is a name of FORMATS or SERIALS, or "".

    Amiss where it is none, and where it could be two: nothing is guessed.
    """
    if cell.day is not None:
        return cell.day
    if declared in FORMATS and (found := re.fullmatch(FORMATS[declared], cell.text, re.ASCII)):
        return _from_format(cell.text, declared, found)
    if _SERIAL.match(cell.text):
        if declared in SERIALS and cell.counted not in {"", declared}:
            raise Amiss(f"`{cell.text}` is a day number of `{cell.counted}`: so this workbook counts", "declare that")
        return _from_serial(cell.text, declared)
    if not declared and (shape := _SHAPE.match(cell.text)) and len(shape[1]) < len("2021"):
        raise Amiss(f"`{cell.text}` does not say which number is the day", _readings(shape))
    try:
        return parse_day(cell.text)
    except Amiss as amiss:
        wanted = f"write it as {declared}" if declared in FORMATS else amiss.right
        raise Amiss(amiss.wrong, wanted) from None


def _from_format(text: str, declared: str, found: re.Match[str]) -> date:
    try:
        return parse_day(f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}")
    except Amiss as amiss:
        wrong = f"`{text}`, read as {declared}, is not a day of the calendar"
        raise Amiss(wrong, f"{amiss.right.partition(':')[0]}; is `dates` right?") from None


def _from_serial(text: str, declared: str) -> date:
    if declared not in SERIALS:
        right = "format the column as a date, or declare `dates: serial` if these are the day numbers of a spreadsheet"
        raise Amiss(f"`{text}` is a number, not a date", right)
    if declared == "serial" and int(text) < _FIRST_SERIAL:
        raise Amiss(f"`{text}` is a day number of before March 1900, where spreadsheets differ", "write YYYY-MM-DD")
    return parse_day((SERIALS[declared] + timedelta(days=int(text))).isoformat())


def _readings(shape: re.Match[str]) -> str:
    sign, year = shape[2], "YYYY"
    offered = [name for name in FORMATS if name.endswith(f"{sign}{year}")]
    return f"declare in the mapping what it is: `dates: {'` or `dates: '.join(offered)}`"
