"""A cell of a sheet for other programs (CSV), which no spreadsheet computes."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so would be computed by a spreadsheet


def cell(value: object) -> object:
    """Give a cell: nothing for null, a number as it is, a text that no spreadsheet computes."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
