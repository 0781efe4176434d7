"""What an entry says of its text and can be held against it: quotations, days, numbers, lengths of time."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duewatch.engine.encoding.tongue import Tongue

LIMITS: Final = ("resources", "discretion", "condition", "manner", "saving")
_SOFT: Final = ("promptly", "regularly")
_CLOCKED: Final = ("deadline", "until", "armed-by", "sets")
_TOLD: Final = ("title", "action", "each-of", "refers", "contains", "for", "form", "says")
_NOT_ITS: Final = ("promptly", "regularly", "about", "provision")  # our own targets, and places: no text has them
DAY: Final = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_SPAN: Final = re.compile(r"(?<![\d/-])(\d+) (day|week|month|year)s?\b")
_BOUNDS: Final = ("at-least", "at-most", "above", "value")
_WHOLE: Final = re.compile(
    r"(?<!\w)(?:\d{1,2} [^\W\d_]+|[A-Z][a-z]+) \d{4}(?!\w)|(?<!\w)\d+ \(\d{4}\)|(?<!\w)\d{4}[–-]\d{4}"  # noqa: RUF001 (the dash between years)
)
_FIGURES: Final = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,/])\d+(?![\w,]*\d)")
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Quoted:
    """Some words that stand in the text letter for letter, and the field that quotes them."""

    field: str
    words: str

    @property
    def parts(self) -> tuple[str, ...]:
        """What it quotes one by one: `not-a-clock` may name several words with "and"."""
        return tuple(self.words.split(" and ")) if self.field.endswith("not-a-clock") else (self.words,)


@dataclass(frozen=True, slots=True)
class Printed:
    """A day, number or length of time that the text must print; `patterns` are its printed forms."""

    field: str
    shown: str
    patterns: tuple[str, ...]
    times: int = 1  # how often at least


def quotations(fields: Mapping[str, object]) -> Iterator[Quoted]:
    """Give every exact quotation of an entry, its readings included."""
    yield from _quotations(fields)
    for name, reading in mapping(fields.get("readings")).items():
        for quoted in _quotations(mapping(reading)):
            yield Quoted(f"readings.{name}.{quoted.field}", quoted.words)


def _quotations(fields: Mapping[str, object]) -> Iterator[Quoted]:
    if isinstance(phrase := fields.get("phrase"), str) and phrase != "none":
        yield Quoted("phrase", phrase)
    yield from _limits(fields.get("limits"))
    for taking_part in sequence(fields.get("with")):
        if how := mapping(taking_part).get("how"):
            yield Quoted("with", str(how))
    for item in mapping(fields.get("contains")).values():
        yield from _limits(mapping(item).get("limits"))
    for form in _SOFT:
        if word := mapping(mapping(fields.get("deadline")).get(form)).get("word"):
            yield Quoted("deadline", str(word))
    for aside in sequence(fields.get("not-a-clock")):
        yield Quoted("not-a-clock", str(aside).partition(":")[0])


def _limits(listed: object) -> Iterator[Quoted]:
    for limit in sequence(listed):
        for sort in LIMITS:
            if words := mapping(limit).get(sort):
                yield Quoted("limits", str(words))


def mapping(value: object) -> Mapping[str, object]:
    """Give a mapping as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """Give a list as it is, and anything else as an empty one."""
    return list(value) if isinstance(value, list | tuple) else []


# ------------------------------------------------------------------ days and numbers
def printed(fields: Mapping[str, object], tongue: Tongue) -> Iterator[Printed]:
    """Give the days, numbers and lengths of time that an entry takes from its text, its readings included."""
    readings = mapping(fields.get("readings"))
    parts = {"": fields, **{f"readings.{name}.": mapping(one) for name, one in readings.items()}}
    for under, part in parts.items():
        for field in _CLOCKED:
            for value in _leaves(part.get(field)):
                yield from clocks(under + field, value, tongue)
        yield from _bounds(f"{under}target", part.get("target"), tongue)
        told = {field: part.get(field) for field in _TOLD}
        told["limits"] = [mapping(limit).get("refers") for limit in sequence(part.get("limits"))]
        for field, words in told.items():
            for value in _leaves(words):
                yield from figures(under + field, value, tongue)


def clocks(field: str, value: str, tongue: Tongue) -> Iterator[Printed]:
    """Give the days and the lengths of time of a value of the language."""
    for year, month, day in DAY.findall(value):
        found = date(int(year), int(month), int(day))
        yield Printed(field, f"{found.day} {found:%B} {found.year}", tuple(tongue.day(found)))
    for count, unit in _SPAN.findall(value):
        yield Printed(field, f"{count} {unit}s", (tongue.span(int(count), f"{unit}s"),))


def figures(field: str, value: str, tongue: Tongue) -> Iterator[Printed]:
    """Give the figures of some words of the encoder; a date, or a number with its year, is compared as a whole."""
    for count, unit in _SPAN.findall(value):
        yield Printed(field, f"{count} {unit}s", (tongue.span(int(count), f"{unit}s"),))
    value = _SPAN.sub(" ", value)
    for shown in _WHOLE.findall(value):
        yield Printed(field, shown, (rf"(?<!\d){re.escape(''.join(shown.split()).casefold())}(?!\d)",))
    for shown, times in Counter(_FIGURES.findall(_WHOLE.sub(" ", value))).items():
        yield Printed(field, shown, (tongue.number(int(shown.replace(",", ""))),), times)


def _bounds(field: str, target: object, tongue: Tongue) -> Iterator[Printed]:
    for name, value in mapping(target).items():
        if isinstance(value, dict):
            yield from _bounds(field, value, tongue)
        elif name in _BOUNDS and str(value) != "unknown":
            yield _bound(field, str(value), tongue)


def _bound(field: str, value: str, tongue: Tongue) -> Printed:
    bound = Fraction(int(value[:-1]), _HUNDRED) if value.endswith("%") else Fraction(value)
    if bound.denominator == 1 and "/" not in value and "%" not in value:
        return Printed(field, value, (tongue.count(int(bound)),))
    hundredths = bound * _HUNDRED
    patterns = (tongue.share(int(hundredths)),) if hundredths.denominator == 1 else ()
    return Printed(field, value, patterns)


def _leaves(value: object) -> Iterator[str]:
    """Give every text and number of a value; soft targets of our own are left out."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in _NOT_ITS:
                yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, int | str) and not isinstance(value, bool):
        yield str(value)
