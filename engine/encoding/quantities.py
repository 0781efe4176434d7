"""Targets: what is counted, compared with which bound. Exact fractions; an unknown bound stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, get_args

from duewatch.engine.encoding.civil import parse_number
from duewatch.engine.encoding.composites import Either, Listing, OrNone
from duewatch.engine.encoding.moments import MOMENT, moment_in
from duewatch.engine.encoding.momenttext import base_name
from duewatch.engine.encoding.records import Field, Forms, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, Amiss, Plainly, Schema, Text, scalar
from duewatch.engine.words import Fixed, Target

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.problems import Place

How = Literal["at-least", "at-most", "above"]
UNKNOWN: Final = "unknown"
TOGETHER: Final = "none"  # `per: none`: not measured for each by itself
_BOUNDS: Final[tuple[How, ...]] = get_args(How)


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number that is not negative; with `unknown` also the word `unknown`."""

    unknown: bool = False

    @property
    def want(self) -> str:
        """What it may be."""
        return 'a number, a fraction "30/100" or a percentage "30%"' + (", or unknown" if self.unknown else "")

    def read(self, node: Node, book: Notebook) -> object:
        """Give a Fraction, or the word."""
        found = scalar(node, self.want, book)
        if found is None:
            return BROKEN
        if self.unknown and found.value == UNKNOWN:
            return UNKNOWN
        try:
            return parse_number(" ".join(found.text.split()))
        except Amiss as amiss:
            book.wrong(node.place, amiss.wrong, f"write {self.want}")
            return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        text: Schema = {"type": "string", "pattern": r"^\s*\d+(?:\.\d+)?(?:/\d+|\s*(?:%|per cent|percent))?\s*$"}
        word: list[Schema] = [{"const": UNKNOWN}] if self.unknown else []
        return {"anyOf": [{"type": "integer", "minimum": 0}, text, *word]}


@dataclass(frozen=True, slots=True)
class _Baseline:
    """A value at some moment; None = not known."""

    value: Fraction | None
    words: str


def _baseline(values: Values, _: Notebook) -> object:
    moment = moment_in(values, "at") or moment_in(values, "value-on")
    at = moment.day.isoformat() if isinstance(moment, Fixed) else base_name(moment) if moment else ""
    value = values.get("value", Fraction)
    return _Baseline(value, f"value on {at}: {UNKNOWN if value is None else value}" if at else str(value or UNKNOWN))


_VALUE: Final = Field("value", Number(unknown=True), "the value then, or unknown")
_ABOVE: Final = Record(
    "{value-on: EVENT, value: N or unknown}",
    (Field("value-on", MOMENT, "the moment whose value must be exceeded", required=True), _VALUE),
    _baseline,
)
_BASELINE: Final = Record(
    "{at: MOMENT, value: N or unknown}",
    (Field("at", MOMENT, "when the baseline is read", required=True), _VALUE),
    _baseline,
)
_BOUND_FIELDS: Final = (
    Field("at-least", Number(), "a floor"),
    Field("at-most", Number(), "a ceiling"),
    Field("above", Either(Number().want, scalars=Number(), mappings=_ABOVE), "a value that must be exceeded"),
)
_MORE_FIELDS: Final = (
    Field("of", Plainly("a text or a number", (str, int)), "out of what, in words"),
    Field("per", Text(), "measured for each of these by itself; none: taken together"),
    Field("baseline", _BASELINE, "the value from which it counts"),
    Field("says", Text(), "the words for a target that is missed"),
)


def _make(form: Literal["count", "share", "sum"], values: Values, book: Notebook) -> object:
    given = [how for how in _BOUNDS if values.has(how)]
    if not given and any(values.broken(how) for how in _BOUNDS):
        return BROKEN
    if len(given) != 1:
        wrong = "the target has no bound" if not given else f"the target has {len(given)} bounds"
        book.wrong(values.place, wrong, "write exactly one of at-least, at-most, above")
        return BROKEN
    bound, baseline = values.given[given[0]], values.get("baseline", _Baseline)
    if isinstance(bound, _Baseline):
        baseline, bound = bound, bound.value
    if bound is BROKEN or values.broken("baseline") or _is_no_share(form, bound, values.place_of(given[0]), book):
        return BROKEN
    parts = values.texts("sum")
    return Target(
        measure="+".join(parts) if parts else values.text(form),
        form=form,
        how=given[0],
        bound=bound if isinstance(bound, Fraction) else None,
        of="" if values.broken("of") else str(values.given.get("of", "")),
        per="" if values.text("per") == TOGETHER else values.text("per"),
        baseline=baseline.words if baseline else "",
        baseline_unknown=baseline is not None and baseline.value is None,
        parts=parts,
    )


def _is_no_share(form: str, bound: object, place: Place, book: Notebook) -> bool:
    if form != "share" or not isinstance(bound, Fraction) or bound <= 1:
        return False
    book.wrong(place, "a share is at most 1", 'write it as "30/100" or "30%"')
    return True


TARGET: Final = OrNone(
    Forms(
        "a target such as {count: WHAT, at-most: N}",
        (
            Record(
                "{count: WHAT, at-most: N}",
                (Field("count", Text(), "what is counted", required=True), *_BOUND_FIELDS, *_MORE_FIELDS),
                lambda values, book: _make("count", values, book),
            ),
            Record(
                '{share: WHAT, at-least: "30%"}',
                (
                    Field("share", Text(), "what is measured as a part of a whole", required=True),
                    *_BOUND_FIELDS,
                    *_MORE_FIELDS,
                ),
                lambda values, book: _make("share", values, book),
            ),
            Record(
                "{sum: [WHAT, WHAT], at-most: N}",
                (
                    Field("sum", Listing(Text()), "the measures that are added", required=True),
                    *_BOUND_FIELDS,
                    *_MORE_FIELDS,
                ),
                lambda values, book: _make("sum", values, book),
            ),
        ),
    )
)
