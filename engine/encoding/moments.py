"""Moments, spans and deadlines as YAML has them -> the types of `words.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.civil import ISO_DAY, SPAN, SPANS, looks_like_day, parse_clock, parse_day, parse_spans
from duewatch.engine.encoding.composites import Either
from duewatch.engine.encoding.records import Field, Named, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, IDENTIFIER, NAME, Amiss, Pattern, Refer, Schema, Text, text_of
from duewatch.engine.words import (
    Fixed,
    Moment,
    Ref,
    Shifted,
    Span,
)

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook

ADOPTION: Final = "adoption"  # the event that `instrument.adopted` creates
ARMED: Final = "armed"
PREVIOUS: Final = "previous-delivery"
_ORDINAL_FORM: Final = re.compile(r"([1-9][0-9]?)(?:st|nd|rd|th)\Z")
_SHIFTED: Final = re.compile(r"(.+?)\s+(after|before)\s+(\S+)\Z")
_MOMENT_NAME: Final = re.compile(rf"{IDENTIFIER}\Z")  # whether it exists is asked later
_MOMENT: Final = rf"(?:{ISO_DAY}|{NAME}(?:\.(?:start|end))?)"
MOMENT_WANT: Final = (
    'a date such as "2021-09-30", an event, PERIOD.start or PERIOD.end, or "18 months after" one of them'
)


# ------------------------------------------------------------------ days and spans
def _day(text: str, book: Notebook) -> date:
    return parse_day(text, book.adopted)


DAY: Final = Pattern('a date such as "2021-09-30"', _day, f"^{ISO_DAY}$")
CLOCK: Final = Pattern('a clock time such as "17:30"', lambda text, _: parse_clock(text), r"^([01]\d|2[0-3]):[0-5]\d$")


def _positive(text: str) -> tuple[Span, ...]:
    spans = parse_spans(text)
    if any(span.count <= 0 for span in spans):
        raise Amiss(f"`{text}` is not a length of time", "write a number above 0")
    return spans


def _single(text: str) -> Span:
    spans = _positive(text)
    if len(spans) > 1:
        raise Amiss(f"`{text}` has more than one unit", 'write one, such as "3 months"')
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
    return text if text == "never" else _positive(text)


def _ordinal(text: str) -> int:
    found = _ORDINAL_FORM.match(text)
    if not found:
        raise Amiss(f"`{text}` is no ordinal", "write 2nd, 3rd ...")
    return int(found[1])


_POSITIVE: Final = SPANS.replace("-?", "")
SPAN_TEXT: Final = Pattern('a span such as "3 months"', lambda text, _: _positive(text), f"^{_POSITIVE}$")
EARLIER: Final = Pattern(
    'a negative span such as "-42 days"', lambda text, _: _earlier(text), f"^{SPAN.replace('?', '', 1)}$"
)
LEAD: Final = Pattern('days such as "14 days"', lambda text, _: _lead(text), r"^\d+\s+(?:day|week)s?$")
REVIEW: Final = Pattern(
    'a span such as "3 months", or never', lambda text, _: _review(text), f"^(?:never|{_POSITIVE})$"
)
SINGLE_SPAN: Final = Pattern('a span such as "3 months"', lambda text, _: _single(text), f"^{SPAN.replace('-?', '')}$")
ORDINAL: Final = Pattern('"2nd" or the like', lambda text, _: _ordinal(text), r"^[1-9]\d?(?:st|nd|rd|th)$")


# ------------------------------------------------------------------ moments
def parse_moment(text: str, near: date | None) -> Moment:
    """Read a moment in its text form."""
    shifted = _SHIFTED.match(text)
    if shifted:
        spans = _positive(shifted[1])
        sign = -1 if shifted[2] == "before" else 1
        return Shifted(_plain_moment(shifted[3], near), tuple(Span(sign * span.count, span.unit) for span in spans))
    return _plain_moment(text, near)


def _plain_moment(text: str, near: date | None) -> Moment:
    if text[:1].isdigit() and looks_like_day(text):
        return Fixed(parse_day(text, near))
    if _MOMENT_NAME.match(text):
        return Ref(text)
    if looks_like_day(text):
        return Fixed(parse_day(text, near))
    raise Amiss(f"`{text}` is not a moment", f"write {MOMENT_WANT}")


def base_name(moment: Moment) -> str:
    """Give the event or end of a period that a moment hangs on; empty for a printed day."""
    if isinstance(moment, Shifted):
        return base_name(moment.base)
    return moment.name if isinstance(moment, Ref) else ""


@dataclass(frozen=True, slots=True)
class MomentText:
    """A moment written as a text; `also` are words that stand for themselves, such as `armed`."""

    also: tuple[str, ...] = ()

    @property
    def want(self) -> str:
        """What it may be."""
        return ", or ".join((MOMENT_WANT, *self.also))

    def read(self, node: Node, book: Notebook) -> object:
        """Give the moment, or the word; note the event or period that must exist."""
        text = text_of(node, self.want, book)
        if text is None or text in self.also:
            return BROKEN if text is None else text
        try:
            moment = parse_moment(text, book.adopted)
        except Amiss as amiss:
            book.wrong(node.place, amiss.wrong, amiss.right)
            return BROKEN
        if base_name(moment):
            book.refer("moment", base_name(moment), node.place)
        return moment

    def schema(self) -> Schema:
        """Describe it."""
        words = "".join(f"|{word}" for word in self.also)
        return {"type": "string", "pattern": rf"^(?:{_MOMENT}|{_POSITIVE}\s+(?:after|before)\s+{_MOMENT}{words})$"}


_EVENT: Final = Refer("moment", "an event")
_EVENT_FORM: Final = Record(
    "{event: NAME}",
    (
        Field("event", _EVENT, "an event", required=True),
        Field("per", Text(), "each of whom it concerns by itself, in words"),
    ),
    lambda values, _: Ref(values.text("event")),
)
_EITHER: Final = Either(MOMENT_WANT, scalars=MomentText(), mappings=_EVENT_FORM)
MOMENT: Final = Named("moment", MOMENT_WANT, lambda: _EITHER)
AFTER_ARMED: Final = Either(MOMENT_WANT, scalars=MomentText((ARMED,)), mappings=_EVENT_FORM)
AFTER_PREVIOUS: Final = Either(MOMENT_WANT, scalars=MomentText((PREVIOUS,)), mappings=_EVENT_FORM)
PERIOD: Final = Refer("period", "a period")


def moment_in(values: Values, name: str) -> Moment | None:
    """Give the moment that a field holds."""
    value = values.given.get(name)
    return value if isinstance(value, Fixed | Ref | Shifted) else None


def spans_in(values: Values, name: str) -> tuple[Span, ...]:
    """Give the spans that a field holds."""
    return tuple(span for span in values.get(name, tuple) or () if isinstance(span, Span))
