"""What a text says of itself at its beginning: its symbol, its title, the day on which it was adopted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.pages import symbol_of
from duewatch.engine.encoding.source_text import smooth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duewatch.engine.encoding.tongue import Tongue

_TITLED: Final = re.compile(r"\d{1,3}/\d{1,4}(?: [A-Z])?\.\s+(.+)")  # "79/132. Credentials of ..."
_RESOLUTION: Final = re.compile(r"R[eé]solution (\d{1,4} \(\d{4}\))")
_FRONT: Final = 120  # lines
NO_DAY: Final = date.min


@dataclass(frozen=True, slots=True)
class Head:
    """What could be read; "" and NO_DAY where the text does not say it."""

    symbol: str
    title: str
    adopted: date
    dated: date  # the day on the document: the first that its beginning prints


def head_of(document: str, tongue: Tongue) -> Head:
    """Read the beginning of a text. Of several days of adoption the first counts."""
    lines = [line.strip() for line in document.split("\n")[:_FRONT]]
    symbol = symbol_of(lines)
    numbered = next((found for line in lines if (found := _RESOLUTION.fullmatch(line))), None)
    if numbered and symbol.startswith("S/"):
        symbol = f"S/RES/{numbered[1]}"
    letters = smooth("".join(lines))
    return Head(
        symbol, _title(lines), _first(tongue.adoption, letters, tongue), _first((tongue.full_day,), letters, tongue)
    )


def _title(lines: list[str]) -> str:
    """Give the words behind the number of a resolution, to the next empty line."""
    at = next((at for at, line in enumerate(lines) if _TITLED.fullmatch(line)), None)
    if at is None:
        return ""
    found = _TITLED.fullmatch(lines[at])
    end = next((end for end in range(at, len(lines)) if not lines[end]), len(lines))
    return " ".join([found[1] if found else "", *lines[at + 1 : end]])


def _first(patterns: Iterable[re.Pattern[str]], letters: str, tongue: Tongue) -> date:
    for pattern in patterns:
        for found in pattern.finditer(letters):
            if day := tongue.dated(found[0]):
                return date(*day)
    return NO_DAY
