"""The forms of a deadline -> the types of `words`. The same thing may be written as a text (`expressions.py`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.encoding.composites import Either, Listing, OrNone
from duewatch.engine.encoding.expressions import DeadlineText
from duewatch.engine.encoding.lengths import LENGTH
from duewatch.engine.encoding.longer import LONGER, lengthened
from duewatch.engine.encoding.moments import AFTER_ARMED, MOMENT, MOMENT_TAGS, PERIOD, moment_in
from duewatch.engine.encoding.momenttext import ARMED, MomentText
from duewatch.engine.encoding.nodes import MappingNode
from duewatch.engine.encoding.records import Field, Forms, Named, Record, Values
from duewatch.engine.encoding.seriesforms import EVERY, RECURS, SCHEDULE, WITH
from duewatch.engine.encoding.shapes import BROKEN, Text, Word
from duewatch.engine.encoding.spans import SINGLE_SPAN, spans_in
from duewatch.engine.encoding.terms import TERMS, terms_of
from duewatch.engine.words import (
    AtLeast,
    Before,
    Between,
    By,
    During,
    EarliestOf,
    Extended,
    Grace,
    LatestOf,
    Moment,
    NotBefore,
    OnDay,
    Ref,
    Soft,
    Span,
    Suspended,
    Until,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema

DEADLINE_WANT: Final = "a deadline such as {by: MOMENT}"
DEADLINE_FORM: Final = Named("deadline-form", DEADLINE_WANT, lambda: _FORMS)
ONE_DAY: Final = (
    *(By, Before, OnDay, Until, Between, Within, AtLeast, During),
    *(Extended, Grace, Suspended, EarliestOf, LatestOf),
)


# ------------------------------------------------------------------ single days
def _single(want: str, fields: tuple[Field, ...], build: Callable[[Values, Notebook], object]) -> Record:
    """A form with one due day: a clause may make it longer."""
    return Record(want, (*fields, *LONGER), lengthened(build))


def _by(values: Values, _: Notebook) -> object:
    moment = moment_in(values, "by")
    if moment is None or values.broken("cut-off"):
        return BROKEN
    terms = terms_of(values)
    return By(moment, terms.cut_off, replace(terms, cut_off=None))


def _moment_form(name: str, make: type[Before | OnDay | Until], says: str) -> Record:
    def build(values: Values, _: Notebook) -> object:
        moment = moment_in(values, name)
        return BROKEN if moment is None else make(moment)

    return _single(f"{{{name}: MOMENT}}", (Field(name, MOMENT, says, required=True),), build)


def _end_form(name: str) -> Record:
    return _single(
        f"{{{name}: PERIOD}}",
        (Field(name, PERIOD, "the last day of this period is the due day", required=True),),
        lambda values, _: By(Ref(f"{values.text(name)}.end")),
    )


_ENDS: Final = ("included", "excluded")


def _between(values: Values, _: Notebook) -> object:
    ends = [one for one in values.get("between", tuple) or () if isinstance(one, Moment)]
    if len(ends) < 2:  # noqa: PLR2004 - a start and an end
        return BROKEN
    return Between(ends[0], ends[1], _end(values, "first-day"), _end(values, "last-day"))


def _end(values: Values, name: str) -> Literal["included", "excluded"]:
    return "excluded" if values.text(name) == "excluded" else "included"


# ------------------------------------------------------------------ counted from a moment
def _anchor(values: Values, name: str) -> Moment | Literal["armed"] | None:
    return "armed" if values.text(name) == ARMED else moment_in(values, name)


def _within(values: Values, _: Notebook) -> object:
    after = _anchor(values, "after")
    return BROKEN if after is None else Within(spans_in(values, "within"), after, terms_of(values))


def _not_before(values: Values, _: Notebook) -> object:
    after = _anchor(values, "after")
    return BROKEN if after is None else NotBefore(spans_in(values, "not-before"), after, terms_of(values))


def _at_least(values: Values, _: Notebook) -> object:
    before = moment_in(values, "before")
    return BROKEN if before is None else AtLeast(spans_in(values, "at-least"), before, terms_of(values))


# ------------------------------------------------------------------ the earliest or latest of several
class _Part:
    """A moment, or a deadline; both as a text or as a mapping."""

    want = "a moment or a deadline"

    def read(self, node: Node, book: Notebook) -> object:
        """Read it as the one or the other: a mapping is a moment if one of its keys says so."""
        if isinstance(node, MappingNode):
            return (MOMENT if is_moment(node) else DEADLINE_FORM).read(node, book)
        return self._text.read(node, book)

    def schema(self) -> Schema:
        """Describe it."""
        return {"anyOf": [MOMENT.schema(), DEADLINE_FORM.schema()]}

    _text = Either(want, scalars=MomentText())


def is_moment(node: MappingNode) -> bool:
    """Say whether a mapping that may be a moment or a deadline is a moment: one of its keys says so."""
    return bool(MOMENT_TAGS & set(node.keys)) or {"day", "of"} <= set(node.keys)


def _parts_form(name: str, make: type[EarliestOf | LatestOf]) -> Record:
    def build(values: Values, book: Notebook) -> object:
        parts = [By(part) if isinstance(part, Moment) else part for part in values.get(name, tuple) or ()]
        dated = tuple(part for part in parts if isinstance(part, ONE_DAY))
        if len(dated) < len(parts):
            book.wrong(
                values.place_of(name),
                f"`{name}` compares single days",
                "write moments, or by, before, day, within, during",
            )
        return make(dated) if dated else BROKEN

    return _single(f"{{{name}: [..., ...]}}", (Field(name, Listing(_Part()), "its parts", required=True),), build)


def _soft_form(name: str, *, again: bool) -> Record:
    def build(values: Values, _: Notebook) -> object:
        span = values.get("soft", Span)
        # What it counts from is settled with the kind of the norm.
        return BROKEN if span is None else Soft(values.text("word", name), span, "armed", again)

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


_FORMS: Final[Forms] = Forms(
    DEADLINE_WANT,
    (
        _single("{by: MOMENT}", (Field("by", MOMENT, "done at the latest on that day", required=True), *TERMS), _by),
        _single(
            "{at-least: SPAN, before: MOMENT}",
            (
                Field("at-least", LENGTH, "so much time is left", required=True),
                Field("before", MOMENT, "counted back from this day", required=True),
                *TERMS,
            ),
            _at_least,
        ),
        _moment_form("before", Before, "done at the latest on the day before"),
        _end_form("before-end-of"),
        _end_form("by-end-of"),
        SCHEDULE,
        _moment_form("day", OnDay, "done on that very day"),
        _moment_form("holds-until", Until, "a state that lasts to the end of that day"),
        _single(
            "{between: [MOMENT, MOMENT]}",
            (
                Field("between", Listing(MOMENT, exactly=2), "the first and the last day", required=True),
                Field("first-day", Word(_ENDS), "whether the first day belongs to it"),
                Field("last-day", Word(_ENDS), "whether the last day belongs to it"),
            ),
            _between,
        ),
        _single(
            "{within: SPAN, after: MOMENT}",
            (
                Field("within", LENGTH, "the last day is included", required=True),
                Field("after", AFTER_ARMED, "that day is not counted; armed: from what arms the norm", required=True),
                *TERMS,
            ),
            _within,
        ),
        _single(
            "{not-before: SPAN, after: MOMENT}",
            (
                Field("not-before", LENGTH, "the first day on which it may be done", required=True),
                Field("after", AFTER_ARMED, "counted from this day", required=True),
                *TERMS,
            ),
            _not_before,
        ),
        _single(
            "{during: PERIOD}",
            (Field("during", PERIOD, "the window is the period", required=True),),
            lambda values, _: During(values.text("during")),
        ),
        WITH,
        EVERY,
        RECURS,
        _parts_form("earliest-of", EarliestOf),
        _parts_form("latest-of", LatestOf),
        _soft_form("promptly", again=False),
        _soft_form("regularly", again=True),
    ),
)
FORMS: Final = _FORMS.forms
DEADLINE: Final = OrNone(Either(DEADLINE_WANT, scalars=DeadlineText(DEADLINE_FORM), mappings=DEADLINE_FORM))
