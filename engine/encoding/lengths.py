"""Lengths of time in every unit that a deadline may count in: `3 clear days`, `72 hours`, `9 months and 1 day`.

Calendar units alone (`civil.parse_spans`) serve what is not a deadline: reviews, leads, working dates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

from duewatch.engine.encoding.civil import parse_spans
from duewatch.engine.encoding.notebook import did_you_mean, nearest
from duewatch.engine.encoding.shapes import Amiss, Pattern
from duewatch.engine.words import Span, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
DAY_WORDS: Final[Mapping[str, str]] = {
    "clear": "clear-days",
    "working": "working-days",
    "business": "working-days",
    "calendar": "days",
}
_SURE: Final = 0.8  # how like a word of days a misspelt unit must be
_MOST: Final[Mapping[str, int]] = {
    "hours": 4_383_000,  # five hundred years, as in `civil.py`
    "minutes": 262_980_000,
    "clear-days": 182_625,
    "working-days": 182_625,
}
_ONE: Final = r"\d+\s+(?:(?:clear|working|business|calendar)[\s-]days?|(?:minute|hour|day|week|month|year)s?)"
LENGTH_PATTERN: Final = rf"{_ONE}(?:\s+and\s+{_ONE})*"
_PART: Final = re.compile(r"(-?[0-9]+)\s*([^\W\d]+)(?:[\s-]+(days?))?\Z")
_AND: Final = re.compile(r"\s+and\s+")


def parse_lengths(text: str) -> tuple[Span, ...]:
    """Read a length of time; the order of its parts is kept. Amiss where a part is none, or not above 0."""
    return tuple(_part(part.strip(), text) for part in _AND.split(text))


def _part(part: str, whole: str) -> Span:
    found = _PART.match(part)
    if not found:
        right = 'write a number and a unit, such as "3 months", "3 clear days" or "72 hours"'
        raise Amiss(f"`{whole}` is not a span of time", right)
    span = _span(found[1], found[2].casefold(), found[3], part)
    if span.count <= 0:
        back = "; `before` counts back" if span.count else ""
        raise Amiss(f"`{whole}` is not a length of time", f"write a number above 0{back}")
    return span


def _span(number: str, word: str, days: str | None, part: str) -> Span:
    unit = unit_of(word, has_days=days is not None)
    if unit is None:
        raise Amiss(f"`{word}` is not a unit of time", unit_meant(word))
    if unit not in _MOST:
        return parse_spans(f"{number} {unit}")[0]
    if len(number) > len(str(_MOST[unit])) + 1 or int(number) > _MOST[unit]:
        raise Amiss(f"`{part}` is longer than 500 years", "check the number")
    return Span(int(number), unit)


def unit_of(word: str, *, has_days: bool) -> Unit | None:
    """Give the unit that a word stands for; `has_days`: the word "days" follows it, as in `clear days`."""
    name = DAY_WORDS.get(word, "") if has_days else word
    return next((one for one in UNITS if name in {one, one[:-1]}), None)


def unit_meant(word: str) -> str:
    """Give the remedy for a word that is no unit."""
    plain = tuple(one.replace("-", " ") for one in UNITS)
    kind = nearest(word, DAY_WORDS, _SURE)
    if kind:
        return f"write `{kind} days`"
    return did_you_mean(word, plain, f"write {', '.join(plain)}")


LENGTH: Final = Pattern(
    'a span such as "3 months", "3 clear days" or "72 hours"',
    lambda text, _: parse_lengths(text),
    f"^{LENGTH_PATTERN}$",
)


def say_lengths(spans: tuple[Span, ...]) -> str:
    """Write a length in its one spelling: `1 month and 3 clear days`."""
    return " and ".join(f"{span.count} {_unit_words(span)}" for span in spans)


def _unit_words(span: Span) -> str:
    words = span.unit.replace("-", " ")
    return words[:-1] if span.count == 1 else words
