"""What makes a deadline longer: a suspension, an extension, a grace period. Each wraps the form that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.lengths import LENGTH
from duewatch.engine.encoding.moments import MOMENT, moment_in
from duewatch.engine.encoding.records import Field, Record, Values
from duewatch.engine.encoding.shapes import BROKEN, Word
from duewatch.engine.encoding.spans import spans_in
from duewatch.engine.encoding.terms import TERMS, defined_once, one_of, terms_of
from duewatch.engine.words import CountsFrom, Extended, Grace, Pause, PauseEnds, Suspended

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.words import Deadline

_PAUSE_ENDS: Final[tuple[PauseEnds, ...]] = get_args(PauseEnds)
_COUNTS_FROM: Final[tuple[CountsFrom, ...]] = get_args(CountsFrom)
_UNROLLED: Final[tuple[Literal["unrolled", "rolled"], ...]] = ("unrolled", "rolled")


def _pause(values: Values, _: Notebook) -> object:
    start, until = moment_in(values, "from"), moment_in(values, "to")
    ends = one_of(values, "ends", _PAUSE_ENDS) or "both"
    return BROKEN if start is None or values.broken("to") else Pause(start, until, ends)


def _as_read(values: Values, _: Notebook) -> Values:
    return values


GRACE: Final = Field(
    "grace",
    Record(
        "{for: SPAN, from: unrolled}",
        (
            Field("for", LENGTH, "how long", required=True),
            Field("from", Word(_UNROLLED), "counted from the due day before or after its roll; unrolled unless said"),
            *TERMS,
        ),
        _as_read,
    ),
    "a second deadline behind the first",
)
EXTEND: Final = Field(
    "extend",
    Listing(
        Record(
            "{by: SPAN, from: anchor}",
            (
                Field("by", LENGTH, "how much longer", required=True),
                Field(
                    "from",
                    Word(get_args(CountsFrom)),
                    "counted from the anchor, or from the due day before or after its roll",
                    required=True,
                ),
                *TERMS,
            ),
            _as_read,
        ),
        single=True,
    ),
    "made longer by the clause itself",
)
SUSPEND: Final = Field(
    "suspend",
    Listing(
        Record(
            "{from: MOMENT, to: MOMENT}",
            (
                Field("from", MOMENT, "its first day", required=True),
                Field("to", MOMENT, "its last day; without it the period stands still"),
                Field("ends", Word(get_args(PauseEnds)), "which of the two days does not count; both unless said"),
            ),
            _pause,
        ),
        single=True,
    ),
    "days that do not count",
)
LONGER: Final = defined_once((GRACE, EXTEND, SUSPEND), "form")


def lengthened(build: Callable[[Values, Notebook], object]) -> Callable[[Values, Notebook], object]:
    """Let what `build` makes of a form be wrapped: Grace(Extended(Suspended(form)))."""

    def whole(values: Values, book: Notebook) -> object:
        made = build(values, book)
        if made is BROKEN or any(values.broken(one.name) for one in LONGER):
            return BROKEN
        return _wrapped(made, values)  # type: ignore[arg-type] # a form makes a deadline

    return whole


def _wrapped(made: Deadline, values: Values) -> Deadline:
    pauses = tuple(one for one in values.get("suspend", tuple) or () if isinstance(one, Pause))
    made = Suspended(made, pauses) if pauses else made
    for one in values.get("extend", tuple) or ():
        made = Extended(made, spans_in(one, "by"), _counts_from(one), terms_of(one))
    grace = values.get("grace", Values)
    if grace is None:
        return made
    side = one_of(grace, "from", _UNROLLED) or "unrolled"
    return Grace(made, spans_in(grace, "for"), side, terms_of(grace))


def _counts_from(values: Values) -> CountsFrom:
    return one_of(values, "from", _COUNTS_FROM) or "anchor"
