from __future__ import annotations

from fractions import Fraction

import pytest

from duewatch.engine.ledger.quantities import LARGEST, parse_quantity
from duewatch.engine.problems import BadInput


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("13300", Fraction(13300)),
        (" 0 ", Fraction(0)),
        ("-2", Fraction(-2)),
        ("12.5", Fraction(25, 2)),
        ("0.1", Fraction(1, 10)),  # exactly, as no float could
        ("3/10", Fraction(3, 10)),
        ("30%", Fraction(3, 10)),
        ("12.5 %", Fraction(1, 8)),
        (str(LARGEST), Fraction(LARGEST)),
    ],
)
def test_a_number_is_read_exactly(typed: str, quantity: Fraction) -> None:
    assert parse_quantity(typed) == quantity


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("13,300", "write 13300"),
        ("1,234,567.5", "write 1234567.5"),
        ("13 300", "write 13300"),
        ("13'300", "write 13300"),
        ("12,5", "write 12.5"),
        ("nan", "write a number such as 13300, 12.5, 3/10 or 30%"),
        ("Infinity", "write a number such as"),
        ("1e5", "write a number such as"),
        ("0x10", "write a number such as"),
        ("1_000", "write a number such as"),
        ("+5", "write a number such as"),
        (".5", "write a number such as"),
        ("\u0661\u0662", "write a number such as"),
        ("3/10%", "write a number such as"),
        ("1/2.5", "write a number such as"),
        ("%", "write a number such as"),
        ("", "write a number such as"),
        ("about 5", "write a number such as"),
        ("3/0", "divides by zero"),
        (str(LARGEST + 1), "too many digits"),
        (f"1/{LARGEST + 1}", "too many digits"),
        ("0." + "3" * 20, "too many digits"),
        ("9" * 4000, "...` is not an exact number"),
    ],
)
def test_what_is_no_exact_number_is_refused_with_a_remedy(typed: str, remedy: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_quantity(typed)
    assert remedy in str(refused.value)
    assert f"`{typed.strip()[:40]}" in str(refused.value)
