"""Exact numbers as people type them: at the door of the ledger, and nowhere else."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from duewatch.engine.problems import BadInput

LARGEST: Final = 10**15 - 1  # of numerator and denominator, in lowest terms: 64 bits with room to multiply

_SHOWN: Final = 40  # characters of it in a message
_DECIMAL: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_SHARE: Final = re.compile(r"-?[0-9]{1,30}/[0-9]{1,30}")
_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(?P<mark>[,'\u2019 \u00a0\u202f])[0-9]{3}((?P=mark)[0-9]{3})*(\.[0-9]+)?")
_COMMA: Final = re.compile(r"-?[0-9]+,[0-9]+")
_FORMS: Final = "13300, 12.5, 3/10 or 30%"


def parse_quantity(text: str) -> Fraction:
    """Read an exact number: digits with at most one decimal point, a fraction `3/10`, or a percentage `30%`.

    BadInput for everything that two readers could read differently (`13,300`), that is no
    number, or that does not fit the database.
    """
    typed = text.strip()
    shown = typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}..."
    try:
        quantity = _read(typed)
    except ZeroDivisionError:
        raise BadInput(f"`{shown}` divides by zero; write a number such as {_FORMS}") from None
    if quantity is None:
        raise BadInput(f"`{shown}` is not an exact number; write {_suggestion(typed)}")
    if not fits(quantity):
        raise BadInput(f"`{shown}` has too many digits; write it in a larger unit, with at most 15 digits")
    return quantity


def fits(quantity: Fraction) -> bool:
    """Tell whether numerator and denominator are small enough for the tables and what is computed from them."""
    return max(abs(quantity.numerator), quantity.denominator) <= LARGEST


def _read(typed: str) -> Fraction | None:
    """Give the number, None where the text has none of the forms."""
    if typed.endswith("%"):
        bare = typed[:-1].rstrip()
        return Fraction(bare) / 100 if _DECIMAL.fullmatch(bare) else None
    return Fraction(typed) if _DECIMAL.fullmatch(typed) or _SHARE.fullmatch(typed) else None


def _suggestion(typed: str) -> str:
    """Say how the number is probably meant, or which forms there are."""
    if match := _GROUPED.fullmatch(typed):
        return typed.replace(match["mark"], "")
    if _COMMA.fullmatch(typed):
        return typed.replace(",", ".")
    return f"a number such as {_FORMS}"
