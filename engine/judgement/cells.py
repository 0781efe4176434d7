"""One cell of a sheet: what neither a spreadsheet computes nor Markdown takes for a sign of its own."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so would be computed by a spreadsheet
_QUOTE: Final = "'"  # what stands before such a text


def csv_sheet(names: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Give one line for each row under a line of names (RFC 4180); the last line has no line end."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: csv_cell(value) for name, value in row.items()} for row in rows)
    return sheet.getvalue().removesuffix("\n")


def csv_cell(value: object) -> object:
    """Give a cell: nothing for null, a number as it is, lists joined, a text that no spreadsheet computes."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    text = ";".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"{_QUOTE}{text}" if text.startswith(FORMULA) else text


def csv_text(cell: str) -> str:
    """Give back the text that `csv_cell` has written."""
    bare = cell.removeprefix(_QUOTE)
    return bare if bare != cell and bare.startswith(FORMULA) else cell


def markdown_cell(text: str) -> str:
    """Give a text that Markdown shows as it is, in one cell."""
    for sign in ("\\", "|", "`", "*", "_", "<", "[", "]"):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give one table of Markdown."""
    lines = [columns, ["---"] * len(columns), *([markdown_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
