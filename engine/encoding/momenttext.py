"""Moments written as a text: a day, an instant, a name, an end of a period, or an offset from one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.civil import ISO_DAY, looks_like_day, parse_day
from duewatch.engine.encoding.clocks import INSTANT_PATTERN, looks_like_instant, parse_instant
from duewatch.engine.encoding.lengths import LENGTH_PATTERN, parse_lengths
from duewatch.engine.encoding.shapes import BROKEN, IDENTIFIER, NAME, Amiss, Schema, text_of
from duewatch.engine.words import At, DayOf, Deemed, Fixed, Moment, Ref, Shifted, Span

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook

ADOPTION: Final = "adoption"  # the event that `instrument.adopted` creates
ARMED: Final = "armed"
PREVIOUS: Final = "previous-delivery"
SHARED: Final = rf"{NAME}/[1-9][0-9]*"  # a session of a body, which many instruments share: BODY/NUMBER
ENDS: Final = ("start", "end", "recess")
_SHIFTED: Final = re.compile(r"(.+?)\s+(after|before)\s+(\S+)\Z")
_SHARED: Final = re.compile(rf"{SHARED}\Z", re.ASCII)
_SHARED_END: Final = re.compile(rf"{SHARED}\.(?:{'|'.join(ENDS)})\Z", re.ASCII)
_MOMENT_NAME: Final = re.compile(rf"{IDENTIFIER}\Z")  # whether it exists is asked later
_MOMENT: Final = rf"(?:{INSTANT_PATTERN}|{ISO_DAY}|(?:{SHARED}|{NAME})(?:\.(?:{'|'.join(ENDS)}))?)"
MOMENT_WANT: Final = (
    'a date such as "2021-09-30", an event, PERIOD.start or PERIOD.end, or "18 months after" one of them'
)


def parse_moment(text: str, near: date | None) -> Moment:
    """Read a moment in its text form; `near` guesses the year of a day that is written without one."""
    shifted = _SHIFTED.match(text)
    if shifted:
        spans = parse_lengths(shifted[1])
        sign = -1 if shifted[2] == "before" else 1
        return Shifted(_plain_moment(shifted[3], near), tuple(Span(sign * span.count, span.unit) for span in spans))
    return _plain_moment(text, near)


def _plain_moment(text: str, near: date | None) -> Moment:
    if looks_like_instant(text):
        return At(parse_instant(text))
    if text[:1].isdigit() and looks_like_day(text):
        return Fixed(parse_day(text, near))
    if _MOMENT_NAME.match(text) or _SHARED_END.match(text):
        return Ref(text)
    if is_shared(text):
        raise Amiss(f"`{text}` is a session, not a moment", f"write `{text}.start` or `{text}.end`")
    if looks_like_day(text):
        return Fixed(parse_day(text, near))
    raise Amiss(f"`{text}` is not a moment", f"write {MOMENT_WANT}")


def is_shared(text: str) -> bool:
    """Say whether a text names a session of a body, as many instruments share it: BODY/NUMBER."""
    return bool(_SHARED.match(text))


def base_name(moment: Moment) -> str:
    """Give the event or end of a period that a moment hangs on; empty for a printed day."""
    match moment:
        case Shifted() | Deemed():
            return base_name(moment.base)
        case DayOf():
            return base_name(moment.containing)
        case Ref():
            return moment.name
        case _:
            return ""


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
        return {"type": "string", "pattern": rf"^(?:{_MOMENT}|{LENGTH_PATTERN}\s+(?:after|before)\s+{_MOMENT}{words})$"}
