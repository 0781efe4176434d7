"""The forms of a deadline -> the types of `words.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.encoding.composites import Either, Listing, OrNone
from duewatch.engine.encoding.moments import (
    AFTER_ARMED,
    AFTER_PREVIOUS,
    ARMED,
    CLOCK,
    MOMENT,
    ORDINAL,
    PERIOD,
    PREVIOUS,
    SINGLE_SPAN,
    SPAN_TEXT,
    MomentText,
    moment_in,
    spans_in,
)
from duewatch.engine.encoding.records import Field, Forms, Named, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, Refer, Text
from duewatch.engine.words import (
    Before,
    By,
    During,
    EarliestOf,
    Every,
    Fixed,
    LatestOf,
    Moment,
    OnDay,
    Ref,
    Shifted,
    Soft,
    Span,
    Within,
)

if TYPE_CHECKING:
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.problems import Place

DEADLINE_FORM: Final = Named("deadline-form", "a deadline such as {by: MOMENT}", lambda: _FORMS)
_ONE_DAY: Final = (By, Before, OnDay, Within, During, EarliestOf, LatestOf)


@dataclass(frozen=True, slots=True)
class Alike:
    """`with: ID`: the dates of that entry's series, each `take`-th of them. Resolved once all entries are known."""

    entry: str
    take: int
    place: Place


def _by(values: Values, _: Notebook) -> object:
    moment = moment_in(values, "by")
    return BROKEN if moment is None or values.broken("cut-off") else By(moment, values.get("cut-off", time))


def _moment_form(name: str, make: type[Before | OnDay]) -> Record:
    def build(values: Values, _: Notebook) -> object:
        moment = moment_in(values, name)
        return BROKEN if moment is None else make(moment)

    return Record(f"{{{name}: MOMENT}}", (Field(name, MOMENT, required=True),), build)


def _end_form(name: str) -> Record:
    return Record(
        f"{{{name}: PERIOD}}",
        (Field(name, PERIOD, "the last day of this period is the due day", required=True),),
        lambda values, _: By(Ref(f"{values.text(name)}.end")),
    )


def _within(values: Values, _: Notebook) -> object:
    after: Moment | Literal["armed"] | None = "armed" if values.text("after") == ARMED else moment_in(values, "after")
    return BROKEN if after is None else Within(spans_in(values, "within"), after)


def _series(values: Values, book: Notebook) -> object:
    span = values.get("every", Span)
    after: Moment | Literal["previous-delivery"] | None = moment_in(values, "after")
    if values.text("after") == PREVIOUS:
        after = "previous-delivery"
    if span is None or after is None or values.broken("while") or values.broken("until"):
        return BROKEN
    if values.has("while") and values.has("until"):
        book.wrong(values.keys["until"], "`until` does not go with `while`", "keep one of them")
        return BROKEN
    until = Ref(f"{values.text('while')}.end") if values.has("while") else moment_in(values, "until")
    return Every(span, after, until)


def _alike(values: Values, _: Notebook) -> object:
    return (
        BROKEN
        if values.broken("every")
        else Alike(values.text("with"), values.get("every", int) or 1, values.place_of("with"))
    )


def _parts_form(name: str, make: type[EarliestOf | LatestOf]) -> Record:
    part = Either(
        "a moment or a deadline",
        scalars=MomentText(),
        mappings=DEADLINE_FORM,
    )

    def build(values: Values, book: Notebook) -> object:
        parts = [
            By(part) if isinstance(part, Fixed | Ref | Shifted) else part for part in values.get(name, tuple) or ()
        ]
        dated = tuple(part for part in parts if isinstance(part, _ONE_DAY))
        if len(dated) < len(parts):
            book.wrong(
                values.place_of(name),
                f"`{name}` compares single days",
                "write moments, or by, before, day, within, during",
            )
        return make(dated) if dated else BROKEN

    return Record(f"{{{name}: [..., ...]}}", (Field(name, Listing(part), "its parts", required=True),), build)


def _soft_form(name: str) -> Record:
    def build(values: Values, _: Notebook) -> object:
        span = values.get("soft", Span)
        # What it counts from is settled with the kind of the norm.
        return BROKEN if span is None else Soft(values.text("word", name), span, "armed")

    inner = Record(
        "{word: ..., soft: SPAN}",
        (
            Field("word", Text(), "the word of the text"),
            Field("soft", SINGLE_SPAN, "a target for ourselves, never a legal date", required=True),
        ),
        build,
    )
    return Record(
        f"{{{name}: {{word, soft}}}}",
        (Field(name, inner, "no legal date", required=True),),
        lambda values, _: values.given[name],
    )


_WITH: Final = Record(
    "{with: ID, every: 2nd}",
    (
        Field("with", Refer("entry", "the id of a series"), "the dates of that entry's series", required=True),
        Field("every", ORDINAL, "each 2nd, 3rd ... of them"),
    ),
    _alike,
)
_EVERY: Final = Record(
    "{every: SPAN, after: MOMENT}",
    (
        Field("every", SINGLE_SPAN, "the n-th due day is n spans after the anchor", required=True),
        Field("after", AFTER_PREVIOUS, "the anchor of the series", required=True),
        Field("while", PERIOD, "the series ends with this period"),
        Field("until", MOMENT, "the series ends on this day"),
    ),
    _series,
)
_FORMS: Final[Forms] = Forms(
    "a deadline such as {by: MOMENT}",
    (
        Record(
            "{by: MOMENT}",
            (
                Field("by", MOMENT, "done at the latest on that day", required=True),
                Field("cut-off", CLOCK, "local clock time on the last day"),
            ),
            _by,
        ),
        _moment_form("before", Before),
        _end_form("before-end-of"),
        _end_form("by-end-of"),
        _moment_form("day", OnDay),
        Record(
            "{within: SPAN, after: MOMENT}",
            (
                Field("within", SPAN_TEXT, "the last day is included", required=True),
                Field("after", AFTER_ARMED, "that day is not counted; armed: from what arms the norm", required=True),
            ),
            _within,
        ),
        Record(
            "{during: PERIOD}",
            (Field("during", PERIOD, "the window is the period", required=True),),
            lambda values, _: During(values.text("during")),
        ),
        _WITH,
        _EVERY,
        _parts_form("earliest-of", EarliestOf),
        _parts_form("latest-of", LatestOf),
        _soft_form("promptly"),
        _soft_form("regularly"),
    ),
)
DEADLINE: Final = OrNone(
    Either(
        "a deadline such as {by: MOMENT}",
        mappings=DEADLINE_FORM,
    )
)
