"""The words of deadlines: their forms, and what a calculator may ask beside them. `words` gives them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from duewatch.engine.moments import AS_REGIME, Moment

if TYPE_CHECKING:
    from datetime import time

    from duewatch.engine.moments import CountsFrom, PauseEnds, Span, Terms


@dataclass(frozen=True, slots=True)
class By:
    """`by`: done at the latest on the moment's day. Also the last day of a period (`before-end-of`)."""

    moment: Moment
    cut_off: time | None = None  # local clock time on the last day; None = the whole day
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Before:
    """`before`: done at the latest on the day before the moment's day."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class OnDay:
    """`day`: done on that very day; its window opens with it."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class Until:
    """`holds-until`: a state that lasts to the end of the moment's day."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class Between:
    """`between` two moments: a window. "From D" leaves D out, "beginning on D" takes it in."""

    start: Moment
    end: Moment
    first_day: Literal["included", "excluded"] = "included"
    last_day: Literal["included", "excluded"] = "included"


@dataclass(frozen=True, slots=True)
class Within:
    """`within` spans `after` a moment: that day is not counted, the last one is included."""

    spans: tuple[Span, ...]
    after: Moment | Literal["armed"]  # "armed": from the event that arms the norm
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`at-least` spans `before` a moment: the last day on which that much time is left."""

    spans: tuple[Span, ...]
    before: Moment
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class NotBefore:
    """`not-before` spans `after` a moment: a lower bound, the first day on which it may be done. No due day."""

    spans: tuple[Span, ...]
    after: Moment | Literal["armed"]
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class During:
    """`during` a period: the window is the period, due its last day. BODY/NUMBER names a shared period."""

    period: str


@dataclass(frozen=True, slots=True)
class Every:
    """A series: the n-th due day is `after` + n x `span`, never the previous due day + span.

    `until` bounds it (the last due day may fall on it); None = endless, dated to a horizon.
    `after` = "previous-delivery" counts from what was delivered (a rolling reading).
    `take` = k keeps each k-th date only (`with: ID, every: 2nd`).
    """

    span: Span
    after: Moment | Literal["previous-delivery"]
    until: Moment | None = None
    take: int = 1
    times: int | None = None  # so many dates at most
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class EverySession:
    """A series counted in sessions of a body: those numbered first, first + step ...; due at each one's last day.

    An occurrence is named by the number of its session, never by its year.
    """

    step: int
    first: str  # BODY/NUMBER
    last: str | None = None  # the session after which it stops


@dataclass(frozen=True, slots=True)
class Schedule:
    """The boundaries of the periods between two days: each counted from one end, both ends included.

    `day` fixes the day of the month ("last" = its end); a stub at the start counts from the end.
    """

    span: Span
    start: Moment
    end: Moment
    day: int | Literal["last"] | None = None
    stub: Literal["at-start", "at-end"] = "at-end"
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurrence rule of RFC 5545, with SKIP of RFC 7529, from a first moment: `FREQ=MONTHLY;BYDAY=1FR`.

    With `plus` each date is so long after a day of the rule ("within 45 days after the end of each quarter").
    """

    rule: str  # in its one spelling: see `recurrences.spelled`
    start: Moment
    plus: tuple[Span, ...] = ()
    until: Moment | None = None  # no day of the rule comes after it; None: as the rule says
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Extended:
    """A deadline made longer by the clause itself, counted from its anchor, its unrolled or its rolled day."""

    base: Deadline
    spans: tuple[Span, ...]
    counts_from: CountsFrom
    terms: Terms = AS_REGIME  # its `roll` is applied after the extension


@dataclass(frozen=True, slots=True)
class Grace:
    """A second deadline behind the first, usually from its unrolled day."""

    base: Deadline
    spans: tuple[Span, ...]
    counts_from: Literal["unrolled", "rolled"] = "unrolled"
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of days that do not count; `until` None, or not known: it has not ended."""

    start: Moment
    until: Moment | None
    ends: PauseEnds = "both"


@dataclass(frozen=True, slots=True)
class Suspended:
    """A deadline whose period stands still during pauses."""

    base: Deadline
    pauses: tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class EarliestOf:
    """The earliest of several deadlines."""

    parts: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class LatestOf:
    """The latest of several deadlines; unresolved while one part is unknown."""

    parts: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Soft:
    """Words without a legal date ("promptly", "regularly"): a soft target for ourselves, never a legal date.

    `again`: one act does not end it ("regularly"). Once it is done the next one is due, its target `span` after the
    day of that delivery.
    """

    word: str
    span: Span
    after: Moment | Literal["armed"]
    again: bool = False


@dataclass(frozen=True, slots=True)
class NoDate:
    """`deadline: none`: the words set no date."""


Deadline = (
    By
    | Before
    | OnDay
    | Until
    | Between
    | Within
    | AtLeast
    | NotBefore
    | During
    | Every
    | EverySession
    | Schedule
    | Recurring
    | Extended
    | Grace
    | Suspended
    | EarliestOf
    | LatestOf
    | Soft
    | NoDate
)


# ------------------------------------------------------------------ what a calculator may ask beside deadlines
@dataclass(frozen=True, slots=True)
class WorkingDays:
    """How many working days lie between two moments; negative where the second comes first."""

    start: Moment
    end: Moment
    first_day: Literal["included", "excluded"] = "included"
    last_day: Literal["included", "excluded"] = "excluded"
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class IsWorkingDay:
    """Whether a day is a working day."""

    moment: Moment
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Holidays:
    """The days of a year on which a calendar is closed, its weekly days of rest left out."""

    year: int
    terms: Terms = AS_REGIME


Inquiry = WorkingDays | IsWorkingDay | Holidays
Expression = Deadline | Moment | Inquiry
