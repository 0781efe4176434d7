"""Spans as shapes of the language: what a field of an entry may hold where it wants a length of time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.civil import SPAN, SPANS, parse_spans
from duewatch.engine.encoding.lengths import parse_lengths
from duewatch.engine.encoding.shapes import Amiss, Pattern
from duewatch.engine.words import Span

if TYPE_CHECKING:
    from duewatch.engine.encoding.records import Values

_ORDINAL_FORM: Final = re.compile(r"([1-9][0-9]?)(?:st|nd|rd|th)\Z")
_STEPS: Final = frozenset({"days", "weeks", "months", "years", "working-days"})
_POSITIVE: Final = SPANS.replace("-?", "")


def positive(text: str) -> tuple[Span, ...]:
    """Read a length in calendar units. Amiss where a part of it is not above 0."""
    spans = parse_spans(text)
    if any(span.count <= 0 for span in spans):
        raise Amiss(f"`{text}` is not a length of time", "write a number above 0")
    return spans


def single(text: str) -> Span:
    """Read a length of one unit."""
    spans = positive(text)
    if len(spans) > 1:
        raise Amiss(f"`{text}` has more than one unit", 'write one, such as "3 months"')
    return spans[0]


def single_length(text: str) -> Span:
    """Read a length of one unit that steps from day to day: a calendar unit, or working days."""
    spans = parse_lengths(text)
    if len(spans) > 1:
        raise Amiss(f"`{text}` has more than one unit", 'write one, such as "3 months"')
    if spans[0].unit not in _STEPS:
        raise Amiss(f"`{text}` is no step from day to day", "write days, weeks, months, years or working days")
    return spans[0]


def _earlier(text: str) -> Span:
    spans = parse_spans(text)
    if len(spans) > 1 or spans[0].count >= 0:
        raise Amiss(f"`{text}` is not before the due date", 'write a negative span such as "-42 days"')
    return spans[0]


def _lead(text: str) -> int:
    spans = parse_spans(text)
    if len(spans) > 1 or spans[0].count < 0 or spans[0].unit not in {"days", "weeks"}:
        raise Amiss(f"`{text}` is not a number of days", 'write it in days, such as "14 days"')
    return spans[0].count * (7 if spans[0].unit == "weeks" else 1)


def _review(text: str) -> tuple[Span, ...] | str:
    return text if text == "never" else positive(text)


def _ordinal(text: str) -> int:
    found = _ORDINAL_FORM.match(text)
    if not found:
        raise Amiss(f"`{text}` is no ordinal", "write 2nd, 3rd ...")
    return int(found[1])


SPAN_TEXT: Final = Pattern('a span such as "3 months"', lambda text, _: positive(text), f"^{_POSITIVE}$")
EARLIER: Final = Pattern(
    'a negative span such as "-42 days"', lambda text, _: _earlier(text), f"^{SPAN.replace('?', '', 1)}$"
)
LEAD: Final = Pattern('days such as "14 days"', lambda text, _: _lead(text), r"^\d+\s+(?:day|week)s?$")
REVIEW: Final = Pattern(
    'a span such as "3 months", or never', lambda text, _: _review(text), f"^(?:never|{_POSITIVE})$"
)
SINGLE_SPAN: Final = Pattern('a span such as "3 months"', lambda text, _: single(text), f"^{SPAN.replace('-?', '')}$")
STEP: Final = Pattern(
    'a span such as "3 months"',
    lambda text, _: single_length(text),
    r"^\d+\s+(?:(?:working|business)[\s-]days?|(?:day|week|month|year)s?)$",
)
ORDINAL: Final = Pattern('"2nd" or the like', lambda text, _: _ordinal(text), r"^[1-9]\d?(?:st|nd|rd|th)$")


def spans_in(values: Values, name: str) -> tuple[Span, ...]:
    """Give the spans that a field holds."""
    return tuple(span for span in values.get(name, tuple) or () if isinstance(span, Span))
